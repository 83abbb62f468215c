use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn nothing() {
    assert!(parse(Language::Python, "x = 1\n", SECOND).is_ok());
}
