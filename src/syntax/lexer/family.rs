//! Which table reads a file, by its language or by its name.

use super::lexicon::{self, Lexicon};
use super::markup::Flavour;
use crate::model::{Language, RepoPath};

/// How a file is read.
pub(super) enum Family {
    Code(&'static Lexicon),
    Php,
    Markup(Flavour),
    /// Text for people.
    Prose,
    /// No comments that we know of.
    Plain,
}

pub(super) fn of(path: &RepoPath, language: Option<Language>) -> Family {
    match language {
        Some(language) => of_language(language),
        None => of_name(path),
    }
}

fn of_language(language: Language) -> Family {
    Family::Code(match language {
        Language::C => &lexicon::C,
        Language::Cpp => &lexicon::CPP,
        Language::CSharp => &lexicon::CSHARP,
        Language::Dart => &lexicon::DART,
        Language::Go => &lexicon::GO,
        Language::Java => &lexicon::JAVA,
        Language::JavaScript | Language::Tsx | Language::TypeScript => &lexicon::JAVASCRIPT,
        Language::Kotlin | Language::Scala => &lexicon::KOTLIN,
        Language::Php => return Family::Php,
        Language::Python => &lexicon::PYTHON,
        Language::Ruby => &lexicon::RUBY,
        Language::Rust => &lexicon::RUST,
        Language::Shell => &lexicon::SHELL,
        Language::Sql => &lexicon::SQL,
        Language::Svelte => return Family::Markup(Flavour::Svelte),
        Language::Swift => &lexicon::SWIFT,
        Language::Vue => return Family::Markup(Flavour::Vue),
    })
}

fn of_name(path: &RepoPath) -> Family {
    let name = path.name().to_ascii_lowercase();
    // `.env.example` and `Dockerfile.dev` are what their first part says.
    let first = name
        .trim_start_matches('.')
        .split('.')
        .next()
        .unwrap_or_default();
    match first {
        "env" if name.starts_with(".env") => return Family::Code(&lexicon::ENV),
        "dockerfile" | "containerfile" => return Family::Code(&lexicon::HASH_LINES),
        "makefile" | "gnumakefile" | "caddyfile" | "procfile" | "codeowners" | "gitignore"
        | "dockerignore" | "gitattributes" | "npmignore" | "eslintignore" | "prettierignore" => {
            return Family::Code(&lexicon::HASH_WORDS);
        }
        "jenkinsfile" => return Family::Code(&lexicon::GROOVY),
        "gemfile" | "rakefile" | "vagrantfile" | "podfile" | "fastfile" if name == first => {
            return Family::Code(&lexicon::RUBY);
        }
        "readme" | "license" | "licence" | "notice" | "authors" | "changelog" | "contributing"
        | "copying"
            if name == first =>
        {
            return Family::Prose;
        }
        _ => {}
    }
    let is_list = name.contains("requirements") || name.contains("constraints");
    match path.extension().map(str::to_ascii_lowercase).as_deref() {
        Some("txt") if is_list || name == "cmakelists.txt" || name == "robots.txt" => {
            Family::Code(&lexicon::HASH_WORDS)
        }
        Some(extension) => of_extension(extension),
        None => of_dot_file(&name),
    }
}

fn of_extension(extension: &str) -> Family {
    Family::Code(match extension {
        "md" | "markdown" | "mdx" | "rst" | "txt" | "adoc" | "asciidoc" | "org" | "text" => {
            return Family::Prose;
        }
        "html" | "htm" | "xhtml" | "hbs" | "handlebars" | "ejs" | "jinja" | "jinja2" | "j2"
        | "mustache" | "njk" => return Family::Markup(Flavour::Html),
        "yaml" | "yml" => &lexicon::YAML,
        "toml" => &lexicon::TOML,
        "env" => &lexicon::ENV,
        "ini" | "cfg" | "conf" | "cnf" | "editorconfig" | "service" => &lexicon::INI,
        "properties" => &lexicon::PROPERTIES,
        "json" | "jsonc" | "json5" | "ipynb" | "webmanifest" => &lexicon::JSON,
        "tf" | "tfvars" | "hcl" | "nomad" => &lexicon::HCL,
        "xml" | "svg" | "plist" | "csproj" | "props" | "targets" | "config" | "resx" | "xsd"
        | "wsdl" | "storyboard" | "xaml" => &lexicon::XML,
        "css" => &lexicon::CSS,
        "scss" | "less" | "sass" => &lexicon::SCSS,
        "graphql" | "gql" => &lexicon::GRAPHQL,
        "proto" | "prisma" | "bicep" | "cue" | "sol" | "zig" => &lexicon::C,
        "gradle" | "groovy" => &lexicon::GROOVY,
        "lua" => &lexicon::LUA,
        "ps1" | "psm1" | "psd1" => &lexicon::POWERSHELL,
        "bat" | "cmd" => &lexicon::BATCH,
        "pl" | "pm" | "r" | "ex" | "exs" | "jl" | "nix" | "rego" | "fish" => &lexicon::SCRIPT,
        "gemspec" | "ru" => &lexicon::RUBY,
        "mk" | "cmake" | "nginx" => &lexicon::HASH_WORDS,
        "dockerfile" => &lexicon::HASH_LINES,
        _ => return Family::Plain,
    })
}

/// Names that begin with a dot and have no extension.
fn of_dot_file(name: &str) -> Family {
    match name {
        ".bashrc" | ".profile" | ".bash_profile" | ".zshrc" | ".envrc" => {
            Family::Code(&lexicon::SHELL)
        }
        ".npmrc" | ".editorconfig" | ".gitconfig" | ".gitmodules" | ".pypirc" | ".flake8" => {
            Family::Code(&lexicon::INI)
        }
        ".eslintrc" | ".babelrc" | ".prettierrc" | ".swcrc" => Family::Code(&lexicon::JSON),
        _ => Family::Plain,
    }
}
