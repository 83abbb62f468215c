//! A set of small numbers.

/// A set of numbers below a bound that its maker knows; others are never in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// The empty set of numbers below `bound`.
    pub fn new(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Is `number` in the set?
    pub fn has(&self, number: usize) -> bool {
        self.0
            .get(number / 64)
            .is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Puts `number` into the set, if it is below the bound.
    pub fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// What is in both sets.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    /// Takes `number` out of the set.
    pub fn remove(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_there_until_it_is_taken_out() {
        let mut bits = Bits::new(70);
        bits.insert(69);
        bits.insert(500);
        assert!(bits.has(69) && !bits.has(5) && !bits.has(500));
        let mut other = Bits::new(70);
        other.insert(5);
        assert_eq!(bits.and(&other), Bits::new(70));
        assert_eq!(bits.and(&bits), bits);
        bits.remove(69);
        assert_eq!(bits, Bits::new(70));
    }
}
