//! What is known of a case, as its pages need it.

use super::clock::Clock;
use super::form::{FormPage, FormShown};
use super::frame::{Frame, Part};
use super::paper::Sheet;
use super::posted::SEEN;
use super::reader::Reader;
use super::show::{beginning, line};
use super::texts::{Words, fill};
use super::word;
use crate::api::{audited, cases};
use crate::app::App;
use crate::problem::Problem;
use forewarn_exchange::case::{CaseItem, Stage};
use forewarn_exchange::id::CaseNumber;
use forewarn_node::{Failure, Node, clock};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::item::Media;
use forewarn_store::sight::Sight;
use forewarn_view::case::{CaseShown, Preview};
use forewarn_view::text;

/// Most characters of an item that a page shows: a report, and not a book.
const MAX_ITEM: usize = 8_000;

/// Most bytes that the items of a case take beside a form; each has a page of its own.
const MAX_ITEMS: usize = 20_000;

/// A case with what a page of it needs beside.
pub(crate) struct Read {
    pub(crate) shown: CaseShown,
    /// The draft that waits, as its approver sees it.
    pub(crate) preview: Option<Preview>,
    /// The most that its partner may get.
    pub(crate) ceiling: Option<Tlp>,
    /// The strictest marking of its items.
    pub(crate) originals: Option<Tlp>,
    /// Its items, as far as they may be seen: the id and the words.
    pub(crate) items: Vec<(String, String)>,
    pub(crate) now: Timestamp,
    /// The newest line of the history when it was read.
    pub(crate) after: i64,
}

/// Reads it, as far as it may be seen.
pub(crate) async fn read(node: &App, reader: &Reader, number: CaseNumber) -> Result<Read, Problem> {
    audited::reads(node, (&reader.caller(), reader.door), number).await?;
    let (sight, now) = (reader.sight(node), clock::now());
    let found = node.read(move |db, node| of((&db, node), &sight, number, now)).await?;
    Ok(found)
}

fn of(
    (db, node): (&Db<'_>, &Node),
    sight: &Sight,
    number: CaseNumber,
    now: Timestamp,
) -> Result<Read, Failure> {
    let after = db.last_change()?;
    let shown = cases::shown((db, node), sight, number, &now)?;
    let waits = shown.case.stage.draft.is_some() || shown.case.stage.next.is_some();
    let preview =
        if waits { Some(cases::previewed((db, node), sight, number, &now)?) } else { None };
    let mut items = Vec::new();
    for CaseItem { id, .. } in &shown.case.items {
        if let Some(stored) = db.item_seen(id, sight)? {
            let words = String::from_utf8_lossy(&stored.bytes);
            let words = match stored.media {
                Media::Text => words.into_owned(),
                Media::Stix => {
                    let object = serde_json::from_str::<serde_json::Value>(&words);
                    let laid_out = object.and_then(|object| serde_json::to_string_pretty(&object));
                    laid_out.unwrap_or_else(|_| words.into_owned())
                }
            };
            let cut: String = words.chars().take(MAX_ITEM).collect();
            let more = if cut.len() < words.len() { " …" } else { "" };
            items.push((id.clone(), format!("{cut}{more}")));
        }
    }
    Ok(Read {
        ceiling: db.partner(&shown.case.partner)?.map(|partner| partner.ceiling),
        originals: forewarn_engine::originals::marking(db, number)?.tlp,
        shown,
        preview,
        items,
        now,
        after,
    })
}

impl Read {
    /// The clock of the case.
    pub(crate) fn clock(&self, w: &Words) -> Clock {
        let case = &self.shown.case;
        if let Some(pause) = &case.pause {
            return Clock::paused(w, pause);
        }
        let delivered = self.shown.delivered.last() == Some(&true);
        let ended = match case.stage.stage {
            Stage::Open | Stage::Found | Stage::ToWarn | Stage::Drafted => false,
            Stage::Released => delivered,
            Stage::Closed | Stage::Expired | Stage::Recalled => case.review.is_none(),
        };
        if ended && !self.shown.overdue {
            return Clock::done(w, case.ran_out.is_some());
        }
        Clock::due(w, Some(&case.due), Some(&case.opened), &self.now)
    }

    /// The title of what was or would be sent; that of the case where nothing is written.
    pub(crate) fn title(&self, w: &Words) -> String {
        let stage = &self.shown.case.stage;
        let newest = stage.next.as_ref().or(stage.draft.as_ref());
        let newest = newest.or_else(|| stage.sent.last().map(|sent| &sent.draft));
        newest.map_or_else(
            || fill(w.case.heading, &[&self.shown.case.number, &self.shown.case.partner]),
            |draft| line(&draft.title),
        )
    }

    /// A frame for a page about it.
    pub(crate) fn frame(&self, node: &App, reader: &Reader, title: impl Into<String>) -> Frame {
        let stage = &self.shown.case.stage;
        let drafts = stage.next.iter().chain(&stage.draft).map(|draft| draft.tlp);
        let sent = stage.sent.iter().map(|sent| sent.draft.tlp);
        Frame::new(node, Some(reader), reader.w, title)
            .of(Part::Cases)
            .about(self.shown.case.status)
            .live(format!("case-{}", self.shown.case.number), self.after)
            .marked(self.originals.into_iter().chain(drafts).chain(sent))
    }

    /// A page that holds a form about it, with what the form is for and what stands beside it.
    pub(crate) fn form_page(
        &self,
        w: &Words,
        f: Frame,
        (lead, form): (&str, FormShown),
        aside: Vec<Sheet>,
    ) -> FormPage {
        let case = &self.shown.case;
        // Shown again after somebody else has changed it, it is on what the page shows now.
        let seen = self.shown.version.as_ref().map(ToString::to_string).unwrap_or_default();
        let form = form.hidden(SEEN, seen);
        FormPage {
            over: fill(w.case.over, &[&case.number, &case.partner]),
            heading: f.title.clone(),
            lead: lead.to_owned(),
            crumb: (
                format!("/desk/cases/{}", case.number),
                fill(w.watch.your_case, &[&case.number]),
            ),
            clock: Some(self.clock(w).big()),
            aside,
            f,
            form,
        }
    }

    /// The items, as sheets beside a form.
    pub(crate) fn item_sheets(&self, w: &Words) -> Vec<Sheet> {
        let sheet = |(id, words): &(String, String)| {
            let of = self.shown.case.items.iter().find(|one| one.id == *id);
            let source = of.and_then(|one| one.source.as_deref());
            let mut facts = vec![(w.case.source.to_owned(), text::or_none(source, line))];
            let graded = self.shown.gradings.iter().filter(|one| one.id == *id);
            facts.extend(
                graded.map(|one| (String::new(), fill(w.case.graded, &[&line(&one.grade)]))),
            );
            Sheet {
                heading: w.case.item_text.to_owned(),
                note: line(id),
                facts,
                text: beginning(words, MAX_ITEMS / self.items.len().max(1)),
                list: of
                    .map(|one| one.why.iter().map(|why| line(why)).collect())
                    .unwrap_or_default(),
                ..Sheet::default()
            }
        };
        self.items.iter().map(sheet).collect()
    }
}

/// The finding and the decision, as sheets.
pub(crate) fn decided(w: &Words, read: &Read) -> Vec<Sheet> {
    let (stage, c) = (&read.shown.case.stage, &w.case);
    let yes = |yes: bool| if yes { c.yes } else { c.no };
    let mut all = Vec::new();
    if let Some(found) = &stage.finding {
        let one = &found.finding;
        let parts =
            fill(c.yes_no_finding, &[&yes(one.credible), &yes(one.specific), &yes(one.impending)]);
        let mut facts = vec![
            (c.f_three.to_owned(), parts),
            (c.f_threat.to_owned(), word::threat(w, one.threat).to_owned()),
            (c.f_target.to_owned(), line(&one.target)),
            (c.f_reason.to_owned(), line(&one.reason)),
        ];
        facts.extend(one.likelihood.map(|is| (c.f_likelihood.to_owned(), is.words())));
        facts.extend(
            one.confidence
                .map(|is| (c.f_confidence.to_owned(), word::confidence(w, is).to_owned())),
        );
        let note = format!("{}, {}", found.by, text::time(&found.at));
        all.push(Sheet { heading: c.finding.to_owned(), note, facts, ..Sheet::default() });
    }
    if let Some(decided) = &stage.decision {
        let facts = vec![
            (c.d_what.to_owned(), super::decision::words(w, &decided.decision)),
            (c.d_reason.to_owned(), line(decided.decision.reason())),
        ];
        let note = format!("{}, {}", decided.by, text::time(&decided.at));
        let heading = c.decision.to_owned();
        all.push(Sheet { heading, note, facts, ..Sheet::default() });
    }
    all
}
