//! Texts of other Unicode encodings, known by their byte order mark or by where their zeros stand, as
//! UTF-8.

/// What the first bytes of a text say of its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or something that only a reader can tell; with this many bytes of a mark.
    Utf8(usize),
    /// UTF-16, the high byte of each pair first, or last.
    Utf16 {
        /// Whether the high byte comes first.
        big: bool,
        /// Whether a mark says so.
        marked: bool,
    },
    /// UTF-32, which is not read.
    Utf32,
}

/// Why a text cannot be read in its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotUnicode {
    /// Half of a pair of surrogates stands alone.
    #[error("it is UTF-16, and half a character stands alone in it")]
    LoneSurrogate,
    /// The text ends in the middle of a character.
    #[error("it is UTF-16, and it ends in the middle of a character; it is cut off")]
    CutOff,
    /// The mark is that of UTF-32.
    #[error("its mark says UTF-32, which is not read; save it as UTF-8")]
    Utf32,
}

/// The number of bytes that show the encoding.
pub const MARK_BYTES: usize = 64;

impl Encoding {
    /// The encoding of a text that begins with these bytes: [`MARK_BYTES`] of them, if there are so
    /// many. A mark may stand there several times.
    pub fn of(start: &[u8]) -> Encoding {
        match start {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Encoding::Utf32,
            [0xff, 0xfe, ..] => Encoding::Utf16 { big: false, marked: true },
            [0xfe, 0xff, ..] => Encoding::Utf16 { big: true, marked: true },
            _ => {
                let start = start.get(..MARK_BYTES).unwrap_or(start);
                let (units, _) = start.as_chunks::<3>();
                let marks = units.iter().take_while(|unit| **unit == [0xef, 0xbb, 0xbf]).count();
                match unmarked(start) {
                    Some(big) => Encoding::Utf16 { big, marked: false },
                    None => Encoding::Utf8(3 * marks),
                }
            }
        }
    }

    fn mark(self) -> usize {
        match self {
            Encoding::Utf8(mark) => mark,
            Encoding::Utf16 { marked, .. } => 2 * usize::from(marked),
            Encoding::Utf32 => 4,
        }
    }
}

/// Whether bytes without a mark are UTF-16, and the high byte of each pair comes first: when zeros
/// stand in only one place of the pairs, often, and the pairs are letters of alphabets. A text in
/// UTF-8 has no zeros.
fn unmarked(start: &[u8]) -> Option<bool> {
    let (pairs, _) = start.as_chunks::<2>();
    let zeros = |place: usize| pairs.iter().filter(|pair| pair.get(place) == Some(&0)).count();
    let big = match (zeros(0), zeros(1)) {
        (0, many) if many > 0 && many * 12 >= pairs.len() => false,
        (many, 0) if many > 0 && many * 12 >= pairs.len() => true,
        _ => return None,
    };
    let is_letter = |[first, second]: &[u8; 2]| {
        let (high, low) = if big { (*first, *second) } else { (*second, *first) };
        match high {
            0 => matches!(low, b'\t' | b'\n' | b'\r' | 0x1e | 0x20..=0x7e | 0xa0..),
            1..=0x20 => true,
            _ => false,
        }
    };
    (pairs.len() > 1 && pairs.iter().all(is_letter)).then_some(big)
}

/// A whole text as UTF-8, without its mark. Bytes without a mark come back as they are, checked or
/// not.
///
/// # Errors
/// The text is not what its mark says.
pub fn to_utf8(bytes: Vec<u8>) -> Result<Vec<u8>, NotUnicode> {
    let mut decoder = Decoder::of(&bytes)?;
    if decoder.encoding == Encoding::Utf8(0) {
        return Ok(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    decoder.read(bytes.get(decoder.encoding.mark()..).unwrap_or_default(), &mut out)?;
    decoder.end()?;
    Ok(out)
}

/// The beginning of a text as UTF-8, without its mark, as far as it can be read.
pub fn start_to_utf8(start: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if let Ok(mut decoder) = Decoder::of(start) {
        let _ = decoder.read(start.get(decoder.encoding.mark()..).unwrap_or_default(), &mut out);
    }
    out
}

/// Makes UTF-8 of a text that comes in pieces.
#[derive(Debug)]
pub(crate) struct Decoder {
    encoding: Encoding,
    /// The first byte of a pair whose second has not come.
    half: Option<u8>,
    /// The first of two surrogates.
    high: Option<u16>,
    /// Whether anything was read but marks.
    begun: bool,
}

impl Decoder {
    /// A decoder for a text that begins with these bytes, its mark among them.
    pub(crate) fn of(start: &[u8]) -> Result<Decoder, NotUnicode> {
        match Encoding::of(start) {
            Encoding::Utf32 => Err(NotUnicode::Utf32),
            encoding => Ok(Decoder { encoding, half: None, high: None, begun: false }),
        }
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The number of bytes of the mark, which are no part of the text.
    pub(crate) fn mark(&self) -> usize {
        self.encoding.mark()
    }

    /// Adds what these bytes say.
    pub(crate) fn read(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), NotUnicode> {
        let Encoding::Utf16 { big, .. } = self.encoding else {
            out.extend_from_slice(bytes);
            return Ok(());
        };
        for byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            let unit = if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            let character = match (self.high.take(), unit) {
                (None, 0xd800..=0xdbff) => {
                    self.high = Some(unit);
                    continue;
                }
                (Some(high), 0xdc00..=0xdfff) => {
                    let (high, low) = (u32::from(high) - 0xd800, u32::from(unit) - 0xdc00);
                    char::from_u32(0x1_0000 + (high << 10) + low)
                }
                (None, unit) => char::from_u32(u32::from(unit)),
                (Some(_), _) => None,
            };
            let character = character.ok_or(NotUnicode::LoneSurrogate)?;
            // A second mark.
            if character == '\u{feff}' && !self.begun {
                continue;
            }
            self.begun = true;
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(())
    }

    /// Checks that the text has ended with a whole character.
    pub(crate) fn end(&self) -> Result<(), NotUnicode> {
        let whole = self.half.is_none() && self.high.is_none();
        if whole { Ok(()) } else { Err(NotUnicode::CutOff) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_either_order_in_any_pieces(
            text in any::<String>(), big in any::<bool>(), piece in 1_usize..5)
        {
            let bytes = utf16(&text, big);
            let text = text.trim_start_matches('\u{feff}');
            prop_assert_eq!(to_utf8(bytes.clone()).unwrap(), text.as_bytes());
            let mut decoder = Decoder::of(&bytes).unwrap();
            let mut out = Vec::new();
            for part in bytes[decoder.mark()..].chunks(piece) {
                decoder.read(part, &mut out).unwrap();
            }
            decoder.end().unwrap();
            prop_assert_eq!(out, text.as_bytes());
        }
    }

    #[test]
    fn utf_16_is_known_without_its_mark() {
        for text in
            ["{\"type\":\"é\"}", "A report.", "Угроза в Киеве, завтра", "  [", "απειλή \u{2014} ok"]
        {
            for big in [false, true] {
                let bytes = utf16(text, big).get(2..).unwrap().to_vec();
                assert_eq!(to_utf8(bytes).unwrap(), text.as_bytes());
            }
        }
        for bytes in [&b"abcd\0efghijk"[..], b"\x7fELF\x02\x01\x01\0\0\0", b"\0\0\x01\0", b"a\0"] {
            assert_eq!(Encoding::of(bytes), Encoding::Utf8(0), "{bytes:?}");
        }
        assert_eq!(to_utf8(b"\xef\xbb\xbf\xef\xbb\xbfa".to_vec()).unwrap(), b"a");
        assert_eq!(to_utf8(b"\xff\xfe\xff\xfea\0".to_vec()).unwrap(), b"a");
    }

    #[test]
    fn what_is_not_what_its_mark_says_is_refused() {
        assert_eq!(to_utf8(b"\xef\xbb\xbfa".to_vec()).unwrap(), b"a");
        assert_eq!(to_utf8(b"\xff\xfea".to_vec()), Err(NotUnicode::CutOff));
        assert_eq!(to_utf8(b"\xfe\xff\xd8\x00\x00a".to_vec()), Err(NotUnicode::LoneSurrogate));
        assert_eq!(to_utf8(b"\xfe\xff\xdc\x00".to_vec()), Err(NotUnicode::LoneSurrogate));
        assert_eq!(to_utf8(b"\xff\xfe\0\0a\0\0\0".to_vec()), Err(NotUnicode::Utf32));
        assert_eq!(start_to_utf8(b"\xff\xfea\0b"), b"a");
    }
}
