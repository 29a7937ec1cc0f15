//! `forewarn warning`.

use super::aside::Aside;
use super::parse::word;
use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::{Args, Subcommand, ValueEnum};
use forewarn_exchange::act::{InboxAct, ReceivedAct};
use forewarn_exchange::action::ActionClass;
use forewarn_exchange::id::WarningNumber;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::owed::Word;
use forewarn_exchange::permission::{Part, Request};
use forewarn_exchange::scale::{OutcomeFact, OutcomeKind};
use forewarn_exchange::talk::{Compliance, Ground, Statement, ToldAnswer, WordAnswer};
use forewarn_view::answer::{DoneOrWaits, WarningSent, WarningSet};
use forewarn_view::hint::Surface;
use forewarn_view::warning::{WarningLine, WarningShown};

#[derive(Debug, Args)]
pub(crate) struct WarningCommand {
    #[command(subcommand)]
    what: Warning,
    #[command(flatten)]
    aside: Aside,
}

#[derive(Debug, Subcommand)]
enum Warning {
    /// List warnings from partners: the most urgent first, then the oldest
    List {
        #[command(flatten)]
        paging: Paging,
        /// Only those whose newest version nobody has opened
        #[arg(long, group = "only")]
        unopened: bool,
        /// Only those that somebody has in hand
        #[arg(long, group = "only")]
        accepted: bool,
        /// Only those that you have opened, accepted or declined last
        #[arg(long, group = "only")]
        mine: bool,
    },
    /// Show one without saying that it was opened
    Show {
        /// The warning
        number: WarningNumber,
    },
    /// Say which account a person is for whom a warning at TLP:RED is, without seeing it
    NamePerson {
        /// The warning
        number: WarningNumber,
        /// The person, as the sender has named him or her
        person: String,
        /// The account
        #[arg(long)]
        user: UserName,
    },
    /// Write that it was accepted or declined in another form
    Export {
        /// The warning
        number: WarningNumber,
        #[command(flatten)]
        args: super::export::ExportArgs,
    },
    /// Open one: shows it, and tells the sender who opened it
    Open {
        /// The warning
        number: WarningNumber,
    },
    /// Accept it: someone here has it in hand
    Accept {
        /// The warning
        number: WarningNumber,
        /// A word to the sender, which a second person approves
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Decline it
    Decline {
        /// The warning
        number: WarningNumber,
        /// not-ours, known-already, cannot-act or not-credible
        #[arg(long, value_parser = word::<Ground>, required_unless_present = "reason")]
        ground: Option<Ground>,
        /// In your own words, which a second person approves
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Tell what is being done
    Act {
        /// The warning
        number: WarningNumber,
        /// What is being done, in words
        #[arg(long)]
        text: String,
        /// log-search, third-party-lookup, block or probe: it is flagged when it is more than the
        /// warning's PAP marking permits
        #[arg(long, value_parser = word::<ActionClass>)]
        class: Option<ActionClass>,
    },
    /// Report what came of it
    Outcome {
        /// The warning
        number: WarningNumber,
        /// KIND=COUNT or KIND=COUNT@YYYY-MM-DD; kinds: detained, charged, arrested, released,
        /// seized, thwarted, occurred, false-alarm
        #[arg(long = "fact", required = true, value_parser = fact)]
        facts: Vec<OutcomeFact>,
        /// What came of it, in words
        #[arg(long, default_value = "")]
        text: String,
        /// The entry of an outcome told before that this one takes the place of
        #[arg(long, value_name = "ENTRY")]
        corrects: Option<u64>,
    },
    /// Ask the sender a question
    Ask {
        /// The warning
        number: WarningNumber,
        /// The question
        #[arg(long)]
        text: String,
    },
    /// Ask the sender whether parts of it may be passed on
    AskPermission {
        /// The warning
        number: WarningNumber,
        /// A part: whole, title, paragraph-1 or an object's id; may be given several times
        #[arg(long = "part", value_name = "PART", required = true)]
        parts: Vec<Part>,
        /// To whom, by the name of the node; may be given several times
        #[arg(long = "to", value_name = "NODE", required = true)]
        recipients: Vec<NodeName>,
        /// Why; the sender reads it
        #[arg(long)]
        reason: String,
    },
    /// Answer the sender's recall or update, or that its time is over
    Answer {
        /// The warning
        number: WarningNumber,
        /// Whether what was asked is done: what was recalled is undone, an update applied, and what
        /// was done for a warning whose time is over has ended
        #[arg(value_enum)]
        answer: Answered,
        /// Why, in words
        #[arg(long, default_value = "")]
        text: String,
        /// It corrects the answer before, which was wrong or does not hold any more; say why
        #[arg(long = "correct", requires = "text")]
        corrects: bool,
    },
    /// Say whether we were told so, beside the channel, as the sender says
    Told {
        /// The warning
        number: WarningNumber,
        /// The entry that says so, as `warning show` prints it
        #[arg(long)]
        entry: u64,
        /// Whether it is so
        #[arg(value_enum)]
        so: So,
        /// What is not so, in words
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Thank the sender, and those who made the warning possible
    Thank {
        /// The warning
        number: WarningNumber,
        /// The thanks, in words
        #[arg(long)]
        text: String,
        /// Whom, in words
        #[arg(long, default_value = "those who made this warning possible")]
        to: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum So {
    Yes,
    No,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Answered {
    Complied,
    CouldNot,
    Refused,
}

fn fact(text: &str) -> Result<OutcomeFact, String> {
    let (kind, rest) = text.split_once('=').ok_or("write KIND=COUNT, such as arrested=7")?;
    let (count, on) = match rest.split_once('@') {
        Some((count, day)) => (count, Some(day.to_owned())),
        None => (rest, None),
    };
    let midnight = |day: &String| forewarn_stix::Timestamp::parse(&format!("{day}T00:00:00Z"));
    if on.as_ref().is_some_and(|day| midnight(day).is_err()) {
        return Err("write the day as YYYY-MM-DD".to_owned());
    }
    let kind = word::<OutcomeKind>(kind)?;
    let count = count.parse().map_err(|_| format!("`{count}` is not a count"))?;
    Ok(OutcomeFact { kind, count, on })
}

pub(crate) async fn run(command: WarningCommand, context: &Context) -> Result<(), Failed> {
    let WarningCommand { what, aside } = command;
    let set_aside = aside.into();
    let (number, statement, what) = match what {
        Warning::List { paging, unopened, accepted, mine } => {
            let query = match (unopened, accepted, mine) {
                (true, ..) => "order=urgency&only=unopened",
                (_, true, _) => "order=urgency&only=accepted",
                (.., true) => "order=urgency&only=mine",
                (false, false, false) => "order=urgency",
            };
            let path = ("/api/v1/warnings", query);
            return paging.list::<WarningLine>(context, path, "no such warnings have come").await;
        }
        Warning::Show { number } => return show(number, context).await,
        Warning::Export { number, args } => {
            return args.run(&format!("warnings/{number}"), context).await;
        }
        Warning::NamePerson { number, person, user } => {
            let act = InboxAct::NamePerson { warning: number, person, user: user.clone() };
            let answer: DoneOrWaits<WarningSet> = context.client.act(act).await?;
            let words = format!("warning {number} is for {user}");
            return proposal::tell(&answer, |_: &WarningSet| words, context);
        }
        Warning::Open { number } => {
            let act = ReceivedAct::new(number, Statement::Opened {});
            context.client.perform(act).await?;
            return show(number, context).await;
        }
        Warning::Accept { number, note } => (number, Statement::Accepted { note }, "accepted"),
        Warning::Decline { number, ground, reason } => {
            (number, Statement::Declined { ground, reason }, "declined")
        }
        Warning::Act { number, text, class } => (number, Statement::Action { text, class }, "told"),
        Warning::Outcome { number, facts, text, corrects } => {
            (number, Statement::Outcome { facts, text, corrects }, "reported")
        }
        Warning::Ask { number, text } => (number, Statement::Question { text }, "asked"),
        Warning::AskPermission { number, parts, recipients, reason } => {
            let request = Request { parts, recipients, reason };
            (number, Statement::PermissionRequest(request), "asked")
        }
        Warning::Answer { number, answer, text, corrects } => {
            let answer = match answer {
                Answered::Complied => Compliance::Complied,
                Answered::CouldNot => Compliance::CouldNot,
                Answered::Refused => Compliance::Refused,
            };
            let answer = WordAnswer { answer, text, corrects };
            (number, answered(number, answer, context).await?, "answered")
        }
        Warning::Told { number, entry, so, text } => {
            let answer = ToldAnswer { entry, so: so == So::Yes, text };
            (number, Statement::ToldAnswer(answer), "answered")
        }
        Warning::Thank { number, text, to } => (number, Statement::Thanks { to, text }, "thanked"),
    };
    let act = ReceivedAct { warning: number, statement, set_aside };
    let answer: DoneOrWaits<WarningSent> = context.client.act(act).await?;
    proposal::tell(&answer, |sent| sent.words(what), context)
}

/// The answer to what waits for one: the recall, else the update or the end.
async fn answered(
    number: WarningNumber,
    answer: WordAnswer,
    context: &Context,
) -> Result<Statement, Failed> {
    let shown: WarningShown = context.client.get(&format!("/api/v1/warnings/{number}")).await?;
    let word = if shown.warning.recall.is_some() {
        Word::Recall
    } else {
        shown.warning.owed.map_or(Word::Recall, |owed| owed.word)
    };
    Ok(match word {
        Word::Recall => Statement::RecallAnswer(answer),
        Word::Update => Statement::UpdateAnswer(answer),
        Word::Expiry => Statement::ExpiryAnswer(answer),
    })
}

async fn show(number: WarningNumber, context: &Context) -> Result<(), Failed> {
    let shown: WarningShown = context.client.get(&format!("/api/v1/warnings/{number}")).await?;
    output::answer(context.json, &shown, shown.words(Surface::CommandLine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_a_kind_a_count_and_maybe_a_day() {
        let on = Some("2017-12-15".to_owned());
        assert_eq!(
            fact("arrested=7@2017-12-15").unwrap(),
            OutcomeFact { kind: OutcomeKind::Arrested, count: 7, on }
        );
        assert_eq!(fact("false-alarm=1").unwrap().on, None);
        for bad in ["arrested", "arrested=x", "eaten=1", "arrested=1@yesterday"] {
            assert!(fact(bad).is_err(), "{bad}");
        }
    }
}
