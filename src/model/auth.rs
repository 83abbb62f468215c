//! How much a route asks of those who call it.

/// What a caller must show before a route answers, from nothing to a right to the very record.
///
/// The levels are ordered: what applies around a route and at the route itself is joined by
/// taking the highest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nobody is asked.
    #[default]
    None,
    /// Callers may say who they are, and are let through if they do not.
    Optional,
    /// Callers must say who they are.
    Authenticated,
    /// Callers must have a role or a permission.
    Role,
    /// Callers must be allowed to see this very record.
    Object,
}

impl Level {
    /// The word used in facts and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Authenticated => "authenticated",
            Self::Role => "role",
            Self::Object => "object",
        }
    }

    /// The level that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::None,
            Self::Optional,
            Self::Authenticated,
            Self::Role,
            Self::Object,
        ]
        .into_iter()
        .find(|level| level.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn levels_are_ordered_and_have_words() {
        let words = ["none", "optional", "authenticated", "role", "object"];
        let levels: Vec<Level> = words
            .iter()
            .filter_map(|word| Level::from_word(word))
            .collect();
        assert!(levels.is_sorted());
        assert_eq!(
            levels
                .iter()
                .map(|level| level.as_str())
                .collect::<Vec<_>>(),
            words
        );
        assert_eq!(Level::from_word("admin"), None);
    }
}
