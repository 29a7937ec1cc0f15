//! Terms of an interest as people type them at the desk: one a line, by the words that the command line
//! and the files of interests have. What a line cannot say in two words stands in it as TOML.

use forewarn_matching::interest::area::{Circle, Point, Polygon};
use forewarn_matching::interest::{BadInterest, Clause, Expression};
use forewarn_view::place::Area;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Most areas that stand in a table of their own; further ones stand among the terms.
const MOST_AREAS: usize = 40;
/// Most corners of such a polygon.
const MOST_CORNERS: usize = 100;

/// A term as a line of its own: `place Riga, LV`, or a table of TOML.
pub(crate) fn shown(term: &Expression) -> String {
    let value = serde_json::to_value(term).unwrap_or_default();
    if let Some((word, value)) = value.as_object().filter(|one| one.len() == 1).and_then(first) {
        let plain = match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        // A line that would be read as something else stands as TOML.
        let line = plain.map(|text| format!("{word} {text}"));
        if let Some(line) = line.filter(|line| read(line).is_ok_and(|read| read == *term)) {
            return line;
        }
    }
    toml::Value::try_from(term).map(|table| table.to_string()).unwrap_or_default()
}

fn first(one: &serde_json::Map<String, Value>) -> Option<(&String, &Value)> {
    one.iter().next()
}

/// The table of TOML that a term may be written as.
#[derive(Deserialize)]
struct Line {
    term: Expression,
}

/// Reads a line.
pub(crate) fn read(line: &str) -> Result<Expression, BadInterest> {
    let line = line.trim();
    if line.starts_with('{') {
        let read: Result<Line, toml::de::Error> = toml::from_str(&format!("term = {line}"));
        return read
            .map(|read| read.term)
            .map_err(|e| bad(line).hint(e.message().trim().to_owned()));
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let number = rest.parse::<u64>().ok().map(Value::from);
    let values = std::iter::once(Value::from(rest)).chain(number);
    let mut all = values.filter_map(|value| serde_json::from_value(json!({ word: value })).ok());
    all.next().filter(|_| !rest.is_empty()).ok_or_else(|| {
        bad(line).hint(
            "write a word of docs/interests.md and what it is about: place Riga, words drone, domain \
             example.org; or a table: { not = { words = \"exercise\" } }",
        )
    })
}

fn bad(line: &str) -> BadInterest {
    let line: String = line.chars().take(80).collect();
    BadInterest::new("terms", format!("`{line}` is not a term"))
}

/// The terms of a list that are drawn in a table of their own, and the others as lines.
pub(crate) fn apart(any: &[Expression]) -> (Vec<Area>, Vec<String>) {
    let (mut areas, mut lines) = (Vec::new(), Vec::new());
    for one in any {
        match area(one).filter(|_| areas.len() < MOST_AREAS) {
            Some(area) => areas.push(area),
            None => lines.push(shown(one)),
        }
    }
    (areas, lines)
}

fn area(one: &Expression) -> Option<Area> {
    match one {
        Expression::Clause(Clause::Circle(circle)) => {
            let (latitude, longitude) = circle.centre().into();
            Some(Area::Circle { latitude, longitude, km: circle.km() })
        }
        Expression::Clause(Clause::Polygon(polygon)) => {
            let corners: Vec<_> = polygon.corners().iter().map(|at| (*at).into()).collect();
            (corners.len() <= MOST_CORNERS).then_some(Area::Polygon { corners })
        }
        _ => None,
    }
}

/// An area as its line in the table: `circle 59.93, 30.32, 5`, `polygon 59 30, 59 31, 60.5 31`.
pub(crate) fn area_line(area: &Area) -> String {
    match area {
        Area::Point { latitude, longitude } => format!("circle {latitude}, {longitude}, 0"),
        Area::Circle { latitude, longitude, km } => format!("circle {latitude}, {longitude}, {km}"),
        Area::Polygon { corners } => {
            let mut line = "polygon".to_owned();
            for (at, (latitude, longitude)) in corners.iter().enumerate() {
                // Writing to a text does not fail.
                let _ = write!(line, "{} {latitude} {longitude}", if at == 0 { "" } else { "," });
            }
            line
        }
    }
}

/// Reads such a line. A polygon may lack corners yet: [`term`] refuses it.
pub(crate) fn read_area(line: &str) -> Result<Area, BadInterest> {
    let line = line.trim();
    let short: String = line.chars().take(80).collect();
    let wrong = || {
        BadInterest::new("area", format!("`{short}` is not a circle or polygon")).hint(
            "write circle 59.93, 30.32, 5 (latitude, longitude, kilometres), or polygon 59 30, 59 31, \
             60.5 31 (latitude and longitude of each corner)",
        )
    };
    let (word, rest) = line.split_once(char::is_whitespace).ok_or_else(wrong)?;
    let parts = rest.split([',', ' ', ';', '\t']).filter(|part| !part.is_empty());
    let numbers: Option<Vec<f64>> = parts.map(|part| part.parse().ok()).collect();
    let numbers = numbers.ok_or_else(wrong)?;
    let is_there = |at: &(f64, f64)| Point::new(at.0, at.1).is_some();
    match (word, numbers.as_slice()) {
        ("circle", &[latitude, longitude, km]) if is_there(&(latitude, longitude)) => {
            Ok(Area::Circle { latitude, longitude, km })
        }
        ("polygon", all) if all.len().is_multiple_of(2) && all.len() <= 2 * MOST_CORNERS => {
            let (pairs, _) = all.as_chunks::<2>();
            let corners: Vec<(f64, f64)> = pairs.iter().map(|[y, x]| (*y, *x)).collect();
            let is_good = !corners.is_empty() && corners.iter().all(is_there);
            is_good.then_some(Area::Polygon { corners }).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

/// The term that an area is.
pub(crate) fn term(area: &Area) -> Result<Expression, BadInterest> {
    let point = |(latitude, longitude): (f64, f64)| Point::new(latitude, longitude);
    let clause = match area {
        Area::Point { .. } => None,
        Area::Circle { latitude, longitude, km } => {
            point((*latitude, *longitude)).and_then(|at| Circle::new(at, *km)).map(Clause::Circle)
        }
        Area::Polygon { corners } => {
            let corners: Option<Vec<Point>> = corners.iter().copied().map(point).collect();
            Some(Clause::Polygon(Polygon::new(corners.unwrap_or_default())?))
        }
    };
    let wrong = || {
        BadInterest::new("area", format!("`{}` cannot be registered", area_line(area)))
            .hint("a circle reaches above 0 and at most 4,000 km")
    };
    clause.map(Expression::from).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a line says is what was written in a file, and is shown as the same line.
    #[test]
    fn a_line_is_a_term_and_a_term_its_line() {
        for line in [
            "country RU",
            "place Riga, LV",
            "words Operation Night Fall",
            "domain example.org",
            "block 198.51.100.0/24",
            "as-number 64496",
            "organisation Acme Power",
            "threat disruption",
            "words 2017",
        ] {
            assert_eq!(shown(&read(line).unwrap()), line);
        }
        let joined = "{ all = [{ country = \"RU\" }, { not = { words = \"exercise\" } }] }";
        let term = read(joined).unwrap();
        assert!(matches!(&term, Expression::All(both) if both.len() == 2));
        assert_eq!(read(&shown(&term)).unwrap(), term);
        let named =
            "{ organisation = { name = \"Acme Power\", aliases = [\"Acme \\\"E\\\" Ltd\"] } }";
        let term = read(named).unwrap();
        assert_eq!(read(&shown(&term)).unwrap(), term);
        for wrong in
            ["", "drone", "colour red", "words", "{ words = }", "{ words = \"a\" } x", "block here"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn areas_stand_apart_and_come_back_as_they_were() {
        let lines = ["circle 59.93, 30.32, 5.5", "polygon 59 30, 59 31, 60.5 31"];
        let areas: Vec<Area> = lines.iter().map(|line| read_area(line).unwrap()).collect();
        let any: Vec<Expression> = areas.iter().map(|area| term(area).unwrap()).collect();
        let mixed = [read("country RU").unwrap(), any[0].clone(), any[1].clone()];
        let (apart_areas, terms) = apart(&mixed);
        assert_eq!((&apart_areas, terms), (&areas, vec!["country RU".to_owned()]));
        let again: Vec<String> = areas.iter().map(area_line).collect();
        assert_eq!(again, lines);
        assert!(term(&read_area("polygon 59 30, 59 31").unwrap()).is_err(), "two corners");
        assert!(term(&read_area("circle 59 30 5000").unwrap()).is_err(), "too far");
        for wrong in
            ["circle", "circle 95 0 5", "polygon 1", "polygon", "here 1 2 3", "circle 1 2 x"]
        {
            assert!(read_area(wrong).is_err(), "{wrong}");
        }
        // More than a table holds stand among the terms, and nothing is lost.
        let many = vec![any[0].clone(); MOST_AREAS + 2];
        let (areas, terms) = apart(&many);
        assert_eq!((areas.len(), terms.len()), (MOST_AREAS, 2));
        assert_eq!(read(&terms[0]).unwrap(), any[0]);
    }
}
