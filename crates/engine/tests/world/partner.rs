//! What the partner says, and what our people say about its warnings.

use super::{NODE, Taken, US, World, keys, node, object, user};
use forewarn_engine::{ReceiptWork, ReceiveWork, ShownWork};
use forewarn_exchange::act::{DutyAct, InboxAct, ReceivedAct};
use forewarn_exchange::action::ActionClass;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::{Subject, WarningNumber};
use forewarn_exchange::message::{Content, Message};
use forewarn_exchange::name::UserName;
use forewarn_exchange::permission::{self, Request, Verdict};
use forewarn_exchange::post::Post;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::talk::Statement;
use forewarn_matching::interest::{Clause, Interest};
use forewarn_stix::marking::Tlp;
use forewarn_transcript::batch::Carried;
use forewarn_transcript::{Hash, Reference};

fn permission_request() -> Request {
    let recipients = vec![node("north.example")];
    Request { parts: vec![permission::Part::Whole], recipients, reason: "it concerns them".into() }
}

impl World {
    pub(super) fn wrote(&mut self, carried: Carried) {
        self.tree.push(Hash::leaf(carried.leaf.as_bytes()));
        self.theirs.push(carried);
    }

    /// An entry of ours about a case that was released, or of a question, to be answered.
    fn some_entry_of_ours(&mut self) -> Option<Reference> {
        let case = self.case();
        let outgoing = self.core.store().db().outgoing(case).unwrap();
        outgoing.releases().first().map(|release| release.entry.clone())
    }

    pub(super) fn receive(&mut self) -> Vec<Taken> {
        let mut out = Vec::new();
        let channel = self.channel.clone().unwrap();
        let mut post =
            Post { channel: channel.clone(), us: NODE.into(), next: self.theirs.len() as u64 };
        let mut ids = Ids::new(Hash::of(format!("theirs {}", self.theirs.len()).as_bytes()));
        let warning = self.core.store().db().warning(WarningNumber::new(1)).unwrap();
        let about = warning.map(|warning| warning.entry);
        let (message, answers, kept) = match self.random.below(10) {
            0 | 1 => {
                let about = about.or_else(|| self.some_entry_of_ours());
                self.their_readout(about, &mut ids)
            }
            2 | 3 => {
                let (message, answers) = self.their_agreement();
                (message, answers, None)
            }
            _ => {
                let (message, answers) = self.some_message(&mut ids);
                (message, answers, None)
            }
        };
        let kept: Vec<_> = kept.into_iter().collect();
        let (time, status) = (self.time(), Status::Exercise);
        let posted = post.entry(&message, &kept, answers, (&time, status, &mut ids)).unwrap();
        self.wrote(posted.carried);
        if self.random.below(3) > 0 {
            out.push(self.bring());
        }
        if self.random.below(3) == 0 {
            let log = channel.log_of(US);
            let held = self.core.store().db().log(&log).unwrap().unwrap();
            let note = format!("a receipt for {}", held.size);
            let work = ReceiptWork { log, size: held.size, note };
            out.push(self.run(Actor::Partner(node(NODE)), work.into()));
        }
        out
    }

    /// What the partner has written and we do not hold is brought here.
    fn bring(&mut self) -> Taken {
        let channel = self.channel.clone().unwrap();
        let log = channel.log_of(NODE);
        let held = self.core.store().db().log(&log).unwrap().map_or(0, |row| row.size);
        let start = usize::try_from(held).unwrap();
        let size = self.theirs.len() as u64;
        let root = forewarn_transcript::tree::root(size, &|level, at| self.tree.get(level, at));
        let work = ReceiveWork {
            partner: node(NODE),
            log,
            start: held,
            entries: self.theirs[start..].to_vec(),
            opened: Vec::new(),
            size,
            root: root.unwrap(),
            by: keys(2),
            receipt: (self.random.below(2) == 0).then(|| format!("cosigned at {size}")),
            tokens: self.random.below(2) == 0,
        };
        self.run(Actor::Partner(node(NODE)), work.into())
    }

    fn some_message(&mut self, ids: &mut Ids) -> (Message, Option<Reference>) {
        let said = |statement| Message::said("duty", statement);
        match self.random.below(8) {
            0 => {
                let clause = Clause::Country("RU".into());
                let interest = Interest::of("our country", Urgency::Expected, vec![clause.into()]);
                let interest = Interest { id: ids.id("interest"), ..interest };
                (Message::Interest { interest }, None)
            }
            1 => {
                let bundle = serde_json::json!({"type": "bundle", "objects": [serde_json::from_slice::<serde_json::Value>(&object(77, 1, "x")).unwrap()]});
                let content = Content {
                    title: "EXERCISE: a threat".into(),
                    urgency: Urgency::Immediate,
                    tlp: Tlp::Red,
                    valid_until: self.time().plus_minutes(1_000),
                    persons: vec!["Dora Ek".into()],
                    bundle,
                };
                (Message::Warning(content), None)
            }
            2 => (said(Statement::Opened {}), self.some_entry_of_ours()),
            3 => {
                let text = "when?".to_owned();
                (said(Statement::Question { text }), self.some_entry_of_ours())
            }
            4 => {
                let (to, text) = ("all".to_owned(), "thank you".to_owned());
                (said(Statement::Thanks { to, text }), self.some_entry_of_ours())
            }
            5 => {
                let warning = self.core.store().db().warning(WarningNumber::new(1)).unwrap();
                let entry = warning.map(|warning| warning.entry);
                (Message::Recall { reason: "it is over".into() }, entry)
            }
            6 => (
                said(Statement::PermissionRequest(permission_request())),
                self.some_entry_of_ours(),
            ),
            // Answers nothing, and so is refused.
            _ => (said(Statement::Answer { text: "soon".into() }), None),
        }
    }

    pub(super) fn received(&mut self) -> Taken {
        let warning = WarningNumber::new(1 + i64::try_from(self.random.below(3)).unwrap());
        let text = "what is known?".to_owned();
        match self.random.below(8) {
            0 => {
                let (person, user) = ("Dora Ek".to_owned(), UserName::parse("dora").unwrap());
                let act = InboxAct::NamePerson { warning, person, user };
                return self.act(self::user("paula"), act);
            }
            1 => return self.run(user("dora"), ShownWork { warning, version: 1 }.into()),
            _ => {}
        }
        let statement = match self.random.below(6) {
            5 => Statement::PermissionRequest(permission_request()),
            0 => Statement::Opened {},
            1 => Statement::Accepted { note: "in hand".into() },
            2 => Statement::Question { text },
            3 => Statement::Action { text, class: Some(ActionClass::Block) },
            _ => Statement::Thanks { to: "all".into(), text },
        };
        if self.random.below(4) == 0 {
            let case = self.case();
            let questions = self.core.store().db().talk(Subject::Case(case)).unwrap();
            let index = questions.first().map_or(9, |said| said.entry.index);
            let text = "in the morning".to_owned();
            if self.random.below(2) == 0 {
                let reason = "not yet".to_owned();
                let verdict = Verdict { grants: Vec::new(), reason };
                let set_aside = SetAside::default();
                let permit = DutyAct::Permit { case, request: index, verdict, set_aside };
                return self.act(user("otto"), permit);
            }
            let set_aside = SetAside { texts: vec!["HERON".to_owned()], reason: String::new() };
            let answer = DutyAct::Answer { case, question: index, text, set_aside };
            return self.act(user("otto"), answer);
        }
        self.act(user("dora"), ReceivedAct::new(warning, statement))
    }
}
