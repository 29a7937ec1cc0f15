//! `forewarn read-document`: the process in which a document is read. The program starts it by itself.

use crate::failure::Failed;
use clap::Args;
use forewarn_node::reader;

#[derive(Debug, Args)]
pub(crate) struct ReadDocument {
    /// PDFs are not read, and this is why
    #[arg(long, value_name = "WHY")]
    without_pdfs: Option<String>,
}

pub(crate) fn run(asked: ReadDocument) -> Result<(), Failed> {
    reader::run(asked.without_pdfs).map_err(|e| Failed::internal(e.to_string()))
}
