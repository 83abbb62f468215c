//! Programming languages that the program knows by name, and how a path tells them.

use super::RepoPath;
use serde::{Deserialize, Serialize};

/// A programming language.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// C and its headers.
    C,
    /// C++.
    Cpp,
    /// C#.
    CSharp,
    /// Dart.
    Dart,
    /// Go.
    Go,
    /// Java.
    Java,
    /// JavaScript, with or without JSX.
    JavaScript,
    /// Kotlin.
    Kotlin,
    /// PHP.
    Php,
    /// Python.
    Python,
    /// Ruby.
    Ruby,
    /// Rust.
    Rust,
    /// Scala.
    Scala,
    /// POSIX shell and its family.
    Shell,
    /// SQL.
    Sql,
    /// Svelte components.
    Svelte,
    /// Swift.
    Swift,
    /// TypeScript with JSX.
    Tsx,
    /// TypeScript.
    TypeScript,
    /// Vue components.
    Vue,
}

impl Language {
    /// The language of a file by its name.
    pub fn of(path: &RepoPath) -> Option<Self> {
        let extension = path.extension()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "c" | "h" => Self::C,
            "cc" | "cpp" | "cxx" | "hpp" | "hh" => Self::Cpp,
            "cs" => Self::CSharp,
            "dart" => Self::Dart,
            "go" => Self::Go,
            "java" => Self::Java,
            "js" | "mjs" | "cjs" | "jsx" => Self::JavaScript,
            "kt" | "kts" => Self::Kotlin,
            "php" => Self::Php,
            "py" | "pyi" | "pyw" => Self::Python,
            "rb" | "rake" => Self::Ruby,
            "rs" => Self::Rust,
            "scala" => Self::Scala,
            "sh" | "bash" | "zsh" | "ksh" => Self::Shell,
            "sql" => Self::Sql,
            "svelte" => Self::Svelte,
            "swift" => Self::Swift,
            "tsx" => Self::Tsx,
            "ts" | "mts" | "cts" => Self::TypeScript,
            "vue" => Self::Vue,
            _ => return None,
        })
    }

    /// The word used in rules and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::CSharp => "csharp",
            Self::Dart => "dart",
            Self::Go => "go",
            Self::Java => "java",
            Self::JavaScript => "javascript",
            Self::Kotlin => "kotlin",
            Self::Php => "php",
            Self::Python => "python",
            Self::Ruby => "ruby",
            Self::Rust => "rust",
            Self::Scala => "scala",
            Self::Shell => "shell",
            Self::Sql => "sql",
            Self::Svelte => "svelte",
            Self::Swift => "swift",
            Self::Tsx => "tsx",
            Self::TypeScript => "typescript",
            Self::Vue => "vue",
        }
    }
}
