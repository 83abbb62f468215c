//! What a file is for, told from its path alone. [`sniff`] corrects the answer where the first bytes
//! of a file say that a program wrote it.
//!
//! The first of these that holds wins:
//!
//! 1. *vendored*: nobody here wrote it, whatever it is
//! 2. *generated*: nobody wrote it
//! 3. *backup*: `users.py.bak` is no source file, wherever it lies
//! 4. *test*: tests have their own examples, documents, migrations and configuration
//! 5. *example*: `.env.development.example` is a template, and configures nothing
//! 6. *docs*: so are Compose files in `docs/`
//! 7. *migration*: `scripts/migrations/` changes a schema
//! 8. *development configuration*: `scripts/.env.test` does, too
//! 9. *script*
//! 10. *production*: everything else. When in doubt, a file runs in production: a finding that
//!     is shown too severe is seen, and one that is shown too mild is not.
//!
//! Clinics have words of their own. `LabTest`, `samples/` and `coverage/` (tests, specimens and
//! insurance) are production code when they stand in it, and Java packages say nothing at all.

mod sniff;
// One word a line would make three pages of one.
#[rustfmt::skip]
mod tables;
#[cfg(test)]
mod tests;

pub use sniff::sniff;

use crate::model::{Language, RepoPath, Role};
use tables as t;

/// What the file at `path` is for.
///
/// ```
/// # use preop::model::{RepoPath, Role};
/// # use preop::source::role;
/// assert_eq!(role(&RepoPath::new("backend/tests/test_auth.py").unwrap()), Role::Test);
/// assert_eq!(role(&RepoPath::new("backend/app/auth.py").unwrap()), Role::Production);
/// ```
pub fn role(path: &RepoPath) -> Role {
    let lower = path.as_str().to_lowercase();
    let words = Words::new(path, &lower);
    if words.is_vendored() {
        Role::Vendored
    } else if words.is_generated() {
        Role::Generated
    } else if words.is_backup() {
        Role::Backup
    } else if words.is_test() {
        Role::Test
    } else if words.is_example() {
        Role::Example
    } else if words.is_docs() {
        Role::Docs
    } else if words.is_migration() {
        Role::Migration
    } else if words.is_dev_config() {
        Role::DevConfig
    } else if words.is_script() {
        Role::Script
    } else {
        Role::Production
    }
}

/// A path, taken apart.
struct Words<'p> {
    path: &'p RepoPath,
    /// Folders in lower case, without the packages of a Java source tree.
    dirs: Vec<&'p str>,
    /// Name in lower case.
    name: &'p str,
    /// Name before its last dot.
    stem: &'p str,
    /// Name after its last dot; `""` if there is none.
    extension: &'p str,
}

impl<'p> Words<'p> {
    fn new(path: &'p RepoPath, lower: &'p str) -> Self {
        let (dir, name) = lower.rsplit_once('/').unwrap_or(("", lower));
        let mut dirs: Vec<&str> = dir.split('/').filter(|dir| !dir.is_empty()).collect();
        let packages = dirs.windows(3).position(|dirs| {
            matches!(dirs, ["src", set, "java" | "kotlin" | "scala" | "groovy"] if !set.contains("test"))
        });
        if let Some(start) = packages {
            dirs.truncate(start + 3);
        }
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, extension),
            _ => (name, ""),
        };
        Self {
            path,
            dirs,
            name,
            stem,
            extension,
        }
    }

    /// Is one of the folders in the table?
    fn is_in(&self, table: &[&str]) -> bool {
        self.dirs.iter().any(|dir| table.contains(dir))
    }

    /// Is one of the folders in the table, with no folder of `outer` around it?
    fn is_in_outside(&self, table: &[&str], outer: &[&str]) -> bool {
        let outside = self.dirs.iter().take_while(|dir| !outer.contains(dir));
        outside.into_iter().any(|dir| table.contains(dir))
    }

    /// Is a folder of `table` somewhere below a folder of `outer`?
    fn is_in_below(&self, table: &[&str], outer: &[&str]) -> bool {
        let mut below = self.dirs.iter().skip_while(|dir| !outer.contains(dir));
        below.next();
        below.any(|dir| table.contains(dir))
    }

    fn starts_with_any(&self, table: &[&str]) -> bool {
        table.iter().any(|start| self.name.starts_with(start))
    }

    fn ends_with_any(&self, table: &[&str]) -> bool {
        table.iter().any(|end| self.name.ends_with(end))
    }

    /// Is one of the words of the name, as divided by `.`, `-` and `_`, in the table?
    fn has_tag(&self, table: &[&str]) -> bool {
        self.name
            .split(['.', '-', '_'])
            .any(|tag| table.contains(&tag))
    }

    fn is_code(&self) -> bool {
        Language::of(self.path).is_some()
    }

    /// The folders as they are written.
    fn written_dirs(&self) -> impl Iterator<Item = &'p str> {
        self.path.dir().split('/')
    }

    /// `.env`, `.env.local`, `prod.env`, `env.example`, but not `env.schema.ts`.
    fn is_env(&self) -> bool {
        let is_named = self.name.starts_with(".env")
            || self.extension == "env"
            || self.name.contains(".env.")
            || self.name.split(['.', '-', '_']).next() == Some("env");
        is_named && !self.is_code()
    }

    fn is_vendored(&self) -> bool {
        self.is_in(t::VENDORED_DIRS)
            || self.written_dirs().any(|dir| dir == "Pods")
            || self.is_in_outside(&["vendor"], t::VENDOR_CODE_DIRS)
            || self.is_in_below(&["vendor"], t::WEB_DIRS)
            || matches!(
                self.dirs.as_slice(),
                [.., "wwwroot", "lib"] | [.., "wwwroot", "lib", _]
            )
            || t::VENDORED_NAMES.contains(&self.name)
            || (self.name.starts_with("jquery") && self.extension == "js")
    }

    fn is_generated(&self) -> bool {
        self.is_in(t::GENERATED_DIRS)
            || t::LOCK_FILES.contains(&self.name)
            || self.ends_with_any(t::GENERATED_ENDS)
            || self.starts_with_any(t::GENERATED_STARTS)
            || self.dirs.windows(2).any(
                |dirs| matches!(dirs, ["build", output] if t::BUILD_OUTPUT_DIRS.contains(output)),
            )
            || self.dirs.iter().any(|dir| dir.ends_with(".egg-info"))
            || matches!(
                self.name,
                "lcov.info" | "coverage-final.json" | "clover.xml"
            )
    }

    fn is_backup(&self) -> bool {
        self.ends_with_any(t::BACKUP_ENDS)
            || self.stem.ends_with(" copy")
            || self.stem.ends_with(" - copy")
            || self.stem.ends_with(" (copy)")
            || self.name.starts_with("copy of ")
            || (self.is_env() && self.has_tag(&["bak", "backup", "old", "keep", "orig", "copy"]))
    }

    fn is_test(&self) -> bool {
        self.is_in_test_dir()
            || t::TEST_NAMES.contains(&self.name)
            || self.starts_with_any(t::TEST_STARTS)
            || matches!(self.extension, "feature" | "bats")
            || (self.is_code() && self.has_test_name())
    }

    fn is_in_test_dir(&self) -> bool {
        // A page for laboratory tests: `app/tests/page.tsx`.
        let is_route = t::ROUTE_STEMS.contains(&self.stem)
            && self.is_in_below(&["test", "tests"], &["app", "pages"]);
        // Source sets of Gradle and projects of .NET: `src/commonTest`, `Clinic.Api.Tests`.
        let is_variant = |set: &str| {
            set.ends_with("Test")
                || set
                    .strip_prefix("test")
                    .is_some_and(|rest| rest.starts_with(char::is_uppercase))
        };
        let is_test_set = self
            .written_dirs()
            .zip(self.written_dirs().skip(1))
            .any(|(outer, set)| outer == "src" && is_variant(set));
        let is_test_project = self
            .written_dirs()
            .any(|dir| t::TEST_PROJECT_ENDS.iter().any(|end| dir.ends_with(end)));
        let is_spec =
            self.is_in(&["spec", "specs"]) && (self.is_code() || self.is_in(&["fixtures"]));
        let is_fixture = self.dirs.first() == Some(&"fixtures");
        (self.is_in(t::TEST_DIRS) && !is_route)
            || is_test_set
            || is_test_project
            || is_spec
            || is_fixture
    }

    fn has_test_name(&self) -> bool {
        let has_tag = self
            .stem
            .rsplit_once('.')
            .is_some_and(|(_, tag)| t::TEST_TAGS.contains(&tag));
        // Go's and Python's tools run what is named so; a model of a laboratory test may be, too.
        let is_domain = self
            .dirs
            .last()
            .is_some_and(|dir| t::DOMAIN_DIRS.contains(dir));
        let is_suite = match self.extension {
            "go" | "dart" | "rs" | "exs" | "cc" | "cpp" => self.stem.ends_with("_test"),
            "py" => self.stem.starts_with("test_") || (self.stem.ends_with("_test") && !is_domain),
            "rb" => self.stem.ends_with("_test") || self.stem.ends_with("_spec"),
            // `test-server.js` beside a package's manifest is run by hand.
            "js" | "cjs" | "mjs" | "ts" => {
                let named = self.stem.starts_with("test-") || self.stem.ends_with("-test");
                named && !self.is_in(t::CODE_DIRS)
            }
            _ => false,
        };
        let is_class = t::TEST_CLASS_EXTENSIONS.contains(&self.extension)
            && t::TEST_CLASS_ENDS
                .iter()
                .any(|end| self.path.stem().ends_with(end))
            && !is_domain
            && !self
                .dirs
                .windows(2)
                .any(|dirs| matches!(dirs, ["src", "main"]));
        has_tag || is_suite || is_class
    }

    fn is_example(&self) -> bool {
        self.is_in(t::EXAMPLE_DIRS)
            || self.is_in_outside(t::EXAMPLE_DIRS_OUTSIDE_CODE, t::CODE_DIRS)
            || (self.is_env() && self.has_tag(t::ENV_TEMPLATE_TAGS))
            || t::EXAMPLE_TAGS.contains(&self.extension)
            || (!self.is_code()
                && self
                    .stem
                    .rsplit_once('.')
                    .is_some_and(|(_, tag)| matches!(tag, "example" | "sample")))
    }

    fn is_docs(&self) -> bool {
        let is_notice = self.starts_with_any(t::DOCS_STARTS)
            && matches!(self.extension, "" | "txt")
            && !self.is_code();
        self.is_in_outside(t::DOCS_DIRS, t::CODE_DIRS)
            || t::DOCS_EXTENSIONS.contains(&self.extension)
            || is_notice
    }

    fn is_migration(&self) -> bool {
        let is_flyway = self.extension == "sql"
            && self.name.split_once("__").is_some_and(|(version, _)| {
                let number = version.strip_prefix(['v', 'u']);
                version == "r"
                    || number.is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
            });
        // TypeORM's default: `src/migration/1620000000000-AddConsent.ts`.
        let is_stamped = self.dirs.last() == Some(&"migration")
            && self.name.starts_with(|c: char| c.is_ascii_digit());
        self.is_in(t::MIGRATION_DIRS)
            || self.is_in_below(t::MIGRATION_DIRS_IN_DATABASE, t::DATABASE_DIRS)
            || self.name.starts_with("db.changelog")
            || is_flyway
            || is_stamped
    }

    fn is_dev_config(&self) -> bool {
        self.is_in(t::DEV_DIRS)
            || t::DEV_NAMES.contains(&self.name)
            || self.starts_with_any(t::DEV_STARTS)
            || self.is_dev_compose()
            || self.is_dev_env()
            || self.is_dev_variant()
            || self.is_dev_environment()
    }

    fn is_dev_compose(&self) -> bool {
        self.stem.contains("compose")
            && matches!(self.extension, "yml" | "yaml")
            && (self.has_tag(t::DEV_TAGS) || self.has_tag(t::COMPOSE_DEV_TAGS))
    }

    /// `.env.local` is not among them: frameworks load it in production builds, too.
    fn is_dev_env(&self) -> bool {
        let tags = || self.name.split(['.', '-', '_']);
        self.is_env()
            && tags().any(|tag| t::DEV_TAGS.contains(&tag) && !tag.starts_with("local"))
            && !tags().any(|tag| tag.starts_with("prod"))
    }

    /// `application-dev.yml`, `appsettings.Development.json`, `Dockerfile.dev`, `dev.tfvars`.
    fn is_dev_variant(&self) -> bool {
        let is_dev = |text: &str| t::DEV_TAGS.contains(&text);
        let tagged = self
            .stem
            .rsplit_once(['.', '-', '_'])
            .is_some_and(|(base, tag)| is_dev(tag) && t::CONFIG_STEMS.contains(&base));
        let dockerfile = (self.stem == "dockerfile" && is_dev(self.extension))
            || (self.extension == "dockerfile" && is_dev(self.stem));
        let dedicated = is_dev(self.stem)
            && (self.extension == "tfvars"
                || self
                    .dirs
                    .last()
                    .is_some_and(|dir| t::CONFIG_DIRS.contains(dir)));
        // `requirements-dev.txt`, `requirements_local_dev.txt`, `dev-requirements.in`.
        let requirements = matches!(self.extension, "txt" | "in")
            && self.stem.contains("requirements")
            && self.has_tag(t::DEV_TAGS);
        tagged || dockerfile || dedicated || requirements
    }

    /// `overlays/dev/…`, and the debug build of an Android app.
    fn is_dev_environment(&self) -> bool {
        let is_pair = |dirs: &[&str]| match dirs {
            ["src", "debug"] => true,
            [outer, inner] => t::ENVIRONMENT_DIRS.contains(outer) && t::DEV_TAGS.contains(inner),
            _ => false,
        };
        self.dirs.windows(2).any(is_pair)
    }

    fn is_script(&self) -> bool {
        let is_shell = matches!(
            self.extension,
            "sh" | "bash" | "zsh" | "ps1" | "bat" | "cmd"
        );
        let is_entrypoint = t::ENTRYPOINT_STARTS
            .iter()
            .any(|start| self.stem.starts_with(start));
        let is_container_entrypoint = is_shell && self.stem.contains("entrypoint");
        let is_browser_script = (matches!(self.extension, "js" | "css")
            && self.is_in_below(t::SCRIPT_DIRS, t::WEB_DIRS))
            || self.written_dirs().any(|dir| dir == "Scripts");
        let in_bin = self.is_in_outside(&["bin"], t::CODE_DIRS)
            && (is_shell || self.extension.is_empty())
            && !is_entrypoint;
        let at_root = self.dirs.is_empty() && is_shell && !is_entrypoint;
        let in_dir =
            self.is_in(t::SCRIPT_DIRS) || matches!(self.dirs.first(), Some(&("tools" | "tool")));
        (in_dir && !is_browser_script && !is_container_entrypoint)
            || in_bin
            || at_root
            || t::SCRIPT_NAMES.contains(&self.name)
            || self.extension == "ipynb"
            || self.is_debugging()
            || self.is_seed()
    }

    /// `debug-login.js` beside a package's manifest.
    fn is_debugging(&self) -> bool {
        matches!(self.extension, "js" | "cjs" | "mjs" | "ts" | "py")
            && (self.stem.starts_with("debug-") || self.stem.starts_with("debug_"))
            && !self.is_in(t::CODE_DIRS)
    }

    /// `seed.ts`, `seed_users.py`, `seeds.sql`, `demo_seed.py`, `DatabaseSeeder.php`.
    fn is_seed(&self) -> bool {
        let is_word = |word: &str| matches!(word, "seed" | "seeds" | "seeder" | "seeders");
        let is_data = self.is_code() || matches!(self.extension, "json" | "yaml" | "yml");
        is_data
            && (self.stem.split(['.', '-', '_']).any(is_word)
                || self.stem.ends_with("seeder")
                || self.stem.starts_with("seeddata"))
    }
}
