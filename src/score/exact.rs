//! Sums of fractions without rounding, so that 100 means perfect and no machine disagrees.
//!
//! Decaying scores have arbitrary denominators, and their common denominator outgrows every
//! machine integer; hence a natural number with as many digits as it needs.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Digits are to the base 2³², so that a product of two fits in a `u64` with room for a carry.
const BITS: u32 = 32;
const MASK: u64 = (1 << BITS) - 1;

/// A sum of non-negative fractions, kept by denominator.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum(BTreeMap<u128, u128>);

impl Sum {
    /// Adds `numerator / denominator`; a denominator of zero adds nothing.
    pub(super) fn add(&mut self, numerator: u128, denominator: u128) {
        if numerator == 0 || denominator == 0 {
            return;
        }
        let divisor = gcd(numerator, denominator);
        *self.0.entry(denominator / divisor).or_default() += numerator / divisor;
    }

    /// `100 × sum / divisor`, rounded down, at most 100.
    pub(super) fn percent_of(&self, divisor: u64) -> u32 {
        let mut top = Natural::from(0);
        let mut bottom = Natural::from(1);
        for (denominator, numerator) in &self.0 {
            let denominator = Natural::from(*denominator);
            top = top
                .times(&denominator)
                .plus(&bottom.times(&Natural::from(*numerator)));
            bottom = bottom.times(&denominator);
        }
        let top = top.times(&Natural::from(100));
        let bottom = bottom.times(&Natural::from(u128::from(divisor)));
        let reached = |percent: &u32| {
            bottom.times(&Natural::from(u128::from(*percent))).cmp(&top) != Ordering::Greater
        };
        (1..=100).rev().find(reached).unwrap_or(0)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A natural number: digits to the base 2³², least first, without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Natural(Vec<u64>);

impl Natural {
    fn from(number: u128) -> Self {
        let mut rest = number;
        let mut digits = Vec::new();
        while rest != 0 {
            digits.push(u64::try_from(rest & u128::from(MASK)).unwrap_or(MASK));
            rest >>= BITS;
        }
        Self(digits)
    }

    fn plus(&self, other: &Self) -> Self {
        let digit = |number: &Self, at: usize| number.0.get(at).copied().unwrap_or(0);
        let mut carry = 0;
        let mut digits = Vec::new();
        for at in 0..self.0.len().max(other.0.len()) {
            let sum = digit(self, at) + digit(other, at) + carry;
            digits.push(sum & MASK);
            carry = sum >> BITS;
        }
        digits.push(carry);
        Self(digits).trimmed()
    }

    fn times(&self, other: &Self) -> Self {
        let rows = other
            .0
            .iter()
            .enumerate()
            .map(|(shift, digit)| self.times_digit(*digit, shift));
        rows.fold(Self(Vec::new()), |sum, row| sum.plus(&row))
    }

    fn times_digit(&self, by: u64, shift: usize) -> Self {
        let mut carry = 0;
        let mut digits = vec![0; shift];
        for digit in &self.0 {
            let product = digit * by + carry;
            digits.push(product & MASK);
            carry = product >> BITS;
        }
        digits.push(carry);
        Self(digits).trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    fn cmp(&self, other: &Self) -> Ordering {
        self.0
            .len()
            .cmp(&other.0.len())
            .then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_add_up_to_one() {
        let mut sum = Sum::default();
        for _ in 0..3 {
            sum.add(1, 3);
        }
        assert_eq!(sum.percent_of(1), 100);
        assert_eq!(sum.percent_of(3), 33);
        assert_eq!(Sum::default().percent_of(1), 0);
    }

    #[test]
    fn denominators_without_a_common_machine_integer_stay_exact() {
        let mut sum = Sum::default();
        let mut terms: u64 = 0;
        for denominator in 2..400_u128 {
            sum.add(denominator - 1, denominator);
            sum.add(1, denominator);
            terms += 1;
        }
        assert_eq!(sum.percent_of(terms), 100);
        assert_eq!(sum.percent_of(terms + 1), 99);
    }

    proptest! {
        #[test]
        fn agrees_with_machine_integers(a in 0_u128..1 << 60, b in 0_u128..1 << 60) {
            let (x, y) = (Natural::from(a), Natural::from(b));
            prop_assert_eq!(x.plus(&y), Natural::from(a + b));
            prop_assert_eq!(x.times(&y), Natural::from(a * b));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        }
    }
}
