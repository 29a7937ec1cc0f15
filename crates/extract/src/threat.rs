//! Words that tell what kind of harm a text speaks of.

use crate::Span;
use crate::fold::Folded;
use aho_corasick::{AhoCorasick, MatchKind};
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
pub struct Mention {
    /// The kind.
    pub kind: Threat,
    /// The word, folded.
    pub word: &'static str,
    /// Where in the text.
    pub span: Span,
}

struct Words {
    automaton: AhoCorasick,
    list: Vec<(Threat, &'static str)>,
}

static TABLE: LazyLock<Words> = LazyLock::new(|| {
    let list: Vec<(Threat, &'static str)> = WORDS
        .iter()
        .flat_map(|(kind, words)| words.iter().map(move |word| (*kind, *word)))
        .collect();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(list.iter().map(|(_, word)| word))
        .unwrap_or_else(|_| unreachable!("the words are a table of this file"));
    Words { automaton, list }
});

/// Every such word, in order.
pub fn find(text: &str) -> Vec<Mention> {
    let folded = Folded::new(text);
    TABLE
        .automaton
        .find_iter(folded.text())
        .filter(|hit| folded.is_whole(hit.start(), hit.end()))
        .filter_map(|hit| {
            let (kind, word) = TABLE.list.get(hit.pattern().as_usize())?;
            let span = folded.original(hit.start(), hit.end());
            Some(Mention { kind: *kind, word, span })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_longest() {
        let kinds: Vec<(Threat, &str)> = find("They blew up a bridge; skills; a car bomb.")
            .iter()
            .map(|m| (m.kind, m.word))
            .collect();
        assert_eq!(kinds, [(Threat::Destruction, "blew up"), (Threat::Destruction, "car bomb")]);
    }
}
