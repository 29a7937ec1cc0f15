//! A form as a page shows it: its parts, what was typed so far, and what is wrong with it.

use super::drawn::Drawn;
use super::frame::{Frame, html, html_with};
use super::hint::{self, Step};
use super::posted::{Fields, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::Words;
use crate::problem::Problem;
use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::answer::Answer;
use forewarn_node::clock;
use forewarn_store::begun::Address;

/// The field that says which button of a form was pressed; its main one says nothing.
pub(crate) const DO: &str = "do";

/// Why a form was not taken.
pub(crate) enum Trouble {
    /// Fields are not as they should be.
    Wrong(Vec<Wrong>),
    /// The node has refused what it asks for.
    Refused(Problem),
    /// Whoever sent it did not show that it is he or she.
    NotShown,
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Trouble {
        Trouble::Refused(problem)
    }
}

impl From<Vec<Wrong>> for Trouble {
    fn from(wrong: Vec<Wrong>) -> Trouble {
        Trouble::Wrong(wrong)
    }
}

impl Trouble {
    /// Whether the form is shown again. What is no fault of what was typed is an error page.
    pub(crate) fn again(self) -> Result<Trouble, Problem> {
        match self {
            Trouble::Refused(problem) => {
                // What was typed may name what is not there; where the page's own is not, it says so.
                let shown = [
                    StatusCode::UNPROCESSABLE_ENTITY,
                    StatusCode::PRECONDITION_FAILED,
                    StatusCode::CONFLICT,
                    StatusCode::NOT_FOUND,
                ];
                if shown.contains(&problem.status) {
                    return Ok(Trouble::Refused(problem));
                }
                Err(problem)
            }
            Trouble::Wrong(_) | Trouble::NotShown => Ok(self),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Trouble::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::NotShown => StatusCode::FORBIDDEN,
            Trouble::Refused(problem) => problem.status,
        }
    }
}

/// One choice of several.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) chosen: bool,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Line,
    Word,
    Number,
    Secret,
    Text,
    Choices,
    Ticks,
    Select,
}

/// One question of a form.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    pub(crate) error: Option<&'static str>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) complete: &'static str,
}

/// How a form's button looks: by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It changes something here.
    Plain,
    /// Its effect leaves the node for good.
    Final,
}

/// A form.
#[derive(Template)]
#[template(path = "desk/form.html")]
pub(crate) struct FormShown {
    w: &'static Words,
    action: String,
    token: String,
    once: String,
    hidden: Vec<(&'static str, String)>,
    parts: Vec<Part>,
    button: String,
    weight: Weight,
    /// Whether it only leads somewhere.
    gets: bool,
    after: String,
    back: Option<(String, String)>,
    stop: Option<Stop>,
    typed: Fields,
    wrong: Vec<Wrong>,
    /// Whether what is typed is kept.
    keeps: bool,
    /// Buttons that show the form again, and do nothing else: what is asked for, and its words.
    also: Vec<(&'static str, &'static str)>,
    drawn: Option<Drawn>,
}

/// What is said above a form that was not taken.
pub(crate) struct Stop {
    pub(crate) heading: &'static str,
    pub(crate) detail: Option<String>,
    pub(crate) step: Option<Step>,
}

impl HtmlSafe for FormShown {}

impl FormShown {
    /// A form that is sent to this address.
    pub(crate) fn new(
        reader: &Reader,
        action: impl Into<String>,
        button: impl Into<String>,
    ) -> Self {
        let action = action.into();
        FormShown {
            w: reader.w,
            keeps: Address::parse(&action).is_some(),
            action,
            token: reader.token.text().to_owned(),
            once: clock::seed().to_string(),
            hidden: Vec::new(),
            parts: Vec::new(),
            button: button.into(),
            weight: Weight::Plain,
            gets: false,
            after: String::new(),
            back: None,
            stop: None,
            typed: Fields::default(),
            wrong: Vec::new(),
            also: Vec::new(),
            drawn: None,
        }
    }

    /// Shown again, with what was typed and what is wrong.
    #[must_use]
    pub(crate) fn again(mut self, typed: &Fields, trouble: Option<Trouble>) -> Self {
        self.typed = typed.clone();
        match trouble {
            None => {}
            Some(Trouble::Wrong(wrong)) => {
                let (heading, detail, step) = (self.w.form.wrong, None, None);
                self.stop = Some(Stop { heading, detail, step });
                self.wrong = wrong;
            }
            Some(Trouble::NotShown) => {
                let detail = Some(self.w.send.password_wrong.to_owned());
                self.stop = Some(Stop { heading: self.w.form.refused, detail, step: None });
            }
            Some(Trouble::Refused(problem)) => {
                let refusal = problem.refusal();
                self.stop = Some(Stop {
                    heading: self.w.form.refused,
                    detail: Some(line(&refusal.message)),
                    step: refusal.hint.as_ref().map(|one| hint::step(self.w, one)),
                });
            }
        }
        self
    }

    /// It leads to a page, and does nothing.
    #[must_use]
    pub(crate) fn gets(self) -> Self {
        FormShown { gets: true, ..self }
    }

    /// What it does leaves the node.
    #[must_use]
    pub(crate) fn leaves(self) -> Self {
        FormShown { weight: Weight::Final, ..self }
    }

    /// A value that is sent as it is.
    #[must_use]
    pub(crate) fn hidden(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }

    /// Words below the button.
    #[must_use]
    pub(crate) fn after(self, words: impl Into<String>) -> Self {
        FormShown { after: words.into(), ..self }
    }

    /// A way back.
    #[must_use]
    pub(crate) fn back(self, at: impl Into<String>, words: impl Into<String>) -> Self {
        FormShown { back: Some((at.into(), words.into())), ..self }
    }

    /// A button that shows the form again, with what is asked for in the field [`DO`].
    #[must_use]
    pub(crate) fn also(mut self, what: &'static str, words: &'static str) -> Self {
        self.also.push((what, words));
        self
    }

    /// With a map below it.
    #[must_use]
    pub(crate) fn drawn(self, drawn: Drawn) -> Self {
        FormShown { drawn: Some(drawn), ..self }
    }

    fn part(mut self, kind: Kind, name: &'static str, label: &str, hint: &str) -> Self {
        let value = self.typed.line(name).to_owned();
        // What is secret is typed anew.
        let value = if kind == Kind::Secret { String::new() } else { value };
        let error = self.wrong.iter().find(|one| one.field == name).map(|one| (one.words)(self.w));
        self.parts.push(Part {
            name,
            kind,
            label: label.to_owned(),
            hint: hint.to_owned(),
            value,
            error,
            choices: Vec::new(),
            complete: "off",
        });
        self
    }

    /// One line.
    #[must_use]
    pub(crate) fn line(self, name: &'static str, label: &str, hint: &str) -> Self {
        self.part(Kind::Line, name, label, hint)
    }

    /// A count; nothing when it is left empty.
    #[must_use]
    pub(crate) fn number(self, name: &'static str, label: &str) -> Self {
        self.part(Kind::Number, name, label, "")
    }

    /// A text.
    #[must_use]
    pub(crate) fn text(self, name: &'static str, label: &str, hint: &str) -> Self {
        self.part(Kind::Text, name, label, hint)
    }

    /// A password.
    #[must_use]
    pub(crate) fn secret(self, name: &'static str, label: &str, hint: &str) -> Self {
        let mut form = self.part(Kind::Secret, name, label, hint);
        if let Some(part) = form.parts.last_mut() {
            part.complete = "current-password";
        }
        form
    }

    /// A password that is to be another one.
    #[must_use]
    pub(crate) fn fresh(self, name: &'static str, label: &str, hint: &str) -> Self {
        let mut form = self.part(Kind::Secret, name, label, hint);
        if let Some(part) = form.parts.last_mut() {
            part.complete = "new-password";
        }
        form
    }

    /// One word.
    #[must_use]
    pub(crate) fn short(self, name: &'static str, label: &str) -> Self {
        self.part(Kind::Word, name, label, "")
    }

    /// That what stands there was kept and not sent.
    fn kept(&self) -> Option<String> {
        self.typed.before.kept(self.w)
    }

    /// Who else writes there.
    fn others(&self) -> Vec<String> {
        self.typed.before.others(self.w)
    }

    fn several<I>(self, kind: Kind, name: &'static str, (label, hint): (&str, &str), of: I) -> Self
    where
        I: IntoIterator<Item = (String, String, String)>,
    {
        let choice = |typed: &Fields, (value, label, hint): (String, String, String)| Choice {
            chosen: typed.has(name, &value),
            value,
            label,
            hint,
        };
        let mut form = self.part(kind, name, label, hint);
        let choices = of.into_iter().map(|one| choice(&form.typed, one)).collect();
        if let Some(part) = form.parts.last_mut() {
            part.choices = choices;
        }
        form
    }

    /// One of several, each with its consequence.
    #[must_use]
    pub(crate) fn choices<I>(self, name: &'static str, label: &str, of: I) -> Self
    where
        I: IntoIterator<Item = (String, String, String)>,
    {
        self.several(Kind::Choices, name, (label, ""), of)
    }

    /// Any of several.
    #[must_use]
    pub(crate) fn ticks<I>(self, name: &'static str, label: (&str, &str), of: I) -> Self
    where
        I: IntoIterator<Item = (String, String, String)>,
    {
        self.several(Kind::Ticks, name, label, of)
    }

    /// One of a list.
    #[must_use]
    pub(crate) fn select<I>(self, name: &'static str, label: &str, hint: &str, of: I) -> Self
    where
        I: IntoIterator<Item = (String, String)>,
    {
        let of = of.into_iter().map(|(value, label)| (value, label, String::new()));
        self.several(Kind::Select, name, (label, hint), of)
    }
}

/// A page that is a form, and what is looked at beside it.
#[derive(Template)]
#[template(path = "desk/form_page.html")]
pub(crate) struct FormPage {
    pub(crate) f: Frame,
    pub(crate) over: String,
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) crumb: (String, String),
    pub(crate) clock: Option<super::clock::Clock>,
    pub(crate) form: FormShown,
    pub(crate) aside: Vec<super::paper::Sheet>,
}

/// A page that holds a form, answered as it fared.
pub(crate) fn answered(page: &impl Template, status: Option<StatusCode>) -> Response {
    status.map_or_else(|| html(page), |status| html_with(status, page))
}

/// The status of a form that is shown, by what is wrong with it.
pub(crate) fn status(trouble: Option<&Trouble>) -> Option<StatusCode> {
    trouble.map(Trouble::status)
}

/// A form was taken: on to the page that states the result. What needs a second person is there to be
/// looked at.
pub(crate) fn done(answer: &Answer, otherwise: impl Into<String>) -> Response {
    match answer {
        Answer::Proposed { proposal, .. } => on_to(&format!("/desk/proposals/{proposal}")),
        _ => on_to(&otherwise.into()),
    }
}

/// 303 to a page of the desk.
pub(crate) fn on_to(at: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(at) = at.parse() {
        response.headers_mut().insert(LOCATION, at);
    }
    response
}
