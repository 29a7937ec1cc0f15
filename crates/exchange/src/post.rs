//! From a message to the entry that carries it.

use crate::bounds::most_bytes;
use crate::code::Code;
use crate::drawn::Ids;
use crate::message::Message;
use crate::refusal::Refusal;
use crate::scale::Status;
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::batch::Carried;
use forewarn_transcript::entry::digests_of;
use forewarn_transcript::{Channel, Disclosure, Entry, Hash, Reference};
use serde_json::Value;

/// Our log to one partner, as far as the next entry needs to know it.
pub struct Post {
    /// The channel with the partner.
    pub channel: Channel,
    /// Our node's name.
    pub us: String,
    /// The index that the next entry gets.
    pub next: u64,
}

/// An entry, ready to be appended.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// Its place and hash.
    pub reference: Reference,
    /// The entry's id, `KIND--UUID`: the same wherever the entry is held.
    pub id: String,
    /// The leaf and what is shown to the partner.
    pub carried: Carried,
    /// What stays here: opens the fields that the partner sees only the digests of.
    pub withheld: Vec<Disclosure>,
}

impl Post {
    /// The name of our log.
    pub fn log(&self) -> String {
        self.channel.log_of(&self.us)
    }

    /// Makes the next entry. `withheld` are fields that are committed to and not shown.
    pub fn entry(
        &mut self,
        message: &Message,
        withheld: &[(&str, Value)],
        answers: Option<Reference>,
        stamp: (&Timestamp, Status, &mut Ids),
    ) -> Result<Posted, Refusal> {
        let (time, status, ids) = stamp;
        let (kind, fields) = message.fields();
        check_size(&fields, withheld)?;
        let shown: Vec<Disclosure> =
            fields.iter().map(|(name, value)| Disclosure::new(ids.salt(), name, value)).collect();
        let withheld: Vec<Disclosure> =
            withheld.iter().map(|(name, value)| Disclosure::new(ids.salt(), name, value)).collect();
        let all: Vec<Disclosure> = shown.iter().chain(&withheld).cloned().collect();
        let entry = Entry {
            channel: self.channel.id(),
            id: ids.id(&kind),
            kind,
            time: time.clone(),
            status: status.name().to_owned(),
            answers,
            digests: digests_of(&all),
        };
        let leaf = entry.leaf();
        let reference = Reference { log: self.log(), index: self.next, hash: Hash::leaf(&leaf) };
        self.next += 1;
        // A leaf is canonical JSON and so text.
        let leaf = String::from_utf8(leaf).unwrap_or_default();
        let carried = Carried { leaf, disclosures: shown };
        Ok(Posted { reference, id: entry.id, carried, withheld })
    }
}

/// What cannot be received must never get into a log: it would hold up all that follows.
fn check_size(fields: &[(String, Value)], withheld: &[(&str, Value)]) -> Result<(), Refusal> {
    let shown = fields.iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in shown.chain(withheld.iter().map(|(name, value)| (*name, value))) {
        let most = most_bytes(name);
        let size = canonical::bytes(value).len();
        if size > most {
            let message = format!("`{name}` has {size} bytes; the most is {most}");
            return Err(Refusal::new(Code::TooLong, message).advice("say it in fewer words"));
        }
    }
    Ok(())
}
