//! `forewarn stix match`.

use super::excerpt::Excerpts;
use super::objects::{Found, open};
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_matching::Asking;
use forewarn_stix::json as strict;
use forewarn_stix::pattern::{Match as Met, observations};
use forewarn_view::text;
use serde_json::{Value, json};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// Most bytes of objects that are held to be matched together.
const MAX_BYTES: usize = 256 << 20;

#[derive(Debug, Args)]
pub(crate) struct Match {
    /// A STIX pattern, such as "[ipv4-addr:value = '198.51.100.3']"
    #[arg(allow_hyphen_values = true)]
    pattern: String,
    /// Observed data and observables: a bundle, a list or one object; - is standard input
    file: PathBuf,
}

impl Match {
    pub(super) fn run(&self, json: bool) -> Result<(), Failed> {
        let pattern = Asking::compile(&self.pattern).map_err(|e| {
            let at = self.pattern.char_indices().nth(e.at.saturating_sub(1));
            let at = at.map_or(self.pattern.len(), |(at, _)| at);
            let shown =
                Excerpts::for_standard_error().show_at("the pattern", &self.pattern, at, &e.why);
            let message = format!("this is no STIX pattern, at character {}", e.at);
            Failed::refused(message).excerpt(shown)
        })?;
        let mut objects = read(&self.file)?;
        let count = observations(&objects).len();
        let met = pattern.find(&mut objects).map_err(|e| Failed::refused(e.to_string()))?;
        // Data for programs, unless a person looks.
        if json || !std::io::stdout().is_terminal() {
            let answer = json!({
                "match": met.is_some(),
                "objects": met.map(|met| met.ids).unwrap_or_default(),
            });
            return output::json(&answer);
        }
        tell(met.as_ref(), count)
    }
}

fn tell(met: Option<&Met>, count: usize) -> Result<(), Failed> {
    let Some(met) = met else {
        return output::line(format!("no match among {count} observations"));
    };
    output::line(format!("a match, by {} of {count} observations:", met.ids.len()))?;
    met.ids.iter().try_for_each(|id| output::line(text::line(id)))
}

/// Every object that can be read; what cannot is said and passed over.
fn read(path: &Path) -> Result<Vec<Value>, Failed> {
    let mut many = match open(path)? {
        Found::Single(bytes) => {
            let value =
                strict::read(&bytes).map_err(|e| Failed::refused(e.to_string()).about(path))?;
            return Ok(vec![value]);
        }
        Found::Nothing(why) => return Err(Failed::refused(why).about(path)),
        Found::Many(many) => many,
    };
    let (mut all, mut size) = (Vec::new(), 0);
    for index in 0.. {
        let next = many.next().map_err(|e| Failed::refused(e.to_string()).about(path))?;
        let Some(bytes) = next else { break };
        size += bytes.len();
        if size > MAX_BYTES {
            let message =
                format!("holds more than {MAX_BYTES} bytes of objects; match it in parts");
            return Err(Failed::refused(message).about(path));
        }
        all.extend(many.read(index, &bytes));
    }
    Ok(all)
}
