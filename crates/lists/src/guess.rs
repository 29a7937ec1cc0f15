//! Guesses what the columns of a list hold, from their names and their first values.

use crate::bounds::SAMPLE;
use crate::form::Form;
use crate::kind::{Kind, Observable};
use crate::mapping::Mapping;
use crate::refused::Refused;
use crate::row::{Next, Row};
use crate::time;
use crate::to_stix::Rows;
use crate::value::{self, Exact};
use forewarn_stix::loss::Losses;
use std::collections::BTreeMap;
use std::io::Read;

/// What the values of one column look like.
#[derive(Debug, Default)]
struct Looks {
    filled: usize,
    forms: BTreeMap<Exact, usize>,
    times: usize,
    named: usize,
}

/// Guesses what the columns of a list hold. What it says must be shown to somebody before anything is
/// made of it.
///
/// # Errors
/// The list cannot be read, or no column holds what can be watched for.
pub fn guess(input: impl Read, form: Form) -> Result<Mapping, Refused> {
    let mut rows = Rows::open(input, form)?;
    let (mut row, mut lost) = (Row::default(), Losses::default());
    let mut looks: Vec<Looks> = Vec::new();
    let mut count = 0;
    while count < SAMPLE {
        match rows.read(&mut row, &mut lost)? {
            Next::End => break,
            Next::Bad(..) => {}
            Next::Row => {
                for (column, text) in row.fields() {
                    if looks.len() <= column {
                        looks.resize_with(column + 1, Looks::default);
                    }
                    if let Some(look) = looks.get_mut(column) {
                        look.add(text);
                    }
                }
            }
        }
        count += 1;
    }
    let mut mapping = of(rows.names(), &looks);
    // A plain list is sorted by kinds, often: its first lines do not show what the last ones are.
    if let (Form::Lines, Some((name, Some(kind)))) = (form, mapping.columns.first_mut())
        && name == "1"
    {
        *kind = Kind::Value;
    }
    if !mapping.is_useful() {
        let why = "no column holds addresses, names of hosts, URLs, hashes or the like throughout; say \
                   what they hold by --columns, such as --columns 'address=ip'";
        return Err(Refused::Form(why.to_owned()));
    }
    Ok(mapping)
}

impl Looks {
    fn add(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.filled += 1;
        if let Some(found) = value::by_form(text) {
            *self.forms.entry(found.exact).or_default() += 1;
        }
        self.times += usize::from(time::read(text).is_some());
        self.named += usize::from(matches!(Kind::named(text), Some(Kind::Observable(_))));
    }

    /// Whether nine in ten are so.
    fn mostly(&self, count: usize) -> bool {
        self.filled > 0 && count * 10 >= self.filled * 9
    }

    /// What the values are, by their form: nine in ten of them; or half of them, where the name of the
    /// column says the like.
    fn form(&self, is_named: bool) -> Option<Kind> {
        let tenths = if is_named { 5 } else { 9 };
        let enough = |count: usize| count > 0 && count * 10 >= self.filled * tenths;
        let count = |which: &[Exact]| which.iter().filter_map(|one| self.forms.get(one)).sum();
        let mostly = |which: &[Exact]| enough(count(which));
        let all: usize = self.forms.values().sum();
        let kind = match () {
            () if mostly(&[Exact::Ipv4]) => Observable::Ipv4,
            () if mostly(&[Exact::Ipv6]) => Observable::Ipv6,
            () if mostly(&[Exact::Ipv4, Exact::Ipv6]) => Observable::Address,
            () if mostly(&[Exact::Domain]) => Observable::Domain,
            () if mostly(&[Exact::Url]) => Observable::Url,
            () if mostly(&[Exact::Email]) => Observable::Email,
            () if mostly(&[Exact::Mac]) => Observable::Mac,
            () if mostly(&[Exact::System]) => Observable::System,
            () if mostly(&[Exact::Md5]) => Observable::Md5,
            () if mostly(&[Exact::Sha1]) => Observable::Sha1,
            () if mostly(&[Exact::Sha256]) => Observable::Sha256,
            () if mostly(&[Exact::Sha512]) => Observable::Sha512,
            () if mostly(&[Exact::Md5, Exact::Sha1, Exact::Sha256, Exact::Sha512]) => {
                Observable::Hash
            }
            () if mostly(&[Exact::Vulnerability]) => Observable::Vulnerability,
            () if enough(all) => return Some(Kind::Value),
            () => return None,
        };
        Some(Kind::Observable(kind))
    }
}

fn of(names: &[String], looks: &[Looks]) -> Mapping {
    let none = Looks::default();
    let typed = names
        .iter()
        .zip(looks)
        .any(|(name, look)| Kind::named(name) == Some(Kind::Type) && look.mostly(look.named));
    let mut columns: Vec<(String, Option<Kind>)> = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let look = looks.get(n).unwrap_or(&none);
        let named = Kind::named(name);
        let kind = match named {
            // The values decide what can be watched for; but what only the name can tell counts so.
            Some(Kind::Observable(Observable::FileName)) if look.filled > 0 => named,
            Some(Kind::Observable(Observable::Address | Observable::Hash))
                if look.form(true).is_some() =>
            {
                named.filter(|_| look.form(true) != Some(Kind::Value)).or(look.form(true))
            }
            Some(Kind::Value) if typed => named,
            Some(Kind::Observable(_) | Kind::Value) => look.form(true),
            Some(Kind::FirstSeen | Kind::LastSeen | Kind::ValidUntil) => {
                named.filter(|_| look.mostly(look.times))
            }
            Some(Kind::Type) => named.filter(|_| look.mostly(look.named)),
            Some(
                Kind::Confidence
                | Kind::Name
                | Kind::Description
                | Kind::Labels
                | Kind::Tlp
                | Kind::LeftOut,
            ) => named,
            // Links lead to what others say of a row, and numbers of systems say whose an address is.
            None => look.form(false).filter(|kind| {
                let beside =
                    [Kind::Observable(Observable::Url), Kind::Observable(Observable::System)];
                !beside.contains(kind) || names.len() == 1 || name.parse::<usize>().is_ok()
            }),
        };
        let is_taken = |kind: &Kind| {
            !matches!(kind, Kind::Observable(_))
                && columns.iter().any(|(_, known)| *known == Some(*kind))
        };
        columns.push((name.clone(), kind.filter(|kind| !is_taken(kind))));
    }
    // An AS beside an address says whose it is.
    let has_other = columns.iter().any(|(_, kind)| {
        matches!(kind, Some(Kind::Observable(one)) if *one != Observable::System)
            || *kind == Some(Kind::Value)
    });
    let has_value = columns.iter().any(|(_, kind)| *kind == Some(Kind::Value));
    for (_, kind) in &mut columns {
        let is_beside = *kind == Some(Kind::Observable(Observable::System)) && has_other;
        // A type says of which kind the one value is.
        if is_beside || (*kind == Some(Kind::Type) && !has_value) {
            *kind = None;
        }
    }
    Mapping { columns }
}
