//! One linear pass over the bytes before a grammar sees them: nesting that could exhaust a
//! parser's stack is refused here, because an overflow in a grammar cannot be caught.

use super::Unparsed;
use crate::model::{Language, SkipReason};

/// Deepest nesting of brackets that is parsed.
const MAX_NESTING: u32 = 1_000;

/// The Kotlin grammar keeps a stack of open strings and aborts the process beyond 511 of them.
const MAX_KOTLIN_TEMPLATES: u32 = 400;

pub(super) fn check(language: Language, text: &str) -> Result<(), Unparsed> {
    if nesting(text.as_bytes()) > MAX_NESTING {
        let detail = format!("brackets nested more than {MAX_NESTING} levels");
        return Err(Unparsed::new(SkipReason::TooDeep, detail));
    }
    if language == Language::Kotlin && open_templates(text) > MAX_KOTLIN_TEMPLATES {
        let detail = format!("more than {MAX_KOTLIN_TEMPLATES} string templates that may nest");
        return Err(Unparsed::new(SkipReason::TooDeep, detail));
    }
    Ok(())
}

/// The deepest point if every bracket counts, those in strings and comments too: to tell them
/// apart would need the parser that this protects.
fn nesting(text: &[u8]) -> u32 {
    let mut depth: u32 = 0;
    let mut deepest = 0;
    for byte in text {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// An upper bound of how many Kotlin strings can be open at once, however the text is read.
///
/// A string opens inside another only after `${`. Between one `${` and the next, quotes come in
/// pairs unless a string stays open; where a comment, an escape, a character literal or a run of
/// three quotes makes the count ambiguous, the worst is assumed.
fn open_templates(text: &str) -> u32 {
    let mut open = 0;
    for step in text.split("${") {
        let quotes = step.bytes().filter(|byte| *byte == b'"').count();
        let ambiguous = ["\"\"\"", "'", "\\", "`", "//", "/*"]
            .iter()
            .any(|mark| step.contains(mark));
        if quotes % 2 == 1 || (quotes > 0 && ambiguous) {
            open += 1;
        }
    }
    open
}
