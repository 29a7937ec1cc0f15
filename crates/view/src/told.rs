//! What was told beside the channel, in words.

use crate::talk::Style;
use crate::text;
use forewarn_exchange::told::{Ahead, AheadFate, Told, ToldStands};

/// What the warning's writer says that somebody was told.
pub(crate) fn told(told: &Told, style: &Style) -> String {
    let Told { way, to, at, words, stands } = told;
    let (whom, when) = ((style.foreign)(to), (style.time)(at));
    let said = if words.trim().is_empty() {
        String::new()
    } else {
        format!(": “{}”", (style.foreign)(words))
    };
    let way = way.words();
    match stands {
        ToldStands::Released {} => format!("told {way} at {when}, read out to {whom}"),
        ToldStands::Confirmed {} => format!(
            "told {way} at {when}, to {whom}, in imminent danger, and confirmed since{said}"
        ),
        ToldStands::Struck { reason } => format!(
            "told {way} at {when}, to {whom}, in imminent danger, and IT DOES NOT HOLD: {}{said}",
            (style.foreign)(reason)
        ),
    }
}

/// What was told ahead of a second person, on lines of its own.
pub(crate) fn ahead(one: &Ahead) -> Vec<String> {
    let Ahead { number, way, to, at, words, deliverer, by, fate, .. } = one;
    let (to, deliverer) = (text::line(to), text::line(deliverer));
    let (way, at) = (way.words(), text::time(at));
    let recorded = if *deliverer == **by { String::new() } else { format!(", recorded by {by}") };
    let fate = match fate {
        AheadFate::Waiting {} => {
            let due = one.due().map(|due| text::time(&due)).unwrap_or_default();
            format!("NOT CONFIRMED: a second person confirms or strikes it by {due}")
        }
        AheadFate::Confirmed { by, at } => format!("confirmed by {by} at {}", text::time(at)),
        AheadFate::Struck { by, at, reason, taken_back } => {
            let (reason, taken_back) = (text::line(reason), text::line(taken_back));
            format!("STRUCK by {by} at {}: {reason}; taken back: {taken_back}", text::time(at))
        }
    };
    let mirrored = if one.mirrored { "; it stands in the channel" } else { "" };
    vec![
        format!("told as number {number} {way} at {at}, to {to}, by {deliverer}{recorded}:"),
        format!("  “{}”", text::line(words)),
        format!("  {fate}{mirrored}"),
    ]
}
