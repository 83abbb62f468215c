//! What a command line starts: the modules and files named in it. Nothing is ever run.

/// Something that a command starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    /// The folder that the command changes to first; `""` if it stays.
    pub(super) base: String,
    /// What it starts there.
    pub(super) what: What,
}

/// The way a command names what it starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// A dotted Python name: a module, perhaps with an attribute at its end.
    Module(String),
    /// A path, perhaps without an extension.
    File(String),
    /// A script of `package.json`.
    Script(String),
}

/// Endings of files that can be started.
const ENDINGS: &[&str] = &[
    ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".sh", ".rb", ".ru", ".php", ".go",
];

/// Programs that start the path after them, with or without an extension.
const RUNNERS: &[&str] = &[
    "node",
    "nodemon",
    "ts-node",
    "ts-node-dev",
    "ts-node-esm",
    "tsx",
    "bun",
    "deno",
    "esr",
    "node-dev",
    "swc-node",
    "babel-node",
    "tsnd",
    "esbuild-register",
    "electron",
    "wrangler",
];

/// Programs that start a dotted Python name after them.
const LOADERS: &[&str] = &[
    "arq",
    "dramatiq",
    "huey_consumer",
    "huey_consumer.py",
    "rq",
    "taskiq",
    "faust",
    "uvicorn",
    "gunicorn",
    "hypercorn",
    "daphne",
    "granian",
    "celery",
    "flask",
    "fastapi",
    "watchfiles",
];

/// Options whose value is the folder to start from.
const FOLDERS: &[&str] = &[
    "--app-dir",
    "--chdir",
    "--pythonpath",
    "--cwd",
    "--prefix",
    "--workdir",
    "-C",
];

/// Options whose value is a dotted Python name.
const APPS: &[&str] = &["-A", "--app", "FLASK_APP", "DJANGO_SETTINGS_MODULE", "-m"];

/// Options of runners whose value is not what is started.
const VALUES: &[&str] = &[
    "-r",
    "--require",
    "--import",
    "--loader",
    "-e",
    "--exec",
    "-w",
    "--watch",
    "--include",
    "--ext",
    "-P",
    "--project",
    "--tsconfig",
];

/// Everything that the command line `text` starts, in order of the text.
pub(super) fn targets(text: &str) -> Vec<Target> {
    let mut reader = Reader::default();
    for word in words(text) {
        reader.read(word);
    }
    reader.found
}

/// Words of a shell line or of a JSON array; separators between commands stand alone.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\'' | '`' | '[' | ']' | ',' | '(' | ')' | '{' | '}'
            )
    })
    .flat_map(|word| word.split_inclusive(';'))
    .flat_map(|word| match word.strip_suffix(';') {
        Some(word) => [word, ";"],
        None => [word, ""],
    })
    .filter(|word| !word.is_empty())
}

/// Reads words from left to right.
#[derive(Default)]
struct Reader<'t> {
    base: String,
    /// The program of the current command, without its folder.
    program: &'t str,
    /// The option that waits for its value.
    option: &'t str,
    /// The program has been given what it starts.
    served: bool,
    found: Vec<Target>,
}

impl<'t> Reader<'t> {
    fn read(&mut self, word: &'t str) {
        if matches!(word, "&&" | "||" | ";" | "|" | "&") {
            (self.program, self.option, self.served) = ("", "", false);
            return;
        }
        if let Some((name, value)) = word.split_once('=') {
            self.value(name, value);
            return;
        }
        if !self.option.is_empty() {
            let option = std::mem::take(&mut self.option);
            self.value(option, word);
            return;
        }
        if word.starts_with('-') {
            let takes = |options: &[&str]| options.contains(&word);
            let waits = takes(FOLDERS) || takes(APPS) || (self.runs() && takes(VALUES));
            self.option = if waits { word } else { "" };
            return;
        }
        self.word(word);
    }

    fn runs(&self) -> bool {
        RUNNERS.contains(&self.program)
    }

    /// The value of an option or of a variable.
    fn value(&mut self, name: &str, value: &'t str) {
        if FOLDERS.contains(&name) {
            value.clone_into(&mut self.base);
        } else if name == "-m" {
            let program = last(value);
            if is_program(program) {
                self.program = program;
            } else if self.program.starts_with("python") && is_dotted(value) {
                self.add(What::Module(value.to_owned()));
            }
        } else if APPS.contains(&name) {
            let module = value.split(':').next().unwrap_or(value);
            if module.ends_with(".py") {
                self.add(What::File(module.to_owned()));
            } else if is_dotted(module) {
                self.add(What::Module(module.to_owned()));
            }
        }
    }

    fn word(&mut self, word: &'t str) {
        let name = last(word);
        if self.program == "cd" {
            let base = super::repo::join(&self.base, word.trim_start_matches('/'));
            self.base = base.unwrap_or_default();
            self.program = "";
        } else if let Some(module) = application(word) {
            self.add(What::Module(module.to_owned()));
        } else if ENDINGS.iter().any(|end| word.ends_with(end)) && !word.contains("://") {
            self.add(What::File(word.to_owned()));
            self.served = true;
        } else if matches!(self.program, "npm" | "yarn" | "pnpm" | "bun") && word != "run" {
            self.add(What::Script(word.to_owned()));
            self.program = "";
        } else if self.program == "go" && word.starts_with('.') {
            self.add(What::File(word.to_owned()));
        } else if is_program(name) {
            (self.program, self.served) = (name, false);
        } else if self.runs() && !self.served && !matches!(word, "watch" | "run" | "dev" | "start")
        {
            self.add(What::File(word.to_owned()));
            self.served = true;
        } else if LOADERS.contains(&self.program) && word.contains('.') && is_dotted(word) {
            self.add(What::Module(word.to_owned()));
        }
    }

    fn add(&mut self, what: What) {
        let target = Target {
            base: self.base.clone(),
            what,
        };
        if !self.found.contains(&target) {
            self.found.push(target);
        }
    }
}

fn last(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Is it a program whose arguments say what is started?
fn is_program(name: &str) -> bool {
    name.starts_with("python")
        || RUNNERS.contains(&name)
        || LOADERS.contains(&name)
        || matches!(name, "cd" | "npm" | "yarn" | "pnpm" | "go")
}

/// The module of `package.module:attribute`, which is not an address such as `0.0.0.0:8000`.
fn application(word: &str) -> Option<&str> {
    let (module, attribute) = word.split_once(':')?;
    let starts_a_name =
        |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = attribute
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    (is_dotted(module) && starts_a_name(attribute) && plain).then_some(module)
}

/// Is it a dotted Python name?
pub(super) fn is_dotted(word: &str) -> bool {
    !word.is_empty()
        && word.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
}
