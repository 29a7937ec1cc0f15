//! The organisation's own policy for what leaves: it stands after the fixed rules of the gate and can
//! only shut it. Policies are written in Cedar and checked against [`SCHEMA`].

mod question;
mod set;
#[cfg(test)]
mod tests;
mod trial;
mod values;

pub use question::{By, Does, Question, Reply, Sentence, Shelved, Verb, Warned, Words};
pub use set::{Bad, House, Known, MAX_BYTES, PolicyFile, Verdict};
pub use trial::{Expected, Trial, Trials, Tried};

/// What policies may ask about.
pub const SCHEMA: &str = include_str!("schema.cedarschema");
