//! How likely the countries that a free text names are concerned: asked only for an interest that has a
//! threshold for that, so that all other texts cost what their words cost.

use crate::Reason;
use crate::hit::{Hit, Seen};
use crate::rule::Rule;
use crate::terms::Term;
use crate::window::{Format, Read, Window};
use forewarn_extract::whom::{Whom, whom};

/// The countries that a text names, each with how likely it is concerned, and why.
pub(crate) struct Concern(Vec<Whom>);

impl Concern {
    fn of(read: &Read<'_>) -> Concern {
        let text = std::str::from_utf8(read.item.bytes).unwrap_or_default();
        Concern(whom(text, read.item.corrected))
    }
}

/// A likelihood in percent, as interests write it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 1")]
fn percent(likely: f64) -> u8 {
    (likely * 100.0).round() as u8
}

/// With two digits, as `forewarn extract` writes it.
pub(crate) fn shown(percent: u8) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}

impl Window<'_, '_> {
    /// The country for which a hit in a free text stands, unless a person has said that it is there.
    fn country(&self, hit: &Hit) -> Option<(&Read<'_>, &'static str)> {
        let read = self.read.get(hit.item as usize)?;
        let Seen::Term(at) = hit.seen else { return None };
        let found = read.terms.as_deref()?.found.get(at as usize)?;
        match &found.term {
            Term::Country(code) | Term::Nationality(code) | Term::Place(_, code)
                if read.item.format == Format::Text && !found.place.is_corrected() =>
            {
                Some((read, code))
            }
            _ => None,
        }
    }

    fn concern(&self, hit: &Hit) -> Option<(&'static str, u8, &[String])> {
        let (read, code) = self.country(hit)?;
        let Concern(all) = read.concern.get_or_init(|| Concern::of(read));
        let known = all.iter().find(|one| one.country == code);
        Some(known.map_or((code, 0, &[][..]), |one| (code, percent(one.likely), &one.why)))
    }

    /// Whether a hit counts for an interest: what stands for a country only from its threshold on.
    pub(crate) fn concerns(&self, hit: &Hit, rule: &Rule) -> bool {
        rule.concern == 0 || self.concern(hit).is_none_or(|(_, likely, _)| likely >= rule.concern)
    }

    /// How likely the country of a hit is concerned, and why, for an interest that asks.
    pub(crate) fn concern_in_words(&self, hit: &Hit, rule: &Rule) -> Option<Reason> {
        let (code, likely, why) = (rule.concern > 0).then(|| self.concern(hit))??;
        let (is, wanted) = (shown(likely), shown(rule.concern));
        let words = match why {
            [] => format!("{is}, and {wanted} is wanted"),
            why => format!("{is}, and {wanted} is wanted: {}", why.join("; ")),
        };
        let clause = format!("concern of {code}");
        Some(Reason { clause, words, at: String::new(), strength: likely })
    }
}
