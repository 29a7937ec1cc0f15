//! `forewarn doctor`: what is wrong, without changing anything. Needs no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use forewarn_node::reopen::{self, NotReopened};
use forewarn_node::{Config, Home, disk};
use forewarn_signer::read_memory;
use forewarn_store::{Db, Readers, StoreError};
use forewarn_view::text;
use forewarn_web::check_tls;
use serde_json::json;

pub(crate) fn run(target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    let mut wrong = 0;
    for (what, found) in checks(&home) {
        let (good, words) = match found {
            Ok(words) => (true, words),
            Err(words) => (false, words),
        };
        wrong += i32::from(!good);
        let value = json!({ "check": what, "good": good, "words": words });
        let mark = if good { "good " } else { "WRONG" };
        output::answer(target.json, &value, format!("{mark}  {what}: {}", text::line(&words)))?;
    }
    if wrong > 0 {
        return Err(Failed::refused(format!("{wrong} of these want mending")));
    }
    Ok(())
}

fn checks(home: &Home) -> Vec<(&'static str, Result<String, String>)> {
    let config = Config::read(&home.config(), std::env::vars());
    let keys = home.secret_keys();
    let tls = match config.as_ref().map(|c| (c.tls.as_ref(), c.node.listen.ip().is_loopback())) {
        Ok((Some(section), _)) => Some(check_tls(section, home.path())),
        Ok((None, false)) => {
            Some(Err("the node listens beyond this machine, in the clear: configure [tls]".into()))
        }
        _ => None,
    };
    let config = config
        .map(|c| format!("{} at {}, listens on {}", c.node.name, c.node.url, c.node.listen))
        .map_err(|e| e.to_string());
    let belong = |keys: &[forewarn_transcript::SecretKey]| -> Result<(), String> {
        if !home.database().exists() {
            return Ok(());
        }
        let held: Vec<_> = keys.iter().map(forewarn_transcript::SecretKey::public).collect();
        let checked =
            Readers::without_ids(home.database()).read(|db| forewarn_node::keys::check(&db, &held));
        checked.map_err(|e| e.to_string())
    };
    let keys = keys.map_err(|e| e.to_string()).and_then(|keys| belong(&keys).map(|()| keys));
    let key = keys.map(|keys| {
        let newest = keys.last().map(|key| key.public().to_string()).unwrap_or_default();
        let count = keys.len();
        format!("readable by its owner only; {count} there, public half of the newest {newest}")
    });
    let mut all = vec![("configuration", config), ("key", key)];
    all.extend(tls.map(|tls| ("tls", tls)));
    all.push(("files", files(home)));
    all.push(("disk", disk_of(home)));
    all.push(("database", database(home)));
    all.push(("transcripts", transcripts(home)));
    all.push(("signer", signer(home)));
    all.push(("contradictions", contradictions(home)));
    all
}

/// Nobody else on this machine may read or change what is the node's.
fn files(home: &Home) -> Result<String, String> {
    let open = home.open_to_others();
    if open.is_empty() {
        return Ok("open to their owner only".to_owned());
    }
    let one = |(path, mode): &(std::path::PathBuf, u32)| {
        let wanted = if path.is_dir() { "700" } else { "600" };
        format!("`{}` is open to others ({mode:03o}): chmod {wanted} {0}", path.display())
    };
    Err(open.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// Every page, table and row.
fn database(home: &Home) -> Result<String, String> {
    let path = home.database();
    if !path.exists() {
        return Err(format!("`{}` is not there", path.display()));
    }
    let wrong = forewarn_store::examine(&path).map_err(|e| e.to_string())?;
    if wrong.is_empty() {
        return Ok("every page, index and row fits".to_owned());
    }
    Err(format!("{}; keep this copy, and restore a backup", wrong.join("; ")))
}

fn disk_of(home: &Home) -> Result<String, String> {
    let folder = home.path().display();
    let left = disk::left(home.path()).map_err(|e| format!("`{folder}`: {e}"))?;
    let mib = left >> 20;
    if left < disk::LITTLE {
        let full = if mib == 0 { "is full" } else { "is nearly full" };
        return Err(format!(
            "the disk that holds `{folder}` {full}: {mib} MiB are left, and a node needs {} MiB to \
             write. Free some space there",
            disk::LITTLE >> 20,
        ));
    }
    Ok(format!("{mib} MiB are left"))
}

/// What the signer remembers, against what the database holds.
fn signer(home: &Home) -> Result<String, String> {
    let path = home.signed();
    let memory = read_memory(&path).map_err(|e| format!("`{}`: {e}", path.display()))?;
    if memory.is_cut_off {
        return Err(format!(
            "the last line of `{}` is cut off, by a crash or by something else: start the node, which \
             compares what it has signed with what the partners hold",
            path.display(),
        ));
    }
    let signed = memory.signed;
    let logs = read(home, |db| db.logs())?;
    for log in &logs {
        let receipted = read(home, |db| db.newest_receipt(log))?.map_or(0, |(size, _)| size);
        let remembered = signed.get(&log.name).map_or(0, |(size, _)| *size);
        if receipted > remembered {
            return Err(format!(
                "the signer remembers {} of {}, of which {receipted} entries were signed: `{}` was lost, \
                 or is an old copy. Put the newest one back. Without it, a running node signs nothing \
                 for {} until that has shown what was signed",
                if remembered == 0 {
                    "nothing".to_owned()
                } else {
                    format!("{remembered} entries")
                },
                log.name,
                path.display(),
                log.partner,
            ));
        }
        let Some((size, root)) = signed.get(&log.name) else { continue };
        if *size > log.size {
            let whose = if log.ours { "ours" } else { "the partner's" };
            return Err(format!(
                "the database is older than what was signed: of {} ({whose}), {} entries are here \
                 and {size} were signed. A running node fetches what it lacks from {}; until then \
                 it writes nothing to it",
                log.name, log.size, log.partner,
            ));
        }
        if read(home, |db| db.root(log, *size))? != *root {
            return Err(format!(
                "the first {size} entries of {} are not those that were signed: restore a backup, \
                 and keep this copy",
                log.name,
            ));
        }
    }
    if let Some((log, (size, _))) =
        signed.iter().find(|(log, _)| logs.iter().all(|l| l.name != **log))
    {
        return Err(format!(
            "{size} entries of {log} were signed, and the database knows nothing of that log: it is an \
             old copy, or another node's"
        ));
    }
    Ok(format!("{} logs were signed; all of what was signed is here", signed.len()))
}

fn contradictions(home: &Home) -> Result<String, String> {
    let all = read(home, |db| db.contradictions())?;
    match all.as_slice() {
        [] => Ok("no log was ever written twice".to_owned()),
        [first, ..] => Err(format!(
            "{} was written twice, and its writer has signed both; {} proofs are kept \
             (`forewarn channel contradictions`). Speak with {}'s people by another way",
            first.log,
            all.len(),
            first.partner,
        )),
    }
}

fn read<T, E: From<StoreError> + std::fmt::Display>(
    home: &Home,
    work: impl FnOnce(Db<'_>) -> Result<T, E>,
) -> Result<T, String> {
    if !home.database().exists() {
        return Err(format!("`{}` is not there", home.database().display()));
    }
    Readers::without_ids(home.database()).read(work).map_err(|e| e.to_string())
}

fn transcripts(home: &Home) -> Result<String, String> {
    read(home, |db| -> Result<_, NotReopened> {
        let logs = db.logs()?;
        for log in &logs {
            db.check_log(log)?;
        }
        let entries: u64 = logs.iter().map(|log| log.size).sum();
        let receipts = reopen::receipts(&db)?;
        let words = "every hash fits, every receipt is signed";
        Ok(format!("{} logs, {entries} entries, {receipts} receipts: {words}", logs.len()))
    })
}
