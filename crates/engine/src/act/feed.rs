//! Feeds.

use super::{Decision, Desk};
use forewarn_exchange::act::FeedAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::feed::Way;
use forewarn_exchange::{Code, Refusal};

impl Desk<'_> {
    pub(super) fn feed(&self, act: &FeedAct) -> Decision {
        match act {
            FeedAct::Add { feed } => {
                let feed = feed.clone().checked()?;
                if self.db.feed(&feed.name)?.is_some() {
                    let message = format!("there is a feed `{}` already", feed.name);
                    return Err(Refusal::new(Code::Known, message)
                        .advice("remove it first, or take another name")
                        .into());
                }
                if let Way::Push { partner, .. } = &feed.way {
                    self.partner(partner)?;
                }
                let answer = Answer::Feed { feed: feed.name.clone() };
                Ok((vec![Event::FeedSet { feed }], answer))
            }
            FeedAct::Remove { name } => {
                let feed = self.db.feed(name)?.ok_or_else(|| Refusal::unknown("feed", name))?;
                let answer = Answer::Feed { feed: feed.name.clone() };
                Ok((vec![Event::FeedGone { name: feed.name }], answer))
            }
        }
    }
}
