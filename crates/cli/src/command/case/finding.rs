//! `forewarn case finding`.

use super::seen::OnSeen;
use crate::command::parse::{time, word};
use clap::Args;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::case::{DutyBasis, Finding, Reasons};
use forewarn_exchange::estimate::{Confidence, Likelihood};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::watched::Seen;
use forewarn_extract::threat::Threat;
use forewarn_stix::Timestamp;

#[derive(Debug, Args)]
pub(crate) struct FindingArgs {
    /// The case
    number: CaseNumber,
    /// What is known of the threat can be believed
    #[arg(long)]
    credible: bool,
    /// The threat is of something certain: whom, where, when or how
    #[arg(long)]
    specific: bool,
    /// The threat may be carried out soon
    #[arg(long)]
    impending: bool,
    /// killing, serious-bodily-injury, kidnapping, destruction, disruption or compromise
    #[arg(long, value_parser = word::<Threat>)]
    threat: Threat,
    /// Who or what is threatened
    #[arg(long)]
    target: String,
    /// Of which nationality they are, in any words; it is never a ground
    #[arg(long, default_value = "")]
    nationality: String,
    /// Why it is found so; not needed when each of the three has its own reason
    #[arg(long, default_value = "")]
    reason: String,
    /// Why it can, or cannot, be believed
    #[arg(long, value_name = "REASON", default_value = "")]
    why_credible: String,
    /// Why it is, or is not, of something certain
    #[arg(long, value_name = "REASON", default_value = "")]
    why_specific: String,
    /// Why it may, or may not, be carried out soon
    #[arg(long, value_name = "REASON", default_value = "")]
    why_impending: String,
    /// What the duty rests on: icd191, echr-art2, nis2-23, cra-14, agreement or voluntary
    #[arg(long, value_parser = word::<DutyBasis>)]
    basis: Option<DutyBasis>,
    /// When we became aware of it, where that was before it came in; the clock counts from then
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true)]
    aware_at: Option<Timestamp>,
    /// How likely it is, in a band of ICD 203: almost-no-chance to almost-certain, or remote to
    /// nearly-certain
    #[arg(long, value_parser = word::<Likelihood>)]
    likelihood: Option<Likelihood>,
    /// How sure you are of that: low, moderate or high
    #[arg(long, value_parser = word::<Confidence>)]
    confidence: Option<Confidence>,
    #[command(flatten)]
    on: OnSeen,
}

impl FindingArgs {
    pub(super) fn act(self) -> (Option<Seen>, DutyAct) {
        let reasons = Reasons {
            credible: self.why_credible,
            specific: self.why_specific,
            impending: self.why_impending,
        };
        let finding = Finding {
            credible: self.credible,
            specific: self.specific,
            impending: self.impending,
            reasons,
            nationality: self.nationality,
            duty_basis: self.basis,
            aware_at: self.aware_at,
            likelihood: self.likelihood,
            confidence: self.confidence,
            ..Finding::yes(self.threat, self.target, self.reason)
        };
        (self.on.seen, DutyAct::Find { case: self.number, finding })
    }
}
