//! Files that a framework loads by their name or place, without any import.

use super::modules::Family;
use super::repo;
use crate::model::{Language, Service};

/// How sure it is that a file runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// May run: a script, a file with a main guard.
    Maybe,
    /// Runs if something else uses the package.
    Offered,
    /// A framework finds and loads it.
    Loaded,
    /// Runs when the service does.
    Runs,
}

/// Is the file, `path` as seen from its service's root, run or loaded by convention?
pub(super) fn entry(service: &Service, path: &str, language: Language) -> Option<Strength> {
    let family = Family::of(language)?;
    if starts(service, path, family) {
        return Some(Strength::Runs);
    }
    let loaded = match family {
        Family::Python => python(service, path),
        Family::Script => script(service, path),
        Family::Go => false,
        Family::Namespaced => namespaced(service, path, language),
    };
    loaded.then_some(Strength::Loaded)
}

/// Does running the service begin here?
fn starts(service: &Service, path: &str, family: Family) -> bool {
    let inner = path.strip_prefix("src/").unwrap_or(path);
    let (stem, _) = inner.split_once('.').unwrap_or((inner, ""));
    match family {
        Family::Script => match stem {
            "index" => ["cra", "vite", "react-native"]
                .iter()
                .any(|name| has(service, name)),
            "main" => ["vite", "angular", "nest"]
                .iter()
                .any(|name| has(service, name)),
            "App" => has(service, "expo") || has(service, "react-native"),
            _ => false,
        },
        Family::Python => {
            matches!(
                repo::last(path),
                "lambda_function.py" | "function_app.py" | "streamlit_app.py"
            )
        }
        Family::Namespaced => {
            matches!(path, "public/index.php" | "artisan") || repo::last(path) == "Program.cs"
        }
        Family::Go => false,
    }
}

/// May the file be used in a way that no import shows? Such a file is never called an orphan.
pub(super) fn exempt(path: &str) -> bool {
    let name = repo::last(path);
    let stem = name.split('.').next().unwrap_or(name);
    path.ends_with(".d.ts")
        || name.contains(".stories.")
        || name.contains(".config.")
        || name.starts_with('.')
        || matches!(
            stem,
            "__init__"
                | "__main__"
                | "conftest"
                | "setup"
                | "manage"
                | "wsgi"
                | "asgi"
                | "env"
                | "gunicorn"
                | "sitecustomize"
                | "service-worker"
                | "sw"
                | "serviceWorker"
                | "setupTests"
                | "reportWebVitals"
                | "setupProxy"
                | "bundle"
                | "build"
                | "seed"
        )
        || stem.ends_with("_conf")
        || path.split('/').any(|part| {
            matches!(
                part,
                "public"
                    | "static"
                    | "assets"
                    | "bin"
                    | "scripts"
                    | "tools"
                    | "alembic"
                    | "notebooks"
                    | "plugins"
                    | "__mocks__"
                    | ".storybook"
                    | "types"
                    | "typings"
                    | "generated"
                    | "commands"
                    | "templatetags"
                    | "hooks.d"
                    | "cli"
            )
        })
}

fn has(service: &Service, framework: &str) -> bool {
    service.frameworks.contains(framework)
}

fn python(service: &Service, path: &str) -> bool {
    let name = repo::last(path);
    if has(service, "django") {
        // Django loads applications through settings; which ones are installed is not decided.
        let loaded = matches!(
            name,
            "settings.py"
                | "urls.py"
                | "models.py"
                | "admin.py"
                | "apps.py"
                | "signals.py"
                | "tasks.py"
                | "routing.py"
                | "middleware.py"
                | "context_processors.py"
                | "receivers.py"
                | "celery.py"
                | "checks.py"
                | "translation.py"
        );
        if loaded
            || within(
                path,
                &[
                    "settings",
                    "migrations",
                    "management",
                    "templatetags",
                    "models",
                ],
            )
        {
            return true;
        }
    }
    matches!(name, "wsgi.py" | "asgi.py") || (has(service, "streamlit") && within(path, &["pages"]))
}

fn script(service: &Service, path: &str) -> bool {
    let stem = repo::last(path).split('.').next().unwrap_or_default();
    let inner = path.strip_prefix("src/").unwrap_or(path);
    let below = |dir: &str| {
        inner
            .strip_prefix(dir)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    let next = has(service, "next")
        && ((below("app") && NEXT.contains(&stem))
            || below("pages")
            || matches!(
                inner,
                "middleware.ts" | "middleware.js" | "proxy.ts" | "proxy.js"
            )
            || stem == "instrumentation"
            || stem == "instrumentation-client");
    let routed = (has(service, "remix")
        && (below("routes") || below("app/routes") || matches!(stem, "root" | "entry")))
        || (has(service, "sveltekit") && (below("routes") || stem == "hooks" || stem == "app"))
        || (has(service, "nuxt")
            && [
                "pages",
                "server",
                "plugins",
                "middleware",
                "layouts",
                "components",
                "composables",
                "utils",
            ]
            .iter()
            .any(|dir| below(dir)))
        || (has(service, "expo") && below("app"));
    next || routed || serverless(service, path)
}

const NEXT: &[&str] = &[
    "page",
    "layout",
    "route",
    "loading",
    "error",
    "global-error",
    "template",
    "not-found",
    "default",
    "sitemap",
    "robots",
    "manifest",
    "icon",
    "apple-icon",
    "opengraph-image",
    "twitter-image",
    "forbidden",
    "unauthorized",
];

/// Folders whose files a platform deploys one by one, unless the service is a server itself.
fn serverless(service: &Service, path: &str) -> bool {
    const SERVERS: &[&str] = &["express", "fastify", "koa", "hono", "nest"];
    let depth = path.split('/').count();
    let file = path.starts_with("api/") && depth == 2;
    path.starts_with("netlify/functions/")
        || (path.contains("supabase/functions/") && repo::last(path).starts_with("index."))
        || (repo::last(path).starts_with("worker.") && depth <= 2)
        || (file && !SERVERS.iter().any(|name| has(service, name)))
}

fn namespaced(service: &Service, path: &str, language: Language) -> bool {
    let name = repo::last(path);
    match language {
        Language::Ruby => {
            // Rails loads everything below `app`, `config` and `lib/tasks`.
            has(service, "rails")
                && (path.starts_with("app/")
                    || path.starts_with("config")
                    || path.starts_with("lib/tasks"))
        }
        Language::Php => {
            matches!(path, "index.php" | "bootstrap/app.php")
                || path.starts_with("routes/")
                || ((has(service, "laravel") || has(service, "symfony"))
                    && within(
                        path,
                        &[
                            "Controllers",
                            "Controller",
                            "Providers",
                            "Commands",
                            "Console",
                            "Jobs",
                            "Listeners",
                            "Middleware",
                            "Policies",
                            "Models",
                            "config",
                            "migrations",
                        ],
                    ))
        }
        Language::CSharp => {
            name == "Startup.cs"
                || name.ends_with("Controller.cs")
                || name.ends_with("Hub.cs")
                || name.ends_with("DbContext.cs")
        }
        Language::Java | Language::Kotlin => {
            name.contains("Application.")
                || [
                    "Controller.",
                    "Resource.",
                    "Configuration.",
                    "Config.",
                    "Filter.",
                    "Activity.",
                    "Fragment.",
                    "Worker.",
                ]
                .iter()
                .any(|part| name.contains(part))
        }
        _ => false,
    }
}

/// Does one of the folders of `path` bear one of these names?
fn within(path: &str, names: &[&str]) -> bool {
    repo::parent(path)
        .split('/')
        .any(|part| names.contains(&part))
}
