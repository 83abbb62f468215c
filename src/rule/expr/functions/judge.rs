//! Judging values, by name. Numbers and truths are judged as they are written, null as empty text.

use super::{Function, wants, words};
use crate::model::Value;
use crate::rule::expr::operate;
use crate::rule::judging;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "placeholder",
        arity: 1,
        call: |a| Ok(judging::placeholder(&written(a)?).into()),
    },
    Function {
        name: "common_password",
        arity: 1,
        call: |a| Ok(judging::common_password(&written(a)?).into()),
    },
    Function {
        name: "entropy",
        arity: 1,
        call: |a| Ok(Value::Float(judging::entropy(&written(a)?))),
    },
    Function {
        name: "value_kind",
        arity: 1,
        call: |a| {
            Ok(judging::kind_of_value(&written(a)?)
                .unwrap_or_default()
                .into())
        },
    },
    Function {
        name: "github_checksum",
        arity: 1,
        call: |a| Ok(judging::github_checksum(words(a, 0)?).into()),
    },
    Function {
        name: "luhn",
        arity: 1,
        call: |a| Ok(judging::luhn(&written(a)?).into()),
    },
    Function {
        name: "npi",
        arity: 1,
        call: |a| Ok(judging::npi(&written(a)?).into()),
    },
    Function {
        name: "jwt",
        arity: 1,
        call: |a| Ok(judging::decode_jwt(words(a, 0)?).unwrap_or_default()),
    },
    Function {
        name: "base64",
        arity: 1,
        call: |a| Ok(judging::decode_base64(words(a, 0)?).map_or(Value::Null, Value::from)),
    },
];

fn written(arguments: &[Value]) -> Result<Arc<str>, String> {
    match arguments.first() {
        Some(Value::Null) => Ok("".into()),
        value => value
            .and_then(operate::text)
            .ok_or_else(|| wants("text", value)),
    }
}
