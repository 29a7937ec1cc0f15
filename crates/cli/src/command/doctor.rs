//! `forewarn doctor`: what is wrong, without changing anything. Needs no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use forewarn_node::checks::{self, Check};
use forewarn_node::{Config, Home, clock};
use forewarn_stix::Timestamp;
use forewarn_view::text;
use forewarn_web::{check_tls, tls_ends};

pub(crate) fn run(target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    let mut wrong = 0;
    for check in all(&home) {
        wrong += i32::from(!check.good);
        let mark = if check.good { "good " } else { "WRONG" };
        let mut words = format!("{mark}  {}: {}", check.check, text::line(&check.words));
        if let Some(fix) = &check.fix {
            words = format!("{words}\n       to do: {}", text::line(fix));
        }
        output::answer(target.json, &check, words)?;
    }
    if wrong > 0 {
        return Err(Failed::refused(format!("checks failed: {wrong}")));
    }
    Ok(())
}

fn all(home: &Home) -> Vec<Check> {
    let variables: Vec<(String, String)> = std::env::vars().collect();
    let mut all = vec![checks::configuration(home, &variables), checks::keys(home)];
    all.extend(tls(home));
    all.extend(checks::signer_apart(home, &variables));
    all.extend(checks::journal(home, &variables));
    all.extend([
        checks::clock(home),
        checks::readers(),
        checks::files(home),
        checks::space(home),
        checks::database(home),
        checks::transcripts(home),
        checks::signer(home),
        checks::contradictions(home),
        checks::notifiers(home, &variables),
        checks::backup(home, &variables),
    ]);
    all.extend(checks::witnesses(home, &variables));
    all.extend(checks::stamps(home, &variables));
    all.extend(checks::audit(home, &variables));
    all
}

/// A certificate that ends within so many days is to be renewed.
const SOON_DAYS: i64 = 14;

fn tls(home: &Home) -> Option<Check> {
    let config = Config::read(&home.config(), std::env::vars()).ok()?;
    let Some(section) = &config.tls else {
        if config.node.listen.ip().is_loopback() {
            return None;
        }
        let words = "the node listens beyond this machine, in the clear: configure [tls]";
        let fix = "put certificate and key into the node's folder, and name them in [tls]";
        return Some(Check::wrong("tls", words).fix(fix));
    };
    let fix = "have the authority make a new one, put it in its place, and send the node SIGHUP";
    let words = match check_tls(section, home.path()) {
        Ok(words) => words,
        Err(words) => return Some(Check::wrong("tls", words).fix(fix)),
    };
    let ends = tls_ends(section, home.path()).and_then(|seconds| {
        let micros = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
        Timestamp::from_micros_with(micros, 0)
    });
    let Some(ends) = ends else {
        return Some(Check::wrong("tls", format!("{words}; when it ends cannot be read")));
    };
    let now = clock::now();
    let words = format!("{words}; it ends at {ends}");
    Some(if ends <= now {
        Check::wrong("tls", format!("{words}, and that was before now: nobody trusts it")).fix(fix)
    } else if ends <= now.plus_minutes(SOON_DAYS * 24 * 60) {
        Check::wrong("tls", format!("{words}, within {SOON_DAYS} days")).fix(fix)
    } else {
        Check::good("tls", words)
    })
}
