//! One command, one file.

pub(crate) mod card;
pub(crate) mod case;
pub(crate) mod channel;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod extract;
pub(crate) mod feed;
mod file;
pub(crate) mod gate;
pub(crate) mod init;
pub(crate) mod intake;
pub(crate) mod interest;
pub(crate) mod item;
pub(crate) mod key;
pub(crate) mod partner;
pub(crate) mod proposal;
pub(crate) mod quarantine;
pub(crate) mod reconcile;
pub(crate) mod serve;
pub(crate) mod signer;
pub(crate) mod status;
pub(crate) mod stix;
pub(crate) mod thanks;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod verify;
pub(crate) mod warning;
