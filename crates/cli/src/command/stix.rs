//! `forewarn stix`: STIX without a node.

use super::file;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_stix::bundle::{FrameError, Objects};
use forewarn_stix::finding::{Finding, Severity};
use forewarn_stix::object::{Judged, MAX_OBJECT_BYTES, judge};
use forewarn_stix::{StixId, canonical, json as strict};
use serde_json::json;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(crate) enum Stix {
    /// Check every object: required properties, types, identifiers, times
    Validate {
        /// Bundles or single objects; - is standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print the canonical form (RFC 8785)
    Canonical { file: PathBuf },
}

pub(crate) fn run(stix: &Stix, json: bool) -> Result<(), Failed> {
    match stix {
        Stix::Canonical { file: path } => {
            let value = strict::read(&file::read(path, 256 << 20)?)
                .map_err(|e| Failed::refused(format!("`{}`: {e}", path.display())))?;
            output::bytes(&canonical::bytes(&value))
        }
        Stix::Validate { files } => {
            let mut tally = Tally::default();
            for path in files {
                validate(path, json, &mut tally)?;
            }
            tally.end(json)
        }
    }
}

#[derive(Default)]
struct Tally {
    valid: u64,
    invalid: u64,
}

impl Tally {
    fn end(&self, json: bool) -> Result<(), Failed> {
        if !json {
            output::line(format!("{} valid, {} not valid", self.valid, self.invalid))?;
        }
        if self.invalid > 0 {
            return Err(Failed::refused(if json { "" } else { "not all of it is valid STIX 2.1" }));
        }
        Ok(())
    }

    fn tell(&mut self, path: &Path, judged: &Judged, json: bool) -> Result<(), Failed> {
        let of = |severity: Severity| -> Vec<&Finding> {
            judged.findings.iter().filter(|f| f.severity == severity).collect()
        };
        let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        let valid = errors.is_empty();
        if valid {
            self.valid += 1;
        } else {
            self.invalid += 1;
        }
        if json {
            let line = json!({
                "file": path, "id": judged.id, "type": judged.type_name, "valid": valid,
                "errors": errors, "warnings": warnings,
            });
            return output::line(line.to_string());
        }
        let id = judged.id.as_deref().unwrap_or("an object without an id");
        for finding in errors {
            output::line(format!("{}: {id}: {finding}", path.display()))?;
        }
        for finding in warnings {
            output::line(format!("{}: {id}: should: {finding}", path.display()))?;
        }
        Ok(())
    }
}

fn validate(path: &Path, json: bool, tally: &mut Tally) -> Result<(), Failed> {
    // A single object is told from a bundle by its type, which stands near its start.
    let mut input = file::open(path)?;
    let mut start = Vec::new();
    let read = input.by_ref().take(MAX_OBJECT_BYTES as u64).read_to_end(&mut start);
    read.map_err(|e| Failed::refused(format!("`{}` cannot be read: {e}", path.display())))?;
    if start.len() < MAX_OBJECT_BYTES && !is_frame(&start) {
        return tally.tell(path, &judge(&start), json);
    }
    let mut objects = Objects::new(Cursor::new(start).chain(input));
    loop {
        match objects.next_object() {
            Ok(Some(bytes)) => tally.tell(path, &judge(&bytes), json)?,
            Ok(None) => return bundle(&objects, path, json, tally),
            Err(why) => return tally.tell(path, &unreadable(&why), json),
        }
    }
}

/// A bundle's own properties (STIX 2.1 §8.1); said only when something is wrong with them.
fn bundle<R: Read>(
    objects: &Objects<R>,
    path: &Path,
    json: bool,
    tally: &mut Tally,
) -> Result<(), Failed> {
    if objects.head("type") != Some(b"\"bundle\"") {
        return Ok(());
    }
    let id: Option<String> = objects.head("id").and_then(|id| serde_json::from_slice(id).ok());
    let good = id.as_deref().and_then(|id| StixId::parse(id).ok());
    if good.is_some_and(|id| id.type_name() == "bundle") {
        return Ok(());
    }
    let message = "a bundle needs an `id` of the form bundle--UUID";
    let findings = vec![Finding::error("$.id", "identifier", message)];
    let type_name = Some("bundle".to_owned());
    tally.tell(path, &Judged { id, type_name, findings, object: None }, json)
}

/// A bundle or envelope, as far as its outer properties tell; what is not JSON is none.
fn is_frame(bytes: &[u8]) -> bool {
    let mut objects = Objects::new(bytes);
    let mut any = false;
    loop {
        match objects.next_object() {
            Ok(Some(_)) => any = true,
            Ok(None) => return any || objects.head("type") == Some(b"\"bundle\""),
            Err(_) => return any,
        }
    }
}

fn unreadable(why: &FrameError) -> Judged {
    let findings = vec![Finding::error("$", "json", why.to_string())];
    Judged { id: None, type_name: None, findings, object: None }
}
