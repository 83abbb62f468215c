use super::Format;
use crate::model::RepoPath;

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
        (".env.js", "", ""),
        ("deploy/app.env.example", "", "env"),
        ("logstash.config", "input {}", ""),
        (
            "rules/a.yaml",
            "apiVersion: preop.dev/v1\nkind: Rule\n",
            "yaml",
        ),
        ("application.properties", "", "properties"),
        ("setup.cfg", "", "ini"),
        ("main.tf", "", "hcl"),
        ("pom.xml", "", "xml"),
        ("Api.csproj", "<Project/>", "xml"),
        ("Web.config", "\u{feff}<?xml?>", "xml"),
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
