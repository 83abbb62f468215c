//! String literals as values: the text between the quotes, when nothing is computed in it.

use super::{SyntaxNode, loaded};
use std::ops::Range;

/// The text of a string literal without its quotes; `None` when the node is no string literal,
/// or when an expression is interpolated. Escapes stay as written.
pub fn plain_string(node: &SyntaxNode<'_>) -> Option<String> {
    let text = node.text();
    match &*node.kind() {
        kind if is_sequence(kind) => {
            let parts: Option<Vec<String>> = node
                .named_children()
                .map(|part| plain_string(&part))
                .collect();
            Some(parts?.concat())
        }
        "string"
        | "template_string"
        | "string_literal"
        | "interpreted_string_literal"
        | "raw_string_literal"
        | "verbatim_string_literal"
        | "interpolated_string_expression"
        | "encapsed_string"
            if !is_computed(node) =>
        {
            text.get(inside(&text)?).map(str::to_owned)
        }
        _ => None,
    }
}

/// What a capture of this node says: a string's content, or the node's text.
pub fn text_of(node: &SyntaxNode<'_>) -> String {
    plain_string(node).unwrap_or_else(|| node.text().into_owned())
}

/// The bytes that a string literal's text stands on; of any other node, all its bytes.
pub fn content_range(node: &SyntaxNode<'_>) -> Range<usize> {
    let whole = node.range();
    // Several literals in a row have their quotes in between.
    if kind_of(node) != "string" || is_sequence(&node.kind()) {
        return whole;
    }
    match inside(&node.text()) {
        Some(inner) => whole.start + inner.start..whole.start + inner.end,
        None => whole,
    }
}

/// The kind of a node as rules see it: `string` for every string literal that `plain_string`
/// reads, whatever the grammar calls it, `interpolated_string` for one with expressions in it,
/// and the grammar's own name for everything else.
pub fn kind_of(node: &SyntaxNode<'_>) -> &'static str {
    let loaded = loaded(*node.lang());
    match loaded
        .and_then(|lang| lang.node_kind_for_id(node.kind_id()))
        .unwrap_or("ERROR")
    {
        kind if is_sequence(kind) && plain_string(node).is_some() => "string",
        "string"
        | "template_string"
        | "string_literal"
        | "interpreted_string_literal"
        | "raw_string_literal"
        | "verbatim_string_literal"
        | "interpolated_string_expression"
        | "encapsed_string" => {
            if is_computed(node) {
                "interpolated_string"
            } else {
                "string"
            }
        }
        other => other,
    }
}

/// Literals in a row, which are one string.
fn is_sequence(kind: &str) -> bool {
    matches!(kind, "concatenated_string" | "chained_string")
}

/// Does the string hold anything but fixed text?
fn is_computed(node: &SyntaxNode<'_>) -> bool {
    node.named_children().any(|part| {
        !matches!(
            &*part.kind(),
            "string_start"
                | "string_content"
                | "string_end"
                | "string_fragment"
                | "multiline_string_fragment"
                | "escape_sequence"
                | "html_character_reference"
                | "string_literal_content"
                | "string_literal_encoding"
                | "raw_string_start"
                | "raw_string_content"
                | "raw_string_end"
                | "interpolation_start"
                | "interpolation_quote"
                | "interpreted_string_literal_content"
                | "raw_string_literal_content"
        )
    })
}

/// Where the text inside the outermost quotes stands: `r'x'`, `"""x"""`, `@"x"`, `%q(x)`.
fn inside(text: &str) -> Option<Range<usize>> {
    if text.starts_with('%') {
        return inside_percent(text);
    }
    let open = text.find(['"', '\'', '`'])?;
    let rest = text.get(open..)?;
    let quote = rest.chars().next()?;
    let run = rest.chars().take_while(|c| *c == quote).count();
    // Two quotes are an empty string, three and more a delimiter of their own.
    let width = if run >= 3 && quote != '`' {
        run.min(rest.len() / 2)
    } else {
        1
    };
    let (start, end) = (open + width, text.len().checked_sub(width)?);
    (start <= end).then_some(start..end)
}

/// Ruby's `%q(x)`, `%Q[x]`, `%(x)`.
fn inside_percent(text: &str) -> Option<Range<usize>> {
    let body = text.strip_prefix('%')?.trim_start_matches(['q', 'Q']);
    let open = body.chars().next()?;
    let close = body.chars().next_back()?;
    let start = text.len() - body.len() + open.len_utf8();
    let end = text.len().checked_sub(close.len_utf8())?;
    (start <= end).then_some(start..end)
}
