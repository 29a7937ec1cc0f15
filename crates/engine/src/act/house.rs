//! What people and standing authorisations let out stands under the organisation's own policy.

use super::Desk;
use crate::failure::Undone;
use crate::house::{self, Leaving};
use forewarn_exchange::case::{Case, Outgoing};
use forewarn_exchange::draft::Draft;
use forewarn_exchange::talk::Statement;
use forewarn_exchange::user::User;
use forewarn_exchange::warning::Warning;
use forewarn_policy::{Does, Words};

impl Desk<'_> {
    /// A version of a case's warning, or what is said of it before there is one.
    ///
    /// # Errors
    /// A policy forbids it to one of those who let it out, or could not be asked.
    pub(super) fn house_lets_out(
        &self,
        case: &Case,
        (does, draft, version): (Does, Option<&Draft>, usize),
    ) -> Result<(), Undone> {
        let leaving = Leaving { does, version, standing: self.standing };
        for user in self.letting_out()? {
            let by = house::by(&user);
            house::of_version((self.db, self.us), &by, case, draft, leaving)?.refuses()?;
        }
        Ok(())
    }

    /// The version that was released last.
    pub(super) fn house_lets_out_newest(
        &self,
        case: &Case,
        outgoing: &Outgoing,
        does: Does,
    ) -> Result<(), Undone> {
        let releases = outgoing.releases();
        let draft = releases.last().map(|release| &release.draft);
        self.house_lets_out(case, (does, draft, releases.len()))
    }

    /// A sentence beside a case's warning.
    ///
    /// # Errors
    /// A policy forbids it to one of those who let it out, or could not be asked.
    pub(super) fn house_lets_say(&self, case: &Case, says: Words) -> Result<(), Undone> {
        for user in self.letting_out()? {
            house::of_sentence(self.us, &house::by(&user), case, says).refuses()?;
        }
        Ok(())
    }

    /// What is said of a warning that came to us.
    ///
    /// # Errors
    /// A policy forbids it to one of those who say it, or could not be asked.
    pub(super) fn house_lets_reply(
        &self,
        warning: &Warning,
        statement: &Statement,
    ) -> Result<(), Undone> {
        for user in self.letting_out()? {
            house::of_reply(self.us, &house::by(&user), warning, statement).refuses()?;
        }
        Ok(())
    }

    /// Whoever acts; and the second person who approves it now.
    fn letting_out(&self) -> Result<Vec<User>, Undone> {
        if self.us.house.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = vec![self.user()?];
        all.extend(self.seconding()?);
        Ok(all)
    }
}
