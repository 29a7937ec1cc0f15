//! `/desk/readouts`: what is, or will be, said in public; `…/{subject}`: both texts, the embargo, and
//! what may be done of them now.

use super::cases::{After, shown};
use super::form::{FormShown, Trouble, answered, done, status};
use super::frame::{Frame, html};
use super::paper::{Sheet, band};
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{block, line};
use super::texts::{Words, fill};
use crate::api::readouts;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::{ReadoutAct, Says};
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::Subject;
use forewarn_exchange::readout::{Document, Draft, Embargo, Own, Readout, Theirs};
use forewarn_exchange::user::Permission;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_view::readout::{self as view, ReadoutShown};
use forewarn_view::text;

pub(crate) async fn list(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(&node), reader.w);
    let page = node.read(move |db, _| readouts::listed(&db, after.query(), &sight)).await?;
    let row = |one: &view::ReadoutLine| Row {
        at: Some(format!("/desk/readouts/{}", one.subject)),
        cells: vec![
            one.subject.to_string(),
            one.partner.to_string(),
            text::or_none(band(w, one.status), str::to_owned),
            line(&one.ours),
            line(&one.theirs),
            line(&one.embargo),
        ],
    };
    let table = Table {
        note: shown(&reader, page.rows.len(), page.next.is_some()),
        heads: vec![
            w.know.about,
            w.watch.partner,
            w.read.traffic,
            w.read.ours,
            w.read.theirs,
            w.read.embargo,
        ],
        rows: page.rows.iter().map(row).collect(),
        none: w.read.none,
        next: page.next,
        ..Table::default()
    };
    let f = Frame::new(&node, Some(&reader), w, w.read.title);
    let lead = w.read.lead.to_owned();
    Ok(html(&Plain { lead, tables: vec![table], ..Plain::new(f, w.read.title) }))
}

/// What a form of the page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Write,
    Commit,
    Reveal,
    Note,
    Propose,
    Accept,
    Decline,
    Leave,
}

impl Verb {
    const ALL: [Verb; 8] = [
        Verb::Write,
        Verb::Commit,
        Verb::Reveal,
        Verb::Note,
        Verb::Propose,
        Verb::Accept,
        Verb::Decline,
        Verb::Leave,
    ];

    fn word(self) -> &'static str {
        match self {
            Verb::Write => "write",
            Verb::Commit => "commit",
            Verb::Reveal => "reveal",
            Verb::Note => "note",
            Verb::Propose => "propose",
            Verb::Accept => "accept",
            Verb::Decline => "decline",
            Verb::Leave => "leave",
        }
    }

    /// Its name, and what it does.
    fn words(self, w: &Words) -> (&'static str, &'static str) {
        match self {
            Verb::Write => (w.read.write, w.read.write_text),
            Verb::Commit => (w.read.commit, w.read.commit_text),
            Verb::Reveal => (w.read.reveal, w.read.reveal_text),
            Verb::Note => (w.read.note, w.read.note_text),
            Verb::Propose => (w.read.propose, w.read.propose_text),
            Verb::Accept => (w.read.accept, w.read.accept_text),
            Verb::Decline => (w.read.decline, w.read.decline_text),
            Verb::Leave => (w.read.leave, w.read.leave_text),
        }
    }

    /// Whoever writes drafts; the rest leaves the node.
    fn needs(self) -> &'static [Permission] {
        match self {
            Verb::Write => &[Permission::Draft],
            // Whoever drafts proposes it to a second person.
            Verb::Commit => &[Permission::Draft, Permission::Release],
            Verb::Reveal
            | Verb::Note
            | Verb::Propose
            | Verb::Accept
            | Verb::Decline
            | Verb::Leave => &[Permission::Release],
        }
    }

    /// Those that fit a readout as it stands.
    fn fit(self, readout: Option<&Readout>) -> bool {
        let ours = readout.map(|one| &one.ours);
        let embargo = readout.map(|one| &one.embargo);
        let theirs_offered = match embargo {
            Some(Embargo::Proposed { offer } | Embargo::Revise { offer, .. }) => !offer.ours,
            _ => false,
        };
        let binds = matches!(embargo, Some(Embargo::Active { .. } | Embargo::Revise { .. }));
        match self {
            Verb::Write => matches!(ours, None | Some(Own::Unwritten {} | Own::Written { .. })),
            Verb::Commit => matches!(ours, Some(Own::Written { .. })),
            Verb::Reveal => matches!(ours, Some(Own::Committed { .. })),
            Verb::Note => readout.is_some_and(|one| {
                matches!(one.theirs, Theirs::Revealed { early: true, noted: false, .. })
            }),
            Verb::Propose => !matches!(embargo, Some(Embargo::Exited { .. })),
            Verb::Accept | Verb::Decline => theirs_offered,
            Verb::Leave => binds,
        }
    }
}

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(subject): Path<Subject>,
) -> Result<Response, Problem> {
    page(&node, &reader, subject, &Fields::default(), None).await
}

/// The readout, where there is one already; the name of our log to the partner.
async fn read(
    node: &App,
    reader: &Reader,
    subject: Subject,
) -> Result<Option<(ReadoutShown, String)>, Problem> {
    let caller = reader.caller();
    let sight = reader.sight(node);
    let found = node.read(move |db, node| {
        if db.readout(subject)?.is_none() {
            // That there is none is told to whoever may see what it would be about.
            let there = match subject {
                Subject::Case(case) => db.case(case)?.is_some(),
                Subject::Warning(warning) => db.warning(warning)?.is_some(),
            };
            if there && db.opens(subject, &sight)? {
                return Ok(None);
            }
            return Err(Refusal::unknown("readout of", subject).into());
        }
        let known = readouts::known(&db, node, &caller, subject)?;
        let log = |readout: &Readout| -> Result<String, forewarn_node::Failure> {
            let log = db.log_with(&readout.partner, true)?;
            Ok(log.map(|log| log.name).unwrap_or_default())
        };
        let name = db.readout(subject)?.map(|readout| log(&readout)).transpose()?;
        Ok(Some((known, name.unwrap_or_default())))
    });
    match found.await? {
        None => Ok(None),
        Some((known, log)) => {
            let readout = known.on_record(&node.state, &reader.caller().actor()).await?;
            Ok(Some((ReadoutShown::of(readout), log)))
        }
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    subject: Subject,
    typed: &Fields,
    trouble: Option<(Verb, Trouble)>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let found = read(node, reader, subject).await?;
    let heading = fill(w.read.of, &[&subject]);
    let mut f = Frame::new(node, Some(reader), w, heading.clone());
    let mut sheets = Vec::new();
    let mut draft = None;
    if let Some((shown, log)) = &found {
        f = f.about(shown.readout.status);
        sheets = texts(w, shown);
        draft = shown.readout.ours.draft().map(|draft| (draft.clone(), log.clone()));
    }
    let readout = found.as_ref().map(|(shown, _)| &shown.readout);
    let status = trouble.as_ref().and_then(|(_, trouble)| status(Some(trouble)));
    let mut trouble = trouble;
    let mut acts = Vec::new();
    for verb in Verb::ALL {
        let may = verb.needs().iter().any(|one| reader.may(*one));
        if !may || !verb.fit(readout) {
            continue;
        }
        let mine = trouble.as_ref().is_some_and(|(of, _)| *of == verb);
        let trouble = if mine { trouble.take().map(|(_, one)| one) } else { None };
        acts.push(act(reader, (subject, verb), draft.as_ref(), (typed, trouble)));
    }
    let over = readout.map(|one| one.partner.to_string()).unwrap_or_default();
    let crumb = Some(("/desk/readouts", w.read.title));
    Ok(answered(&Plain { over, crumb, sheets, acts, ..Plain::new(f, heading) }, status))
}

/// Both texts, what both state, and the embargo.
fn texts(w: &'static Words, shown: &ReadoutShown) -> Vec<Sheet> {
    let readout = &shown.readout;
    let document = |heading: &str, note: &str, document: Option<&Document>| {
        let stated = document.into_iter().flat_map(|one| &one.stated);
        Sheet {
            heading: heading.to_owned(),
            note: line(note),
            text: document.map(|one| block(&one.text)).unwrap_or_default(),
            list: stated.map(|one| line(&format!("“{}”: {}", one.words, one.fact))).collect(),
            ..Sheet::default()
        }
    };
    let ours = readout.ours.draft().map(|draft| &draft.document);
    let theirs = match &readout.theirs {
        Theirs::Revealed { document, .. } => Some(document),
        Theirs::Unknown {} | Theirs::Committed { .. } => None,
    };
    let mut all = vec![
        document(w.read.ours, view::ours(&readout.ours), ours),
        document(w.read.theirs, view::theirs(&readout.theirs), theirs),
        Sheet {
            heading: w.read.embargo.to_owned(),
            note: line(&view::embargo(&readout.embargo)),
            ..Sheet::default()
        },
    ];
    if shown.compared.is_some() || !shown.agreed.is_empty() {
        let agreed = shown.agreed.iter().map(|fact| line(&fact.to_string()));
        let compared = shown.compared.as_ref().map(|_| block(&shown.compared_words()));
        all.push(Sheet {
            heading: w.read.agreed.to_owned(),
            text: compared.unwrap_or_default(),
            list: agreed.collect(),
            ..Sheet::default()
        });
    }
    all
}

fn act(
    reader: &Reader,
    (subject, verb): (Subject, Verb),
    draft: Option<&(Draft, String)>,
    (typed, trouble): (&Fields, Option<Trouble>),
) -> Act {
    let w = reader.w;
    let (name, lead) = verb.words(w);
    let action = format!("/desk/readouts/{subject}/{}", verb.word());
    let form = FormShown::new(reader, action, name);
    let fresh = trouble.is_none();
    let before = before(draft);
    let form = form.again(if fresh { &before } else { typed }, trouble);
    let form = match verb {
        Verb::Write => form
            .text("text", w.read.text, w.read.text_hint)
            .text("facts", w.read.facts, w.read.facts_hint)
            .text("kept", w.read.kept, w.read.kept_hint),
        Verb::Commit => {
            let document = draft.and_then(|(draft, _)| serde_json::to_string(&draft.document).ok());
            form.leaves().hidden("document", document.unwrap_or_default()).line(
                "until",
                w.read.until,
                w.read.until_hint,
            )
        }
        Verb::Reveal => {
            let early = ("yes".to_owned(), w.read.early.to_owned(), w.read.early_text.to_owned());
            form.leaves().ticks("early", ("", ""), [early])
        }
        Verb::Note => form,
        Verb::Propose => form.leaves().line("until", w.read.until_when, w.read.time_hint),
        Verb::Accept => form.leaves(),
        Verb::Decline => form.leaves().text("reason", w.form.reason, ""),
        Verb::Leave => {
            let complies = ("yes".to_owned(), w.read.complies.to_owned(), String::new());
            form.leaves().ticks("complies", ("", ""), [complies]).text("reason", w.form.reason, "")
        }
    };
    Act { heading: name.to_owned(), lead: lead.to_owned(), form }
}

/// What stands in the form: the text so far, with its facts as they are written.
fn before(draft: Option<&(Draft, String)>) -> Fields {
    let Some((draft, log)) = draft else { return Fields::default() };
    let (kept, facts): (Vec<Says>, Vec<Says>) = draft
        .document
        .stated
        .iter()
        .map(|one| Says {
            words: one.words.clone(),
            ours: one.fact.entry.log == *log,
            index: one.fact.entry.index,
            shows: one.fact.shows.clone(),
        })
        .partition(Says::is_kept_back);
    let lines = |all: &[Says]| all.iter().map(Says::written).collect::<Vec<_>>().join("\n");
    Fields::of([
        ("text", draft.document.text.clone()),
        ("facts", lines(&facts)),
        ("kept", lines(&kept)),
    ])
}

/// What a form asks for, whatever it does: each takes what it needs.
pub(crate) struct Asked {
    text: String,
    facts: Option<Vec<Says>>,
    kept: Option<Vec<Says>>,
    document: Option<Document>,
    until: Result<Option<Timestamp>, ()>,
    early: bool,
    complies: bool,
    reason: String,
}

impl Form for Asked {
    fn read(fields: &Fields, _: &mut Vec<Wrong>) -> Option<Asked> {
        let says = |name: &str, read: fn(&str) -> Result<Says, String>| {
            fields.lines(name).iter().map(|line| read(line).ok()).collect::<Option<Vec<Says>>>()
        };
        let mut not_a_time = Vec::new();
        let until = match fields.line("until") {
            "" => Ok(None),
            _ => fields.time("until", &mut not_a_time).map(Some).ok_or(()),
        };
        Some(Asked {
            text: fields.text("text"),
            facts: says("facts", Says::shown),
            kept: says("kept", Says::kept_back),
            document: serde_json::from_str(fields.line("document")).ok(),
            until,
            early: fields.has("early", "yes"),
            complies: fields.has("complies", "yes"),
            reason: fields.text("reason"),
        })
    }
}

impl Asked {
    fn act(self, subject: Subject, verb: Verb) -> Result<ReadoutAct, Trouble> {
        let wrong =
            |field, words: fn(&Words) -> &'static str| Trouble::from(vec![Wrong { field, words }]);
        let set_aside = SetAside::default();
        let until = self.until.map_err(|()| wrong("until", |w| w.form.not_a_time));
        let reason = Some(self.reason).filter(|text| !text.is_empty());
        let reason = reason.ok_or_else(|| wrong("reason", |w| w.form.missing));
        Ok(match verb {
            Verb::Write => {
                let facts = self.facts.ok_or_else(|| wrong("facts", |w| w.read.not_a_place))?;
                let kept = self.kept.ok_or_else(|| wrong("kept", |w| w.read.not_a_place))?;
                if self.text.is_empty() {
                    return Err(wrong("text", |w| w.form.missing));
                }
                let facts = [facts, kept].concat();
                ReadoutAct::Write { subject, text: self.text, facts, set_aside }
            }
            Verb::Commit => {
                let unread = || Problem::new(Code::BadRequest, "the form does not hold the text");
                let readout = self.document.ok_or_else(unread)?;
                ReadoutAct::Commit { subject, readout, until: until? }
            }
            Verb::Reveal => ReadoutAct::Reveal { subject, early: self.early, set_aside },
            Verb::Note => ReadoutAct::Note { subject },
            Verb::Propose => {
                let until = until?.ok_or_else(|| wrong("until", |w| w.form.not_a_time))?;
                ReadoutAct::Propose { subject, until }
            }
            Verb::Accept => ReadoutAct::Accept { subject },
            Verb::Decline => ReadoutAct::Decline { subject, reason: reason? },
            Verb::Leave => ReadoutAct::Leave { subject, complies: self.complies, reason: reason? },
        })
    }
}

pub(crate) async fn does(
    State(node): State<App>,
    Path((subject, verb)): Path<(Subject, String)>,
    Posted { reader, form, typed, once, .. }: Posted<Asked>,
) -> Result<Response, Problem> {
    let found = Verb::ALL.into_iter().find(|one| one.word() == verb);
    let verb =
        found.ok_or_else(|| Problem::new(Code::NotFound, "nothing of a readout is called so"))?;
    let act = form.map_err(Trouble::from).and_then(|asked| asked.act(subject, verb));
    let tried = match act {
        Ok(act) => reader.act(&node, &once, act).await.map_err(Trouble::from),
        Err(trouble) => Err(trouble),
    };
    match tried {
        Ok(answer) => Ok(done(&answer, format!("/desk/readouts/{subject}"))),
        Err(trouble) => page(&node, &reader, subject, &typed, Some((verb, trouble.again()?))).await,
    }
}
