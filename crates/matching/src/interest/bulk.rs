//! Interests from a CSV file: address blocks, domains or sites, as registers and facilities' lists
//! have them.
//!
//! The first line names the columns: one of `block`, `domain` or `site` is there; `label` and
//! `urgency` may be. A site may have `aliases` (parted by `;`), `country`, and `latitude`,
//! `longitude` and `km`. Rows with the same label become one interest.

use super::area::{Circle, Point};
use super::{Clause, Expression, Interest, MAX_CLAUSES, Named};
use crate::interest::BadInterest;
use crate::scale::Urgency;
use std::collections::{BTreeMap, HashMap};

/// Radius of a site for which none is given, in kilometres.
const USUAL_KM: f64 = 1.0;

/// What was read from a file of interests.
#[derive(Debug, Default)]
pub struct Bulk {
    /// The interests of the lines that could be read, grouped by label and urgency.
    pub interests: Vec<Interest>,
    /// The lines that were left out, in the file's order.
    pub refused: Vec<BadRow>,
}

/// A line that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct BadRow {
    /// The line of the file, from 1; the header is line 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: BadInterest,
}

/// Reads a file. Lines that cannot be read are listed in [`Bulk::refused`]; the rest becomes
/// interests.
///
/// # Errors
/// The header cannot be read, does not name exactly one of the columns `block`, `domain` and
/// `site`, or names an unknown one; or `label` is not one that an interest may have.
pub fn read(csv: &[u8], label: &str, urgency: Urgency) -> Result<Bulk, BadInterest> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(csv);
    let columns = Columns::of(reader.headers().map_err(|e| bad_row(&e))?)?;
    let mut bulk = Bulk::default();
    let mut groups: BTreeMap<(String, Urgency), Vec<Expression>> = BTreeMap::new();
    for (number, record) in reader.records().enumerate() {
        // Counted from the header, where the reader knows no position.
        let counted = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(2);
        let line = record.as_ref().ok().and_then(csv::StringRecord::position);
        let line = line.map_or(counted, csv::Position::line);
        let row = record.map_err(|e| bad_row(&e)).and_then(|row| columns.row(&row));
        let row = row.and_then(|row| match &row.label {
            Some(label) if label.len() > 200 => {
                Err(BadInterest::new("label", "a label has at most 200 bytes"))
            }
            _ => Ok(row),
        });
        match row {
            Ok(row) => {
                let label = row.label.unwrap_or_else(|| label.to_owned());
                let group = groups.entry((label, row.urgency.unwrap_or(urgency))).or_default();
                group.extend(row.clauses);
            }
            Err(why) => bulk.refused.push(BadRow { line, why }),
        }
    }
    for ((label, urgency), clauses) in groups {
        for any in parts(clauses) {
            bulk.interests.push(Interest::of(label.clone(), urgency, any).checked()?);
        }
    }
    Ok(bulk)
}

/// Interests of at most [`MAX_CLAUSES`] each.
fn parts(clauses: Vec<Expression>) -> Vec<Vec<Expression>> {
    let mut out: Vec<Vec<Expression>> = Vec::new();
    let mut room = 0;
    for clause in clauses {
        let mut wanted = 0;
        clause.clauses(&mut |_| wanted += 1);
        if room < wanted {
            out.push(Vec::new());
            room = MAX_CLAUSES;
        }
        room -= wanted;
        if let Some(part) = out.last_mut() {
            part.push(clause);
        }
    }
    out
}

fn bad_row(error: &csv::Error) -> BadInterest {
    BadInterest::new("csv", error.to_string()).hint("save it as CSV with commas, in UTF-8")
}

struct Columns(HashMap<String, usize>);

struct Row {
    label: Option<String>,
    urgency: Option<Urgency>,
    clauses: Vec<Expression>,
}

const KNOWN: &[&str] = &[
    "block",
    "domain",
    "site",
    "label",
    "urgency",
    "aliases",
    "country",
    "latitude",
    "longitude",
    "km",
];

impl Columns {
    fn of(headers: &csv::StringRecord) -> Result<Columns, BadInterest> {
        let name = |h: &str| h.trim_start_matches('\u{feff}').trim().to_lowercase();
        let columns: HashMap<String, usize> =
            headers.iter().enumerate().map(|(n, h)| (name(h), n)).collect();
        let subjects = ["block", "domain", "site"];
        if subjects.iter().filter(|s| columns.contains_key(**s)).count() != 1 {
            let message = "the first line must name one column `block`, `domain` or `site`";
            return Err(BadInterest::new("csv", message).hint("such as: block,label"));
        }
        if let Some(strange) = columns.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            let message = format!("the column `{strange}` is not known");
            return Err(
                BadInterest::new("csv", message).hint(format!("known: {}", KNOWN.join(", ")))
            );
        }
        Ok(Columns(columns))
    }

    fn row(&self, record: &csv::StringRecord) -> Result<Row, BadInterest> {
        let cell = |name: &str| {
            let text = self.0.get(name).and_then(|at| record.get(*at));
            text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let urgency = cell("urgency").map(|word| {
            let known = serde_json::from_value(word.to_lowercase().into());
            known.map_err(|_| {
                BadInterest::new(
                    "urgency",
                    format!("`{word}`: immediate, expected or future is wanted"),
                )
            })
        });
        let clauses = if self.0.contains_key("block") {
            let text = cell("block").ok_or_else(|| empty("block"))?;
            let net = crate::terms::network(&text).ok_or_else(|| {
                BadInterest::new("block", format!("`{text}` is not a block of addresses"))
                    .hint("such as 198.51.100.0/24 or 2001:db8::/32")
            })?;
            vec![Clause::Block(net)]
        } else if self.0.contains_key("domain") {
            vec![Clause::Domain(cell("domain").ok_or_else(|| empty("domain"))?)]
        } else {
            return Ok(Row {
                label: cell("label").or_else(|| cell("site")),
                urgency: urgency.transpose()?,
                clauses: site(&cell)?,
            });
        };
        let checked = clauses.into_iter().map(|clause| Expression::from(clause).checked(1));
        Ok(Row {
            label: cell("label"),
            urgency: urgency.transpose()?,
            clauses: checked.collect::<Result<_, _>>()?,
        })
    }
}

fn empty(column: &str) -> BadInterest {
    BadInterest::new(column, format!("`{column}` is empty"))
}

fn site(cell: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Expression>, BadInterest> {
    let name = cell("site").ok_or_else(|| empty("site"))?;
    let aliases = cell("aliases").unwrap_or_default();
    let aliases = aliases.split(';').map(str::trim).filter(|alias| !alias.is_empty());
    let named = Named { name, aliases: aliases.map(str::to_owned).collect() };
    let mut by_name = Expression::from(Clause::Site(named));
    if let Some(code) = cell("country") {
        by_name = Expression::All(vec![by_name, Clause::Country(code).into()]);
    }
    let mut out = vec![by_name.checked(1)?];
    let number = |name: &str| {
        let number = cell(name).map(|text| {
            text.parse::<f64>()
                .map_err(|_| BadInterest::new(name, format!("`{name}` is `{text}`, not a number")))
        });
        number.transpose()
    };
    match (number("latitude")?, number("longitude")?) {
        (Some(latitude), Some(longitude)) => {
            let km = number("km")?.unwrap_or(USUAL_KM);
            let circle = Point::new(latitude, longitude).and_then(|at| Circle::new(at, km));
            let circle = circle.ok_or_else(|| {
                BadInterest::new(
                    "circle",
                    format!("{km} km around {latitude}, {longitude} is no circle"),
                )
                .hint("latitude is −90 to 90, longitude −180 to 180")
            })?;
            out.push(Clause::Circle(circle).into());
        }
        (None, None) => {}
        _ => {
            let message = "`latitude` and `longitude` go together";
            return Err(BadInterest::new("circle", message));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(csv: &str) -> (Vec<String>, Vec<String>) {
        let bulk = read(csv.as_bytes(), "file", Urgency::Expected).unwrap();
        let interest = |i: &Interest| format!("{} {}: {}", i.label, i.urgency, i.expression());
        (
            bulk.interests.iter().map(interest).collect(),
            bulk.refused.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn rows_of_one_label_are_one_interest_and_bad_ones_are_told() {
        let (interests, refused) = told(
            "block,label,urgency\n198.51.100.0/24,Acme,immediate\n2001:db8::/32,Acme,immediate\n\
             198.51.100,Bank,\n203.0.113.9,,\n",
        );
        assert_eq!(
            interests,
            [
                "Acme immediate: (addresses 198.51.100.0/24 or addresses 2001:db8::/32)",
                "file expected: addresses 203.0.113.9/32"
            ]
        );
        assert_eq!(refused.len(), 1);
        assert!(refused[0].starts_with("line 4: `198.51.100` is not a block"), "{refused:?}");
    }

    #[test]
    fn a_site_is_looked_for_by_name_and_on_the_map() {
        let (interests, refused) = told(
            "site,aliases,country,latitude,longitude,km\nKazan Cathedral,Kazansky Sobor,RU,59.934,30.324,\n\
             Old Mill,,,,,\nLost,,,12,,\n",
        );
        assert_eq!(
            interests,
            [
                "Kazan Cathedral expected: ((site “Kazan Cathedral” and country RU) or within 1 km of 59.934, 30.324)",
                "Old Mill expected: site “Old Mill”"
            ]
        );
        assert_eq!(refused, ["line 4: `latitude` and `longitude` go together"]);
    }

    #[test]
    fn domains_beyond_one_interest_go_into_the_next() {
        let rows: Vec<String> = (0..1500).map(|n| format!("d{n}.example.org,Acme\n")).collect();
        let rows = rows.concat();
        let (interests, _) = told(&format!("domain,label\n{rows}"));
        assert_eq!(interests.len(), 2);
    }

    #[test]
    fn a_file_without_known_columns_is_refused() {
        for csv in ["", "a,b\n1,2\n", "block,domain\nx,y\n", "block,owner\nx,y\n"] {
            assert!(read(csv.as_bytes(), "file", Urgency::Expected).is_err(), "{csv}");
        }
    }
}
