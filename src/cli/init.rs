//! `preop init`: a configuration to start from.

use super::{Failure, config, write_out};
use preop::waive;
use std::io::Write as _;
use std::path::Path;

/// The file, with a word for the list of attestations.
const TEMPLATE: &str = include_str!("init.yaml");

/// Writes `preop.yaml` into the repository at `path`; an existing configuration stays as it is.
pub(crate) fn run(path: &Path) -> Result<u8, Failure> {
    if let Some(name) = config::NAMES.iter().find(|name| path.join(name).exists()) {
        return Err(Failure::usage(
            format!("`{}` is there already", path.join(name).display()),
            "edit it; `preop waive` adds a waiver to it",
        ));
    }
    let file = path.join("preop.yaml");
    let write = || -> std::io::Result<()> {
        let mut out = std::fs::File::create_new(&file)?;
        out.write_all(text().as_bytes())?;
        out.sync_all()
    };
    let shown = file.display();
    write().map_err(|error| {
        Failure::usage(
            format!("`{shown}` cannot be written: {error}"),
            "give the folder of the repository",
        )
    })?;
    write_out(format!("wrote {shown}; now `preop audit {}`\n", path.display()).as_bytes())?;
    Ok(0)
}

fn text() -> String {
    let mut list = String::from("  #\n  # Items, by area of the checklist:\n");
    let mut area = "";
    for item in waive::attestation_items() {
        if item.area != area {
            area = &item.area;
            list.push_str(&format!("  #   {area}\n"));
        }
        list.push_str(&format!("  #     {}: {}\n", item.id, item.sentence));
    }
    TEMPLATE.replace("ATTESTATIONS\n", &list)
}
