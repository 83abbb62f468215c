//! Names of variables that are nearly the same.

/// Letters that a part of a name needs, so that one wrong letter is a slip.
const PART: usize = 4;
/// From how many letters on two may be wrong.
const LONG: usize = 7;
/// Parts that two names of different length must share.
const SHARED: usize = 2;

/// How two names are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// One is the other misspelt.
    Spelling,
    /// One has one part more than the other.
    Part,
}

/// The name of `known` that is most like `name`.
pub(super) fn nearest<'k>(
    name: &str,
    known: impl Iterator<Item = &'k str>,
) -> Option<(String, Likeness)> {
    let alike = known.filter_map(|other| Some((likeness(name, other)?, other)));
    let (how, other) = alike.min()?;
    Some((other.to_owned(), how))
}

fn likeness(a: &str, b: &str) -> Option<Likeness> {
    let (left, right) = (parts(a), parts(b));
    if left.concat() == right.concat() {
        return (a != b).then_some(Likeness::Spelling);
    }
    if left.len() == right.len() {
        let mut differing = left.iter().zip(&right).filter(|(a, b)| a != b);
        let (a, b) = differing.next()?;
        return (differing.next().is_none() && misspelt(a, b)).then_some(Likeness::Spelling);
    }
    let (short, long) = if left.len() < right.len() {
        (&left, &right)
    } else {
        (&right, &left)
    };
    let extends = short.len() >= SHARED && long.len() == short.len() + 1 && within(short, long);
    extends.then_some(Likeness::Part)
}

fn parts(name: &str) -> Vec<&str> {
    name.split('_').filter(|part| !part.is_empty()).collect()
}

/// Are all of `short` in `long`, in order?
fn within(short: &[&str], long: &[&str]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|part| rest.any(|other| other == part))
}

/// Numbers tell apart what is meant to be told apart.
fn misspelt(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let length = a.len().min(b.len());
    let most = if length >= LONG { 2 } else { 1 };
    (length >= PART || same_letters(a, b))
        && letters(a)
        && letters(b)
        && distance(a.as_bytes(), b.as_bytes()) <= most
}

/// Short parts differ by what they mean, unless only the order is wrong.
fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters = text.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// Letters to add, drop, change, or swap with their neighbour.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut older: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, y) in b.iter().enumerate() {
            let at =
                |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX);
            let change = at(&above, column).saturating_add(usize::from(x != y));
            let drop = at(&above, column + 1).saturating_add(1);
            let add = at(&line, column).saturating_add(1);
            let swapped = row > 0
                && column > 0
                && Some(x) == column.checked_sub(1).and_then(|column| b.get(column))
                && Some(y) == row.checked_sub(1).and_then(|row| a.get(row));
            let swap = if swapped {
                at(&older, column - 1).saturating_add(1)
            } else {
                usize::MAX
            };
            line.push(change.min(drop).min(add).min(swap));
        }
        older = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Likeness, distance, likeness, nearest};

    #[test]
    fn a_slip_is_recognised_and_a_sibling_is_not() {
        let cases = [
            ("FHIR_BASE_ULR", "FHIR_BASE_URL", Some(Likeness::Spelling)),
            ("FHIR_BASE_URI", "FHIR_BASE_URL", None),
            ("DATABSE_HOST", "DATABASE_HOST", Some(Likeness::Spelling)),
            ("FHIRURL", "FHIR_URL", Some(Likeness::Spelling)),
            ("FHIR_URL", "FHIR_BASE_URL", Some(Likeness::Part)),
            ("SMTP_HOST", "SMTP_PORT", None),
            ("DB_HOST", "DB_USER", None),
            ("LAB_HOST_1", "LAB_HOST_2", None),
            ("SERVER1_URL", "SERVER2_URL", None),
            ("API_KEY", "API_KEY", None),
            ("URL", "FHIR_URL", None),
        ];
        for (a, b, want) in cases {
            assert_eq!(likeness(a, b), want, "{a} {b}");
            assert_eq!(likeness(b, a), want, "{b} {a}");
        }
    }

    #[test]
    fn a_misspelling_outranks_a_longer_name() {
        let known = [
            "CLINIC_LAB_HOST_NAME",
            "CLINIC_LABS_HOST",
            "CLINIK_LAB_HOST",
        ];
        let found = nearest("CLINIC_LAB_HOST", known.into_iter());
        assert_eq!(
            found,
            Some(("CLINIK_LAB_HOST".to_owned(), Likeness::Spelling))
        );
        assert_eq!(nearest("CLINIC", std::iter::empty()), None);
    }

    #[test]
    fn a_swap_counts_once() {
        assert_eq!(distance(b"ULR", b"URL"), 1);
        assert_eq!(distance(b"DATABSE", b"DATABASE"), 1);
        assert_eq!(distance(b"", b"AB"), 2);
    }
}
