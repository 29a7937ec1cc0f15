//! The running node: intake, followers, channel, configuration.
//!
//! Everything that changes state goes through [`forewarn_engine::Engine`]: one ordered journal, one
//! writer. Everything that reads does so from a snapshot ([`forewarn_store::Readers`]). The
//! matcher, the trial, the dispatcher, the clocks and the feeds are followers ([`followers`]): each
//! watches the journal and can be killed anywhere.

#![warn(missing_docs)]

pub mod about;
pub mod access;
pub mod accounts;
pub mod acting;
pub mod apart;
pub mod audit;
pub mod backup;
pub mod channel;
pub mod checks;
pub mod clock;
mod clocks;
pub mod collection;
pub mod config;
pub mod disk;
mod dispatcher;
pub mod doer;
pub mod dry_run;
pub mod egress;
pub mod feeder;
pub mod followers;
pub mod home;
pub mod intake;
pub mod interests;
pub mod keys;
pub mod ledger;
pub mod limits;
pub mod listed;
mod matcher;
pub mod metrics;
pub mod migrate;
pub mod needs;
pub mod node;
pub mod notifier;
pub mod oidc;
mod on_record;
pub mod origin;
mod outside;
mod played;
mod player;
pub mod policies;
pub mod reader;
pub mod reading;
mod rechecked;
pub mod reload;
pub mod reopen;
mod retention;
mod searcher;
mod secret;
pub mod sees;
pub mod settings;
pub mod shares;
pub mod shown;
pub mod sign_in;
mod stamping;
pub mod start;
pub mod state;
pub mod stated;
pub mod teller;
mod tidier;
pub mod trial;
pub mod watch;
pub mod witness;
mod writes;

pub use config::Config;
pub use forewarn_engine::{Engine, Failure};
pub use home::Home;
pub use node::Node;
pub use start::{NotStarted, Start};
