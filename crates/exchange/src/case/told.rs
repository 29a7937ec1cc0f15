//! What was told about a case beside the channel: read out once it was released, or in imminent
//! danger before a second person had agreed.

use super::{Acting, Case, Outgoing, Stage, out_of_turn};
use crate::code::Code;
use crate::gate::{self, Withheld};
use crate::message::Message;
use crate::post::{Post, Posted};
use crate::refusal::{Hint, Refusal};
use crate::talk::{Said, Statement};
use crate::told::{Ahead, AheadFate, MAX_AHEAD, TellRequest, Told, ToldStands, Way, check_words};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Reference;
use serde_json::{Value, json};

/// What is said of a telling in our log to the partner: the statement, and the entry that carries it.
pub type Mirrored = (Said, Posted);

impl Case {
    /// What was released, or that it was recalled, was told to somebody. It is written into the
    /// channel; and where somebody has heard it, the clock stands: they know.
    ///
    /// # Errors
    /// Nothing was released, or who or when is wrong.
    pub fn tell(
        mut self,
        outgoing: &Outgoing,
        (request, withheld): (&TellRequest, &[Withheld]),
        post: &mut Post,
        acting: &mut Acting,
    ) -> Result<(Case, Mirrored), Refusal> {
        let (entry, since) = newest(outgoing).ok_or_else(|| {
            let why = "nothing is released yet that could be read out";
            out_of_turn(self.number, self.stage(), why).advice(
                "release it first; or, in imminent danger, give --imminent with what is said",
            )
        })?;
        let at = request.check(&since, acting.at)?;
        let last = outgoing.releases().last().map(|release| &release.draft);
        if let Some(draft) = last {
            request.is_for(draft.persons())?;
            if request.way == Way::PublicAlert && draft.tlp > Tlp::Clear {
                let message = format!("it is {}: a public alert is TLP:CLEAR", draft.tlp);
                return Err(Refusal::new(Code::Marking, message));
            }
        }
        let to = gate::check_text(&request.to, withheld).map_err(|list| gate::shut(&list))?;
        let deliverer = request.deliverer.clone().unwrap_or_else(|| acting.by.to_string());
        let stands = ToldStands::Released {};
        let told = Told { way: request.way, to, at: at.clone(), words: String::new(), stands };
        let mirrored = self.says(told, (&deliverer, ""), (post, &entry), acting)?;
        if request.way.reaches() {
            self.told_at = Some(at);
        }
        Ok((self.settled(), mirrored))
    }

    /// Somebody is told in imminent danger, before a second person has agreed to what is said.
    ///
    /// # Errors
    /// The case is over, the gate is shut for the words, or who or when is wrong.
    pub fn tell_ahead(
        mut self,
        outgoing: &Outgoing,
        (request, words, withheld): (&TellRequest, &str, &[Withheld]),
        acting: &mut Acting,
    ) -> Result<Case, Refusal> {
        let stage = self.stage();
        match stage {
            Stage::Open | Stage::Found | Stage::ToWarn | Stage::Drafted | Stage::Released => {}
            Stage::Closed | Stage::Expired | Stage::Recalled => {
                let why = "there is nothing to warn of any more";
                return Err(out_of_turn(self.number, stage, why));
            }
        }
        if request.way == Way::PublicAlert {
            let message = "what everybody is told takes two persons before it is said";
            return Err(Refusal::new(Code::SamePerson, message)
                .advice("tell the partner by telephone, and release a draft for the public"));
        }
        if self.ahead.iter().filter(|one| one.due().is_some()).count() >= MAX_AHEAD {
            let message = format!(
                "{MAX_AHEAD} tellings of case {} wait for a second person already",
                self.number
            );
            return Err(Refusal::new(Code::TooMany, message).advice(
                "let a second person confirm or strike them; or release the draft and read it out",
            ));
        }
        let at = request.check(&self.opened, acting.at)?;
        check_words(words)?;
        if let Some(draft) = outgoing.last() {
            request.is_for(draft.persons())?;
        }
        for text in [words, &request.to] {
            gate::check_text(text, withheld).map_err(|list| gate::shut(&list))?;
        }
        self.ahead.push(Ahead {
            number: u32::try_from(self.ahead.len() + 1).unwrap_or(u32::MAX),
            way: request.way,
            to: request.to.clone(),
            at,
            words: words.to_owned(),
            deliverer: request.deliverer.clone().unwrap_or_else(|| acting.by.to_string()),
            by: acting.by.clone(),
            recorded: acting.at.clone(),
            fate: AheadFate::Waiting {},
            mirrored: false,
        });
        Ok(self)
    }

    /// A second person stands by what was told.
    ///
    /// # Errors
    /// There is no such, it was decided, or it is the same person.
    pub fn confirm(mut self, number: u32, acting: &Acting) -> Result<Case, Refusal> {
        self.ahead_mut(number)?.confirm(acting.by, acting.at)?;
        Ok(self)
    }

    /// What was told does not hold, and whoever was told knows that.
    ///
    /// # Errors
    /// There is no such, it was decided, it is the same person, a reason is missing, or the gate is
    /// shut for it.
    pub fn strike(
        mut self,
        number: u32,
        (reason, taken_back): (&str, &str),
        withheld: &[Withheld],
        acting: &Acting,
    ) -> Result<Case, Refusal> {
        self.ahead_mut(number)?.strike((reason, taken_back), (acting.by, acting.at))?;
        gate::check_text(reason, withheld).map_err(|list| gate::shut(&list))?;
        Ok(self)
    }

    /// Writes into the channel what was told ahead and is decided, once there is a warning that it
    /// belongs to. What is withheld by now does not cross; what was said is committed to.
    ///
    /// # Errors
    /// An entry cannot be made.
    pub fn mirror(
        mut self,
        outgoing: &Outgoing,
        withheld: &[Withheld],
        post: &mut Post,
        acting: &mut Acting,
    ) -> Result<(Case, Vec<Mirrored>), Refusal> {
        let Some((entry, _)) = newest(outgoing) else { return Ok((self, Vec::new())) };
        let (mut all, mut ahead) = (Vec::new(), std::mem::take(&mut self.ahead));
        for one in ahead.iter_mut().filter(|one| !one.mirrored) {
            // What has come to be withheld since does not cross, wherever it stands.
            let passed = |text: &str, or: &str| {
                gate::check_text(text, withheld).unwrap_or_else(|_| or.to_owned())
            };
            let Some(told) = one.told(&passed) else { continue };
            all.push(self.says(told, (&one.deliverer, &one.words), (post, &entry), acting)?);
            one.mirrored = true;
        }
        self.ahead = ahead;
        Ok((self, all))
    }

    fn ahead_mut(&mut self, number: u32) -> Result<&mut Ahead, Refusal> {
        let case = self.number;
        self.ahead.iter_mut().find(|one| one.number == number).ok_or_else(|| {
            let message = format!("nothing numbered {number} was told about case {case}");
            Refusal::new(Code::NotFound, message).hint(Hint::ShowCase { case })
        })
    }

    /// An entry that says so. Who told it stays here, and is committed to.
    fn says(
        &self,
        told: Told,
        (deliverer, words): (&str, &str),
        (post, answers): (&mut Post, &Reference),
        acting: &mut Acting,
    ) -> Result<Mirrored, Refusal> {
        let statement = Statement::Told(told);
        let message = Message::said(&post.us, statement.clone());
        let stamp = (acting.at, self.status, &mut *acting.ids);
        let kept: Vec<(&'static str, Value)> =
            vec![("told_by", json!(deliverer)), ("told_words", json!(words))];
        let posted = post.entry(&message, &kept, Some(answers.clone()), stamp)?;
        let stands = (acting.at.clone(), posted.reference.clone());
        Ok((Said::ours(statement, acting.by, stands), posted))
    }
}

/// What was written last, which somebody can be told of: a release, or the recall; and when.
fn newest(outgoing: &Outgoing) -> Option<(Reference, Timestamp)> {
    match outgoing {
        Outgoing::Recalled { recall, .. } => Some((recall.entry.clone(), recall.at.clone())),
        Outgoing::Nothing | Outgoing::Drafted(_) | Outgoing::Released { .. } => {
            let last = outgoing.releases().last()?;
            Some((last.entry.clone(), last.at.clone()))
        }
    }
}
