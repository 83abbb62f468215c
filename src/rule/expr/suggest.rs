//! "Did you mean": the known name nearest to what was written.

/// The sentence's tail for `written`: empty when nothing known is near.
pub(super) fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let most = 1 + written.chars().count() / 4;
    known
        .into_iter()
        .map(|name| (distance(written, name), name))
        .filter(|(edits, _)| *edits <= most)
        .min()
        .map(|(_, name)| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

/// How many insertions, deletions and replacements turn one text into the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, left) in from.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, right) in row.iter_mut().skip(1).zip(to.chars()) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *cell;
            *cell = replaced.min(diagonal + 1).min(before + 1);
            before = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        for (from, to, edits) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("serves", "server", 1),
            ("größe", "grösse", 2),
        ] {
            assert_eq!(distance(from, to), edits, "{from} {to}");
        }
    }

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(
            did_you_mean("servce", ["hit", "service"]),
            "; did you mean `service`?"
        );
        assert_eq!(did_you_mean("zebra", ["hit", "service"]), "");
    }
}
