//! Bytes in hexadecimal: `506574…`, `50 65 74`, `50:65:74`, `0x50, 0x65`.

use super::bytes::{clean, scraps};
use super::{Decoded, Kind};

/// Shortest token: three letters.
const MIN_BYTES: usize = 3;

pub(super) fn decode(text: &str) -> Decoded {
    let mut decoded = Decoded::default();
    let mut out = String::new();
    let mut from = 0;
    let mut at = 0;
    let all = text.as_bytes();
    while at < all.len() {
        let Some((bytes, end)) = token(all, at) else {
            at += 1;
            continue;
        };
        if let Some(piece) = clean(&bytes) {
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(&piece);
            from = end;
        } else {
            scraps(&bytes, &mut |piece| decoded.pieces.push((piece, Kind::Scrap)));
            // An odd digit before it moves all the others.
            if let Some((bytes, _)) = token(all, at + 1)
                && let Some(piece) = clean(&bytes)
            {
                decoded.pieces.push((piece, Kind::Text));
            }
        }
        at = end;
    }
    if from > 0 {
        out.push_str(text.get(from..).unwrap_or_default());
        decoded.whole = Some(out);
    }
    decoded
}

/// The bytes that stand in hexadecimal from here on, and where they end.
fn token(all: &[u8], start: usize) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    let mut at = after_prefix(all, start);
    let mut between: Option<&[u8]> = None;
    let mut end = start;
    while let Some(byte) = pair(all, at) {
        bytes.push(byte);
        at += 2;
        end = at;
        // What separates the first two separates all.
        let gap = *between.get_or_insert_with(|| {
            let rest = all.get(at..).unwrap_or_default();
            let length = rest.iter().take(3).take_while(|b| b" ,;:-._\\".contains(b)).count();
            rest.get(..length).unwrap_or_default()
        });
        if !all.get(at..).is_some_and(|rest| rest.starts_with(gap)) {
            break;
        }
        at = after_prefix(all, at + gap.len());
    }
    (bytes.len() >= MIN_BYTES).then_some((bytes, end))
}

fn after_prefix(all: &[u8], at: usize) -> usize {
    match all.get(at..) {
        Some([b'0', b'x' | b'X', ..]) => at + 2,
        Some([b'x' | b'X', ..]) => at + 1,
        _ => at,
    }
}

fn pair(all: &[u8], at: usize) -> Option<u8> {
    let digit = |n: usize| all.get(n).and_then(|b| char::from(*b).to_digit(16));
    u8::try_from(digit(at)? << 4 | digit(at + 1)?).ok()
}
