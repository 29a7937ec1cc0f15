//! What must not leave, and the search for it in every text.

use super::{Objection, object_to};
use forewarn_extract::fold::{Folded, fold};
use forewarn_stix::marking::Tlp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that must not leave.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Withheld {
    /// What kind of thing it is: it decides how the text is searched for.
    pub what: WithheldKind,
    /// The name, handle or id as it was given.
    pub text: String,
}

/// What kind of thing is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithheldKind {
    /// A person's or organisation's name: found in parts, inflected, and in other alphabets.
    Name,
    /// A source's handle: found however it is punctuated.
    Source,
    /// The id of an item that the case arose from: its UUID is found however it is written.
    OriginalId,
}

/// Every place of a value at which something withheld stands.
pub(super) fn in_value(value: &Value, withheld: &[Withheld]) -> Vec<Objection> {
    let needles: Vec<Needle> = withheld.iter().flat_map(needles).collect();
    let mut against = Vec::new();
    search(value, "$", &needles, &mut against);
    against
}

/// The same for one text.
pub(super) fn in_text(text: &str, withheld: &[Withheld]) -> Vec<Objection> {
    let needles: Vec<Needle> = withheld.iter().flat_map(needles).collect();
    let mut against = Vec::new();
    search_text(text, "the text", &needles, &mut against);
    against
}

/// What is looked for, and how.
struct Needle<'a> {
    withheld: &'a Withheld,
    text: String,
    how: How,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    /// At the beginning of a word of the folded text: what follows may be an ending.
    WordStart,
    /// As a whole word: short words begin too many others.
    Word,
    /// Anywhere in the folded text: for scripts that write no spaces between words.
    Anywhere,
    /// Anywhere in the text squeezed to its letters and digits: however it is punctuated.
    Squeezed,
    /// Every word of it, in any order: for names of short words only.
    AllWords,
}

/// A part of a name this long is looked for by itself: a surname alone gives a person away.
const MIN_NAME_PART: usize = 4;
/// A name this long is looked for without its spaces too, anywhere.
const MIN_SQUEEZED: usize = 8;

fn needles(withheld: &Withheld) -> Vec<Needle<'_>> {
    let needle = |text: String, how: How| Needle { withheld, text, how };
    let mut all = match withheld.what {
        WithheldKind::OriginalId => {
            let uuid = withheld.text.split_once("--").map_or(withheld.text.as_str(), |(_, u)| u);
            vec![needle(squeeze(&fold(uuid)), How::Squeezed)]
        }
        WithheldKind::Source => vec![needle(squeeze(&fold(&withheld.text)), How::Squeezed)],
        WithheldKind::Name => {
            name_needles(&fold(&withheld.text)).map(|(text, how)| needle(text, how)).collect()
        }
    };
    all.retain(|needle| !needle.text.is_empty());
    all
}

fn name_needles(whole: &str) -> impl Iterator<Item = (String, How)> + use<> {
    let parts: Vec<&str> = whole.split(|c: char| !c.is_alphanumeric()).collect();
    let length = |text: &str| text.chars().count();
    // Endings are looked over from five letters on: `Ivan` is not `ivanhoe`.
    let by_length = |text: &str| match length(text) {
        _ if has_no_spaces(text) => How::Anywhere,
        0..=MIN_NAME_PART => How::Word,
        _ => How::WordStart,
    };
    let squeezed = squeeze(whole);
    let mut all =
        vec![(whole.to_owned(), by_length(whole)), (squeezed.clone(), by_length(&squeezed))];
    if length(&squeezed) >= MIN_SQUEEZED {
        all.push((squeezed, How::Squeezed));
    }
    let told = |part: &&str| length(part) >= MIN_NAME_PART || has_no_spaces(part);
    all.extend(
        parts.iter().filter(|part| told(part)).map(|part| ((*part).to_owned(), by_length(part))),
    );
    if parts.len() > 1 && !parts.iter().any(&told) {
        all.push((parts.join(" "), How::AllWords));
    }
    all.into_iter()
}

/// Scripts that write no spaces between words: Han, Kana, Thai, Lao, Khmer, Burmese.
fn has_no_spaces(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff
            | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
    })
}

/// Letters and digits only.
fn squeeze(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Properties whose names and values are STIX's or ours and not people's words. Names and handles
/// are not looked for in them, or a person called Amber or Mark could never be kept back.
const MACHINERY: &[&str] = &[
    "type",
    "id",
    "spec_version",
    "created",
    "modified",
    "published",
    "valid_from",
    "valid_until",
    "pattern_type",
    "pattern_version",
    "report_types",
    "indicator_types",
    "identity_class",
    "labels",
    "tlp_2_0",
    "extension_type",
    "country",
    "do",
    "kind",
    "partner",
    "urgency",
    "tlp",
    "case",
    "warning",
    "question",
    "digest",
    "answer",
];

/// Properties whose names are STIX's and whose values people write.
const WORDED: &[&str] = &[
    "name",
    "description",
    "objects",
    "pattern",
    "city",
    "extensions",
    "text",
    "note",
    "reason",
    "to",
    "facts",
    "count",
    "on",
    "label",
    "any",
    "interest",
    "place",
    "domain",
    "block",
];

/// Every text of the bundle, unescaped, is searched, and every key that is not STIX's or ours.
/// Original ids are looked for everywhere.
fn search(value: &Value, at: &str, needles: &[Needle], against: &mut Vec<Objection>) {
    match value {
        Value::String(text) => search_text(text, at, needles, against),
        Value::Array(list) => {
            for (n, inner) in list.iter().enumerate() {
                search(inner, &format!("{at}[{n}]"), needles, against);
            }
        }
        Value::Object(map) => {
            let published = map.get("id").and_then(Value::as_str).and_then(Tlp::of_id).is_some();
            for (key, inner) in map {
                let at = format!("{at}.{key}");
                let reference = key.ends_with("_ref") || key.ends_with("_refs");
                let machinery = MACHINERY.contains(&key.as_str()) || reference || published;
                if machinery {
                    search_ids(inner, &at, needles, against);
                    continue;
                }
                if !WORDED.contains(&key.as_str()) {
                    search_text(key, &at, needles, against);
                }
                search(inner, &at, needles, against);
            }
        }
        _ => {}
    }
}

/// Looks for original ids only.
fn search_ids(value: &Value, at: &str, needles: &[Needle], against: &mut Vec<Objection>) {
    let text = squeeze(&fold(&value.to_string()));
    let ids = needles.iter().filter(|n| n.withheld.what == WithheldKind::OriginalId);
    for needle in ids.filter(|needle| text.contains(&needle.text)) {
        let message =
            format!("the original id “{}” stands here; take it out", needle.withheld.text);
        object_to(against, "withheld", at.to_owned(), message);
    }
}

fn search_text(text: &str, at: &str, needles: &[Needle], against: &mut Vec<Objection>) {
    let folded = Folded::new(text);
    let squeezed = squeeze(folded.text());
    for needle in needles {
        let found = folded.text().match_indices(&needle.text);
        let hit = match needle.how {
            How::Squeezed => squeezed.contains(&needle.text),
            How::Anywhere => folded.text().contains(&needle.text),
            How::AllWords => needle.text.split(' ').all(|word| has_word(&folded, word)),
            How::Word => has_word(&folded, &needle.text),
            How::WordStart => found.into_iter().any(|(at, _)| folded.starts_word(at)),
        };
        if hit && !against.iter().any(|o| o.at == at && o.message.contains(&needle.withheld.text)) {
            let what = match needle.withheld.what {
                WithheldKind::Name => "the withheld name",
                WithheldKind::Source => "the source's handle",
                WithheldKind::OriginalId => "the original id",
            };
            let message = format!("{what} “{}” stands here; take it out", needle.withheld.text);
            object_to(against, "withheld", at.to_owned(), message);
        }
    }
}

fn has_word(folded: &Folded, word: &str) -> bool {
    let mut found = folded.text().match_indices(word);
    found.any(|(at, w)| folded.is_whole(at, at + w.len()))
}
