//! Durations of work as people write them: `30m`, `2h`, `1d`.

/// Minutes in a day of engineering: six productive hours.
const DAY: u32 = 360;

/// Minutes of `text`, a sum of parts such as `1h30m`; `None` when it is not a duration of work.
pub fn minutes(text: &str) -> Option<u32> {
    let mut total = 0_u32;
    let mut digits = String::new();
    for letter in text.trim().chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let unit = match letter {
            'm' => 1,
            'h' => 60,
            'd' => DAY,
            _ => return None,
        };
        let number: u32 = digits.parse().ok()?;
        digits.clear();
        total = total.checked_add(number.checked_mul(unit)?)?;
    }
    (digits.is_empty() && total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn durations_need_a_unit() {
        for (text, want) in [
            ("30m", Some(30)),
            ("2h", Some(120)),
            ("1h30m", Some(90)),
            ("1d", Some(360)),
            ("30", None),
            ("", None),
            ("0m", None),
            ("soon", None),
        ] {
            assert_eq!(minutes(text), want, "{text}");
        }
    }
}
