//! `forewarn case export` and `forewarn warning export`: in other people's forms.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, ValueEnum};
use hyper::Method;
use serde_json::json;
use std::path::PathBuf;

/// In which form, and where to.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// In which form
    #[arg(long, value_enum)]
    format: Form,
    /// A file to write to; standard output, when none is given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The same, and for whom.
#[derive(Debug, Args)]
pub(crate) struct CaseExportArgs {
    #[command(flatten)]
    export: ExportArgs,
    /// For whoever its marking lets read, and not for the partner by name
    #[arg(long)]
    restricted: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// Common Alerting Protocol 1.2
    Cap,
}

impl ExportArgs {
    /// Writes `what`, such as `warnings/1`, in the form that is asked for.
    pub(crate) async fn run(&self, what: &str, context: &Context) -> Result<(), Failed> {
        self.write(what, "", context).await
    }

    async fn write(&self, what: &str, query: &str, context: &Context) -> Result<(), Failed> {
        let Form::Cap = self.format;
        let path = format!("/api/v1/{what}/cap{query}");
        let bytes = context.client.call(Method::GET, &path, Vec::new()).await?;
        let Some(file) = &self.out else {
            return output::line(String::from_utf8_lossy(&bytes).trim_end());
        };
        file::write_new(file, &bytes)?;
        let value = json!({ "file": file, "bytes": bytes.len() });
        let sentence = format!("wrote {} ({} bytes)", file.display(), bytes.len());
        output::answer(context.json, &value, sentence)
    }
}

impl CaseExportArgs {
    /// Writes `what`, such as `cases/1`, in the form that is asked for.
    pub(crate) async fn run(&self, what: &str, context: &Context) -> Result<(), Failed> {
        let query = if self.restricted { "?restricted=true" } else { "" };
        self.export.write(what, query, context).await
    }
}
