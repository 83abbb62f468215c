//! A Markdown document under construction, and the escaping that all of its parts share.

use crate::render::escape::{self, Place};
use std::fmt::Write as _;

/// The document. Callers escape what they push; `text`, `code` and `cell` do that.
/// Writing to a string cannot fail, so what `write!` returns says nothing.
#[derive(Default)]
pub(super) struct Doc(String);

impl Doc {
    pub(super) fn heading(&mut self, level: usize, title: &str) {
        self.blank();
        let _ = write!(self.0, "{} {title}\n\n", "#".repeat(level));
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.blank();
        let _ = write!(self.0, "{text}\n\n");
    }

    /// List items, one a line.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        for item in items {
            let _ = writeln!(self.0, "- {item}");
        }
        self.0.push('\n');
    }

    /// Steps in their order, of which nothing comes from the report.
    pub(super) fn steps(&mut self, steps: &[&str]) {
        for (index, step) in steps.iter().enumerate() {
            let _ = writeln!(self.0, "{}. {step}", index + 1);
        }
        self.0.push('\n');
    }

    /// A table; nothing if it has no rows.
    pub(super) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        self.blank();
        let _ = writeln!(self.0, "| {} |", head.join(" | "));
        let _ = writeln!(self.0, "|{}", " --- |".repeat(head.len()));
        for row in rows {
            let _ = writeln!(self.0, "| {} |", row.join(" | "));
        }
        self.0.push('\n');
    }

    /// A block of source lines that nothing in it can close.
    pub(super) fn code(&mut self, lines: &[String]) {
        let fence = escape::markdown_fence(&lines.join("\n"));
        self.blank();
        let _ = write!(self.0, "{fence}text\n{}\n{fence}\n\n", lines.join("\n"));
    }

    fn blank(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    pub(super) fn finish(self) -> String {
        format!("{}\n", self.0.trim_end())
    }
}

/// A sentence in a paragraph, heading or list.
pub(super) fn text(text: &str) -> String {
    escape::markdown_text(text, Place::Text)
}

/// A name, path or value in a paragraph, heading or list.
pub(super) fn code(text: &str) -> String {
    escape::markdown_code(text, Place::Text)
}

/// A sentence in a table.
pub(super) fn cell(text: &str) -> String {
    escape::markdown_text(text, Place::Cell)
}

/// A name, path or value in a table.
pub(super) fn cell_code(text: &str) -> String {
    escape::markdown_code(text, Place::Cell)
}

/// A reference: a link if it is a plain address.
pub(super) fn reference(page: &str) -> String {
    if escape::is_link(page) {
        format!("<{page}>")
    } else {
        code(page)
    }
}
