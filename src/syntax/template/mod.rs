//! Templates in YAML (Helm, Jinja, ERB). They are masked by text of the same length, so that every
//! offset stays true; what was masked is remembered and becomes `Unknown`.

mod hole;

#[cfg(test)]
mod tests;

use self::hole::Hole;
use crate::model::Span;
use crate::syntax::Document;

/// Opening and closing marks of templates.
const MARKS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("{#", "#}")];
/// What begins a template that writes nothing by itself.
const CONTROL: [&str; 12] = [
    "if", "else", "end", "range", "with", "define", "block", "/*", "$", "set", "fail", "elif",
];

/// The templates of one text.
#[derive(Default)]
pub(in crate::syntax) struct Mask {
    text: Option<String>,
    regions: Vec<Span>,
    holes: Vec<Hole>,
}

/// One template and whether it only controls what is around it.
pub(in crate::syntax) struct Region {
    pub(in crate::syntax) start: usize,
    pub(in crate::syntax) end: usize,
    control: bool,
}

impl Mask {
    /// Masks the templates of `text` if it has any where YAML could not read them, or if the file
    /// is `known` to be a template.
    pub(in crate::syntax) fn of(text: &str, known: bool) -> Self {
        let known = known && text.contains("{{");
        if !known && !has_structural_template(text) {
            return Self::default();
        }
        let regions = regions(text);
        let mut masked = text.as_bytes().to_vec();
        let mut holes = Vec::new();
        for group in regions.chunk_by(|left, right| !has_newline(text, left.end, right.start)) {
            mask_group(text, group, &mut masked, &mut holes);
        }
        for hole in &mut holes {
            hole.settle(&masked);
        }
        Self {
            // Masking replaces whole characters by ASCII only.
            text: String::from_utf8(masked).ok(),
            regions: regions
                .iter()
                .map(|region| Span::new(region.start, region.end))
                .collect(),
            holes,
        }
    }

    /// The text to parse.
    pub(in crate::syntax) fn text<'a>(&'a self, original: &'a str) -> &'a str {
        self.text.as_deref().unwrap_or(original)
    }

    /// Was anything masked?
    pub(in crate::syntax) fn is_templated(&self) -> bool {
        !self.regions.is_empty()
    }

    /// Does `span` hold a part of a template?
    pub(in crate::syntax) fn covers(&self, span: Span) -> bool {
        let next = self
            .regions
            .partition_point(|region| region.end <= span.start);
        self.regions
            .get(next)
            .is_some_and(|region| region.overlaps(span))
    }

    /// Marks the values and collections that templates write, in full or in part.
    pub(in crate::syntax) fn open_holes(&self, document: &mut Document, text: &str) {
        self.holes.iter().for_each(|hole| hole.open(document, text));
    }
}

/// Is the whole scalar one template? `${{ … }}` of workflows is not.
pub(in crate::syntax) fn is_template(scalar: &str) -> bool {
    let scalar = scalar.trim();
    MARKS.iter().take(3).any(|(open, close)| {
        let inside = scalar
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        inside.is_some_and(|inside| !inside.contains(close))
    })
}

/// Does a template stand where YAML would read it as structure: outside quotes, comments and block
/// scalars, at the start of a line or of a value?
fn has_structural_template(text: &str) -> bool {
    if !MARKS.iter().take(3).any(|(open, _)| text.contains(open)) {
        return false;
    }
    let mut block: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if content.is_empty() || block.is_some_and(|parent| indent > parent) {
            continue;
        }
        block = block_scalar_parent(content, indent);
        if !content.starts_with('#') && has_structural_opener(content) {
            return true;
        }
    }
    false
}

/// The column that lines of the block scalar opened by this line must exceed.
fn block_scalar_parent(content: &str, indent: usize) -> Option<usize> {
    let header = content
        .trim_end()
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
    let before = header.strip_suffix(['|', '>'])?;
    if !before.is_empty() && !before.ends_with([' ', '\t']) {
        return None;
    }
    let mut column = indent;
    let mut rest = content;
    while let Some(item) = rest.strip_prefix("- ") {
        let item = item.trim_start();
        if item.starts_with(['|', '>']) {
            break;
        }
        column += rest.len() - item.len();
        rest = item;
    }
    Some(column)
}

fn has_structural_opener(content: &str) -> bool {
    MARKS.iter().take(3).any(|(open, _)| {
        content.match_indices(open).any(|(at, _)| {
            let before = content.get(..at).unwrap_or_default();
            let starts_value = before.trim_end().is_empty()
                || [": ", "- ", "[", ", ", ":\t"]
                    .iter()
                    .any(|end| before.ends_with(end))
                || (before.ends_with(':')
                    && content
                        .get(at..)
                        .is_some_and(|rest| rest.starts_with("{{-")));
            let quotes = before
                .bytes()
                .filter(|byte| matches!(byte, b'"' | b'\''))
                .count();
            starts_value && quotes % 2 == 0 && !before.contains(" #")
        })
    })
}

/// All templates in order. `${{ … }}` is an expression of a workflow, which YAML reads as text.
pub(in crate::syntax) fn regions(text: &str) -> Vec<Region> {
    let jinja = text.contains("{%");
    let mut closed = [true, true, true, jinja];
    let mut regions = Vec::new();
    let mut at = 0;
    while let Some(found) =
        memchr::memchr2(b'{', b'<', text.as_bytes().get(at..).unwrap_or_default())
    {
        let start = at + found;
        at = start + 1;
        let rest = text.get(start..).unwrap_or_default();
        let Some(kind) = MARKS.iter().position(|(open, _)| rest.starts_with(open)) else {
            continue;
        };
        if !closed.get(kind).is_some_and(|closed| *closed) {
            continue;
        }
        let Some(end) = end_of(rest, kind) else {
            // Without a closing mark from here on, no later opening mark has one either.
            if let Some(closed) = closed.get_mut(kind) {
                *closed = false;
            }
            continue;
        };
        at = start + end;
        if !text
            .get(..start)
            .is_some_and(|before| before.ends_with('$'))
        {
            let control = is_control(rest.get(..end).unwrap_or_default(), kind);
            regions.push(Region {
                start,
                end: at,
                control,
            });
        }
    }
    regions
}

fn end_of(rest: &str, kind: usize) -> Option<usize> {
    let (_, close) = MARKS.get(kind)?;
    let inside = rest.get(2..)?.trim_start_matches('-').trim_start();
    let from = if inside.starts_with("/*") {
        rest.find("*/")?
    } else {
        2
    };
    Some(from + rest.get(from..)?.find(close)? + close.len())
}

fn is_control(template: &str, kind: usize) -> bool {
    let inside = template
        .get(2..)
        .unwrap_or_default()
        .trim_start_matches(['-', '+'])
        .trim_start();
    match kind {
        0 => CONTROL.iter().any(|word| {
            inside.strip_prefix(word).is_some_and(|rest| {
                // `$x := …` assigns, `$x` alone writes.
                if *word == "$" {
                    rest.contains(":=") || rest.contains(" = ")
                } else {
                    ends_word(word, rest)
                }
            })
        }),
        1 => !inside.starts_with("include"),
        2 => !inside.starts_with('='),
        _ => true,
    }
}

fn ends_word(word: &str, rest: &str) -> bool {
    word == "/*"
        || !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '.')
}

fn has_newline(text: &str, start: usize, end: usize) -> bool {
    text.as_bytes()
        .get(start..end)
        .is_some_and(|between| between.contains(&b'\n'))
}

/// Masks the templates that share a line.
fn mask_group(text: &str, group: &[Region], masked: &mut [u8], holes: &mut Vec<Hole>) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    let before = text.get(..first.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let prefix = before.get(line_start..).unwrap_or_default();
    let after = text.get(last.end..).unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default().trim();
    let nothing_follows = after.is_empty() || after.starts_with('#');
    let template = |region: &Region| text.get(region.start..region.end).unwrap_or_default();
    let alone = prefix.trim().is_empty() && nothing_follows && is_together(text, group);
    if alone {
        // Blank lines may stand anywhere, even where spaces would indent a block scalar.
        fill(masked, line_start, last.end, b'\n');
        if let Some(output) = group.iter().find(|region| !region.control) {
            let column = indent_argument(template(output)).unwrap_or(prefix.len());
            holes.push(Hole {
                at: first.start,
                column,
                follows: None,
            });
        }
        return;
    }
    for (index, region) in group.iter().enumerate() {
        let trailing = nothing_follows && index + 1 == group.len();
        let lines = indent_argument(template(region));
        let whole = trailing && index == 0 && prefix.trim_end().ends_with(['-', ':']);
        if let (true, Some(column)) = (whole && !region.control, lines) {
            // The lines that it writes may be followed by others of the same collection.
            let indent = prefix.len() - prefix.trim_start().len();
            holes.push(Hole {
                at: region.start,
                column,
                follows: Some(indent),
            });
            fill(masked, region.start, region.end, b' ');
        } else if trailing && region.control {
            fill(masked, region.start, region.end, b' ');
        } else {
            fill(masked, region.start, region.end, b'T');
        }
    }
}

/// Is there nothing but blanks between the templates of a line?
fn is_together(text: &str, group: &[Region]) -> bool {
    let between = |left: &Region, right: &Region| text.get(left.end..right.start);
    let pairs = group.iter().zip(group.iter().skip(1));
    pairs
        .into_iter()
        .all(|(left, right)| between(left, right).is_some_and(|part| part.trim().is_empty()))
}

/// Overwrites whole characters; line breaks stay.
fn fill(masked: &mut [u8], start: usize, end: usize, with: u8) {
    for byte in masked.get_mut(start..end).unwrap_or_default() {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = with;
        }
    }
}

/// The argument of `indent` or `nindent` in a template.
fn indent_argument(template: &str) -> Option<usize> {
    let (_, after) = template.split_once("indent ")?;
    let digits = after
        .trim_start()
        .split(|c: char| !c.is_ascii_digit())
        .next()?;
    digits.parse().ok()
}
