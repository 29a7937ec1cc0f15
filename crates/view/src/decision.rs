//! Findings and decisions in words.

use crate::text;
use forewarn_exchange::case::{Decided, Decision, Finding, Found};
use forewarn_exchange::waiver::{KnownTo, Waived, WaiverFacts};

/// A finding with its reasons: a line, and further ones below it.
pub(crate) fn finding(found: &Found) -> Vec<String> {
    let Found { finding, by, .. } = found;
    let Finding { reasons, target, threat, reason, nationality, .. } = finding;
    let why = if reason.trim().is_empty() { "by its parts" } else { reason.as_str() };
    let mut lines = vec![format!(
        "finding by {by}: credible {}, specific {}, impending {}; {} of {}: {}",
        text::yes_no(finding.credible),
        text::yes_no(finding.specific),
        text::yes_no(finding.impending),
        threat.name(),
        text::line(target),
        text::line(why),
    )];
    for (part, reason) in [
        ("credible", &reasons.credible),
        ("specific", &reasons.specific),
        ("impending", &reasons.impending),
        ("nationality", nationality),
    ] {
        if !reason.is_empty() {
            lines.push(format!("  {part}: {}", text::line(reason)));
        }
    }
    lines.extend(finding.duty_basis.map(|basis| format!("  basis of the duty: {basis}")));
    let aware = finding.aware_at.as_ref();
    lines.extend(aware.map(|at| format!("  aware of it since {}", text::time(at))));
    // Never in one line: a reader would take the one for the other.
    lines.extend(finding.likelihood.map(|one| format!("  likelihood: {}", one.words())));
    lines.extend(finding.confidence.map(|one| format!("  confidence: {one}")));
    for wording in finding.wording() {
        lines.push(format!("  NOTE: {}", text::line(&wording.to_string())));
    }
    lines
}

/// A decision with its reason: a line, and further ones below it.
pub(crate) fn decision(decided: &Decided) -> Vec<String> {
    let Decided { decision, by, seconded_by, waived, .. } = decided;
    let second = seconded_by.as_ref().map(|one| format!(", approved by {one}"));
    let mut lines = vec![format!(
        "decision by {by}{}: {}: {}",
        second.unwrap_or_default(),
        decision.word(),
        text::line(decision.reason())
    )];
    match decision {
        Decision::Warn { .. } | Decision::NotMet { .. } => {}
        Decision::Waive { code, review_at, facts: of, .. } => {
            lines.push(format!("  ground: {}{}", code.word(), under(waived.as_ref())));
            lines.extend(facts(of).into_iter().map(|line| format!("  {line}")));
            let review = review_at.as_ref();
            lines.extend(review.map(|at| format!("  looked at again by {}", text::time(at))));
        }
        Decision::Refer { to, answer_by, .. } => {
            lines.push(format!("  to {}", text::line(to)));
            let answer = answer_by.as_ref();
            lines.extend(answer.map(|at| format!("  an answer is expected by {}", text::time(at))));
        }
    }
    lines
}

fn under(waived: Option<&Waived>) -> String {
    let Some(Waived { profile, seniority }) = waived else { return String::new() };
    let senior = seniority.as_ref().map(|senior| format!(", decided as {senior}"));
    format!(", of the profile {}{}", profile.word(), senior.unwrap_or_default())
}

/// What a waiver rests on, a line each.
pub(crate) fn facts(facts: &WaiverFacts) -> Vec<String> {
    let WaiverFacts { consulted, known_to, tried } = facts;
    let mut lines = Vec::new();
    lines.extend(known_to.as_ref().map(|KnownTo { who, since }| {
        format!("known to {} since {}", text::line(who), text::time(since))
    }));
    for (what, list) in [("tried", tried), ("consulted", consulted)] {
        let all: Vec<String> = list.iter().map(|one| text::line(one)).collect();
        if !all.is_empty() {
            lines.push(format!("{what}: {}", all.join(", ")));
        }
    }
    lines
}
