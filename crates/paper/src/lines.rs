//! Text as lines that fit: broken between words, or within one that is longer than a line; each line
//! shaped, and put into the order in which it is seen.

use crate::letters::Letters;
use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;

/// A part of a line that runs in one direction.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its words.
    pub(crate) text: String,
    /// As the font draws them, from the left.
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// How wide, in parts of the letters' size.
    pub(crate) width: f32,
}

/// A line, from the left.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its runs.
    pub(crate) runs: Vec<Run>,
    /// Whether it begins at the right.
    pub(crate) from_right: bool,
}

impl Line {
    /// How wide, in parts of the letters' size.
    pub(crate) fn width(&self) -> f32 {
        self.runs.iter().map(|run| run.width).sum()
    }
}

/// A text as lines of at most this width, in parts of the letters' size.
pub(crate) fn lines(letters: &Letters, text: &str, width: f32) -> Vec<Line> {
    let mut all = Vec::new();
    for paragraph in text.lines() {
        for line in broken(letters, paragraph, width) {
            all.push(seen(letters, &line));
        }
    }
    all
}

/// The words of a paragraph, filled into lines.
fn broken(letters: &Letters, paragraph: &str, width: f32) -> Vec<String> {
    let (mut all, mut line, mut used) = (Vec::new(), String::new(), 0.0);
    let space = measured(letters, " ");
    for word in paragraph.split_whitespace() {
        for piece in pieces(letters, word, width) {
            let wide = measured(letters, &piece);
            if !line.is_empty() && used + space + wide > width {
                all.push(std::mem::take(&mut line));
                used = 0.0;
            }
            if !line.is_empty() {
                line.push(' ');
                used += space;
            }
            line.push_str(&piece);
            used += wide;
        }
    }
    all.push(line);
    all
}

/// A word, or what of it fits on a line each.
fn pieces(letters: &Letters, word: &str, width: f32) -> Vec<String> {
    if measured(letters, word) <= width {
        return vec![word.to_owned()];
    }
    let (mut all, mut piece, mut used) = (Vec::new(), String::new(), 0.0);
    for letter in word.chars() {
        let wide = measured(letters, letter.encode_utf8(&mut [0; 4]));
        if !piece.is_empty() && used + wide > width {
            all.push(std::mem::take(&mut piece));
            used = 0.0;
        }
        piece.push(letter);
        used += wide;
    }
    all.push(piece);
    all
}

fn measured(letters: &Letters, text: &str) -> f32 {
    shaped(letters, text, None).1
}

/// A line in the order in which it is seen (UAX #9).
fn seen(letters: &Letters, line: &str) -> Line {
    let bidi = BidiInfo::new(line, None);
    let Some(paragraph) = bidi.paragraphs.first() else {
        return Line { runs: Vec::new(), from_right: false };
    };
    let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
    let runs = ranges.into_iter().filter_map(|range| {
        let is_rtl = levels.get(range.start)?.is_rtl();
        let text = line.get(range)?;
        let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let (glyphs, width) = shaped(letters, text, Some(direction));
        Some(Run { text: text.to_owned(), glyphs, width })
    });
    Line { runs: runs.collect(), from_right: paragraph.level.is_rtl() }
}

/// How the font draws a text, and how wide it is.
#[expect(clippy::cast_precision_loss, reason = "units of a font are far below 2^24")]
fn shaped(letters: &Letters, text: &str, direction: Option<Direction>) -> (Vec<KrillaGlyph>, f32) {
    let face = letters.face();
    let unit = face.units_per_em() as f32;
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    if let Some(direction) = direction {
        buffer.set_direction(direction);
    }
    let output = rustybuzz::shape(face, &[], buffer);
    let (positions, infos) = (output.glyph_positions(), output.glyph_infos());
    // Where the letters of each glyph end: where those of the next place in the text begin.
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut width = 0.0;
    let glyphs = positions.iter().zip(infos).map(|(position, info)| {
        let start = info.cluster as usize;
        let next = starts.partition_point(|one| *one <= start);
        let end = starts.get(next).copied().unwrap_or(text.len());
        width += position.x_advance as f32 / unit;
        KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            position.x_advance as f32 / unit,
            position.x_offset as f32 / unit,
            position.y_offset as f32 / unit,
            position.y_advance as f32 / unit,
            start..end,
            None,
        )
    });
    (glyphs.collect(), width)
}
