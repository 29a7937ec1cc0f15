//! Which letters stand where on a page.

use hayro_interpret::font::{Glyph, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::kurbo::{Affine, BezPath, Point};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use unicode_normalization::UnicodeNormalization as _;

/// Most letters of one page.
const MAX_LETTERS: usize = 1_000_000;
/// Units of a font in the size of one letter.
const UNITS: f64 = 1_000.0;
/// Coordinates beyond this are no places on a page.
const FAR: f64 = 1_000_000.0;

/// A letter; `along` and `down` are in the direction in which its line runs, and across that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Letter {
    pub(super) sign: char,
    /// Where it begins.
    pub(super) along: f64,
    /// Its base line.
    pub(super) down: f64,
    pub(super) width: f64,
    /// The size of its font.
    pub(super) size: f64,
}

/// The letters of a page, those of each direction by themselves.
pub(super) struct Letters {
    directions: [Vec<Letter>; DIRECTIONS],
    pictures: bool,
    unknown: usize,
    known: usize,
    full: bool,
}

/// To the right, up, to the left, down; and down as Japanese is written.
const DIRECTIONS: usize = 5;

/// What was seen on a page.
pub(super) struct Seen {
    /// The letters of each direction that has some; those of most first.
    pub(super) columns: Vec<Vec<Letter>>,
    pub(super) pictures: bool,
    /// How many signs no letter is known for.
    pub(super) unknown: usize,
    pub(super) known: usize,
    /// Whether there were more letters than are read.
    pub(super) full: bool,
}

impl Letters {
    pub(super) fn new() -> Letters {
        let directions = [const { Vec::new() }; DIRECTIONS];
        Letters { directions, pictures: false, unknown: 0, known: 0, full: false }
    }

    pub(super) fn seen(self) -> Seen {
        let Letters { directions, pictures, unknown, known, full } = self;
        let mut columns: Vec<_> = directions.into_iter().filter(|all| !all.is_empty()).collect();
        columns.sort_by_key(|all| std::cmp::Reverse(all.len()));
        Seen { columns, pictures, unknown, known, full }
    }

    fn add(&mut self, glyph: &PositionedGlyph<'_>, place: &Placed, vertical: bool) {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(letter)) => folded(&letter.to_string()),
            Some(BfString::String(letters)) => folded(&letters),
            None => String::new(),
        };
        if text.is_empty() {
            self.unknown += 1;
            return;
        }
        self.known += 1;
        let Some(into) = self.directions.get_mut(place.direction(vertical)) else { return };
        let count = text.chars().count();
        self.full |= into.len() + count > MAX_LETTERS;
        if self.full {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "some letters of one sign")]
        let width = place.width / count as f64;
        let from_right = text.chars().next().is_some_and(super::lines::is_from_right);
        for (at, letter) in text.chars().enumerate() {
            let step = if from_right { count - 1 - at } else { at };
            #[expect(clippy::cast_precision_loss, reason = "some letters of one sign")]
            let along = place.along(vertical) + width * step as f64;
            let (down, size) = (place.down(vertical), place.size);
            into.push(Letter { sign: letter, along, down, width, size });
        }
    }
}

/// Signs that stand for several letters, or for a form of one, as the letters; nothing that does not
/// show but a space.
fn folded(text: &str) -> String {
    let is_form = |c: char| matches!(c, '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}');
    let mut out = String::new();
    for letter in text.chars() {
        if letter.is_whitespace() {
            out.push(' ');
        } else if is_form(letter) {
            out.extend(letter.nfkc());
        } else if !letter.is_control() && letter != '\u{feff}' && letter != '\u{fffd}' {
            out.push(letter);
        }
    }
    out
}

/// Where a glyph stands on the page.
struct Placed {
    origin: Point,
    /// Where its line runs: the turn from the right, in quarters.
    quarter: usize,
    width: f64,
    size: f64,
}

impl Placed {
    fn of(place: Affine, stretch: f64, advance: f64) -> Option<Placed> {
        let [x1, y1, x2, y2, x, y] = place.as_coeffs();
        let size = x2.hypot(y2) * UNITS;
        let fine = [x1, y1, size, x, y, advance].iter().all(|n| n.is_finite() && n.abs() < FAR);
        if !fine || size < 0.01 {
            return None;
        }
        let quarter = match (x1.abs() >= y1.abs(), x1 >= 0.0, y1 >= 0.0) {
            (true, true, _) => 0,
            (true, false, _) => 2,
            (false, _, true) => 1,
            (false, _, false) => 3,
        };
        let width = (advance / UNITS * size * stretch).clamp(0.0, 4.0 * size);
        Some(Placed { origin: Point::new(x, y), quarter, width, size })
    }

    fn direction(&self, vertical: bool) -> usize {
        if vertical { DIRECTIONS - 1 } else { self.quarter }
    }

    fn along(&self, vertical: bool) -> f64 {
        match (vertical, self.quarter) {
            (true, _) | (_, 3) => -self.origin.y,
            (_, 1) => self.origin.y,
            (_, 2) => -self.origin.x,
            _ => self.origin.x,
        }
    }

    /// Lines that stand further down are read later.
    fn down(&self, vertical: bool) -> f64 {
        match (vertical, self.quarter) {
            (true, _) | (_, 3) => -self.origin.x,
            (_, 1) => self.origin.x,
            (_, 2) => self.origin.y,
            _ => -self.origin.y,
        }
    }
}

/// By how much a run of letters is wider than its font: letters of a font that stands in for another one
/// are each stretched to their own widths, so what most of them have is the run's.
fn stretch(places: &[Affine]) -> f64 {
    let ratio = |place: &Affine| {
        let [x1, y1, x2, y2, ..] = place.as_coeffs();
        let (wide, high) = (x1.hypot(y1), x2.hypot(y2));
        if high > 0.0 { wide / high } else { 1.0 }
    };
    let mut ratios: Vec<f64> = places.iter().map(ratio).filter(|n| n.is_finite()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(1.0)
}

impl<'a> Device<'a> for Letters {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        if self.full {
            return;
        }
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let at = |glyph: &PositionedGlyph<'_>| props.transform * glyph.transform();
        let places: Vec<Affine> = run.glyphs().iter().map(at).collect();
        let stretch = stretch(&places);
        for (glyph, place) in run.glyphs().iter().zip(places) {
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            let advance = f64::from(advance.unwrap_or(500.0));
            let advance = if vertical { UNITS } else { advance };
            if let Some(placed) = Placed::of(place, stretch, advance) {
                self.add(glyph, &placed, vertical);
            }
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.pictures = true;
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
