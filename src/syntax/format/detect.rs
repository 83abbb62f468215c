//! What names and contents say: the syntax of a file and the special format it is in.

use super::Format;
use crate::model::RepoPath;

/// The reader that a format needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) enum Syntax {
    Yaml,
    Json,
    Toml,
    Hcl,
    Bicep,
    Xml,
    Env,
    Properties,
    Ini,
    Dockerfile,
}

impl Syntax {
    /// The syntax of a file, by its name alone.
    pub(in crate::syntax) fn of(path: &RepoPath) -> Option<Self> {
        let name = path.name().to_ascii_lowercase();
        if is_dockerfile(&name) {
            return Some(Self::Dockerfile);
        }
        if is_env(&name) {
            return Some(Self::Env);
        }
        Some(match extension(&name) {
            "yaml" | "yml" => Self::Yaml,
            "json" | "jsonc" | "json5" | "ipynb" | "tfstate" | "webmanifest" | "code-workspace" => {
                Self::Json
            }
            "toml" => Self::Toml,
            "tf" | "tfvars" | "hcl" => Self::Hcl,
            "bicep" => Self::Bicep,
            "xml" | "config" | "csproj" | "fsproj" | "vbproj" | "props" | "targets" | "plist"
            | "nuspec" | "xsd" | "wsdl" | "resx" => Self::Xml,
            "properties" => Self::Properties,
            "ini" | "cfg" => Self::Ini,
            _ => match &*name {
                ".editorconfig" | ".npmrc" | ".yarnrc" | ".flake8" | ".coveragerc"
                | ".pylintrc" => Self::Ini,
                "pipfile" | "poetry.lock" | "cargo.lock" => Self::Toml,
                ".babelrc" | ".eslintrc" | ".prettierrc" | "composer.lock" | "pipfile.lock" => {
                    Self::Json
                }
                _ => return None,
            },
        })
    }

    pub(super) fn format(self) -> Format {
        match self {
            Self::Yaml => Format::Yaml,
            Self::Json => Format::Json,
            Self::Toml => Format::Toml,
            Self::Hcl => Format::Hcl,
            Self::Bicep => Format::Bicep,
            Self::Xml => Format::Xml,
            Self::Env => Format::Env,
            Self::Properties => Format::Properties,
            Self::Ini => Format::Ini,
            Self::Dockerfile => Format::Dockerfile,
        }
    }
}

/// What follows the last dot of a name in lower case; `.env` is all extension.
fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// `.env`, `.env.production`, `prod.env`, `app.env.example`; not program text such as `.env.js`.
fn is_env(name: &str) -> bool {
    let code = [
        "ts", "js", "mjs", "cjs", "py", "rb", "php", "sh", "json", "yaml", "yml", "toml", "md",
    ];
    let begins = [".env.", ".env-", ".env_"]
        .iter()
        .any(|begin| name.starts_with(begin));
    let template = [
        ".env.example",
        ".env.sample",
        ".env.template",
        ".env.dist",
        ".env.local",
    ];
    name == ".envrc"
        || extension(name) == "env"
        || begins && !code.contains(&extension(name))
        || template.iter().any(|end| name.ends_with(end))
}

/// `Dockerfile`, `Dockerfile.prod`, `prod.dockerfile`, `Containerfile`; not their ignore files.
fn is_dockerfile(name: &str) -> bool {
    let other = [
        ".dockerignore",
        ".containerignore",
        ".md",
        ".txt",
        ".sh",
        ".yml",
        ".yaml",
        ".json",
    ];
    let begins = ["dockerfile", "containerfile"].iter().any(|word| {
        name.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
    });
    let ends = [
        ".dockerfile",
        ".containerfile",
        "-dockerfile",
        "_dockerfile",
    ];
    (begins || ends.iter().any(|end| name.ends_with(end)))
        && !other.iter().any(|end| name.ends_with(end))
}

pub(super) fn special_yaml(path: &RepoPath, name: &str, text: &str) -> Option<Format> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if matches!(stem, "kustomization" | "kustomizeconfig") {
        return Some(Format::Kustomize);
    }
    if path.dir() == ".github/workflows" || path.dir().ends_with("/.github/workflows") {
        return Some(Format::GithubWorkflow);
    }
    if name.ends_with(".gitlab-ci.yml")
        || name.ends_with(".gitlab-ci.yaml")
        || path.dir().ends_with(".gitlab/ci")
    {
        return Some(Format::GitlabCi);
    }
    if is_compose_name(stem) {
        return Some(Format::Compose);
    }
    let keys = TopKeys::of(text);
    if keys.api_version && keys.kind {
        let kustomize = keys.kustomize;
        return Some(if kustomize {
            Format::Kustomize
        } else {
            Format::Kubernetes
        });
    }
    if keys.compose_services {
        return Some(Format::Compose);
    }
    (stem == "values"
        || stem.starts_with("values-")
        || stem.starts_with("values.")
        || stem.ends_with("-values")
        || stem.ends_with(".values"))
    .then_some(Format::HelmValues)
}

/// `compose`, `docker-compose.prod`, `compose-dev`, `prod.compose`: the word stands by itself.
fn is_compose_name(stem: &str) -> bool {
    stem.split(['.', '-', '_']).any(|word| word == "compose")
}

pub(super) fn special_json(name: &str, text: &str) -> Option<Format> {
    if extension(name) == "ipynb" {
        return Some(Format::Notebook);
    }
    if name == "package.json" {
        return Some(Format::PackageJson);
    }
    if (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && extension(name) == "json" {
        return Some(Format::Tsconfig);
    }
    // Only small objects that say so at their beginning: JSON manifests are rare.
    let head = text.get(..512).unwrap_or(text);
    (head.contains("\"apiVersion\"") && head.contains("\"kind\"")).then_some(Format::Kubernetes)
}

/// `.config` and `.props` are names of other formats too.
pub(super) fn is_xml(name: &str, text: &str) -> bool {
    extension(name) == "xml"
        || text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<')
}

/// What the keys at column 0 of a YAML text say about it.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent observations"
)]
struct TopKeys {
    api_version: bool,
    kind: bool,
    kustomize: bool,
    compose_services: bool,
}

impl TopKeys {
    fn of(text: &str) -> Self {
        let mut keys = Self::default();
        let mut services = false;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let indented = line.starts_with([' ', '\t']);
            if indented {
                // `image` or `build` two levels below `services` makes it Compose.
                let key = line.trim_start();
                keys.compose_services |=
                    services && (key.starts_with("image:") || key.starts_with("build:"));
                continue;
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            services = line.trim_end() == "services:";
            keys.api_version |= line
                .strip_prefix("apiVersion:")
                .is_some_and(is_kubernetes_api);
            keys.kind |= line.starts_with("kind:");
            keys.kustomize |= line.starts_with("apiVersion: kustomize.config.k8s.io/");
        }
        keys
    }
}

/// Other tools borrow the envelope of Kubernetes for files that no cluster ever sees.
fn is_kubernetes_api(version: &str) -> bool {
    let version = version.trim().trim_matches(['"', '\'']);
    let others = [
        "preop.dev/",
        "skaffold/",
        "backstage.io/",
        "kind.x-k8s.io/",
        "k3d.io/",
        "ctlptl.dev/",
    ];
    !others.iter().any(|other| version.starts_with(other))
}
