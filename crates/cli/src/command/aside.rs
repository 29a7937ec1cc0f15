//! What is said although the gate has a possible objection to it.

use clap::Args;
use forewarn_exchange::gate::SetAside;

#[derive(Debug, Args)]
pub(crate) struct Aside {
    /// A withheld text that a word here only seems to mean, or another partner's name; a second
    /// person must agree
    #[arg(long = "set-aside", value_name = "TEXT", global = true)]
    set_aside: Vec<String>,
    /// Why; needed for another partner's name
    #[arg(long, value_name = "REASON", requires = "set_aside", global = true)]
    set_aside_reason: Option<String>,
}

impl From<Aside> for SetAside {
    fn from(aside: Aside) -> SetAside {
        let Aside { set_aside: texts, set_aside_reason: reason } = aside;
        SetAside { texts, reason: reason.unwrap_or_default() }
    }
}
