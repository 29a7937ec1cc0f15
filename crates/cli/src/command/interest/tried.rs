//! `forewarn interest test`: which interests would match a file, and why; changes nothing.

use super::written;
use crate::command::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::scale::{Grade, Urgency};
use forewarn_matching::Index;
use forewarn_matching::interest::Interest;
use forewarn_node::clock;
use forewarn_node::dry_run::{As, Finding, Told, Tried};
use forewarn_store::reason::Reason;
use forewarn_view::interest::{InterestTried, Meeting};
use forewarn_view::item::BrokenRule;
use std::path::{Path, PathBuf};

/// Most bytes of a file that is tried.
const MAX_BYTES: usize = 32 << 20;

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// STIX objects in any form, a MISP event, or a text
    file: PathBuf,
    /// As if it were taken in with this Admiralty grade, such as B2
    #[arg(long, value_parser = grade)]
    grade: Option<Grade>,
    /// Tell too what it comes near to, and what was lacking
    #[arg(long)]
    near: bool,
    /// Against the interests of this file (TOML, JSON or CSV) instead; needs no node
    #[arg(long, value_name = "INTERESTS")]
    against: Option<PathBuf>,
}

impl Test {
    /// The file of interests to be tried instead of those of a node.
    pub(crate) fn against(&self) -> Option<&Path> {
        self.against.as_deref()
    }
}

fn grade(text: &str) -> Result<Grade, String> {
    Grade::parse(text).map_err(|e| e.to_string())
}

pub(super) async fn run(test: &Test, context: &Context) -> Result<(), Failed> {
    let grade = test.grade.map(|grade| format!("&grade={grade}")).unwrap_or_default();
    let path = format!("/api/v1/interests/test?near={}{grade}", test.near);
    let bytes = file::read(&test.file, MAX_BYTES)?;
    let met: Vec<InterestTried> = context.client.send(&path, bytes).await?;
    told(&met, context.json)
}

/// Without a node: against interests that nobody has registered yet.
pub(crate) fn alone(test: &Test, against: &Path, json: bool) -> Result<(), Failed> {
    let read = written::read(against, None, Urgency::Expected)?;
    let named = read.interests.into_iter().enumerate().map(|(number, interest)| {
        let id = format!("{}", number + 1);
        (against.display().to_string(), Interest { id, ..interest })
    });
    let index = Index::new(named);
    let tried = Tried::read(file::read(&test.file, MAX_BYTES)?).map_err(|e| {
        let file = test.file.display();
        Failed::refused(format!("`{file}`: it would be refused, because {e}"))
    })?;
    let added = clock::now().micros();
    let met = tried.against(&index, As { added, grade: test.grade, with_near: test.near });
    let met: Vec<InterestTried> = met.into_iter().map(shown).collect();
    told(&met, json)
}

fn shown(told: Told) -> InterestTried {
    let found = match told.what {
        Finding::Match(found) => Meeting::Match(found),
        Finding::Near(near) => Meeting::Near(near),
        Finding::Refused(reasons) => {
            let broken = |Reason { path, rule, message }| BrokenRule { path, rule, message };
            Meeting::Refused(reasons.into_iter().map(broken).collect())
        }
    };
    InterestTried { item: told.item, found }
}

fn told(all: &[InterestTried], json: bool) -> Result<(), Failed> {
    if !json && !all.iter().any(InterestTried::is_match) {
        output::line("no interest would match")?;
    }
    all.iter().try_for_each(|one| output::answer(json, one, one.words()))
}
