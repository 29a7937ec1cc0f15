//! Who stands behind a source's handle. Nobody reads it but whom the organisation has named for that,
//! each reading is on record, and the gate keeps the name from every partner.

use crate::code::Code;
use crate::gate::{self, Withheld, WithheldKind};
use crate::name::UserName;
use crate::refusal::{Refusal, give_reason};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Most handles with a name. All names are looked for in whatever leaves: a thousand of them are read
/// with each release.
pub const MAX_HANDLES: usize = 1_000;
/// Most names that were ever kept and not forgotten, corrected ones too.
pub const MAX_NAMES: usize = 4_000;
/// Most characters of a name, and of a handle.
const MAX_NAME: usize = 200;
/// Most characters of how somebody is reached, and of a cover text.
const MAX_WORDS: usize = 2_000;
/// How many readings of a name are shown beside it, the newest; the journal has all.
const MAX_LOOKS: usize = 100;

/// Who a source is. It is never printed by mistake: its debugging form has no words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceName {
    /// The true name.
    pub name: String,
    /// How the source is reached; perhaps empty.
    #[serde(default)]
    pub contact: String,
    /// What may be said to the source in the place of what happened, such as with a partner's thanks;
    /// perhaps empty.
    #[serde(default)]
    pub cover: String,
}

impl fmt::Debug for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceName(…)")
    }
}

impl SourceName {
    /// Without its words: what the journal keeps.
    pub fn blank(&self) -> SourceName {
        SourceName { name: String::new(), contact: String::new(), cover: String::new() }
    }

    fn check(&self, handle: &str) -> Result<(), Refusal> {
        Withheld::check_handle(handle)?;
        let bad = |why: String| Refusal::new(Code::BadName, why);
        if self.name.trim().is_empty() {
            return Err(bad("the file gives no name of the source".to_owned())
                .advice("write it as a line `name: …`"));
        }
        for (what, text, most) in [
            ("the source's name", &self.name, MAX_NAME),
            ("the handle", &handle.to_owned(), MAX_NAME),
            ("how the source is reached", &self.contact, MAX_WORDS),
            ("the cover text", &self.cover, MAX_WORDS),
        ] {
            if text.chars().count() > most {
                let message = format!("{what} has at most {most} characters");
                return Err(Refusal::new(Code::TooLong, message));
            }
        }
        let name = Withheld::new(WithheldKind::SourceName, self.name.as_str());
        // Said without the name: whoever reads the refusal in the journal may not know it.
        if name.check().is_err() {
            return Err(bad(
                "the gate could not look for this name: it is too short, or nearly every text has its words"
                    .to_owned(),
            ));
        }
        let secret = [name, Withheld::new(WithheldKind::Source, handle)];
        if gate::check_text(&self.cover, &secret).is_err() {
            let why = "the cover text holds the source's name or handle: it is there to hide both";
            return Err(bad(why.to_owned()));
        }
        Ok(())
    }
}

/// That somebody has read a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceLook {
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A name as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptName {
    /// The source's handle.
    pub source: String,
    /// Who it is.
    pub known: SourceName,
    /// Who has kept it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Which command: made from its seed. The journal keeps no name, and finds it by this.
    pub made: Hash,
    /// Who has read it, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<SourceLook>,
}

/// All names. A corrected one stays, since texts may hold it; only to forget it takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNames {
    all: Vec<KeptName>,
}

impl SourceNames {
    /// With one more.
    ///
    /// # Errors
    /// It cannot be looked for, is too long, or there are too many.
    pub fn keep(mut self, kept: KeptName) -> Result<SourceNames, Refusal> {
        kept.known.check(&kept.source)?;
        let handles: BTreeSet<&str> = self.handles().collect();
        let is_new = !handles.contains(kept.source.as_str());
        if self.all.len() >= MAX_NAMES || (is_new && handles.len() >= MAX_HANDLES) {
            let message = format!("at most {MAX_HANDLES} sources have a name here");
            return Err(Refusal::new(Code::Stage, message).advice("forget some that are over"));
        }
        self.all.push(kept);
        Ok(self)
    }

    /// After somebody has read one.
    ///
    /// # Errors
    /// There is none, or no reason.
    pub fn look(mut self, source: &str, look: SourceLook) -> Result<SourceNames, Refusal> {
        give_reason(&look.reason, "say why you must know: who asked, and what for")?;
        let found = self.all.iter_mut().rev().find(|one| one.source == source);
        let found = found.ok_or_else(|| Refusal::unknown("name behind source", source))?;
        found.looks.push(look);
        let over = found.looks.len().saturating_sub(MAX_LOOKS);
        found.looks.drain(..over);
        Ok(self)
    }

    /// Without any name of a source.
    ///
    /// # Errors
    /// There is none, or no reason.
    pub fn forget(mut self, source: &str, reason: &str) -> Result<SourceNames, Refusal> {
        give_reason(reason, "say why it is forgotten")?;
        let before = self.all.len();
        self.all.retain(|one| one.source != source);
        if self.all.len() == before {
            return Err(Refusal::unknown("name behind source", source));
        }
        Ok(self)
    }

    /// The name that a source has now.
    pub fn of(&self, source: &str) -> Option<&KeptName> {
        self.all.iter().rev().find(|one| one.source == source)
    }

    /// What one command kept.
    pub fn made_by(&self, made: Hash) -> Option<&KeptName> {
        self.all.iter().find(|one| one.made == made)
    }

    /// The names that sources have now, by their handles.
    pub fn newest(&self) -> Vec<&KeptName> {
        let handles: BTreeSet<&str> = self.handles().collect();
        handles.into_iter().filter_map(|handle| self.of(handle)).collect()
    }

    fn handles(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|one| one.source.as_str())
    }

    /// What must reach nobody: every name, and every handle.
    pub fn withheld(&self) -> Vec<Withheld> {
        let names = self.all.iter().map(|one| one.known.name.as_str());
        let names = names.map(|name| Withheld::new(WithheldKind::SourceName, name));
        let handles: BTreeSet<&str> = self.handles().collect();
        let handles = handles.into_iter().map(|one| Withheld::new(WithheldKind::Source, one));
        names.chain(handles).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(source: &str, name: &str, cover: &str) -> KeptName {
        let known = SourceName { name: name.into(), contact: String::new(), cover: cover.into() };
        KeptName {
            source: source.into(),
            known,
            by: UserName::parse("sven").unwrap(),
            at: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
            made: Hash::of(name.as_bytes()),
            looks: Vec::new(),
        }
    }

    #[test]
    fn a_name_is_looked_for_and_no_objection_says_whose_it_is() {
        let names = SourceNames::default().keep(kept("HERON-7", "Boris Orlow", "")).unwrap();
        for text in ["said by Boris Orlow", "ORLOW knows", "Борис Орлов", "HERON 7 says"]
        {
            let found = gate::check_text(text, &names.withheld());
            let found = found.expect_err(text);
            assert!(found.iter().all(|one| !one.message.contains("Boris Orlow")), "{found:?}");
        }
        assert!(gate::check_text("a bombing is planned", &names.withheld()).is_ok());
    }

    #[test]
    fn what_a_corrected_name_was_stays_withheld_until_it_is_forgotten() {
        let names = SourceNames::default().keep(kept("HERON-7", "Boris Orlow", "")).unwrap();
        let names = names.keep(kept("HERON-7", "Pavel Sokolov", "")).unwrap();
        assert_eq!(names.of("HERON-7").unwrap().known.name, "Pavel Sokolov");
        assert!(gate::check_text("Orlow", &names.withheld()).is_err());
        assert!(names.clone().forget("HERON-7", " ").is_err());
        assert!(names.clone().forget("CRANE-1", "x").is_err());
        assert!(names.forget("HERON-7", "retired").unwrap().withheld().is_empty());
    }

    #[test]
    fn a_name_that_cannot_be_looked_for_is_refused_and_the_refusal_does_not_say_it() {
        for (name, cover) in [("", ""), ("An", ""), ("Boris Orlow", "Thanks, Mr Orlow")] {
            let refused = SourceNames::default().keep(kept("HERON-7", name, cover)).unwrap_err();
            assert!(!refused.message.contains("Orlow"), "{refused:?}");
        }
        assert!(!format!("{:?}", kept("HERON-7", "Boris Orlow", "")).contains("Orlow"));
    }

    #[test]
    fn nobody_reads_a_name_without_a_reason_and_who_did_stands_beside_it() {
        let names = SourceNames::default().keep(kept("HERON-7", "Boris Orlow", "")).unwrap();
        let look = |reason: &str| SourceLook {
            by: UserName::parse("sven").unwrap(),
            at: Timestamp::parse("2026-01-02T00:00:00Z").unwrap(),
            reason: reason.into(),
        };
        assert!(names.clone().look("HERON-7", look(" ")).is_err());
        let names = names.look("HERON-7", look("he is in danger")).unwrap();
        assert_eq!(names.of("HERON-7").unwrap().looks.len(), 1);
    }
}
