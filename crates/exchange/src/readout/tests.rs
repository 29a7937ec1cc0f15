use super::published::{Known, Published, Verdict};
use super::*;
use crate::case::Acting;
use crate::drawn::Ids;
use crate::gate::{Withheld, WithheldKind};
use crate::id::CaseNumber;
use crate::message::Message;
use crate::post::Post;
use crate::{Code, Refusal};
use forewarn_transcript::channel::Party;
use forewarn_transcript::{Channel, Entry, Hash, SecretKey};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn channel() -> Channel {
    let party = |name: &str, seed| Party {
        name: name.into(),
        keys: SecretKey::from_seed(&[seed; 32]).keys(),
    };
    Channel::between(party("west.example", 1), party("east.example", 2)).unwrap()
}

fn about() -> Reference {
    Reference { log: "west".into(), index: 1, hash: Hash::of(b"warning") }
}

fn readout(partner: &str) -> Readout {
    let partner = NodeName::parse(partner).unwrap();
    Readout::begin(CaseNumber::new(1).into(), partner, Status::Exercise, about())
}

fn fact(count: u64) -> Stated {
    let entry = Reference { log: "east".into(), index: 4, hash: Hash::of(b"outcome") };
    let shows = Shows::Field { name: "facts".into(), path: "/0/count".into() };
    let fact = Fact { entry, shows };
    Stated { words: "seven people".into(), fact, value: Claim::Is(count.into()) }
}

fn document() -> Document {
    Document { text: "We warned. In it, seven people were held.".into(), stated: vec![fact(7)] }
}

/// One side: its readout and its log.
struct Side {
    readout: Readout,
    post: Post,
    withheld: Vec<Withheld>,
    commands: u64,
    /// The entry by which it has committed.
    committed: Option<Entry>,
}

type Act<'a> = &'a dyn Fn(Readout, &mut Speaking, &mut Acting) -> Result<Told, Refusal>;

impl Side {
    fn new(us: &str, partner: &str) -> Side {
        let post = Post { channel: channel(), us: us.into(), next: 5 };
        let (readout, withheld) = (readout(partner), Vec::new());
        Side { readout, post, withheld, commands: 0, committed: None }
    }

    fn write(&mut self, document: Document) -> Result<(), Refusal> {
        let (by, at) = (UserName::parse("ana").unwrap(), at("2017-12-16T08:00:00Z"));
        let mut ids = Ids::new(Hash::of(b"unused"));
        let acting = Acting { by: &by, at: &at, ids: &mut ids };
        let held = self.readout.clone();
        self.readout = held.write(document, SetAside::default(), &self.withheld, &acting)?;
        Ok(())
    }

    /// What it does, as the entry that the partner gets.
    fn does(&mut self, time: &str, act: Act) -> Result<(Entry, Reference, Message), Refusal> {
        self.commands += 1;
        let (by, at) = (UserName::parse("otto").unwrap(), at(time));
        let mut ids = Ids::new(Hash::of(format!("{}{}", self.post.us, self.commands).as_bytes()));
        let mut acting = Acting { by: &by, at: &at, ids: &mut ids };
        let mut speaking = Speaking { post: &mut self.post, withheld: &self.withheld };
        let told = act(self.readout.clone(), &mut speaking, &mut acting)?;
        self.readout = told.readout;
        let entry = Entry::parse(told.posted.carried.leaf.as_bytes()).unwrap();
        let fields = entry.opened(&told.posted.carried.disclosures).unwrap();
        let message = Message::read(&entry.kind, fields).unwrap();
        if entry.kind == "readout-committed" {
            self.committed = Some(entry.clone());
        }
        Ok((entry, told.posted.reference, message))
    }

    fn hears(
        &mut self,
        sent: (Entry, Reference, Message),
        committed: Option<&Entry>,
    ) -> Result<Heard, String> {
        let (entry, place, message) = sent;
        let at = entry.time.plus_minutes(1);
        let from = FromPartner { entry: &entry, place: &place, at: &at, committed };
        let (readout, heard) = self.readout.clone().hear(message, &from)?;
        self.readout = readout;
        Ok(heard)
    }
}

/// Both have written and committed, under an embargo that both have accepted.
fn both() -> (Side, Side) {
    let mut west = Side::new("west.example", "east.example");
    let mut east = Side::new("east.example", "west.example");
    west.write(document()).unwrap();
    east.write(document()).unwrap();
    let until = at("2017-12-17T12:00:00Z");
    let sent = west.does("2017-12-16T09:00:00Z", &|held, speaking, acting| {
        held.commit((&document(), Some(&until)), speaking, acting)
    });
    east.hears(sent.unwrap(), None).unwrap();
    let sent = east.does("2017-12-16T10:00:00Z", &|held, s, a| held.accept_embargo(s, a));
    west.hears(sent.unwrap(), None).unwrap();
    let sent =
        east.does("2017-12-16T10:05:00Z", &|held, s, a| held.commit((&document(), None), s, a));
    west.hears(sent.unwrap(), None).unwrap();
    (west, east)
}

fn reveal(
    side: &mut Side,
    time: &str,
    early: bool,
) -> Result<(Entry, Reference, Message), Refusal> {
    let none = SetAside::default();
    side.does(time, &|held, s, a| held.reveal(early, &none, s, a))
}

#[test]
fn digests_go_first_and_texts_follow_at_the_hour() {
    let (mut west, mut east) = both();
    assert_eq!(west.readout.embargo, Embargo::Active { until: at("2017-12-17T12:00:00Z") });
    assert_eq!(west.readout.embargo, east.readout.embargo);
    assert_eq!(west.readout.agreed().len(), 1);
    let refused = reveal(&mut west, "2017-12-17T11:59:00Z", false).unwrap_err();
    assert_eq!(refused.code, Code::Embargo);
    for time in ["2017-12-17T12:00:00Z", "2017-12-17T12:01:00Z"] {
        let sent = reveal(&mut west, time, false).unwrap();
        let heard = east.hears(sent, west.committed.as_ref()).unwrap();
        assert_eq!(heard, Heard::Revealed { early: false });
        std::mem::swap(&mut west, &mut east);
    }
    assert_eq!(compare(&document(), &document()).contradict, []);
}

#[test]
fn an_early_reveal_shows_as_such_on_both_sides_and_ends_the_embargo() {
    let (mut west, mut east) = both();
    let sent = reveal(&mut east, "2017-12-16T11:00:00Z", true).unwrap();
    assert!(matches!(east.readout.ours, Own::Revealed { early: true, .. }));
    let heard = west.hears(sent, east.committed.as_ref()).unwrap();
    assert_eq!(heard, Heard::Revealed { early: true });
    for (side, ours) in [(&west, false), (&east, true)] {
        let Embargo::Exited { how, .. } = &side.readout.embargo else { panic!("in force") };
        assert!(matches!(how, Exit::Published { ours: by, early: true, .. } if *by == ours));
    }
    // Ours may go now, and is not early: the embargo has ended.
    reveal(&mut west, "2017-12-16T11:10:00Z", false).unwrap();
    assert!(matches!(west.readout.ours, Own::Revealed { early: false, .. }));
    assert!(matches!(west.readout.note().unwrap().theirs, Theirs::Revealed { noted: true, .. }));
}

#[test]
fn only_the_text_that_was_committed_to_is_taken() {
    let (mut west, mut east) = both();
    let (entry, place, message) = reveal(&mut east, "2017-12-17T13:00:00Z", false).unwrap();
    let Message::ReadoutRevealed { salt, mut readout } = message else { panic!("not revealed") };
    readout.text = readout.text.replace("seven people were held", "seven people were seized");
    let changed = Message::ReadoutRevealed { salt, readout };
    let refused = west.hears((entry, place, changed), east.committed.as_ref()).unwrap_err();
    assert!(refused.contains("not the one that was committed to"), "{refused}");
}

#[test]
fn when_both_propose_at_once_both_hold_the_earlier_end() {
    let mut west = Side::new("west.example", "east.example");
    let mut east = Side::new("east.example", "west.example");
    let propose = |side: &mut Side, until: &str| {
        let until = at(until);
        let act: Act = &|held, s, a| held.propose_embargo(&until, s, a);
        side.does("2017-12-16T09:00:00Z", act).unwrap()
    };
    let first = propose(&mut west, "2017-12-18T12:00:00Z");
    let second = propose(&mut east, "2017-12-17T12:00:00Z");
    east.hears(first, None).unwrap();
    west.hears(second, None).unwrap();
    let ends = |side: &Side| side.readout.embargo.offer().cloned().unwrap();
    assert_eq!(ends(&west).until, at("2017-12-17T12:00:00Z"));
    assert_eq!((ends(&west).until, ends(&west).ours), (ends(&east).until, !ends(&east).ours));
    let sent = west.does("2017-12-16T09:05:00Z", &|held, s, a| held.accept_embargo(s, a));
    east.hears(sent.unwrap(), None).unwrap();
    assert_eq!(west.readout.embargo, east.readout.embargo);
}

#[test]
fn anybody_may_leave_and_says_whether_it_still_complies() {
    let (mut west, mut east) = both();
    let sent = west.does("2017-12-16T12:00:00Z", &|held, s, a| {
        held.leave_embargo((true, "the press has it"), s, a)
    });
    let heard = east.hears(sent.unwrap(), None).unwrap();
    assert_eq!(heard, Heard::Left { complies: true, reason: "the press has it".into() });
    assert!(matches!(east.readout.embargo, Embargo::Exited { .. }));
    let refused = west.does("2017-12-16T12:00:00Z", &|held, s, a| {
        held.propose_embargo(&at("2017-12-18T12:00:00Z"), s, a)
    });
    assert_eq!(refused.unwrap_err().code, Code::Embargo);
}

#[test]
fn what_is_withheld_from_anybody_never_stands_in_a_readout() {
    let mut west = Side::new("west.example", "east.example");
    west.withheld = vec![Withheld::new(WithheldKind::Name, "Anton Velikov")];
    let named = Document { text: "Anton Velikov was held.".into(), stated: Vec::new() };
    assert_eq!(west.write(named).unwrap_err().code, Code::Gate);
    let hidden = Stated { value: Claim::Is("Anton Velikov".into()), ..fact(7) };
    let hidden = Document { stated: vec![hidden], ..document() };
    assert_eq!(west.write(hidden).unwrap_err().code, Code::Gate);
    west.write(document()).unwrap();
}

#[test]
fn a_published_text_is_proven_contradicted_or_not_spoken_of() {
    let (mut west, _) = both();
    let committed = west.committed.clone().unwrap();
    reveal(&mut west, "2017-12-17T13:00:00Z", false).unwrap();
    let us = NodeName::parse("west.example").unwrap();
    let published = Published::ours(&west.readout, &us).unwrap();
    let bytes = serde_json::to_vec(&published).unwrap();
    let published = Published::parse(&bytes).unwrap();
    let commitment =
        Known { place: published.committed.clone(), entry: committed.clone(), fields: vec![] };
    let outcome = |count: u64| Known {
        place: fact(7).fact.entry,
        entry: committed.clone(),
        fields: vec![forewarn_transcript::disclosure::Field {
            name: "facts".into(),
            value: serde_json::json!([{ "kind": "detained", "count": count }]),
        }],
    };
    let all = published.judge(&[commitment.clone(), outcome(7)]);
    assert_eq!(all.commitment, Verdict::Proven {});
    assert_eq!(all.stated[0].verdict, Verdict::Proven {});
    assert_eq!(all.rest, ["We warned."]);
    let other = published.judge(&[commitment.clone(), outcome(2)]);
    assert_eq!(other.stated[0].verdict, Verdict::Contradicted { instead: "2".into() });
    assert!(other.is_contradicted());
    let none = published.judge(&[commitment]);
    assert!(matches!(none.stated[0].verdict, Verdict::Silent { .. }));
    assert!(!none.is_contradicted());
}

#[test]
fn two_texts_are_compared_by_what_they_count_and_name() {
    let ours = Document { text: "Seven suspects were detained.".into(), stated: vec![] };
    let theirs = Document { text: "Two suspects were arrested in custody.".into(), stated: vec![] };
    let compared = compare(&ours, &theirs);
    assert_eq!(compared.counts_ours, [Count { number: 7, of: "suspects".into() }]);
    assert_eq!(compared.counts_theirs, [Count { number: 2, of: "suspects".into() }]);
    assert_eq!(compared.words_ours, ["detained"]);
    assert_eq!(compared.words_theirs, ["arrested", "custody"]);
}
