//! Whose file counts, where several nodes have one journal.
//!
//! What decisions depend on is on record. A node that becomes the writer keeps what is there: another may
//! have put it there that this one's file knows nothing of. The file counts when a person has it read
//! again, and at a start of a folder that has itself put on record what is there now.

use crate::config::Config;
use crate::home::{Home, write_new};
use crate::start::Start;
use forewarn_engine::Configuration;
use serde::{Deserialize, Serialize};

/// What a folder has put on record last. A copy of the folder is another node and has put nothing there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Put {
    /// The node's name in the journal.
    node: String,
    /// What it has put there, or has found there as its own file says; nothing for one that only follows.
    configuration: Option<Configuration>,
}

fn read(home: &Home) -> Option<Put> {
    serde_json::from_slice(&std::fs::read(home.journal_configured()).ok()?).ok()
}

/// Whether the file of this folder counts at a start at which the node acts.
pub(crate) fn counts(
    (config, home, start): (&Config, &Home, Start),
    recorded: Option<&Configuration>,
) -> bool {
    let (Some(section), Some(recorded)) = (&config.journal, recorded) else { return true };
    if start == Start::TakeOver {
        return false;
    }
    // A folder of before this was kept has no such file: it goes on as it did.
    read(home)
        .is_none_or(|put| put.node == section.node && put.configuration.as_ref() == Some(recorded))
}

/// Remembers what this folder has put on record.
pub(crate) fn put((config, home): (&Config, &Home), configuration: &Configuration) {
    if let Some(section) = &config.journal {
        let configuration = Some(configuration.clone());
        keep(home, &Put { node: section.node.clone(), configuration });
    }
}

/// Remembers that this folder has come as one that follows, unless it wrote before.
pub(crate) fn follows((config, home): (&Config, &Home)) {
    if let Some(section) = &config.journal
        && read(home).is_none_or(|put| put.node != section.node)
    {
        keep(home, &Put { node: section.node.clone(), configuration: None });
    }
}

fn keep(home: &Home, put: &Put) {
    if read(home).as_ref() == Some(put) {
        return;
    }
    let path = home.journal_configured();
    let fresh = path.with_extension("configured.new");
    let _ = std::fs::remove_file(&fresh);
    let done = serde_json::to_vec(put)
        .map_err(std::io::Error::other)
        .and_then(|bytes| write_new(&fresh, 0o600, &bytes))
        .and_then(|()| std::fs::rename(&fresh, &path));
    if let Err(error) = done {
        // Without it, or with an old one, the next start keeps what is on record, and says so.
        tracing::error!(%error, "`{}` cannot be written", path.display());
    }
}
