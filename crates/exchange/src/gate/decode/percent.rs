//! Percent encoding, as in URLs.

use super::bytes::text_of;
use percent_encoding::percent_decode_str;

/// `None` when nothing is encoded.
pub(super) fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    (bytes != text.as_bytes()).then(|| text_of(&bytes))
}
