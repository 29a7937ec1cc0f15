//! `forewarn template`: texts to begin drafts with; and a draft that begins with one.

use super::{file, parse};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, Subcommand};
use forewarn_exchange::act::TemplateAct;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::template::{Filled, Template};
use forewarn_extract::threat::Threat;
use forewarn_view::answer::TemplateSet;
use forewarn_view::template::TemplateLine;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Most bytes of a template's file.
const MAX_BYTES: usize = 128 << 10;

#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// Write one; one of the same name takes its place
    Add(Box<Add>),
    /// List them, or those that are offered for a case
    List {
        /// Those for the threat of this case's finding, and for its partner
        #[arg(long, value_name = "CASE")]
        case: Option<CaseNumber>,
    },
    /// Show one, with its places
    Show {
        /// Its name
        name: String,
    },
    /// Remove one; drafts that began with it stay as they are
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// What it is called: small letters, digits and hyphens
    name: String,
    /// For which kind of threat; for every one, when it is not said
    #[arg(long, value_parser = parse::word::<Threat>)]
    threat: Option<Threat>,
    /// For which partner; for every one, when it is not said
    #[arg(long)]
    partner: Option<NodeName>,
    /// In which language it is: en, de
    #[arg(long, default_value = "en")]
    language: String,
    /// The title, with places such as {target}
    #[arg(long)]
    title: String,
    /// A file with the words, with places
    #[arg(long, value_name = "FILE")]
    text_file: PathBuf,
}

async fn known(context: &Context, name: &str) -> Result<TemplateLine, Failed> {
    let all: Vec<TemplateLine> = context.client.get("/api/v1/templates").await?;
    let found = all.into_iter().find(|one| one.kept.template.name == name);
    found.ok_or_else(|| {
        Failed::refused(format!("there is no template `{name}`")).hint("forewarn template list")
    })
}

/// A template that a draft begins with, and what stands in its places.
#[derive(Debug, Args)]
pub(crate) struct Begin {
    /// Begin with this template; a title and words that are given too stand in the place of its own
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// What stands in a place of the template: `target=the station`; may be given several times
    #[arg(long = "fill", value_name = "PLACE=WORDS", requires = "template", value_parser = place)]
    fill: Vec<(String, String)>,
}

impl Begin {
    /// Its title and words, where there is one.
    pub(crate) async fn filled(&self, context: &Context) -> Result<Option<Filled>, Failed> {
        let Some(name) = &self.template else { return Ok(None) };
        let template = known(context, name).await?.kept.template;
        let chosen: BTreeMap<String, String> = self.fill.iter().cloned().collect();
        let filled = template.filled(&chosen);
        filled.map(Some).map_err(|refusal| Failed::refused(refusal.message))
    }
}

/// What stands in a place of a template: `target=the station`.
fn place(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=');
    let (name, value) = split.ok_or("write it as PLACE=WORDS")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

pub(crate) async fn run(command: TemplateCommand, context: &Context) -> Result<(), Failed> {
    match command {
        TemplateCommand::Add(add) => {
            let Add { name, threat, partner, language, title, text_file } = *add;
            let text = file::read_text(&text_file, MAX_BYTES)?;
            let text = text.trim_end().to_owned();
            let template = Template { name, threat, partner, language, title, text };
            let act = TemplateAct::Set { template: Box::new(template) };
            let answer: TemplateSet = context.client.act(act).await?;
            let words = format!("template {} is written", answer.template);
            output::answer(context.json, &answer, words)
        }
        TemplateCommand::List { case } => {
            let (path, none) = match case {
                Some(case) => {
                    (format!("/api/v1/templates?case={case}"), "no template fits this case")
                }
                None => ("/api/v1/templates".to_owned(), "no template is written yet"),
            };
            let all: Vec<TemplateLine> = context.client.get(&path).await?;
            output::list(context.json, &all, none)
        }
        TemplateCommand::Show { name } => {
            let one = known(context, &name).await?;
            output::answer(context.json, &one, one.words())
        }
        TemplateCommand::Remove { name } => {
            let answer: TemplateSet = context.client.act(TemplateAct::Remove { name }).await?;
            let words = format!("template {} is removed", answer.template);
            output::answer(context.json, &answer, words)
        }
    }
}
