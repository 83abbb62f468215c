//! Names that decide what is left out of an audit: folders of dependencies and build output, and
//! the ignored files that are listed all the same.

use rustix::fs::Stat;

/// Larger ignored files are data, whatever their name says.
const MAX_LOCAL_CONFIG: u64 = 1 << 20;

/// Folders that only ever hold what a package manager or a tool has put there. Left out unless
/// something in them is tracked.
pub(super) const DEPENDENCIES: [&str; 12] = [
    ".dart_tool",
    ".gradle",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".terraform",
    ".tox",
    ".venv",
    "__pycache__",
    "bower_components",
    "jspm_packages",
    "node_modules",
];

/// Folders that hold build output when an index shows that nothing in them is tracked.
pub(super) const OUTPUT: [&str; 3] = ["dist", "target", "venv"];

/// Where no index can be asked, folders that are left out if an ignore file names them. Other
/// ignored files are audited then: they may well be in the repository that this folder came from.
pub(super) const OUTPUT_IF_IGNORED: [&str; 12] = [
    ".next", ".nuxt", "Pods", "build", "coverage", "dist", "env", "obj", "out", "target", "vendor",
    "venv",
];

/// Ignored files that rules about secrets look at. They are listed so that a rule can say that
/// an ignored local file is no leak.
pub(super) fn is_local_config(name: &str, stat: &Stat) -> bool {
    let name = name.to_ascii_lowercase();
    let is_named = name.starts_with(".env")
        || matches!(name.as_str(), ".npmrc" | ".netrc")
        || name.rsplit_once('.').is_some_and(|(_, extension)| {
            matches!(extension, "env" | "pem" | "key" | "p12" | "pfx")
        });
    is_named && u64::try_from(stat.st_size).is_ok_and(|size| size <= MAX_LOCAL_CONFIG)
}
