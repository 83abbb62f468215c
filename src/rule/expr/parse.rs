//! From source to the syntax tree of `cel`, with its complaints in our words.

use super::ExprError;
use cel::common::ast::{IdedExpr, SourceInfo};
use cel::{Env, ParseError};

/// Longest source: the parser recurses once per link of a chain.
const LENGTH: usize = 8_192;

/// Parses a source. The standard library's macros are not expanded: `has`, `all` and their kin stay
/// the calls they are written as.
pub(super) fn parse(source: &str) -> Result<(IdedExpr, SourceInfo), ExprError> {
    if source.len() > LENGTH {
        let message = format!("the expression is longer than {LENGTH} bytes");
        return Err(ExprError {
            message,
            offset: None,
        });
    }
    let parser = Env::default().parser().enable_optional_syntax(false);
    parser
        .parse_with_source_info(source)
        .map_err(|errors| match errors.errors.first() {
            Some(first) => ExprError {
                message: plain(&first.msg),
                offset: Some(offset(source, first)),
            },
            None => ExprError {
                message: "not an expression".to_owned(),
                offset: None,
            },
        })
}

/// A complaint without the list of all tokens that could have stood there instead.
fn plain(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    let message = message
        .split_once(" expecting ")
        .map_or(message, |(what, _)| what);
    let token = [
        "mismatched input ",
        "extraneous input ",
        "no viable alternative at input ",
    ]
    .into_iter()
    .find_map(|prefix| message.strip_prefix(prefix));
    match token {
        Some(token) if token.contains("<EOF>") => "the expression ends too soon".to_owned(),
        Some(token) => format!("unexpected {token}"),
        None => message.to_owned(),
    }
}

/// Where the parser complains, in bytes; it counts lines and characters from 1.
fn offset(source: &str, error: &ParseError) -> usize {
    let [line, column] = [error.pos.0, error.pos.1].map(|from_one| {
        usize::try_from(from_one)
            .unwrap_or_default()
            .saturating_sub(1)
    });
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = source.get(before..).unwrap_or_default();
    before + rest.chars().take(column).map(char::len_utf8).sum::<usize>()
}
