//! Secrets that a person types. At a terminal they do not show; else each is a line of standard
//! input, in the order in which they are asked for. None is ever an argument or a variable.

use crate::failure::Failed;
use std::io::{BufRead as _, IsTerminal as _};
use zeroize::Zeroizing;

/// Most characters that are read of a line.
const MOST: usize = 4096;

/// Asks for a secret.
pub(crate) fn ask(prompt: &str) -> Result<Zeroizing<String>, Failed> {
    let failed = |e: std::io::Error| Failed::usage(format!("{prompt} could not be read: {e}"));
    if std::io::stdin().is_terminal() {
        let typed = rpassword::prompt_password(format!("{prompt}: ")).map_err(failed)?;
        return Ok(Zeroizing::new(typed));
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
    let line = line.trim_end_matches(['\r', '\n']);
    Ok(Zeroizing::new(line.chars().take(MOST).collect()))
}

/// Asks for a new secret: at a terminal twice, since it cannot be seen.
pub(crate) fn ask_new(prompt: &str) -> Result<Zeroizing<String>, Failed> {
    let first = ask(prompt)?;
    if std::io::stdin().is_terminal() && *ask("Once more")? != *first {
        return Err(Failed::usage("the two are not the same; nothing was changed"));
    }
    Ok(first)
}
