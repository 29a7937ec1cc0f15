//! Text in any encoding.

use crate::bounds::Room;
use crate::kind::{Kind, looks_wide};
use crate::{Document, Refused, Role};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

pub(crate) fn read(bytes: &[u8], room: &mut Room) -> Result<Document, Refused> {
    let mut document = Document::new(Kind::Text);
    document.add(Role::Body, &decode(bytes, None), room)?;
    Ok(document)
}

/// The text of some bytes: by their mark, as they are said to be, as UTF-8, or as they look.
pub(crate) fn decode(bytes: &[u8], said: Option<&str>) -> String {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return text(encoding, bytes.get(skip..).unwrap_or_default());
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !looks_wide(bytes)
    {
        return lines(text);
    }
    if looks_wide(bytes) {
        let is_big = bytes.first() == Some(&0);
        return text(if is_big { UTF_16BE } else { UTF_16LE }, bytes);
    }
    if let Some(encoding) = said.and_then(|label| Encoding::for_label(label.as_bytes()))
        && encoding != UTF_8
    {
        return text(encoding, bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    text(detector.guess(None, Utf8Detection::Allow), bytes)
}

fn text(encoding: &'static Encoding, bytes: &[u8]) -> String {
    lines(&encoding.decode_without_bom_handling(bytes).0)
}

/// Lines end as they do everywhere here.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
