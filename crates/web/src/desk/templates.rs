//! `/desk/templates`: texts to begin drafts with.

use super::form::{FormShown, Trouble, answered, on_to, status};
use super::frame::Frame;
use super::paper::Sheet;
use super::plain::{Act, Plain};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{block, line};
use super::texts::Words;
use super::tried::Tried;
use super::word;
use crate::app::App;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::TemplateAct;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::template::Template;
use forewarn_extract::threat::Threat;
use forewarn_view::template::TemplateLine;
use forewarn_view::text;

/// Which of the forms was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Set,
    Remove,
}

impl Form for Template {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Template> {
        let partner = Some(fields.line("partner")).filter(|typed| !typed.is_empty());
        let partner = partner.map(NodeName::parse).transpose();
        if partner.is_err() {
            wrong.push(Wrong { field: "partner", words: |w| w.form.choose });
        }
        Some(Template {
            name: fields.needed("name", wrong),
            threat: fields.word("threat"),
            partner: partner.ok()?,
            language: fields.needed("language", wrong),
            title: fields.needed("title", wrong),
            text: fields.needed("text", wrong),
        })
    }
}

/// The name of a template.
pub(crate) struct Named(String);

impl Form for Named {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Named> {
        Some(Named(fields.needed("name", wrong)))
    }
}

pub(crate) async fn list(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    page(&node, &reader, (&Fields::default(), None)).await
}

/// `POST /desk/templates`.
pub(crate) async fn set(
    State(node): State<App>,
    posted: Posted<Template>,
) -> Result<Response, Problem> {
    let act = |template| TemplateAct::Set { template: Box::new(template) };
    led(&node, posted.does(&node, act).await?, Which::Set).await
}

/// `POST /desk/templates/remove`.
pub(crate) async fn remove(
    State(node): State<App>,
    posted: Posted<Named>,
) -> Result<Response, Problem> {
    let tried = posted.does(&node, |Named(name)| TemplateAct::Remove { name }).await?;
    led(&node, tried, Which::Remove).await
}

async fn led(node: &App, tried: Tried, which: Which) -> Result<Response, Problem> {
    match tried {
        Tried::Done(_) => Ok(on_to("/desk/templates")),
        Tried::Again { reader, typed, trouble } => {
            page(node, &reader, (&typed, Some((which, trouble)))).await
        }
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    (typed, trouble): (&Fields, Option<(Which, Trouble)>),
) -> Result<Response, Problem> {
    let (w, t) = (reader.w, &reader.w.template);
    let read = node.read(|db, _| Ok(db.templates()?.all().map(TemplateLine::of).collect()));
    let lines: Vec<TemplateLine> = read.await?;
    let status = status(trouble.as_ref().map(|(_, trouble)| trouble));
    let page = Plain {
        lead: t.lead.to_owned(),
        sheets: lines.iter().map(|one| sheet(w, one, None)).collect(),
        acts: if reader.user.works() { acts(reader, typed, trouble) } else { Vec::new() },
        notices: lines.is_empty().then(|| t.none.to_owned()).into_iter().collect(),
        ..Plain::new(Frame::new(node, Some(reader), w, t.title), t.title)
    };
    Ok(answered(&page, status))
}

/// A template, and where it leads.
pub(crate) fn sheet(w: &Words, one: &TemplateLine, link: Option<(String, &'static str)>) -> Sheet {
    let t = &w.template;
    let template = &one.kept.template;
    let threat = template.threat.map_or(t.any, |threat| word::threat(w, threat));
    Sheet {
        heading: template.name.clone(),
        note: format!("{}, {}", one.kept.by, text::time(&one.kept.at)),
        facts: vec![
            (w.case.f_threat.to_owned(), threat.to_owned()),
            (
                w.case.for_whom.to_owned(),
                template.partner.as_ref().map_or(t.any.to_owned(), ToString::to_string),
            ),
            (t.language.to_owned(), line(&template.language)),
            (
                t.places.to_owned(),
                text::or_none(Some(&one.places.join(", ")).filter(|all| !all.is_empty()), |all| {
                    all.clone()
                }),
            ),
        ],
        text: block(&format!("{}\n\n{}", template.title, template.text)),
        link,
        ..Sheet::default()
    }
}

fn acts(reader: &Reader, typed: &Fields, trouble: Option<(Which, Trouble)>) -> Vec<Act> {
    let (w, t) = (reader.w, &reader.w.template);
    let nothing = Fields::default();
    let (which, trouble) =
        trouble.map_or((None, None), |(which, trouble)| (Some(which), Some(trouble)));
    let of_set = which == Some(Which::Set);
    let (set_trouble, remove_trouble) = if of_set { (trouble, None) } else { (None, trouble) };
    let threats =
        Threat::ALL.iter().map(|one| (one.name().to_owned(), word::threat(w, *one).to_owned()));
    let any = std::iter::once((String::new(), t.any.to_owned()));
    let set = FormShown::new(reader, "/desk/templates".to_owned(), t.set)
        .again(if of_set { typed } else { &nothing }, set_trouble)
        .line("name", t.name, t.name_hint)
        .select("threat", w.case.f_threat, "", any.chain(threats))
        .line("partner", w.case.for_whom, w.form.optional)
        .line("language", t.language, t.language_hint)
        .line("title", w.send.title, "")
        .text("text", w.send.text, t.text_hint);
    let remove = FormShown::new(reader, "/desk/templates/remove".to_owned(), t.remove)
        .again(if of_set { &nothing } else { typed }, remove_trouble)
        .line("name", t.name, "");
    let act = |heading: &str, lead: &str, form| Act {
        heading: heading.to_owned(),
        lead: lead.to_owned(),
        form,
    };
    vec![act(t.set, t.set_text, set), act(t.remove, t.remove_text, remove)]
}
