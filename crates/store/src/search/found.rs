//! What a search finds, read from the database in the reader's sight.

use super::{Kind, Query, Search, said, turn};
use crate::item::ItemRow;
use crate::sight::{Reader, Sight};
use crate::{Db, StoreError};
use forewarn_exchange::case::Case;
use forewarn_exchange::id::{CaseNumber, Subject, WarningNumber};
use forewarn_exchange::talk::Said;
use forewarn_exchange::warning::{Warning, When};
use rusqlite::{Connection, ErrorCode};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Most rows of the file that one answer looks at: what a reader may not see is among them.
const MAX_ROWS: usize = 5_000;
/// How long a search that lets its last word be the beginning of one may take.
const TIME: Duration = Duration::from_millis(400);
/// SQLite's steps between two looks at the clock: less than a millisecond.
const STEPS: i32 = 10_000;
/// Letters of an excerpt before and after what was found.
const BEFORE: usize = 60;
const AFTER: usize = 140;

/// Which part of what is found is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Looked {
    /// Of this kind.
    pub kind: Kind,
    /// Before the thing with this number: the newest come first.
    pub before: Option<i64>,
    /// Most of them.
    pub limit: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// The number to go on before, where there is more.
    pub next: Option<i64>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its number among those of its kind.
    pub number: i64,
    /// What it is.
    pub place: Place,
    /// Its words before what was found, that, and those after it.
    pub excerpt: (String, String, String),
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// An item.
    Item(Box<ItemRow>),
    /// A case.
    Case(Box<Case>),
    /// A warning that came to us.
    Warning(Box<Warning>),
    /// What was said of one or the other.
    Talk(Subject, Box<Said>),
}

impl Search {
    /// The newest things of a kind that have all that is looked for, as far as they may be seen.
    ///
    /// # Errors
    /// The file or the database cannot be read.
    pub fn find(
        &self,
        db: &Db<'_>,
        query: &Query,
        looked: Looked,
        sight: &Sight,
    ) -> Result<Found, StoreError> {
        if query.is_empty() || !self.path.exists() {
            return Ok(Found { hits: Vec::new(), next: None });
        }
        self.read(|file| {
            let run = |open| {
                let mut finder = Finder { db, query, looked, sight, ids: BTreeSet::new() };
                finder.run(file, &query.fts(open, &hidden(looked.kind, sight)), open)
            };
            let exact = run(false)?.unwrap_or_default();
            // Words that begin so are looked for where few have the word itself: their lists are many.
            let few = exact.len() <= looked.limit && query.may_begin();
            let open = if few { run(true)? } else { None };
            Ok(found(open.unwrap_or(exact), looked.limit))
        })
    }
}

/// Those of an answer, and where the next one begins.
fn found(mut hits: Vec<Hit>, limit: usize) -> Found {
    let more = hits.len() > limit;
    hits.truncate(limit);
    let next = hits.last().filter(|_| more).map(|hit| hit.number);
    Found { hits, next }
}

/// Collections whose items are left out by the search itself.
fn hidden(kind: Kind, sight: &Sight) -> Vec<i64> {
    match kind {
        Kind::Item => sight.hidden_numbers().collect(),
        Kind::Case | Kind::Warning | Kind::Talk => Vec::new(),
    }
}

struct Finder<'a> {
    db: &'a Db<'a>,
    query: &'a Query,
    looked: Looked,
    sight: &'a Sight,
    /// Items that are in the answer: each once, whatever versions there are.
    ids: BTreeSet<String>,
}

impl Finder<'_> {
    /// `None` when it took too long.
    fn run(
        &mut self,
        file: &Connection,
        fts: &str,
        open: bool,
    ) -> Result<Option<Vec<Hit>>, StoreError> {
        let begun = Instant::now();
        let late = move || open && begun.elapsed() > TIME;
        file.progress_handler(STEPS, Some(late))?;
        let read = self.rows(file, fts);
        file.progress_handler(STEPS, None::<fn() -> bool>)?;
        match read {
            Ok(hits) => Ok(Some(hits)),
            Err(StoreError::Sqlite(why))
                if why.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
            {
                Ok(None)
            }
            Err(why) => Err(why),
        }
    }

    fn rows(&mut self, file: &Connection, fts: &str) -> Result<Vec<Hit>, StoreError> {
        let Looked { kind, before, limit } = self.looked;
        let end = before.map_or(kind.first() + (1 << super::KIND_BITS), |number| kind.row(number));
        let sql = "SELECT rowid FROM found WHERE found MATCH ?1 AND rowid >= ?2 AND rowid < ?3 \
                   ORDER BY rowid DESC LIMIT ?4";
        let mut statement = file.prepare_cached(sql)?;
        let most = i64::try_from(MAX_ROWS).unwrap_or(i64::MAX);
        let mut rows = statement.query((fts, kind.first(), end, most))?;
        let mut hits = Vec::new();
        while let Some(row) = rows.next()? {
            let number = row.get::<_, i64>(0)? - kind.first();
            if let Some(hit) = self.hit(number)? {
                hits.push(hit);
                if hits.len() > limit {
                    break;
                }
            }
        }
        Ok(hits)
    }

    /// What stands there, if the reader may see it.
    fn hit(&mut self, number: i64) -> Result<Option<Hit>, StoreError> {
        let seen = match self.looked.kind {
            Kind::Item => self.item(number)?,
            Kind::Case => self.case(CaseNumber::new(number))?,
            Kind::Warning => self.warning(WarningNumber::new(number))?,
            Kind::Talk => self.talk(number)?,
        };
        Ok(seen.map(|(place, words)| Hit { number, place, excerpt: excerpt(self.query, &words) }))
    }

    fn item(&mut self, seq: i64) -> Result<Option<(Place, String)>, StoreError> {
        let Some(item) = self.db.item_to_search(seq)? else { return Ok(None) };
        // What was erased is not found, whatever words the file still has of it.
        if self.sight.hides(item.collection) || item.bytes.is_empty() {
            return Ok(None);
        }
        let Some(row) = self.db.item_row(seq)? else { return Ok(None) };
        if !self.ids.insert(row.id.clone()) {
            return Ok(None);
        }
        Ok(Some((Place::Item(Box::new(row)), said::of_item(item.media, &item.bytes))))
    }

    fn case(&self, number: CaseNumber) -> Result<Option<(Place, String)>, StoreError> {
        if !self.db.sees_case(number, self.sight)? {
            return Ok(None);
        }
        let Some(case) = self.db.case(number)? else { return Ok(None) };
        Ok(Some((Place::Case(Box::new(case)), turn::case_words(self.db, number)?)))
    }

    /// What is for named persons is found by nobody: each time it is shown that is put on record.
    fn warning(&self, number: WarningNumber) -> Result<Option<(Place, String)>, StoreError> {
        let words = turn::warning_words(self.db, number)?;
        let warning = self.db.warning(number)?.filter(|_| !words.is_empty());
        Ok(warning.map(|warning| (Place::Warning(Box::new(warning)), words)))
    }

    fn talk(&self, number: i64) -> Result<Option<(Place, String)>, StoreError> {
        let Some(about) = self.db.said_at(number)? else { return Ok(None) };
        let said = about.said;
        let sees = match about.subject {
            Subject::Case(case) => self.db.sees_case(case, self.sight)?,
            Subject::Warning(warning) => {
                let Some(warning) = self.db.warning(warning)? else { return Ok(None) };
                let when = When { ours: said.ours, at: &said.at, index: said.entry.index };
                let nobody = self.sight.clone().read_by(Reader::Nobody);
                self.db.opens_words(&warning, when, &nobody)?
            }
        };
        let words = said::of_statement(&said.statement);
        Ok(sees.then(|| (Place::Talk(about.subject, Box::new(said)), words)))
    }
}

/// Some words before what was found, that, and some after it.
fn excerpt(query: &Query, words: &str) -> (String, String, String) {
    let at = query.place_in(words).unwrap_or(0..0);
    let (before, rest) = words.split_at_checked(at.start).unwrap_or(("", words));
    let (hit, after) = rest.split_at_checked(at.len()).unwrap_or((rest, ""));
    let mut start: Vec<char> = before.chars().rev().take(BEFORE).collect();
    let cut_start = before.chars().nth(BEFORE).is_some();
    start.reverse();
    let start: String = start.into_iter().collect();
    let end: String = after.chars().take(AFTER).collect();
    let cut_end = after.chars().nth(AFTER).is_some();
    let dots = |is| if is { "…" } else { "" };
    (format!("{}{start}", dots(cut_start)), hit.to_owned(), format!("{end}{}", dots(cut_end)))
}
