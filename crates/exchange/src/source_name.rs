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
/// Least letters and digits of a number or an address by which somebody is reached, and most of these.
const MIN_REACHED: usize = 5;
const MAX_REACHED: usize = 20;
/// Least digits of a telephone number.
const MIN_NUMBER: usize = 6;
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

    /// The numbers and addresses by which the source is reached: each gives it away as its name does.
    fn reached(&self) -> Vec<Withheld> {
        let one = |text: &str| Withheld::new(WithheldKind::SourceContact, text);
        let mut all: Vec<Withheld> = numbers(&self.contact).iter().map(|text| one(text)).collect();
        let separates =
            |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"');
        for word in self.contact.split(separates) {
            let word = word.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?'));
            match word.split_once('@') {
                // What somebody is called by a service, and an address, which its first part is enough of.
                Some(("", name)) => all.push(one(name)),
                Some((name, _)) => all.extend([one(word), one(name)]),
                None => {
                    let rest = word.split_once("://").map(|(_, rest)| rest);
                    let rest = rest.or_else(|| word.strip_prefix("www."));
                    all.extend(rest.map(|rest| one(rest.trim_start_matches("www."))));
                }
            }
        }
        all.retain(|one| one.text.chars().filter(|c| c.is_alphanumeric()).count() >= MIN_REACHED);
        all.truncate(MAX_REACHED);
        all
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
        let mut secret = vec![name, Withheld::new(WithheldKind::Source, handle)];
        secret.extend(self.reached());
        if gate::check_text(&self.cover, &secret).is_err() {
            let why = "the cover text holds the source's name or handle, or how it is reached: it is there to hide them";
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

    /// What must reach nobody: every name, how each source is reached, and every handle.
    pub fn withheld(&self) -> Vec<Withheld> {
        let names = self.all.iter().map(|one| one.known.name.as_str());
        let names = names.map(|name| Withheld::new(WithheldKind::SourceName, name));
        let handles: BTreeSet<&str> = self.handles().collect();
        let handles = handles.into_iter().map(|one| Withheld::new(WithheldKind::Source, one));
        let reached = self.all.iter().flat_map(|one| one.known.reached());
        names.chain(reached).chain(handles).collect()
    }
}

/// Runs of digits as telephone numbers are grouped.
fn numbers(text: &str) -> Vec<String> {
    let groups =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '/' | '(' | ')' | ' ');
    let runs = text.split(|c: char| !groups(c)).map(str::trim);
    let is_number = |run: &&str| run.chars().filter(char::is_ascii_digit).count() >= MIN_NUMBER;
    runs.filter(is_number).map(str::to_owned).collect()
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
    fn how_a_source_is_reached_is_looked_for_and_no_objection_says_it() {
        let mut one = kept("HERON-7", "Boris Orlow", "");
        one.known.contact =
            "+43 664 1234567, umbrella.man@posteo.example; @quill_feather or https://meet.example/u/17".into();
        let names = SourceNames::default().keep(one.clone()).unwrap();
        for text in [
            "call 0664 1234567",
            "0043-664/1234567 rang",
            "mail umbrella.man@posteo.example",
            "umbrella man has written",
            "quill_feather said so",
            "see meet.example/u/17",
        ] {
            let found = gate::check_text(text, &names.withheld()).expect_err(text);
            assert!(found.iter().all(|one| !one.message.contains("posteo")), "{found:?}");
        }
        assert!(gate::check_text("a man with an umbrella, 17 at 664", &names.withheld()).is_ok());
        one.known.cover = "A friend at umbrella.man@posteo.example says thanks".into();
        assert!(SourceNames::default().keep(one).is_err());
    }

    /// A source called as everyday words are shut the gate for everybody, and nobody could say otherwise.
    #[test]
    fn an_everyday_word_of_a_name_is_set_aside_as_it_is_written_and_nothing_else_is() {
        let names = SourceNames::default().keep(kept("WREN-1", "Rose Church", "")).unwrap();
        let mut withheld = names.withheld();
        let found = gate::check_text("a bomb in a church is planned", &withheld).unwrap_err();
        assert!(found.iter().all(|one| one.strength == gate::Strength::Possible), "{found:?}");
        assert!(found[0].message.contains("“church” may mean a name"), "{found:?}");
        let aside = |texts: &[&str]| gate::SetAside {
            texts: texts.iter().map(|one| (*one).to_owned()).collect(),
            reason: String::new(),
        };
        // Neither the name nor what has nothing to do with it.
        for wrong in ["Rose Church", "harbour"] {
            assert!(gate::set_aside_known(&mut withheld, &aside(&[wrong])).is_err(), "{wrong}");
        }
        gate::set_aside_known(&mut withheld, &aside(&["church"])).unwrap();
        assert!(gate::check_text("a bomb in a church is planned", &withheld).is_ok());
        for text in ["Rose Church told us", "a rose in a church", "rosechurch"] {
            assert!(gate::check_text(text, &withheld).is_err(), "{text}");
        }
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
