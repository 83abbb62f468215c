//! Values that hits and facts carry: JSON with a third truth, `Unknown`.

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value read from a repository. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Nothing there, or an explicit null.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(Arc<str>),
    /// A sequence.
    List(Arc<[Self]>),
    /// A mapping, by key.
    Map(Arc<BTreeMap<Arc<str>, Self>>),
    /// Depends on something that the repository does not hold: a template, a variable, an
    /// expression. A predicate that touches it is *unknown*, never true or false.
    Unknown,
}

impl Value {
    /// Text as a value.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// A list of values.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// A mapping from keys to values.
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(Arc::new(
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        ))
    }

    /// The text, if this is text.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The value under `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        if let Self::Map(entries) = self {
            entries.get(key)
        } else {
            None
        }
    }

    /// The items, if this is a list; else none.
    pub fn items(&self) -> &[Self] {
        if let Self::List(items) = self {
            items
        } else {
            &[]
        }
    }

    /// How the value reads in a sentence: text bare, everything else as JSON.
    pub fn display(&self) -> String {
        match self {
            Self::Str(text) => text.to_string(),
            Self::Unknown => "?".to_owned(),
            other => serde_json::to_string(other).unwrap_or_default(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::str(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl Serialize for Value {
    /// `Unknown` is written as the text `?`: a reader of JSON has no third truth.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_none(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Int(value) => to.serialize_i64(*value),
            Self::Float(value) => to.serialize_f64(*value),
            Self::Str(text) => to.serialize_str(text),
            Self::List(items) => to.collect_seq(items.iter()),
            Self::Map(entries) => to.collect_map(entries.iter()),
            Self::Unknown => to.serialize_str("?"),
        }
    }
}
