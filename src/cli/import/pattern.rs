//! Regexes of Go, as gitleaks reads them, in the syntax and with the capture that our rules need.

use super::spell::{Spelled, spell};
use regex_syntax::ast::{self, Ast, GroupKind, RepetitionKind, RepetitionRange};
use regex_syntax::hir::Hir;

/// Name of the capture that holds the secret.
const SECRET: &str = "secret";

/// A regex with a capture `secret`.
pub(super) struct Pattern {
    /// The regex, once for each group that may be the secret.
    pub(super) sources: Vec<String>,
    /// The first of them, parsed.
    pub(super) hir: Hir,
    /// Is there a group that may be the secret where the ones before it are empty?
    pub(super) lost_group: bool,
}

impl Pattern {
    /// Translates the regex of a rule whose secret is in `group`; 0 stands for the first group that
    /// is there, or for the whole match where there is none.
    pub(super) fn translate(regex: &str, group: u32) -> Result<Self, String> {
        let regex = plain(regex);
        let groups = groups(&regex)?;
        let named = |index: u32| {
            let found = groups.iter().find(|found| found.index == index);
            found.map(|found| named(&regex, found))
        };
        let (sources, lost_group) = if group != 0 {
            let source = named(group).ok_or(format!("the regex has no group {group}"))?;
            (vec![source], false)
        } else if groups.is_empty() {
            (vec![format!("(?<{SECRET}>{regex})")], false)
        } else {
            let (firsts, lost) = firsts(&regex)?;
            (firsts.into_iter().filter_map(named).collect(), lost)
        };
        let first = sources.first().map_or("", String::as_str);
        Ok(Self {
            hir: parse(first)?,
            sources,
            lost_group,
        })
    }

    /// The same with its classes written out where that gives texts to search for, and whether an
    /// alternative was lost; `None` when nothing can be written out.
    pub(super) fn spelled(&self) -> Option<(Self, bool)> {
        let mut sources = Vec::new();
        let mut lossy = false;
        for source in &self.sources {
            let Spelled { hir, left_out } = spell(&parse(source).ok()?)?;
            lossy |= left_out;
            sources.push(hir.to_string());
        }
        let out = Self {
            hir: parse(sources.first()?).ok()?,
            sources,
            lost_group: self.lost_group,
        };
        Some((out, lossy))
    }
}

/// Groups of which each is the first one in some match, and whether others may be.
fn firsts(regex: &str) -> Result<(Vec<u32>, bool), String> {
    let mut outer = Vec::new();
    outermost(&syntax(regex)?, &mut Vec::new(), &mut outer);
    let mut chosen: Vec<Outer> = Vec::new();
    let mut lost = false;
    for group in outer {
        if chosen.iter().all(|other| other.excludes(&group)) {
            chosen.push(group);
        } else {
            lost |= chosen.iter().any(|other| other.optional);
        }
    }
    Ok((chosen.iter().map(|group| group.index).collect(), lost))
}

/// A group inside no other one.
struct Outer {
    index: u32,
    /// The alternations that it is in, with the branch of each.
    branches: Vec<(usize, usize)>,
    /// May a match of its branches go without it?
    optional: bool,
}

impl Outer {
    fn excludes(&self, other: &Self) -> bool {
        self.branches.iter().any(|(at, branch)| {
            let mut theirs = other.branches.iter();
            theirs.any(|(other_at, other_branch)| at == other_at && branch != other_branch)
        })
    }
}

/// Collects the outermost groups in order. Depth is bounded by the nesting that the parser allows.
fn outermost(ast: &Ast, branches: &mut Vec<(usize, usize)>, out: &mut Vec<Outer>) {
    match ast {
        Ast::Group(group) => match group.capture_index() {
            Some(index) => out.push(Outer {
                index,
                branches: branches.clone(),
                optional: false,
            }),
            None => outermost(&group.ast, branches, out),
        },
        Ast::Repetition(repetition) => {
            let from = out.len();
            outermost(&repetition.ast, branches, out);
            for group in out.iter_mut().skip(from) {
                group.optional |= may_be_empty(&repetition.op.kind);
            }
        }
        Ast::Concat(concat) => {
            for part in &concat.asts {
                outermost(part, branches, out);
            }
        }
        Ast::Alternation(alternation) => {
            for (branch, part) in alternation.asts.iter().enumerate() {
                branches.push((alternation.span.start.offset, branch));
                outermost(part, branches, out);
                branches.pop();
            }
        }
        _ => {}
    }
}

fn may_be_empty(kind: &RepetitionKind) -> bool {
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => true,
        RepetitionKind::OneOrMore => false,
        RepetitionKind::Range(range) => matches!(
            range,
            RepetitionRange::Exactly(0)
                | RepetitionRange::AtLeast(0)
                | RepetitionRange::Bounded(0, _)
        ),
    }
}

/// Parses as our text matchers do.
pub(super) fn parse(source: &str) -> Result<Hir, String> {
    regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .multi_line(true)
        .nest_limit(250)
        .build()
        .parse(source)
        .map_err(|error| last_line(&error.to_string()))
}

fn last_line(text: &str) -> String {
    let line = text.lines().last().unwrap_or(text);
    line.trim_start_matches("error: ").to_owned()
}

struct Group {
    index: u32,
    /// Where its name begins and ends; for a group without one, both the place after `(`.
    name: std::ops::Range<usize>,
    is_named: bool,
}

fn groups(regex: &str) -> Result<Vec<Group>, String> {
    struct Collect(Vec<Group>);
    impl ast::Visitor for Collect {
        type Output = Vec<Group>;
        type Err = String;

        fn finish(self) -> Result<Vec<Group>, String> {
            Ok(self.0)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), String> {
            if let Ast::Group(group) = ast {
                match &group.kind {
                    GroupKind::CaptureIndex(index) => {
                        let at = group.span.start.offset + 1;
                        self.0.push(Group {
                            index: *index,
                            name: at..at,
                            is_named: false,
                        });
                    }
                    GroupKind::CaptureName { name, .. } => self.0.push(Group {
                        index: name.index,
                        name: name.span.start.offset..name.span.end.offset,
                        is_named: true,
                    }),
                    GroupKind::NonCapturing(_) => {}
                }
            }
            Ok(())
        }
    }
    ast::visit(&syntax(regex)?, Collect(Vec::new()))
}

fn syntax(regex: &str) -> Result<Ast, String> {
    ast::parse::ParserBuilder::new()
        .nest_limit(250)
        .build()
        .parse(regex)
        .map_err(|error| last_line(&error.to_string()))
}

/// The regex with the group called `secret`.
fn named(regex: &str, group: &Group) -> String {
    let before = regex.get(..group.name.start).unwrap_or_default();
    let after = regex.get(group.name.end..).unwrap_or_default();
    if group.is_named {
        format!("{before}{SECRET}{after}")
    } else {
        format!("{before}?<{SECRET}>{after}")
    }
}

/// Writes out what Go takes literally and our syntax does not: braces that repeat nothing, and
/// brackets and operators inside a class.
pub(super) fn plain(regex: &str) -> String {
    let mut out = String::with_capacity(regex.len());
    let mut rest = regex;
    let mut class = false;
    while let Some(letter) = rest.chars().next() {
        let taken = match (letter, class) {
            ('\\', _) => escape(rest),
            ('[', false) => {
                class = true;
                opening(rest)
            }
            ('[', true) if rest.starts_with("[:") => posix(rest),
            (']', true) => {
                class = false;
                1
            }
            ('{', false) => repetition(rest),
            ('[' | '&' | '~', true) | ('}', false) => 0,
            _ => letter.len_utf8(),
        };
        if taken == 0 {
            out.push('\\');
            out.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        } else {
            let (part, tail) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            // The end of the text: our windows end with a line.
            out.push_str(if part == r"\z" { "$" } else { part });
            rest = tail;
        }
    }
    out
}

/// Length of an escape, with the braces that belong to it.
fn escape(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    let Some((at, letter)) = letters.next() else {
        return rest.len();
    };
    let after = at + letter.len_utf8();
    let braced = matches!(letter, 'p' | 'P' | 'x')
        && rest.get(after..).is_some_and(|tail| tail.starts_with('{'));
    if braced {
        rest.find('}').map_or(rest.len(), |end| end + 1)
    } else {
        after
    }
}

/// Length of what opens a class: a bracket first in it stands for itself.
fn opening(rest: &str) -> usize {
    ["[^]", "[]", "[^"]
        .iter()
        .find(|opening| rest.starts_with(**opening))
        .map_or(1, |opening| opening.len())
}

fn posix(rest: &str) -> usize {
    rest.find(":]").map_or(0, |end| end + 2)
}

/// Length of a counted repetition; 0 when the brace stands for itself.
fn repetition(rest: &str) -> usize {
    let Some((counts, _)) = rest.get(1..).and_then(|tail| tail.split_once('}')) else {
        return 0;
    };
    let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !least.is_empty() && digits(least) && digits(most) {
        counts.len() + 2
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_takes_literally_is_escaped() {
        for (go, ours) in [
            (r"^\$(?:\d+|{\d+})$", r"^\$(?:\d+|\{\d+\})$"),
            (r"a{2}b{3,}c{4,5}", r"a{2}b{3,}c{4,5}"),
            (r"[[\]a&&b~]", r"[\[\]a\&\&b\~]"),
            (r"[[:alnum:]_]{8}", r"[[:alnum:]_]{8}"),
            (r"\x{41}\pL}", r"\x{41}\pL\}"),
            (r"[]a]", r"[]a]"),
            (r"end\z", "end$"),
        ] {
            assert_eq!(plain(go), ours);
            parse(ours).or_else(|_| parse("")).unwrap();
        }
    }

    #[test]
    fn the_secret_gets_a_name() {
        let source = |regex, group| {
            let pattern = Pattern::translate(regex, group)?;
            Ok::<_, String>(pattern.sources.join(" "))
        };
        assert_eq!(
            source("key-[a-z]{9}", 0).unwrap(),
            "(?<secret>key-[a-z]{9})"
        );
        assert_eq!(
            source("key=([a-z]{9})", 0).unwrap(),
            "key=(?<secret>[a-z]{9})"
        );
        assert_eq!(
            source("(?P<name>key)=(?:x)([a-z]{9})", 2).unwrap(),
            "(?P<name>key)=(?:x)(?<secret>[a-z]{9})"
        );
        assert_eq!(
            source("(?P<name>key-[a-z]{9})", 1).unwrap(),
            "(?P<secret>key-[a-z]{9})"
        );
        assert_eq!(
            source("a=(([a-z])x)|b=(?:([0-9])(z)|(y))", 0).unwrap(),
            "a=(?<secret>([a-z])x)|b=(?:([0-9])(z)|(y)) \
             a=(([a-z])x)|b=(?:(?<secret>[0-9])(z)|(y)) \
             a=(([a-z])x)|b=(?:([0-9])(z)|(?<secret>y))"
        );
        for (regex, lost) in [
            ("(a)(b)", false),
            ("(a)?(b)", true),
            ("(?:(a)|x)(b)", false),
        ] {
            assert_eq!(Pattern::translate(regex, 0).unwrap().lost_group, lost);
        }
        assert!(source("key", 2).is_err());
        assert!(source("key(?=x)", 0).is_err());
    }
}
