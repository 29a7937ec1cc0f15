//! What came of a warning, counted: the facts of all outcomes but those that a later one corrects.

use crate::scale::OutcomeKind;
use crate::talk::{Said, Statement};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How many of one kind, all outcomes together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Net {
    /// What came about.
    pub kind: OutcomeKind,
    /// How many.
    pub count: u64,
}

/// The indices of the outcomes that stand: none corrects them.
fn standing(talk: &[Said]) -> BTreeSet<u64> {
    let outcomes = talk.iter().filter(|one| matches!(one.statement, Statement::Outcome { .. }));
    let mut all: BTreeSet<u64> = outcomes.map(|one| one.entry.index).collect();
    for one in talk {
        if let Statement::Outcome { corrects: Some(index), .. } = &one.statement {
            all.remove(index);
        }
    }
    all
}

/// The net counts, in the order in which the kinds were first told.
pub fn net(talk: &[Said]) -> Vec<Net> {
    let standing = standing(talk);
    let mut all: Vec<Net> = Vec::new();
    for one in talk.iter().filter(|one| standing.contains(&one.entry.index)) {
        let Statement::Outcome { facts, .. } = &one.statement else { continue };
        for fact in facts {
            match all.iter_mut().find(|net| net.kind == fact.kind) {
                Some(net) => net.count += u64::from(fact.count),
                None => all.push(Net { kind: fact.kind, count: u64::from(fact.count) }),
            }
        }
    }
    all
}

/// Whether an outcome may take the place of the one at this index.
pub(crate) fn may_correct(talk: &[Said], index: u64) -> bool {
    standing(talk).contains(&index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::UserName;
    use crate::scale::OutcomeFact;
    use forewarn_stix::Timestamp;
    use forewarn_transcript::{Hash, Reference};

    fn told(index: u64, facts: &[(OutcomeKind, u32)], corrects: Option<u64>) -> Said {
        let facts =
            facts.iter().map(|(kind, count)| OutcomeFact { kind: *kind, count: *count, on: None });
        let facts = facts.collect();
        let statement = Statement::Outcome { facts, text: String::new(), corrects };
        let at = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        let entry = Reference { log: "x".into(), index, hash: Hash::of(b"x") };
        Said::ours(statement, &UserName::parse("dora").unwrap(), (at, entry))
    }

    #[test]
    fn what_is_corrected_does_not_count_and_everything_else_does() {
        use OutcomeKind::{Arrested, Charged, Seized};
        let mut talk = vec![told(1, &[(Arrested, 7)], None), told(2, &[(Seized, 3)], None)];
        assert_eq!(net(&talk).iter().map(|one| one.count).collect::<Vec<_>>(), [7, 3]);
        talk.push(told(4, &[(Arrested, 5), (Charged, 5)], Some(1)));
        let counts = net(&talk);
        assert_eq!(counts[0], Net { kind: Seized, count: 3 });
        assert_eq!(counts[1], Net { kind: Arrested, count: 5 });
        // A correction may be corrected in turn; what was corrected may not be again.
        assert!(may_correct(&talk, 4) && may_correct(&talk, 2) && !may_correct(&talk, 1));
        assert!(!may_correct(&talk, 9));
    }
}
