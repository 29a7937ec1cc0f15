//! Why something is not valid: a refusal, or a flaw.

use serde::{Deserialize, Serialize};

/// One reason for which something is not valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Where in it: a JSON path.
    pub path: String,
    /// The rule that it breaks, by the name that `stix` gives it.
    pub rule: String,
    /// What is wrong and what was expected, in words.
    pub message: String,
}

/// Reasons or flaws in one line.
pub fn words(reasons: &[Reason]) -> String {
    let words = reasons.iter().map(|r| format!("{} ({} at {})", r.message, r.rule, r.path));
    words.collect::<Vec<_>>().join("; ")
}
