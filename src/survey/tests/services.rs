//! Which folders are services, what they are called, and what kind they are.

use super::World;

fn roots(world: World) -> Vec<String> {
    world
        .survey()
        .services
        .into_iter()
        .map(|service| service.root)
        .collect()
}

#[test]
fn code_without_any_manifest_is_one_service_at_the_root() {
    let world = World::default()
        .file("app/main.py", &[])
        .file("lib/db.py", &[]);
    let survey = world.survey();
    assert_eq!(survey.services.len(), 1);
    assert_eq!(
        (survey.service("").name.as_str(), survey.service("").files),
        ("clinic", 2)
    );
    assert!(survey.service("").manifest.is_none());
}

#[test]
fn a_repository_without_code_has_no_service() {
    assert!(
        roots(
            World::default()
                .manifest("package.json", "npm")
                .file("README.md", &[])
        )
        .is_empty()
    );
}

#[test]
fn folders_with_manifests_and_code_are_services_and_the_workspace_around_them_is_none() {
    let world = World::default()
        .manifest("package.json", "npm")
        .file("vite.config.ts", &[])
        .manifest("apps/web/package.json", "npm")
        .file("apps/web/src/main.ts", &[])
        .manifest("packages/shared/package.json", "npm")
        .file("packages/shared/index.ts", &[])
        .manifest("packages/tsconfig/package.json", "npm");
    assert_eq!(roots(world), ["apps/web", "packages/shared"]);
}

#[test]
fn a_tool_in_a_hidden_folder_is_no_service() {
    let world = World::default()
        .manifest("web/package.json", "npm")
        .file("web/index.js", &[])
        .manifest(".github/actions/notify/package.json", "npm")
        .file(".github/actions/notify/index.js", &[]);
    assert_eq!(roots(world), ["web"]);
}

#[test]
fn a_folder_that_an_image_is_built_from_is_a_service() {
    let world = World::default()
        .file("worker/Dockerfile", &[])
        .file("worker/run.py", &[])
        .file("deploy/Dockerfile", &[])
        .manifest("web/package.json", "npm")
        .file("web/index.js", &[]);
    let survey = world.survey();
    let names: Vec<&str> = survey
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    assert_eq!(names, ["web", "worker"]);
    assert_eq!(
        survey.service("worker").manifest.as_ref().unwrap().as_str(),
        "worker/Dockerfile"
    );
}

#[test]
fn a_folder_that_compose_builds_is_a_service() {
    let world = World::default()
        .file("compose.yaml", &[])
        .fact("build", "compose.yaml", &[("context", "./api")])
        .file("api/main.py", &[])
        .manifest("web/package.json", "npm")
        .file("web/index.js", &[]);
    assert_eq!(roots(world), ["api", "web"]);
}

#[test]
fn code_outside_every_service_is_one_more() {
    let world = World::default()
        .manifest("frontend/package.json", "npm")
        .file("frontend/src/index.js", &[])
        .file("backend/main.py", &[])
        .file("backend/db.py", &[]);
    assert_eq!(roots(world), ["backend", "frontend"]);
}

#[test]
fn requirements_in_their_own_folder_speak_for_the_folder_around() {
    let world = World::default()
        .manifest("api/requirements/base.txt", "python")
        .file("api/main.py", &[])
        .depends("api/requirements/base.txt", "python", &["fastapi"]);
    let survey = world.survey();
    assert_eq!(survey.services.len(), 1);
    assert!(survey.service("api").dependencies.contains_key("fastapi"));
}

#[test]
fn equal_folder_names_are_told_apart_by_their_roots() {
    let world = World::default()
        .manifest("apps/ehr/package.json", "npm")
        .file("apps/ehr/index.ts", &[])
        .manifest("packages/ehr/package.json", "npm")
        .file("packages/ehr/index.ts", &[]);
    let survey = world.survey();
    let names: Vec<&str> = survey
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    assert_eq!(names, ["apps/ehr", "packages/ehr"]);
}

#[test]
fn files_belong_to_the_service_with_the_longest_root() {
    let survey = World::default()
        .manifest("package.json", "npm")
        .file("server.js", &[])
        .manifest("client/package.json", "npm")
        .file("client/src/index.js", &[])
        .survey();
    let owner = |path: &str| survey.owner[&crate::model::RepoPath::new(path).unwrap()];
    assert_eq!(survey.services[owner("client/src/index.js")].root, "client");
    assert_eq!(survey.services[owner("server.js")].root, "");
}

#[test]
fn kinds_follow_from_what_a_service_does() {
    let survey = World::default()
        .manifest("api/requirements.txt", "python")
        .depends("api/requirements.txt", "python", &["fastapi"])
        .file("api/main.py", &["fastapi: FastAPI"])
        .fact(
            "http-server",
            "api/main.py",
            &[("framework", "fastapi"), ("variable", "app")],
        )
        .manifest("web/package.json", "npm")
        .depends("web/package.json", "npm", &["react"])
        .file("web/index.html", &[])
        .file("web/src/main.tsx", &["react"])
        .manifest("shared/package.json", "npm")
        .file("shared/index.ts", &[])
        .manifest("jobs/requirements.txt", "python")
        .file("jobs/tasks.py", &["celery: Celery"])
        .fact("broker-client", "jobs/tasks.py", &[("client", "celery")])
        .survey();
    let kind = |root: &str| survey.service(root).kind.clone();
    assert_eq!(
        [kind("api"), kind("web"), kind("shared"), kind("jobs")],
        ["api", "web-ui", "library", "worker"]
    );
    assert!(survey.service("api").serves.contains("http"));
    assert!(survey.service("web").serves.is_empty());
}
