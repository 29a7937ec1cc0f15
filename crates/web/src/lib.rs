//! HTTP: TAXII, the channel, the API, the desk. One endpoint is one file; every route states who may use it
//! ([`app::Needs`]) and is let in before its body is read.

#![warn(missing_docs)]

pub mod api;
pub mod app;
mod asker;
mod body;
pub mod caller;
mod channel;
mod compress;
mod desk;
mod doors;
mod health;
mod metrics;
mod own_writes;
mod path;
mod person;
mod places;
pub mod problem;
mod query;
mod request_id;
pub mod route;
mod seldom;
mod server;
mod slow;
mod stopping;
mod taxii;
mod tls;
mod upload;

pub use doors::{Doors, NotReloaded};
pub use metrics::MetricsServer;
pub use route::router;
pub use server::{STOP_TIME, Server, serve};
pub use tls::{check as check_tls, ends as tls_ends};
