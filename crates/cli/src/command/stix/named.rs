//! `forewarn stix id`.

use super::objects::{Found, open};
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_stix::{json as strict, observable_id};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Observables: a bundle, a list or one object; - is standard input
    file: PathBuf,
}

impl Named {
    pub(super) fn run(&self, json: bool) -> Result<(), Failed> {
        let named = match open(&self.file)? {
            Found::Single(bytes) => {
                let value = strict::read(&bytes);
                let value = value.map_err(|e| Failed::refused(e.to_string()).about(&self.file))?;
                if !tell(&self.file, None, &value, json)? {
                    let message = "has no id of its contents: it is not an observable of STIX 2.1, \
                                   or has none of the properties that its id is made of";
                    return Err(Failed::refused(message).about(&self.file));
                }
                1
            }
            Found::Nothing(why) => return Err(Failed::refused(why).about(&self.file)),
            Found::Many(mut many) => {
                let mut named = 0;
                for index in 0.. {
                    let next = many
                        .next()
                        .map_err(|e| Failed::refused(e.to_string()).about(&self.file))?;
                    let Some(bytes) = next else { break };
                    let Some(value) = many.read(index, &bytes) else { continue };
                    let told = many.aside(|| tell(&self.file, Some(index), &value, json))?;
                    named += u64::from(told);
                }
                named
            }
        };
        if named == 0 && !json {
            output::aside("no observable in it has an id of its contents");
        }
        Ok(())
    }
}

/// Prints the id that the contents give; answers whether there is one.
fn tell(path: &Path, index: Option<u64>, value: &Value, json: bool) -> Result<bool, Failed> {
    let Some(id) = value.as_object().and_then(observable_id::deterministic) else {
        return Ok(false);
    };
    let written = value.get("id").and_then(Value::as_str);
    if json {
        let same = written.is_some_and(|written| written.eq_ignore_ascii_case(id.as_str()));
        let line = json!({
            "file": path, "index": index, "type": id.type_name(), "id": id, "written": written,
            "same": same,
        });
        output::json(&line)?;
    } else {
        output::line(id.as_str())?;
    }
    Ok(true)
}
