//! The one way a secret may be shown: its kind by at most four leading characters, and its length.

/// What stands in the place of `secret` in every output.
///
/// At most four leading characters are shown, and never more than a fifth of the value, so that
/// what is left is of no use.
///
/// ```
/// # use preop::model::mask;
/// assert_eq!(mask("hunter2"), "h…[7 characters]");
/// assert_eq!(mask("correct-horse-battery-staple"), "corr…[28 characters]");
/// ```
pub fn mask(secret: &str) -> String {
    let length = secret.chars().count();
    let shown: String = secret.chars().take((length / 5).min(4)).collect();
    // Line ends and controls would let a secret shape the output.
    let shown: String = shown
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    format!("{shown}…[{length} characters]")
}
