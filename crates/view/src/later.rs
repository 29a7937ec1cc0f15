//! What comes after a release, for people: until when the warning holds, and what is owed.

use crate::case::CaseParts;
use crate::text;
use forewarn_exchange::talk::Compliance;

/// Until when it holds, and what the partner owes for later words on it.
pub(crate) fn lines(case: &CaseParts) -> Vec<String> {
    let mut lines = Vec::new();
    match (&case.horizon, &case.expired) {
        (Some(horizon), Some(_)) => {
            lines.push(format!("EXPIRED: it held until {}", text::time(&horizon.until)));
        }
        (Some(horizon), None) => {
            lines.push(format!("it holds until {}", text::time(&horizon.until)));
        }
        (None, _) => {}
    }
    if let Some(owed) = &case.owed {
        let (word, at) = (owed.word.name(), text::time(&owed.at));
        let answered = owed.answered.map_or("NOT ANSWERED", Compliance::name);
        lines.push(format!("the {word} of {at}: {answered}"));
    }
    lines
}
