//! Words that the names of guards are made of.

/// Names that let everybody in: their words in order.
pub(super) const OPEN: &str = "\
    allow anonymous, allow any, anonymous allowed, public, is public,
    public route, public endpoint, public api, make public, permit all,
    unprotected, unsecured, allow unauthenticated, login not required, auth exempt,
    skip auth, skip jwt, skip authentication, skip authorization, skip auth guard,
    no auth, bypass auth, without auth, disable auth, allow unauthorized,
    allow unauthorized request";

/// Words of things that speak of callers and check none.
pub(super) const OTHER: &str = "\
    generate sign create issue refresh logout signout signup register reset hash callback
    provider router routes routers controller controllers service services repository config
    options settings url uri type schema schemas form error errors failed failure limiter
    limit rate throttle throttler audit log logger logging cors header headers response dto
    module store mock test tag tags docs exception exceptions metrics telemetry request
    payload validator invite description summary operation expired expiry invalid delete
    remove update list save send count set add build revoke encode invalidate template
    factory entry point by csrf xsrf antiforgery forgery api_bearer swagger event events
    message challenge";

/// Verbs of a check.
pub(super) const VERBS: &str = "\
    require requires required verify verified check validate ensure assert enforce must only
    guard protect is has needs restrict authenticate authorize can with allow allowed any";

/// Things that a role or a permission is called.
pub(super) const ROLES: &str = "\
    role roles rbac abac acl permission permissions perm perms permitted admin admins
    superuser superadmin staff ability abilities privilege privileges scope scopes policy
    policies authority authorities entitlement entitlements capability capabilities";

/// People by what they do here.
pub(super) const PEOPLE: &str = "\
    doctor doctors physician nurse nurses clinician pharmacist receptionist manager employee
    practitioner patient therapist caregiver surgeon";

/// Things that somebody's right to a record is about.
pub(super) const OBJECTS: &str = "\
    patient patients record records chart object resource encounter appointment document
    consultation clinic organization organisation facility tenant location practice subject
    entity room case";

/// Words that mean a check of who calls, wherever a guard may stand.
pub(super) const CALLER: &str = "\
    auth authn authz authenticate authenticated authentication authenticator authorize
    authorized authorise authorised authorization authorisation jwt bearer oauth oauth2 oidc
    sso saml protect protected passport keycloak clerk principal apikey login loggedin
    secured msal cognito basicauth jwks identity";

/// Names that check callers wherever they are called.
pub(super) const CALLS: &str = "\
    auth getServerSession getServerAuthSession authenticate authorize authenticated
    jwt.verify jwtVerify jwt.decode passport.authenticate verifyIdToken verify_id_token
    compare_digest timingSafeEqual clerkMiddleware verify_jwt_in_request withAuth
    auth.protect auth.getUser auth.get_user auth.getSession auth.api.getSession
    auth.getClaims currentUser jwt.Parse jwt.ParseWithClaims ConstantTimeCompare BasicAuth
    authenticate_user! authenticate_or_request_with_http_token authenticate_with_http_token
    getAuth";

/// Last parts of names that say little without the part before.
pub(super) const GENERIC: &str = "\
    required require middleware guard check verify handle validate ensure optional protect isRequired Middleware Handler
    Verify Check default hook any Required can user";

/// Is `word` among the words of a list?
pub(super) fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|own| own == word)
}

/// Is a name made of just the words of one item of a list between commas?
pub(super) fn is_item(list: &str, words: &[String]) -> bool {
    list.split(',').any(|item| {
        item.split_ascii_whitespace()
            .eq(words.iter().map(String::as_str))
    })
}
