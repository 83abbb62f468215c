//! Instructions of a Dockerfile, line by line: continuations, comments between them, the escape
//! directive and heredocs. Never fails, so that one bad line does not hide the others.

use crate::model::Span;

/// All instructions that exist.
const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];
/// Each costs a search through the rest of the file.
const UNCLOSED_HEREDOCS: u32 = 16;

/// One instruction.
#[derive(Clone, Debug)]
pub(super) struct Instruction {
    /// In capitals.
    pub(super) name: String,
    /// The keyword.
    pub(super) keyword: Span,
    /// From the keyword to the end of the last line, heredocs included.
    pub(super) span: Span,
    /// `--from=build` and the like.
    pub(super) flags: Vec<Word>,
    /// Words, or the items of a JSON list.
    pub(super) args: Vec<Word>,
    /// Written as a JSON list.
    pub(super) exec: bool,
    /// What follows the keyword and the flags, on one line, with heredocs below it.
    pub(super) text: Word,
    /// Whether an instruction of this name exists.
    pub(super) known: bool,
}

/// A piece of text and its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Word {
    pub(super) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// Reads all instructions.
pub(super) fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape_directive(text);
    let mut reader = Reader {
        text,
        at: 0,
        escape,
        unclosed: UNCLOSED_HEREDOCS,
    };
    let mut found = Vec::new();
    while let Some(logical) = Logical::read(text, &mut reader.at, escape) {
        found.extend(reader.instruction(&logical));
    }
    found
}

/// The text and how far it has been read.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    escape: char,
    /// Heredocs without an end that are still looked for.
    unclosed: u32,
}

/// The character of `# escape=`; directives stand before anything else.
fn escape_directive(text: &str) -> char {
    for line in text.lines() {
        let Some((key, value)) = line
            .trim()
            .strip_prefix('#')
            .and_then(|line| line.split_once('='))
        else {
            break;
        };
        if key.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}

/// Lines joined at their escapes, with the way back to the places they come from.
struct Logical {
    text: String,
    /// Begin of each piece: in `text` and in the file.
    pieces: Vec<(usize, usize)>,
    end: usize,
}

impl Logical {
    /// Reads the next one that is neither blank nor a comment and moves `at` behind it.
    fn read(text: &str, at: &mut usize, escape: char) -> Option<Self> {
        let mut logical = Self {
            text: String::new(),
            pieces: Vec::new(),
            end: 0,
        };
        while let Some(rest) = text.get(*at..).filter(|rest| !rest.is_empty()) {
            let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
            let line = rest
                .get(..length)
                .unwrap_or_default()
                .trim_end_matches(['\n', '\r']);
            let start = *at;
            *at += length;
            let content = line.trim_start();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let offset = if logical.pieces.is_empty() {
                line.len() - content.len()
            } else {
                0
            };
            let line = line.get(offset..).unwrap_or_default();
            let open = line.trim_end().strip_suffix(escape);
            logical.pieces.push((logical.text.len(), start + offset));
            logical.text.push_str(open.unwrap_or(line));
            logical.end = start + offset + line.trim_end().len();
            if open.is_none() {
                return Some(logical);
            }
        }
        (!logical.pieces.is_empty()).then_some(logical)
    }

    /// The byte of the file that byte `at` of the joined text comes from.
    fn source(&self, at: usize) -> usize {
        let piece = self
            .pieces
            .partition_point(|(start, _)| *start <= at)
            .saturating_sub(1);
        self.pieces
            .get(piece)
            .map_or(0, |(start, source)| source + (at - start))
    }

    fn word(&self, text: String, start: usize, end: usize) -> Word {
        let last = self.source(end.saturating_sub(1).max(start));
        Word {
            text,
            start: self.source(start),
            end: if end > start { last + 1 } else { last },
        }
    }
}

impl Reader<'_> {
    fn instruction(&mut self, logical: &Logical) -> Option<Instruction> {
        let escape = self.escape;
        let line = logical.text.as_str();
        let keyword = line
            .split([' ', '\t'])
            .next()
            .filter(|keyword| !keyword.is_empty())?;
        let name = keyword.to_ascii_uppercase();
        let known = INSTRUCTIONS.contains(&&*name);
        let mut from = skip_blanks(line, keyword.len());
        let mut flags = Vec::new();
        while line.get(from..).is_some_and(|rest| rest.starts_with("--")) {
            let end = word_end(line, from, escape);
            flags.push(logical.word(
                line.get(from..end).unwrap_or_default().to_owned(),
                from,
                end,
            ));
            from = skip_blanks(line, end);
        }
        let rest = line.get(from..).unwrap_or_default().trim_end();
        let mut body = logical.word(rest.to_owned(), from, from + rest.len());
        let (args, exec) = arguments(&name, logical, from, escape);
        let mut end = logical.end;
        if matches!(&*name, "RUN" | "COPY" | "ADD") && !exec {
            for heredoc in heredocs(rest) {
                end = self.heredoc(&heredoc, &mut body).unwrap_or(end);
            }
        }
        let keyword = logical.word(String::new(), 0, keyword.len()).span();
        let span = Span::new(keyword.start as usize, end);
        Some(Instruction {
            name,
            keyword,
            span,
            flags,
            args,
            exec,
            text: body,
            known,
        })
    }

    /// Appends the lines of a heredoc to `body`; `None` and nothing read when it never ends, because
    /// then the mark meant something else.
    fn heredoc(&mut self, heredoc: &Heredoc, body: &mut Word) -> Option<usize> {
        self.unclosed.checked_sub(1)?;
        let mut next = self.at;
        while let Some(rest) = self.text.get(next..).filter(|rest| !rest.is_empty()) {
            let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
            let line = rest
                .get(..length)
                .unwrap_or_default()
                .trim_end_matches(['\n', '\r']);
            let start = next;
            next += length;
            let unindented = if heredoc.tabs {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if unindented == heredoc.end {
                body.text.push('\n');
                body.text
                    .push_str(self.text.get(self.at..start).unwrap_or_default());
                body.end = start + line.len();
                self.at = next;
                return Some(body.end);
            }
        }
        self.unclosed -= 1;
        None
    }
}

fn skip_blanks(line: &str, from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + (rest.len() - rest.trim_start().len())
}

/// Where the word that begins at `from` ends: at a blank outside quotes.
fn word_end(line: &str, from: usize, escape: char) -> usize {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in line.get(from..).unwrap_or_default().char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (quote, c) if c == escape && quote != Some('\'') => escaped = true,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ' | '\t') => return from + at,
            _ => {}
        }
    }
    line.len()
}

/// The words from `from` on without their quotes, or the items of a JSON list.
fn arguments(name: &str, logical: &Logical, from: usize, escape: char) -> (Vec<Word>, bool) {
    let line = logical.text.as_str();
    if let Some(items) = json_items(line, from) {
        let words = items
            .into_iter()
            .map(|(text, start, end)| logical.word(text, start, end));
        return (words.collect(), true);
    }
    let mut words = Vec::new();
    let mut at = from;
    while at < line.len() {
        let end = word_end(line, at, escape);
        let word = line.get(at..end).unwrap_or_default();
        if word.is_empty() {
            break;
        }
        words.push(logical.word(unquote(word, escape), at, end));
        at = skip_blanks(line, end);
    }
    // `ENV KEY some value`: the old form has one key, and everything after it is the value.
    if let ("ENV", Some(key)) = (name, words.first())
        && !key.text.contains('=')
        && words.len() > 1
    {
        let key = key.clone();
        let value_start = skip_blanks(line, word_end(line, from, escape));
        let value = line.get(value_start..).unwrap_or_default().trim_end();
        let mut word = logical.word(
            format!("{}={value}", key.text),
            from,
            value_start + value.len(),
        );
        word.start = key.start;
        return (vec![word], false);
    }
    (words, false)
}

fn unquote(word: &str, escape: char) -> String {
    let mut out = String::with_capacity(word.len());
    let mut quote = None;
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (quote, c) if c == escape && quote != Some('\'') => match chars.next() {
                // An escaped dollar sign stays escaped until variables are replaced.
                Some('$') => out.extend(['\\', '$']),
                Some(next) => out.push(next),
                None => out.push(c),
            },
            (_, c) => out.push(c),
        }
    }
    out
}

/// The strings of a JSON list that fills the rest of the line.
fn json_items(line: &str, from: usize) -> Option<Vec<(String, usize, usize)>> {
    let text = line.get(from..)?.trim_end();
    if !text.starts_with('[') || !text.ends_with(']') {
        return None;
    }
    let mut items = Vec::new();
    let mut at = 1;
    loop {
        at = skip_blanks(text, at);
        if items.is_empty() && text.get(at..) == Some("]") {
            return Some(items);
        }
        let mut strings = serde_json::Deserializer::from_str(text.get(at..)?).into_iter::<String>();
        let item = strings.next()?.ok()?;
        let end = at + strings.byte_offset();
        items.push((item, from + at, from + end));
        at = skip_blanks(text, end);
        match text.get(at..)? {
            "]" => return Some(items),
            rest if rest.starts_with(',') => at += 1,
            _ => return None,
        }
    }
}

/// A heredoc that is announced on a line.
struct Heredoc {
    end: String,
    tabs: bool,
}

fn heredocs(line: &str) -> Vec<Heredoc> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("<<") {
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(at + 2..).unwrap_or_default();
        if before.ends_with('<') || after.starts_with('<') {
            continue;
        }
        let tabs = after.starts_with('-');
        let word = after.strip_prefix('-').unwrap_or(after);
        let quote = word.chars().next().filter(|c| matches!(c, '"' | '\''));
        let name = quote.map_or(word, |quote| word.strip_prefix(quote).unwrap_or(word));
        let length = name
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .unwrap_or(name.len());
        let (name, rest) = name.split_at_checked(length).unwrap_or_default();
        let closed = quote.is_none_or(|quote| rest.starts_with(quote));
        if closed && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            found.push(Heredoc {
                end: name.to_owned(),
                tabs,
            });
        }
    }
    found
}
