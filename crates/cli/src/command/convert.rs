//! `forewarn convert`: from one format to another, with what could not be carried over.

use super::file;
use crate::failure::Failed;
use crate::output;
use clap::{Args, ValueEnum};
use forewarn_misp::{Form, Loss, Losses, Refused};
use forewarn_stix::StixId;
use serde_json::{Value, json};
use std::io::{BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

/// Longest bundle that becomes an event, which is held at once.
const MAX_BUNDLE_BYTES: usize = 512 << 20;

/// Most bytes of standard input, which is read twice and so is held.
const MAX_PIPED_BYTES: usize = 512 << 20;

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// An event of MISP, a list of events, or a STIX bundle; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What it becomes
    #[arg(long, value_name = "FORMAT")]
    to: Format,
    /// Write it also where something is lost, and end with 0
    #[arg(long)]
    lossy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A STIX 2.1 bundle
    Stix,
    /// An event of MISP
    Misp,
}

pub(crate) fn run(asked: &Convert, json: bool) -> Result<(), Failed> {
    let mut input = Input::of(&asked.file)?;
    match (input.form()?, asked.to) {
        (Form::Misp, Format::Stix) => to_stix(asked, &mut input, json),
        (Form::Stix, Format::Misp) => to_misp(asked, &mut input, json),
        (Form::Stix, Format::Stix) => Err(is_already(&asked.file, "STIX")),
        (Form::Misp, Format::Misp) => Err(is_already(&asked.file, "MISP")),
    }
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
            Input::File(path) => Ok(Box::new(std::fs::File::open(path)?)),
            Input::Held(bytes) => Ok(Box::new(bytes.as_slice())),
        }
    }

    fn form(&self) -> Result<Form, Failed> {
        let mut start = Vec::new();
        let most = forewarn_misp::FORM_BYTES as u64;
        let read = self.open().and_then(|input| input.take(most).read_to_end(&mut start));
        read.map_err(|e| Failed::refused(format!("cannot be read: {e}")))?;
        Ok(Form::of(&start))
    }
}

/// First all is converted and nothing written: a file that is refused, or of which something is lost,
/// leaves nothing half done.
fn to_stix(asked: &Convert, input: &mut Input, json: bool) -> Result<(), Failed> {
    let refused = |why: Refused| Failed::refused(why.to_string()).about(&asked.file);
    let mut objects = Vec::new();
    let mut sink = |object: Value| {
        if json {
            objects.push(object);
        }
    };
    let losses = forewarn_misp::convert(&mut || input.open(), &mut sink).map_err(refused)?;
    if json {
        let id = bundle_id(objects.iter());
        let bundle = json!({ "type": "bundle", "id": id.as_str(), "objects": objects });
        return told(asked, &losses, Some(&bundle));
    }
    told(asked, &losses, None)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut id = StixId::of_name("bundle", b"");
    let mut broken = out.write_all(b"{\"type\":\"bundle\",\"objects\":[\n").err();
    let mut first = true;
    let mut sink = |object: Value| {
        if broken.is_some() {
            return;
        }
        id = next_id(&id, &object);
        let comma = if first { "" } else { ",\n" };
        first = false;
        broken = write!(out, "{comma}{object}").err();
    };
    forewarn_misp::convert(&mut || input.open(), &mut sink).map_err(refused)?;
    let ended = write!(out, "\n],\"id\":\"{id}\"}}\n").and_then(|()| out.flush());
    match broken.map_or(ended, Err) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failed::internal(format!("standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// The same objects give the same bundle.
fn bundle_id<'a>(objects: impl Iterator<Item = &'a Value>) -> StixId {
    objects.fold(StixId::of_name("bundle", b""), |id, object| next_id(&id, object))
}

fn next_id(id: &StixId, object: &Value) -> StixId {
    let own = object.get("id").and_then(Value::as_str).unwrap_or_default();
    StixId::of_name("bundle", format!("{id} {own}").as_bytes())
}

fn to_misp(asked: &Convert, input: &mut Input, json: bool) -> Result<(), Failed> {
    let bytes = match input {
        Input::File(path) => file::read(path, MAX_BUNDLE_BYTES)?,
        Input::Held(bytes) => std::mem::take(bytes),
    };
    let refused = |why: Refused| Failed::refused(why.to_string()).about(&asked.file);
    let written = forewarn_misp::to_misp(&bytes).map_err(refused)?;
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
