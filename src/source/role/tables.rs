//! The names that tell what a file is for. All in lower case; how they are used, and which wins, is
//! decided next door.

/// Folders of somebody else's code.
pub(super) const VENDORED_DIRS: &[&str] = &[
    "node_modules", "bower_components", "jspm_packages", "third_party", "third-party",
    "thirdparty", "vendored", ".yarn", "carthage", "site-packages", ".venv", "virtualenv",
    "__pypackages__", ".bundle",
];

/// Folders of code in which `vendor` is about the people who sell to the hospital.
pub(super) const VENDOR_CODE_DIRS: &[&str] = &["src", "app", "pages", "features", "modules"];

/// Files that tools put into every repository that uses them.
pub(super) const VENDORED_NAMES: &[&str] =
    &["gradlew", "gradlew.bat", "mvnw", "mvnw.cmd", "gradle-wrapper.jar", "maven-wrapper.jar"];

/// Folders that only programs write to.
pub(super) const GENERATED_DIRS: &[&str] = &[
    "dist", "generated", "__generated__", "generated-sources", "generated-src", "__snapshots__",
    "__pycache__", ".next", ".nuxt", ".svelte-kit", ".output", ".angular", ".turbo", ".cache",
    ".parcel-cache", ".dart_tool", ".gradle", ".terraform", "storybook-static", "lcov-report",
    "htmlcov", ".nyc_output", ".pytest_cache", ".mypy_cache", ".ruff_cache",
];

/// What build tools write below `build`: the folder itself often holds files written by hand.
pub(super) const BUILD_OUTPUT_DIRS: &[&str] = &[
    "static", "assets", "classes", "libs", "intermediates", "outputs", "reports", "generated",
    "tmp", "lib", "html", "web",
];

/// Lock files.
pub(super) const LOCK_FILES: &[&str] = &[
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock",
    "bun.lockb", "deno.lock", "poetry.lock", "pipfile.lock", "pdm.lock", "uv.lock", "conda-lock.yml",
    "cargo.lock", "gemfile.lock", "composer.lock", "go.sum", "go.work.sum", "packages.lock.json",
    "podfile.lock", "pubspec.lock", "mix.lock", "flake.lock", "gradle.lockfile",
    "buildscript-gradle.lockfile", ".terraform.lock.hcl", "package.resolved", "chart.lock",
    "paket.lock", "renv.lock",
];

/// Ends of names that generators give their files. A plain `.map` may be a FHIR mapping.
pub(super) const GENERATED_ENDS: &[&str] = &[
    ".min.js", ".min.mjs", ".min.css", ".bundle.js", ".chunk.js", ".chunk.css", ".js.map", ".mjs.map", ".cjs.map",
    ".css.map", ".ts.map", ".pb.go",
    ".pb.gw.go", "_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb.js", "_pb.ts", "_pb.d.ts", ".pb.cc",
    ".pb.h", ".pb.swift", ".pbjson.dart", ".pb.dart", ".g.dart", ".freezed.dart", ".gr.dart",
    ".g.cs", ".designer.cs", ".generated.cs", ".generated.ts", ".generated.tsx", ".generated.js",
    ".generated.go", ".generated.py", ".generated.swift", ".gen.go", ".gen.ts", "_gen.go", ".snap",
    ".pyc", ".tsbuildinfo", ".verified.txt", ".egg-info",
];

/// Beginnings of such names.
pub(super) const GENERATED_STARTS: &[&str] = &["zz_generated", "generatedpluginregistrant"];

/// Ends of names of copies.
pub(super) const BACKUP_ENDS: &[&str] = &[
    ".bak", ".bkp", ".bck", ".backup", ".old", ".orig", ".rej", ".save", ".keep", ".swp", ".swo",
    "~", " copy",
];

/// Folders of tests, wherever they stand.
pub(super) const TEST_DIRS: &[&str] = &[
    "test", "tests", "__tests__", "__test__", "testing", "e2e", "e2e-tests", "cypress",
    "playwright", "__mocks__", "mocks", "__fixtures__", "testdata", "test-data", "test_data",
    "testfixtures", "test-fixtures", "test-utils", "test_utils", "testutil", "testutils",
    "unit-tests", "integration-tests", "integration_tests", "integration-test", "unittests",
    "integrationtests", "functional-tests", "acceptance-tests", "smoke-tests", "load-tests",
    "loadtests", "load_tests", "loadtest", "perf-tests", "performance-tests", "k6", "bench",
    "benches", "benchmarks", ".storybook", "stories", "testcontainers",
];

/// Words before the last extension of code: `login.test.ts`.
pub(super) const TEST_TAGS: &[&str] =
    &["test", "tests", "spec", "specs", "e2e", "e2e-spec", "cy", "stories", "story", "mock", "unit",
      "integration", "int-spec", "bench"];

/// Ends of the stems of test classes, by file extension. Case matters: `LatestVitals` is no test.
pub(super) const TEST_CLASS_ENDS: &[&str] =
    &["Test", "Tests", "TestCase", "IT", "ITCase", "Spec", "Specs", "IntegrationTests"];

/// Ends of the names of test projects, likewise.
pub(super) const TEST_PROJECT_ENDS: &[&str] =
    &[".Test", ".Tests", ".UnitTests", ".IntegrationTests", ".FunctionalTests", "UITests"];

/// Languages whose test classes are named so.
pub(super) const TEST_CLASS_EXTENSIONS: &[&str] =
    &["java", "kt", "groovy", "scala", "cs", "swift", "php"];

/// Files that configure tests.
pub(super) const TEST_NAMES: &[&str] = &[
    "conftest.py", "pytest.ini", "tox.ini", "noxfile.py", ".coveragerc", ".nycrc", "phpunit.xml",
    "phpunit.xml.dist", "setuptests.ts", "setuptests.js", "setuptests.tsx", "testsetup.ts",
    "test-setup.ts", "karma.conf.js", "karma.conf.ts", "protractor.conf.js", "cypress.json",
    ".rspec", "codeception.yml", "behat.yml",
];

/// Beginnings of names of test configuration.
pub(super) const TEST_STARTS: &[&str] = &[
    "jest.", "jest-", "vitest.", "playwright.", "cypress.", "wdio.", ".mocharc", "mocha.opts",
    "codecov.",
];

/// Folders in which names such as `test` or `sample` are things of the clinic, not of the
/// programmer: a laboratory test, a blood sample.
pub(super) const DOMAIN_DIRS: &[&str] = &[
    "models", "model", "entities", "entity", "domain", "schemas", "schema", "dto", "dtos", "api",
    "routes", "routers", "controllers", "views", "serializers", "repositories", "services",
    "resolvers", "features", "types",
];

/// Folders below which everything is code that runs.
pub(super) const CODE_DIRS: &[&str] =
    &["src", "app", "lib", "api", "pages", "features", "modules", "internal", "pkg", "server"];

/// Files that frameworks serve by their name.
pub(super) const ROUTE_STEMS: &[&str] =
    &["page", "route", "layout", "loading", "template", "default", "error", "not-found"];

/// Folders that show how something is used.
pub(super) const EXAMPLE_DIRS: &[&str] = &[
    "examples", "example", "tutorial", "tutorials", "quickstart", "quickstarts",
    "playground", "sample-app", "sample-apps", "sample-data", "sample_data", "sampledata",
    "example-app", "cookbook",
];

/// The same, unless they stand inside code.
pub(super) const EXAMPLE_DIRS_OUTSIDE_CODE: &[&str] = &["samples", "sample", "demos", "demo", "showcase"];

/// Words in a name that mark something to be copied and filled in.
pub(super) const EXAMPLE_TAGS: &[&str] = &["example", "sample", "dist"];

/// The same, for environment files alone: `email.template.html` is sent to patients.
pub(super) const ENV_TEMPLATE_TAGS: &[&str] =
    &["example", "sample", "dist", "template", "tpl", "tmpl", "defaults", "schema", "skel"];

/// Folders of documentation, unless they stand inside code.
pub(super) const DOCS_DIRS: &[&str] =
    &["docs", "doc", "documentation", "wiki", "adr", "adrs", "rfcs", "runbooks"];

/// Formats of prose.
pub(super) const DOCS_EXTENSIONS: &[&str] =
    &["md", "mdx", "markdown", "rst", "adoc", "asciidoc", "org", "textile"];

/// Beginnings of names of documents that have no extension, or `.txt`.
pub(super) const DOCS_STARTS: &[&str] = &[
    "readme", "license", "licence", "changelog", "contributing", "notice", "authors", "copying",
    "code_of_conduct", "maintainers", "history", "changes", "security",
];

/// Folders of database migrations.
pub(super) const MIGRATION_DIRS: &[&str] =
    &["migrations", "alembic", "flyway", "liquibase", "dbmigrations", "db-migrations"];

/// Folders of migrations when one of [`DATABASE_DIRS`] stands before them.
pub(super) const MIGRATION_DIRS_IN_DATABASE: &[&str] =
    &["migration", "migrate", "changelog", "changelogs", "versions"];

/// Folders about databases.
pub(super) const DATABASE_DIRS: &[&str] =
    &["db", "database", "databases", "sql", "prisma", "supabase"];

/// What marks an environment that no patient's data is in.
pub(super) const DEV_TAGS: &[&str] =
    &["dev", "devel", "develop", "development", "local", "localhost", "test", "testing", "e2e", "ci"];

/// The same, for Compose files, that are also merged for development under these names.
pub(super) const COMPOSE_DEV_TAGS: &[&str] = &["override", "debug", "tools", "tests"];

/// Folders that configure a workplace.
pub(super) const DEV_DIRS: &[&str] =
    &[".devcontainer", ".vscode", ".idea", ".husky", ".fleet", ".zed", ".gitpod", ".vs", ".cursor",
      ".windsurf", ".claude", ".codex", ".agents"];

/// Folders whose children are environments: `overlays/dev`.
pub(super) const ENVIRONMENT_DIRS: &[&str] =
    &["overlays", "environments", "envs", "env", "stages", "clusters", "terraform", "k8s", "deploy",
      "kustomize", "infra", "values", "inventories"];

/// Files that configure a workplace.
pub(super) const DEV_NAMES: &[&str] = &[
    "tiltfile", "vagrantfile", "nodemon.json", ".pre-commit-config.yaml", ".editorconfig",
    ".lintstagedrc", ".gitpod.yml", "devfile.yaml", "devspace.yaml", "launchsettings.json",
    ".eslintignore", ".prettierignore", "docker-bake.override.hcl", "local_settings.py",
    "mirrord.json",
];

/// Beginnings of names of linters' and formatters' configuration.
pub(super) const DEV_STARTS: &[&str] = &[
    ".eslintrc", "eslint.config.", ".prettierrc", "prettier.config.", ".stylelintrc",
    "stylelint.config.", "commitlint.config.", ".commitlintrc", "lint-staged.config.",
    ".lintstagedrc.", "biome.json",
];

/// Beginnings of names of configuration that comes once for each environment.
pub(super) const CONFIG_STEMS: &[&str] = &[
    "application", "bootstrap", "appsettings", "values", "config", "settings", "skaffold",
    "dockerfile", "environment", "terraform", "helmfile", "kustomization", "logback",
    "firebase", "wrangler", "capacitor.config",
];

/// Folders that hold one file for each environment.
pub(super) const CONFIG_DIRS: &[&str] =
    &["config", "configs", "settings", "environments", "values", "requirements"];

/// Folders of files that are run by hand or by a job.
pub(super) const SCRIPT_DIRS: &[&str] =
    &["scripts", "script", "hack", "seeds", "seed", "seeders", "seeder", "seeding", "notebooks"];

/// Folders whose scripts are sent to browsers.
pub(super) const WEB_DIRS: &[&str] =
    &["static", "public", "wwwroot", "www", "htdocs", "assets", "webapp", "content"];

/// Tools that run tasks.
pub(super) const SCRIPT_NAMES: &[&str] = &[
    "makefile", "gnumakefile", "justfile", "rakefile", "taskfile.yml", "taskfile.yaml", "fabfile.py",
    "tasks.py", "gulpfile.js", "gruntfile.js", "dangerfile", "fastfile",
];

/// Words that begin the names of scripts that containers start: these run in production.
pub(super) const ENTRYPOINT_STARTS: &[&str] =
    &["entrypoint", "docker-entrypoint", "docker_entrypoint", "start", "run", "serve", "boot",
      "launch", "init", "healthcheck", "www"];

/// Marks of a generator in the first lines of a file, in lower case.
pub(super) const GENERATED_MARKS: &[&str] = &[
    "@generated", "<auto-generated", "this file is automatically generated",
    "this file was automatically generated", "this file is auto-generated",
    "this file is autogenerated", "this file was auto-generated", "this file was autogenerated",
    "this code was generated by", "this class was generated", "generated by the protocol buffer compiler",
    "auto-generated file, do not edit", "auto-generated. do not edit", "autogenerated by",
    "automatically generated by", "generated by openapi", "generated file. do not edit",
    "generated code - do not modify", "code generated from",
];
