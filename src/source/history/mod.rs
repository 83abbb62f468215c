//! What earlier commits hold: every content that a file ever had, once, with the commits between
//! which it was there.

#[cfg(feature = "history")]
mod commits;
#[cfg(feature = "history")]
mod objects;
#[cfg(feature = "history")]
mod refs;
#[cfg(feature = "history")]
mod trees;

#[cfg(feature = "history")]
pub(super) use objects::GitHistory;

use super::Content;
use crate::model::{RepoPath, SkipReason, Skipped};

/// Everything that earlier commits hold.
pub trait History: Sync {
    /// Every content that a file had, once, in order of its first commit and path.
    fn contents(&self) -> &[Past];

    /// What of the history is not here or cannot be read.
    fn gaps(&self) -> &[Skipped];

    /// Something that reads contents, for one thread.
    fn reader(&self) -> Box<dyn Reader + '_>;
}

/// Reads contents of earlier commits.
pub trait Reader {
    /// The bytes of `past`, or why not. Contents over `cap` bytes are not read.
    fn read(&mut self, past: &Past, cap: usize) -> Result<Content, SkipReason>;
}

/// One content that a file had.
#[derive(Clone, Debug)]
pub struct Past {
    /// Path of the file.
    pub path: RepoPath,
    /// A commit in which the file had it under this path.
    pub at: Commit,
    /// The first commit that has it, under any path.
    pub first: Commit,
    /// The last commit that has it, under any path.
    pub last: Commit,
    /// Identity of the content: its object id, or its ordinal in memory.
    pub(super) id: [u8; 20],
}

/// A commit, as far as a report speaks of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Commit {
    /// Position in the history: a commit comes after its parents.
    pub order: u32,
    /// The leading digits of its id.
    pub id: String,
    /// The day it was made, `YYYY-MM-DD`, in UTC.
    pub date: String,
}

/// Seven digits of an object id: what people paste.
#[cfg(feature = "history")]
const SHORT: usize = 7;

#[cfg(feature = "history")]
impl Commit {
    /// A commit from its whole id and its time in seconds since 1970.
    pub(super) fn new(order: u32, id: &str, seconds: i64) -> Self {
        Self {
            order,
            id: id.chars().take(SHORT).collect(),
            date: day(seconds),
        }
    }
}

/// The day of a moment, by the proleptic Gregorian calendar in UTC.
#[cfg(any(feature = "history", test))]
fn day(seconds: i64) -> String {
    // Days from 0000-03-01: the leap day is the last of its year, and 400 years repeat.
    const ERA: i64 = 146_097;
    let days = seconds.div_euclid(86_400).saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let leaps = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / (ERA - 1);
    let year_of_era = (day_of_era - leaps) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era.saturating_mul(400) + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod day_tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, want) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_735_689_599, "2024-12-31"),
            (1_735_689_600, "2025-01-01"),
            (-1, "1969-12-31"),
        ] {
            assert_eq!(day(seconds), want);
        }
        for hostile in [i64::MIN, i64::MAX] {
            assert!(day(hostile).len() > 9);
        }
    }
}
