//! Starts everything that follows the journal: matcher, dispatcher, clocks, feeds.

use crate::node::Node;
use crate::{clocks, dispatcher, feeder, matcher};
use std::sync::Arc;

/// They end with the runtime.
pub fn start(node: &Arc<Node>) {
    tokio::spawn(matcher::run(node.clone()));
    tokio::spawn(dispatcher::run(node.clone()));
    tokio::spawn(clocks::run(node.clone()));
    tokio::spawn(feeder::run(node.clone()));
}
