//! Quoted-printable (RFC 2045 §6.7): `=41`, and `=` at the end of a line.

use super::bytes::text_of;

/// `None` when nothing is encoded.
pub(super) fn decode(text: &str) -> Option<String> {
    if !text.contains('=') {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => break,
            [b'=', b'\r', b'\n', rest @ ..] | [b'=', b'\n' | b'\r', rest @ ..] => rest,
            [b'=', high, low, after @ ..] => {
                if let (Some(high), Some(low)) = (digit(*high), digit(*low)) {
                    out.push(high << 4 | low);
                    after
                } else {
                    out.push(b'=');
                    rest.get(1..).unwrap_or_default()
                }
            }
            [byte, rest @ ..] => {
                out.push(*byte);
                rest
            }
        };
    }
    (out != text.as_bytes()).then(|| text_of(&out))
}

fn digit(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok())
}
