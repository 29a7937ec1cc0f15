//! `forewarn audit`: checks audit streams, and writes one from the journal. Needs no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::Subcommand;
use forewarn_exchange::name::NodeName;
use forewarn_node::audit::{self, AuditError, Line, Looked, Missing};
use forewarn_node::{Config, Home};
use forewarn_store::Readers;
use forewarn_transcript::Hash;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Check files of an audit stream: every line follows the one before it, none is missing
    Verify {
        /// The files, in their order
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// A hash that was kept elsewhere, such as the last one that was shown: a line with it must stand there
        #[arg(long, value_name = "SHA-256", value_parser = hash)]
        head: Option<Hash>,
        /// Compare each line with the journal of the node's folder too
        #[arg(long)]
        journal: bool,
    },
    /// Write the whole stream, from the journal of the node's folder, into one file
    Export {
        /// The file; it is not there yet
        file: PathBuf,
    },
}

pub(crate) fn run(asked: &Audit, target: &Target) -> Result<(), Failed> {
    match asked {
        Audit::Verify { files, head, journal } => {
            let looked = audit::look(files, *head).map_err(failed)?;
            let (differs, missing) = match journal {
                true => compared((files, &looked), &target.home()?)?,
                false => (Vec::new(), None),
            };
            let mut words = words(&looked);
            if let Some(Missing { commands, since }) = &missing {
                let _ = write!(
                    words,
                    "\nthe journal goes on: {commands} commands, the first of {since}, are in no file given; where these \
                     are all files, the end is cut off, or not written yet"
                );
            }
            output::answer(target.json, &Verified { looked: &looked, missing }, words)?;
            if !looked.holds {
                return Err(Failed::refused(
                    "no line has the hash that --head gives: lines were taken off the end, or all of it was \
                     written anew",
                ));
            }
            match differs.first() {
                None => Ok(()),
                Some(index) => Err(Failed::refused(format!(
                    "{} lines are not what the journal says; the first is of command {index}",
                    differs.len()
                ))),
            }
        }
        Audit::Export { file } => {
            let home = target.home()?;
            let config = Config::read(&home.config(), std::env::vars());
            let config = config.map_err(|e| Failed::refused(e.to_string()))?;
            let name = NodeName::parse(&config.node.name);
            let name = name.map_err(|e| Failed::refused(e.to_string()))?;
            let looked = audit::export(&home, &name, file).map_err(failed)?;
            output::answer(target.json, &looked, words(&looked))
        }
    }
}

fn hash(text: &str) -> Result<Hash, String> {
    Hash::try_from(text.to_owned()).map_err(|e| e.to_string())
}

/// What is told of files that hold.
#[derive(Serialize)]
struct Verified<'a> {
    #[serde(flatten)]
    looked: &'a Looked,
    /// What the journal has behind them; nothing when it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Missing>,
}

/// The commands of lines that are not what the journal says, and what it has behind the last one.
fn compared(
    (files, looked): (&[PathBuf], &Looked),
    home: &Home,
) -> Result<(Vec<i64>, Option<Missing>), Failed> {
    let readers = Readers::without_ids(home.database());
    let found = readers.read(|db| -> Result<_, AuditError> {
        let mut all: Vec<i64> = Vec::new();
        audit::look_at(files, None, |line: &Line| {
            // Where the stream begins again, what stood there before is not in the journal any more.
            all.retain(|index| *index < line.index);
            if !audit::is_in(&db, line)? {
                all.push(line.index);
            }
            Ok(())
        })?;
        Ok((all, audit::missing(&db, looked.last)?))
    });
    found.map_err(failed)
}

fn words(looked: &Looked) -> String {
    let Looked { node, lines, first, last, begins, head, again, holds: _ } = looked;
    let mut words =
        format!("{node}: {lines} lines hold, of the commands {first} to {last}\nhead {head}");
    if *begins != Hash([0; 32]) {
        let _ = write!(words, "\nit follows {begins}, which is not in these files");
    }
    for index in again {
        let _ = write!(
            words,
            "\nthe node's record was replaced by an older one: commands from {index} on stand twice, and the \
             earlier ones are not in the record any more"
        );
    }
    words
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn failed(why: AuditError) -> Failed {
    match why {
        AuditError::Broken { .. } | AuditError::OtherNode { .. } | AuditError::Io { .. } => {
            Failed::refused(why.to_string())
        }
        AuditError::Store(_) => Failed::internal(why.to_string()),
    }
}
