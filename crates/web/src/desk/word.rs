//! Values of fixed lists in the reader's words.

use super::texts::Words;
use forewarn_exchange::action::ActionClass;
use forewarn_exchange::case::Stage;
use forewarn_exchange::estimate::Confidence;
use forewarn_exchange::need::Kind;
use forewarn_exchange::scale::{OutcomeKind, Urgency, Waiver};
use forewarn_exchange::talk::{Compliance, Ground};
use forewarn_exchange::told::Way;
use forewarn_exchange::user::{Permission, Role};
use forewarn_exchange::warning::Standing;
use forewarn_extract::threat::Threat;

pub(crate) fn urgency(w: &Words, one: Urgency) -> &'static str {
    match one {
        Urgency::Future => w.scale.future,
        Urgency::Expected => w.scale.expected,
        Urgency::Immediate => w.scale.immediate,
    }
}

pub(crate) fn stage(w: &Words, one: Stage) -> &'static str {
    match one {
        Stage::Open => w.scale.open,
        Stage::Found => w.scale.found,
        Stage::ToWarn => w.scale.to_warn,
        Stage::Closed => w.scale.closed,
        Stage::Drafted => w.scale.drafted,
        Stage::Released => w.scale.released,
        Stage::Expired => w.scale.expired,
        Stage::Recalled => w.scale.recalled,
    }
}

pub(crate) fn standing(w: &Words, one: &Standing) -> &'static str {
    match one {
        Standing::New {} => w.scale.standing_new,
        Standing::Opened { .. } => w.scale.standing_opened,
        Standing::Accepted { .. } => w.scale.standing_accepted,
        Standing::Declined { .. } => w.scale.standing_declined,
    }
}

pub(crate) fn threat(w: &Words, one: Threat) -> &'static str {
    match one {
        Threat::Killing => w.scale.killing,
        Threat::SeriousBodilyInjury => w.scale.injury,
        Threat::Kidnapping => w.scale.kidnapping,
        Threat::Destruction => w.scale.destruction,
        Threat::Disruption => w.scale.disruption,
        Threat::Compromise => w.scale.compromise,
    }
}

/// Each degree of confidence with its word in files.
pub(crate) const CONFIDENCES: [(&str, Confidence); 3] =
    [("low", Confidence::Low), ("moderate", Confidence::Moderate), ("high", Confidence::High)];

pub(crate) fn confidence(w: &Words, one: Confidence) -> &'static str {
    match one {
        Confidence::Low => w.scale.low,
        Confidence::Moderate => w.scale.moderate,
        Confidence::High => w.scale.high,
    }
}

/// Each kind of outcome with its word in files.
pub(crate) const OUTCOMES: [(&str, OutcomeKind); 8] = [
    ("detained", OutcomeKind::Detained),
    ("charged", OutcomeKind::Charged),
    ("arrested", OutcomeKind::Arrested),
    ("released", OutcomeKind::Released),
    ("seized", OutcomeKind::Seized),
    ("thwarted", OutcomeKind::Thwarted),
    ("occurred", OutcomeKind::Occurred),
    ("false-alarm", OutcomeKind::FalseAlarm),
];

pub(crate) fn outcome(w: &Words, one: OutcomeKind) -> &'static str {
    match one {
        OutcomeKind::Detained => w.scale.detained,
        OutcomeKind::Charged => w.scale.charged,
        OutcomeKind::Arrested => w.scale.arrested,
        OutcomeKind::Released => w.scale.set_free,
        OutcomeKind::Seized => w.scale.seized,
        OutcomeKind::Thwarted => w.scale.thwarted,
        OutcomeKind::Occurred => w.scale.occurred,
        OutcomeKind::FalseAlarm => w.scale.false_alarm,
    }
}

pub(crate) fn action(w: &Words, one: ActionClass) -> &'static str {
    match one {
        ActionClass::LogSearch => w.scale.log_search,
        ActionClass::ThirdPartyLookup => w.scale.third_party,
        ActionClass::Block => w.scale.block,
        ActionClass::Probe => w.scale.probe,
    }
}

pub(crate) fn ground(w: &Words, one: Ground) -> &'static str {
    match one {
        Ground::NotOurs => w.scale.not_ours,
        Ground::KnownAlready => w.scale.known_already,
        Ground::CannotAct => w.scale.cannot_act,
        Ground::NotCredible => w.scale.not_credible,
    }
}

/// Every answer to a later word.
pub(crate) const COMPLIANCES: [Compliance; 3] =
    [Compliance::Complied, Compliance::CouldNot, Compliance::Refused];

pub(crate) fn compliance(w: &Words, one: Compliance) -> &'static str {
    match one {
        Compliance::Complied => w.scale.complied,
        Compliance::CouldNot => w.scale.could_not,
        Compliance::Refused => w.scale.refused,
    }
}

pub(crate) fn way(w: &Words, one: Way) -> &'static str {
    match one {
        Way::Telephone => w.told.telephone,
        Way::InPerson => w.told.in_person,
        Way::Letter => w.told.letter,
        Way::PublicAlert => w.told.public_alert,
    }
}

/// Why content is erased.
pub(crate) fn erasure(w: &Words, one: forewarn_exchange::erasure::Ground) -> &'static str {
    use forewarn_exchange::erasure::Ground;
    match one {
        Ground::Retention => w.record.by_time,
        Ground::Order => w.record.by_order,
        Ground::Request => w.record.by_request,
        Ground::Unlawful => w.record.unlawful,
    }
}

pub(crate) fn waiver(w: &Words, one: Waiver) -> &'static str {
    match one {
        Waiver::AlreadyAware => w.scale.aware,
        Waiver::AtRiskOnlyByHostilities => w.scale.hostilities,
        Waiver::EndangersPeopleSourcesMethods => w.scale.sources,
        Waiver::VictimIsTerroristOrViolentCriminal => w.scale.criminal,
        Waiver::EndangersLiaison => w.scale.liaison,
        Waiver::NoReasonableWay => w.scale.no_way,
    }
}

pub(crate) fn permission(w: &Words, one: Permission) -> &'static str {
    match one {
        Permission::Read => w.scale.read,
        Permission::TakeIn => w.scale.take_in,
        Permission::Draft => w.scale.draft,
        Permission::Release => w.scale.release,
        Permission::Receive => w.scale.receive,
        Permission::ManagePartners => w.scale.manage_partners,
        Permission::Administer => w.scale.administer,
        Permission::SeeSources => w.scale.see_sources,
    }
}

pub(crate) fn role(w: &Words, one: Role) -> &'static str {
    match one {
        Role::Reader => w.scale.role_reader,
        Role::Analyst => w.scale.role_analyst,
        Role::Approver => w.scale.role_approver,
        Role::DutyOfficer => w.scale.role_duty,
        Role::PartnerAdmin => w.scale.role_partner,
        Role::NodeAdmin => w.scale.role_node,
        Role::Service => w.scale.role_service,
        Role::SourceOfficer => w.scale.role_source,
        Role::Auditor => w.scale.role_auditor,
        Role::Subscriber => w.scale.role_subscriber,
    }
}

/// What is needed, in a sentence.
pub(crate) fn kind(w: &Words, one: Kind) -> &'static str {
    let n = &w.need;
    match one {
        Kind::Finding => n.finding,
        Kind::Decision => n.decision,
        Kind::Draft => n.draft,
        Kind::Release => n.release,
        Kind::Undelivered => n.undelivered,
        Kind::ConfirmTold => n.confirm_told,
        Kind::Review => n.review,
        Kind::WaiverReview => n.waiver_review,
        Kind::Referral => n.referral,
        Kind::RecallUnanswered => n.recall_unanswered,
        Kind::UpdateUnanswered => n.update_unanswered,
        Kind::ExpiryUnanswered => n.expiry_unanswered,
        Kind::Renew => n.renew,
        Kind::OutcomeAwaited => n.outcome_awaited,
        Kind::Question => n.question,
        Kind::Open => n.open,
        Kind::Accept => n.accept,
        Kind::AnswerRecall => n.answer_recall,
        Kind::AnswerUpdate => n.answer_update,
        Kind::AnswerExpiry => n.answer_expiry,
        Kind::Outcome => n.outcome,
        Kind::QuestionUnanswered => n.question_unanswered,
        Kind::Embargo => n.embargo,
        Kind::Reveal => n.reveal,
        Kind::RevealedEarly => n.revealed_early,
        Kind::Approval => n.approval,
        Kind::ConfirmPartner => n.confirm_partner,
        Kind::ConfirmMove => n.confirm_move,
        Kind::ConfirmKeys => n.confirm_keys,
        Kind::Dispute => n.dispute,
        Kind::Delivery => n.delivery,
        Kind::Feed => n.feed,
        Kind::Quarantine => n.quarantine,
        Kind::Follower => n.follower,
        Kind::Duty => n.duty,
        Kind::SourceDanger => n.source_danger,
        Kind::Notifier => n.notifier,
        Kind::Permission => n.permission,
        Kind::PermissionUnanswered => n.permission_unanswered,
        Kind::Agreement => n.agreement,
        Kind::AgreementUnanswered => n.agreement_unanswered,
    }
}
