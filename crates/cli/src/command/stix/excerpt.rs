//! A finding with the lines that it is about, for people.

use forewarn_stix::{Finding, Severity, place};
use forewarn_view::text;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report,
};
use std::io::IsTerminal as _;
use std::ops::Range;

/// Most characters of a line that are shown.
const WIDTH: usize = 100;
/// Lines shown before and after.
const AROUND: usize = 1;

pub(super) struct Excerpts {
    handler: GraphicalReportHandler,
}

impl Excerpts {
    /// In colour where a person looks and has not asked for none.
    pub(super) fn for_standard_output() -> Excerpts {
        Excerpts::new(std::io::stdout().is_terminal())
    }

    /// The same, for what goes to standard error.
    pub(super) fn for_standard_error() -> Excerpts {
        Excerpts::new(std::io::stderr().is_terminal())
    }

    fn new(terminal: bool) -> Excerpts {
        let coloured = terminal && std::env::var_os("NO_COLOR").is_none();
        let theme =
            if coloured { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_context_lines(AROUND)
            .with_width(WIDTH + 12)
            .with_links(false);
        Excerpts { handler }
    }

    /// The finding in the object's bytes.
    pub(super) fn show(&self, who: &str, bytes: &[u8], finding: &Finding) -> String {
        let span = match forewarn_stix::json::read(bytes) {
            Ok(_) => place::find(bytes, &finding.path),
            // What is not JSON has no paths, but a line and a column.
            Err(e) => Some(offset(bytes, e.place())),
        };
        self.render(
            who,
            bytes,
            span,
            finding.severity,
            (
                &finding.message,
                format!(
                    "{} at {}, §{}{}",
                    finding.rule,
                    finding.path,
                    finding.clause,
                    usable(finding)
                ),
            ),
        )
    }

    /// Something wrong at a byte of a text.
    pub(super) fn show_at(&self, who: &str, text: &str, at: usize, why: &str) -> String {
        let at = at.min(text.len());
        self.render(who, text.as_bytes(), Some(at..at), Severity::Error, (why, String::new()))
    }

    fn render(
        &self,
        who: &str,
        bytes: &[u8],
        span: Option<Range<usize>>,
        severity: Severity,
        (message, code): (&str, String),
    ) -> String {
        let (text, span) = lines(&String::from_utf8_lossy(bytes), span.unwrap_or(0..0));
        let (text, span) = in_words(&text, span);
        let (who, message) = (&text::line(who), text::line(message));
        let mut diagnostic = MietteDiagnostic::new(&message)
            .with_severity(match severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            })
            .with_label(LabeledSpan::underline(span));
        if !code.is_empty() {
            diagnostic = diagnostic.with_code(text::line(&code));
        }
        let report = Report::new(diagnostic).with_source_code(NamedSource::new(who, text));
        let mut out = String::new();
        match self.handler.render_report(&mut out, report.as_ref()) {
            Ok(()) => out.trim_end().to_owned(),
            Err(_) => format!("{who}: {message}"),
        }
    }
}

/// The foreign text as it may be printed; the span moved with it.
fn in_words(foreign: &str, span: Range<usize>) -> (String, Range<usize>) {
    let part = |range: Range<usize>| text::block(foreign.get(range).unwrap_or_default());
    let (before, inside) = (part(0..span.start), part(span.clone()));
    let moved = before.len()..before.len() + inside.len();
    (format!("{before}{inside}{}", part(span.end..foreign.len())), moved)
}

/// The byte at a line and a column, both from 1.
fn offset(bytes: &[u8], (line, column): (usize, usize)) -> Range<usize> {
    let before =
        bytes.split(|b| *b == b'\n').take(line.saturating_sub(1)).map(|line| line.len() + 1);
    let at = (before.sum::<usize>() + column.saturating_sub(1)).min(bytes.len());
    at..at
}

/// The text with its long lines cut, the one of the span around it; the span moved with them. The
/// lines keep their numbers.
fn lines(text: &str, span: Range<usize>) -> (String, Range<usize>) {
    let mut out = String::with_capacity(text.len().min(1 << 16));
    let mut moved = 0..0;
    let mut offset = 0;
    for line in text.split('\n') {
        let here = (offset..=offset + line.len()).contains(&span.start);
        let inside = if here { span.start - offset } else { 0 };
        let (shown, cut) = window(line, inside);
        if here {
            let begin = out.len() + inside - cut;
            let length = span.len().min(shown.len().saturating_sub(inside - cut));
            moved = begin..begin + length;
        }
        out.push_str(shown);
        out.push('\n');
        offset += line.len() + 1;
    }
    (out, moved)
}

/// The part of a line that is shown, and how many bytes of it were left off before.
fn window(line: &str, at: usize) -> (&str, usize) {
    if line.len() <= WIDTH {
        return (line, 0);
    }
    let back = |mut n: usize| {
        while !line.is_char_boundary(n) {
            n -= 1;
        }
        n
    };
    let from = back(at.min(line.len()).saturating_sub(WIDTH / 4));
    let to = back((from + WIDTH).min(line.len()));
    (line.get(from..to).unwrap_or_default(), from)
}

/// What is said of a broken must that keeps nothing out.
pub(super) fn usable(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Error if finding.usable => ", usable",
        Severity::Error | Severity::Warning => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_what_it_is_about() {
        let text =
            format!("{{\"a\": \"{}\", \"b\": 7, \"c\": \"{}\"}}", "x".repeat(500), "é".repeat(500));
        let span = place::find(text.as_bytes(), "$.b").unwrap();
        let (shown, moved) = lines(&text, span);
        assert_eq!(shown.get(moved), Some("7"));
        assert!(shown.len() <= WIDTH + 1);
        let (shown, moved) = lines(&text, place::find(text.as_bytes(), "$.c").unwrap());
        assert!(shown.get(moved).unwrap().starts_with("\"éé"));
    }

    #[test]
    fn what_a_file_says_does_nothing_to_the_terminal() {
        let text = "{\"a\": \"\u{202e}x\u{9b}\", \"b\": 2}";
        let (shown, moved) = in_words(text, place::find(text.as_bytes(), "$.b").unwrap());
        assert_eq!(shown, "{\"a\": \"\\u{202e}x\\u{9b}\", \"b\": 2}");
        assert_eq!(shown.get(moved), Some("2"));
    }

    #[test]
    fn lines_keep_their_numbers() {
        let text = format!("{{\n\"a\": \"{}\",\n\"b\": 2\n}}", "x".repeat(500));
        let (shown, moved) = lines(&text, place::find(text.as_bytes(), "$.b").unwrap());
        assert_eq!(shown.get(moved.clone()), Some("2"));
        assert_eq!(shown.get(..moved.start).unwrap().matches('\n').count(), 2);
    }
}
