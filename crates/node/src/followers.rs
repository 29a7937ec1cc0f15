//! Starts everything that follows the journal: matcher, trial of new interests,
//! dispatcher, clocks, feeds.

use crate::node::Node;
use crate::{clocks, dispatcher, feeder, matcher, trial};
use std::sync::Arc;

/// They end with the runtime.
pub fn start(node: &Arc<Node>) {
    tokio::spawn(matcher::run(node.clone()));
    tokio::spawn(trial::run(node.clone()));
    tokio::spawn(dispatcher::run(node.clone()));
    tokio::spawn(clocks::run(node.clone()));
    tokio::spawn(feeder::run(node.clone()));
}
