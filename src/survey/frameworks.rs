//! Frameworks by two sources, a declared dependency and an import; and what a service serves.

use super::repo::{self, Repo};
use super::{dependencies, facts, services};
use crate::model::{Fact, Language, Reach, RepoPath, Role, Service};
use std::collections::{BTreeMap, BTreeSet};

/// How a framework shows itself.
struct Framework {
    /// The word rules use.
    name: &'static str,
    /// Packages that bring it; a `*` at the end stands for any text.
    packages: &'static [&'static str],
    /// Modules that code asks for when it uses it; none if it is used by convention.
    modules: &'static [&'static str],
}

const fn framework(
    name: &'static str,
    packages: &'static [&'static str],
    modules: &'static [&'static str],
) -> Framework {
    Framework {
        name,
        packages,
        modules,
    }
}

const FRAMEWORKS: &[Framework] = &[
    // Python
    framework("fastapi", &["fastapi"], &["fastapi"]),
    framework("starlette", &["starlette", "fastapi"], &["starlette"]),
    framework("flask", &["flask"], &["flask"]),
    framework("django", &["django"], &["django"]),
    framework("drf", &["djangorestframework"], &["rest_framework"]),
    framework("channels", &["channels"], &["channels"]),
    framework("aiohttp", &["aiohttp"], &["aiohttp.web"]),
    framework("sanic", &["sanic"], &["sanic"]),
    framework("litestar", &["litestar"], &["litestar"]),
    framework("tornado", &["tornado"], &["tornado"]),
    framework("celery", &["celery"], &["celery"]),
    framework("streamlit", &["streamlit"], &["streamlit"]),
    framework(
        "sqlalchemy",
        &["sqlalchemy", "sqlmodel"],
        &["sqlalchemy", "sqlmodel"],
    ),
    // JavaScript and TypeScript, on the server
    framework("express", &["express"], &["express"]),
    framework("fastify", &["fastify"], &["fastify"]),
    framework("koa", &["koa"], &["koa"]),
    framework("hono", &["hono"], &["hono"]),
    framework("hapi", &["@hapi/hapi", "hapi"], &["@hapi/hapi", "hapi"]),
    framework("nest", &["@nestjs/core", "@nestjs/common"], &["@nestjs"]),
    framework(
        "apollo",
        &["@apollo/server", "apollo-server*"],
        &["@apollo/server", "apollo-server", "apollo-server-express"],
    ),
    framework("trpc", &["@trpc/server"], &["@trpc/server"]),
    framework("socket.io", &["socket.io"], &["socket.io"]),
    framework("ws", &["ws"], &["ws"]),
    framework(
        "firebase-functions",
        &["firebase-functions"],
        &["firebase-functions"],
    ),
    framework("bullmq", &["bullmq", "bull"], &["bullmq", "bull"]),
    framework("prisma", &["@prisma/client"], &["@prisma/client"]),
    framework("typeorm", &["typeorm"], &["typeorm"]),
    // JavaScript and TypeScript, in the browser
    framework("next", &["next"], &[]),
    framework(
        "remix",
        &["@remix-run/react", "@remix-run/node"],
        &["@remix-run"],
    ),
    framework("nuxt", &["nuxt"], &[]),
    framework("sveltekit", &["@sveltejs/kit"], &[]),
    framework("react", &["react"], &["react", "react-dom"]),
    framework("vue", &["vue"], &["vue"]),
    framework("angular", &["@angular/core"], &["@angular"]),
    framework("svelte", &["svelte"], &[]),
    framework("react-native", &["react-native"], &["react-native"]),
    framework("expo", &["expo"], &["expo"]),
    framework("docusaurus", &["@docusaurus/core"], &[]),
    framework("vite", &["vite"], &[]),
    framework("cra", &["react-scripts"], &[]),
    // JVM
    framework(
        "spring-boot",
        &["org.springframework.boot:*"],
        &["org.springframework"],
    ),
    framework(
        "webflux",
        &["org.springframework.boot:spring-boot-starter-webflux"],
        &["reactor.core", "org.springframework.web.reactive"],
    ),
    framework(
        "quarkus",
        &["io.quarkus:*"],
        &["io.quarkus", "jakarta.ws.rs", "javax.ws.rs"],
    ),
    framework("micronaut", &["io.micronaut:*"], &["io.micronaut"]),
    framework("dropwizard", &["io.dropwizard:*"], &["io.dropwizard"]),
    framework("ktor", &["io.ktor:ktor-server*"], &["io.ktor.server"]),
    framework(
        "hapi-fhir-server",
        &[
            "ca.uhn.hapi.fhir:hapi-fhir-server*",
            "ca.uhn.hapi.fhir:hapi-fhir-jpaserver*",
        ],
        &["ca.uhn.fhir"],
    ),
    framework(
        "android",
        &["androidx.*", "com.android.support:*"],
        &["android", "androidx"],
    ),
    // .NET
    framework(
        "aspnet",
        &["Microsoft.NET.Sdk.Web", "Microsoft.AspNetCore.*"],
        &["Microsoft.AspNetCore"],
    ),
    framework(
        "efcore",
        &["Microsoft.EntityFrameworkCore*"],
        &["Microsoft.EntityFrameworkCore"],
    ),
    // Go
    framework(
        "gin",
        &["github.com/gin-gonic/gin"],
        &["github.com/gin-gonic/gin"],
    ),
    framework(
        "chi",
        &["github.com/go-chi/chi*"],
        &["github.com/go-chi/chi"],
    ),
    framework(
        "echo",
        &["github.com/labstack/echo*"],
        &["github.com/labstack/echo"],
    ),
    framework(
        "fiber",
        &["github.com/gofiber/fiber*"],
        &["github.com/gofiber/fiber"],
    ),
    framework("gorm", &["gorm.io/gorm"], &["gorm.io/gorm"]),
    // PHP and Ruby
    framework(
        "laravel",
        &["laravel/framework", "laravel/lumen-framework"],
        &["Illuminate"],
    ),
    framework("symfony", &["symfony/framework-bundle"], &["Symfony"]),
    framework("rails", &["rails"], &[]),
    framework("sinatra", &["sinatra"], &["sinatra"]),
];

/// Frameworks whose parts are declared for development, because a build turns them into files.
const BUILT: &[&str] = &[
    "react",
    "vue",
    "angular",
    "svelte",
    "sveltekit",
    "next",
    "nuxt",
    "vite",
    "cra",
    "docusaurus",
];

/// Fills `frameworks` of every service.
pub(super) fn assign(imports: &dependencies::Imports, facts: &[Fact], services: &mut [Service]) {
    let none = BTreeSet::new();
    for (index, service) in services.iter_mut().enumerate() {
        let modules = imports.get(&index).unwrap_or(&none);
        let declared = declared(facts, index, &service.root);
        for framework in FRAMEWORKS {
            let built = BUILT.contains(&framework.name);
            let conventional = framework.modules.is_empty();
            let brought = declared.iter().any(|package| {
                (built || !package.dev)
                    && (package.own || !conventional)
                    && framework
                        .packages
                        .iter()
                        .any(|name| stands_for(name, &package.name))
            });
            let asked = |name: &&str| {
                modules
                    .iter()
                    .any(|module| dependencies::is_of(module, name))
            };
            if brought && (conventional || framework.modules.iter().any(asked)) {
                service.frameworks.insert(framework.name.to_owned());
            }
        }
        if modules.contains("net/http") && service.languages.contains(&Language::Go) {
            service.frameworks.insert("net/http".to_owned());
        }
    }
}

/// A package that a service may use.
struct Declared {
    name: String,
    /// For development only.
    dev: bool,
    /// By the service itself, not by a folder around it.
    own: bool,
}

/// Packages declared by the service or around it. What a folder around declares counts only with
/// an import, which is the service's own.
fn declared(facts: &[Fact], index: usize, root: &str) -> Vec<Declared> {
    facts::of(facts, "dependency")
        .filter_map(|fact| {
            let own = fact.service == Some(index);
            let around = repo::is_in(root, services::manifest_root(&fact.hit.location.path));
            let name = dependencies::canonical(fact.text("name")?, fact.text("ecosystem"));
            let dev = dependencies::is_dev(fact);
            (own || around).then_some(Declared { name, dev, own })
        })
        .collect()
}

/// Does the pattern `package` stand for `name`?
fn stands_for(package: &str, name: &str) -> bool {
    match package.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => package == name,
    }
}

/// Fills `serves` of every service from servers and routes that are part of what runs.
pub(super) fn serve(
    repo: &Repo<'_>,
    facts: &[Fact],
    reach: &BTreeMap<RepoPath, Reach>,
    services: &mut [Service],
) {
    for fact in facts {
        let protocol = match &*fact.kind {
            "http-server" | "route" => "http",
            "websocket-server" => "websocket",
            "grpc-server" => "grpc",
            _ => continue,
        };
        let path = &fact.hit.location.path;
        let runs = reach.get(path) != Some(&Reach::Orphan)
            && repo
                .get(path.as_str())
                .is_some_and(|entry| entry.file.role == Role::Production);
        let service = fact.service.and_then(|index| services.get_mut(index));
        if let Some(service) = service.filter(|_| runs) {
            service.serves.insert(protocol.to_owned());
        }
    }
}
