//! `forewarn evidence`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use hyper::Method;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Evidence {
    /// Write a file that proves what crossed about one case or warning
    Export {
        /// case-N or warning-N
        subject: String,
        /// A field to show; all others stay closed. May be given several times
        #[arg(long = "show", value_name = "FIELD", num_args = 1..)]
        show: Vec<String>,
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
}

pub(crate) async fn run(evidence: &Evidence, context: &Context) -> Result<(), Failed> {
    let Evidence::Export { subject, show, output: path } = evidence;
    let wanted = json!({ "subject": subject, "show": show }).to_string();
    let bytes = context.client.call(Method::POST, "/api/v1/evidence", wanted.into_bytes()).await?;
    file::write_new(path, &bytes)?;
    let value = json!({ "file": path, "bytes": bytes.len() });
    let sentence = format!(
        "wrote {} ({} bytes); anyone can check it: forewarn verify {}",
        path.display(),
        bytes.len(),
        path.display(),
    );
    output::answer(context.json, &value, sentence)
}
