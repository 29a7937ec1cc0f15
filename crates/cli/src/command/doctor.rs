//! `forewarn doctor`: what is wrong, without changing anything. Needs no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use forewarn_node::{Config, Home};
use forewarn_store::{Readers, StoreError};
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
        output::answer(target.json, &value, format!("{mark}  {what}: {words}"))?;
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
    let key = keys.map_err(|e| e.to_string()).map(|keys| {
        let newest = keys.last().map(|key| key.public().to_string()).unwrap_or_default();
        let count = keys.len();
        format!("readable by its owner only; {count} there, public half of the newest {newest}")
    });
    let mut all = vec![("configuration", config), ("key", key)];
    all.extend(tls.map(|tls| ("tls", tls)));
    all.push(("transcripts", transcripts(home)));
    all
}

fn transcripts(home: &Home) -> Result<String, String> {
    if !home.database().exists() {
        return Err(format!("`{}` is not there", home.database().display()));
    }
    let checked = Readers::without_ids(home.database()).read(|db| -> Result<String, StoreError> {
        let logs = db.logs()?;
        for log in &logs {
            db.check_log(log)?;
        }
        let entries: u64 = logs.iter().map(|log| log.size).sum();
        Ok(format!("{} logs, {entries} entries, every hash fits", logs.len()))
    });
    checked.map_err(|e| e.to_string())
}
