//! `forewarn intake`: files of any size; a large bundle goes in parts, each durable by itself.

use super::file;
use super::list::{self, List};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, ValueEnum};
use forewarn_document::MAX_BYTES;
use forewarn_extract::MAX_TEXT_BYTES;
use forewarn_lists::Form;
use forewarn_node::intake::{Foreign, Format, MAX_INTAKE_BYTES, NotTaken, START_BYTES, recognise};
use forewarn_stix::bundle::Objects;
use forewarn_stix::upgrade;
use forewarn_view::item::{FlawedObject, MatchedItems, RefusedObject, TakenIn};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{Cursor, IsTerminal as _, Read, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// Objects and bytes of one part: a part is one transaction of the node.
const PART_OBJECTS: usize = 1_000;
const PART_BYTES: usize = 16 << 20;

#[derive(Debug, Args)]
pub(crate) struct Intake {
    /// Files to take in; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The source's handle; it stays here and never crosses
    #[arg(long)]
    source: Option<String>,
    /// The grade of source and information, kept with its scheme: B2 (Admiralty), 4x4:A1, 3x5x2:1A,
    /// 5x5x5:B2, or unknown:TEXT
    #[arg(long)]
    grade: Option<String>,
    /// What the files are; found by itself when not given
    #[arg(long, value_enum)]
    format: Option<Given>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Given {
    Stix,
    Text,
    Misp,
    Document,
}

/// Most ids that are told of a file.
const MAX_IDS: usize = 10;
/// Most cases that are told of a file, and most parts of which they are asked for.
const MAX_CASES: usize = 20;
const MAX_ASKED: usize = 1_000;
/// Most things that are told of what a list has and is not taken in.
const MAX_TOLD: usize = 20;

/// What became of a file, over all its parts.
#[derive(Serialize)]
struct Total<'f> {
    file: &'f Path,
    added: usize,
    known: usize,
    flawed: usize,
    refused: usize,
    ids: Vec<String>,
    flaws: Vec<FlawedObject>,
    reasons: Vec<RefusedObject>,
    /// What its items have met; `None` when nothing is new, or it may not be told.
    #[serde(flatten)]
    matched: Option<MatchedItems>,
    /// Numbers of the new items, part by part.
    #[serde(skip)]
    parts: Vec<(i64, i64)>,
}

pub(crate) async fn run(intake: &Intake, context: &Context) -> Result<(), Failed> {
    let mut failed = None;
    for path in &intake.files {
        // One bad file does not keep the others out.
        if let Err(why) = take(intake, path, context).await {
            if intake.files.len() == 1 {
                return Err(why);
            }
            output::line(why.to_string())?;
            failed = Some(Failed::refused("not every file was taken in; see above"));
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn take(intake: &Intake, path: &Path, context: &Context) -> Result<(), Failed> {
    let mut input = file::open(path)?;
    let mut start = Vec::new();
    let read = input.by_ref().take(START_BYTES as u64).read_to_end(&mut start);
    read.map_err(|e| Failed::refused(format!("`{}` cannot be read: {e}", path.display())))?;
    if let Some(form) = form_of_list(intake, &start) {
        return take_list(intake, path, (form, Cursor::new(start).chain(input)), context).await;
    }
    let format = match intake.format {
        Some(Given::Stix) => Format::Stix,
        Some(Given::Text) => Format::Text,
        Some(Given::Misp) => Format::Misp,
        Some(Given::Document) => Format::Document,
        None => recognise(&start).map_err(|foreign| refused(path, foreign))?,
    };
    let name = path.file_name().map_or_else(|| "standard input".into(), |n| n.to_string_lossy());
    let url = url(intake, &name, format);
    let is_stix_2_0 = upgrade::is_bundle(&start);
    let whole = Cursor::new(start).chain(input);
    let mut total = match format {
        // `forewarn convert` makes STIX of a longer one.
        Format::Misp => text(whole, MAX_INTAKE_BYTES, (path, &url), context).await?,
        Format::Text => text(whole, MAX_TEXT_BYTES, (path, &url), context).await?,
        Format::Document => text(whole, MAX_BYTES, (path, &url), context).await?,
        // The node brings it to 2.1, and keeps it as it came; `forewarn convert` does of a longer one.
        Format::Stix if is_stix_2_0 => text(whole, MAX_INTAKE_BYTES, (path, &url), context).await?,
        Format::Stix => stix(whole, path, &url, context).await?,
    };
    total.matched = matched(&total.parts, context).await?;
    tell(&total, context)
}

/// The form of a list, where somebody says that it is one, or where it surely is no text and no STIX.
fn form_of_list(intake: &Intake, start: &[u8]) -> Option<Form> {
    let form = intake.list.form(start)?;
    let is_sure = match (recognise(start), form) {
        // Each of these says by its names what it is.
        (Err(Foreign::Csv), _)
        | (_, Form::OpenIoc | Form::Cap | Form::Iodef | Form::Xarf | Form::Arf) => true,
        (Err(_) | Ok(Format::Misp | Format::Document), _) => false,
        // Prose has rows of as many commas too.
        (Ok(Format::Text), form) => form != Form::Table,
        (Ok(Format::Stix), form) => form == Form::Json,
    };
    (intake.list.is_said() || (intake.format.is_none() && is_sure)).then_some(form)
}

/// A list becomes STIX here, whole, and that is taken in: what cannot be read of it is told before.
async fn take_list(
    intake: &Intake,
    path: &Path,
    (form, mut input): (Form, impl Read),
    context: &Context,
) -> Result<(), Failed> {
    let internal = |e: std::io::Error| Failed::internal(format!("a temporary file: {e}"));
    // It is read more than once, and standard input can be read once.
    let mut held = tempfile::tempfile().map_err(internal)?;
    std::io::copy(&mut input, &mut held).map_err(internal)?;
    let mut open = || {
        let mut again = held.try_clone()?;
        again.rewind().map(|()| again)
    };
    let text = "; when it is meant as a text: --format text";
    let asked = intake.list.asked(form, open().map_err(internal)?, (context.json, text));
    let asked = asked.map_err(|e| e.about(path))?;
    let mut made = std::io::BufWriter::new(tempfile::tempfile().map_err(internal)?);
    let (mut broken, mut comma) = (made.write_all(b"{\"objects\":[").err(), "");
    let mut sink = |object: &[u8]| {
        if broken.is_none() {
            broken = made.write_all(comma.as_bytes()).and_then(|()| made.write_all(object)).err();
            comma = ",";
        }
    };
    let losses = forewarn_lists::convert(&mut open, &asked, &mut sink);
    let losses = losses.map_err(|why| list::refused(&why).about(path))?;
    let ended = broken.map_or_else(|| made.write_all(b"]}"), Err);
    let made = ended.and_then(|()| made.into_inner().map_err(std::io::IntoInnerError::into_error));
    let mut made = made.map_err(internal)?;
    made.rewind().map_err(internal)?;
    for loss in losses.list().iter().take(MAX_TOLD) {
        output::aside(format!("not taken in: {loss}"));
    }
    let name = path.file_name().map_or_else(|| "standard input".into(), |n| n.to_string_lossy());
    let url = url(intake, &name, Format::Stix);
    let mut total = stix(made, path, &url, context).await?;
    total.matched = matched(&total.parts, context).await?;
    tell(&total, context)?;
    let lost = losses.list().len() + losses.unlisted();
    if lost == 0 {
        return Ok(());
    }
    let what = format!("{lost} things of the list were not taken in");
    Err(Failed::refused(what).about(path).hint("`forewarn convert` names them all"))
}

/// Something that is not read. What is made of characters may be meant as a text.
fn refused(path: &Path, foreign: Foreign) -> Failed {
    let failed = Failed::refused(format!("`{}`: {foreign}", path.display()));
    if foreign.is_of_characters() {
        return failed.hint("when it is meant as a text: --format text");
    }
    failed
}

/// The cases that new items have opened or joined. The last part is asked for first: when it is
/// matched, all before it are.
async fn matched(parts: &[(i64, i64)], context: &Context) -> Result<Option<MatchedItems>, Failed> {
    let (mut all, mut cases) = (MatchedItems::default(), BTreeSet::new());
    let mut revoked = BTreeSet::new();
    for ((first, last), at) in parts.iter().rev().zip(0..) {
        let path = format!("/api/v1/matched?first={first}&last={last}");
        let part: MatchedItems = match context.client.get(&path).await {
            Ok(part) => part,
            // An account that only brings things in is not told what they met.
            Err(failed) if failed.is_refusal() => return Ok(None),
            Err(failed) => return Err(failed),
        };
        if at == 0 {
            all.done = part.done;
        }
        all.more |= part.more;
        cases.extend(part.cases);
        revoked.extend(part.revoked);
        if cases.len() >= MAX_CASES || at + 1 >= MAX_ASKED {
            all.more |= at + 1 < parts.len() || cases.len() > MAX_CASES;
            break;
        }
    }
    all.cases = cases.into_iter().take(MAX_CASES).collect();
    all.revoked = revoked.into_iter().take(MAX_CASES).collect();
    Ok((!parts.is_empty()).then_some(all))
}

fn url(intake: &Intake, name: &str, format: Format) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("name", name);
    let format = match format {
        Format::Stix => "stix",
        Format::Text => "text",
        Format::Misp => "misp",
        Format::Document => "document",
    };
    query.append_pair("format", format);
    for (key, value) in [("source", &intake.source), ("grade", &intake.grade)] {
        if let Some(value) = value {
            query.append_pair(key, value);
        }
    }
    format!("/api/v1/intakes?{}", query.finish())
}

async fn text<'f>(
    input: impl Read,
    most: usize,
    (path, url): (&'f Path, &str),
    context: &Context,
) -> Result<Total<'f>, Failed> {
    let mut bytes = Vec::new();
    let read = input.take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|e| Failed::refused(format!("`{}` cannot be read: {e}", path.display())))?;
    let mut total = Total::of(path);
    total.add(context.client.send(url, bytes).await.map_err(|e| e.about(path))?, 0);
    Ok(total)
}

async fn stix<'f>(
    input: impl Read,
    path: &'f Path,
    url: &str,
    context: &Context,
) -> Result<Total<'f>, Failed> {
    let progress = progress(path);
    let mut objects = Objects::any(input);
    let mut total = Total::of(path);
    let mut sent = 0usize;
    loop {
        let mut part = b"{\"objects\":[".to_vec();
        let mut count = 0;
        let next = loop {
            if count == PART_OBJECTS || part.len() > PART_BYTES {
                break Ok(Next::More);
            }
            match objects.next_object() {
                Ok(Some(bytes)) => {
                    // It would break the others of its part.
                    if let Some(line) = bad_line(&objects, &bytes) {
                        break Ok(Next::Bad(line, bytes));
                    }
                    if count > 0 {
                        part.push(b',');
                    }
                    part.extend(bytes);
                    count += 1;
                }
                Ok(None) => break Ok(Next::End),
                Err(why) => break Err(why),
            }
        };
        if let Some(kind) = objects.foreign() {
            let what = NotTaken::NotABundle(kind.to_owned());
            return Err(broken(path, &what.to_string(), sent));
        }
        if count > 0 && (next.is_ok() || sent > 0) {
            part.extend(b"]}");
            total.add(context.client.send(url, part).await.map_err(|e| e.about(path))?, sent);
            sent += count;
        }
        progress.set_position(objects.position());
        match next {
            Ok(Next::More) => {}
            Ok(Next::Bad(line, bytes)) => {
                let url = format!("{url}&line={line}");
                let kept = context.client.send(&url, bytes).await.map_err(|e| e.about(path))?;
                total.add(kept, sent);
                sent += 1;
            }
            Ok(Next::End) => break,
            Err(why) if why.is_of_whole() => return Err(broken(path, &why.to_string(), sent)),
            Err(why) => {
                let why = format!("it cannot be read as STIX to its end: {why}");
                return Err(broken(path, &why, sent));
            }
        }
    }
    progress.finish_and_clear();
    if sent == 0 {
        let what = NotTaken::NoObjects(objects.instead());
        return Err(Failed::refused(format!("`{}`: {what}", path.display())));
    }
    Ok(total)
}

/// How a part has ended.
enum Next {
    /// It is full.
    More,
    /// What follows is no JSON: the number of its line, and what stands there.
    Bad(u64, Vec<u8>),
    /// The input has ended.
    End,
}

/// The line of the last object, where each has its own and this is no JSON.
fn bad_line<R: Read>(objects: &Objects<R>, bytes: &[u8]) -> Option<u64> {
    let is_json = || serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
    objects.bad_line().or_else(|| objects.own_line().filter(|_| !is_json()))
}

/// Parts that went in before the break are durable and stay.
fn broken(path: &Path, why: &str, sent: usize) -> Failed {
    let failed = Failed::refused(format!("`{}`: {why}", path.display()));
    if sent == 0 {
        return failed.hint("nothing of it was taken in; mend or fetch the file and try again");
    }
    failed.hint(format!(
        "the {sent} objects before that place were taken in; mend the file and take it in again: \
         what is here already is not taken in twice"
    ))
}

impl Total<'_> {
    fn of(file: &Path) -> Total<'_> {
        let (ids, flaws, reasons, parts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (added, known, flawed, refused, matched) = (0, 0, 0, 0, None);
        Total { file, added, known, flawed, refused, ids, flaws, reasons, matched, parts }
    }

    /// Adds what became of a part, before which so many objects came.
    fn add(&mut self, taken: TakenIn, before: usize) {
        let before = i64::try_from(before).unwrap_or(0);
        self.added += taken.added;
        if let Some(others @ 0..) = i64::try_from(taken.added).ok().map(|added| added - 1) {
            self.parts.push((taken.first, taken.first + others));
        }
        self.known += taken.known;
        self.flawed += taken.flawed;
        self.refused += taken.refused;
        let room = MAX_IDS.saturating_sub(self.flaws.len());
        let flaws = taken.flaws.into_iter().take(room);
        self.flaws.extend(flaws.map(|one| {
            let position = one.position + before;
            FlawedObject { position, ..one }
        }));
        let room = MAX_IDS.saturating_sub(self.ids.len());
        self.ids.extend(taken.ids.into_iter().take(room));
        self.reasons.extend(taken.reasons.into_iter().map(|one| {
            let position = one.position + before;
            RefusedObject { position, ..one }
        }));
    }

    fn words(&self) -> String {
        let mut text = format!("{}: {} taken in", self.file.display(), self.added);
        if self.known > 0 {
            text = format!("{text}, {} were here already", self.known);
        }
        if self.flawed > 0 {
            text = format!("{text}, {} with flaws", self.flawed);
        }
        if self.refused > 0 {
            text = format!("{text}, {} refused", self.refused);
        }
        for one in &self.flaws {
            text = format!("{text}\n    {}", one.words());
        }
        for one in &self.reasons {
            text = format!("{text}\n    {}", one.words());
        }
        if let Some(matched) = &self.matched {
            text = format!("{text}\n  {}", matched.words());
        }
        text
    }
}

fn tell(total: &Total, context: &Context) -> Result<(), Failed> {
    output::answer(context.json, total, total.words())?;
    if total.refused > 0 {
        return Err(Failed::refused(format!("{} objects are in quarantine", total.refused))
            .hint("see them with `forewarn quarantine list`"));
    }
    Ok(())
}

fn progress(path: &Path) -> ProgressBar {
    let size = std::fs::metadata(path).map_or(0, |m| m.len());
    let bar = ProgressBar::new(size);
    if !std::io::stderr().is_terminal() || size < PART_BYTES as u64 {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {eta} left");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
