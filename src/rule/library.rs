//! The rule library that is part of the program: every manifest below `rules/`.

use crate::manifest::Source;
use include_dir::{Dir, DirEntry, include_dir};

static LIBRARY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Every embedded manifest, in order of path.
pub fn embedded() -> Vec<Source> {
    let mut out = Vec::new();
    collect(&LIBRARY, &mut out);
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn collect(dir: &'static Dir<'static>, out: &mut Vec<Source>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, out),
            DirEntry::File(file) => {
                let path = file.path();
                if path
                    .extension()
                    .is_some_and(|extension| extension == "yaml")
                    && let (Some(path), Some(text)) = (path.to_str(), file.contents_utf8())
                {
                    out.push(Source::new(format!("rules/{path}"), text));
                }
            }
        }
    }
}
