//! What `forewarn extract` tells people: whom a report concerns and why, and its text with what was found
//! in it marked in colour.

use crate::failure::Failed;
use crate::output;
use clap::ValueEnum;
use forewarn_document::{Document, Kind};
use forewarn_extract::whom::in_words;
use forewarn_extract::{Extraction, Span};
use forewarn_view::text;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::Path;

/// When the text is shown, in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// At a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

impl Colour {
    fn is_on(self) -> bool {
        match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                std::io::stdout().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }
}

/// What a marked part of the text is; what is first wins where two stand in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Target,
    Concerned,
    Source,
    Threat,
    Observable,
    Place,
}

impl Mark {
    const ALL: [Mark; 6] =
        [Mark::Target, Mark::Concerned, Mark::Source, Mark::Threat, Mark::Observable, Mark::Place];

    fn words(self) -> &'static str {
        match self {
            Mark::Target => "threatened place",
            Mark::Concerned => "of a country concerned",
            Mark::Source => "told of it",
            Mark::Threat => "threat",
            Mark::Observable => "of the attackers",
            Mark::Place => "only named",
        }
    }

    /// How it is written at a terminal (ECMA-48, 8.3.117): bold or underlined too, for who sees no colours.
    fn code(self) -> &'static str {
        match self {
            Mark::Target => "1;4;31",
            Mark::Concerned => "1;31",
            Mark::Source => "34",
            Mark::Threat => "33",
            Mark::Observable => "4;35",
            Mark::Place => "36",
        }
    }
}

/// Tells what was found in a document.
pub(crate) fn tell(
    path: &Path,
    document: &Document,
    found: &Extraction,
    colour: Colour,
) -> Result<(), Failed> {
    head(path, document, found)?;
    if colour.is_on() {
        let legend = Mark::ALL.map(|mark| painted(mark, mark.words())).join(", ");
        output::line(format!("  marked: {legend}"))?;
        output::line(format!("\n{}", marked(&document.text, found)))
    } else {
        list(document, found)
    }
}

fn head(path: &Path, document: &Document, found: &Extraction) -> Result<(), Failed> {
    let whom =
        if found.countries.is_empty() { "nobody".to_owned() } else { found.countries.join(", ") };
    output::line(format!("{}: concerns {whom}; {}", path.display(), found.stage))?;
    if document.kind != Kind::Text {
        let title = document.title.as_deref().map(|title| format!(", “{}”", text::line(title)));
        output::line(format!("  {}{}", document.kind, title.unwrap_or_default()))?;
    }
    for why in &document.unread {
        output::line(format!("  not read: {}", text::line(why)))?;
    }
    for reason in &found.reasons {
        let likely = found.concern.get(reason.country).copied().unwrap_or_default();
        let named = quotes(document, &reason.spans);
        let why: Vec<&str> = reason.why.iter().map(|why| in_words(why)).collect();
        let why = why.join("; ");
        output::line(format!("  {} {likely:.2}  {named}: {why}", reason.country))?;
    }
    if !found.targets.is_empty() {
        let each = found.targets.iter().map(|one| format!("{} ({})", one.name, one.country));
        output::line(format!("  threatened: {}", each.collect::<Vec<_>>().join(", ")))?;
    }
    for source in &found.sources {
        let named = quotes(document, &source.spans);
        output::line(format!("  {} told of it, and is not threatened: {named}", source.country))?;
    }
    if !found.kinds.is_empty() {
        output::line(format!("  kinds of threat: {}", found.kinds.join(", ")))?;
    }
    Ok(())
}

/// The words in which some spans name something, each once.
fn quotes(document: &Document, spans: &[Span]) -> String {
    let mut out: Vec<String> = Vec::new();
    for span in spans {
        let quoted = format!("“{}”", quote(document, *span));
        if !out.contains(&quoted) {
            out.push(quoted);
        }
    }
    out.join(", ")
}

fn quote(document: &Document, span: Span) -> String {
    text::line(document.text.get(span.start..span.end).unwrap_or_default())
}

/// What was found, a line each, with where it stands: the page or part too, where there are some.
fn list(document: &Document, found: &Extraction) -> Result<(), Failed> {
    let place = |span: Span| {
        let part = document.parts.iter().find(|part| part.span.contains(&span.start));
        let place = part.map(|part| part.place.join(", ")).filter(|place| !place.is_empty());
        place.map(|place| format!(" [{}]", text::line(&place))).unwrap_or_default()
    };
    let line = |span: Span, words: String| {
        output::line(format!("  {:>6}  {words}{}", span.start, place(span)))
    };
    for one in &found.places {
        let quoted = quote(document, one.span);
        line(one.span, format!("“{quoted}”: {} ({})", one.name, one.country))?;
    }
    for one in &found.threats {
        line(one.span, format!("“{}”: {}", quote(document, one.span), one.kind.name()))?;
    }
    for seen in &found.observables {
        let reserved = if seen.reserved { ", in a reserved range" } else { "" };
        line(seen.span, format!("{}: {}{reserved}", seen.kind, text::line(&seen.value)))?;
    }
    Ok(())
}

/// The text, with each finding painted.
fn marked(whole: &str, found: &Extraction) -> String {
    let mut marks: Vec<(Span, Mark)> = Vec::new();
    let targets = found.targets.iter().flat_map(|one| &one.spans);
    marks.extend(targets.map(|span| (*span, Mark::Target)));
    let sources = found.sources.iter().flat_map(|one| &one.spans);
    marks.extend(sources.map(|span| (*span, Mark::Source)));
    marks.extend(found.places.iter().map(|one| {
        let concerned = found.countries.iter().any(|country| country == one.country);
        (one.span, if concerned { Mark::Concerned } else { Mark::Place })
    }));
    marks.extend(found.threats.iter().map(|one| (one.span, Mark::Threat)));
    marks.extend(found.observables.iter().map(|one| (one.span, Mark::Observable)));
    marks.sort_by_key(|(span, mark)| (span.start, *mark, span.end));
    let (mut out, mut at) = (String::new(), 0);
    for (span, mark) in marks {
        if span.start < at {
            continue;
        }
        out.push_str(&text::block(whole.get(at..span.start).unwrap_or_default()));
        let words = text::block(whole.get(span.start..span.end).unwrap_or_default());
        out.push_str(&painted(mark, &words));
        at = span.end;
    }
    out.push_str(&text::block(whole.get(at..).unwrap_or_default()));
    out
}

fn painted(mark: Mark, words: &str) -> String {
    let mut out = String::new();
    let _ = write!(out, "\u{1b}[{}m{words}\u{1b}[0m", mark.code());
    out
}
