//! Step 7: both sides agree, and a third party can check it.

use super::stage::program;
use super::story::{OURS, Story, THEIRS};
use super::tell::{Teller, command, step};
use crate::failure::Failed;
use forewarn_view::channel::{CopyVerdict, LogCompared};
use forewarn_view::partner::OwnCard;
use hyper::Method;
use serde_json::json;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// What the evidence shows; everything else stays closed.
const SHOWN: [&str; 3] = ["title", "facts", "text"];

impl Story {
    pub(super) async fn prove(&mut self, folder: &Path, teller: &Teller) -> Result<(), Failed> {
        step(7, "Both hold the same, and a third party can check it")?;
        for (here, there) in [(&self.ours, THEIRS), (&self.theirs, OURS)] {
            let url = format!("/api/v1/channels/{there}/reconcile");
            let compared: Vec<LogCompared> = here.owner().post(&url, &()).await?;
            for LogCompared { log, entries_ours, verdict, .. } in &compared {
                if *verdict != CopyVerdict::Equal {
                    return Err(Failed::internal("the two sides differ"));
                }
                let writer = log.split('/').next().unwrap_or_default();
                teller.say(format!(
                    "{} asked {there}: {writer}'s log is equal, {entries_ours} entries",
                    here.name
                ))?;
            }
        }
        let evidence = folder.join("evidence.json");
        let wanted = json!({ "subject": "case-1", "show": SHOWN }).to_string();
        let otto = self.ours.person("otto");
        let bytes = otto.call(Method::POST, "/api/v1/evidence", wanted.into_bytes()).await?;
        write(&evidence, &bytes)?;
        let url = format!("/api/v1/channels/{THEIRS}/transcript");
        let transcript = otto.call(Method::GET, &url, Vec::new()).await?;
        let card = folder.join("east.card");
        let theirs: OwnCard = self.theirs.owner().get("/api/v1/card").await?;
        write(&card, theirs.card.as_bytes())?;
        teller.say(format!(
            "{OURS} exports evidence of case 1 ({} bytes), showing {} and nothing else",
            bytes.len(),
            SHOWN.join(", "),
        ))?;
        command(OURS, "evidence export case-1 --show title facts text -o evidence.json --as otto")?;
        self.theirs.stop().await?;
        teller.say(format!("{THEIRS} is stopped; the file is checked without any node"))?;
        let (good, words) = verify(&evidence, Some(&card)).await?;
        expect(good, &words)?;
        for line in words.lines().filter(|line| worth_telling(line)) {
            teller.say(format!("  {line}"))?;
        }
        command("anyone", "verify evidence.json --key east.card")?;
        bend_and_verify(folder, "evidence", &bytes, teller).await?;
        bend_and_verify(folder, "transcript", &transcript, teller).await?;
        self.theirs.start().await
    }
}

/// Flips one bit in the middle of an entry of a copy: it must be noticed, and said where.
async fn bend_and_verify(
    folder: &Path,
    what: &str,
    bytes: &[u8],
    teller: &Teller,
) -> Result<(), Failed> {
    let needle = b"\\\"kind\\\":\\\"thanks\\\"";
    let found = bytes.windows(needle.len()).position(|window| window == needle);
    let at = found.map_or(bytes.len() / 2, |start| start + needle.len() - 3);
    let mut bent = bytes.to_vec();
    if let Some(byte) = bent.get_mut(at) {
        *byte ^= 1;
    }
    let path = folder.join(format!("bent-{what}.json"));
    write(&path, &bent)?;
    let (good, words) = verify(&path, None).await?;
    if good {
        return Err(Failed::internal(format!("a changed {what} was accepted")));
    }
    teller.say(format!("one bit of byte {at} of the {what} flipped:\n  {}", words.trim()))
}

/// Runs `forewarn verify` as anyone would; whether it accepted, and its words.
async fn verify(file: &Path, key: Option<&PathBuf>) -> Result<(bool, String), Failed> {
    let mut command = Command::new(program()?);
    command.arg("verify").arg(file);
    if let Some(key) = key {
        command.arg("--key").arg(key);
    }
    let output = command.output().await.map_err(|e| Failed::internal(e.to_string()))?;
    let words = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&words).into_owned()))
}

fn worth_telling(line: &str) -> bool {
    ["PROVEN", "  shown", "  withheld"].iter().any(|start| line.starts_with(start))
}

fn expect(good: bool, words: &str) -> Result<(), Failed> {
    if good { Ok(()) } else { Err(Failed::internal(format!("evidence was refused: {words}"))) }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    std::fs::write(path, bytes).map_err(|e| Failed::internal(format!("`{}`: {e}", path.display())))
}
