//! The words of a warning: what the drafter wrote, and below it, for readers of every program, what
//! else is said of it.

use super::DraftRequest;
use crate::code::Code;
use crate::estimate;
use crate::refusal::Refusal;
use crate::scale::Status;

/// Exercise and test traffic says so in its title too (R17).
pub(crate) fn shown_title(title: &str, status: Status) -> String {
    match status {
        Status::Actual => title.to_owned(),
        Status::Exercise | Status::Test => format!("{}: {title}", status.name().to_uppercase()),
    }
}

/// Whether there is a title and a text, and whether their wording keeps likelihood and confidence
/// apart (ICD 203).
///
/// # Errors
/// [`Code::EmptyDraft`] without them, [`Code::Wording`] when a sentence mixes the two.
pub(super) fn check(request: &DraftRequest) -> Result<(), Refusal> {
    if request.title.trim().is_empty() || request.text.trim().is_empty() {
        return Err(Refusal::new(Code::EmptyDraft, "a draft needs a title and a text"));
    }
    let torn = request.tear_line.as_ref().map(|line| &line.text);
    [&request.title, &request.text]
        .into_iter()
        .chain(torn)
        .try_for_each(|text| estimate::check(text).map(drop))
}

/// The report's description. Likelihood and confidence stand in sentences of their own.
pub(super) fn description(request: &DraftRequest) -> String {
    let grading = &request.grading;
    let mut below = Vec::new();
    if !request.include.times.is_empty() {
        below.push(format!("When: {}", request.include.times.join("; ")));
    }
    below
        .extend(request.likelihood.map(|likelihood| format!("Likelihood: {}", likelihood.words())));
    below.extend(grading.confidence.map(|confidence| format!("Confidence: {confidence}")));
    below.extend(grading.severity.map(|severity| format!("Severity: {}", severity.name())));
    below.extend(grading.certainty.map(|certainty| format!("Certainty: {}", certainty.name())));
    below.extend(request.handling.lines());
    let mut description = request.text.clone();
    for line in below {
        description.push_str("\n\n");
        description.push_str(&line);
    }
    description
}
