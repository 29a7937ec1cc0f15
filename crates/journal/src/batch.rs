//! A batch of commands, and the chain that ties each to all before it.

use forewarn_transcript::Hash;

/// Most commands in one batch: as many as the writer takes together.
pub const MAX_COMMANDS: usize = 256;
/// The version of what a body holds, and of the rules by which it is decided. A node applies none that is later than its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32);

/// A place in the line: how many commands stand before it, and the chain's value there. Whoever
/// knows both can tell whether another journal has the same beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// How many commands.
    pub size: u64,
    /// What the chain comes to. At size 0, the journal's own random value.
    pub chain: Hash,
}

/// Commands that get their place together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Global and unique: an append that is repeated has the same one.
    pub id: String,
    /// Who appends it: the node, with a part that is random at each start.
    pub node: String,
    /// What the body is written in.
    pub version: Version,
    /// How many commands.
    pub count: u64,
    /// The commands.
    pub body: Vec<u8>,
}

impl Batch {
    /// The digest of all that the batch says but its id, each part with its length before it.
    pub fn digest(&self) -> Hash {
        let Batch { id: _, node, version, count, body } = self;
        let mut all = b"forewarn journal batch 1\n".to_vec();
        all.extend(version.0.to_be_bytes());
        all.extend(count.to_be_bytes());
        all.extend((node.len() as u64).to_be_bytes());
        all.extend(node.as_bytes());
        all.extend(Hash::of(body).0);
        Hash::of(&all)
    }
}

impl Position {
    /// The place behind a batch that stands here: `sha256(chain ‖ digest ‖ id)`.
    pub fn after(&self, batch: &Batch) -> Position {
        let mut all = self.chain.0.to_vec();
        all.extend(batch.digest().0);
        all.extend(batch.id.as_bytes());
        Position { size: self.size.saturating_add(batch.count), chain: Hash::of(&all) }
    }
}

/// A batch as a server shows it, with what the server says of its place. Not believed before it was
/// checked: [`Row::follows`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How many commands stand before it.
    pub start: u64,
    /// The batch.
    pub batch: Batch,
    /// Its digest, as the server has it.
    pub digest: Hash,
    /// The chain behind it, as the server has it.
    pub chain: Hash,
}

/// Why a row does not stand where it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Something is missing before it.
    #[error("between {0} and {1} the journal has nothing")]
    Gap(u64, u64),
    /// It is not what was appended.
    #[error("the batch at {0} is not what was appended: its digest or the chain is another")]
    Changed(u64),
}

impl Row {
    /// The place behind it, when it follows a place.
    ///
    /// # Errors
    /// It does not.
    pub fn follows(&self, before: &Position) -> Result<Position, Unfit> {
        if self.start > before.size {
            return Err(Unfit::Gap(before.size, self.start));
        }
        let after = before.after(&self.batch);
        let is_whole = self.start == before.size
            && self.batch.count > 0
            && self.batch.digest() == self.digest
            && after.chain == self.chain;
        if is_whole { Ok(after) } else { Err(Unfit::Changed(self.start)) }
    }
}
