//! What tells a rule that a text is a secret: the order in which rules may report one.

use schemars::JsonSchema;
use serde::Deserialize;

/// What tells that a text is a secret, most specific first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KnownBy {
    /// Its own form: the prefix, alphabet and length that one provider gives its tokens.
    Format,
    /// What it is a part of: an address, a header, a key file.
    Structure,
    /// The name of what it is assigned to.
    Name,
}
