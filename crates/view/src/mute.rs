//! Mutes as they are shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::mute::{Mute, MuteRequest};
use forewarn_matching::Match;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A mute, and how much it has kept from opening a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MuteLine {
    /// The mute.
    #[serde(flatten)]
    pub mute: Mute,
    /// Whether it holds now.
    pub holds: bool,
    /// How many matches it has kept from opening a case.
    pub matches: i64,
}

/// A mute with the newest of its matches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MuteShown {
    /// As it is listed.
    #[serde(flatten)]
    pub line: MuteLine,
    /// The newest matches that it has kept from opening a case, newest first.
    pub newest: Vec<MutedLine>,
}

/// A match that opened no case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MutedLine {
    /// The item's number.
    pub item: i64,
    /// When it was found.
    pub time: Timestamp,
    /// The match.
    pub found: Match,
}

impl MuteLine {
    /// A line of a mute at this time.
    pub fn of(mute: Mute, matches: i64, now: &Timestamp) -> MuteLine {
        MuteLine { holds: mute.holds(now), matches, mute }
    }

    fn state(&self) -> &'static str {
        match (self.holds, &self.mute.removed) {
            (true, _) => "holds",
            (false, Some(_)) => "removed",
            (false, None) => "ended",
        }
    }
}

impl Row for MuteLine {
    const COLUMNS: &'static [Column<MuteLine>] = &[
        ("MUTE", |one| one.mute.number.to_string()),
        ("", |one| one.state().to_owned()),
        ("SOURCE", |one| text::line(&one.mute.request.source)),
        ("FOR", |one| one.mute.request.partner.to_string()),
        ("INTEREST", |one| text::line(&one.mute.label)),
        ("UNTIL", |one| text::time(&one.mute.request.until)),
        ("IMMEDIATE", |one| text::yes_no(one.mute.request.immediate)),
        ("MATCHES", |one| one.matches.to_string()),
        ("BY", |one| one.mute.by.to_string()),
        ("WHY", |one| text::line(&one.mute.request.reason)),
    ];
}

impl MuteShown {
    /// The mute and its newest matches, without a line break at the end.
    pub fn words(&self) -> String {
        let Mute { number, request, label, by, at, removed } = &self.line.mute;
        let MuteRequest { source, partner, until, reason, immediate, .. } = request;
        let all = if *immediate { ", immediate threats too" } else { "" };
        let mut lines = vec![
            format!(
                "mute {number} ({}): what {} says opens no case for “{}” of {partner} until {}{all}",
                self.line.state(),
                text::line(source),
                text::line(label),
                text::time(until),
            ),
            format!("set by {by} at {}: {}", text::time(at), text::line(reason)),
        ];
        lines.extend(removed.as_ref().map(|one| {
            format!("removed by {} at {}: {}", one.by, text::time(&one.at), text::line(&one.reason))
        }));
        lines.push(format!("{} matches opened no case; the newest:", self.line.matches));
        for MutedLine { item, time, found } in &self.newest {
            let why = found.why.first().map(ToString::to_string).unwrap_or_default();
            lines.push(format!("  item {item} at {}: {}", text::time(time), text::line(&why)));
        }
        lines.join("\n")
    }
}
