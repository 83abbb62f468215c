//! Scans every listed file in parallel, each opened once.

use super::{Scanner, TEXT_CAP, skipped};
use crate::model::{File, FileHits, RepoPath, SkipReason};
use crate::source::{Content, Files, Listing};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Read of a file whose name says that it holds no text: enough to see that the name is true.
const BINARY_CAP: usize = 64 << 10;
/// Extensions of formats that hold no text.
const BINARY: [&str; 47] = [
    "png", "jpg", "jpeg", "gif", "webp", "ico", "bmp", "tiff", "heic", "avif", "psd", "mp3", "mp4",
    "wav", "ogg", "webm", "mov", "avi", "mkv", "flac", "woff", "woff2", "ttf", "otf", "eot", "zip",
    "gz", "tgz", "bz2", "xz", "7z", "rar", "jar", "war", "class", "so", "dll", "exe", "dylib",
    "wasm", "pdf", "sqlite", "onnx", "pyc", "dcm", "dicom", "xlsx",
];

/// What scanning found in each file, in the order of the listing.
pub fn scan_all(
    scanner: &Scanner<'_>,
    files: &dyn Files,
    listing: &Listing,
    progress: &(dyn Fn() + Sync),
) -> Vec<FileHits> {
    listing
        .files
        .par_iter()
        .with_max_len(16)
        .map(|file| {
            let hits = scan_one(scanner, files, file);
            progress();
            hits
        })
        .collect()
}

fn scan_one(scanner: &Scanner<'_>, files: &dyn Files, file: &File) -> FileHits {
    let cap = if holds_no_text(&file.path) {
        BINARY_CAP
    } else {
        TEXT_CAP
    };
    match files.open(&file.path, cap) {
        Ok(content) => scan_content(scanner, file, content),
        Err(why) => {
            let mut out = scanner.names(file);
            out.skipped.push(why);
            out
        }
    }
}

/// Does the name say that the file is of a format without text?
pub fn holds_no_text(path: &RepoPath) -> bool {
    path.extension()
        .is_some_and(|extension| BINARY.contains(&extension.to_ascii_lowercase().as_str()))
}

/// Scans one file. A net, not a plan: a bug in a parser costs the one file that it trips over.
pub fn scan_content(scanner: &Scanner<'_>, file: &File, content: Content) -> FileHits {
    let scan = || scanner.scan(file, content);
    catch_unwind(AssertUnwindSafe(scan)).unwrap_or_else(|_| {
        let mut out = scanner.names(file);
        let detail = Some("please report this file's shape as a bug".to_owned());
        out.skipped
            .push(skipped(&file.path, SkipReason::Internal, detail));
        out
    })
}
