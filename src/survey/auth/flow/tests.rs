//! Middleware of several frameworks, followed for paths inside and outside of what they guard.

use super::super::gates::Gates;
use super::super::read::Reader;
use super::{Doors, Passage, Request, follow};
use crate::model::{File, FileHits, Language, RepoPath, Role, Tracked};
use crate::source::Listing;
use crate::survey::repo::Repo;

fn passage(name: &str, code: &str, path: &str) -> Passage {
    let path_of_file = RepoPath::new(name).unwrap();
    let language = Language::of(&path_of_file);
    let file = File {
        path: path_of_file.clone(),
        size: 1,
        role: Role::Production,
        tracked: Tracked::Tracked,
        language,
        executable: false,
    };
    let hits = [FileHits::empty(file.clone())];
    let listing = Listing {
        files: vec![file],
        ..Listing::default()
    };
    let repo = Repo::new(&listing, &hits);
    let doors = Doors::default();
    let door = doors.door(&repo, name, code).unwrap();
    let gates = Gates::default();
    let reader = Reader {
        gates: &gates,
        path: &path_of_file,
        language,
        line: 1,
    };
    let request = Request::new(path, true, Some("GET"), Some("show"), Some(""));
    follow(&door, &reader, &request)
}

const PYTHON: &str = r#"async def dispatch(self, request, call_next):
    """Lets people in."""
    path = request.url.path
    if not path.startswith("/fhir/"):
        return await call_next(request)
    if path in ("/fhir/metadata", "/fhir/health"):
        return await call_next(request)
    token = request.headers.get("authorization")
    if not token:
        return JSONResponse({"error": "unauthorized"}, status_code=401)
    try:
        request.state.claims = read(token)
    except ValueError:
        return JSONResponse({}, status_code=401)
    return await call_next(request)
"#;

#[test]
fn a_prefix_and_its_exceptions() {
    let at = |path| passage("door.py", PYTHON, path);
    assert_eq!(at("/fhir/Patient/{id}"), Passage::Refused);
    assert_eq!(at("/api/beds"), Passage::Admitted(false));
    assert_eq!(at("/fhir/metadata"), Passage::Admitted(true));
    assert_eq!(at("/{anything}"), Passage::Unknown);
}

#[test]
fn a_list_of_open_paths() {
    let code = r#"def require_login():
    open_paths = ["/login", "/static"]
    if request.endpoint in ["login", "static"] or any(request.path.startswith(p) for p in ["/public/", "/health"]):
        return
    if "user" not in session:
        return redirect(url_for("login"))
"#;
    let at = |path| passage("app.py", code, path);
    assert_eq!(at("/patients"), Passage::Refused);
    assert_eq!(at("/public/info"), Passage::Admitted(true));
    assert_eq!(at("/health"), Passage::Admitted(true));
}

#[test]
fn a_guard_that_is_inside_the_test() {
    let code = r#"async def guard(request, call_next):
    if request.url.path.startswith("/admin"):
        if not request.session.get("user"):
            raise HTTPException(status_code=401)
    return await call_next(request)
"#;
    let at = |path| passage("app.py", code, path);
    assert_eq!(at("/admin/users"), Passage::Refused);
    assert_eq!(at("/patients"), Passage::Admitted(false));
}

#[test]
fn a_switch_is_no_decision() {
    let code = r#"async def dispatch(self, request, call_next):
    if not self.enabled:
        return await call_next(request)
    if request.headers.get("x-api-key") != self.key:
        return Response(status_code=401)
    return await call_next(request)
"#;
    assert_eq!(passage("door.py", code, "/beds"), Passage::Switched);
}

#[test]
fn scripts_are_followed() {
    let code = r#"(req, res, next) => {
  // don't ask at the door
  const { method } = req
  if (req.method === 'OPTIONS') return next()
  if (['/login', '/health'].includes(req.path) || req.path.startsWith('/public/')) {
    return next();
  }
  const token = req.headers.authorization
  if (!token) {
    return res.status(401).json({ error: 'no token' })
  }
  try {
    req.user = jwt.verify(token, KEY)
    next()
  } catch (err) {
    res.status(401).end()
  }
}"#;
    let at = |path| passage("door.ts", code, path);
    assert_eq!(at("/patients/:id"), Passage::Refused);
    assert_eq!(at("/login"), Passage::Admitted(true));
    assert_eq!(at("/public/x"), Passage::Admitted(true));
    assert_eq!(at("/:tenant/x"), Passage::Unknown);
}

#[test]
fn a_secret_from_the_environment_is_compared_and_switches_nothing() {
    for test in [
        "!isServiceToken(request.headers.authorization, process.env.SERVICE_TOKEN ?? '')",
        "request.headers['x-api-key'] !== process.env.API_KEY",
    ] {
        let code = format!(
            "(request, response, next) => {{\n  if ({test}) {{\n    response.status(401).end();\n    return;\n  }}\n  next();\n}}"
        );
        assert_eq!(
            passage("door.ts", &code, "/beds"),
            Passage::Refused,
            "{test}"
        );
    }
}

#[test]
fn what_only_adds_a_header_asks_nobody() {
    let code = r#"async def dispatch(self, request, call_next):
    response = await call_next(request)
    response.headers["X-Frame-Options"] = "DENY"
    return response
"#;
    assert_eq!(passage("door.py", code, "/beds"), Passage::Admitted(false));
}
