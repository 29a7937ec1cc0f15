//! `/desk/warnings/{number}/say/{verb}`: what our people say of a warning, a form each.

use super::form::{FormPage, FormShown, Trouble, answered, status};
use super::frame::{Frame, Part};
use super::paper::Sheet;
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{block, line};
use super::texts::{Words, fill};
use super::unsent::Unsent;
use super::word;
use crate::api::warnings;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::ReceivedAct;
use forewarn_exchange::action::ActionClass;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::WarningNumber;
use forewarn_exchange::scale::OutcomeFact;
use forewarn_exchange::talk::{Ground, Statement, ToldAnswer, WordAnswer};
use forewarn_stix::marking::Tlp;
use forewarn_view::talk::SaidWhat;
use forewarn_view::warning::WarningShown;
use serde::Deserialize;

/// What is said, as the command line and the API name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verb {
    Accept,
    Decline,
    Ask,
    Act,
    Outcome,
    Thank,
    /// Answers a recall.
    Answer,
    AnswerUpdate,
    AnswerExpiry,
    /// Says whether we were told so beside the channel.
    AnswerTold,
}

impl Verb {
    /// By its word in an address.
    pub(super) fn of(word: &str) -> Option<Verb> {
        serde_json::from_value(word.into()).ok()
    }
}

/// The statement of a form: which one it is stands in its address, and in the form.
pub(crate) struct Spoken {
    statement: Statement,
    set_aside: SetAside,
}

impl Form for Spoken {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Spoken> {
        let verb = fields.chosen("verb", wrong)?;
        let statement = match verb {
            Verb::Accept => Statement::Accepted { note: fields.text("text") },
            Verb::Decline => {
                Statement::Declined { ground: fields.word("ground"), reason: fields.text("text") }
            }
            Verb::Ask => Statement::Question { text: fields.needed("text", wrong) },
            Verb::Act => Statement::Action {
                text: fields.needed("text", wrong),
                class: fields.word("class"),
            },
            Verb::Outcome => Statement::Outcome {
                facts: facts(fields, wrong),
                text: fields.text("text"),
                corrects: None,
            },
            Verb::Thank => Statement::Thanks {
                to: fields.needed("to", wrong),
                text: fields.needed("text", wrong),
            },
            Verb::Answer => Statement::RecallAnswer(answer(fields, wrong)?),
            Verb::AnswerUpdate => Statement::UpdateAnswer(answer(fields, wrong)?),
            Verb::AnswerExpiry => Statement::ExpiryAnswer(answer(fields, wrong)?),
            Verb::AnswerTold => {
                let so = fields.line("so") == "yes";
                let text = if so { fields.text("text") } else { fields.needed("text", wrong) };
                let entry = fields.line("entry").parse();
                let missing = Wrong { field: "entry", words: |w| w.form.missing };
                let Ok(entry) = entry else {
                    wrong.push(missing);
                    return None;
                };
                Statement::ToldAnswer(ToldAnswer { entry, so, text })
            }
        };
        let set_aside =
            SetAside { texts: fields.lines("set_aside"), reason: fields.text("set_aside_why") };
        Some(Spoken { statement, set_aside })
    }
}

fn answer(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<WordAnswer> {
    Some(WordAnswer {
        answer: fields.chosen("answer", wrong)?,
        text: fields.text("text"),
        corrects: fields.has("corrects", "yes"),
    })
}

/// What was counted: a field for each kind, of which those that are empty say nothing.
fn facts(fields: &Fields, wrong: &mut Vec<Wrong>) -> Vec<OutcomeFact> {
    let on = fields.line("on");
    let on = (!on.is_empty()).then(|| on.to_owned());
    let mut facts = Vec::new();
    for (field, kind) in word::OUTCOMES {
        let count = fields.line(field);
        match count.parse() {
            _ if count.is_empty() => {}
            Ok(count) => facts.push(OutcomeFact { kind, count, on: on.clone() }),
            Err(_) => wrong.push(Wrong { field, words: |w| w.form.not_a_number }),
        }
    }
    facts
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path((number, verb)): Path<(WarningNumber, Verb)>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (number, verb), &typed, None).await
}

pub(crate) async fn say(
    State(node): State<App>,
    Path((number, verb)): Path<(WarningNumber, Verb)>,
    posted: Posted<Spoken>,
) -> Result<Response, Problem> {
    let act = |Spoken { statement, set_aside }| ReceivedAct {
        set_aside,
        ..ReceivedAct::new(number, statement)
    };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/warnings/{number}"), async |reader, typed, trouble| {
            page(&node, &reader, (number, verb), &typed, trouble).await
        })
        .await
}

async fn page(
    node: &App,
    reader: &Reader,
    (number, verb): (WarningNumber, Verb),
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let shown = warnings::whole(node, &reader.caller(), number).await?;
    let (w, status, warning) = (reader.w, status(trouble.as_ref()), &shown.warning);
    let partner = warning.partner.to_string();
    let Asked { heading, button, form: ask } = Asked::of(w, verb, number, &partner);
    let action = format!("/desk/warnings/{number}/say/{}", verb.word());
    let form = FormShown::new(reader, action, button)
        .again(typed, trouble)
        .hidden("verb", verb.word())
        .leaves()
        .after(fill(w.warn.two_persons, &[&partner]))
        .back(format!("/desk/warnings/{number}"), fill(w.watch.warning_nr, &[&number]));
    let form = match verb {
        Verb::AnswerTold => form.select("entry", w.told.answer_which, "", unanswered(&shown)),
        Verb::Accept
        | Verb::Decline
        | Verb::Ask
        | Verb::Act
        | Verb::Outcome
        | Verb::Thank
        | Verb::Answer
        | Verb::AnswerUpdate
        | Verb::AnswerExpiry => form,
    };
    let form = ask(w, form).text("set_aside", w.send.set_aside, w.send.set_aside_hint).line(
        "set_aside_why",
        w.send.set_aside_why,
        w.form.optional,
    );
    let page = FormPage {
        f: Frame::new(node, Some(reader), w, heading.clone())
            .of(Part::Warnings)
            .about(warning.status)
            .marked([warning.content.tlp]),
        over: fill(w.warn.over, &[&number, &partner]),
        lead: String::new(),
        crumb: (format!("/desk/warnings/{number}"), fill(w.watch.warning_nr, &[&number])),
        clock: None,
        aside: vec![sheet(w, &shown)],
        heading,
        form,
    };
    Ok(answered(&page, status))
}

fn sheet(w: &Words, shown: &WarningShown) -> Sheet {
    let content = &shown.warning.content;
    let named = content.tlp == Tlp::Red;
    let note = if named {
        content.persons.iter().map(|one| line(one)).collect::<Vec<_>>().join(", ")
    } else {
        content.tlp.to_string()
    };
    Sheet {
        heading: line(&content.title),
        note,
        text: block(&shown.text),
        list: shown
            .warning
            .talk
            .iter()
            .map(|one| format!("{}: {}", line(&one.by), line(&one.words)))
            .collect(),
        ..Sheet::default()
    }
    .titled(w)
}

impl Sheet {
    /// A sheet of a text without a title has the word for a warning.
    fn titled(self, w: &Words) -> Sheet {
        let heading =
            if self.heading.is_empty() { w.frame.warnings.to_owned() } else { self.heading };
        Sheet { heading, ..self }
    }
}

impl Verb {
    /// As it stands in an address.
    fn word(self) -> &'static str {
        match self {
            Verb::Accept => "accept",
            Verb::Decline => "decline",
            Verb::Ask => "ask",
            Verb::Act => "act",
            Verb::Outcome => "outcome",
            Verb::Thank => "thank",
            Verb::Answer => "answer",
            Verb::AnswerUpdate => "answer-update",
            Verb::AnswerExpiry => "answer-expiry",
            Verb::AnswerTold => "answer-told",
        }
    }
}

/// What a form asks.
struct Asked {
    heading: String,
    button: String,
    form: fn(&Words, FormShown) -> FormShown,
}

impl Asked {
    fn of(w: &Words, verb: Verb, number: WarningNumber, partner: &str) -> Asked {
        let t = &w.warn;
        let (number, partner): (&dyn std::fmt::Display, &dyn std::fmt::Display) =
            (&number, &partner);
        let (heading, button, form): (_, _, fn(&Words, FormShown) -> FormShown) = match verb {
            Verb::Accept => {
                (fill(t.accept_title, &[number]), fill(t.accept_button, &[number]), accept)
            }
            Verb::Decline => {
                (fill(t.decline_title, &[number]), fill(t.decline_button, &[number]), decline)
            }
            Verb::Ask => (fill(t.ask_title, &[partner]), fill(t.ask_button, &[partner]), ask),
            Verb::Act => (fill(t.act_title, &[number]), fill(t.act_button, &[partner]), act),
            Verb::Outcome => {
                (fill(t.outcome_title, &[number]), fill(t.outcome_button, &[partner]), outcome)
            }
            Verb::Thank => {
                (fill(t.thank_title, &[partner]), fill(t.thank_button, &[partner]), thank)
            }
            Verb::AnswerTold => {
                (w.told.answer_title.to_owned(), fill(w.told.answer_button, &[partner]), told)
            }
            Verb::Answer | Verb::AnswerUpdate | Verb::AnswerExpiry => (
                fill(t.answer_title, &[partner, number]),
                fill(t.answer_button, &[partner]),
                answers,
            ),
        };
        Asked { heading, button, form }
    }
}

fn accept(w: &Words, form: FormShown) -> FormShown {
    form.text("text", w.warn.accept_note, w.warn.accept_hint)
}

fn decline(w: &Words, form: FormShown) -> FormShown {
    let other = (String::new(), w.warn.decline_other.to_owned(), String::new());
    let grounds = Ground::ALL.iter().map(|one| {
        let value = serde_json::to_value(one).ok();
        let value = value.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        (value.to_owned(), word::ground(w, *one).to_owned(), String::new())
    });
    form.choices("ground", w.warn.decline_ground, grounds.chain([other]).collect::<Vec<_>>()).text(
        "text",
        w.warn.decline_reason,
        w.form.optional,
    )
}

fn ask(w: &Words, form: FormShown) -> FormShown {
    form.text("text", w.warn.ask_text, w.warn.ask_hint)
}

fn act(w: &Words, form: FormShown) -> FormShown {
    let none = (String::new(), w.case.f_unsaid.to_owned());
    let all = ActionClass::ALL.iter();
    let all = all.map(|one| (one.name().to_owned(), word::action(w, *one).to_owned()));
    let all: Vec<_> = std::iter::once(none).chain(all).collect();
    form.text("text", w.warn.act_text, "").select("class", w.warn.act_class, w.form.optional, all)
}

fn outcome(w: &Words, form: FormShown) -> FormShown {
    let counted = word::OUTCOMES
        .into_iter()
        .fold(form, |form, (field, kind)| form.number(field, word::outcome(w, kind)));
    counted.line("on", w.warn.outcome_on, w.warn.outcome_on_hint).text(
        "text",
        w.warn.outcome_text,
        w.form.optional,
    )
}

fn thank(w: &Words, form: FormShown) -> FormShown {
    form.line("to", w.warn.thank_to, "").text("text", w.warn.thank_text, w.warn.thank_hint)
}

fn told(w: &Words, form: FormShown) -> FormShown {
    let choice = |value: &str, label: &str| (value.to_owned(), label.to_owned(), String::new());
    let both = [choice("yes", w.told.answer_so), choice("no", w.told.answer_not)];
    form.choices("so", w.told.answer_title, both).text("text", w.told.answer_text, w.form.optional)
}

/// What the sender says it told us, and we have not answered: the entry, and its words.
pub(crate) fn unanswered(shown: &WarningShown) -> Vec<(String, String)> {
    let talk = &shown.warning.talk;
    let answered = |index: u64| {
        talk.iter()
            .any(|one| matches!(one.what, SaidWhat::ToldAnswered { entry, .. } if entry == index))
    };
    let told = talk.iter().filter(|one| !one.ours && matches!(one.what, SaidWhat::Told { .. }));
    let open = told.filter(|one| !answered(one.entry.index));
    open.map(|one| (one.entry.index.to_string(), line(&one.words))).collect()
}

fn answers(w: &Words, form: FormShown) -> FormShown {
    let all = word::COMPLIANCES
        .map(|one| (one.name().to_owned(), word::compliance(w, one).to_owned(), String::new()));
    let corrects = [("yes".to_owned(), w.warn.answer_corrects.to_owned(), String::new())];
    form.choices("answer", w.warn.answer_what, all)
        .text("text", w.warn.answer_text, w.form.optional)
        .ticks("corrects", ("", ""), corrects)
}
