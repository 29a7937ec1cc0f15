//! What a partner has registered to be warned of.
//!
//! An interest is written by people (`docs/interests.md`), checked into its one form here, carried
//! to the partner as a message, and held against items by [`crate::index`].

pub mod area;
mod asked;
mod bad;
pub mod bulk;
pub mod clause;
pub mod expression;
pub mod named;
pub mod ownership;
pub(crate) mod written;

pub(crate) use asked::{Asked, of as asked};
pub use bad::BadInterest;
pub use clause::Clause;
pub use expression::Expression;
pub use named::Named;

use crate::scale::{Grade, Urgency};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most clauses of one interest that is written by hand or sent in one entry.
pub(crate) const MAX_CLAUSES: usize = 1_000;

/// Most interests of one partner: twenty of them are a million.
pub const MAX_INTERESTS: usize = 50_000;

/// Most that all interests of one partner weigh, by [`Clause::weight`]: some 100 MB of the index.
pub const MAX_WEIGHT: usize = 500_000;

/// Most STIX patterns of one partner: all that ask for one value are tried where it is.
pub const MAX_PATTERNS: usize = 5_000;

/// Most patterns of one partner that no value leads to, or with a regular expression: each is tried
/// on every observable of its type.
pub const MAX_BROAD: usize = 50;

/// How strong a match must be unless the interest says otherwise: anything but a citation.
pub(crate) const THRESHOLD: u8 = 30;

/// Met by an item that meets one clause of `any` (when there are any), each of `all`, and none of
/// `not`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interest {
    /// Global; empty when it has not been registered yet.
    #[serde(default)]
    pub id: String,
    /// What people call it.
    pub label: String,
    /// How urgent a case about it is.
    pub urgency: Urgency,
    /// At least one of these must be met, unless the list is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Expression>,
    /// Each of these must be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Expression>,
    /// None of these may be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<Expression>,
    /// How strong a match must be, 1 to 100: see [`crate::terms::Standing`].
    #[serde(default = "usual", skip_serializing_if = "is_usual")]
    pub threshold: u8,
    /// Items taken in before are not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Items taken in at this time or later are not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// The worst grade of an item that is met; ungraded ones are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credibility: Option<Grade>,
    /// How likely a country that a free text names must be concerned for the country, its places and
    /// its people to count there, in percent, 0 to 100: 0 counts each that is named.
    #[serde(default, skip_serializing_if = "is_none")]
    pub concern: u8,
}

fn usual() -> u8 {
    THRESHOLD
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_usual(threshold: &u8) -> bool {
    *threshold == THRESHOLD
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_none(concern: &u8) -> bool {
    *concern == 0
}

impl Interest {
    /// Met by any of these clauses.
    pub fn of(label: impl Into<String>, urgency: Urgency, any: Vec<Expression>) -> Interest {
        Interest {
            id: String::new(),
            label: label.into(),
            urgency,
            any,
            all: Vec::new(),
            not: Vec::new(),
            threshold: THRESHOLD,
            valid_from: None,
            valid_until: None,
            credibility: None,
            concern: 0,
        }
    }

    /// Puts each clause into its one form, or says which is wrong.
    pub fn checked(mut self) -> Result<Interest, BadInterest> {
        if self.label.trim().is_empty() || self.label.len() > 200 {
            return Err(BadInterest::new(
                "label",
                "an interest needs a label of 1 to 200 characters",
            ));
        }
        if self.any.is_empty() && self.all.is_empty() {
            return Err(BadInterest::new(
                "clauses",
                "an interest needs a clause that items can meet",
            )
            .hint("give `any` or `all`, such as any = [ { country = \"RU\" } ]"));
        }
        let count = self.count_clauses();
        if count > MAX_CLAUSES {
            let message = format!("an interest has at most {MAX_CLAUSES} clauses, not {count}");
            return Err(BadInterest::new("clauses", message).hint("register several interests"));
        }
        if !(1..=100).contains(&self.threshold) {
            return Err(BadInterest::new("threshold", "`threshold` is 1 to 100"));
        }
        if self.concern > 100 {
            return Err(BadInterest::new("concern", "`concern` is 0 to 100, in percent").hint(
                "0 counts every country that a text names; 30 leaves out the less likely ones",
            ));
        }
        if let (Some(from), Some(until)) = (&self.valid_from, &self.valid_until)
            && from.micros() >= until.micros()
        {
            return Err(BadInterest::new(
                "valid-until",
                "`valid_until` is not behind `valid_from`",
            ));
        }
        if self.count_broad() > MAX_BROAD {
            let message =
                format!("an interest has at most {MAX_BROAD} patterns that name no value");
            return Err(BadInterest::new("pattern", message));
        }
        for list in [&mut self.any, &mut self.all, &mut self.not] {
            let each = std::mem::take(list).into_iter().map(|one| one.checked(1));
            *list = each.collect::<Result<_, _>>()?;
        }
        if self.expression().sure().is_none() {
            let message = "items could meet it by what they are not about: it would concern all";
            return Err(BadInterest::new("clauses", message)
                .hint("join each `not` by `all` with a clause that must be met"));
        }
        Ok(self)
    }

    /// All three lists as one expression.
    pub fn expression(&self) -> Expression {
        let mut all = self.all.clone();
        if let [one] = self.any.as_slice() {
            all.insert(0, one.clone());
        } else if !self.any.is_empty() {
            all.insert(0, Expression::Any(self.any.clone()));
        }
        all.extend(self.not.iter().map(|inner| Expression::Not(Box::new(inner.clone()))));
        match <[Expression; 1]>::try_from(all) {
            Ok([one]) => one,
            Err(all) => Expression::All(all),
        }
    }

    /// Every clause, in order.
    pub fn clauses<'a>(&'a self, each: &mut dyn FnMut(&'a Clause)) {
        for inner in self.any.iter().chain(&self.all).chain(&self.not) {
            inner.clauses(each);
        }
    }

    /// How many clauses it has in its three lists together, at any depth; see [`MAX_CLAUSES`].
    pub(crate) fn count_clauses(&self) -> usize {
        let mut count = 0;
        self.clauses(&mut |_| count += 1);
        count
    }

    /// What it takes of the index.
    pub fn weight(&self) -> usize {
        let mut weight = 1;
        self.clauses(&mut |clause| weight += clause.weight());
        weight
    }

    /// How many of its clauses are STIX patterns.
    pub fn count_patterns(&self) -> usize {
        let mut count = 0;
        self.clauses(&mut |clause| count += usize::from(matches!(clause, Clause::Pattern(_))));
        count
    }

    /// How many patterns it has that no value leads to, or with a regular expression.
    pub fn count_broad(&self) -> usize {
        let mut count = 0;
        self.clauses(&mut |clause| count += usize::from(clause.is_broad()));
        count
    }

    /// What is new in it for whoever owns the things that it names: a change of these makes a proof
    /// of ownership void.
    pub fn same_things(&self, other: &Interest) -> bool {
        self.any == other.any && self.all == other.all && self.not == other.not
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(clause: Clause) -> Result<Clause, BadInterest> {
        let interest = Interest::of("x", Urgency::Expected, vec![clause.into()]).checked()?;
        let Expression::Clause(clause) = &interest.any[0] else { unreachable!() };
        Ok(clause.clone())
    }

    fn read(toml: &str) -> Result<Interest, String> {
        let interest: Interest = toml::from_str(toml).map_err(|e| e.to_string())?;
        interest.checked().map_err(|e| e.to_string())
    }

    #[test]
    fn a_clause_takes_its_one_form() {
        assert_eq!(one(Clause::Country("ru".into())).unwrap(), Clause::Country("RU".into()));
        let place = Clause::Place("leningrad, ru".into());
        assert_eq!(one(place).unwrap(), Clause::Place("Saint Petersburg, RU".into()));
        // Of the whole world, those that few have heard of too; of one name, the one in that country.
        for (written, read) in [
            ("Daugavpils", "Daugavpils, LV"),
            ("Даугавпилс", "Daugavpils, LV"),
            ("moscow, us", "Moscow, US"),
            ("Moscow", "Moscow, RU"),
            ("San Rafael, VE", "San Rafael, VE"),
        ] {
            assert_eq!(one(Clause::Place(written.into())).unwrap(), Clause::Place(read.into()));
        }
        let block = Clause::Block("203.0.113.7/24".parse().unwrap());
        assert_eq!(one(block).unwrap().to_string(), "addresses 203.0.113.0/24");
    }

    #[test]
    fn a_wrong_clause_is_refused() {
        for clause in [
            Clause::Country("ZZ".into()),
            Clause::Place("Atlantisgrad".into()),
            Clause::Place("Springfield, RU".into()),
            Clause::Place("San Rafael".into()),
            Clause::Place("Ukraine".into()),
            Clause::Pattern("[file:name MATCHES '\\\\w{200}']".into()),
            Clause::Pattern("[file:name MATCHES 'a' OR file:name MATCHES 'b']".into()),
            Clause::Words("ab".into()),
            Clause::Domain("no domain".into()),
            Clause::Pattern("[file:name =".into()),
        ] {
            assert!(one(clause.clone()).is_err(), "{clause}");
        }
    }

    #[test]
    fn clauses_are_joined_as_they_are_written() {
        let interest = read(
            "label = 'x'\nurgency = 'expected'\nthreshold = 60\ncredibility = 'C3'\n\
             any = [{ country = 'RU' }, { all = [{ words = 'grid' }, { not = { sector = 'energy' } }] }]\n\
             not = [{ at-least = { count = 1, of = [{ words = 'drill' }] } }]\n",
        );
        assert_eq!(
            interest.unwrap().expression().to_string(),
            "((country RU or (words “grid” and not sector energy)) and not at least 1 of (words “drill”))"
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = r#"{"id":"","label":"x","urgency":"expected","any":[{"at-least":{"count":1,"of":[{"person":{"name":"Ana Lee","aliases":["A. Lee"]}},{"circle":{"latitude":1.5,"longitude":2.0,"km":3.0}}]}}],"threshold":31}"#;
        let interest: Interest = serde_json::from_str(text).unwrap();
        let again = serde_json::to_value(&interest).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).unwrap());
    }

    #[test]
    fn an_interest_in_everything_is_refused() {
        let written = [
            ("any = [{ not = { country = 'RU' } }]", "would concern all"),
            ("any = [{ country = 'RU' }, { not = { country = 'UA' } }]", "would concern all"),
            ("not = [{ country = 'RU' }]", "a clause that items can meet"),
            ("any = []", "a clause that items can meet"),
            ("any = [{ all = [] }]", "holds no clause"),
            ("any = [{ at-least = { count = 3, of = [{ country = 'RU' }] } }]", "3 of 1"),
            ("any = [{ contry = 'RU' }]", "unknown variant `contry`"),
            ("any = [{ country = 'RU', place = 'Moscow' }]", "one key"),
            ("any = [{ country = 'RU' }]\nthreshold = 0", "1 to 100"),
        ];
        for (clauses, why) in written {
            let refused =
                read(&format!("label = 'x'\nurgency = 'future'\n{clauses}\n")).unwrap_err();
            assert!(refused.contains(why), "{clauses}: {refused}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}{{ country = 'RU' }}{}", "{ all = [".repeat(9), "] }".repeat(9));
        assert!(read(&format!("label = 'x'\nurgency = 'future'\nany = [{deep}]")).is_err());
    }
}
