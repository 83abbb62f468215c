//! Cutting a value into the words that a person would read in it.

/// The words of a value, in lower case: cut at everything that is no letter or digit, and where a
/// capital follows a small letter.
pub(super) fn words(value: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for character in value.chars() {
        let starts = before.is_lowercase() && character.is_uppercase();
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Does a run of letters and digits look made by a machine: long, and letters mixed with digits?
pub(super) fn scrambled(word: &str) -> bool {
    let changes = word
        .chars()
        .zip(word.chars().skip(1))
        .filter(|(a, b)| a.is_ascii_digit() != b.is_ascii_digit())
        .count();
    word.len() >= 16 && changes >= 3
}

/// Is the text made of `length` hexadecimal digits?
pub(super) fn hexadecimal(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Is the text a name as programs have them: a letter or `_`, then letters, digits and `_`?
pub(super) fn identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_words() {
        assert_eq!(
            words("dummyPassword-for_TESTS 2x"),
            ["dummy", "password", "for", "tests", "2x"]
        );
        assert_eq!(words("--"), [""; 0]);
    }

    #[test]
    fn machine_made_words_mix_letters_and_digits() {
        assert!(scrambled("8f14e45fceea167a5a36dedd4bea2543"));
        assert!(!scrambled("authentication2024") && !scrambled("a1b2c3d4"));
    }
}
