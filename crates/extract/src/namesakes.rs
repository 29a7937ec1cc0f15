//! Which countries have a place of the same name: in these a place may lie that only its name has in
//! common with the one that is usually meant.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Where others of one name lie.
#[derive(Debug, Clone, Default)]
pub(crate) struct Namesakes {
    countries: Vec<&'static str>,
    /// Whether the usual one is a capital: what follows its name may be where its government acts.
    pub(crate) is_capital: bool,
}

impl Namesakes {
    /// Whether one of them lies in a country.
    pub(crate) fn are_in(&self, country: &str) -> bool {
        self.countries.contains(&country)
    }
}

static NAMESAKES: LazyLock<HashMap<(&'static str, &'static str), Namesakes>> =
    LazyLock::new(|| {
        let lines = include_str!("../gazetteer/namesakes.txt").lines();
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let read = lines.filter_map(|line| {
            let mut parts = line.split('|');
            let key = (parts.next()?, parts.next()?);
            let countries = parts.next()?.split(';').collect();
            Some((key, Namesakes { countries, is_capital: parts.next() == Some("capital") }))
        });
        read.collect()
    });

/// Where others of the name of a known place lie; nowhere for most.
pub(crate) fn of(name: &'static str, country: &'static str) -> Option<&'static Namesakes> {
    NAMESAKES.get(&(name, country))
}

/// Each line: name, country, countries of the others.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
    NAMESAKES.iter().map(|((name, country), all)| (*name, *country, all.countries.as_slice()))
}
