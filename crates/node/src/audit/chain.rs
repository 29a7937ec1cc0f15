//! The chain: each line of a file has the SHA-256 of the one before it, and a file begins with that of the
//! last line of the file before it. Whoever has the files checks them without a node.

use super::line::Line;
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Read as _};

/// The version of the stream's form.
const VERSION: u32 = 1;
/// Most bytes of a line: fifty facts with the longest names take a third of it.
pub(super) const MOST_LINE: usize = 64 << 10;
/// What stands before the first line of all.
pub(super) const NOTHING: Hash = Hash([0; 32]);

/// The first line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the stream's form.
    pub audit: u32,
    /// Whose stream it is.
    pub node: NodeName,
    /// When the file was begun.
    pub begun: Timestamp,
    /// The index of the first command in it.
    pub first: i64,
    /// How the file follows the one before it.
    #[serde(flatten)]
    pub begins: Begins,
    /// SHA-256 of the last line of the file before it; zeros for the first file of all.
    pub previous: Hash,
}

/// How a file follows the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "begins", rename_all = "kebab-case")]
pub enum Begins {
    /// It goes on where that has ended, or is the first of all.
    On,
    /// The node's record is an older one now, such as that of a backup: the commands of the files before it
    /// from this file's first index on are not in the record any more.
    Again,
}

impl Header {
    pub(super) fn new(node: &NodeName, (first, previous): (i64, Hash), begins: Begins) -> Header {
        let begun = crate::clock::now();
        Header { audit: VERSION, node: node.clone(), begun, first, begins, previous }
    }

    /// As it stands in the file.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A stream as far as it was read: what has to follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Whose stream it is.
    pub node: NodeName,
    /// SHA-256 of the last line.
    pub head: Hash,
    /// The index that the next line has.
    pub next: i64,
}

/// Why a stream is not what was written.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Its end is missing.
    #[error(
        "line {0}, the last one, is cut off: the node was stopped while it wrote, or the file was cut"
    )]
    CutOff(usize),
    /// It does not begin as a stream does.
    #[error("line 1 does not begin an audit stream: {0}")]
    Header(String),
    /// A line is not one of a stream.
    #[error("line {0} is no line of an audit stream: {1}")]
    Form(usize, String),
    /// A line does not follow the one before it.
    #[error(
        "line {0} does not follow the line before it: one of them was changed, put in, or taken out"
    )]
    Chain(usize),
    /// An index is missing, or stands twice.
    #[error("line {line} is of command {is}, and command {wanted} must stand there")]
    Index {
        /// Which line.
        line: usize,
        /// The index that it has.
        is: i64,
        /// The index that it must have.
        wanted: i64,
    },
}

/// Reads one file of a stream and checks every line of it; `before` is what the file before it has come to.
/// Each line that holds is handed to `each`, with its hash.
///
/// # Errors
/// The first thing that is wrong.
pub fn read(
    mut file: impl BufRead,
    before: Option<&Chain>,
    mut each: impl FnMut(&Line, Hash),
) -> Result<(Header, Chain), Broken> {
    let (mut number, mut text) = (1, Vec::new());
    let header = next(&mut file, number, &mut text)?
        .ok_or_else(|| Broken::Header("it is empty".to_owned()))?;
    let header = self::header(header, before)?;
    let mut chain = Chain { node: header.node.clone(), head: Hash::of(&text), next: header.first };
    loop {
        number += 1;
        let Some(bytes) = next(&mut file, number, &mut text)? else { return Ok((header, chain)) };
        let line: Line =
            serde_json::from_slice(bytes).map_err(|e| Broken::Form(number, e.to_string()))?;
        if line.previous != chain.head {
            return Err(Broken::Chain(number));
        }
        if line.index != chain.next {
            return Err(Broken::Index { line: number, is: line.index, wanted: chain.next });
        }
        (chain.head, chain.next) = (Hash::of(bytes), line.index + 1);
        each(&line, chain.head);
    }
}

/// The header of a file, that fits what stands before it.
fn header(text: &[u8], before: Option<&Chain>) -> Result<Header, Broken> {
    let header: Header = serde_json::from_slice(text).map_err(|e| Broken::Header(e.to_string()))?;
    if header.audit != VERSION {
        let words = format!("it is of version {}, and this program knows {VERSION}", header.audit);
        return Err(Broken::Header(words));
    }
    let Some(before) = before else { return Ok(header) };
    let follows = match header.begins {
        Begins::On => header.first == before.next,
        Begins::Again => header.first <= before.next,
    };
    if header.node != before.node || header.previous != before.head || !follows {
        let words =
            "it does not follow the file before it: give the files in their order, all of them";
        return Err(Broken::Header(words.to_owned()));
    }
    Ok(header)
}

/// The next line, without its end; `None` at the end of the file.
fn next<'t>(
    file: &mut impl BufRead,
    number: usize,
    text: &'t mut Vec<u8>,
) -> Result<Option<&'t [u8]>, Broken> {
    text.clear();
    let most = u64::try_from(MOST_LINE).unwrap_or(u64::MAX) + 1;
    file.by_ref().take(most).read_until(b'\n', text)?;
    match text.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(text)),
        Some(_) if text.len() >= MOST_LINE => {
            Err(Broken::Form(number, format!("it has more than {MOST_LINE} bytes")))
        }
        Some(_) => Err(Broken::CutOff(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_exchange::actor::Actor;

    fn line(index: i64, previous: Hash) -> String {
        let at = Timestamp::parse("2026-11-28T03:15:09.000Z").unwrap();
        let line = Line {
            index,
            at,
            by: Actor::Owner,
            did: "user-add".to_owned(),
            asks: Vec::new(),
            only: None,
            refused: None,
            happened: Vec::new(),
            more: 0,
            digest: Hash::of(b"a"),
            previous,
        };
        serde_json::to_string(&line).unwrap()
    }

    fn file(first: i64, count: i64, begins: Begins, previous: Hash) -> (Vec<String>, Hash) {
        let node = NodeName::parse("west.example").unwrap();
        let mut lines = vec![Header::new(&node, (first, previous), begins).text()];
        for index in first..first + count {
            let head = Hash::of(lines.last().unwrap().as_bytes());
            lines.push(line(index, head));
        }
        let head = Hash::of(lines.last().unwrap().as_bytes());
        (lines, head)
    }

    fn check(lines: &[String], before: Option<&Chain>) -> Result<(Header, Chain), Broken> {
        let text = lines.join("\n") + "\n";
        read(text.as_bytes(), before, |_, _| {})
    }

    #[test]
    fn a_stream_holds_and_whatever_is_changed_in_it_is_found() {
        let (lines, head) = file(1, 5, Begins::On, NOTHING);
        let (_, chain) = check(&lines, None).unwrap();
        assert_eq!((chain.head, chain.next), (head, 6));
        for place in 1..lines.len() {
            let mut without = lines.clone();
            without.remove(place);
            let cut_at_the_end = place == lines.len() - 1;
            assert_eq!(check(&without, None).is_err(), !cut_at_the_end, "without {place}");
            let mut changed = lines.clone();
            changed[place] = changed[place].replace("user-add", "user-sub");
            // The last line is held by the head alone: see `--head`.
            let found = check(&changed, None).map(|(_, chain)| chain.head);
            assert!(found.is_err() || found.unwrap() != head, "changed {place}");
            let mut twice = lines.clone();
            twice.insert(place, lines[place].clone());
            assert!(check(&twice, None).is_err(), "twice {place}");
        }
        let text: String = lines.join("\n");
        assert!(matches!(read(text.as_bytes(), None, |_, _| {}), Err(Broken::CutOff(6))));
        assert!(matches!(read(&b""[..], None, |_, _| {}), Err(Broken::Header(_))));
        let long = format!("{}\n{}", lines[0], "x".repeat(MOST_LINE + 10));
        assert!(matches!(read(long.as_bytes(), None, |_, _| {}), Err(Broken::Form(2, _))));
    }

    #[test]
    fn a_file_follows_the_one_before_it_or_says_that_the_record_is_older_now() {
        let (one, head) = file(1, 5, Begins::On, NOTHING);
        let (_, chain) = check(&one, None).unwrap();
        for (first, begins, previous, good) in [
            (6, Begins::On, head, true),
            (5, Begins::On, head, false),
            (7, Begins::On, head, false),
            (6, Begins::On, NOTHING, false),
            (3, Begins::Again, head, true),
            (7, Begins::Again, head, false),
        ] {
            let (two, _) = file(first, 2, begins, previous);
            assert_eq!(check(&two, Some(&chain)).is_ok(), good, "{first} {begins:?}");
        }
    }
}
