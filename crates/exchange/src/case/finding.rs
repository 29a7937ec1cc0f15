//! Whether there is a duty to warn, and why.

use super::Acting;
use crate::code::Code;
use crate::estimate::{self, Confidence, Likelihood, Wording};
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal, short};
use forewarn_extract::threat::Threat;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether there is a duty to warn, and why (ICD 191, D and E.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The source can be believed.
    pub credible: bool,
    /// Who or what is threatened can be told.
    pub specific: bool,
    /// It is about to happen.
    pub impending: bool,
    /// Why each of the three is found so.
    #[serde(default, skip_serializing_if = "Reasons::is_empty")]
    pub reasons: Reasons,
    /// What would be done.
    pub threat: Threat,
    /// Who or what is threatened.
    pub target: String,
    /// Of which nationality they are, in any words. It is on record and never a ground: the duty is
    /// owed to everybody.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nationality: String,
    /// What the duty rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty_basis: Option<DutyBasis>,
    /// When we became aware of the threat, where that was before anything came in here. The clock
    /// counts from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aware_at: Option<Timestamp>,
    /// How likely it is held to be: a band of ICD 203, and never a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Likelihood>,
    /// How sure whoever finds it is: another thing than how likely it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Why it is found so. It may be empty when each of the three has its own reason.
    #[serde(default)]
    pub reason: String,
}

/// Why each part of a finding is found so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reasons {
    /// Why the source can, or cannot, be believed.
    pub credible: String,
    /// Why it can, or cannot, be told who or what is threatened.
    pub specific: String,
    /// Why it is, or is not, about to happen.
    pub impending: String,
}

/// What a duty to warn rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DutyBasis {
    /// Intelligence Community Directive 191: killing, serious bodily injury, kidnapping.
    Icd191,
    /// The right to life, Article 2 of the European Convention on Human Rights.
    EchrArt2,
    /// Directive (EU) 2022/2555 (NIS 2), Article 23.
    #[serde(rename = "nis2-23")]
    Nis2Art23,
    /// Regulation (EU) 2024/2847 (Cyber Resilience Act), Article 14.
    #[serde(rename = "cra-14")]
    CraArt14,
    /// What was agreed with the partner.
    Agreement,
    /// Nothing obliges us.
    Voluntary,
}

/// A finding, with who recorded it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
}

impl DutyBasis {
    /// The word for it, as it is written.
    pub fn word(self) -> &'static str {
        match self {
            DutyBasis::Icd191 => "icd191",
            DutyBasis::EchrArt2 => "echr-art2",
            DutyBasis::Nis2Art23 => "nis2-23",
            DutyBasis::CraArt14 => "cra-14",
            DutyBasis::Agreement => "agreement",
            DutyBasis::Voluntary => "voluntary",
        }
    }

    /// Whether a duty of this kind can arise from such a threat.
    fn covers(self, threat: Threat) -> bool {
        match self {
            // ICD 191, B: "intentional killing, serious bodily injury, or kidnapping".
            DutyBasis::Icd191 => match threat {
                Threat::Killing | Threat::SeriousBodilyInjury | Threat::Kidnapping => true,
                Threat::Destruction | Threat::Disruption | Threat::Compromise => false,
            },
            DutyBasis::EchrArt2
            | DutyBasis::Nis2Art23
            | DutyBasis::CraArt14
            | DutyBasis::Agreement
            | DutyBasis::Voluntary => true,
        }
    }
}

impl fmt::Display for DutyBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Reasons {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.all().iter().all(|reason| reason.trim().is_empty())
    }

    fn is_whole(&self) -> bool {
        self.all().iter().all(|reason| !reason.trim().is_empty())
    }

    fn all(&self) -> [&str; 3] {
        [&self.credible, &self.specific, &self.impending]
    }
}

impl Finding {
    /// A finding that says yes to all three, for one reason.
    pub fn yes(threat: Threat, target: impl Into<String>, reason: impl Into<String>) -> Finding {
        Finding {
            credible: true,
            specific: true,
            impending: true,
            reasons: Reasons::default(),
            threat,
            target: target.into(),
            nationality: String::new(),
            duty_basis: None,
            aware_at: None,
            likelihood: None,
            confidence: None,
            reason: reason.into(),
        }
    }

    /// What is to be said of its wording: what would be refused, and warnings.
    pub fn wording(&self) -> Vec<Wording> {
        let mut all = Vec::new();
        for text in self.texts() {
            for one in estimate::lint(text) {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
        all
    }

    fn texts(&self) -> [&str; 6] {
        let [credible, specific, impending] = self.reasons.all();
        [&self.reason, credible, specific, impending, &self.target, &self.nationality]
    }

    pub(super) fn found(self, acting: &Acting) -> Result<Found, Refusal> {
        let has_reason = !self.reason.trim().is_empty() || self.reasons.is_whole();
        if !has_reason || self.target.trim().is_empty() {
            let message = "a finding needs a reason, or one for each part, and who is threatened";
            return Err(Refusal::new(Code::Finding, message)
                .hint(Hint::Give { field: Field::ReasonAndTarget }));
        }
        for text in self.texts() {
            short(text)?;
            estimate::check(text)?;
        }
        if let Some(basis) = self.duty_basis.filter(|basis| !basis.covers(self.threat)) {
            let message = format!("`{basis}` is no basis for a threat of {}", self.threat.name());
            return Err(Refusal::new(Code::Finding, message)
                .advice("name another basis, such as echr-art2, agreement or voluntary"));
        }
        if let Some(aware) = self.aware_at.as_ref().filter(|aware| *aware > acting.at) {
            return Err(Refusal::new(Code::Future, format!("{aware} is in the future")));
        }
        Ok(Found { finding: self, by: acting.by.clone(), at: acting.at.clone() })
    }
}
