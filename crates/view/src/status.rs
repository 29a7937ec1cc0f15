//! How the node fares.

use serde::{Deserialize, Serialize};

/// What follows the journal, and how far each has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowerLine {
    /// Which one.
    pub name: String,
    /// Whether it runs now.
    pub running: bool,
    /// How many times it was started again.
    pub restarts: u64,
    /// How it last ended.
    pub ended: Option<String>,
    /// Commands of the journal that it has not seen yet.
    pub behind: i64,
}

/// Whether the node does its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// The index that the journal has reached.
    pub journal: i64,
    /// Whether the writer takes commands.
    pub writing: bool,
    /// Every follower.
    pub followers: Vec<FollowerLine>,
}

impl NodeStatus {
    /// What somebody who looks should know, a line each; none when all is well and up to date.
    pub fn words(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.trouble().into_iter().collect();
        for FollowerLine { name, restarts, ended, behind, .. } in &self.followers {
            if *behind > 0 {
                lines.push(format!("{name}: {behind} commands of the journal are still before it"));
            }
            if let (1.., Some(how)) = (restarts, ended) {
                lines.push(format!("{name}: started again {restarts} times; the last time, {how}"));
            }
        }
        lines
    }

    /// What keeps the node from its work, in words; nothing when it is well.
    pub fn trouble(&self) -> Option<String> {
        if !self.writing {
            return Some("the writer has ended: nothing can be changed".to_owned());
        }
        let down: Vec<&str> =
            self.followers.iter().filter(|one| !one.running).map(|one| one.name.as_str()).collect();
        if down.is_empty() { None } else { Some(format!("not running: {}", down.join(", "))) }
    }
}
