//! PHP pages: the grammar knows the code between `<?php` and `?>` only, so everything around it
//! is blanked, byte for byte, and every offset stays valid.

/// The same text with HTML blanked and `?>` turned into the statement end that it is.
pub(super) fn only_code(text: &str) -> String {
    let Some(first) = text.find("<?") else {
        return text.to_owned();
    };
    if text
        .get(..first)
        .is_some_and(|before| before.trim().is_empty())
        && !text.contains("?>")
    {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("<?") {
        let (html, code) = rest.split_at(open);
        blank(html, &mut out);
        let tag = ["<?php", "<?=", "<?"]
            .into_iter()
            .find(|tag| code.starts_with(tag))
            .unwrap_or("<?");
        let (tag, code) = code.split_at(tag.len());
        blank(tag, &mut out);
        let end = code_end(code);
        let (code, after) = code.split_at(end);
        out.push_str(code);
        rest = after;
        if let Some(after) = rest.strip_prefix("?>") {
            out.push_str("; ");
            rest = after;
        }
    }
    blank(rest, &mut out);
    out
}

fn blank(text: &str, out: &mut String) {
    for byte in text.bytes() {
        out.push(if byte == b'\n' { '\n' } else { ' ' });
    }
}

/// Where the code ends: at a `?>` outside of strings and block comments, or with the text.
fn code_end(code: &str) -> usize {
    let bytes = code.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = code.get(at..).unwrap_or_default();
        at += match byte {
            b'?' if rest.starts_with("?>") => return at,
            b'\'' | b'"' => quoted(rest.as_bytes(), *byte),
            b'/' if rest.starts_with("/*") => rest
                .get(2..)
                .and_then(|body| body.find("*/"))
                .map_or(rest.len(), |end| end + 4),
            b'/' if rest.starts_with("//") => line_comment(rest),
            b'#' if !rest.starts_with("#[") => line_comment(rest),
            _ => 1,
        };
    }
    code.len()
}

/// Length of a quoted string with its quotes.
fn quoted(text: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        at += match byte {
            b'\\' => 2,
            other if *other == quote => return at + 1,
            _ => 1,
        };
    }
    text.len()
}

/// Length of a line comment; a closing tag ends it too.
fn line_comment(text: &str) -> usize {
    let line = text.find('\n').unwrap_or(text.len());
    text.get(..line)
        .and_then(|line| line.find("?>"))
        .unwrap_or(line)
        .max(1)
}
