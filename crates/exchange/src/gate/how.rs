//! How a needle counts as found.

/// From this many letters on a needle is looked for inside of words.
pub(super) const MIN_ANYWHERE: usize = 5;

/// Where a needle must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Also inside of a word.
    Anywhere,
    /// As a word, which may have an ending, or a particle before it.
    Word,
    /// As a word exactly.
    WholeWord,
    /// As a word exactly, which begins with a capital where its script has any.
    Capital,
    /// At the beginning of a word, with an ending of its language.
    Stem,
    /// As a word, when all members of the name are somewhere in the text.
    Member(u8),
    /// Inside of a word, compared as an identifier: no digit stands for a letter.
    Id,
    /// As the end of a number, before which a prefix may stand: 0170 …, +49 170 …
    Number,
}

/// How many characters a text has.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}
