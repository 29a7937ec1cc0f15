//! `forewarn stix validate`.

use super::excerpt::{Excerpts, usable};
use super::objects::{Found, Many, open};
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_stix::versions::{MAX_TRACKED, Versions};
use forewarn_stix::{Finding, Judged, Severity, judge, rule};
use forewarn_view::text;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Errors shown with an excerpt of the source; later ones get a line each.
const EXCERPTS: u64 = 20;

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Bundles, lists, lines or single objects; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// List every should that is not followed, not only how often
    #[arg(long)]
    warnings: bool,
}

#[derive(Default)]
struct Tally {
    valid: u64,
    invalid: u64,
    /// How many of these are usable all the same.
    usable: u64,
    /// How many have been shown with an excerpt.
    shown: u64,
    /// For each rule: how often, and where first.
    shoulds: BTreeMap<&'static str, (u64, String)>,
}

/// Where an object stands.
struct Place<'a> {
    path: &'a Path,
    /// From 0, in a frame.
    index: Option<u64>,
    bytes: &'a [u8],
}

/// How it is told.
struct Telling {
    json: bool,
    warnings: bool,
    excerpts: Excerpts,
}

impl Validate {
    pub(super) fn run(&self, json: bool) -> Result<(), Failed> {
        let excerpts = Excerpts::for_standard_output();
        let telling = Telling { json, warnings: self.warnings, excerpts };
        let mut tally = Tally::default();
        for path in &self.files {
            match open(path)? {
                Found::Single(bytes) => {
                    let place = Place { path, index: None, bytes: &bytes };
                    telling.tell(&place, &judge(&bytes), &mut tally)?;
                }
                Found::Nothing(why) => {
                    let place = Place { path, index: None, bytes: &[] };
                    telling.tell(&place, &unreadable(why), &mut tally)?;
                }
                Found::Many(many) => validate_all(*many, path, &telling, &mut tally)?,
            }
        }
        telling.end(&tally)
    }
}

fn validate_all(
    mut many: Many,
    path: &Path,
    telling: &Telling,
    tally: &mut Tally,
) -> Result<(), Failed> {
    let mut versions = Versions::new();
    for index in 0.. {
        let place = |bytes| Place { path, index: Some(index), bytes };
        match many.next() {
            Ok(Some(bytes)) => {
                let mut judged = judge(&bytes);
                let between = judged.object.as_ref().map(|object| versions.compare(object));
                judged.findings.extend(between.unwrap_or_default());
                judged.usable = judged.usable && judged.errors().all(|finding| finding.usable);
                many.aside(|| telling.tell(&place(&bytes), &judged, tally))?;
            }
            Ok(None) => {
                tell_heads(&mut many, path, telling, tally)?;
                break;
            }
            Err(why) => return telling.tell(&place(&[]), &unreadable(why.to_string()), tally),
        }
        tell_heads(&mut many, path, telling, tally)?;
    }
    if versions.is_full() {
        output::aside(format!(
            "{}: only the first {MAX_TRACKED} versions were compared with one another",
            path.display()
        ));
    }
    Ok(())
}

/// What there is to say of bundles themselves.
fn tell_heads(
    many: &mut Many,
    path: &Path,
    telling: &Telling,
    tally: &mut Tally,
) -> Result<(), Failed> {
    for head in many.take_heads() {
        let place = Place { path, index: None, bytes: &[] };
        many.aside(|| telling.tell(&place, &head, tally))?;
    }
    Ok(())
}

fn unreadable(why: String) -> Judged {
    let (id, type_name, version, object) = (None, None, None, None);
    let findings = vec![Finding::unreadable(why)];
    Judged { id, type_name, findings, unlisted: 0, usable: false, version, object }
}

impl Telling {
    fn tell(&self, place: &Place<'_>, judged: &Judged, tally: &mut Tally) -> Result<(), Failed> {
        let of = |severity: Severity| -> Vec<&Finding> {
            judged.findings.iter().filter(|f| f.severity == severity).collect()
        };
        let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        let valid = errors.is_empty();
        if valid {
            tally.valid += 1;
        } else {
            tally.invalid += 1;
            tally.usable += u64::from(judged.usable);
        }
        if self.json {
            let line = json!({
                "file": place.path, "index": place.index, "id": judged.id, "type": judged.type_name,
                "valid": valid, "usable": judged.usable, "errors": errors, "warnings": warnings,
            });
            let line = with_unlisted(line, judged.unlisted);
            return output::json(&line);
        }
        for finding in errors {
            tally.shown += 1;
            self.show(place, judged, finding, tally.shown <= EXCERPTS)?;
        }
        if judged.unlisted > 0 {
            let who = text::line(&who(place, judged));
            output::line(format!("{who}: and {} more", judged.unlisted))?;
        }
        for finding in warnings {
            if self.warnings {
                self.show(place, judged, finding, false)?;
            }
            let first = || format!("{} at {}", who(place, judged), finding.path);
            tally.shoulds.entry(finding.rule).or_insert_with(|| (0, first())).0 += 1;
        }
        Ok(())
    }

    fn show(
        &self,
        place: &Place<'_>,
        judged: &Judged,
        finding: &Finding,
        with_excerpt: bool,
    ) -> Result<(), Failed> {
        let who = who(place, judged);
        // What is missing stands nowhere: there is nothing to show.
        let stands = !finding.is_of_absence();
        if with_excerpt && stands && !place.bytes.is_empty() {
            return output::line(self.excerpts.show(&who, place.bytes, finding));
        }
        let should = if finding.severity == Severity::Warning { "should: " } else { "" };
        let words = text::line(&format!("{who}: {should}{finding}"));
        output::line(format!("{words}, §{}{}", finding.clause, usable(finding)))
    }

    /// What was not followed, how often; then how many were valid.
    fn end(&self, tally: &Tally) -> Result<(), Failed> {
        if !self.json {
            if !self.warnings {
                for (code, (count, first)) in &tally.shoulds {
                    let asks = rule::find(code).map_or("", |rule| rule.asks);
                    let often =
                        if *count == 1 { "once".to_owned() } else { format!("{count} times") };
                    let first = text::line(first);
                    output::line(format!("should ({code}), {often}: {asks} First: {first}"))?;
                }
            }
            let usable = match tally.usable {
                0 => String::new(),
                n => format!(", of which {n} usable: an intake takes them in, with their flaws"),
            };
            let Tally { valid, invalid, .. } = tally;
            output::line(format!("{valid} valid, {invalid} not valid{usable}"))?;
        }
        if tally.invalid > 0 {
            let why = if self.json { "" } else { "not all of it is valid STIX 2.1" };
            return Err(Failed::refused(why));
        }
        Ok(())
    }
}

/// Says how many findings are not listed, where there are such.
fn with_unlisted(mut line: Value, unlisted: usize) -> Value {
    if let Some(line) = line.as_object_mut().filter(|_| unlisted > 0) {
        line.insert("unlisted".to_owned(), unlisted.into());
    }
    line
}

/// The file, and the object by its id or its place.
fn who(place: &Place<'_>, judged: &Judged) -> String {
    let file = place.path.display();
    match (&judged.id, place.index) {
        (Some(id), _) => format!("{file}: {id}"),
        (None, Some(index)) => format!("{file}: object {}", index + 1),
        (None, None) => format!("{file}"),
    }
}
