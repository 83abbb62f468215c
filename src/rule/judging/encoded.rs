//! Text inside text: base64 and JSON Web Tokens.

use crate::model::Value;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::collections::BTreeMap;
use std::sync::Arc;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The text that the value encodes in either alphabet of base64, with padding or without; line
/// breaks are skipped. Nothing when it is no base64, or encodes no UTF-8 text.
pub fn decode_base64(value: &str) -> Option<String> {
    let compact: String = value.split_ascii_whitespace().collect();
    if compact.is_empty() {
        return None;
    }
    let bytes = STANDARD
        .decode(&compact)
        .or_else(|_| URL_SAFE.decode(&compact))
        .ok()?;
    String::from_utf8(bytes).ok()
}

/// The payload of a JSON Web Token, unverified, with the header's `alg`, and with `lifetime_days`
/// when it says both when it was issued and when it expires.
pub fn decode_jwt(token: &str) -> Option<Value> {
    let token = token.trim();
    let mut parts = token.split('.');
    let (header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let header = object(header)?;
    let mut payload = object(payload)?;
    let algorithm = header.get("alg")?;
    algorithm.as_str()?;
    payload.insert("alg".into(), algorithm.clone());
    if let (Some(issued), Some(expires)) =
        (seconds(payload.get("iat")), seconds(payload.get("exp")))
    {
        payload.insert(
            "lifetime_days".into(),
            Value::Float((expires - issued) / 86_400.0),
        );
    }
    Some(Value::Map(Arc::new(payload)))
}

fn object(part: &str) -> Option<BTreeMap<Arc<str>, Value>> {
    let bytes = URL_SAFE.decode(part).ok()?;
    let json: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    match json {
        serde_json::Value::Object(entries) => Some(
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), from_json(value)))
                .collect(),
        ),
        _ => None,
    }
}

/// JSON as a value; `serde_json` bounds the depth.
fn from_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(truth),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(double)) => Value::Float(double),
            (None, None) => Value::Null,
        },
        serde_json::Value::String(text) => Value::str(text),
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(from_json)),
        serde_json::Value::Object(entries) => Value::map(
            entries
                .into_iter()
                .map(|(key, value)| (key, from_json(value))),
        ),
    }
}

/// A time of a token, in seconds.
#[expect(
    clippy::cast_precision_loss,
    reason = "a lifetime in days bears the rounding of its ends"
)]
fn seconds(value: Option<&Value>) -> Option<f64> {
    match value? {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, payload: &str) -> String {
        let encode = |text: &str| URL_SAFE.encode(text).trim_end_matches('=').to_owned();
        [encode(header), encode(payload), "c2ln".to_owned()].join(".")
    }

    #[test]
    fn decodes_base64_of_text() {
        for (value, text) in [
            ("aGVsbG8=", "hello"),
            ("aGVsbG8", "hello"),
            ("aGVs\n  bG8=\n", "hello"),
            ("Pz8_", "???"),
            ("Pz8/", "???"),
        ] {
            assert_eq!(decode_base64(value).as_deref(), Some(text), "{value}");
        }
        for value in ["", "hello!", "/w==", "é"] {
            assert_eq!(decode_base64(value), None, "{value}");
        }
    }

    #[test]
    fn decodes_the_payload_of_a_token() {
        let token = token(
            r#"{"alg":"HS256"}"#,
            r#"{"role":"service_role","iat":1700000000,"exp":1700864000}"#,
        );
        let payload = decode_jwt(&token).unwrap();
        assert_eq!(payload.get("alg"), Some(&"HS256".into()));
        assert_eq!(payload.get("role"), Some(&"service_role".into()));
        assert_eq!(payload.get("lifetime_days"), Some(&Value::Float(10.0)));
    }

    #[test]
    fn what_is_no_token_gives_nothing() {
        let header = r#"{"alg":"none"}"#;
        assert_eq!(
            decode_jwt(&token(header, "{}"))
                .unwrap()
                .get("lifetime_days"),
            None
        );
        for wrong in [
            "",
            "a.b.c",
            "1.2.3.4",
            &token("{}", "{}"),
            &token(header, "[]"),
            &token("[]", "{}"),
        ] {
            assert_eq!(decode_jwt(wrong), None, "{wrong}");
        }
    }
}
