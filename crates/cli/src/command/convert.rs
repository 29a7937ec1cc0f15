//! `forewarn convert`: from one format to another, with what could not be carried over.

mod report;
mod to_list;

use self::report::Report;
use super::file;
use super::list::{self, List};
use crate::failure::Failed;
use crate::output;
use clap::{Args, ValueEnum};
use forewarn_lists::out::Output;
use forewarn_misp::{Form, Refused};
use forewarn_node::disk;
use forewarn_stix::StixId;
use forewarn_stix::bundle::Objects;
use forewarn_stix::loss::{Loss, Losses};
use forewarn_stix::upgrade::{self, Upgraded};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

/// Longest bundle that becomes an event, which is held at once.
const MAX_BUNDLE_BYTES: usize = 512 << 20;

/// Most bytes of standard input, which is read twice and so is held.
const MAX_PIPED_BYTES: usize = 512 << 20;

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// An event of MISP, a list of events, a STIX bundle, a list of indicators (a table, lines, hosts,
    /// rules of detection), an alert of CAP, incidents of IODEF, a report of abuse (ARF, X-ARF), or a
    /// report: a text, mail, page, PDF, docx; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What it becomes
    #[arg(long, value_name = "FORMAT")]
    to: Format,
    /// Write it also where something is lost, and end with 0
    #[arg(long)]
    lossy: bool,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A STIX 2.1 bundle
    Stix,
    /// An event of MISP
    Misp,
    /// Values, one a line
    Plain,
    /// A table of values
    Csv,
    /// Names that lead nowhere, as a hosts file has them
    Hosts,
    /// A zone of a resolver's response policy
    Rpz,
    /// Rules of Suricata that alert
    Suricata,
}

/// What a file has in it.
enum Source {
    Misp,
    Stix,
    /// STIX 2.0, brought to 2.1 already.
    Upgraded(Upgraded),
    List(forewarn_lists::Asked),
    /// A text or document, read already.
    Report(Box<Report>),
}

pub(crate) fn run(asked: &Convert, json: bool) -> Result<(), Failed> {
    let input = Input::of(&asked.file)?;
    let source = source(asked, &input, json)?;
    match (source, asked.to) {
        (source, Format::Plain) => to_list::run(asked, (&source, &input), Output::Plain, json),
        (source, Format::Csv) => to_list::run(asked, (&source, &input), Output::Csv, json),
        (source, Format::Hosts) => to_list::run(asked, (&source, &input), Output::Hosts, json),
        (source, Format::Rpz) => to_list::run(asked, (&source, &input), Output::Rpz, json),
        (source, Format::Suricata) => {
            to_list::run(asked, (&source, &input), Output::Suricata, json)
        }
        (source @ (Source::Misp | Source::List(_) | Source::Upgraded(_)), Format::Stix) => {
            to_stix(asked, &source, &input, json)
        }
        (Source::Report(report), Format::Stix) => report::to_stix(asked, &report, json),
        (Source::Report(_), Format::Misp) => {
            let what = format!("`{}` is a report, which becomes STIX first", asked.file.display());
            Err(Failed::usage(what).hint("--to stix, and what comes of that --to misp"))
        }
        (Source::Stix, Format::Misp) => {
            let bytes = input.whole()?;
            to_misp(asked, &bytes, json)
        }
        (Source::Upgraded(upgraded), Format::Misp) => {
            let objects: Vec<_> = upgraded.objects.iter().map(|made| &made.object).collect();
            to_misp(
                asked,
                json!({ "type": "bundle", "objects": objects }).to_string().as_bytes(),
                json,
            )
        }
        (Source::Stix, Format::Stix) => Err(is_already(&asked.file, "STIX")),
        (Source::Misp, Format::Misp) => Err(is_already(&asked.file, "MISP")),
        (Source::List(_), Format::Misp) => {
            let what = format!("`{}` is a list, which becomes STIX first", asked.file.display());
            Err(Failed::usage(what).hint("--to stix, and what comes of that --to misp"))
        }
    }
}

fn source(asked: &Convert, input: &Input, json: bool) -> Result<Source, Failed> {
    let start = input.start()?;
    if let Some(form) = asked.list.form(&start) {
        let whole = input.open().map_err(|e| unreadable(&e))?;
        return asked
            .list
            .asked(form, whole, (json, ""))
            .map(Source::List)
            .map_err(|e| e.about(&asked.file));
    }
    if asked.list.is_said() {
        let what = "it is not known which form of list this is";
        return Err(Failed::refused(what).about(&asked.file).hint("say it by --list"));
    }
    if upgrade::is_bundle(&start) {
        let upgraded = upgrade::bundle(&input.whole()?);
        let upgraded = upgraded.map_err(|e| Failed::refused(e.to_string()).about(&asked.file))?;
        for (what, count) in upgraded.summary() {
            output::aside(format!("brought to STIX 2.1: {what} ({count} times)"));
        }
        return Ok(Source::Upgraded(upgraded));
    }
    if report::is_one(&start) {
        return Report::read(asked, &input.whole()?).map(Box::new).map(Source::Report);
    }
    Ok(match Form::of(&start) {
        Form::Misp => Source::Misp,
        Form::Stix => Source::Stix,
    })
}

fn unreadable(why: &std::io::Error) -> Failed {
    Failed::refused(format!("cannot be read: {why}"))
}

fn is_already(path: &Path, what: &str) -> Failed {
    Failed::usage(format!("`{}` is {what} already", path.display()))
}

/// A file that can be read again; standard input is held for that.
enum Input {
    File(PathBuf),
    Held(Vec<u8>),
}

impl Input {
    fn of(path: &Path) -> Result<Input, Failed> {
        if path == Path::new("-") {
            return Ok(Input::Held(file::read(path, MAX_PIPED_BYTES)?));
        }
        // What is no file is refused here, in words.
        file::open(path)?;
        Ok(Input::File(path.to_owned()))
    }

    fn open(&self) -> std::io::Result<Box<dyn Read + '_>> {
        match self {
            Input::File(path) => Ok(Box::new(disk::open_regular(path)?)),
            Input::Held(bytes) => Ok(Box::new(bytes.as_slice())),
        }
    }

    /// All of it.
    fn whole(&self) -> Result<Cow<'_, [u8]>, Failed> {
        match self {
            Input::File(path) => file::read(path, MAX_BUNDLE_BYTES).map(Cow::Owned),
            Input::Held(bytes) => Ok(Cow::Borrowed(bytes)),
        }
    }

    fn start(&self) -> Result<Vec<u8>, Failed> {
        let mut start = Vec::new();
        let most = forewarn_misp::FORM_BYTES.max(forewarn_lists::FORM_BYTES) as u64;
        let read = self.open().and_then(|input| input.take(most).read_to_end(&mut start));
        read.map_err(|e| unreadable(&e))?;
        Ok(start)
    }
}

/// Converts a file; the bytes of each object go to `sink`.
fn objects(
    asked: &Convert,
    source: &Source,
    input: &Input,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<Losses, Failed> {
    let losses = match source {
        Source::List(of) => {
            let made = forewarn_lists::convert(&mut || input.open(), of, sink);
            made.map_err(|why| list::refused(&why))
        }
        Source::Upgraded(upgraded) => {
            let mut losses = Losses::default();
            for (n, original) in upgraded.originals.iter().enumerate() {
                if !original.get().starts_with('{') {
                    losses.add(format!("/objects/{n}"), "is no object");
                }
            }
            for made in &upgraded.objects {
                let object = serde_json::to_vec(&made.object);
                sink(&object.map_err(|e| Failed::internal(e.to_string()))?);
            }
            Ok(losses)
        }
        Source::Report(report) => {
            let bundle = report.bundle(asked)?;
            let made = bundle.get("objects").and_then(Value::as_array);
            for object in made.into_iter().flatten() {
                sink(object.to_string().as_bytes());
            }
            Ok(report.losses())
        }
        Source::Stix => {
            let mut objects = Objects::any(input.open().map_err(|e| unreadable(&e))?);
            let mut next = std::iter::from_fn(|| objects.next_object().transpose());
            let taken = next.try_for_each(|object| object.map(|bytes| sink(&bytes)));
            taken.map(|()| Losses::default()).map_err(|e| Failed::refused(e.to_string()))
        }
        Source::Misp => {
            let mut sink = |object: Value| sink(object.to_string().as_bytes());
            let made = forewarn_misp::convert(&mut || input.open(), &mut sink);
            made.map_err(|why| Failed::refused(why.to_string()))
        }
    };
    losses.map_err(|e| e.about(&asked.file))
}

/// First all is converted and nothing written: a file that is refused, or of which something is lost,
/// leaves nothing half done.
fn to_stix(asked: &Convert, source: &Source, input: &Input, json: bool) -> Result<(), Failed> {
    let mut all = Vec::new();
    let mut sink = |object: &[u8]| {
        if json && let Ok(object) = serde_json::from_slice::<Box<RawValue>>(object) {
            all.push(object);
        }
    };
    let losses = objects(asked, source, input, &mut sink)?;
    if json {
        let id = all.iter().fold(StixId::of_name("bundle", b""), |id, object| {
            next_id(&id, object.get().as_bytes())
        });
        let bundle = json!({ "type": "bundle", "id": id.as_str(), "objects": all });
        return told(asked, &losses, Some(&bundle));
    }
    told(asked, &losses, None)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut id = StixId::of_name("bundle", b"");
    let mut broken = out.write_all(b"{\"type\":\"bundle\",\"objects\":[\n").err();
    let mut first = true;
    let mut sink = |object: &[u8]| {
        if broken.is_some() {
            return;
        }
        id = next_id(&id, object);
        let comma: &[u8] = if first { b"" } else { b",\n" };
        first = false;
        broken = out.write_all(comma).and_then(|()| out.write_all(object)).err();
    };
    objects(asked, source, input, &mut sink)?;
    let ended = write!(out, "\n],\"id\":\"{id}\"}}\n").and_then(|()| out.flush());
    match broken.map_or(ended, Err) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failed::internal(format!("standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// The id of an object.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

/// The same objects give the same bundle.
fn next_id(id: &StixId, object: &[u8]) -> StixId {
    let own = serde_json::from_slice::<Named<'_>>(object).map(|one| one.id).unwrap_or_default();
    StixId::of_name("bundle", format!("{id} {own}").as_bytes())
}

fn to_misp(asked: &Convert, bytes: &[u8], json: bool) -> Result<(), Failed> {
    let refused = |why: Refused| Failed::refused(why.to_string()).about(&asked.file);
    let written = forewarn_misp::to_misp(bytes).map_err(refused)?;
    if json {
        return told(asked, &written.losses, Some(&written.event));
    }
    told(asked, &written.losses, None)?;
    output::json(&written.event)
}

/// Says what was lost. Errs where something was and that was not asked for.
fn told(asked: &Convert, losses: &Losses, whole: Option<&Value>) -> Result<(), Failed> {
    let count = losses.list().len() + losses.unlisted();
    if let Some(whole) = whole {
        let list: Vec<&Loss> = losses.list().iter().collect();
        let converted = if losses.is_empty() || asked.lossy { Some(whole) } else { None };
        output::json(
            &json!({ "converted": converted, "losses": list, "unlisted": losses.unlisted() }),
        )?;
    } else {
        for loss in losses.list() {
            output::aside(format!("lost: {loss}"));
        }
        if losses.unlisted() > 0 {
            output::aside(format!("lost: {} more", losses.unlisted()));
        }
    }
    if losses.is_empty() || asked.lossy {
        return Ok(());
    }
    let message = match count {
        1 => "one thing would be lost, so nothing was written".to_owned(),
        count => format!("{count} things would be lost, so nothing was written"),
    };
    Err(Failed::refused(message).about(&asked.file).hint("--lossy writes it all the same"))
}
