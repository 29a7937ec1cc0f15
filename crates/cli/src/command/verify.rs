//! `forewarn verify`: evidence or a transcript, checked with nothing but the file and the keys.

use super::file;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::card::Card;
use forewarn_stamp::Authority;
use forewarn_stix::Timestamp;
use forewarn_transcript::contradiction::{self, Contradiction};
use forewarn_transcript::evidence::{
    Account, Clocks, EntryShown, Evidence, MAX_EVIDENCE_BYTES, NotProven, PartyShown, StampShown,
    Stamper, WitnessShown,
};
use forewarn_transcript::export::{self, Transcript, Whole};
use forewarn_transcript::{Channel, Keys, PublicKey, WitnessKey};
use forewarn_view::text;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(override_usage = "forewarn verify [OPTIONS] FILE [--key KEYFILE…]")]
pub(crate) struct Verify {
    /// Evidence (`evidence export`), a transcript (`channel export`) or the proof that a log was
    /// written twice (`channel contradictions`)
    #[arg(required_unless_present = "keys")]
    file: Option<PathBuf>,
    /// A contact card, or a file with a public key in base64, that you had by other means; several
    /// may follow, and FILE after them
    #[arg(long = "key", value_name = "KEYFILE", num_args = 1..)]
    keys: Vec<PathBuf>,
    /// A witness's key, `NAME+ID+BASE64`, that you had by other means: it must have cosigned what is in the file;
    /// several, when given several times
    #[arg(long = "witness", value_name = "KEY")]
    witnesses: Vec<WitnessKey>,
    /// A time-stamping authority's root certificates in PEM, that you had by other means: it must have stamped what
    /// is in the file; several, when given several times
    #[arg(long = "timestamp", value_name = "ROOTFILE")]
    authorities: Vec<PathBuf>,
}

impl Verify {
    /// The file and the keys. In `--key CARD FILE`, the last one is the file.
    fn files(&self) -> Result<(&Path, &[PathBuf]), Failed> {
        match (&self.file, self.keys.as_slice()) {
            (Some(file), keys) => Ok((file, keys)),
            (None, [keys @ .., file]) if !keys.is_empty() => Ok((file, keys)),
            (None, _) => Err(Failed::usage("which file is to be checked?")
                .hint("forewarn verify FILE --key KEYFILE")),
        }
    }
}

pub(crate) fn run(verify: &Verify, json: bool) -> Result<(), Failed> {
    let (path, keys_of) = verify.files()?;
    let bytes = file::read(path, MAX_EVIDENCE_BYTES)?;
    let pinned = keys_of.iter().map(|path| keys(path)).collect::<Result<Vec<_>, _>>()?;
    // The file's own word decides how it is read; what it says is then checked by that format.
    let says = |format: &str| {
        let named = format!("\"format\":\"{format}\"");
        bytes.windows(named.len()).any(|part| part == named.as_bytes())
    };
    let is_evidence = !says(export::FORMAT) && !says(contradiction::FORMAT);
    if !(is_evidence || verify.witnesses.is_empty() && verify.authorities.is_empty()) {
        return Err(Failed::usage(
            "--witness and --timestamp are for evidence: no other file has outside clocks in it",
        ));
    }
    let authorities =
        verify.authorities.iter().map(|path| authority(path)).collect::<Result<Vec<_>, _>>()?;
    let stampers: Vec<&dyn Stamper> = authorities.iter().map(|one| one as &dyn Stamper).collect();
    let clocks = Clocks { witnesses: &verify.witnesses, stampers: &stampers };
    let outcome = if says(export::FORMAT) {
        Transcript::parse(&bytes).and_then(|t| t.verify_by(&pinned)).map(Proven::Transcript)
    } else if says(contradiction::FORMAT) {
        contradiction_of(&bytes, &pinned).map(Proven::Contradiction)
    } else {
        Evidence::parse(&bytes).and_then(|e| e.verify_with(&pinned, clocks)).map(Proven::Evidence)
    };
    match outcome {
        Ok(proven) if json => output::json(&proven.json()),
        Ok(proven) => proven.tell(),
        Err(NotProven { place, why }) => {
            if json {
                output::json(&json!({ "valid": false, "place": place, "why": why }))?;
            }
            Err(Failed::refused(format!("NOT PROVEN. {place}: {why}")))
        }
    }
}

/// The keys that a file holds: a contact card's, or one in base64.
pub(super) fn keys(path: &Path) -> Result<Keys, Failed> {
    let text = file::read_text(path, 16 << 10)?;
    if let Ok(card) = Card::parse(&text) {
        return Ok(card.keys);
    }
    PublicKey::try_from(text.trim().to_owned())
        .map(|ed25519| Keys { ed25519, mldsa44: None })
        .map_err(|e| Failed::refused(format!("`{}`: {e}, nor a contact card", path.display())))
}

/// An authority, called as its file is.
fn authority(path: &Path) -> Result<Authority, Failed> {
    let pem = file::read(path, 256 << 10)?;
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    Authority::parse(&name, &pem)
        .map_err(|why| Failed::refused(format!("`{}`: {why}", path.display())))
}

fn contradiction_of(
    bytes: &[u8],
    pinned: &[Keys],
) -> Result<contradiction::ProvenContradiction, NotProven> {
    let proof = Contradiction::parse(bytes)?;
    let channel = Channel::from_genesis(proof.genesis.as_bytes())
        .map_err(|e| NotProven { place: "the genesis".to_owned(), why: e.to_string() })?;
    proof.verify_by(&channel, pinned)
}

enum Proven {
    Evidence(Account),
    Transcript(Whole),
    Contradiction(contradiction::ProvenContradiction),
}

impl Proven {
    fn json(&self) -> Value {
        match self {
            Proven::Evidence(account) => json!({ "valid": true, "evidence": account }),
            Proven::Transcript(whole) => json!({ "valid": true, "transcript": whole }),
            Proven::Contradiction(proven) => json!({ "valid": true, "contradiction": proven }),
        }
    }

    fn tell(&self) -> Result<(), Failed> {
        match self {
            Proven::Evidence(account) => tell(account),
            Proven::Contradiction(proven) => {
                let place = match proven.index {
                    Some(index) => format!("two entries {index}"),
                    None => format!("two roots of size {}", proven.sizes[0]),
                };
                output::line(format!(
                    "PROVEN: {} has signed two logs that cannot both be true: {place} of {}",
                    proven.writer, proven.log,
                ))?;
                tell_parties(&proven.parties)
            }
            Proven::Transcript(whole) => {
                output::line(format!("PROVEN: both logs of channel {}", whole.channel))?;
                tell_parties(&whole.parties)?;
                for log in &whole.logs {
                    output::line(format!(
                        "  {} wrote {} entries; {} has given a receipt for {}",
                        log.writer, log.entries, log.reader, log.receipted,
                    ))?;
                }
                Ok(())
            }
        }
    }
}

fn tell(account: &Account) -> Result<(), Failed> {
    output::line(format!(
        "PROVEN: {} entries of channel {}",
        account.entries.len(),
        account.channel
    ))?;
    // What a reader must not overlook comes first.
    let shown: BTreeSet<&str> = account
        .entries
        .iter()
        .flat_map(|entry| &entry.shown)
        .map(|one| one.name.as_str())
        .collect();
    let shown: Vec<String> = shown.into_iter().map(text::line).collect();
    output::line(match shown.as_slice() {
        [] => "it shows no field".to_owned(),
        names => format!("it shows {}; all other fields stay closed", names.join(", ")),
    })?;
    tell_parties(&account.parties)?;
    account.entries.iter().try_for_each(tell_entry)?;
    if !account.unchecked.is_empty() {
        let names: Vec<String> = account.unchecked.iter().map(|name| text::line(name)).collect();
        output::line(format!(
            "\nNot checked: cosignatures by {}. Give their keys with --witness, had by other means",
            names.join(", ")
        ))?;
    }
    if let Some(others) = account.unchecked_stamps {
        output::line(format!(
            "\nNot checked: {others} time stamps by others. Give their authorities' roots with --timestamp, had by other \
             means"
        ))?;
    }
    let clocks = [
        (account.entries.iter().any(|entry| !entry.witnessed.is_empty()), "witness"),
        (account.entries.iter().any(|entry| !entry.stamped.is_empty()), "authority"),
    ];
    let clocks: Vec<&str> =
        clocks.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
    output::line(format!(
        "\nThe signatures prove who wrote and who held these bytes, and in which order. {}",
        match clocks.as_slice() {
            [] => "Times are the parties' own words: no outside clock has witnessed them.".to_owned(),
            [one] => format!(
                "Times are the parties' own words, but for those by which a{} {one} had seen the log: these are by \
                 the {one}'s clock.",
                if *one == "authority" { "n" } else { "" }
            ),
            _ => "Times are the parties' own words, but for those by which witnesses and authorities had seen \
                  the log: these are by their clocks."
                .to_owned(),
        }
    ))
}

fn tell_parties(parties: &[PartyShown]) -> Result<(), Failed> {
    for party in parties {
        for (key, at) in party.keys.iter().zip(0..) {
            let pinned = match (key.pinned, party.pinned) {
                (true, _) => "the key that you gave",
                (false, true) => "followed or preceded by the key that you gave: shown in the file",
                _ => "stands in the file only: compare it with one that you have by other means",
            };
            let later = if at > 0 { "later " } else { "" };
            let twice = if key.mldsa44.is_some() { " and by ML-DSA-44" } else { "" };
            output::line(format!(
                "  {} {later}signs with {}{twice} ({pinned})",
                party.name, key.key
            ))?;
        }
    }
    Ok(())
}

/// Receipts have whole seconds: both times are told to the second, and a receipt that is older than
/// the entry even so says something of the clocks.
fn clocks(written: &str, held: &str) -> &'static str {
    match (Timestamp::parse(written), Timestamp::parse(held)) {
        (Ok(written), Ok(held)) if held.micros() / 1_000_000 < written.micros() / 1_000_000 => {
            ": by clocks that differ, since nobody holds what is not written yet"
        }
        _ => "",
    }
}

fn tell_entry(entry: &EntryShown) -> Result<(), Failed> {
    output::line(format!(
        "\nentry {} of {}'s log: {} ({})\n  proven   {} wrote it; {} held it\n  claimed  written {}, held by {}{}",
        entry.index,
        entry.writer,
        text::line(&entry.kind),
        text::line(&entry.status),
        entry.writer,
        entry.reader,
        text::foreign_time(&entry.claimed_time),
        text::foreign_time(&entry.held_by),
        clocks(&entry.claimed_time, &entry.held_by),
    ))?;
    if let Some(answers) = &entry.answers {
        let shown = if entry.answer_shown { "shown here" } else { "not in this file" };
        let (index, log) = (answers.index, text::line(&answers.log));
        output::line(format!("  answers  entry {index} of {log} ({shown})"))?;
    }
    for WitnessShown { name, by } in &entry.witnessed {
        let (name, by) = (text::line(name), text::foreign_time(by));
        output::line(format!("  witness  {name} had seen the log with it by {by}"))?;
    }
    for StampShown { name, by } in &entry.stamped {
        let (name, by) = (text::line(name), text::foreign_time(by));
        output::line(format!("  stamped  {name} had seen the receipt for it by {by}"))?;
    }
    for field in &entry.shown {
        output::line(format!(
            "  shown    {}: {}",
            text::line(&field.name),
            text::value(&field.value)
        ))?;
    }
    if entry.withheld > 0 {
        output::line(format!("  withheld {} fields: committed to, not shown", entry.withheld))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        verify: Verify,
    }

    fn files(words: &[&str]) -> Option<(String, usize)> {
        let program = Program::try_parse_from([&["verify"], words].concat()).ok()?;
        let (file, keys) = program.verify.files().ok()?;
        Some((file.display().to_string(), keys.len()))
    }

    /// The file was once taken for one more key, and then asked for.
    #[test]
    fn the_file_may_follow_the_keys() {
        for (words, keys) in [
            (&["FILE"][..], 0),
            (&["FILE", "--key", "a", "b"], 2),
            (&["--key", "a", "FILE"], 1),
            (&["--key", "a", "--key", "b", "FILE"], 2),
            (&["--key", "a", "b", "--", "FILE"], 2),
        ] {
            assert_eq!(files(words), Some(("FILE".to_owned(), keys)), "{words:?}");
        }
        assert_eq!(files(&["--key", "a"]), None);
        assert_eq!(files(&[]), None);
    }
}
