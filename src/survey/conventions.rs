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
    /// Runs when the service does.
    Runs,
}

/// Is the file, `path` as seen from its service's root, an entry point by convention?
pub(super) fn entry(service: &Service, path: &str, language: Language) -> Option<Strength> {
    let runs = match Family::of(language)? {
        Family::Python => python(service, path),
        Family::Script => script(service, path),
        Family::Go => false,
        Family::Namespaced => namespaced(service, path, language),
    };
    runs.then_some(Strength::Runs)
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
    matches!(
        name,
        "wsgi.py" | "asgi.py" | "lambda_function.py" | "function_app.py" | "streamlit_app.py"
    ) || (has(service, "streamlit") && within(path, &["pages"]))
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
        || (has(service, "expo") && (below("app") || matches!(inner, "App.tsx" | "App.js")))
        || (has(service, "react-native") && matches!(inner, "App.tsx" | "App.js" | "index.js"));
    let bundled = (has(service, "cra")
        && matches!(inner, "index.tsx" | "index.ts" | "index.jsx" | "index.js"))
        || (has(service, "vite") && matches!(stem, "main" | "index") && !inner.contains('/'))
        || (has(service, "angular")
            && matches!(
                inner,
                "main.ts" | "polyfills.ts" | "main.server.ts" | "server.ts"
            ))
        || (has(service, "nest") && stem == "main");
    next || routed || bundled || serverless(path)
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

/// Folders whose files a platform deploys one by one.
fn serverless(path: &str) -> bool {
    path.starts_with("netlify/functions/")
        || path.starts_with("api/") && path.split('/').count() == 2 && !path.ends_with(".py")
        || (path.contains("supabase/functions/") && repo::last(path).starts_with("index."))
        || repo::last(path).starts_with("worker.") && path.split('/').count() <= 2
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
            matches!(
                path,
                "public/index.php" | "index.php" | "artisan" | "bootstrap/app.php"
            ) || path.starts_with("routes/")
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
            matches!(name, "Program.cs" | "Startup.cs")
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
