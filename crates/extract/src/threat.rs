//! Words that tell what kind of harm a text speaks of.

use crate::Span;
use crate::words::{Phrases, Words};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The kinds of threat that give rise to a duty to warn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Threat {
    /// Intentional killing.
    Killing,
    /// Serious bodily injury.
    SeriousBodilyInjury,
    /// Kidnapping.
    Kidnapping,
    /// Destruction of a place or thing.
    Destruction,
    /// Disruption of a service.
    Disruption,
    /// Compromise of a system.
    Compromise,
}

impl Threat {
    /// Its word, as it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Threat::Killing => "killing",
            Threat::SeriousBodilyInjury => "serious-bodily-injury",
            Threat::Kidnapping => "kidnapping",
            Threat::Destruction => "destruction",
            Threat::Disruption => "disruption",
            Threat::Compromise => "compromise",
        }
    }
}

/// Each kind with the words that stand for it, folded.
const WORDS: &[(Threat, &[&str])] = &[
    (
        Threat::Killing,
        &[
            "kill",
            "kills",
            "killed",
            "killing",
            "murder",
            "murdered",
            "assassinate",
            "assassinated",
            "assassination",
            "massacre",
            "execute",
            "shot dead",
            "suicide bomber",
            "suicide bombing",
        ],
    ),
    (
        Threat::SeriousBodilyInjury,
        &["wound", "wounded", "injure", "injured", "maim", "stab", "stabbed"],
    ),
    (
        Threat::Kidnapping,
        &[
            "kidnap",
            "kidnapped",
            "kidnapping",
            "kidnappings",
            "abduct",
            "abducted",
            "abduction",
            "hostage",
            "hostages",
        ],
    ),
    (
        Threat::Destruction,
        &[
            "bomb",
            "bombs",
            "bombed",
            "bombing",
            "bombings",
            "explosive",
            "explosives",
            "explosion",
            "blow up",
            "blew up",
            "blown up",
            "dynamite",
            "arson",
            "sabotage",
            "car bomb",
            "attack",
            "attacks",
            "attacked",
        ],
    ),
    (Threat::Disruption, &["denial of service", "ddos", "outage", "jamming", "blockade"]),
    (
        Threat::Compromise,
        &[
            "malware",
            "ransomware",
            "spyware",
            "phishing",
            "intrusion",
            "backdoor",
            "exfiltrate",
            "exfiltration",
            "exploit",
            "compromised",
        ],
    ),
];

/// A word of the text that stands for a kind of threat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreatMention {
    /// The kind.
    pub kind: Threat,
    /// The word, folded.
    pub word: &'static str,
    /// Where in the text.
    pub span: Span,
}

/// Each word with its kind.
static TABLE: LazyLock<Phrases<Option<(Threat, &'static str)>>> = LazyLock::new(|| {
    let mut table: Phrases<Option<(Threat, &'static str)>> = Phrases::default();
    for (kind, words) in WORDS {
        for word in *words {
            if let Some(value) = table.insert(&Words::new(word)) {
                *value = Some((*kind, *word));
            }
        }
    }
    table
});

/// Every such word, in order; of overlapping ones the longest.
pub fn find(words: &Words) -> Vec<ThreatMention> {
    let mut found = Vec::new();
    TABLE.longest(words, &mut |first, behind, known| {
        if let Some((kind, word)) = *known {
            found.push(ThreatMention { kind, word, span: words.span(first, behind) });
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_longest() {
        let kinds: Vec<(Threat, &str)> =
            find(&Words::new("They blew up a bridge; skills; a car bomb."))
                .iter()
                .map(|m| (m.kind, m.word))
                .collect();
        assert_eq!(kinds, [(Threat::Destruction, "blew up"), (Threat::Destruction, "car bomb")]);
    }

    #[test]
    fn a_kind_is_named_as_it_is_written() {
        for (kind, _) in WORDS {
            let written: Threat = serde_json::from_value(kind.name().into()).unwrap();
            assert_eq!(written, *kind);
        }
    }
}
