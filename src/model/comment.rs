//! The comments with which people accept findings in place: how they are written.
//!
//! `preop:ignore[RULE, …] until=YYYY-MM-DD reason` speaks of its own line, or of the next line of
//! code when it stands alone; `preop:ignore-file[RULE, …]` near the top speaks of the file. The
//! allow comments of secret scanners are understood too, for secrets only.

/// Where a comment's decision reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentReach {
    /// Its own line, or the next line of code when the comment stands alone on its line.
    Line,
    /// The next line of code.
    NextLine,
    /// The whole file.
    File,
}

/// A comment that accepts findings, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverComment {
    /// Where it reaches.
    pub reach: CommentReach,
    /// Rules it names. Empty for another tool's comment; `*` for one of ours that names none,
    /// which is never valid.
    pub rules: Vec<String>,
    /// Why, as written; may be empty.
    pub reason: String,
    /// Last day on which it holds, as written.
    pub until: Option<String>,
}

const OURS: &str = "preop:ignore";
const FOREIGN: [(&str, CommentReach); 3] = [
    ("gitleaks:allow", CommentReach::Line),
    ("pragma: allowlist secret", CommentReach::Line),
    ("pragma: allowlist nextline secret", CommentReach::NextLine),
];
/// What ends a comment in some language, and is no part of a reason.
const CLOSERS: [&str; 5] = ["*/", "-->", "--}}", "#}", "%>"];

impl WaiverComment {
    /// Reads the text of a comment, or of a line that holds one.
    ///
    /// ```
    /// # use preop::model::WaiverComment;
    /// let line = "port: 80  # preop:ignore[port-exposed] until=2027-01-31 behind the ward proxy";
    /// let comment = WaiverComment::parse(line).unwrap();
    /// assert_eq!(comment.rules, ["port-exposed"]);
    /// assert_eq!(comment.until.as_deref(), Some("2027-01-31"));
    /// assert_eq!(comment.reason, "behind the ward proxy");
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        ours(text).or_else(|| foreign(text))
    }
}

fn ours(text: &str) -> Option<WaiverComment> {
    let rest = after_marker(text, OURS)?;
    let (reach, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (CommentReach::File, rest),
        None => (CommentReach::Line, rest),
    };
    // `preop:ignored` and `preop:ignore-files` are other words.
    if rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '-' | '_')) {
        return None;
    }
    let (rules, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((names, rest)) => (names_in(names), rest),
        None => (Vec::new(), rest),
    };
    let rules = if rules.is_empty() {
        vec!["*".to_owned()]
    } else {
        rules
    };
    let mut until = None;
    let mut reason = Vec::new();
    for word in without_closer(rest).split_whitespace() {
        match word.strip_prefix("until=") {
            Some(day) if until.is_none() => until = Some(day.to_owned()),
            _ => reason.push(word),
        }
    }
    let reason = reason
        .join(" ")
        .trim_start_matches([':', '-', ' '])
        .to_owned();
    Some(WaiverComment {
        reach,
        rules,
        reason,
        until,
    })
}

fn foreign(text: &str) -> Option<WaiverComment> {
    FOREIGN
        .iter()
        .find(|(marker, _)| after_marker(text, marker).is_some())
        .map(|(_, reach)| WaiverComment {
            reach: *reach,
            rules: Vec::new(),
            reason: String::new(),
            until: None,
        })
}

/// The text after `marker`, if it begins a word: prose such as `x-preop:ignore` has no effect.
fn after_marker<'t>(text: &'t str, marker: &str) -> Option<&'t str> {
    let (before, after) = text.split_once(marker)?;
    let inside = |last: char| last.is_alphanumeric() || "_-./`'\"".contains(last);
    if before.ends_with(inside) {
        None
    } else {
        Some(after)
    }
}

fn names_in(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn without_closer(text: &str) -> &str {
    let text = text.trim_end();
    CLOSERS
        .iter()
        .find_map(|closer| text.strip_suffix(closer))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Option<(CommentReach, String, String, Option<String>)> {
        let comment = WaiverComment::parse(text)?;
        Some((
            comment.reach,
            comment.rules.join(","),
            comment.reason,
            comment.until,
        ))
    }

    #[test]
    fn our_comments_in_many_languages() {
        let cases = [
            (
                "x = 1  # preop:ignore[a-b] because it is fine",
                CommentReach::Line,
                "a-b",
                "because it is fine",
                None,
            ),
            (
                "// preop:ignore[a, b]: seen by security",
                CommentReach::Line,
                "a,b",
                "seen by security",
                None,
            ),
            (
                "/* preop:ignore[a] until=2027-01-01 pilot */",
                CommentReach::Line,
                "a",
                "pilot",
                Some("2027-01-01"),
            ),
            (
                "<!-- preop:ignore-file[a] sample data -->",
                CommentReach::File,
                "a",
                "sample data",
                None,
            ),
            (
                "# preop:ignore[a] pilot until=2027-01-01",
                CommentReach::Line,
                "a",
                "pilot",
                Some("2027-01-01"),
            ),
            (
                "# preop:ignore[a] until=soon",
                CommentReach::Line,
                "a",
                "",
                Some("soon"),
            ),
            (
                "# preop:ignore everything",
                CommentReach::Line,
                "*",
                "everything",
                None,
            ),
            (
                "# preop:ignore[] nothing",
                CommentReach::Line,
                "*",
                "nothing",
                None,
            ),
            ("# preop:ignore[a", CommentReach::Line, "*", "[a", None),
        ];
        for (text, reach, rules, reason, until) in cases {
            let want = (
                reach,
                rules.to_owned(),
                reason.to_owned(),
                until.map(str::to_owned),
            );
            assert_eq!(parsed(text), Some(want), "{text}");
        }
    }

    #[test]
    fn prose_about_the_marker_is_no_waiver() {
        for text in [
            "write `preop:ignore[rule]` above the line",
            "xpreop:ignore[a]",
            "preop:ignored",
            "preop:ignore-files[a]",
            "preop: ignore[a]",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn allow_comments_of_other_tools() {
        for (text, reach) in [
            ("key = '…'  # gitleaks:allow", CommentReach::Line),
            ("key = '…'  # pragma: allowlist secret", CommentReach::Line),
            (
                "# pragma: allowlist nextline secret",
                CommentReach::NextLine,
            ),
        ] {
            assert_eq!(
                parsed(text),
                Some((reach, String::new(), String::new(), None)),
                "{text}"
            );
        }
        assert_eq!(parsed("see trufflehog:ignore"), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in "\\PC*|.*preop:ignore.*") {
            let _ = WaiverComment::parse(&text);
        }
    }
}
