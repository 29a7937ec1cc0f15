//! `forewarn doctor`: what is wrong, without changing anything. Needs no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use forewarn_node::checks::{self, Check};
use forewarn_node::{Config, Home};
use forewarn_view::text;
use forewarn_web::check_tls;

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
    all.extend([
        checks::files(home),
        checks::space(home),
        checks::database(home),
        checks::transcripts(home),
        checks::signer(home),
        checks::contradictions(home),
        checks::backup(home, &variables),
    ]);
    all
}

fn tls(home: &Home) -> Option<Check> {
    let config = Config::read(&home.config(), std::env::vars()).ok()?;
    let found = match (&config.tls, config.node.listen.ip().is_loopback()) {
        (Some(section), _) => check_tls(section, home.path()),
        (None, true) => return None,
        (None, false) => {
            Err("the node listens beyond this machine, in the clear: configure [tls]".to_owned())
        }
    };
    Some(Check::of("tls", found))
}
