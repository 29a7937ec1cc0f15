//! Which letters the font has. What it lacks is told, and so is what would only turn the reading
//! around.

use harfrust::Font;
use std::fmt::Write as _;

/// DejaVu Sans, reduced: `font/README.md`.
pub(crate) const FONT: &[u8] = include_bytes!("../font/DejaVuSans.ttf");

/// The font's letters.
pub(crate) struct Letters {
    font: Font,
}

impl Letters {
    /// Those of the font that is part of the program.
    pub(crate) fn of_font() -> Option<Letters> {
        Some(Letters { font: Font::new(FONT, 0)? })
    }

    pub(crate) fn font(&self) -> &Font {
        &self.font
    }

    /// The text as it can be written, and how many letters stand in it by their number.
    pub(crate) fn shown(&self, text: &str) -> (String, u64) {
        let (mut shown, mut told) = (String::with_capacity(text.len()), 0);
        for letter in text.chars() {
            match letter {
                '\n' => shown.push('\n'),
                '\t' | '\r' | '\u{a0}' => shown.push(' '),
                letter if self.has(letter) => shown.push(letter),
                letter => {
                    told += 1;
                    // Writing to a text does not fail.
                    let _ = write!(shown, "[U+{:04X}]", u32::from(letter));
                }
            }
        }
        (shown, told)
    }

    /// What is nothing but a direction or cannot be seen is told as well: a name could hide behind it.
    fn has(&self, letter: char) -> bool {
        let unseen = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{ad}' | '\u{61c}' | '\u{feff}');
        !letter.is_control() && !unseen && self.font.charmap().map_unicode(letter).is_some()
    }
}
