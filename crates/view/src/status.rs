//! How the node fares.

use crate::channel::{ContradictionLine, LogLine};
use crate::interest::TrialProgress;
use crate::need::{NeedLine, NeedList};
use crate::text;
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most needs in an overview: what fits on a screen.
const MAX_LINES: usize = 20;

/// A node that only reads and is further behind is not near enough to be asked.
const MAX_BEHIND: u64 = 1_000;

/// What follows the journal, and how far each has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FollowerLine {
    /// Which one.
    pub name: String,
    /// Whether it runs now.
    pub running: bool,
    /// How many times it was started again.
    pub restarts: u64,
    /// How it last ended.
    pub ended: Option<String>,
    /// Commands of the journal that it has not seen yet; `None` for whoever may not see everything
    /// that came in.
    pub behind: Option<i64>,
}

/// Whether the node does its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodeStatus {
    /// The index that the journal has reached; `None` for whoever may not see everything that came
    /// in, since it counts that too.
    pub journal: Option<i64>,
    /// How the journal on a server fares; nothing when the journal is the database's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart: Option<ApartSeen>,
    /// Whether the writer takes commands.
    pub writing: bool,
    /// Every follower.
    pub followers: Vec<FollowerLine>,
    /// Partners to which another copy of this node has written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<CopySeen>,
    /// The newest backup; nothing where none is made by the node and none was made by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<BackupSeen>,
    /// Of what this node's file says otherwise than what is on record, which counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_on_record: Vec<String>,
}

/// How a journal on a server fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApartSeen {
    /// So many of its commands are known to be held; `None` for whoever may not see everything that
    /// came in.
    pub held: Option<u64>,
    /// So many of them are applied here.
    pub applied: Option<u64>,
    /// So many are known to stand there, and are not applied here.
    pub behind: Option<u64>,
    /// Whether this node writes: it takes commands.
    pub writes: bool,
    /// Whether another node does, and this one applies what that one writes.
    pub follows: bool,
    /// Where the node that writes is reached, when it is another one.
    pub writer: Option<String>,
    /// Groups of commands of this node that are not known to be held.
    pub waiting: usize,
    /// What is wrong now; nothing when it answers.
    pub trouble: Option<String>,
    /// Whether this node appends nothing more until somebody acts.
    pub stopped: bool,
}

impl ApartSeen {
    /// How it fares, on one line.
    pub fn words(&self) -> String {
        if let Some(why) = &self.trouble {
            let what = if self.stopped { "has stopped" } else { "does not answer" };
            let why = text::line(why);
            return format!("THE JOURNAL {}: {why}; reads go on", what.to_uppercase());
        }
        let words = match (self.held, self.applied) {
            (Some(held), Some(applied)) => {
                format!("the journal is on a server: {held} commands held, {applied} applied here")
            }
            _ => "the journal is on a server, and answers".to_owned(),
        };
        if self.follows {
            let at = self.writer.as_deref().map_or("another node".to_owned(), text::line);
            return format!("{words}; this node reads, and {at} writes");
        }
        words
    }

    /// What keeps this node from being asked.
    fn trouble(&self) -> Option<String> {
        if self.trouble.is_some() {
            return Some(self.words());
        }
        match self.behind {
            _ if !self.writes && !self.follows => {
                Some("THE NODE CATCHES UP with its journal, and takes no commands yet".to_owned())
            }
            Some(behind) if self.follows && behind > MAX_BEHIND => Some(format!(
                "THE NODE IS BEHIND: {behind} commands of the journal are not applied here"
            )),
            Some(_) | None => None,
        }
    }
}

/// How the newest backup fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupSeen {
    /// When the database was copied; nothing when there is none.
    pub made: Option<Timestamp>,
    /// Whole hours since then.
    pub hours: Option<i64>,
    /// Whether it is older than it may be, or the last try failed.
    pub late: bool,
}

impl BackupSeen {
    fn words(&self) -> String {
        let newest = match (&self.made, self.hours) {
            (Some(made), Some(hours)) => {
                format!("the newest backup is of {made}, {hours} hours old")
            }
            _ => "there is no backup yet".to_owned(),
        };
        if self.late {
            format!("BACKUPS ARE NOT MADE: {newest}; the node's log and `forewarn doctor` say why")
        } else {
            newest
        }
    }
}

/// Another copy of this node runs, or ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CopySeen {
    /// To whom it has written.
    pub partner: NodeName,
    /// How it was seen, and what to do.
    pub why: String,
}

impl NodeStatus {
    /// What somebody who looks should know, a line each; none when all is well and up to date.
    pub fn words(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.trouble().into_iter().collect();
        let apart = self.apart.iter().filter(|one| one.trouble().is_none());
        lines.extend(apart.map(ApartSeen::words));
        if !self.not_on_record.is_empty() {
            lines.push(format!(
                "forewarn.toml says otherwise than what is on record, which counts: {}; `forewarn config \
                 reload` at the node that writes puts its file on record",
                self.not_on_record.join(", ")
            ));
        }
        lines.extend(self.backup.as_ref().map(BackupSeen::words));
        for FollowerLine { name, restarts, ended, behind, .. } in &self.followers {
            if let Some(behind @ 1..) = behind {
                lines.push(format!("{name}: {behind} commands of the journal are still before it"));
            }
            if let (1.., Some(how)) = (restarts, ended) {
                let how = text::line(how);
                lines.push(format!("{name}: started again {restarts} times; the last time, {how}"));
            }
        }
        lines
    }

    /// What keeps the node from its work, in words; nothing when it is well.
    pub fn trouble(&self) -> Option<String> {
        if let Some(trouble) = self.apart.as_ref().and_then(ApartSeen::trouble) {
            return Some(trouble);
        }
        if !self.writing {
            return Some("the writer has ended: nothing can be changed".to_owned());
        }
        let down: Vec<&str> =
            self.followers.iter().filter(|one| !one.running).map(|one| one.name.as_str()).collect();
        if down.is_empty() { None } else { Some(format!("not running: {}", down.join(", "))) }
    }
}

/// What is going on: of several of the API's answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// What needs somebody.
    pub needs: NeedList,
    /// Proofs that a log was written twice.
    pub contradictions: usize,
    /// Entries of ours that wait for a partner's receipt.
    pub entries_waiting: u64,
    /// Whether the node does its work.
    pub node: NodeStatus,
    /// How far new interests have been tried; none when all have.
    pub trial: Option<TrialProgress>,
}

impl Overview {
    /// Of what the API has answered.
    pub fn of(
        needs: NeedList,
        (logs, contradictions): (&[LogLine], &[ContradictionLine]),
        trial: Option<TrialProgress>,
        node: NodeStatus,
    ) -> Overview {
        Overview {
            needs,
            contradictions: contradictions.len(),
            entries_waiting: logs.iter().map(LogLine::waiting).sum(),
            node,
            trial,
        }
    }

    /// What needs somebody, in the order of deadlines, then the rest, a line each, without a line
    /// break at the end.
    pub fn words(&self) -> String {
        let list = &self.needs;
        let copies = self.node.copies.iter();
        let mut lines: Vec<String> = copies
            .map(|CopySeen { partner, why }| {
                let why = text::line(why);
                format!("ANOTHER COPY OF THIS NODE HAS WRITTEN TO {partner}: {why}")
            })
            .collect();
        if self.contradictions > 0 {
            lines.push(format!(
                "LOGS WERE WRITTEN TWICE: {} proofs are kept; \
                 `forewarn channel contradictions` shows them",
                self.contradictions,
            ));
        }
        lines.extend(list.needs.iter().take(MAX_LINES).map(NeedLine::words));
        if list.needs.len() > MAX_LINES || list.more {
            lines.push("there is more: `forewarn needs` lists it".to_owned());
        }
        lines.push(list.counted());
        lines.push(format!("{} entries wait for a partner's receipt", self.entries_waiting));
        lines.extend(self.trial.as_ref().map(TrialProgress::words));
        lines.extend(self.node.words());
        lines.join("\n")
    }
}
