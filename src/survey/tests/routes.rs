//! Whole paths of routes across mounts, files and enclosing blocks.

use super::World;
use crate::survey::pattern;

fn fastapi() -> World {
    World::default()
        .manifest("requirements.txt", "python")
        .file(
            "app/main.py",
            &[
                "fastapi: FastAPI",
                "app.api: api_router",
                "app.routers: health",
            ],
        )
        .fact(
            "http-server",
            "app/main.py",
            &[("framework", "fastapi"), ("variable", "app")],
        )
        .file("app/routers/__init__.py", &[])
        .file("app/routers/health.py", &["fastapi: APIRouter"])
        .fact(
            "router",
            "app/routers/health.py",
            &[("name", "router"), ("prefix", "/health")],
        )
        .fact(
            "route",
            "app/routers/health.py",
            &[("receiver", "router"), ("method", "get"), ("path", "/live")],
        )
}

#[test]
fn fastapi_prefixes_are_joined_across_files() {
    let world = fastapi()
        .file(
            "app/api.py",
            &["fastapi: APIRouter", "app.routers.patients: router"],
        )
        .fact(
            "router",
            "app/api.py",
            &[("name", "api_router"), ("prefix", "/v1")],
        )
        .fact(
            "binding",
            "app/api.py",
            &[
                ("local", "patients_router"),
                ("module", "app.routers.patients"),
                ("name", "router"),
            ],
        )
        .file("app/routers/patients.py", &[])
        .fact("router", "app/routers/patients.py", &[("name", "router")])
        .fact(
            "route",
            "app/routers/patients.py",
            &[
                ("receiver", "router"),
                ("method", "get"),
                ("path", "/{patient_id}"),
            ],
        )
        .fact(
            "mount",
            "app/api.py",
            &[
                ("receiver", "api_router"),
                ("router", "patients_router"),
                ("prefix", "/patients"),
            ],
        )
        .fact(
            "mount",
            "app/main.py",
            &[
                ("receiver", "app"),
                ("router", "api_router"),
                ("prefix", "/api"),
            ],
        )
        .fact(
            "mount",
            "app/main.py",
            &[("receiver", "app"), ("router", "health.router")],
        )
        .fact(
            "route",
            "app/main.py",
            &[("receiver", "app"), ("method", "get"), ("path", "/")],
        );
    assert_eq!(
        world.survey().routes(),
        [
            "GET /",
            "GET /api/v1/patients/{patient_id}",
            "GET /health/live"
        ]
    );
}

#[test]
fn a_route_whose_mount_is_not_seen_keeps_its_path_and_says_so() {
    assert_eq!(
        fastapi().survey().routes(),
        ["GET /health/live (unresolved)"]
    );
    let computed = fastapi().fact(
        "mount",
        "app/main.py",
        &[
            ("receiver", "app"),
            ("router", "health.router"),
            ("prefix", "?"),
        ],
    );
    assert_eq!(
        computed.survey().routes(),
        ["GET /health/live (unresolved)"]
    );
}

fn express() -> World {
    World::default()
        .manifest("package.json", "npm")
        .depends("package.json", "npm", &["express"])
        .file(
            "index.js",
            &["express", "./routes/patients", "./routes/admin"],
        )
        .fact(
            "http-server",
            "index.js",
            &[("framework", "express"), ("variable", "app")],
        )
}

fn express_route(world: World, path: &str, receiver: &str, route: &str) -> World {
    let attributes = [
        ("framework", "express"),
        ("receiver", receiver),
        ("method", "get"),
        ("path", route),
    ];
    world.fact("route", path, &attributes)
}

#[test]
fn express_routers_are_found_through_their_modules() {
    let world = express()
        .file("routes/patients.js", &["express"])
        .fact("router", "routes/patients.js", &[("name", "router")])
        .file("routes/admin.js", &["express"])
        .fact("router", "routes/admin.js", &[("name", "r")])
        .fact(
            "mount",
            "index.js",
            &[
                ("receiver", "app"),
                ("router", "patientRoutes"),
                ("prefix", r#"["/:sim/fhir", "/fhir"]"#),
            ],
        )
        .fact(
            "mount",
            "index.js",
            &[
                ("receiver", "app"),
                ("router", "require('./routes/admin')"),
                ("prefix", "/admin/"),
            ],
        );
    let world = express_route(world, "routes/patients.js", "router", "/patients/:id");
    let world = express_route(world, "routes/admin.js", "r", "/");
    assert_eq!(
        world.survey().routes(),
        [
            "GET /:sim/fhir/patients/:id",
            "GET /admin",
            "GET /fhir/patients/:id"
        ]
    );
}

#[test]
fn calls_of_a_client_are_no_routes() {
    let world = express().file("client.js", &["axios"]);
    let world = express_route(world, "client.js", "api", "/patients");
    let world = express_route(world, "index.js", "app", "/health");
    assert_eq!(world.survey().routes(), ["GET /health"]);
}

#[test]
fn a_router_mounted_on_itself_ends() {
    let world = express()
        .fact("router", "index.js", &[("name", "a"), ("prefix", "/a")])
        .fact("router", "index.js", &[("name", "b"), ("prefix", "/b")])
        .fact("mount", "index.js", &[("receiver", "a"), ("router", "b")])
        .fact("mount", "index.js", &[("receiver", "b"), ("router", "a")]);
    let world = express_route(world, "index.js", "a", "/x");
    assert!(
        world
            .survey()
            .routes()
            .iter()
            .all(|route| route.ends_with("/x (unresolved)"))
    );
}

#[test]
fn classes_and_blocks_give_what_is_inside_a_prefix() {
    let world = World::default()
        .manifest("package.json", "npm")
        .file("src/patients.controller.ts", &["@nestjs/common"])
        .fact(
            "base-path",
            "src/patients.controller.ts",
            &[("framework", "nest"), ("prefix", "api")],
        )
        .fact_at(
            "router",
            "src/patients.controller.ts",
            0,
            900,
            &[("scope", "class"), ("prefix", "patients")],
        )
        .fact_at(
            "route",
            "src/patients.controller.ts",
            100,
            200,
            &[("framework", "nest"), ("method", "get"), ("path", ":id")],
        )
        .fact_at(
            "route",
            "src/patients.controller.ts",
            300,
            400,
            &[("framework", "nest"), ("method", "post")],
        );
    assert_eq!(
        world.survey().routes(),
        ["GET /api/patients/:id", "POST /api/patients"]
    );
}

#[test]
fn django_tables_include_each_other() {
    let world = World::default()
        .manifest("requirements.txt", "python")
        .file("clinic/settings.py", &[])
        .file("clinic/urls.py", &["django.urls: path, include"])
        .file("patients/urls.py", &["django.urls: path"])
        .fact(
            "mount",
            "clinic/urls.py",
            &[
                ("framework", "django"),
                ("prefix", "api/"),
                ("module", "patients.urls"),
            ],
        )
        .fact(
            "route",
            "clinic/urls.py",
            &[("framework", "django"), ("path", "healthz/")],
        )
        .fact(
            "route",
            "patients/urls.py",
            &[("framework", "django"), ("path", "patients/<int:pk>/")],
        );
    assert_eq!(
        world.survey().routes(),
        ["ANY /api/patients/<int:pk>/", "ANY /healthz/"]
    );
}

#[test]
fn next_routes_follow_from_where_files_lie() {
    let world = World::default()
        .manifest("package.json", "npm")
        .file("src/app/(staff)/api/health/route.ts", &[])
        .fact(
            "route",
            "src/app/(staff)/api/health/route.ts",
            &[("framework", "next"), ("how", "file")],
        )
        .file("pages/api/patients/[id].ts", &[])
        .fact(
            "route",
            "pages/api/patients/[id].ts",
            &[("framework", "next"), ("how", "file")],
        );
    let survey = world.survey();
    assert_eq!(
        survey.routes(),
        ["ANY /api/health", "ANY /api/patients/[id]"]
    );
    assert!(
        survey
            .facts
            .iter()
            .any(|fact| fact.text("pattern") == Some("/api/patients/{}"))
    );
}

#[test]
fn parameters_have_one_notation() {
    for (path, want) in [
        ("/patients/:id", "/patients/{}"),
        ("/patients/{patient_id}/", "/patients/{}"),
        ("//patients//<int:pk>", "/patients/{}"),
        (r"^patients/(?P<pk>\d+)/$", "/patients/{}"),
        ("/files/[...path]", "/files/{}"),
        ("/:resource/$export", "/{}/$export"),
        ("/a/:from-:to", "/a/{}-{}"),
        ("", "/"),
        ("/", "/"),
    ] {
        assert_eq!(pattern::normal(path), want, "{path}");
    }
}

#[test]
fn go_hands_routers_to_files_that_import_no_framework() {
    let world = World::default()
        .manifest("go.mod", "go")
        .depends("go.mod", "go", &["github.com/gin-gonic/gin"])
        .file("main.go", &["github.com/gin-gonic/gin"])
        .file("internal/http/router.go", &["clinic/internal/handlers"])
        .fact(
            "route",
            "internal/http/router.go",
            &[
                ("framework", "go"),
                ("receiver", "routes"),
                ("method", "GET"),
                ("path", "/health"),
            ],
        )
        .fact(
            "route",
            "internal/http/router.go",
            &[
                ("framework", "go"),
                ("receiver", "client"),
                ("method", "Get"),
                ("path", "/bundle"),
            ],
        );
    assert_eq!(world.survey().routes(), ["GET /health (unresolved)"]);
}
