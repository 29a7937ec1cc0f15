//! Evidence of a case or a warning: its entries in both logs, with the fields chosen to be shown.

use crate::engine::Failure;
use crate::node::Node;
use forewarn_exchange::Refusal;
use forewarn_store::Db;
use forewarn_store::log::{Held, LogRow};
use forewarn_transcript::batch::Carried;
use forewarn_transcript::evidence::{Evidence, FORMAT, Proven, proof_text};
use forewarn_transcript::{Disclosure, Note};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wanted {
    /// `case-N` or `warning-N`.
    pub subject: String,
    /// Names of fields to show; no others are.
    pub show: Vec<String>,
}

/// Makes the file. `withheld` fields are shown only when the caller may release.
pub fn make(
    db: &Db<'_>,
    node: &Node,
    wanted: &Wanted,
    may_release: bool,
) -> Result<Evidence, Failure> {
    let places = db.entries_of(&wanted.subject)?;
    let Some((first, _)) = places.first() else {
        let message = format!("`{}` has nothing in the transcript", wanted.subject);
        return Err(Refusal::new("not-found", message)
            .hint("name a released case (case-1) or a warning (warning-1)")
            .into());
    };
    let partner = db.log(first)?.map(|log| log.partner).unwrap_or_default();
    let known = db.partner(&partner)?.ok_or_else(|| Refusal::unknown("partner", &partner))?;
    let channel = known.channel_even_if_closed(&node.us.party)?;
    let mut entries = Vec::new();
    let mut shown = Vec::new();
    for (log, index) in places {
        let row = db.log(&log)?.ok_or_else(|| Refusal::unknown("log", &log))?;
        let held = db.entry(&row, index)?.ok_or_else(|| Refusal::unknown("entry", index))?;
        let disclosures = chosen(&held, wanted, may_release, &mut shown)?;
        entries.push(prove(db, &row, &held, disclosures)?);
    }
    if let Some(missing) = wanted.show.iter().find(|name| !shown.contains(name)) {
        let message = format!("no entry of `{}` has a field `{missing}`", wanted.subject);
        return Err(Refusal::new("no-field", message).into());
    }
    let genesis = String::from_utf8(channel.genesis()).unwrap_or_default();
    Ok(Evidence { format: FORMAT.to_owned(), genesis, entries })
}

fn chosen<'a>(
    held: &Held,
    wanted: &'a Wanted,
    may_release: bool,
    shown: &mut Vec<&'a String>,
) -> Result<Vec<Disclosure>, Failure> {
    let mut out = Vec::new();
    let open = held.carried.disclosures.iter().map(|one| (one, false));
    for (disclosure, is_withheld) in open.chain(held.withheld.iter().map(|one| (one, true))) {
        let field = disclosure.open().map_err(|e| Refusal::new("damaged", e.to_string()))?;
        let Some(name) = wanted.show.iter().find(|name| **name == field.name) else { continue };
        if is_withheld && !may_release {
            let message = format!("`{name}` was withheld from the partner");
            return Err(Refusal::new("withheld", message)
                .hint("an approver may show it in evidence")
                .into());
        }
        shown.push(name);
        out.push(disclosure.clone());
    }
    Ok(out)
}

fn prove(
    db: &Db<'_>,
    log: &LogRow,
    held: &Held,
    disclosures: Vec<Disclosure>,
) -> Result<Proven, Failure> {
    let receipt = db.newest_receipt(log)?.filter(|(size, _)| *size > held.index);
    let Some((size, note)) = receipt else {
        let message = format!("entry {} of {} has no receipt yet", held.index, log.name);
        return Err(Refusal::new("no-receipt", message)
            .hint("wait until the partner has received it, then export again")
            .into());
    };
    let note = Note::parse(&note).map_err(|e| Refusal::new("damaged", e.to_string()))?;
    let path = db.inclusion(log, held.index, size)?;
    let proof = proof_text(held.index, &path, &note);
    let carried = Carried { leaf: held.carried.leaf.clone(), disclosures };
    Ok(Proven { log: log.name.clone(), carried, proof })
}
