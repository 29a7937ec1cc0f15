//! `forewarn case export` and `forewarn warning export`: as files, in other people's forms.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, ValueEnum};
use forewarn_exchange::case_file::FileForm;
use forewarn_exchange::id::CaseNumber;
use forewarn_transcript::Hash;
use hyper::Method;
use serde_json::json;
use std::path::{Path, PathBuf};

/// In which form, and where to.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// In which form
    #[arg(long = "to", alias = "format", value_enum, value_name = "FORM")]
    to: WarningForm,
    /// A file to write to; standard output, when none is given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Of a case: in which form, and where to.
#[derive(Debug, Args)]
pub(crate) struct CaseExportArgs {
    /// In which form
    #[arg(long = "to", alias = "format", value_enum, value_name = "FORM")]
    to: CaseForm,
    /// A file to write to; standard output, when none is given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Of CAP: this version, counted from 1; the newest, or the recall, when it is not said
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// Of CAP: for whoever its marking lets read, and not for the partner by name
    #[arg(long)]
    restricted: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum WarningForm {
    /// Common Alerting Protocol 1.2
    Cap,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CaseForm {
    /// STIX 2.1: a report, a note for each fact, the case's objects
    Stix,
    /// A table, a row for each fact
    Csv,
    /// Pages (PDF/A), with the marking on each
    Pdf,
    /// A released version as Common Alerting Protocol 1.2
    Cap,
}

impl From<CaseForm> for FileForm {
    fn from(form: CaseForm) -> FileForm {
        match form {
            CaseForm::Stix => FileForm::Stix,
            CaseForm::Csv => FileForm::Csv,
            CaseForm::Pdf => FileForm::Pdf,
            CaseForm::Cap => FileForm::Cap,
        }
    }
}

impl ExportArgs {
    /// Writes `what`, such as `warnings/1`, in the form that is asked for.
    pub(crate) async fn run(&self, what: &str, context: &Context) -> Result<(), Failed> {
        let WarningForm::Cap = self.to;
        let path = format!("/api/v1/{what}/cap");
        let bytes = context.client.call(Method::GET, &path, Vec::new()).await?;
        written(self.out.as_deref(), &bytes, context)
    }
}

impl CaseExportArgs {
    /// Writes the file of a case.
    pub(crate) async fn run(&self, case: CaseNumber, context: &Context) -> Result<(), Failed> {
        let to = FileForm::from(self.to);
        if to == FileForm::Pdf && self.out.is_none() {
            return Err(Failed::usage("pages are no text: say where to: --out FILE"));
        }
        let asked = json!({ "to": to, "version": self.version, "restricted": self.restricted });
        let path = format!("/api/v1/cases/{case}/export");
        let asked = asked.to_string().into_bytes();
        let bytes = context.client.call(Method::POST, &path, asked).await?;
        written(self.out.as_deref(), &bytes, context)
    }
}

fn written(out: Option<&Path>, bytes: &[u8], context: &Context) -> Result<(), Failed> {
    let Some(file) = out else {
        return output::line(String::from_utf8_lossy(bytes).trim_end());
    };
    file::write_new(file, bytes)?;
    let digest = Hash::of(bytes);
    let value = json!({ "file": file, "bytes": bytes.len(), "digest": digest });
    let sentence = format!("wrote {} ({} bytes, SHA-256 {digest})", file.display(), bytes.len());
    output::answer(context.json, &value, sentence)
}
