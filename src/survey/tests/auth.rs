//! What routes ask of their callers, joined across routers, files and classes.

use super::World;
use crate::model::Value;
use crate::survey::Survey;
use std::sync::Arc;

impl World {
    /// Adds a fact whose code is `code`, with further captures.
    fn code(
        self,
        kind: &str,
        path: &str,
        at: usize,
        code: &str,
        attributes: &[(&str, &str)],
    ) -> Self {
        let mut world = self.fact_at(kind, path, at, at + code.len(), attributes);
        if let Some(fact) = world.facts.last_mut() {
            Arc::make_mut(&mut fact.hit).value = Value::str(code);
        }
        world
    }

    /// Adds a capture to the fact added last.
    fn captures(mut self, name: &str, text: &str) -> Self {
        if let Some(fact) = self.facts.last_mut() {
            let hit = Arc::make_mut(&mut fact.hit);
            hit.captures.insert(Arc::from(name), Value::str(text));
        }
        self
    }
}

impl Survey {
    /// Paths and levels of all routes, sorted.
    fn levels(&self) -> Vec<String> {
        let routes = self.facts.iter().filter(|fact| &*fact.kind == "route");
        let mut texts: Vec<String> = routes
            .map(|fact| {
                let level = fact.attributes["auth"].display();
                format!("{} {level}", fact.text("path").unwrap_or("?"))
            })
            .collect();
        texts.sort();
        texts
    }
}

fn express() -> World {
    World::default()
        .manifest("package.json", "npm")
        .file("server.js", &["express", "./beds: beds"])
        .fact_at(
            "http-server",
            "server.js",
            0,
            10,
            &[("framework", "express"), ("variable", "app")],
        )
}

impl World {
    /// A route of the application at `start` of its file.
    fn served(self, start: usize, code: &str, path: &str) -> Self {
        self.code("route", "server.js", start, code, &route("app", path))
    }
}

/// An application, and a router of another file with one route.
fn beds() -> World {
    router_in("beds.js")
}

fn router_in(file: &str) -> World {
    express()
        .file(file, &["express"])
        .fact_at("router", file, 0, 10, &[("name", "router")])
        .code(
            "route",
            file,
            50,
            "router.get('/', list)",
            &route("router", "/"),
        )
}

fn route<'t>(receiver: &'t str, path: &'t str) -> [(&'t str, &'t str); 3] {
    [("receiver", receiver), ("method", "get"), ("path", path)]
}

#[test]
fn middleware_holds_for_what_is_hung_after_it() {
    let survey = express()
        .served(100, "app.get('/open', list)", "/open")
        .fact_at(
            "auth-guard",
            "server.js",
            200,
            220,
            &[
                ("scope", "router"),
                ("receiver", "app"),
                ("guard", "requireAuth"),
            ],
        )
        .served(300, "app.get('/beds', list)", "/beds")
        .served(400, "app.get('/staff', isAdmin, list)", "/staff")
        .survey();
    assert_eq!(
        survey.levels(),
        ["/beds authenticated", "/open none", "/staff role"]
    );
}

#[test]
fn a_router_inherits_what_stands_at_its_mount() {
    let survey = beds()
        .code(
            "mount",
            "server.js",
            100,
            "app.use('/beds', requireAuth, beds)",
            &[("receiver", "app"), ("router", "beds"), ("prefix", "/beds")],
        )
        .survey();
    assert_eq!(survey.levels(), ["/beds authenticated"]);
}

#[test]
fn the_weakest_of_two_mounts_counts() {
    let mount = [("receiver", "app"), ("router", "beds"), ("prefix", "/beds")];
    let survey = beds()
        .code(
            "mount",
            "server.js",
            100,
            "app.use('/beds', requireAuth, beds)",
            &mount,
        )
        .code("mount", "server.js", 200, "app.use('/beds', beds)", &mount)
        .survey();
    assert_eq!(survey.levels(), ["/beds none"]);
}

#[test]
fn a_guard_of_any_name_is_known_by_what_it_does() {
    let survey = express()
        .fact_at("auth-gate", "door.js", 0, 10, &[])
        .captures("function", "doorKeeper")
        .file("door.js", &[])
        .served(300, "app.get('/beds', doorKeeper, list)", "/beds")
        .served(400, "app.get('/rooms', timing, list)", "/rooms")
        .survey();
    assert_eq!(survey.levels(), ["/beds authenticated", "/rooms none"]);
}

#[test]
fn dependencies_are_read_from_parameters_and_bodies_from_code() {
    let survey = World::default()
        .manifest("requirements.txt", "python")
        .file("main.py", &["fastapi: FastAPI, Depends"])
        .fact_at(
            "http-server",
            "main.py",
            0,
            10,
            &[("framework", "fastapi"), ("variable", "app")],
        )
        .code(
            "route",
            "main.py",
            100,
            "app.get('/beds')",
            &route("app", "/beds"),
        )
        .captures(
            "PARAMS",
            "(user: User = Depends(get_current_user), db = Depends(get_session))",
        )
        .code(
            "route",
            "main.py",
            200,
            "app.get('/rooms')",
            &route("app", "/rooms"),
        )
        .captures("PARAMS", "(token: str, db = Depends(get_session))")
        .code(
            "route",
            "main.py",
            300,
            "app.get('/charts/{id}')",
            &route("app", "/charts/{id}"),
        )
        .captures("BODY", "assert_patient_access(user, id)  # require_role()")
        .survey();
    assert_eq!(
        survey.levels(),
        ["/beds authenticated", "/charts/{id} object", "/rooms none"]
    );
}

#[test]
fn an_exemption_of_a_class_takes_off_what_the_application_asks() {
    let class = |world: World, at: usize, class: &str, path: &str| {
        world
            .fact_at(
                "route",
                "Api.cs",
                at,
                at + 10,
                &[
                    ("framework", "aspnet"),
                    ("method", "HttpGet"),
                    ("path", path),
                ],
            )
            .captures("class", class)
    };
    let world = World::default()
        .manifest("Api.csproj", "nuget")
        .file("Api.cs", &[])
        .fact_at(
            "auth-guard",
            "Api.cs",
            0,
            10,
            &[
                ("scope", "app"),
                ("framework", "aspnet"),
                ("level", "authenticated"),
                ("guard", "policy"),
            ],
        )
        .fact_at(
            "auth-guard",
            "Api.cs",
            20,
            30,
            &[
                ("scope", "class"),
                ("class", "Health"),
                ("guard", "AllowAnonymous"),
            ],
        );
    let world = class(world, 100, "Health", "/health");
    let survey = class(world, 200, "Beds", "/beds").survey();
    assert_eq!(survey.levels(), ["/beds authenticated", "/health none"]);
}

#[test]
fn a_gateway_and_a_mount_that_was_not_found_leave_it_undecided() {
    let survey = express()
        .fact_at("auth-gateway", "nginx.conf", 0, 10, &[])
        .file("nginx.conf", &[])
        .served(300, "app.get('/beds', list)", "/beds")
        .survey();
    assert_eq!(survey.levels(), ["/beds ?"]);
    let survey = router_in("lost.js")
        .fact_at("auth-check", "server.js", 500, 510, &[])
        .survey();
    assert_eq!(survey.levels(), ["/ ?"]);
}

#[test]
fn entries_of_a_filter_chain_are_read_in_their_order() {
    let entry = |world: World, end: usize, grant: &str, matcher: &str, patterns: &str| {
        world.fact_at(
            "auth-guard",
            "Api.java",
            0,
            end,
            &[
                ("scope", "app"),
                ("decides", "chain"),
                ("guard", grant),
                ("matcher", matcher),
                ("patterns", patterns),
            ],
        )
    };
    let world = World::default()
        .manifest("pom.xml", "maven")
        .file("Api.java", &[]);
    let world = entry(world, 300, "authenticated", "anyRequest", "()");
    let world = entry(world, 100, "permitAll", "requestMatchers", "(\"/open/**\")");
    let world = entry(world, 200, "hasRole", "requestMatchers", "(\"/admin/**\")");
    let java = |world: World, at: usize, path: &str| {
        world.fact_at(
            "route",
            "Api.java",
            at,
            at + 10,
            &[
                ("framework", "spring-boot"),
                ("method", "get"),
                ("path", path),
            ],
        )
    };
    let world = java(world, 400, "/open/a");
    let world = java(world, 500, "/admin/a");
    let survey = java(world, 600, "/beds").survey();
    assert_eq!(
        survey.levels(),
        ["/admin/a role", "/beds authenticated", "/open/a none"]
    );
}

#[test]
fn the_code_of_a_middleware_decides_where_it_asks() {
    let door = "function door(req, res, next) {
        if (OPEN.includes(req.path)) return next()
        if (!req.headers.authorization) return res.status(401).end()
        next()
    }";
    let survey = express()
        .file("door.js", &[])
        .code("middleware", "door.js", 50, door, &[])
        .captures("function", "door")
        .fact(
            "path-list",
            "door.js",
            &[("name", "OPEN"), ("list", "['/login']")],
        )
        .fact_at("auth-gate", "door.js", 60, 70, &[])
        .captures("function", "door")
        .code(
            "auth-guard",
            "server.js",
            100,
            "app.use(door)",
            &[("scope", "router"), ("receiver", "app"), ("guard", "door")],
        )
        .served(300, "app.get('/beds', list)", "/beds")
        .served(400, "app.post('/login', list)", "/login")
        .survey();
    assert_eq!(survey.levels(), ["/beds authenticated", "/login none"]);
}
