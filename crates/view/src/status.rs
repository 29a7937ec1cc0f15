//! How the node fares.

use crate::case::CaseLine;
use crate::channel::{ContradictionLine, LogLine};
use crate::interest::TrialProgress;
use crate::text;
use crate::warning::WarningLine;
use forewarn_exchange::name::NodeName;
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
    /// Commands of the journal that it has not seen yet; `None` for whoever may not see everything
    /// that came in.
    pub behind: Option<i64>,
}

/// Whether the node does its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// The index that the journal has reached; `None` for whoever may not see everything that came
    /// in, since it counts that too.
    pub journal: Option<i64>,
    /// Whether the writer takes commands.
    pub writing: bool,
    /// Every follower.
    pub followers: Vec<FollowerLine>,
    /// Partners to which another copy of this node has written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<CopySeen>,
}

/// Another copy of this node runs, or ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        if !self.writing {
            return Some("the writer has ended: nothing can be changed".to_owned());
        }
        let down: Vec<&str> =
            self.followers.iter().filter(|one| !one.running).map(|one| one.name.as_str()).collect();
        if down.is_empty() { None } else { Some(format!("not running: {}", down.join(", "))) }
    }
}

/// What is going on, in figures: of several of the API's answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Cases about which something is still to be done.
    pub cases_open: usize,
    /// Cases whose time is past.
    pub cases_overdue: usize,
    /// Cases with questions that wait for our answer.
    pub cases_with_open_questions: usize,
    /// Proofs that a log was written twice.
    pub contradictions: usize,
    /// Entries of ours that wait for a partner's receipt.
    pub entries_waiting: u64,
    /// Whether the node does its work.
    pub node: NodeStatus,
    /// How far new interests have been tried; none when all have.
    pub trial: Option<TrialProgress>,
    /// Warnings that nobody has opened.
    pub warnings_new: usize,
}

impl Overview {
    /// Counts what the API has answered.
    pub fn of(
        (cases, warnings): (&[CaseLine], &[WarningLine]),
        (logs, contradictions): (&[LogLine], &[ContradictionLine]),
        trial: Option<TrialProgress>,
        node: NodeStatus,
    ) -> Overview {
        let count = |is: fn(&CaseLine) -> bool| cases.iter().filter(|case| is(case)).count();
        Overview {
            cases_open: count(CaseLine::is_open),
            cases_overdue: count(|case| case.overdue),
            cases_with_open_questions: count(|case| case.open_questions > 0),
            contradictions: contradictions.len(),
            entries_waiting: logs.iter().map(LogLine::waiting).sum(),
            node,
            trial,
            warnings_new: warnings.iter().filter(|warning| warning.is_new()).count(),
        }
    }

    /// The figures in words, a line each, without a line break at the end.
    pub fn words(&self) -> String {
        let Overview { cases_open, cases_overdue, cases_with_open_questions, .. } = self;
        let copies = self.node.copies.iter();
        let mut lines: Vec<String> = copies
            .map(|CopySeen { partner, why }| {
                let why = text::line(why);
                format!("ANOTHER COPY OF THIS NODE HAS WRITTEN TO {partner}: {why}")
            })
            .collect();
        lines.extend([
            format!(
                "{cases_open} cases open, {cases_overdue} of them overdue; \
                 {cases_with_open_questions} with open questions"
            ),
            format!("{} warnings that nobody has opened", self.warnings_new),
            format!("{} entries wait for a partner's receipt", self.entries_waiting),
        ]);
        lines.extend(self.trial.as_ref().map(TrialProgress::words));
        lines.extend(self.node.words());
        lines.join("\n")
    }
}
