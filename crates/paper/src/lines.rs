//! Text as lines that fit: broken between words, or within one that is longer than a line; each line
//! shaped, and put into the order in which it is seen.

use crate::PaperError;
use crate::letters::Letters;
use harfrust::{Buffer, Direction, ShapeOptions, ShaperFont, shape};
use krilla::text::{GlyphId, KrillaGlyph};
use unicode_bidi::{BidiInfo, Level};

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
pub(crate) fn lines(letters: &Letters, text: &str, width: f32) -> Result<Vec<Line>, PaperError> {
    let mut all = Vec::new();
    for paragraph in text.lines() {
        for line in broken(letters, paragraph, width)? {
            all.push(seen(letters, &line)?);
        }
    }
    Ok(all)
}

/// The words of a paragraph, filled into lines.
fn broken(letters: &Letters, paragraph: &str, width: f32) -> Result<Vec<String>, PaperError> {
    let (mut all, mut line, mut used) = (Vec::new(), String::new(), 0.0);
    let space = measured(letters, " ")?;
    for word in paragraph.split_whitespace() {
        for piece in pieces(letters, word, width)? {
            let wide = measured(letters, &piece)?;
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
    Ok(all)
}

/// A word, or what of it fits on a line each.
fn pieces(letters: &Letters, word: &str, width: f32) -> Result<Vec<String>, PaperError> {
    if measured(letters, word)? <= width {
        return Ok(vec![word.to_owned()]);
    }
    let (mut all, mut piece, mut used) = (Vec::new(), String::new(), 0.0);
    for letter in word.chars() {
        let wide = measured(letters, letter.encode_utf8(&mut [0; 4]))?;
        if !piece.is_empty() && used + wide > width {
            all.push(std::mem::take(&mut piece));
            used = 0.0;
        }
        piece.push(letter);
        used += wide;
    }
    all.push(piece);
    Ok(all)
}

fn measured(letters: &Letters, text: &str) -> Result<f32, PaperError> {
    Ok(shaped(letters, text, None)?.1)
}

/// A line in the order in which it is seen (UAX #9).
fn seen(letters: &Letters, line: &str) -> Result<Line, PaperError> {
    let bidi = BidiInfo::new(line, None);
    let Some(paragraph) = bidi.paragraphs.first() else {
        return Ok(Line { runs: Vec::new(), from_right: false });
    };
    let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
    let mut runs = Vec::new();
    for range in ranges {
        let is_rtl = levels.get(range.start).is_some_and(Level::is_rtl);
        let Some(text) = line.get(range) else { continue };
        let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let (glyphs, width) = shaped(letters, text, Some(direction))?;
        runs.push(Run { text: text.to_owned(), glyphs, width });
    }
    Ok(Line { runs, from_right: paragraph.level.is_rtl() })
}

/// How the font draws a text, and how wide it is.
#[expect(clippy::cast_precision_loss, reason = "units of a font are far below 2^24")]
fn shaped(
    letters: &Letters,
    text: &str,
    direction: Option<Direction>,
) -> Result<(Vec<KrillaGlyph>, f32), PaperError> {
    let font = letters.font();
    let unit = f32::from(font.units_per_em().max(1));
    let mut output = Buffer::new();
    output.push_str(text);
    output.guess_segment_properties();
    if let Some(direction) = direction {
        output.set_direction(direction);
    }
    let shaped = shape(&ShaperFont::new(font), &mut output, ShapeOptions::new());
    shaped.map_err(|e| PaperError::Writer(format!("{e:?}")))?;
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
    let glyphs = glyphs.collect();
    Ok((glyphs, width))
}
