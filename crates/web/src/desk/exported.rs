//! `/desk/cases/{number}/export`: the file of a case, to be kept.

use super::form::{FormShown, Trouble, answered, status};
use super::known;
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::texts::{Words, fill};
use crate::api::exported::{self, Wanted};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::case_file::FileForm;
use forewarn_exchange::id::CaseNumber;

impl Form for Wanted {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Wanted> {
        Some(Wanted { to: fields.chosen("to", wrong)?, version: None, restricted: false })
    }
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
) -> Result<Response, Problem> {
    page(&node, &reader, number, (&Fields::default(), None)).await
}

pub(crate) async fn make(
    State(node): State<App>,
    Path(number): Path<CaseNumber>,
    Posted { reader, form, typed, .. }: Posted<Wanted>,
) -> Result<Response, Problem> {
    let tried = match form {
        Ok(wanted) => {
            let by = (&reader.caller(), reader.door);
            exported::made(&node, by, number, wanted).await.map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    match tried {
        Ok(made) => Ok(made.response()),
        Err(trouble) => page(&node, &reader, number, (&typed, Some(trouble.again()?))).await,
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    number: CaseNumber,
    (typed, trouble): (&Fields, Option<Trouble>),
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let (w, status) = (reader.w, status(trouble.as_ref()));
    let form =
        FormShown::new(reader, format!("/desk/cases/{number}/export"), w.record.export_button)
            .again(typed, trouble)
            .choices("to", w.record.export_form, choices(w))
            .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]));
    let frame = read.frame(node, reader, fill(w.record.export, &[&number]));
    Ok(answered(&read.form_page(w, frame, (w.record.export_text, form), Vec::new()), status))
}

fn choices(w: &Words) -> Vec<(String, String, String)> {
    let r = &w.record;
    let words = |form: FileForm| match form {
        FileForm::Pdf => ("PDF", r.as_pdf),
        FileForm::Csv => ("CSV", r.as_csv),
        FileForm::Stix => ("STIX", r.as_stix),
        FileForm::Cap => ("CAP", r.as_cap),
    };
    let each = FileForm::ALL.iter().map(|form| {
        let (label, hint) = words(*form);
        (form.word().to_owned(), label.to_owned(), hint.to_owned())
    });
    each.collect()
}
