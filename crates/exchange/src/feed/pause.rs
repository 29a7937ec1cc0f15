//! Why a feed waits before it asks its server again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a feed waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pause {
    /// All is here, or there: it asks again when its time comes.
    Regular,
    /// The server led on to a page without anything new.
    NothingNew,
    /// The server has not decided on all of a push.
    Undecided,
    /// It failed: the pause grows with each failure in a row.
    Failed,
    /// The server has told it to stay away until then.
    ToldTo,
    /// Somebody has to change something, here or there.
    NeedsSomebody,
}

impl Pause {
    /// The reason in words, to follow a time.
    pub fn words(self) -> &'static str {
        match self {
            Pause::Regular => "its regular time",
            Pause::NothingNew => "the last page had nothing new",
            Pause::Undecided => "the server has not decided on all of the last push",
            Pause::Failed => "after a failure; the pause grows with each one in a row",
            Pause::ToldTo => "the server, or a quota, has told it to stay away until then",
            Pause::NeedsSomebody => {
                "somebody has to change something; `feed now` tries again at once"
            }
        }
    }
}
