//! What names of guards from many frameworks mean.

use super::{Meaning, Seat, fetches_caller, meaning, words};
use crate::model::Level;

fn guard(name: &str) -> Meaning {
    meaning(name, Seat::Guard)
}

#[test]
fn names_fall_into_words() {
    assert_eq!(words("JWTAuthGuard"), ["jwt", "auth", "guard"]);
    assert_eq!(words("is_logged_in"), ["is", "loggedin"]);
    assert_eq!(words("requireApiKey"), ["require", "apikey"]);
}

#[test]
fn who_is_let_in_without_credentials_is_not_asked() {
    for name in ["get_current_user_or_demo", "get_user_or_guest_auth"] {
        assert_eq!(guard(name), Meaning::Check(Level::Optional), "{name}");
    }
    assert_eq!(guard("get_auth_server"), Meaning::Neutral);
}

#[test]
fn guards_mean_what_they_say() {
    let asks = Meaning::Check(Level::Authenticated);
    for name in [
        "authenticate",
        "requireAuth",
        "JwtAuthGuard",
        "login_required",
        "verifyToken",
        "passport.authenticate",
        "get_current_user",
        "IsAuthenticated",
        "auth.required",
        "withAuth",
        "authorize_fhir_request!",
        "authenticateRequest",
        "ensureLoggedIn",
        "protect",
        "authMiddleware.verify",
        "Authorize",
        "RequireAuthorization",
        "authenticate_user!",
        "get_current_active_user",
        "checkJwt",
    ] {
        assert_eq!(guard(name), asks, "{name}");
    }
    for name in [
        "requireRole",
        "RolesGuard",
        "isAdmin",
        "requireDoctor",
        "require_permission",
        "IsAdminUser",
        "Roles",
    ] {
        assert_eq!(guard(name), Meaning::Check(Level::Role), "{name}");
    }
    for name in [
        "assert_patient_access",
        "IsOwner",
        "check_object_permissions",
        "canViewPatient",
    ] {
        assert_eq!(guard(name), Meaning::Check(Level::Object), "{name}");
    }
    for name in [
        "optionalAuth",
        "get_current_user_optional",
        "IsAuthenticatedOrReadOnly",
    ] {
        assert_eq!(guard(name), Meaning::Check(Level::Optional), "{name}");
    }
    for name in [
        "Public",
        "AllowAnonymous",
        "SkipAuth",
        "AllowAny",
        "permitAll",
    ] {
        assert_eq!(guard(name), Meaning::Open, "{name}");
    }
    for name in [
        "cors",
        "helmet",
        "express.json",
        "authRouter",
        "authLimiter",
        "authController.login",
        "get_db",
        "get_session",
        "ThrottlerGuard",
        "patientsRouter",
        "validateBody",
        "validateSignIn",
        "authorizeUrl",
        "userRoutes",
    ] {
        assert_eq!(guard(name), Meaning::Neutral, "{name}");
    }
    assert_eq!(guard("gatekeeper"), Meaning::Vague);
}

#[test]
fn bodies_name_much_after_users() {
    let body = |name: &str| meaning(name, Seat::Body);
    for name in [
        "requireUser",
        "verify_token",
        "jwt.verify",
        "supabase.auth.getUser",
        "getServerSession",
        "verify_sign",
    ] {
        assert_eq!(body(name), Meaning::Check(Level::Authenticated), "{name}");
    }
    for name in [
        "getUser",
        "user.save",
        "createSession",
        "tokenService.generate",
        "checkExistingUser",
        "login",
    ] {
        assert_eq!(body(name), Meaning::Neutral, "{name}");
    }
    assert!(fetches_caller("getCurrentUser") && fetches_caller("getSession"));
    assert!(!fetches_caller("getUserById") && !fetches_caller("get_session"));
}
