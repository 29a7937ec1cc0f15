//! `forewarn duty`: who is on duty, how people are reached, and who is told of what. And
//! `forewarn take`.

use super::file;
use super::parse::time;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, Subcommand};
use forewarn_exchange::act::TellingAct;
use forewarn_exchange::name::UserName;
use forewarn_exchange::need::Kind;
use forewarn_exchange::scale::Urgency;
use forewarn_exchange::telling::{Means, Quiet, Rule, Shift, Step, Whose};
use forewarn_view::answer::TellingSet;
use forewarn_view::telling::TellingShown;

/// Largest rota: some ten thousand shifts.
const MAX_ROTA_BYTES: usize = 1 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Duty {
    /// Show who is on duty, who is told of what, and by what
    Show,
    /// Say how a person is reached, in the place of what was said before
    Means {
        /// Who
        name: UserName,
        /// A notifier of forewarn.toml, and where it reaches the person: mail=dora@west.example;
        /// may be given several times
        #[arg(long, value_name = "NOTIFIER[=ADDRESS]", value_parser = means)]
        by: Vec<Means>,
    },
    /// Say who is on duty when, in the place of the rota before
    Rota {
        /// One shift: dora/2026-01-31T20:00:00+01:00/2026-02-01T08:00:00+01:00; times as with
        /// +48h too; may be given several times
        #[arg(long, value_name = "NAME/FROM/TO", value_parser = shift, required_unless_present = "file")]
        shift: Vec<Shift>,
        /// A file with one shift a line
        #[arg(long, value_name = "FILE", conflicts_with = "shift")]
        file: Option<std::path::PathBuf>,
    },
    /// Say who is told of which needs
    Rule(RuleSet),
    /// End a rule
    RuleRemove {
        /// Its name
        name: String,
    },
    /// Say who is woken one after the other until somebody takes it
    Escalation {
        /// From which urgency on
        #[arg(long, default_value = "immediate", value_parser = urgency)]
        from: Urgency,
        /// Who, and how long after the first step: on-duty, next=5m, user:hanna=10m,
        /// role:approver=15m; may be given several times; without any, nobody is woken
        #[arg(long, value_name = "WHO[=TIME]", value_parser = step)]
        step: Vec<Step>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RuleSet {
    /// What it is called
    name: String,
    /// Who is told: on-duty, next, user:NAME or role:ROLE
    #[arg(long, value_name = "WHO")]
    who: Whose,
    /// Of which kind of need, as `forewarn needs --json` names it; may be given several times; of
    /// all, when not given
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<Kind>,
    /// From which urgency on; of everything, when not given
    #[arg(long, value_parser = urgency)]
    from: Option<Urgency>,
    /// Not in these hours, but for what is immediate: 22:00-07:00
    #[arg(long, value_name = "FROM-TO")]
    quiet: Option<String>,
    /// By the clocks of this place
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: String,
    /// Gather what is not immediate, and tell it at most once in so many minutes
    #[arg(long, value_name = "MINUTES")]
    digest: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Take {
    /// What is needed, as it is listed: finding, open, approval …
    kind: String,
    /// Of what: case-3, warning-1, proposal-2, a partner, a feed …
    about: Vec<String>,
}

pub(crate) async fn run(duty: Duty, context: &Context) -> Result<(), Failed> {
    let act = match duty {
        Duty::Show => {
            let shown: TellingShown = context.client.get("/api/v1/telling").await?;
            let words = shown.words();
            return output::answer(context.json, &shown, words);
        }
        Duty::Means { name, by } => TellingAct::Means { name, means: by },
        Duty::Rota { shift: shifts, file } => TellingAct::Rota {
            shifts: match file {
                Some(file) => rota(&file)?,
                None => shifts,
            },
        },
        Duty::Rule(rule) => TellingAct::Rule { rule: rule_of(rule)? },
        Duty::RuleRemove { name } => TellingAct::RuleRemove { name },
        Duty::Escalation { from, step } => TellingAct::Escalation { from, steps: step },
    };
    let answer: TellingSet = context.client.act(act).await?;
    let words = format!("set: {}; `forewarn duty show` shows it", answer.set);
    output::answer(context.json, &answer, words)
}

/// Takes a need in hand.
pub(crate) async fn take(take: &Take, context: &Context) -> Result<(), Failed> {
    let mut words = vec![take.kind.clone()];
    words.extend(take.about.iter().cloned());
    let answer: TellingSet = context.client.act(TellingAct::Take { need: words.join(" ") }).await?;
    let words = format!("you have taken {}: nobody else is told of it", answer.set);
    output::answer(context.json, &answer, words)
}

fn rule_of(set: RuleSet) -> Result<Rule, Failed> {
    let RuleSet { name, who, kind: kinds, from, quiet, zone, digest } = set;
    let quiet = quiet.map(|hours| {
        let parts = hours.split_once('-');
        let (from, to) = parts
            .ok_or_else(|| Failed::usage(format!("`{hours}` is not of the form 22:00-07:00")))?;
        Ok(Quiet { from: from.to_owned(), to: to.to_owned(), zone })
    });
    Ok(Rule { name, who, kinds, from, quiet: quiet.transpose()?, digest })
}

fn rota(file: &std::path::Path) -> Result<Vec<Shift>, Failed> {
    let text = file::read_text(file, MAX_ROTA_BYTES)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let each = lines.map(|(n, line)| {
        let bad = |why| Failed::usage(format!("`{}`, line {}: {why}", file.display(), n + 1));
        shift(line.trim()).map_err(bad)
    });
    each.collect()
}

fn means(text: &str) -> Result<Means, String> {
    let (notifier, address) = match text.split_once('=') {
        Some((notifier, address)) => (notifier, Some(address.to_owned())),
        None => (text, None),
    };
    let means = Means { notifier: notifier.to_owned(), address };
    means.checked().map_err(|refusal| refusal.message)
}

fn shift(text: &str) -> Result<Shift, String> {
    let form = || "write NAME/FROM/TO".to_owned();
    let mut parts = text.splitn(3, '/');
    let (who, from, to) = (parts.next(), parts.next(), parts.next());
    let who = UserName::parse(who.ok_or_else(form)?).map_err(|e| e.to_string())?;
    let (from, to) = (time(from.ok_or_else(form)?)?, time(to.ok_or_else(form)?)?);
    Ok(Shift { who, from, to })
}

fn step(text: &str) -> Result<Step, String> {
    let (who, after) = text.split_once('=').unwrap_or((text, "0s"));
    let form = || format!("`{after}` is not a time such as 30s, 5m or 1h");
    let unit = after.chars().last().ok_or_else(form)?;
    let number = after.strip_suffix(unit).and_then(|n| n.parse::<u32>().ok()).ok_or_else(form)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        _ => return Err(form()),
    };
    let after = number.checked_mul(seconds).ok_or_else(form)?;
    Ok(Step { who: who.parse()?, after })
}

fn kind(text: &str) -> Result<Kind, String> {
    let found = Kind::ALL.iter().find(|kind| kind.name() == text).copied();
    found.ok_or_else(|| {
        let all: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("one of {}", all.join(", "))
    })
}

fn urgency(text: &str) -> Result<Urgency, String> {
    let all = [Urgency::Immediate, Urgency::Expected, Urgency::Future];
    let found = all.into_iter().find(|one| one.to_string() == text);
    found.ok_or_else(|| "immediate, expected or future".to_owned())
}
