//! What routes ask of their callers, in small applications of several frameworks.

use crate::world::RULES;
use preop::model::RepoPath;
use preop::source::Memory;
use preop::{Plan, observe};

/// Path and level of every route, sorted; `?` where it is not decided, and `none!` where somebody
/// wrote that nobody is asked.
fn levels(files: &[(&str, &str)]) -> Vec<String> {
    let files = files
        .iter()
        .map(|(path, text)| (RepoPath::new(path).unwrap(), text.as_bytes().to_vec()));
    let memory = Memory::new(files.collect());
    let seen = observe(&memory, &RULES, &Plan::default()).unwrap();
    let routes = seen
        .survey
        .facts
        .iter()
        .filter(|fact| &*fact.kind == "route");
    let mut found: Vec<String> = routes
        .map(|fact| {
            let path = fact.text("path").unwrap_or("?");
            let whole = fact.attributes["resolved"].display() == "true";
            let level = fact.text("auth").unwrap_or("?");
            let written = level == "none" && fact.text("auth_at").is_some();
            let (lost, mark) = (if whole { "" } else { "…" }, if written { "!" } else { "" });
            format!("{lost}{path} {level}{mark}")
        })
        .collect();
    found.sort();
    found
}

const NEXT: &str = r#"{"name": "ward", "dependencies": {"next": "15.0.0"}}"#;
const ROUTE: &str = "export async function GET(request) { return Response.json([]) }\n";

fn next(middleware: &str) -> Vec<String> {
    levels(&[
        ("package.json", NEXT),
        ("app/api/patients/route.ts", ROUTE),
        ("app/api/public/info/route.ts", ROUTE),
        ("middleware.ts", middleware),
    ])
}

#[test]
fn the_middleware_of_next_is_followed() {
    let asks = ["/api/patients authenticated", "/api/public/info none!"];
    let early = "
import { NextResponse } from 'next/server'
export async function middleware(request) {
  const { pathname } = request.nextUrl
  if (pathname.startsWith('/api/public')) {
    return NextResponse.next()
  }
  if (!request.cookies.get('session')) {
    return NextResponse.json({ error: 'no session' }, { status: 401 })
  }
  return NextResponse.next()
}
";
    assert_eq!(next(early), asks);
    let named = "
const PUBLIC = ['/login', '/api/public']
export default async function door(req) {
  const response = NextResponse.next()
  const isPublic = PUBLIC.some((path) => req.nextUrl.pathname.startsWith(path))
  if (isPublic) return response
  const session = await getSession(req)
  if (!session) return new NextResponse('no', { status: 401 })
  return response
}
export const config = { matcher: ['/dashboard/:path*', '/api/:path*'] }
";
    assert_eq!(next(named), asks);
}

#[test]
fn a_middleware_of_next_for_pages_says_nothing_of_the_interface() {
    let open = ["/api/patients none", "/api/public/info none"];
    let by_code = "
export function middleware(request) {
  if (request.nextUrl.pathname.startsWith('/api')) return NextResponse.next()
  if (!request.cookies.get('session')) return NextResponse.redirect(new URL('/login', request.url))
  return NextResponse.next()
}
";
    assert_eq!(next(by_code), open);
    let by_matcher = "
export function middleware(request) {
  if (!request.cookies.get('session')) return NextResponse.redirect(new URL('/login', request.url))
}
export const config = { matcher: ['/((?!api|_next/static).*)'] }
";
    assert_eq!(next(by_matcher), open);
    let headers = "
export function middleware(request) {
  const response = NextResponse.next()
  response.headers.set('x-frame-options', 'DENY')
  return response
}
";
    assert_eq!(next(headers), open);
}

#[test]
fn a_middleware_of_next_that_hands_on_is_undecided() {
    let unknown = ["/api/patients ?", "/api/public/info ?"];
    let handed = "
import { updateSession } from '@clinic/session'
export async function middleware(request) { return await updateSession(request) }
";
    assert_eq!(next(handed), unknown);
    let wrapped = "
import { withAuth } from 'next-auth/middleware'
export default withAuth(function middleware(req) { return NextResponse.next() })
";
    assert_eq!(next(wrapped), unknown);
}

#[test]
fn functions_of_ktor_are_guarded_where_they_are_called() {
    let routes = r#"package clinic.routes
import io.ktor.server.routing.*

fun Route.patients() {
    route("/patients") {
        get { call.respond(all()) }
        get("/{id}") {
            call.respond(one())
        }
    }
}

fun Route.wards() {
    get("/wards") {
        call.respond(wards())
    }
    authenticate("jwt") {
        post("/wards") {
            call.respond(add())
        }
    }
}

fun Route.lost() {
    get("/lost") {
        call.respond(1)
    }
}
"#;
    let app = r#"package clinic
import clinic.routes.*
import io.ktor.server.application.*
import io.ktor.server.auth.*
import io.ktor.server.routing.*

fun Application.module() {
    routing {
        route("/api") {
            authenticate("jwt") {
                patients()
            }
            wards()
        }
    }
}
"#;
    let build = "dependencies { implementation(\"io.ktor:ktor-server-core:2.3.0\") }\n";
    assert_eq!(
        levels(&[
            ("build.gradle.kts", build),
            ("src/clinic/App.kt", app),
            ("src/clinic/routes/Routes.kt", routes),
        ]),
        [
            "/api/patients authenticated",
            "/api/patients/{id} authenticated",
            "/api/wards authenticated",
            "/api/wards none",
            "…/lost ?",
        ]
    );
}

/// Levels of an application of `FastAPI` that has one route, to which `main` leads up.
fn patients(main: &str, more: &[(&str, &str)]) -> Vec<String> {
    let route = "@app.get(\"/patients\")\nasync def patients():\n    return []\n";
    let main = format!("{main}\n{route}");
    let own = [
        ("requirements.txt", "fastapi==0.115.0\n"),
        ("main.py", &main),
    ];
    levels(&[&own, more].concat())
}

/// A middleware of `FastAPI` that a setting turns off.
fn switched(setting: &str, test: &str, compose: &str) -> Vec<String> {
    let main = format!(
        "import os
from fastapi import FastAPI

{setting}
app = FastAPI()

@app.middleware(\"http\")
async def door(request, call_next):
    if {test}:
        return await call_next(request)
    if not request.headers.get(\"authorization\"):
        return JSONResponse({{}}, status_code=401)
    return await call_next(request)
"
    );
    patients(&main, &[("compose.yaml", compose)])
}

#[test]
fn a_switch_stands_as_its_default_where_nothing_sets_it() {
    let nothing = "services: {api: {build: .}}\n";
    let on = "AUTH = os.getenv(\"AUTH_ENABLED\", \"true\").lower() == \"true\"";
    let off = "AUTH = os.getenv(\"AUTH_ENABLED\", \"false\").lower() == \"true\"";
    let asks = ["/patients authenticated"];
    assert_eq!(switched(on, "not AUTH", nothing), asks);
    assert_eq!(switched(off, "not AUTH", nothing), ["/patients none"]);
    let direct = "os.getenv(\"SKIP_AUTH\", \"0\") == \"1\"";
    assert_eq!(switched("", direct, nothing), asks);
    let skipped = "os.getenv(\"SKIP_AUTH\", \"1\") == \"1\"";
    assert_eq!(switched("", skipped, nothing), ["/patients none"]);
    // Something sets it: what runs is not what the code says.
    let set = "services: {api: {build: ., environment: {AUTH_ENABLED: \"true\"}}}\n";
    assert_eq!(switched(off, "not AUTH", set), asks);
}

#[test]
fn a_guard_that_is_put_up_under_a_condition_is_one_where_that_stands() {
    let package = r#"{"name": "ward", "main": "server.js", "dependencies": {"express": "4.21.0"}}"#;
    let served = |lines: &str| {
        let server = format!(
            "const express = require('express')
const {{ authenticate }} = require('@clinic/door')
const app = express()
{lines}
app.get('/patients', (req, res) => res.json([]))
"
        );
        levels(&[("package.json", package), ("server.js", &server)])
    };
    for (lines, level) in [
        ("app.use(authenticate)", "authenticated"),
        ("if (config.guarded) app.use(authenticate)", "?"),
        (
            "if (process.env.NODE_ENV !== 'test') app.use(authenticate)",
            "authenticated",
        ),
        (
            "if (process.env.NODE_ENV === 'development') app.use(authenticate)",
            "none",
        ),
    ] {
        assert_eq!(served(lines), [format!("/patients {level}")], "{lines}");
    }
    let added = |test: &str| {
        let main = format!(
            "import os
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()

class Door(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if not request.headers.get(\"authorization\"):
            return JSONResponse({{}}, status_code=401)
        return await call_next(request)

def guard():
    if {test}:
        return
    app.add_middleware(Door)

guard()
"
        );
        patients(&main, &[])
    };
    let off = "os.getenv(\"SKIP_AUTH\", \"0\") == \"1\"";
    assert_eq!(added(off), ["/patients authenticated"]);
    assert_eq!(added("not settings.guarded"), ["/patients ?"]);
}
