//! The table of roles: what a person would say of each path.

use super::*;

fn check(want: Role, paths: &[&str]) {
    for path in paths {
        assert_eq!(role(&RepoPath::new(path).unwrap()), want, "{path}");
    }
}

#[test]
fn production() {
    check(
        Role::Production,
        &[
            "src/main.rs",
            "backend/app/main.py",
            "backend/app/api/health.py",
            "docker-compose.yml",
            "docker-compose.prod.yml",
            "compose.staging.yaml",
            "Dockerfile",
            "Dockerfile.prod",
            ".env",
            ".env.local",
            ".env.production",
            ".env.production.local",
            "config/production.json",
            "config/default.json",
            "appsettings.json",
            "application-prod.yml",
            "k8s/overlays/prod/kustomization.yaml",
            "terraform/prod/main.tf",
            ".github/workflows/ci.yml",
            "package.json",
            "requirements.txt",
            "templates/email.template.html",
            "nginx/default.conf.template",
            "cloudformation/app.template.json",
            "src/env.ts",
            "src/test-results.ts",
            "src/debug-panel.ts",
            "src/env.schema.ts",
            "entrypoint.sh",
            "backend/docker-entrypoint.sh",
            "scripts/docker-entrypoint.sh",
            "start.sh",
            "bin/www",
            "src/bin/server.ts",
            "frontend/src/services/api.js",
            "build/webpack.prod.conf.js",
        ],
    );
}

#[test]
fn words_of_the_clinic_and_of_frameworks_are_production() {
    check(
        Role::Production,
        &[
            "src/latest/Card.tsx",
            "src/testimonials/Card.tsx",
            "src/main/java/com/example/demo/DemoApplication.java",
            "src/main/java/org/openelisglobal/test/valueholder/Test.java",
            "src/main/java/org/openelisglobal/sample/service/SampleService.java",
            "app/models/lab_test.py",
            "src/main/kotlin/clinic/LabTest.kt",
            "Clinic.Api/Models/LabTest.cs",
            "app/samples/routes.py",
            "src/coverage/eligibility.ts",
            "app/vendor/invoices.py",
            "app/tests/page.tsx",
            "resources/mapping/patient.map",
            "app/demo/router.py",
            "agents/tools/schedule.py",
            "public/scripts/app.js",
            "Web/Scripts/login.js",
            "src/docs/swagger.ts",
            "lib/backup.py",
            "services/db_backup.py",
            "patient_copy.py",
            "k8s/pods/api.yaml",
        ],
    );
}

#[test]
fn tests_and_their_data() {
    check(
        Role::Test,
        &[
            "tests/test_api.py",
            "backend/tests/conftest.py",
            "backend/conftest.py",
            "backend/app/test_main.py",
            "pkg/auth/auth_test.go",
            "src/components/__tests__/Login.tsx",
            "src/Login.test.tsx",
            "src/login.spec.ts",
            "apps/ehr/tests/e2e/page/Patient.ts",
            "cypress/support/index.js",
            "e2e/login.cy.ts",
            "src/test/java/org/clinic/AuthTest.java",
            "src/test/resources/application.yml",
            "app/src/androidTest/java/org/x/LoginIT.kt",
            "app/src/testDebug/kotlin/X.kt",
            "shared/src/commonTest/kotlin/X.kt",
            "Clinic.Api.Tests/AuthController.cs",
            "test/AuthTests.swift",
            "spec/models/user_spec.rb",
            "spec/fixtures/users.yml",
            "src/stories/Button.stories.tsx",
            "src/Button.stories.tsx",
            "src/mocks/handlers.ts",
            "src/__mocks__/fs.js",
            "tests/fixtures/.env",
            "tests/docker-compose.yml",
            "tests/migrations/0001_initial.py",
            "jest.config.js",
            "vitest.config.ts",
            "playwright.config.ts",
            "pytest.ini",
            "fixtures/repos/bad/Dockerfile",
            "benches/audit.rs",
            "features/login.feature",
            "k6/load.js",
        ],
    );
}

#[test]
fn examples() {
    check(
        Role::Example,
        &[
            ".env.example",
            "backend/.env.sample",
            ".env.template",
            ".env.dist",
            ".env.development.example",
            ".env.local.template",
            "env.example",
            "example.env",
            "examples/server.py",
            "docs/examples/app.py",
            "config.example.yml",
            "config/database.yml.example",
            "settings.json.sample",
            "samples/patient.json",
            "demo/app.js",
        ],
    );
}

#[test]
fn docs() {
    check(
        Role::Docs,
        &[
            "README.md",
            "LICENSE",
            "CHANGELOG.rst",
            "docs/deploy.sh",
            "docs/docker-compose.yml",
            "backend/README",
            "SECURITY.md",
            "wiki/Home.adoc",
            "website/docs/intro.mdx",
            "NOTICE.txt",
            ".github/ISSUE_TEMPLATE/bug_report.md",
        ],
    );
}

#[test]
fn generated_by_name() {
    check(
        Role::Generated,
        &[
            "package-lock.json",
            "frontend/yarn.lock",
            "poetry.lock",
            "go.sum",
            "api/v1/patient.pb.go",
            "proto/patient_pb2_grpc.py",
            "lib/models/user.g.dart",
            "public/js/app.min.js",
            "public/js/app.js.map",
            "dist/index.js",
            "frontend/build/static/js/main.js",
            "src/generated/client.ts",
            "src/__snapshots__/App.test.tsx.snap",
            "Migrations/20240101_Init.Designer.cs",
            ".terraform.lock.hcl",
            "coverage/lcov-report/index.html",
        ],
    );
}

#[test]
fn vendored() {
    check(
        Role::Vendored,
        &[
            "node_modules/left-pad/index.js",
            "vendor/github.com/x/y.go",
            "backend/vendor/autoload.php",
            "static/vendor/bootstrap-3.3.6/js/bootstrap.js",
            "src/static/vendor/jquery.js",
            "third_party/zlib/zlib.h",
            ".yarn/releases/yarn-3.6.1.cjs",
            "ios/Pods/AFNetworking/a.m",
            "wwwroot/lib/bootstrap/bootstrap.js",
            "gradlew",
            "public/jquery-3.3.1.js",
            "node_modules/x/test/index.test.js",
        ],
    );
}

#[test]
fn migrations() {
    check(
        Role::Migration,
        &[
            "app/migrations/0001_initial.py",
            "alembic/versions/ab12_add_consent.py",
            "alembic/env.py",
            "db/migrate/20240101_create_users.rb",
            "prisma/migrations/2024_init/migration.sql",
            "src/main/resources/db/migration/V1__init.sql",
            "sql/V2_1__add_index.sql",
            "db/changelog/db.changelog-master.xml",
            "supabase/migrations/2024_init.sql",
            "Clinic.Data/Migrations/2024_Init.cs",
            "src/migration/1620000000000-AddConsent.ts",
            "scripts/migrations/001.sql",
        ],
    );
}

#[test]
fn development_configuration() {
    check(
        Role::DevConfig,
        &[
            "docker-compose.dev.yml",
            "docker-compose.override.yml",
            "docker-compose-local.yaml",
            "docker-compose.tests.yaml",
            "requirements-dev.txt",
            "backend/requirements_local_dev.txt",
            "requirements/dev.txt",
            "compose.test.yaml",
            "dev.docker-compose.yml",
            ".devcontainer/devcontainer.json",
            ".vscode/settings.json",
            "Dockerfile.dev",
            "dev.Dockerfile",
            "appsettings.Development.json",
            ".env.development",
            ".env.development.local",
            ".env.test",
            "application-dev.yml",
            "application-local.properties",
            "config/development.json",
            "config/environments/development.rb",
            "settings/dev.py",
            "values-dev.yaml",
            "k8s/overlays/dev/kustomization.yaml",
            "terraform/dev/main.tf",
            "dev.tfvars",
            "skaffold.dev.yaml",
            ".eslintrc.json",
            ".pre-commit-config.yaml",
            "app/src/debug/AndroidManifest.xml",
            "src/environments/environment.development.ts",
        ],
    );
}

#[test]
fn scripts() {
    check(
        Role::Script,
        &[
            "scripts/deploy.py",
            "backend/scripts/active/load.py",
            "packages/zambdas/src/scripts/fix.ts",
            "deploy.sh",
            "bin/console",
            "bin/release.sh",
            "tools/gen.py",
            "hack/update.sh",
            "prisma/seed.ts",
            "supabase/seed.sql",
            "seeds/patients.json",
            "database/seeders/DatabaseSeeder.php",
            "app/seed_data.py",
            "Makefile",
            "notebooks/eda.ipynb",
        ],
    );
}

#[test]
fn backups() {
    check(
        Role::Backup,
        &[
            "users.py.bak",
            "src/App.jsx.old",
            "config.yml~",
            "main.py.orig",
            ".env.backup",
            ".env.keep",
            ".env.production.bak",
            "src/App copy.jsx",
            "Copy of deploy.yaml",
            "tests/api.py.bak",
        ],
    );
}

#[test]
fn what_is_run_by_hand_beside_a_manifest() {
    check(
        Role::Test,
        &["test-server.js", "backend/test-login.mjs", "load-test.ts"],
    );
    check(Role::Script, &["debug-login.js", "backend/debug_queue.py"]);
}
