//! The configuration that an audited repository brings along.

use super::Failure;
use preop::manifest::{self, Problems, Source};
use preop::model::RepoPath;
use preop::source::{Disk, Files};
use preop::waive::Config;

/// Where it may stand; more than one is a mistake.
pub(crate) const NAMES: [&str; 3] = [".config/preop.yaml", ".preop.yaml", "preop.yaml"];
/// A larger configuration is a mistake.
const CAP: usize = 1 << 20;

/// The configuration of the target, if it has one.
pub(crate) fn discover(disk: &Disk) -> Result<Option<Config>, Failure> {
    let mut found = Vec::new();
    for name in NAMES {
        let Some(path) = RepoPath::new(name) else {
            continue;
        };
        if let Ok(content) = disk.open(&path, CAP) {
            found.push((name, content));
        }
    }
    let (name, content) = match found.len() {
        0 => return Ok(None),
        1 => found.remove(0),
        _ => {
            let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
            return Err(Failure::usage(
                format!("there are several configurations: {}", names.join(", ")),
                "keep one of them",
            ));
        }
    };
    let text = String::from_utf8(content.bytes).map_err(|_not_text| {
        Failure::usage(format!("`{name}` is not UTF-8 text"), "save it as UTF-8")
    })?;
    let source = Source::new(name, text);
    manifest::load(&source)
        .map(Some)
        .map_err(|problem| Problems(vec![problem]).into())
}
