//! Characters that nobody sees, by what Unicode says of them: `Bidi_Control`, `Join_Control`,
//! `Variation_Selector`, `Default_Ignorable_Code_Point`, and the separators of lines and paragraphs.
//! One table: the search passes over them, and what leaves has them only where a script needs them.

/// Why a character is not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unseen {
    /// U+200E, U+200F, U+061C: it turns what has no direction of its own, such as a full stop.
    Mark,
    /// It turns the words that it encloses.
    Turn,
    /// U+200C, U+200D: letters beside it are joined, or not.
    Joiner,
    /// U+200B: a line may be broken there.
    Break,
    /// It chooses one of several forms of the character before it.
    Variation,
    /// A tag, as of the flag of a region.
    Tag,
    /// A soft hyphen, a filler, an invisible sign of mathematics, and all others.
    Other,
    /// U+2028, U+2029: it ends a line or a paragraph in a way that few programs show.
    Line,
}

/// What a character is, when it cannot be seen.
pub(super) fn kind(c: char) -> Option<Unseen> {
    Some(match u32::from(c) {
        0x61c | 0x200e | 0x200f => Unseen::Mark,
        0x202a..=0x202e | 0x2066..=0x2069 => Unseen::Turn,
        0x200c | 0x200d => Unseen::Joiner,
        0x200b => Unseen::Break,
        0x180b..=0x180f | 0xfe00..=0xfe0f | 0xe0100..=0xe01ef => Unseen::Variation,
        0xe0000..=0xe007f => Unseen::Tag,
        0x2028 | 0x2029 => Unseen::Line,
        0xad
        | 0x34f
        | 0x115f
        | 0x1160
        | 0x17b4
        | 0x17b5
        | 0x180a
        | 0x2060..=0x206f
        | 0x3164
        | 0xfeff
        | 0xffa0
        | 0x1bca0..=0x1bca3
        | 0x1d159
        | 0x1d173..=0x1d17a
        | 0xe0080..=0xe00ff
        | 0xe01f0..=0xe0fff => Unseen::Other,
        _ => return None,
    })
}
