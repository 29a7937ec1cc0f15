//! What people do, by what it is done to. Each act is written as a JSON object whose `do` names it.

mod account;
mod authority;
mod duty;
mod evidence;
mod exercise;
mod feed;
mod inbox;
mod interest;
mod item;
mod partner;
mod place;
mod proposal;
mod readout;
mod received;
mod record;
mod source;
mod table;
mod telling;
mod template;
mod triage;

pub use account::AccountAct;
pub use authority::AuthorityAct;
pub use duty::DutyAct;
pub use evidence::{EvidenceAct, Showing};
pub use exercise::ExerciseAct;
pub use feed::FeedAct;
pub use inbox::InboxAct;
pub use interest::InterestAct;
pub use item::ItemAct;
pub use partner::PartnerAct;
pub use proposal::ProposalAct;
pub use readout::{ReadoutAct, Says};
pub use received::ReceivedAct;
pub use record::RecordAct;
pub use source::SourceAct;
pub use table::{Row, TABLE};
pub use telling::TellingAct;
pub use template::TemplateAct;
pub use triage::TriageAct;

use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// An act of a person.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Act {
    /// Acts on our users and their tokens.
    Account(AccountAct),
    /// Acts on feeds.
    Feed(FeedAct),
    /// Acts on partners, and on our own keys as partners know them.
    Partner(PartnerAct),
    /// Acts on interests.
    Interest(InterestAct),
    /// Acts on our duties to warn.
    Duty(DutyAct),
    /// Acts on warnings that came to us.
    Received(ReceivedAct),
    /// On what came to us, and tells the sender nothing.
    Inbox(InboxAct),
    /// On what evidence shows.
    Evidence(EvidenceAct),
    /// On acts that wait for a second person.
    Proposal(ProposalAct),
    /// On who is told of what needs somebody.
    Telling(TellingAct),
    /// On what is said in public, and until when nothing is.
    Readout(ReadoutAct),
    /// On warnings that leave without a person.
    Authority(AuthorityAct),
    /// On many matches at once.
    Triage(TriageAct),
    /// On what came in.
    Item(ItemAct),
    /// On what is kept.
    Record(RecordAct),
    /// On what is played, and not meant.
    Exercise(ExerciseAct),
    /// On sources.
    Source(SourceAct),
    /// On texts to begin drafts with.
    Template(TemplateAct),
}

/// What the word in `do` begins with, for each noun.
const NOUNS: &[(&str, Noun)] = &[
    ("user-", Noun::Account),
    ("token-", Noun::Account),
    ("tokens-", Noun::Account),
    ("feed-", Noun::Feed),
    ("partner-", Noun::Partner),
    ("agreement-", Noun::Partner),
    ("key-", Noun::Partner),
    ("interest-", Noun::Interest),
    ("interests-", Noun::Interest),
    ("case-", Noun::Duty),
    ("warning-name-", Noun::Inbox),
    ("warning-", Noun::Received),
    ("evidence-", Noun::Evidence),
    ("proposal-", Noun::Proposal),
    ("person-", Noun::Telling),
    ("rota-", Noun::Telling),
    ("rule-", Noun::Telling),
    ("escalation-", Noun::Telling),
    ("need-", Noun::Telling),
    ("readout-", Noun::Readout),
    ("embargo-", Noun::Readout),
    ("authority-", Noun::Authority),
    ("mute-", Noun::Triage),
    ("match-", Noun::Triage),
    ("item-", Noun::Item),
    ("record-", Noun::Record),
    ("exercise-", Noun::Exercise),
    ("source-", Noun::Source),
    ("template-", Noun::Template),
];

#[derive(Clone, Copy)]
enum Noun {
    Account,
    Feed,
    Partner,
    Interest,
    Duty,
    Received,
    Inbox,
    Evidence,
    Proposal,
    Telling,
    Readout,
    Authority,
    Triage,
    Item,
    Record,
    Exercise,
    Source,
    Template,
}

impl<'de> Deserialize<'de> for Act {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Act, D::Error> {
        let value = Value::deserialize(from)?;
        let word = value.get("do").and_then(Value::as_str);
        let word = word.ok_or_else(|| D::Error::custom("an act names what it does in `do`"))?;
        let noun = NOUNS.iter().find(|(start, _)| word.starts_with(start));
        let Some((_, noun)) = noun else {
            return Err(D::Error::custom(format!("`{word}` is not an act")));
        };
        let act = match noun {
            Noun::Account => read(value).map(Act::Account),
            Noun::Feed => read(value).map(Act::Feed),
            Noun::Partner => read(value).map(Act::Partner),
            Noun::Interest => read(value).map(Act::Interest),
            Noun::Duty => read(value).map(Act::Duty),
            Noun::Received => read(value).map(Act::Received),
            Noun::Inbox => read(value).map(Act::Inbox),
            Noun::Evidence => read(value).map(Act::Evidence),
            Noun::Proposal => read(value).map(Act::Proposal),
            Noun::Telling => read(value).map(Act::Telling),
            Noun::Readout => read(value).map(Act::Readout),
            Noun::Authority => read(value).map(Act::Authority),
            Noun::Triage => read(value).map(Act::Triage),
            Noun::Item => read(value).map(Act::Item),
            Noun::Record => read(value).map(Act::Record),
            Noun::Exercise => read(value).map(Act::Exercise),
            Noun::Source => read(value).map(Act::Source),
            Noun::Template => read(value).map(Act::Template),
        };
        act.map_err(D::Error::custom)
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(value)
}

macro_rules! from {
    ($($act:ident in $noun:ident,)*) => {
        $(impl From<$act> for Act {
            fn from(act: $act) -> Act {
                Act::$noun(act)
            }
        })*
    };
}

from! {
    AccountAct in Account,
    FeedAct in Feed,
    PartnerAct in Partner,
    InterestAct in Interest,
    DutyAct in Duty,
    ReceivedAct in Received,
    InboxAct in Inbox,
    EvidenceAct in Evidence,
    ProposalAct in Proposal,
    TellingAct in Telling,
    ReadoutAct in Readout,
    AuthorityAct in Authority,
    TriageAct in Triage,
    ItemAct in Item,
    RecordAct in Record,
    ExerciseAct in Exercise,
    SourceAct in Source,
    TemplateAct in Template,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::SetAside;
    use crate::id::{CaseNumber, WarningNumber};
    use crate::talk::{Compliance, Statement, WordAnswer};
    use serde_json::json;

    #[test]
    fn an_act_reads_back_and_one_that_is_unknown_is_refused_by_name() {
        let (case, warning) = (CaseNumber::new(3), WarningNumber::new(4));
        let acts: [(Act, Value); 3] = [
            (
                DutyAct::Recall { case, reason: "x".into(), set_aside: SetAside::default() }.into(),
                json!({"do": "case-recall", "case": 3, "reason": "x"}),
            ),
            (
                ReceivedAct::new(warning, Statement::Opened {}).into(),
                json!({"do": "warning-open", "warning": 4}),
            ),
            (
                ReceivedAct::new(
                    warning,
                    Statement::RecallAnswer(WordAnswer {
                        answer: Compliance::CouldNot,
                        text: String::new(),
                        corrects: false,
                    }),
                )
                .into(),
                json!({"do": "warning-answer", "warning": 4, "answer": "could-not", "text": ""}),
            ),
        ];
        for (act, written) in acts {
            assert_eq!(serde_json::to_value(&act).unwrap(), written);
            assert_eq!(serde_json::from_value::<Act>(written).unwrap(), act);
        }
        for (bad, why) in [
            (json!({"do": "case-eat", "case": 1}), "case-eat"),
            (json!({"do": "warning-eat", "warning": 1}), "warning-eat"),
            (json!({"do": "warning-open", "warning": 1, "note": "x"}), "note"),
            (json!({"do": "nap"}), "nap"),
            (json!({"case": 1}), "`do`"),
        ] {
            let said = serde_json::from_value::<Act>(bad).unwrap_err().to_string();
            assert!(said.contains(why), "{said}");
        }
    }
}
