//! Everything that is held about somebody: each thing is read whole, in turns, and the name is looked for
//! as the gate looks for it. Nothing is left to an index.

use crate::Failure;
use forewarn_exchange::case::Outgoing;
use forewarn_exchange::draft::Draft;
use forewarn_exchange::gate::{NameSearch, Seen, Withheld, WithheldKind};
use forewarn_exchange::id::Subject;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use forewarn_view::about::{AboutLine, AboutPage, GivenTo};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// Most things of one turn.
const AT_ONCE: i64 = 500;
/// Longest name.
const MAX_NAME: usize = 200;

/// Where a search goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onward {
    /// Cases after this number.
    Cases(i64),
    /// Warnings after this number.
    Warnings(i64),
    /// Statements after this one.
    Said(i64),
    /// Items after this one.
    Items(i64),
}

impl fmt::Display for Onward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Onward::Cases(after) => write!(f, "cases-{after}"),
            Onward::Warnings(after) => write!(f, "warnings-{after}"),
            Onward::Said(after) => write!(f, "said-{after}"),
            Onward::Items(after) => write!(f, "items-{after}"),
        }
    }
}

impl FromStr for Onward {
    type Err = String;

    fn from_str(text: &str) -> Result<Onward, String> {
        let bad = || format!("`{text}` is no place to go on from");
        let (kind, after) = text.split_once('-').ok_or_else(bad)?;
        let after: i64 = after.parse().map_err(|_| bad())?;
        match kind {
            "cases" => Ok(Onward::Cases(after)),
            "warnings" => Ok(Onward::Warnings(after)),
            "said" => Ok(Onward::Said(after)),
            "items" => Ok(Onward::Items(after)),
            _ => Err(bad()),
        }
    }
}

/// One turn of the search.
///
/// # Errors
/// It is no name that can be looked for, or the database cannot be read.
pub fn look(db: &Db<'_>, name: &str, from: Onward, sight: &Sight) -> Result<AboutPage, Failure> {
    if name.chars().count() > MAX_NAME {
        let message = format!("a name has at most {MAX_NAME} characters");
        return Err(Refusal::new(Code::TooLong, message).into());
    }
    let name = Withheld::new(WithheldKind::Name, name.trim());
    name.check()?;
    let name = [name];
    let search = NameSearch::new(&name);
    let mut turn = Turn { db, sight, search, found: Vec::new(), looked: 0, not_read: 0 };
    let next = match from {
        Onward::Cases(after) => turn.cases(after)?.map_or(Onward::Warnings(0), Onward::Cases),
        Onward::Warnings(after) => turn.warnings(after)?.map_or(Onward::Said(0), Onward::Warnings),
        Onward::Said(after) => turn.said(after)?.map_or(Onward::Items(0), Onward::Said),
        Onward::Items(after) => match turn.items(after)? {
            Some(after) => Onward::Items(after),
            None => return Ok(turn.page(None)),
        },
    };
    Ok(turn.page(Some(next)))
}

/// All that is kept of a thing, each text of it.
fn whole(thing: &impl Serialize) -> Result<String, Failure> {
    let damaged = |e: serde_json::Error| StoreError::Damaged {
        what: "the record".to_owned(),
        why: e.to_string(),
    };
    Ok(serde_json::to_string(thing).map_err(damaged)?)
}

struct Turn<'a> {
    db: &'a Db<'a>,
    sight: &'a Sight,
    search: NameSearch<'a>,
    found: Vec<AboutLine>,
    looked: usize,
    not_read: usize,
}

impl Turn<'_> {
    fn page(self, next: Option<Onward>) -> AboutPage {
        let Turn { found, looked, not_read, .. } = self;
        AboutPage { found, looked, not_read, next: next.map(|next| next.to_string()) }
    }

    fn see(&mut self, what: &str, place: &str, text: &str, given: Vec<GivenTo>) {
        if let Some(Seen { strength, written }) = self.search.in_text(text) {
            let (what, place) = (what.to_owned(), place.to_owned());
            self.found.push(AboutLine { what, place, strength, written, given });
        }
    }

    /// What we wrote, and what of it was released.
    fn cases(&mut self, after: i64) -> Result<Option<i64>, Failure> {
        let page = self.db.cases_after(after, AT_ONCE)?;
        for case in &page {
            let number = case.number;
            // Of what is hidden nobody is told that it is there.
            if !self.db.sees_case(number, self.sight)? {
                continue;
            }
            self.looked += 1;
            let what = Subject::Case(number).to_string();
            let outgoing = self.db.outgoing(number)?;
            self.see(&what, "what we wrote", &whole(case)?, Vec::new());
            if let Some(draft) = outgoing.pending() {
                self.see(&what, "what we wrote", &whole(draft)?, Vec::new());
            }
            if let Outgoing::Recalled { recall, .. } = &outgoing {
                self.see(&what, "what we wrote", &whole(recall)?, Vec::new());
            }
            for release in outgoing.releases() {
                let given = GivenTo {
                    partner: case.partner.clone(),
                    at: release.at.clone(),
                    entry: release.entry.index,
                };
                self.see(&what, "released", &release.draft.bundle, vec![given]);
                // What it was written from, and what it kept back.
                let kept = Draft { bundle: String::new(), ..release.draft.clone() };
                self.see(&what, "what we wrote", &whole(&kept)?, Vec::new());
            }
        }
        Ok(next(&page, |last| last.number.get()))
    }

    fn warnings(&mut self, after: i64) -> Result<Option<i64>, Failure> {
        let page = self.db.warnings_after(after, AT_ONCE)?;
        for warning in &page {
            let number = warning.number;
            self.looked += 1;
            if !self.db.opens(Subject::Warning(number), self.sight)? {
                self.not_read += 1;
                continue;
            }
            let what = Subject::Warning(number).to_string();
            self.see(&what, "the warning", &whole(warning)?, Vec::new());
            for version in 1..=warning.version {
                if let Some(content) = self.db.content_at(number, version)? {
                    self.see(&what, "the warning", &whole(&content)?, Vec::new());
                }
            }
        }
        Ok(next(&page, |last| last.number.get()))
    }

    fn said(&mut self, after: i64) -> Result<Option<i64>, Failure> {
        let page = self.db.said_after(after, AT_ONCE)?;
        for (_, about) in &page {
            let partner = match about.subject {
                Subject::Case(number) => {
                    if !self.db.sees_case(number, self.sight)? {
                        continue;
                    }
                    self.db.case(number)?.map(|case| case.partner)
                }
                Subject::Warning(number) => self.db.warning(number)?.map(|one| one.partner),
            };
            self.looked += 1;
            if !self.db.opens(about.subject, self.sight)? {
                self.not_read += 1;
                continue;
            }
            let given = partner.filter(|_| about.said.ours).map(|partner| GivenTo {
                partner,
                at: about.said.at.clone(),
                entry: about.said.entry.index,
            });
            let words = whole(&about.said.statement)?;
            self.see(&about.subject.to_string(), "said", &words, given.into_iter().collect());
        }
        Ok(next(&page, |(number, _)| *number))
    }

    /// Every version, and the document that a text was read from, as far as that is text.
    fn items(&mut self, after: i64) -> Result<Option<i64>, Failure> {
        let page = self.db.items_to_match(after, i64::MAX, AT_ONCE)?;
        for item in &page {
            if !self.db.sees_version(item.seq, self.sight)? {
                continue;
            }
            self.looked += 1;
            self.see(&item.id, "the item", &String::from_utf8_lossy(&item.bytes), Vec::new());
            if let Some(document) = self.db.original_of(item.seq)? {
                let text = String::from_utf8_lossy(&document.bytes);
                self.see(&item.id, "the document", &text, Vec::new());
            }
        }
        // A turn ends sooner where items are long.
        Ok(page.last().map(|last| last.seq))
    }
}

/// After which thing the next turn begins; none at the end of a kind.
fn next<T>(page: &[T], number: impl Fn(&T) -> i64) -> Option<i64> {
    let is_full = i64::try_from(page.len()).is_ok_and(|count| count >= AT_ONCE);
    page.last().filter(|_| is_full).map(number)
}
