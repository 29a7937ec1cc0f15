//! Looks at a stream from outside: whether it holds, and whether the journal says the same. And writes one
//! from the journal of a folder.

use super::chain::{Begins, Broken, Chain, Header, NOTHING, read};
use super::follow::AT_ONCE;
use super::line::{Line, lines};
use super::stream::{AuditError, files};
use crate::home::Home;
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, Readers, StoreError};
use forewarn_transcript::Hash;
use serde::Serialize;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What was found of a stream that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Whose it is.
    pub node: NodeName,
    /// How many lines were read, but for the first line of each file.
    pub lines: u64,
    /// The index of the first command.
    pub first: i64,
    /// The index of the last one; one below the first when there is none.
    pub last: i64,
    /// What stands before the first file given: zeros when it is the first of all.
    pub begins: Hash,
    /// SHA-256 of the last line.
    pub head: Hash,
    /// Where the node's record had become an older one: the index from which on it begins again.
    pub again: Vec<i64>,
    /// Whether a line with the asked-for hash stands there.
    pub holds: bool,
}

/// Reads files of one stream in their order; `wanted` is a head that somebody has kept elsewhere.
///
/// # Errors
/// The first thing that is wrong, and in which file.
pub fn look(paths: &[PathBuf], wanted: Option<Hash>) -> Result<Looked, AuditError> {
    look_at(paths, wanted, |_| Ok(()))
}

/// The same; each line that holds is handed to `each`.
///
/// # Errors
/// The first thing that is wrong, and in which file; or what `each` says.
pub fn look_at(
    paths: &[PathBuf],
    wanted: Option<Hash>,
    mut each: impl FnMut(&Line) -> Result<(), AuditError>,
) -> Result<Looked, AuditError> {
    let mut before: Option<Chain> = None;
    let (mut count, mut holds, mut again, mut start) = (0, wanted.is_none(), Vec::new(), None);
    for path in paths {
        let file = File::open(path).map_err(AuditError::io(path))?;
        let mut stopped = Ok(());
        let done = read(BufReader::new(file), before.as_ref(), |line, hash| {
            count += 1;
            holds |= wanted == Some(hash);
            if stopped.is_ok() {
                stopped = each(line);
            }
        });
        let (header, chain) = done.map_err(|why| AuditError::Broken { path: path.clone(), why })?;
        stopped?;
        if header.begins == Begins::Again {
            again.push(header.first);
        }
        // The head of a file that has only begun is its first line.
        holds |= wanted == Some(chain.head);
        start.get_or_insert((header.first, header.previous));
        before = Some(chain);
    }
    let (Some(chain), Some((first, begins))) = (before, start) else {
        let (path, why) = (PathBuf::new(), Broken::Header("no file was given".to_owned()));
        return Err(AuditError::Broken { path, why });
    };
    let Chain { node, head, next } = chain;
    Ok(Looked { node, lines: count, first, last: next - 1, begins, head, again, holds })
}

/// Commands of the journal behind the last line of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// How many.
    pub commands: i64,
    /// When the first of them was done.
    pub since: Timestamp,
}

/// What the journal has behind the command of this index; `None` when that is its end.
///
/// # Errors
/// The journal cannot be read.
pub fn missing(db: &Db<'_>, last: i64) -> Result<Option<Missing>, StoreError> {
    let commands = db.journal_index()? - last;
    let first = if commands > 0 { db.record_at(last + 1)? } else { None };
    Ok(first.map(|first| Missing { commands, since: first.time }))
}

/// How the stream of a folder compares with the journal of a node: what it lacks at its end.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn compare(home: &Home, folder: &Path) -> Result<(Looked, Option<Missing>), String> {
    let all = files(folder).map_err(|e| e.to_string())?;
    let paths: Vec<PathBuf> = all.into_iter().map(|(_, path)| path).collect();
    if paths.is_empty() {
        return Err(format!(
            "`{}` has no stream: the node has not written there yet",
            folder.display()
        ));
    }
    // Only what the newest file says is compared line by line: the node did that with those before.
    let newest = paths.last().cloned();
    let looked = look(&paths, None).map_err(|e| e.to_string())?;
    let readers = Readers::without_ids(home.database());
    let compared = readers.read(|db| -> Result<Option<Missing>, AuditError> {
        let mut differs = None;
        look_at(newest.as_slice(), None, |line| {
            if differs.is_none() && !is_in(&db, line)? {
                differs = Some(line.index);
            }
            Ok(())
        })?;
        if let Some(index) = differs {
            return Err(AuditError::Store(StoreError::Damaged {
                what: format!("command {index} of the stream"),
                why: "the journal has another one there, or none".to_owned(),
            }));
        }
        Ok(missing(&db, looked.last)?)
    });
    Ok((looked, compared.map_err(|e| e.to_string())?))
}

/// Whether the journal says the same as a line.
///
/// # Errors
/// The journal cannot be read.
pub fn is_in(db: &Db<'_>, line: &Line) -> Result<bool, AuditError> {
    let now = lines(db, line.index, 1)?.pop();
    Ok(now.is_some_and(|now| line.is_same_as(&now)))
}

/// Writes the whole stream of a folder's journal into one file that is not there yet.
///
/// # Errors
/// The file or the journal.
pub fn export(home: &Home, node: &NodeName, path: &Path) -> Result<Looked, AuditError> {
    let io = AuditError::io(path);
    let file = File::options().write(true).create_new(true).mode(0o600).open(path).map_err(&io)?;
    let mut file = BufWriter::new(file);
    let header = Header::new(node, (1, NOTHING), Begins::On).text();
    let mut chain = Chain { node: node.clone(), head: Hash::of(header.as_bytes()), next: 1 };
    file.write_all(format!("{header}\n").as_bytes()).map_err(&io)?;
    let readers = Readers::without_ids(home.database());
    readers.read(|db| -> Result<(), AuditError> {
        loop {
            let all = lines(&db, chain.next, AT_ONCE)?;
            if all.is_empty() {
                return Ok(());
            }
            let mut text = Vec::new();
            for mut line in all {
                chain.add(&mut line, &mut text);
            }
            file.write_all(&text).map_err(&io)?;
        }
    })?;
    let file = file.into_inner().map_err(|e| io(e.into_error()))?;
    file.sync_all().map_err(&io)?;
    look(&[path.to_owned()], None)
}
