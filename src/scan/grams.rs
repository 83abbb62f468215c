//! Finds many literals in one pass, in any letter case: an index of one four-byte piece of each.
//!
//! At every byte of a text, the last four are looked up in a bitmap of a million bits; where a bit
//! is set, the literals that own the piece are compared. Pieces are chosen to be rare, so few
//! places need a second look, and building the index takes no longer than reading its literals.

use crate::model::{Bits, Span};
use crate::rule::pattern::literal::{goes_on_after, goes_on_before};
use std::sync::Arc;

/// Bits of a byte that count: the same for both cases of a letter.
const FOLD: u8 = 0x1f;
/// Bytes in a piece.
const LEN: usize = 4;
/// Possible pieces.
const PIECES: usize = 1 << 20;
const MASK: u32 = (1 << 20) - 1;

/// No byte, folded.
const ANY: u8 = 0x20;

/// How often each folded byte is met in source code, on a scale of logarithms.
const OFTEN: [u8; 32] = [
    62, 44, 39, 38, 37, 49, 30, 34, 37, 47, 38, 18, 43, 37, 46, 44, 38, 22, 45, 43, 47, 35, 26, 23,
    24, 28, 28, 29, 22, 33, 20, 19,
];

/// A literal that owns a piece.
#[derive(Clone, Copy)]
struct Owner {
    literal: u32,
    /// Bytes of the literal up to and with the end of the piece.
    upto: u16,
    /// The byte before the piece, folded; `ANY` where the literal begins with the piece.
    before: u8,
    /// The byte after it; `ANY` where the literal ends with the piece.
    after: u8,
    /// Must a word begin where the literal begins?
    starts: bool,
    /// Must a word end where the literal ends?
    ends: bool,
}

/// Literals, arranged for one pass.
pub(super) struct Grams {
    literals: Arc<Literals>,
    /// A bit for each piece that has owners.
    bits: Vec<u64>,
    /// Bits that are set before each word of `bits`.
    before: Vec<u32>,
    /// Where the owners of each piece with owners begin, and one more for the end.
    starts: Vec<u32>,
    owners: Vec<Owner>,
}

/// Literals, each with the piece that is looked up for it.
pub(super) struct Literals {
    texts: Vec<Vec<u8>>,
    /// In order of piece and literal.
    owned: Vec<(u32, Owner)>,
}

impl Literals {
    /// Chooses a piece of each of `texts`, which are in lower case. `edges` tells of each, by number,
    /// whether a word must begin where it begins, and end where it ends.
    pub(super) fn new(texts: Vec<Vec<u8>>, edges: impl Fn(usize) -> Option<(bool, bool)>) -> Self {
        let mut owned = owned(&texts, edges);
        owned.sort_by_key(|(piece, owner)| (*piece, owner.literal));
        Self { texts, owned }
    }
}

impl Grams {
    /// Arranges those of `literals` that are in `live`.
    pub(super) fn new(literals: Arc<Literals>, live: &Bits) -> Self {
        let all = literals.owned.iter();
        let owned: Vec<_> = all
            .filter(|(_, owner)| live.has(owner.literal as usize))
            .copied()
            .collect();
        let mut bits = vec![0_u64; PIECES / 64];
        let mut starts = Vec::new();
        let mut last = None;
        for (index, (piece, _)) in owned.iter().enumerate() {
            if last != Some(*piece) {
                last = Some(*piece);
                starts.push(u32::try_from(index).unwrap_or(u32::MAX));
                if let Some(word) = bits.get_mut((*piece >> 6) as usize) {
                    *word |= 1 << (*piece & 63);
                }
            }
        }
        starts.push(u32::try_from(owned.len()).unwrap_or(u32::MAX));
        let before = bits
            .iter()
            .scan(0, |sum, word| {
                let before = *sum;
                *sum += word.count_ones();
                Some(before)
            })
            .collect();
        Self {
            literals,
            bits,
            before,
            starts,
            owners: owned.into_iter().map(|(_, owner)| owner).collect(),
        }
    }

    /// Calls `found` with every one of the `live` literals, by index, and every place where it
    /// stands, in order of neither, until it says that it need not know of more.
    pub(super) fn find(
        &self,
        text: &[u8],
        live: &mut Bits,
        mut found: impl FnMut(usize, Span) -> bool,
    ) {
        let mut piece = 0_u32;
        // So that a literal shorter than a piece is seen where the text ends.
        let bytes = text.iter().chain(&[0; LEN - 1]).enumerate();
        bytes.for_each(|(at, byte)| {
            piece = (piece << 5 | u32::from(*byte & FOLD)) & MASK;
            let word = self.bits.get((piece >> 6) as usize).copied().unwrap_or(0);
            if word >> (piece & 63) & 1 == 1 {
                self.look(text, at + 1, piece, word, live, &mut found);
            }
        });
    }

    /// Compares the owners of the piece that ends before `end`.
    // One place in ten is looked at: what that takes must not burden the loop over all of them.
    #[inline(never)]
    fn look(
        &self,
        text: &[u8],
        end: usize,
        piece: u32,
        word: u64,
        live: &mut Bits,
        found: &mut impl FnMut(usize, Span) -> bool,
    ) {
        let below = word & ((1 << (piece & 63)) - 1);
        let before = self.before.get((piece >> 6) as usize).copied();
        let index = (before.unwrap_or(0) + below.count_ones()) as usize;
        let (Some(from), Some(to)) = (self.starts.get(index), self.starts.get(index + 1)) else {
            return;
        };
        let owners = self.owners.get(*from as usize..*to as usize);
        let before = folded(end.checked_sub(LEN + 1).and_then(|at| text.get(at)));
        let after = folded(text.get(end));
        for owner in owners.unwrap_or_default() {
            let begins = owner.before == ANY || owner.before == before;
            let goes_on = owner.after == ANY || owner.after == after;
            if !begins || !goes_on || !live.has(owner.literal as usize) {
                continue;
            }
            let Some(literal) = self.literals.texts.get(owner.literal as usize) else {
                continue;
            };
            let Some(start) = end.checked_sub(owner.upto as usize) else {
                continue;
            };
            let end = start + literal.len();
            // Short words stand inside of many longer ones.
            if owner.ends && goes_on_after(text, end) || owner.starts && goes_on_before(text, start)
            {
                continue;
            }
            let there = text.get(start..end);
            if there.is_some_and(|there| there.eq_ignore_ascii_case(literal))
                && !found(owner.literal as usize, Span::new(start, end))
            {
                live.remove(owner.literal as usize);
            }
        }
    }
}

/// A rare piece of each literal, with the literal.
fn owned(literals: &[Vec<u8>], edges: impl Fn(usize) -> Option<(bool, bool)>) -> Vec<(u32, Owner)> {
    let shared = shared(literals);
    let often = |window: &&[u8]| {
        let sharing = shared.get(piece(window) as usize).copied();
        (sharing.unwrap_or(0), often(window))
    };
    let mut owned: Vec<(u32, Owner)> = Vec::new();
    for (number, literal) in literals.iter().enumerate() {
        let (starts, ends) = edges(number).unwrap_or_default();
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let owner = |upto: usize| Owner {
            literal: number,
            upto: u16::try_from(upto).unwrap_or(u16::MAX),
            before: folded(upto.checked_sub(LEN + 1).and_then(|at| literal.get(at))),
            after: folded(literal.get(upto)),
            starts,
            ends,
        };
        match literal.len() {
            0 => {}
            len @ 1..LEN => {
                // Whatever follows.
                let open = 5 * (LEN - len);
                let piece = piece(literal) << open;
                owned.extend((0..1 << open).map(|next| (piece | next, owner(LEN))));
            }
            _ => {
                let rarest = literal
                    .windows(LEN)
                    .enumerate()
                    .min_by_key(|(_, window)| often(window));
                if let Some((at, window)) = rarest {
                    owned.push((piece(window), owner(at + LEN)));
                }
            }
        }
    }
    owned
}

/// A byte of which only the bits that count are left; `ANY` where there is none.
fn folded(byte: Option<&u8>) -> u8 {
    byte.map_or(ANY, |byte| byte & FOLD)
}

/// How many literals hold each piece: what many words share is met often in texts, too.
fn shared(literals: &[Vec<u8>]) -> Vec<u16> {
    let mut shared = vec![0_u16; PIECES];
    for window in literals.iter().flat_map(|literal| literal.windows(LEN)) {
        if let Some(count) = shared.get_mut(piece(window) as usize) {
            *count = count.saturating_add(1);
        }
    }
    shared
}

fn piece(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |piece, byte| piece << 5 | u32::from(*byte & FOLD))
}

fn often(bytes: &[u8]) -> u32 {
    let often = |byte: &u8| OFTEN.get((u32::from(*byte & FOLD)) as usize).copied();
    bytes.iter().filter_map(often).map(u32::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn found(literals: &[&str], text: &str) -> BTreeSet<(usize, u32, u32)> {
        let literals = literals.iter().map(|it| it.as_bytes().to_vec()).collect();
        let mut out = BTreeSet::new();
        let mut live = Bits::new(64);
        (0..64).for_each(|literal| live.insert(literal));
        let literals = Arc::new(Literals::new(literals, |_| None));
        Grams::new(literals, &live.clone()).find(text.as_bytes(), &mut live, |index, at| {
            assert!(out.insert((index, at.start, at.end)), "told once");
            true
        });
        out
    }

    #[test]
    fn overlapping_literals_are_all_found_in_any_case() {
        let found = found(
            &["auth", "authorization", "oriz", "get"],
            "Authorization GET",
        );
        assert_eq!(
            found,
            BTreeSet::from([(0, 0, 4), (1, 0, 13), (2, 4, 8), (3, 14, 17)])
        );
    }

    #[test]
    fn what_must_be_a_word_is_not_told_inside_of_one() {
        let literals = ["put", "input"].map(|it| it.as_bytes().to_vec());
        let mut live = Bits::new(2);
        (0..2).for_each(|literal| live.insert(literal));
        let literals = Literals::new(literals.into(), |number| {
            (number == 0).then_some((true, true))
        });
        let mut found = Vec::new();
        let grams = Grams::new(Arc::new(literals), &live.clone());
        grams.find(b"input, compute, \\nput", &mut live, |index, at| {
            found.push((index, at.start));
            true
        });
        assert_eq!(found, [(1, 0), (0, 18)], "an escape is no part of the word");
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(
            literals in proptest::collection::btree_set("[a-c_@`{é]{1,7}", 1..12),
            text in "[a-cA-C_@`{é\n]{0,200}",
        ) {
            let literals: Vec<&str> = literals.iter().map(String::as_str).collect();
            let mut want = BTreeSet::new();
            for (index, literal) in literals.iter().enumerate() {
                for start in 0..text.len() {
                    let there = text.as_bytes().get(start..start + literal.len());
                    if there.is_some_and(|there| there.eq_ignore_ascii_case(literal.as_bytes())) {
                        let at = Span::new(start, start + literal.len());
                        want.insert((index, at.start, at.end));
                    }
                }
            }
            prop_assert_eq!(found(&literals, &text), want);
        }
    }
}
