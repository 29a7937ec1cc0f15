//! Whole commands as the body of a batch: each as JSON on a line of its own, all of them compressed.
//!
//! What the journal of the store keeps of bulk refers to its tables ([`crate::journal`]); here
//! nothing is referred to, so that a node without those tables can do the same.

use crate::failure::damaged;
use crate::work::Work;
use forewarn_exchange::command::{Command, VERSION};
use forewarn_journal::batch::Version;
use forewarn_store::StoreError;
use std::io::{BufRead as _, BufReader, Read as _};

/// What bodies are written in: the version of commands is the version of batches.
pub const SPEAKS: Version = Version(VERSION);
/// Most commands in one batch: as many as the writer takes together.
const MAX_COMMANDS: usize = 256;
/// Most bytes of the commands of one batch, before they are compressed, six to one: a replica takes
/// it in a moment. One command may be larger.
const MAX_TOGETHER: usize = 4 << 20;
/// Most bytes of one command. The largest is a part of an intake, of 4 MiB and an object, which
/// grows by a third as base64.
pub(crate) const MAX_ONE: usize = 64 << 20;

/// Enough commands for one batch, as lines.
pub(crate) struct Lines {
    pub(crate) count: u64,
    text: Vec<u8>,
}

/// Puts commands into as few batches as they may be in, in their order.
pub(crate) fn pack(commands: &[Command<Work>]) -> Result<Vec<Lines>, StoreError> {
    let mut all: Vec<Lines> = Vec::new();
    for command in commands {
        let mut line = serde_json::to_vec(command).map_err(|e| damaged(&e))?;
        line.push(b'\n');
        match all.last_mut() {
            Some(last)
                if last.count < MAX_COMMANDS as u64
                    && last.text.len() + line.len() <= MAX_TOGETHER =>
            {
                last.count += 1;
                last.text.extend(line);
            }
            Some(_) | None => all.push(Lines { count: 1, text: line }),
        }
    }
    Ok(all)
}

impl Lines {
    pub(crate) fn compressed(&self) -> Result<Vec<u8>, StoreError> {
        zstd::bulk::compress(&self.text, 1).map_err(|e| damaged(&e))
    }
}

/// Reads a body.
pub(crate) fn read(body: &[u8], count: u64) -> Result<Vec<Command<Work>>, StoreError> {
    let decoder = zstd::Decoder::new(body).map_err(|e| damaged(&e))?;
    // Whoever could write to the table must not fill the memory of every node.
    let mut lines = BufReader::new(decoder.take((MAX_ONE + MAX_TOGETHER) as u64));
    let mut all = Vec::new();
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).map_err(|e| damaged(&e))? > 0 {
        all.push(serde_json::from_slice(&line).map_err(|e| damaged(&e))?);
        line.clear();
    }
    if all.len() as u64 != count {
        return Err(damaged(&format!("a batch of {count} commands has {}", all.len())));
    }
    Ok(all)
}
