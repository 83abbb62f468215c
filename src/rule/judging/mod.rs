//! Judging single values: is it a stand-in, a secret, or something harmless that looks like one?
//!
//! Nothing here knows where a value stands; that is the business of rules.

mod checksum;
mod encoded;
mod password;
mod placeholder;
mod shape;
#[cfg(test)]
mod tests;
mod words;

pub use checksum::{github_checksum, luhn, npi};
pub use encoded::{decode_base64, decode_jwt};
pub use password::{common_password, entropy};
pub use placeholder::placeholder;
pub use shape::kind_of_value;
