//! `forewarn backup`, `forewarn restore`: the whole folder in one file, and back. Need no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::{Args, Subcommand};
use forewarn_node::backup::{self, BackupError, Drilled, Identities, Manifest, Sealing};
use forewarn_node::checks::{self, Check};
use forewarn_node::{Config, Home};
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Backup {
    #[command(subcommand)]
    of: Option<Of>,
    /// The file that the backup is written to; it is not there yet
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// For whom it is sealed: a public key of age, `age1…`; several, when given several times
    /// [default: recipients of [backup] in forewarn.toml]
    #[arg(long = "recipients", value_name = "AGE1…")]
    recipients: Vec<String>,
    /// Do not seal it: anybody who has the file reads all cases and warnings. The node's keys, and
    /// passwords of feeds, are not in it
    #[arg(long, conflicts_with = "recipients")]
    unsealed: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Of {
    /// Read a backup back: every byte, the database, the logs with their heads and receipts
    Verify(Verify),
    /// Restore a backup into a folder that goes again, look at all of it, and open its node there
    Drill(Drill),
    /// Make a key by which backups are opened; its public half is printed
    Key(Key),
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The backup
    file: PathBuf,
    /// The file of a secret key of age; not needed for a backup that is not sealed
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Drill {
    /// The backup; `newest` for the newest that the node has made by itself
    file: PathBuf,
    /// The file of a secret key of age; not needed for a backup that is not sealed
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Key {
    /// The file that the secret key is written to; it is not there yet. Keep it away from the node
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup
    file: PathBuf,
    /// The node's new folder: it is not there, or empty
    folder: PathBuf,
    /// The file of a secret key of age; not needed for a backup that is not sealed
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// The `signed.log` of the folder that was lost, when it has survived: it knows more than the backup's
    #[arg(long, value_name = "FILE")]
    signed: Option<PathBuf>,
}

pub(crate) fn run(asked: &Backup, target: &Target) -> Result<(), Failed> {
    match (&asked.of, &asked.file) {
        (Some(Of::Verify(asked)), _) => {
            let keys = identities(asked.identity.as_deref())?;
            let tried = backup::verify(&asked.file, keys.as_ref()).map_err(failed)?;
            told(&tried, &asked.file, target.json)
        }
        (Some(Of::Drill(asked)), _) => drill(asked, target),
        (Some(Of::Key(asked)), _) => key(asked, target.json),
        (None, Some(file)) => make(asked, file, target),
        (None, None) => Err(Failed::usage("which file?").hint("forewarn backup FILE")),
    }
}

fn make(asked: &Backup, file: &Path, target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    let mut given = asked.recipients.clone();
    if given.is_empty() && !asked.unsealed {
        let config = Config::read(&home.config(), std::env::vars());
        given = config.map_err(|e| Failed::refused(e.to_string()))?.backup.recipients;
    }
    let recipients = given.iter().map(|one| backup::recipient(one)).collect::<Result<Vec<_>, _>>();
    let recipients = recipients.map_err(Failed::refused)?;
    let sealing = match (asked.unsealed, recipients.is_empty()) {
        (true, _) => Sealing::Open,
        (false, false) => Sealing::For(recipients),
        (false, true) => {
            let words =
                "for whom is the backup sealed? it has every case, warning and key of this node";
            return Err(Failed::refused(words).hint(
                "give --recipients age1…, or recipients of [backup] in forewarn.toml; `forewarn backup key \
                 FILE` makes a key; --unsealed leaves keys and passwords out and seals nothing",
            ));
        }
    };
    let made = backup::make(&home, std::env::vars(), file, &sealing).map_err(failed)?;
    let manifest = &made.manifest;
    let value = json!({
        "file": made.file, "bytes": made.bytes, "sealed": matches!(sealing, Sealing::For(_)),
        "manifest": manifest,
    });
    let entries: u64 = manifest.logs.iter().map(|log| log.size).sum();
    let mut words = format!(
        "{}: {} as of {}, {} commands, {} logs with {entries} entries; {} files, {} bytes",
        made.file.display(),
        manifest.node,
        manifest.made,
        manifest.journal,
        manifest.logs.len(),
        manifest.files.len(),
        made.bytes,
    );
    for left in &manifest.left_out {
        let _ = write!(words, "\nnot in it: {}: {}", left.path, left.why);
    }
    output::answer(target.json, &value, words)
}

fn key(asked: &Key, as_json: bool) -> Result<(), Failed> {
    let public = backup::make_key(&asked.file).map_err(failed)?;
    let file = asked.file.display();
    let words = format!(
        "{public}\nThe secret key is in {file}. Keep it away from the node, in two places: without it no \
         backup that is sealed for it can be opened. In forewarn.toml:\n\n[backup]\nrecipients = [\"{public}\"]"
    );
    output::answer(as_json, &json!({ "recipient": public, "file": asked.file }), words)
}

fn drill(asked: &Drill, target: &Target) -> Result<(), Failed> {
    let file = if asked.file == Path::new("newest") {
        let home = target.home()?;
        let config = Config::read(&home.config(), std::env::vars());
        let config = config.map_err(|e| Failed::refused(e.to_string()))?;
        let folder = config.backup.folder.ok_or_else(|| {
            Failed::refused(
                "the node makes no backups by itself: [backup] of forewarn.toml names no folder",
            )
            .hint("name a file: forewarn backup drill FILE")
        })?;
        let newest = backup::newest(Path::new(&folder), &config.node.name);
        newest.map(|(_, file)| file).ok_or_else(|| {
            Failed::refused(format!("`{folder}` has no backup of {}", config.node.name))
        })?
    } else {
        asked.file.clone()
    };
    let keys = identities(asked.identity.as_deref())?;
    let tried = backup::drill(&file, keys.as_ref()).map_err(failed)?;
    told(&tried, &file, target.json)
}

pub(crate) fn restore(asked: &Restore, as_json: bool) -> Result<(), Failed> {
    let keys = identities(asked.identity.as_deref())?;
    let manifest =
        backup::restore(&asked.file, keys.as_ref(), &asked.folder, asked.signed.as_deref());
    let manifest = manifest.map_err(failed)?;
    let home = Home::new(&asked.folder);
    let all = [checks::database(&home), checks::transcripts(&home), checks::contradictions(&home)];
    let value = json!({ "folder": asked.folder, "manifest": manifest, "checks": all });
    let mut words = vec![restored(&manifest, &asked.folder)];
    words.extend(all.iter().map(line));
    words.push(NEXT.to_owned());
    output::answer(as_json, &value, words.join("\n"))?;
    verdict(&all)
}

/// What the operator must know of a folder that was restored.
fn restored(manifest: &Manifest, folder: &Path) -> String {
    let Manifest { node, made, journal, logs, .. } = manifest;
    let mut lines = vec![format!(
        "{}: {node} as it was at {made}, after {journal} commands. What happened later is not in it",
        folder.display()
    )];
    for head in logs.iter().filter(|head| head.ours) {
        let (partner, size) = (&head.partner, head.size);
        lines.push(format!(
            "to {partner}: {size} entries of our log; what we wrote after them comes back from {partner} \
             before anything is signed for it, without what was withheld"
        ));
    }
    for left in &manifest.left_out {
        lines.push(format!("not in the backup: {}: {}", left.path, left.why));
    }
    lines.join("\n")
}

const NEXT: &str = "\
before it is started: stop every other copy of this node. What was erased, revoked or changed after the \
backup is as it was before: erase it again, and revoke tokens and sessions again, suspend users again \
(docs/operating/backup.md). Then: forewarn serve --home DIR, and forewarn status";

pub(super) fn identities(file: Option<&Path>) -> Result<Option<Identities>, Failed> {
    file.map(Identities::read).transpose().map_err(failed)
}

fn line(check: &Check) -> String {
    let mark = if check.good { "good " } else { "WRONG" };
    format!("{mark}  {}: {}", check.check, forewarn_view::text::line(&check.words))
}

fn told(tried: &Drilled, file: &Path, as_json: bool) -> Result<(), Failed> {
    let value = json!({ "file": file, "good": tried.is_good(), "manifest": tried.manifest, "checks": tried.checks });
    let Manifest { node, made, files, .. } = &tried.manifest;
    let mut words = vec![format!(
        "{}: {node} as of {made}; all {} files have the digests they had",
        file.display(),
        files.len()
    )];
    words.extend(tried.checks.iter().map(line));
    output::answer(as_json, &value, words.join("\n"))?;
    verdict(&tried.checks)
}

fn verdict(checks: &[Check]) -> Result<(), Failed> {
    let wrong = checks.iter().filter(|check| !check.good).count();
    if wrong == 0 { Ok(()) } else { Err(Failed::refused(format!("checks failed: {wrong}"))) }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn failed(why: BackupError) -> Failed {
    match why {
        BackupError::Refused(_) | BackupError::Wrong { .. } => Failed::refused(why.to_string()),
        BackupError::Io { .. } | BackupError::Store(_) => Failed::internal(why.to_string()),
    }
}
