//! Lines on pages, with the tags by which they are read aloud (ISO 14289-1).

use crate::letters::{FONT, Letters};
use crate::lines::{Line, lines};
use crate::{Block, Paper, PaperError, Pdf};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::Font;
use krilla::{Document, SerializeSettings};
use std::num::NonZeroU16;

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
/// Where text begins and ends: above and below stand the markings.
const TOP: f32 = 84.0;
const BOTTOM: f32 = 766.0;
const LEADING: f32 = 1.4;
/// At least 12 points for markings, as TLP asks for of documents.
const MARKING: f32 = 12.0;

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Title,
    Heading,
    Below,
    Body,
    Small,
}

impl Style {
    fn size(self) -> f32 {
        match self {
            Style::Title => 18.0,
            Style::Heading => 14.0,
            Style::Below => 11.5,
            Style::Body => 10.0,
            Style::Small => 8.0,
        }
    }

    fn above(self) -> f32 {
        match self {
            Style::Title | Style::Heading => 14.0,
            Style::Below => 9.0,
            Style::Small => 6.0,
            Style::Body => 2.0,
        }
    }

    fn tag(self, text: &str) -> TagKind {
        let level = match self {
            Style::Title => NonZeroU16::MIN,
            Style::Heading => NonZeroU16::MIN.saturating_add(1),
            Style::Below => NonZeroU16::MIN.saturating_add(2),
            Style::Body | Style::Small => return Tag::P.into(),
        };
        Tag::Hn(level, Some(text.to_owned())).into()
    }
}

/// A piece that becomes one element of the structure.
struct Piece {
    style: Style,
    text: String,
    lines: Vec<Line>,
}

/// A line at its place: which piece it belongs to, and where its letters stand.
struct Placed {
    piece: usize,
    line: usize,
    y: f32,
}

pub(crate) fn write(paper: &Paper) -> Result<Pdf, PaperError> {
    let letters = Letters::of_font().ok_or(PaperError::Font)?;
    let font = Font::new(FONT.to_vec().into(), 0).ok_or(PaperError::Font)?;
    let (pieces, not_shown) = pieces(paper, &letters)?;
    let pages = placed(&pieces);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| PaperError::Writer(format!("{e:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let size = PageSettings::from_wh(WIDTH, HEIGHT);
    let size = size.ok_or_else(|| PaperError::Writer("a page has no size".to_owned()))?;
    let (mut marks, mut outline) = (vec![Vec::new(); pieces.len()], Outline::new());
    for (number, lines) in pages.iter().enumerate() {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        let pen = Pen { letters: &letters, font: &font };
        pen.margins(&mut surface, paper, (number + 1, pages.len()))?;
        for Placed { piece, line, y } in lines {
            let (Some(of), Some(marked)) = (pieces.get(*piece), marks.get_mut(*piece)) else {
                continue;
            };
            let Some(text) = of.lines.get(*line) else { continue };
            let content = ContentTag::Span(SpanTag::empty());
            let mark = surface.start_tagged(content);
            pen.line(&mut surface, text, (of.style.size(), *y));
            surface.end_tagged();
            marked.push(mark);
            if *line == 0 && matches!(of.style, Style::Title | Style::Heading) {
                let place = XyzDestination::new(number, Point::from_xy(MARGIN, y - 20.0));
                outline.push_child(OutlineNode::new(of.text.clone(), place));
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_outline(outline);
    document.set_metadata(metadata(paper));
    document.set_tag_tree(tree(&pieces, marks));
    let bytes = document.finish().map_err(|e| PaperError::Writer(e.to_string()))?;
    Ok(Pdf { bytes, not_shown, pages: pages.len() })
}

/// What becomes an element each, with its lines.
fn pieces(paper: &Paper, letters: &Letters) -> Result<(Vec<Piece>, u64), PaperError> {
    let mut texts =
        vec![(Style::Body, paper.notice.as_str()), (Style::Title, paper.title.as_str())];
    for section in &paper.sections {
        texts.push((Style::Heading, section.heading.as_str()));
        for block in &section.blocks {
            match block {
                Block::Heading(text) => texts.push((Style::Below, text)),
                Block::Text(text) => texts.extend(text.lines().map(|line| (Style::Body, line))),
                Block::Fact { head, text } => {
                    texts.push((Style::Small, head));
                    texts.extend(text.lines().map(|line| (Style::Body, line)));
                }
            }
        }
    }
    let (mut all, mut not_shown) = (Vec::new(), 0);
    for (style, text) in texts.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        let (text, told) = letters.shown(text);
        not_shown += told;
        let lines = lines(letters, &text, (WIDTH - 2.0 * MARGIN) / style.size())?;
        all.push(Piece { style, text, lines });
    }
    Ok((all, not_shown))
}

/// Each line at its place. A heading is never the last of a page.
fn placed(pieces: &[Piece]) -> Vec<Vec<Placed>> {
    let (mut pages, mut page, mut y) = (Vec::new(), Vec::new(), TOP);
    for (number, piece) in pieces.iter().enumerate() {
        let height = piece.style.size() * LEADING;
        let keeps =
            if piece.style == Style::Body { 0.0 } else { 2.0 * Style::Body.size() * LEADING };
        for line in 0..piece.lines.len() {
            let above = if line == 0 { piece.style.above() } else { 0.0 };
            let needs = above + height + if line + 1 == piece.lines.len() { keeps } else { 0.0 };
            if y + needs > BOTTOM && !page.is_empty() {
                pages.push(std::mem::take(&mut page));
                y = TOP;
            }
            y += above + height;
            page.push(Placed { piece: number, line, y });
        }
    }
    pages.push(page);
    pages
}

/// What draws lines.
struct Pen<'a> {
    letters: &'a Letters,
    font: &'a Font,
}

impl Pen<'_> {
    fn line(&self, surface: &mut Surface<'_>, line: &Line, (size, y): (f32, f32)) {
        let from_right = WIDTH - MARGIN - line.width() * size;
        let mut x = if line.from_right { from_right } else { MARGIN };
        for run in &line.runs {
            let at = Point::from_xy(x, y);
            surface.draw_glyphs(at, &run.glyphs, self.font.clone(), &run.text, size, false);
            x += run.width * size;
        }
    }

    /// The marking, at the right of head and foot; at the foot's left, who made it and which page it is.
    fn margins(
        &self,
        surface: &mut Surface<'_>,
        paper: &Paper,
        (page, of): (usize, usize),
    ) -> Result<(), PaperError> {
        let wide = (WIDTH - 2.0 * MARGIN) / MARKING;
        let (marking, _) = self.letters.shown(&paper.marking);
        let (notice, _) = self.letters.shown(&paper.notice);
        for (y, kind) in [(48.0, ArtifactType::Header), (806.0, ArtifactType::Footer)] {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
            for line in lines(self.letters, &marking, wide)?.iter_mut().take(1) {
                line.from_right = true;
                self.line(surface, line, (MARKING, y));
            }
            let small = Style::Small.size();
            let left = if kind == ArtifactType::Header {
                notice.clone()
            } else {
                format!("{} · {page}/{of}", self.letters.shown(&paper.maker).0)
            };
            // Beside the marking, never under it.
            for line in lines(self.letters, &left, 0.6 * wide * MARKING / small)?.iter().take(1) {
                self.line(surface, line, (small, y));
            }
            surface.end_tagged();
        }
        Ok(())
    }
}

fn tree(pieces: &[Piece], marks: Vec<Vec<Identifier>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
    for (piece, marks) in pieces.iter().zip(marks) {
        let mut group = TagGroup::new(piece.style.tag(&piece.text));
        for mark in marks {
            group.push(mark);
        }
        tree.push(group);
    }
    tree
}

fn metadata(paper: &Paper) -> Metadata {
    let [year, month, day, hour, minute, second] = paper.made;
    let small = |number: u16| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(year)
        .month(small(month))
        .day(small(day))
        .hour(small(hour))
        .minute(small(minute))
        .second(small(second))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(paper.title.clone())
        .keywords(vec![paper.marking.clone()])
        .language("en".to_owned())
        .creator("forewarn".to_owned())
        .authors(vec![paper.maker.clone()])
        .creation_date(date)
}
