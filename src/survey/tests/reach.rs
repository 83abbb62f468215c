//! What is part of what runs, language by language.

use super::World;
use crate::model::Reach::{Orphan, Reachable, Unknown};

fn python() -> World {
    World::default()
        .manifest("api/requirements.txt", "python")
        .depends("api/requirements.txt", "python", &["fastapi", "redis"])
        .file("api/Dockerfile", &[])
        .fact(
            "entrypoint",
            "api/Dockerfile",
            &[
                ("how", "dockerfile"),
                (
                    "command",
                    r#"["uvicorn", "app.main:app", "--host", "0.0.0.0"]"#,
                ),
            ],
        )
}

#[test]
fn python_imports_are_followed_from_the_command() {
    let survey = python()
        .file("api/app/__init__.py", &[])
        .file(
            "api/app/main.py",
            &["app.routers: health", ".core.limits: Limiter", "redis"],
        )
        .file("api/app/routers/__init__.py", &[])
        .file("api/app/routers/health.py", &["..db: session"])
        .file("api/app/core/limits.py", &[])
        .file("api/app/db.py", &[])
        .file("api/app/redis.py", &[])
        .file("api/app/pool.py", &[])
        .file("api/app/used_by_test.py", &[])
        .file("tests/test_app.py", &["app.used_by_test"])
        .survey();
    for path in [
        "__init__.py",
        "main.py",
        "routers/__init__.py",
        "routers/health.py",
        "core/limits.py",
        "db.py",
    ] {
        assert_eq!(
            survey.reach_of(&format!("api/app/{path}")),
            Reachable,
            "{path}"
        );
    }
    // The package from outside hides the file of the same name.
    for path in ["redis.py", "pool.py", "used_by_test.py"] {
        assert_eq!(
            survey.reach_of(&format!("api/app/{path}")),
            Orphan,
            "{path}"
        );
    }
    assert_eq!(survey.reach_of("tests/test_app.py"), Unknown);
    let entry: Vec<&str> = survey
        .service("api")
        .entrypoints
        .iter()
        .map(crate::model::RepoPath::as_str)
        .collect();
    assert_eq!(entry, ["api/app/main.py"]);
}

#[test]
fn nothing_is_an_orphan_where_no_entry_point_is_known() {
    let survey = World::default()
        .manifest("requirements.txt", "python")
        .file("alone.py", &[])
        .survey();
    assert_eq!(survey.reach_of("alone.py"), Unknown);
}

#[test]
fn what_only_scripts_and_main_guards_use_is_undecided() {
    let survey = python()
        .file("api/app/main.py", &[])
        .file("api/seeding.py", &["app.fixtures"])
        .fact(
            "entrypoint",
            "api/seeding.py",
            &[("how", "main-guard"), ("file", "seeding.py")],
        )
        .file("api/app/fixtures.py", &[])
        .file("api/app/unused.py", &[])
        .survey();
    assert_eq!(survey.reach_of("api/app/fixtures.py"), Unknown);
    assert_eq!(survey.reach_of("api/app/unused.py"), Orphan);
}

#[test]
fn names_in_strings_and_computed_imports_count() {
    let world = || {
        python()
            .file("api/app/main.py", &["importlib"])
            .file("api/app/routers/health.py", &[])
            .file("api/app/unused.py", &[])
            .fact("dynamic-import", "api/app/main.py", &[("how", "open")])
    };
    let survey = world().survey();
    assert_eq!(survey.reach_of("api/app/unused.py"), Unknown);
    let name = [("how", "name"), ("module", "app.routers.health")];
    let survey = world()
        .fact("dynamic-import", "api/app/main.py", &name)
        .survey();
    assert_eq!(survey.reach_of("api/app/routers/health.py"), Reachable);
    assert_eq!(survey.reach_of("api/app/unused.py"), Orphan);
}

#[test]
fn script_imports_are_followed_through_indexes_aliases_and_packages() {
    let survey = World::default()
        .manifest("apps/api/package.json", "npm")
        .fact(
            "entrypoint",
            "apps/api/package.json",
            &[
                ("how", "script"),
                ("name", "start"),
                ("command", "node dist/server.js"),
            ],
        )
        .fact(
            "alias",
            "apps/api/tsconfig.json",
            &[("pattern", "@/*"), ("target", "src/*")],
        )
        .file(
            "apps/api/src/server.ts",
            &["./routes", "@/db", "@clinic/shared", "./late.js"],
        )
        .file("apps/api/src/routes/index.ts", &["express"])
        .file("apps/api/src/db.ts", &[])
        .file("apps/api/src/late.ts", &[])
        .file("apps/api/src/unused.ts", &[])
        .file("apps/api/src/types.d.ts", &[])
        .manifest("packages/shared/package.json", "npm")
        .fact(
            "package",
            "packages/shared/package.json",
            &[("name", "@clinic/shared")],
        )
        .file("packages/shared/src/index.ts", &["./phone"])
        .file("packages/shared/src/phone.ts", &[])
        .file("packages/shared/src/unused.ts", &[])
        .survey();
    for path in [
        "apps/api/src/routes/index.ts",
        "apps/api/src/db.ts",
        "apps/api/src/late.ts",
        "packages/shared/src/phone.ts",
    ] {
        assert_eq!(survey.reach_of(path), Reachable, "{path}");
    }
    assert_eq!(survey.reach_of("apps/api/src/unused.ts"), Orphan);
    assert_eq!(survey.reach_of("apps/api/src/types.d.ts"), Unknown);
    // A library may be used from outside the repository.
    assert_eq!(survey.reach_of("packages/shared/src/unused.ts"), Unknown);
}

#[test]
fn frameworks_load_files_by_convention() {
    let survey = World::default()
        .manifest("package.json", "npm")
        .depends("package.json", "npm", &["next", "react"])
        .file("src/app/patients/page.tsx", &["react", "@/lib/api"])
        .file("src/lib/api.ts", &[])
        .file("src/lib/unused.ts", &[])
        .survey();
    assert_eq!(survey.reach_of("src/app/patients/page.tsx"), Reachable);
    assert_eq!(survey.reach_of("src/lib/api.ts"), Reachable);
    assert_eq!(survey.reach_of("src/lib/unused.ts"), Orphan);
}

#[test]
fn go_folders_are_reached_as_a_whole() {
    let survey = World::default()
        .manifest("go.mod", "go")
        .fact("package", "go.mod", &[("name", "example.org/clinic")])
        .file("cmd/api/main.go", &["example.org/clinic/internal/db"])
        .fact(
            "entrypoint",
            "cmd/api/main.go",
            &[("how", "go-main"), ("file", "main.go")],
        )
        .file("internal/db/open.go", &[])
        .file("internal/db/pool.go", &[])
        .file("internal/limit/limit.go", &[])
        .survey();
    assert_eq!(survey.reach_of("internal/db/pool.go"), Reachable);
    assert_eq!(survey.reach_of("internal/limit/limit.go"), Orphan);
}

#[test]
fn a_file_that_was_not_read_whole_blurs_its_service() {
    let mut world = python()
        .file("api/app/main.py", &[])
        .file("api/app/unused.py", &[]);
    for hits in &mut world.files {
        if hits.file.path.name() == "main.py" {
            hits.skipped.push(crate::model::Skipped {
                path: "api/app/main.py".to_owned(),
                reason: crate::model::SkipReason::Budget,
                detail: None,
            });
        }
    }
    assert_eq!(world.survey().reach_of("api/app/unused.py"), Unknown);
}
