//! Which formats a file reads as: by its name first, by its content where the name is not enough.

mod detect;

#[cfg(test)]
mod tests;

pub(super) use self::detect::Syntax;

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
    /// Bicep.
    Bicep,
    /// Any XML file.
    Xml,
}

impl Format {
    /// All formats, the special ones before the syntaxes they are written in.
    pub const ALL: [Self; 19] = [
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
        Self::Bicep,
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
            Self::Bicep => "bicep",
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
        if syntax == Syntax::Xml && !detect::is_xml(&name, text) {
            return Vec::new();
        }
        let special = match syntax {
            Syntax::Yaml => detect::special_yaml(path, &name, text),
            Syntax::Json => detect::special_json(&name, text),
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
            Self::Bicep => Syntax::Bicep,
            Self::Xml => Syntax::Xml,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
