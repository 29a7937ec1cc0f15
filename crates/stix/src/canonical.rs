//! The JSON Canonicalization Scheme (RFC 8785) and the digest over it.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The canonical form of a value: the same bytes for equal values. The value must hold what
/// [`crate::json::read`] accepts.
pub fn bytes(value: &Value) -> Vec<u8> {
    // A `Value` that was read strictly has finite numbers and string keys, so this cannot fail.
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// The SHA-256 digest of the canonical form.
pub fn digest(value: &Value) -> [u8; 32] {
    Sha256::digest(bytes(value)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_of_rfc_8785_3_2_2_comes_out_as_printed_there() {
        let text = r#"{"numbers":[333333333.33333329,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        let canonical = String::from_utf8(bytes(&value)).unwrap();
        assert_eq!(
            canonical,
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,4.5,0.002,1e-27],\
             \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
    }

    #[test]
    fn key_order_and_white_space_do_not_change_the_digest() {
        let one: Value = serde_json::from_str(r#"{"a":1,"b":2}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{ "b": 2, "a": 1.0 }"#).unwrap();
        assert_eq!(digest(&one), digest(&other));
    }
}
