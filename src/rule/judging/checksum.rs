//! Numbers and tokens that carry their own check digits.

/// Digits of base 62 in the order that GitHub and npm use.
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Prefixes of tokens with the checksum.
const PREFIXES: [&str; 6] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"];

/// Is it a token of GitHub or npm whose last six characters are the CRC-32 of the thirty before?
pub fn github_checksum(token: &str) -> bool {
    let body = PREFIXES
        .iter()
        .find_map(|prefix| token.strip_prefix(prefix));
    let Some((random, checksum)) = body
        .filter(|body| body.len() == 36)
        .and_then(|body| body.split_at_checked(30))
    else {
        return false;
    };
    let decoded = checksum.bytes().try_fold(0_u64, |sum, byte| {
        let digit = BASE62.iter().position(|known| *known == byte)?;
        Some(sum * 62 + u64::try_from(digit).ok()?)
    });
    random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && decoded == Some(u64::from(crc32(random.as_bytes())))
}

/// CRC-32 as in zip and PNG.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |rest: u32| {
        if rest & 1 == 1 {
            (rest >> 1) ^ 0xEDB8_8320
        } else {
            rest >> 1
        }
    };
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |rest, _| step(rest))
    })
}

/// Do the digits pass the Luhn check, as card and device numbers do? Blanks and hyphens are skipped.
pub fn luhn(number: &str) -> bool {
    let digits: Option<Vec<u32>> = number
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .map(|character| character.to_digit(10))
        .collect();
    digits.is_some_and(|digits| digits.len() > 1 && luhn_sum(&digits).is_multiple_of(10))
}

/// Is it a National Provider Identifier: ten digits, the first 1 or 2, whose check digit counts the
/// prefix 80840 that stands for health care in the United States?
pub fn npi(number: &str) -> bool {
    number.len() == 10 && number.starts_with(['1', '2']) && luhn(&["80840", number].concat())
}

fn luhn_sum(digits: &[u32]) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let places = digits.iter().rev().enumerate();
    places
        .map(|(place, digit)| {
            if place % 2 == 1 {
                doubled(*digit)
            } else {
                *digit
            }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_github_carry_a_checksum() {
        // A revoked token that was published to explain the format.
        let body = ["zQWBuTSOoRi4A9spHcVY5", "ncnsDkxkJ", "0mLq17"].concat();
        assert!(github_checksum(&["ghp", "_", &body].concat()));
        assert!(github_checksum(&["npm", "_", &body].concat()));
        assert!(!github_checksum(&["abc", "_", &body].concat()));
        assert!(!github_checksum(
            &["ghp", "_", &body.replace('z', "y")].concat()
        ));
        for wrong in ["", "ghp_", "ghp_é", "ghp_ääääääääääääääääää"] {
            assert!(!github_checksum(wrong), "{wrong}");
        }
    }

    #[test]
    fn crc32_agrees_with_its_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn luhn_and_npi() {
        for good in [
            "4111 1111 1111 1111",
            "79927398713",
            "490154203237518",
            "4242-4242-4242-4242",
        ] {
            assert!(luhn(good), "{good}");
        }
        for bad in [
            "",
            "0",
            "4111111111111112",
            "79927398710",
            "4111x1111",
            "٤٢",
        ] {
            assert!(!luhn(bad), "{bad}");
        }
        for good in ["1234567893", "1245319599"] {
            assert!(npi(good), "{good}");
        }
        for bad in ["1234567890", "3234567893", "123456789", "", "1234-56789"] {
            assert!(!npi(bad), "{bad}");
        }
    }
}
