//! What came of a form that was sent.

use super::form::{Trouble, done};
use super::posted::{Fields, Posted, SEEN};
use super::reader::Reader;
use super::unsent;
use crate::app::App;
use crate::problem::Problem;
use axum::response::Response;
use forewarn_exchange::Act;
use forewarn_exchange::answer::Answer;

/// What came of a form that was sent.
pub(crate) enum Tried {
    /// It was done.
    Done(Answer),
    /// It was not, and is shown again.
    Again {
        /// Who has sent it.
        reader: Box<Reader>,
        /// What was typed.
        typed: Fields,
        /// Why it was not done.
        trouble: Trouble,
    },
}

impl Tried {
    /// What is no fault of what was typed is an error page, and not the form again.
    pub(crate) fn of(
        (reader, typed): (Reader, Fields),
        outcome: Result<Answer, Trouble>,
    ) -> Result<Tried, Problem> {
        match outcome {
            Ok(answer) => Ok(Tried::Done(answer)),
            Err(trouble) => {
                let (reader, trouble) = (Box::new(reader), trouble.again()?);
                Ok(Tried::Again { reader, typed, trouble })
            }
        }
    }

    /// On to the page that states the result; or the form once more, as `again` shows it.
    pub(crate) async fn lead(
        self,
        to: impl Into<String>,
        again: impl AsyncFnOnce(Box<Reader>, Fields, Option<Trouble>) -> Result<Response, Problem>,
    ) -> Result<Response, Problem> {
        match self {
            Tried::Done(answer) => Ok(done(&answer, to)),
            Tried::Again { reader, typed, trouble } => again(reader, typed, Some(trouble)).await,
        }
    }
}

impl<T> Posted<T> {
    /// Does what the form asks for, where it is filled in as it should be.
    pub(crate) async fn does<A: Into<Act>>(
        self,
        node: &App,
        act: impl FnOnce(T) -> A,
    ) -> Result<Tried, Problem> {
        let Posted { reader, form, typed, once, address } = self;
        let outcome = match form {
            Ok(form) => {
                let seen = typed.line(SEEN).parse().ok();
                reader.act_on(node, (&once, seen), act(form)).await.map_err(Trouble::from)
            }
            Err(wrong) => Err(wrong.into()),
        };
        match (address, &outcome) {
            (Some(address), Ok(_)) => unsent::forget(node, &reader, address).await?,
            // Whoever goes elsewhere now finds it when he or she comes back.
            (Some(address), Err(_)) => {
                unsent::put(node, &reader, &address, &typed).await?;
            }
            (None, _) => {}
        }
        Tried::of((reader, typed), outcome)
    }
}
