//! Which templates open, divide and close blocks.

use super::expression::inside;
use crate::syntax::template::Region;
use std::collections::BTreeSet;

/// Blocks inside each other.
const DEPTH: usize = 64;

/// What a template is to the blocks around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Open,
    Else,
    End,
    /// Anything else.
    Output,
}

/// The templates of one text as tags of blocks.
pub(super) struct Blocks {
    tags: Vec<Tag>,
    /// The tags that an `else` follows in the same block.
    divided: BTreeSet<usize>,
}

impl Blocks {
    /// Nothing when the tags do not match, or go too deep.
    pub(super) fn of(text: &str, regions: &[Region]) -> Option<Self> {
        let mut out = Self {
            tags: Vec::with_capacity(regions.len()),
            divided: BTreeSet::new(),
        };
        let mut open: Vec<usize> = Vec::new();
        for (index, region) in regions.iter().enumerate() {
            let tag = tag(text.get(region.start..region.end)?);
            match tag {
                Tag::Open if open.len() >= DEPTH => return None,
                Tag::Open => open.push(index),
                Tag::Else => {
                    out.divided.insert(open.pop()?);
                    open.push(index);
                }
                Tag::End => {
                    open.pop()?;
                }
                Tag::Output => {}
            }
            out.tags.push(tag);
        }
        open.is_empty().then_some(out)
    }

    pub(super) fn tag(&self, index: usize) -> Tag {
        self.tags.get(index).copied().unwrap_or(Tag::Output)
    }

    /// Is there another branch after the one that this tag begins?
    pub(super) fn has_else(&self, index: usize) -> bool {
        self.divided.contains(&index)
    }
}

fn tag(template: &str) -> Tag {
    if !template.starts_with("{{") {
        return Tag::Output;
    }
    match inside(template).split_whitespace().next() {
        Some("if" | "with" | "range" | "define" | "block") => Tag::Open,
        Some("else") => Tag::Else,
        Some("end") => Tag::End,
        _ => Tag::Output,
    }
}

/// What decides a branch.
pub(super) struct Condition<'t> {
    pub(super) test: &'t str,
    /// Inside, `.` is what was tested.
    pub(super) rebinds: bool,
}

/// The condition of `if`, `with`, `else if` and `else with`; nothing for other blocks.
pub(super) fn condition(inside: &str) -> Option<Condition<'_>> {
    let rest = inside.strip_prefix("else").map_or(inside, str::trim_start);
    let (word, test) = rest.split_once(char::is_whitespace)?;
    let rebinds = match word {
        "if" => false,
        "with" => true,
        _ => return None,
    };
    Some(Condition { test, rebinds })
}

/// Is this `else` without a condition?
pub(super) fn is_bare_else(inside: &str) -> bool {
    inside.trim() == "else"
}
