//! The files of the stream in their folder: opened where the last one ends, added to, begun anew.

use super::chain::{Begins, Broken, Chain, Header, NOTHING, read};
use super::line::Line;
use forewarn_exchange::name::NodeName;
use forewarn_store::StoreError;
use forewarn_transcript::Hash;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// A file that has grown beyond this is followed by another one: about 100,000 commands, of some 300 bytes
/// each. The newest is read whole at each start.
const MOST_BYTES: u64 = 32 << 20;

/// Why the stream does not go on.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The folder or a file.
    #[error("`{}`: {why}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// A file is not what the node has written.
    #[error(
        "`{}`: {why}. Keep it, and move it out of the folder: the node then goes on after the file before it",
        path.display()
    )]
    Broken {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: Broken,
    },
    /// The files are those of another node.
    #[error("`{}` is of {node}, another node: give each its own folder", path.display())]
    OtherNode {
        /// Which file.
        path: PathBuf,
        /// Whose.
        node: NodeName,
    },
    /// The journal.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AuditError {
    pub(super) fn io(path: &Path) -> impl Fn(std::io::Error) -> AuditError {
        move |why| AuditError::Io { path: path.to_owned(), why }
    }
}

/// The stream, open at its end.
pub(super) struct Stream {
    folder: PathBuf,
    file: File,
    path: PathBuf,
    number: u32,
    bytes: u64,
    chain: Chain,
}

fn name_of(number: u32) -> String {
    format!("audit-{number:06}.jsonl")
}

/// The files of a stream in a folder, in their order, with their numbers.
///
/// # Errors
/// The folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<(u32, PathBuf)>, AuditError> {
    let io = AuditError::io(folder);
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(&io)? {
        let entry = entry.map_err(&io)?;
        let name = entry.file_name();
        let number = name
            .to_str()
            .and_then(|name| name.strip_prefix("audit-")?.strip_suffix(".jsonl")?.parse().ok());
        all.extend(number.map(|number: u32| (number, entry.path())));
    }
    all.sort();
    Ok(all)
}

impl Stream {
    /// Opens the stream of a node in a folder, or begins it. `now` is the line of a command as the journal
    /// has it; `None` beyond its end.
    pub(super) fn open(
        folder: &Path,
        node: &NodeName,
        mut now: impl FnMut(i64) -> Result<Option<Line>, AuditError>,
    ) -> Result<Stream, AuditError> {
        let mut all = files(folder)?;
        while let Some((number, path)) = all.pop() {
            let Some(bytes) = whole_lines(&path)? else { continue };
            let mut lines: Vec<Line> = Vec::new();
            let (header, chain) = read(&bytes[..], None, |line, _| lines.push(line.clone()))
                .map_err(|why| AuditError::Broken { path: path.clone(), why })?;
            if chain.node != *node {
                return Err(AuditError::OtherNode { path, node: chain.node });
            }
            if lines.is_empty() {
                lines = last_of(&all)?;
            }
            // The newest line that tells of a command as the journal has it.
            let mut known = None;
            for line in lines.iter().rev() {
                if now(line.index)?.is_some_and(|now| line.is_same_as(&now)) {
                    known = Some(line.index);
                    break;
                }
            }
            let goes_on = known.map_or(chain.next == header.first, |known| known + 1 == chain.next);
            let file = File::options().append(true).open(&path).map_err(AuditError::io(&path))?;
            let length = bytes.len() as u64;
            let folder = folder.to_owned();
            let mut stream = Stream { folder, file, path, number, bytes: length, chain };
            if !goes_on {
                let first = known.map_or(1, |known| known + 1);
                stream.begin(first, Begins::Again)?;
            }
            return Ok(stream);
        }
        let chain = Chain { node: node.clone(), head: NOTHING, next: 1 };
        Stream::begun(folder, 1, chain, Begins::On)
    }

    fn begun(
        folder: &Path,
        number: u32,
        chain: Chain,
        begins: Begins,
    ) -> Result<Stream, AuditError> {
        let header = Header::new(&chain.node, (chain.next, chain.head), begins).text();
        let path = folder.join(name_of(number));
        let made = File::options().append(true).create_new(true).mode(0o600).open(&path);
        let mut file = made.map_err(AuditError::io(&path))?;
        let written = file.write_all(format!("{header}\n").as_bytes());
        written.and_then(|()| file.sync_all()).map_err(AuditError::io(&path))?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(AuditError::io(folder))?;
        let chain = Chain { head: Hash::of(header.as_bytes()), ..chain };
        let bytes = header.len() as u64 + 1;
        Ok(Stream { folder: folder.to_owned(), file, path, number, bytes, chain })
    }

    /// The next file begins.
    fn begin(&mut self, first: i64, begins: Begins) -> Result<(), AuditError> {
        let chain = Chain { next: first, ..self.chain.clone() };
        *self = Stream::begun(&self.folder, self.number + 1, chain, begins)?;
        Ok(())
    }

    /// The index of the next line.
    pub(super) fn next(&self) -> i64 {
        self.chain.next
    }

    /// Adds lines, which are of the next commands, and makes them durable. After an error it is to be
    /// opened again.
    pub(super) fn add(&mut self, lines: Vec<Line>) -> Result<(), AuditError> {
        if self.bytes > MOST_BYTES {
            self.begin(self.chain.next, Begins::On)?;
        }
        let mut text = Vec::new();
        for mut line in lines {
            let from = text.len();
            self.chain.add(&mut line, &mut text);
            self.bytes += (text.len() - from) as u64;
        }
        let io = AuditError::io(&self.path);
        self.file.write_all(&text).map_err(&io)?;
        self.file.sync_data().map_err(&io)
    }
}

impl Chain {
    /// Chains a line, and writes it with its end.
    pub(super) fn add(&mut self, line: &mut Line, to: &mut Vec<u8>) {
        line.previous = self.head;
        let bytes = serde_json::to_vec(line).unwrap_or_default();
        (self.head, self.next) = (Hash::of(&bytes), line.index + 1);
        to.extend(bytes);
        to.push(b'\n');
    }
}

/// A file up to its last whole line, with its header. What a stop in the middle of a line has left is cut
/// off; a file of which not even the header is whole goes.
fn whole_lines(path: &Path) -> Result<Option<Vec<u8>>, AuditError> {
    let io = AuditError::io(path);
    let mut bytes = Vec::new();
    let mut file = File::options().read(true).write(true).open(path).map_err(&io)?;
    file.read_to_end(&mut bytes).map_err(&io)?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if end == 0 {
        std::fs::remove_file(path).map_err(&io)?;
        return Ok(None);
    }
    if end < bytes.len() {
        file.set_len(end as u64).and_then(|()| file.sync_all()).map_err(&io)?;
        bytes.truncate(end);
    }
    Ok(Some(bytes))
}

/// The lines of the newest of these files that has any.
fn last_of(all: &[(u32, PathBuf)]) -> Result<Vec<Line>, AuditError> {
    for (_, path) in all.iter().rev() {
        let bytes = std::fs::read(path).map_err(AuditError::io(path))?;
        let mut lines = Vec::new();
        read(&bytes[..], None, |line, _| lines.push(line.clone()))
            .map_err(|why| AuditError::Broken { path: path.clone(), why })?;
        if !lines.is_empty() {
            return Ok(lines);
        }
    }
    Ok(Vec::new())
}
