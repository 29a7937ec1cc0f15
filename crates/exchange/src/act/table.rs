//! What each act asks of whoever does it: one row an act. An act without a row is nobody's.

use super::{
    AccountAct, Act, AuthorityAct, DutyAct, EvidenceAct, ExerciseAct, FeedAct, InboxAct,
    InterestAct, ItemAct, PartnerAct, ProposalAct, ReadoutAct, ReceivedAct, RecordAct, SourceAct,
    TellingAct, TemplateAct, TriageAct,
};
use crate::role::Permission::{
    self, Administer, Draft, ManagePartners, Read, Receive, Release, SeeSources,
};
use crate::talk::Statement;

/// What an act asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The word in `do`.
    pub word: &'static str,
    /// What whoever does it must be allowed.
    pub does: Permission,
    /// What lets somebody do it too, without the former.
    pub or: Option<Permission>,
    /// What lets somebody propose it who may not do it alone.
    pub proposes: Option<Permission>,
    /// What the second person must be allowed, where it takes two.
    pub second: Permission,
    /// When it takes two persons, in words; never when empty.
    pub two: &'static str,
}

const fn one(word: &'static str, does: Permission) -> Row {
    Row { word, does, or: None, proposes: None, second: does, two: "" }
}

const fn two(word: &'static str, does: Permission, second: Permission, two: &'static str) -> Row {
    Row { word, does, or: None, proposes: None, second, two }
}

const fn proposed(word: &'static str, two: &'static str) -> Row {
    Row { word, does: Release, or: None, proposes: Some(Draft), second: Release, two }
}

/// By whoever works on cases: who drafts, or who decides.
const fn worked(word: &'static str) -> Row {
    Row { word, does: Draft, or: Some(Release), proposes: None, second: Release, two: "" }
}

/// By whoever decides, or administers; the second person decides.
const fn kept(word: &'static str, two: &'static str) -> Row {
    Row { word, does: Release, or: Some(Administer), proposes: None, second: Release, two }
}

const WORDS: &str = "with words in it, unless the agreement says one";
const ADMINISTRATORS: &str = "unless the node was made with one administrator";
const ALONE: &str = "by who drafts";

/// All of them.
pub const TABLE: &[Row] = &[
    two(
        "user-add",
        Administer,
        Administer,
        "for roles that draft, release or administer, or with a name to be shown",
    ),
    one("user-suspend", Administer),
    two("user-resume", Administer, Administer, ADMINISTRATORS),
    one("user-remove", Administer),
    two("user-uids", Administer, Administer, ADMINISTRATORS),
    two("user-link", Administer, Administer, ADMINISTRATORS),
    one("user-unlink", Administer),
    one("token-add", Administer),
    one("token-rotate", Administer),
    one("token-revoke", Administer),
    one("tokens-revoke", Administer),
    one("feed-add", Administer),
    one("feed-remove", Administer),
    one("partner-add", ManagePartners),
    one("partner-add-without-node", ManagePartners),
    one("partner-confirm", ManagePartners),
    one("partner-suspend", ManagePartners),
    two("partner-agree", ManagePartners, Release, "that one person is enough for free text"),
    two("agreement-propose", ManagePartners, Release, "always"),
    two("agreement-accept", ManagePartners, Release, "always"),
    two("agreement-decline", ManagePartners, Release, "unless the agreement says one"),
    one("partner-write-uncompared", ManagePartners),
    one("key-announce", Administer),
    one("interest-add", ManagePartners),
    one("interests-add", ManagePartners),
    one("interest-change", ManagePartners),
    one("interest-remove", ManagePartners),
    one("interest-confirm", ManagePartners),
    one("case-open", Draft),
    one("case-finding", Draft),
    proposed("case-decide", "to waive; or by who drafts"),
    proposed("case-reopen", ALONE),
    one("case-draft", Draft),
    one("case-update", Draft),
    one("case-renew", Draft),
    one("case-keep", Release),
    // To make one less urgent, whoever decides.
    worked("case-urgency"),
    proposed("case-pause", ALONE),
    worked("case-resume"),
    worked("case-merge"),
    worked("case-join"),
    worked("case-link"),
    worked("source-danger"),
    one("source-keep", SeeSources),
    one("source-look", SeeSources),
    one("source-forget", SeeSources),
    proposed("source-lift", ALONE),
    proposed("mute-add", ALONE),
    worked("mute-remove"),
    worked("template-set"),
    worked("template-remove"),
    worked("match-dismiss"),
    worked("item-correct"),
    two("case-release", Release, Release, "from the marking on that `release.two_approvers` says"),
    proposed("case-recall", "by who drafts, or with something set aside"),
    proposed("case-answer", "by who drafts, or with something set aside"),
    proposed("case-permit", "by who drafts, or with something set aside"),
    // What was read out was released by two; what was said in imminent danger waits for the second.
    worked("case-tell"),
    one("case-confirm", Release),
    one("case-strike", Release),
    one("warning-open", Receive),
    two("warning-accept", Receive, Release, WORDS),
    two("warning-decline", Receive, Release, WORDS),
    two("warning-ask", Receive, Release, WORDS),
    two("warning-ask-permission", Receive, Release, WORDS),
    two("warning-act", Receive, Release, WORDS),
    two("warning-outcome", Receive, Release, WORDS),
    two("warning-thank", Receive, Release, WORDS),
    two("warning-answer", Receive, Release, WORDS),
    two("warning-answer-update", Receive, Release, WORDS),
    two("warning-answer-expiry", Receive, Release, WORDS),
    two("warning-answer-told", Receive, Release, WORDS),
    two("warning-name-person", Receive, Administer, "always: it opens what is for somebody"),
    proposed("evidence-show", "always"),
    one("readout-write", Draft),
    proposed("readout-commit", "always: it is for the public"),
    two("readout-reveal", Release, Release, "with something set aside"),
    one("readout-note", Release),
    one("embargo-propose", Release),
    one("embargo-accept", Release),
    two("embargo-decline", Release, Release, "unless the agreement says one"),
    two("embargo-leave", Release, Release, "unless the agreement says one"),
    one("person-means", Administer),
    one("rota-set", Administer),
    one("rule-set", Administer),
    one("rule-remove", Administer),
    one("escalation-set", Administer),
    // Whoever may do something here may say that he or she does it; who only reads may not.
    one("need-take", Read),
    two("authority-give", Draft, Release, "always"),
    one("authority-revoke", Release),
    // Who keeps the records need not be who decides on warnings.
    kept("record-erase", "always"),
    kept("record-hold", ""),
    kept("record-lift", "always"),
    kept("record-look", ""),
    one("record-read", Read),
    // Whoever may read it may carry it away: that is on record, with the digest of what was.
    one("record-export", Read),
    // It asks for people, and lets nothing out by itself.
    worked("exercise-begin"),
    worked("exercise-end"),
    // Who may approve what is asked when it is known what.
    one("proposal-approve", Read),
    one("proposal-drop", Read),
];

impl Act {
    /// What it asks for; `None` for what no person does.
    pub fn row(&self) -> Option<&'static Row> {
        let word = self.word()?;
        TABLE.iter().find(|row| row.word == word)
    }

    /// The word in `do`; `None` for statements that only the node makes.
    pub fn word(&self) -> Option<&'static str> {
        Some(match self {
            Act::Account(act) => account(act),
            Act::Feed(FeedAct::Add { .. }) => "feed-add",
            Act::Feed(FeedAct::Remove { .. }) => "feed-remove",
            Act::Partner(act) => partner(act),
            Act::Interest(act) => interest(act),
            Act::Duty(act) => duty(act),
            Act::Received(act) => return received(act),
            Act::Inbox(InboxAct::NamePerson { .. }) => "warning-name-person",
            Act::Evidence(EvidenceAct::Show { .. }) => "evidence-show",
            Act::Telling(act) => telling(act),
            Act::Readout(act) => readout(act),
            Act::Authority(AuthorityAct::Give { .. }) => "authority-give",
            Act::Authority(AuthorityAct::Revoke { .. }) => "authority-revoke",
            Act::Triage(TriageAct::MuteAdd { .. }) => "mute-add",
            Act::Triage(TriageAct::MuteRemove { .. }) => "mute-remove",
            Act::Triage(TriageAct::Dismiss { .. }) => "match-dismiss",
            Act::Item(ItemAct::Correct { .. }) => "item-correct",
            Act::Record(RecordAct::Erase { .. }) => "record-erase",
            Act::Record(RecordAct::Hold { .. }) => "record-hold",
            Act::Record(RecordAct::Lift { .. }) => "record-lift",
            Act::Record(RecordAct::Look { .. }) => "record-look",
            Act::Record(RecordAct::Read { .. }) => "record-read",
            Act::Record(RecordAct::Export { .. }) => "record-export",
            Act::Source(SourceAct::Danger { .. }) => "source-danger",
            Act::Source(SourceAct::Keep { .. }) => "source-keep",
            Act::Source(SourceAct::Look { .. }) => "source-look",
            Act::Source(SourceAct::Forget { .. }) => "source-forget",
            Act::Source(SourceAct::Lift { .. }) => "source-lift",
            Act::Template(TemplateAct::Set { .. }) => "template-set",
            Act::Template(TemplateAct::Remove { .. }) => "template-remove",
            Act::Exercise(ExerciseAct::Begin { .. }) => "exercise-begin",
            Act::Exercise(ExerciseAct::End { .. }) => "exercise-end",
            Act::Proposal(ProposalAct::Approve { .. }) => "proposal-approve",
            Act::Proposal(ProposalAct::Drop { .. }) => "proposal-drop",
        })
    }
}

fn account(act: &AccountAct) -> &'static str {
    match act {
        AccountAct::UserAdd { .. } => "user-add",
        AccountAct::UserSuspend { .. } => "user-suspend",
        AccountAct::UserResume { .. } => "user-resume",
        AccountAct::UserRemove { .. } => "user-remove",
        AccountAct::UserUids { .. } => "user-uids",
        AccountAct::UserLink { .. } => "user-link",
        AccountAct::UserUnlink { .. } => "user-unlink",
        AccountAct::TokenAdd { .. } => "token-add",
        AccountAct::TokenRotate { .. } => "token-rotate",
        AccountAct::TokenRevoke { .. } => "token-revoke",
        AccountAct::TokensRevoke { .. } => "tokens-revoke",
    }
}

fn partner(act: &PartnerAct) -> &'static str {
    match act {
        PartnerAct::Add { .. } => "partner-add",
        PartnerAct::AddWithoutNode { .. } => "partner-add-without-node",
        PartnerAct::Confirm { .. } => "partner-confirm",
        PartnerAct::Suspend { .. } => "partner-suspend",
        PartnerAct::Agree { .. } => "partner-agree",
        PartnerAct::ProposeAgreement { .. } => "agreement-propose",
        PartnerAct::AcceptAgreement { .. } => "agreement-accept",
        PartnerAct::DeclineAgreement { .. } => "agreement-decline",
        PartnerAct::WriteUncompared { .. } => "partner-write-uncompared",
        PartnerAct::AnnounceKeys {} => "key-announce",
    }
}

fn interest(act: &InterestAct) -> &'static str {
    match act {
        InterestAct::Add { .. } => "interest-add",
        InterestAct::AddAll { .. } => "interests-add",
        InterestAct::Change { .. } => "interest-change",
        InterestAct::Remove { .. } => "interest-remove",
        InterestAct::Confirm { .. } => "interest-confirm",
    }
}

fn telling(act: &TellingAct) -> &'static str {
    match act {
        TellingAct::Means { .. } => "person-means",
        TellingAct::Rota { .. } => "rota-set",
        TellingAct::Rule { .. } => "rule-set",
        TellingAct::RuleRemove { .. } => "rule-remove",
        TellingAct::Escalation { .. } => "escalation-set",
        TellingAct::Take { .. } => "need-take",
    }
}

fn duty(act: &DutyAct) -> &'static str {
    match act {
        DutyAct::Open { .. } => "case-open",
        DutyAct::Find { .. } => "case-finding",
        DutyAct::Decide { .. } => "case-decide",
        DutyAct::Reopen { .. } => "case-reopen",
        DutyAct::Draft { .. } => "case-draft",
        DutyAct::Update { .. } => "case-update",
        DutyAct::Renew { .. } => "case-renew",
        DutyAct::Keep { .. } => "case-keep",
        DutyAct::Urgency { .. } => "case-urgency",
        DutyAct::Pause { .. } => "case-pause",
        DutyAct::Resume { .. } => "case-resume",
        DutyAct::Merge { .. } => "case-merge",
        DutyAct::Join { .. } => "case-join",
        DutyAct::Link { .. } => "case-link",
        DutyAct::Release { .. } => "case-release",
        DutyAct::Recall { .. } => "case-recall",
        DutyAct::Answer { .. } => "case-answer",
        DutyAct::Permit { .. } => "case-permit",
        DutyAct::Tell { .. } => "case-tell",
        DutyAct::Confirm { .. } => "case-confirm",
        DutyAct::Strike { .. } => "case-strike",
    }
}

fn readout(act: &ReadoutAct) -> &'static str {
    match act {
        ReadoutAct::Write { .. } => "readout-write",
        ReadoutAct::Commit { .. } => "readout-commit",
        ReadoutAct::Reveal { .. } => "readout-reveal",
        ReadoutAct::Note { .. } => "readout-note",
        ReadoutAct::Propose { .. } => "embargo-propose",
        ReadoutAct::Accept { .. } => "embargo-accept",
        ReadoutAct::Decline { .. } => "embargo-decline",
        ReadoutAct::Leave { .. } => "embargo-leave",
    }
}

fn received(act: &ReceivedAct) -> Option<&'static str> {
    Some(match act.statement {
        Statement::Opened { .. } => "warning-open",
        Statement::Accepted { .. } => "warning-accept",
        Statement::Declined { .. } => "warning-decline",
        Statement::Question { .. } => "warning-ask",
        Statement::Action { .. } => "warning-act",
        Statement::Outcome { .. } => "warning-outcome",
        Statement::Thanks { .. } => "warning-thank",
        Statement::RecallAnswer(_) => "warning-answer",
        Statement::UpdateAnswer(_) => "warning-answer-update",
        Statement::ExpiryAnswer(_) => "warning-answer-expiry",
        Statement::PermissionRequest(_) => "warning-ask-permission",
        Statement::ToldAnswer(_) => "warning-answer-told",
        Statement::Answer { .. }
        | Statement::PermissionAnswer(_)
        | Statement::Told(_)
        | Statement::Refusal { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    /// The words that an enum of acts knows, by its refusal of one that it does not.
    fn known<T: serde::de::DeserializeOwned>() -> BTreeSet<String> {
        let refused = serde_json::from_value::<T>(json!({ "do": "?" })).err().unwrap().to_string();
        let listed = refused.split_once("expected ").unwrap().1;
        listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    /// An act that is added to an enum alone may be done by nobody, and is noticed here.
    #[test]
    fn every_act_has_its_row_and_every_row_its_act() {
        let mut words: BTreeSet<String> = [
            known::<AccountAct>(),
            known::<FeedAct>(),
            known::<PartnerAct>(),
            known::<InterestAct>(),
            known::<DutyAct>(),
            known::<InboxAct>(),
            known::<EvidenceAct>(),
            known::<ProposalAct>(),
            known::<TellingAct>(),
            known::<ReadoutAct>(),
            known::<AuthorityAct>(),
            known::<TriageAct>(),
            known::<ItemAct>(),
            known::<RecordAct>(),
            known::<ExerciseAct>(),
            known::<SourceAct>(),
            known::<TemplateAct>(),
        ]
        .into_iter()
        .flatten()
        .collect();
        let verbs = crate::talk::STATEMENTS.iter().filter_map(|(_, verb)| *verb);
        words.extend(verbs.map(|verb| format!("warning-{verb}")));
        let rows: BTreeSet<String> = TABLE.iter().map(|row| row.word.to_owned()).collect();
        assert_eq!(words, rows);
        assert_eq!(rows.len(), TABLE.len(), "a word stands twice");
    }

    #[test]
    fn an_act_finds_its_own_row() {
        let written = [
            json!({ "do": "user-remove", "name": "ana", "reason": "x" }),
            json!({ "do": "feed-remove", "name": "x" }),
            json!({ "do": "partner-suspend", "name": "a.example", "reason": "x" }),
            json!({ "do": "interest-remove", "partner": "a.example", "id": "x" }),
            json!({ "do": "case-recall", "case": 1, "reason": "x" }),
            json!({ "do": "warning-ask", "warning": 1, "text": "x" }),
            json!({ "do": "proposal-drop", "proposal": 1, "reason": "x" }),
            json!({ "do": "embargo-leave", "subject": "case-1", "complies": true, "reason": "x" }),
        ];
        for value in written {
            let act: Act = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(Value::from(act.row().unwrap().word), value["do"]);
        }
    }
}
