//! Acts on items that came in.

use super::{Decision, Desk};
use crate::erasure;
use forewarn_exchange::act::ItemAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::correction::{CorrectionRequest, may_be_said};
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::event::Event;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::item::Media;

impl Desk<'_> {
    pub(super) fn item(&mut self, act: &ItemAct) -> Decision {
        match act {
            ItemAct::Correct { correction } => self.correct(correction),
        }
    }

    fn correct(&self, request: &CorrectionRequest) -> Decision {
        let item = &request.item;
        let all = self.db.item_ever(item)?;
        let known = all.last().ok_or_else(|| Refusal::unknown("item", item))?;
        erasure::must_not_be_erased(self.db, &Erasable::Item(item.clone()))?;
        if known.media != Media::Text {
            let message =
                format!("{item} is an object of STIX, and says what it is about by itself");
            return Err(Refusal::new(Code::BadRequest, message)
                .advice("a newer version of the object corrects it")
                .into());
        }
        let (number, by) = (self.db.next_correction()?, self.by()?);
        let correction = request.clone().made(number, (&by, &self.command.time))?;
        may_be_said(&self.db.corrections_of(item)?, &correction)?;
        let answer = Answer::Corrected { correction: number, item: item.clone() };
        Ok((vec![Event::Corrected { correction: Box::new(correction) }], answer))
    }
}
