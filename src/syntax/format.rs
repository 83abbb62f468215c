//! Which formats a file reads as: by its name first, by its content where the name is not enough.

use crate::model::RepoPath;
use std::fmt;

/// A document format, as rules name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Docker Compose, resolved: anchors, merge keys, `extends`, defaults of variables.
    Compose,
    /// Kubernetes manifests and custom resources.
    Kubernetes,
    /// `values.yaml` of a Helm chart.
    HelmValues,
    /// `kustomization.yaml`.
    Kustomize,
    /// Dockerfiles and Containerfiles.
    Dockerfile,
    /// Workflows of GitHub Actions.
    GithubWorkflow,
    /// `.gitlab-ci.yml`.
    GitlabCi,
    /// `package.json`.
    PackageJson,
    /// `tsconfig.json` and its variants.
    Tsconfig,
    /// `.env` files.
    Env,
    /// Java properties.
    Properties,
    /// INI files.
    Ini,
    /// Jupyter notebooks.
    Notebook,
    /// Any YAML file.
    Yaml,
    /// Any JSON file.
    Json,
    /// Any TOML file.
    Toml,
    /// Terraform and other HCL.
    Hcl,
    /// Any XML file.
    Xml,
}

/// The reader that a format needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Yaml,
    Json,
    Toml,
    Hcl,
    Xml,
    Env,
    Properties,
    Ini,
    Dockerfile,
}

impl Format {
    /// All formats, the special ones before the syntaxes they are written in.
    pub const ALL: [Self; 18] = [
        Self::Compose,
        Self::Kubernetes,
        Self::HelmValues,
        Self::Kustomize,
        Self::Dockerfile,
        Self::GithubWorkflow,
        Self::GitlabCi,
        Self::PackageJson,
        Self::Tsconfig,
        Self::Env,
        Self::Properties,
        Self::Ini,
        Self::Notebook,
        Self::Yaml,
        Self::Json,
        Self::Toml,
        Self::Hcl,
        Self::Xml,
    ];

    /// The word used in rules.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
            Self::HelmValues => "helm-values",
            Self::Kustomize => "kustomize",
            Self::Dockerfile => "dockerfile",
            Self::GithubWorkflow => "github-workflow",
            Self::GitlabCi => "gitlab-ci",
            Self::PackageJson => "package-json",
            Self::Tsconfig => "tsconfig",
            Self::Env => "env",
            Self::Properties => "properties",
            Self::Ini => "ini",
            Self::Notebook => "notebook",
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Toml => "toml",
            Self::Hcl => "hcl",
            Self::Xml => "xml",
        }
    }

    /// The format of that name.
    ///
    /// ```
    /// # use preop::syntax::Format;
    /// assert_eq!(Format::from_name("gitlab-ci"), Some(Format::GitlabCi));
    /// assert_eq!(Format::from_name("docker"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Every format that the file `path` with this text reads as, the special ones first.
    pub fn detect(path: &RepoPath, text: &str) -> Vec<Self> {
        let Some(syntax) = Syntax::of(path) else {
            return Vec::new();
        };
        let name = path.name().to_ascii_lowercase();
        let special = match syntax {
            Syntax::Yaml => special_yaml(path, &name, text),
            Syntax::Json => special_json(&name, text),
            _ => None,
        };
        special.into_iter().chain([syntax.format()]).collect()
    }

    /// May a file of this name be a document at all? Looks at the name alone.
    pub fn may_be(path: &RepoPath) -> bool {
        Syntax::of(path).is_some()
    }

    /// The reader for a file of this format.
    pub(super) fn syntax(self, path: &RepoPath) -> Syntax {
        match self {
            Self::Kubernetes | Self::GitlabCi | Self::Compose | Self::Yaml
                if Syntax::of(path) == Some(Syntax::Json) =>
            {
                Syntax::Json
            }
            Self::Compose
            | Self::Kubernetes
            | Self::HelmValues
            | Self::Kustomize
            | Self::GithubWorkflow
            | Self::GitlabCi
            | Self::Yaml => Syntax::Yaml,
            Self::PackageJson | Self::Tsconfig | Self::Notebook | Self::Json => Syntax::Json,
            Self::Dockerfile => Syntax::Dockerfile,
            Self::Env => Syntax::Env,
            Self::Properties => Syntax::Properties,
            Self::Ini => Syntax::Ini,
            Self::Toml => Syntax::Toml,
            Self::Hcl => Syntax::Hcl,
            Self::Xml => Syntax::Xml,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Syntax {
    /// The syntax of a file, by its name alone.
    pub(super) fn of(path: &RepoPath) -> Option<Self> {
        let name = path.name().to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if is_dockerfile(&name) {
            return Some(Self::Dockerfile);
        }
        if name == ".env" || name.starts_with(".env.") || name.ends_with(".env") || name == ".envrc"
        {
            return Some(Self::Env);
        }
        Some(match extension {
            "yaml" | "yml" => Self::Yaml,
            "json" | "jsonc" | "json5" | "ipynb" | "tfstate" | "webmanifest" | "code-workspace" => {
                Self::Json
            }
            "toml" => Self::Toml,
            "tf" | "tfvars" | "hcl" => Self::Hcl,
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

    fn format(self) -> Format {
        match self {
            Self::Yaml => Format::Yaml,
            Self::Json => Format::Json,
            Self::Toml => Format::Toml,
            Self::Hcl => Format::Hcl,
            Self::Xml => Format::Xml,
            Self::Env => Format::Env,
            Self::Properties => Format::Properties,
            Self::Ini => Format::Ini,
            Self::Dockerfile => Format::Dockerfile,
        }
    }
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

fn special_yaml(path: &RepoPath, name: &str, text: &str) -> Option<Format> {
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

fn special_json(name: &str, text: &str) -> Option<Format> {
    if name.ends_with(".ipynb") {
        return Some(Format::Notebook);
    }
    if name == "package.json" {
        return Some(Format::PackageJson);
    }
    if (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json") {
        return Some(Format::Tsconfig);
    }
    // Only small objects that say so at their beginning: JSON manifests are rare.
    let head = text.get(..512).unwrap_or(text);
    (head.contains("\"apiVersion\"") && head.contains("\"kind\"")).then_some(Format::Kubernetes)
}

/// What the keys at column 0 of a YAML text say about it.
#[derive(Default)]
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
            keys.api_version |= line.starts_with("apiVersion:");
            keys.kind |= line.starts_with("kind:");
            keys.kustomize |= line.starts_with("apiVersion: kustomize.config.k8s.io/");
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(path: &str, text: &str) -> String {
        let formats = Format::detect(&RepoPath::new(path).unwrap(), text);
        formats
            .iter()
            .map(|format| format.name())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn names_decide_first_and_content_second() {
        let kubernetes = "apiVersion: apps/v1\nkind: Deployment\n";
        for (path, text, want) in [
            ("compose.yaml", "", "compose yaml"),
            ("deploy/docker-compose.prod.yml", "", "compose yaml"),
            (
                "stack.yml",
                "services:\n  api:\n    image: clinic/api\n",
                "compose yaml",
            ),
            ("services.yml", "services:\n  App\\Service: ~\n", "yaml"),
            ("composer.yaml", "a: 1\n", "yaml"),
            ("k8s/api.yaml", kubernetes, "kubernetes yaml"),
            (
                "k8s/api.yaml",
                "spec:\n  apiVersion: v1\n  kind: Pod\n",
                "yaml",
            ),
            (
                "k8s/api.json",
                "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}",
                "kubernetes json",
            ),
            ("k8s/kustomization.yaml", "", "kustomize yaml"),
            ("chart/values.yaml", "", "helm-values yaml"),
            ("chart/values-prod.yaml", "", "helm-values yaml"),
            (".github/workflows/ci.yml", "", "github-workflow yaml"),
            (".gitlab-ci.yml", "", "gitlab-ci yaml"),
            ("package.json", "", "package-json json"),
            ("app/tsconfig.build.json", "", "tsconfig json"),
            ("a.ipynb", "", "notebook json"),
            ("infra/terraform.tfstate", "", "json"),
            ("Dockerfile", "", "dockerfile"),
            ("docker/Dockerfile.prod", "", "dockerfile"),
            ("api.Dockerfile", "", "dockerfile"),
            ("Containerfile", "", "dockerfile"),
            ("Dockerfile.dockerignore", "", ""),
            (".env", "", "env"),
            (".env.production", "", "env"),
            ("config/prod.env", "", "env"),
            ("application.properties", "", "properties"),
            ("setup.cfg", "", "ini"),
            ("main.tf", "", "hcl"),
            ("pom.xml", "", "xml"),
            ("Api.csproj", "", "xml"),
            ("Web.config", "", "xml"),
            ("pyproject.toml", "", "toml"),
            ("src/main.rs", "", ""),
        ] {
            assert_eq!(detect(path, text), want, "{path}");
        }
    }

    #[test]
    fn every_name_leads_back_to_its_format() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
    }
}
