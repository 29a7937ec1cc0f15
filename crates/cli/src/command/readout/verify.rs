//! `forewarn readout verify`: a published text against a transcript or evidence, without a node.

use crate::command::{file, verify};
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::readout::published::{
    Known, MAX_BYTES, Published, of_evidence, of_transcript,
};
use forewarn_transcript::evidence::{Evidence, MAX_EVIDENCE_BYTES, NotProven};
use forewarn_transcript::export::Transcript;
use forewarn_view::readout::verified_words;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The published text (`readout export`)
    file: PathBuf,
    /// Evidence (`evidence export`) to hold it against; may be given several times
    #[arg(long, value_name = "FILE", required_unless_present = "transcript")]
    evidence: Vec<PathBuf>,
    /// A transcript (`channel export`) to hold it against
    #[arg(long, value_name = "FILE")]
    transcript: Option<PathBuf>,
    /// A contact card, or a file with a public key in base64, that you had by other means; may be
    /// given several times
    #[arg(long = "key", value_name = "KEYFILE")]
    keys: Vec<PathBuf>,
}

pub(crate) fn run(asked: &Verify, json: bool) -> Result<(), Failed> {
    let bytes = file::read(&asked.file, MAX_BYTES)?;
    let published = Published::parse(&bytes)
        .map_err(|why| Failed::refused(format!("`{}`: {why}", asked.file.display())))?;
    let verified = published.judge(&known(asked)?);
    let contradicted = verified.is_contradicted();
    output::answer(json, &verified, verified_words(&verified))?;
    if contradicted {
        return Err(Failed::refused("CONTRADICTED: the transcript says something else"));
    }
    Ok(())
}

/// The entries of the files, each of which is verified first.
fn known(asked: &Verify) -> Result<Vec<Known>, Failed> {
    let pinned = asked.keys.iter().map(|path| verify::keys(path)).collect::<Result<Vec<_>, _>>()?;
    let refused = |NotProven { place, why }: NotProven| {
        Failed::refused(format!("NOT PROVEN. {place}: {why}"))
    };
    let mut known = Vec::new();
    for path in &asked.evidence {
        let evidence = Evidence::parse(&file::read(path, MAX_EVIDENCE_BYTES)?).map_err(refused)?;
        evidence.verify(&pinned).map_err(refused)?;
        known.extend(of_evidence(&evidence).map_err(refused)?);
    }
    if let Some(path) = &asked.transcript {
        let bytes = file::read(path, MAX_EVIDENCE_BYTES)?;
        let transcript = Transcript::parse(&bytes).map_err(refused)?;
        transcript.verify_by(&pinned).map_err(refused)?;
        known.extend(of_transcript(&transcript).map_err(refused)?);
    }
    Ok(known)
}
