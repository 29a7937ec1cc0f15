//! Words that say which kind of threat a text is about.

use crate::Span;
use crate::words::{Phrases, Words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The kinds of threat that give rise to a duty to warn. Serialised as [`Threat::name`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Threat {
    /// The intentional killing of people.
    Killing,
    /// Serious injury of people, short of killing.
    SeriousBodilyInjury,
    /// The abduction of people, or taking them hostage.
    Kidnapping,
    /// The destruction of a place or thing: a bomb, arson, sabotage.
    Destruction,
    /// The disruption of a service: denial of service, jamming, a blockade.
    Disruption,
    /// The compromise of a system: malware, phishing, an intrusion.
    Compromise,
}

impl Threat {
    /// Every one.
    pub const ALL: &'static [Threat] = &[
        Threat::Killing,
        Threat::SeriousBodilyInjury,
        Threat::Kidnapping,
        Threat::Destruction,
        Threat::Disruption,
        Threat::Compromise,
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Threat> {
        let all = WORDS.iter().map(|(kind, _)| *kind);
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// The name of the kind in files, messages and on the command line: `serious-bodily-injury`.
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

/// The words for each kind, in folded form (see [`crate::fold`]).
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

/// One place in a text where a word for a kind of threat stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreatMention {
    /// The kind of threat that the word stands for.
    pub kind: Threat,
    /// The word or phrase as this module lists it, folded: not the spelling in the text.
    pub word: &'static str,
    /// Where it stands in the text.
    pub span: Span,
}

/// Each word with its kind, for the search. `None` only while a word is being inserted.
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

/// Finds every word for a kind of threat, in the text's order; of overlapping ones, the longest.
pub fn find(words: &Words) -> Vec<ThreatMention> {
    let mut found = Vec::new();
    TABLE.longest(words, &mut |first, end, known| {
        if let Some((kind, word)) = *known {
            found.push(ThreatMention { kind, word, span: words.span(first, end) });
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
