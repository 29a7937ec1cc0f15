//! Areas as locations: a circle by its centre and radius, a polygon by its centre and its farthest
//! point. STIX has no shapes, so these stand in the description too, as they came.

use crate::tree::Element;
use forewarn_stix::StixId;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Kilometres in a degree of latitude.
const KM_A_DEGREE: f64 = 111.32;
/// Most points of a polygon that are looked at.
const MAX_POINTS: usize = 100_000;
/// Systems of codes that give countries (ISO 3166-1) by two letters.
const COUNTRIES: &[&str] = &["ISO 3166-1", "ISO3166-1", "ISO 3166-1 alpha-2", "country"];

/// What an area is, in words, and the locations in it.
pub(crate) struct Area {
    pub(crate) words: String,
    pub(crate) locations: Vec<Map<String, Value>>,
}

/// Reads an area, and leaves in it what is not understood.
pub(crate) fn read(area: &mut Element, created: &str, marks: &[String]) -> Area {
    let name = area.text("areaDesc").unwrap_or_default();
    let mut words = name.clone();
    let mut shapes = Vec::new();
    for (kind, text) in ["circle", "polygon"].iter().flat_map(|kind| {
        let all: Vec<_> = area.texts(kind).into_iter().map(|text| (*kind, text)).collect();
        all
    }) {
        let _ = write!(words, "\n{kind}: {text}");
        let shape = if kind == "circle" { circle(&text) } else { polygon(&text) };
        shapes.extend(shape.map(|shape| (shape, format!("{kind}: {text}"))));
    }
    for key in ["altitude", "ceiling"] {
        if let Some(text) = area.text(key) {
            let _ = write!(words, "\n{key}: {text} ft");
        }
    }
    let mut country = None;
    for mut code in area.take_all("geocode") {
        let (system, value) = (code.text("valueName"), code.text("value"));
        let (system, value) = (system.unwrap_or_default(), value.unwrap_or_default());
        let _ = write!(words, "\n{system}: {value}");
        let is_country = COUNTRIES.iter().any(|known| known.eq_ignore_ascii_case(&system));
        if is_country && value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic()) {
            country = Some(value.to_ascii_uppercase());
        }
    }
    let mut locations = Vec::new();
    for (shape, text) in shapes {
        let mut object = shape.properties();
        object.insert("description".to_owned(), text.into());
        if let Some(country) = &country {
            object.insert("country".to_owned(), country.as_str().into());
        }
        locations.push(location(object, &name, created, marks));
    }
    if let (true, Some(country)) = (locations.is_empty(), country) {
        let object = Map::from_iter([("country".to_owned(), country.into())]);
        locations.push(location(object, &name, created, marks));
    }
    Area { words, locations }
}

/// A location: STIX asks for a country, a region or a point (§4.9), and an area without any has its
/// words in the report alone.
fn location(
    mut object: Map<String, Value>,
    name: &str,
    created: &str,
    marks: &[String],
) -> Map<String, Value> {
    if !name.is_empty() {
        object.insert("name".to_owned(), name.into());
    }
    object.insert("created".to_owned(), created.into());
    object.insert("modified".to_owned(), created.into());
    if !marks.is_empty() {
        object.insert("object_marking_refs".to_owned(), json!(marks));
    }
    let text = Value::Object(object.clone()).to_string();
    let id = StixId::of_name("location", text.as_bytes());
    object.insert("type".to_owned(), "location".into());
    object.insert("spec_version".to_owned(), "2.1".into());
    object.insert("id".to_owned(), id.as_str().into());
    object
}

/// A point, and how far from it the shape goes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Shape {
    latitude: f64,
    longitude: f64,
    kilometres: f64,
}

impl Shape {
    fn properties(self) -> Map<String, Value> {
        let rounded = |value: f64, to: f64| (value * to).round() / to;
        Map::from_iter([
            ("latitude".to_owned(), json!(rounded(self.latitude, 1e6))),
            ("longitude".to_owned(), json!(rounded(self.longitude, 1e6))),
            // Metres (STIX 2.1 §4.9).
            ("precision".to_owned(), json!((self.kilometres * 1_000.0).round())),
        ])
    }
}

fn point(text: &str) -> Option<(f64, f64)> {
    let (latitude, longitude) = text.split_once(',')?;
    let read =
        |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|value| value.abs() <= most);
    Some((read(latitude, 90.0)?, read(longitude, 180.0)?))
}

/// `38.47,-120.14 12`: a point and a radius in kilometres (CAP 1.2 §3.2.4).
fn circle(text: &str) -> Option<Shape> {
    let (centre, radius) = text.trim().split_once(char::is_whitespace)?;
    let (latitude, longitude) = point(centre)?;
    let kilometres = radius.trim().parse::<f64>().ok()?;
    (0.0..=20_100.0).contains(&kilometres).then_some(Shape { latitude, longitude, kilometres })
}

/// Points with blanks between them, the last one the first again: the middle of its bounds, and the
/// farthest point. One that goes over the date line has none.
fn polygon(text: &str) -> Option<Shape> {
    let points: Vec<(f64, f64)> =
        text.split_whitespace().take(MAX_POINTS).map(point).collect::<Option<_>>()?;
    if points.len() < 4 {
        return None;
    }
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        let all = points.iter().map(of);
        all.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
    };
    let (south, north) = bounds(|(latitude, _)| *latitude);
    let (west, east) = bounds(|(_, longitude)| *longitude);
    if east - west > 180.0 {
        return None;
    }
    let (latitude, longitude) = (f64::midpoint(south, north), f64::midpoint(west, east));
    let far = points.iter().map(|(at, along)| {
        let up = (at - latitude) * KM_A_DEGREE;
        let aside = (along - longitude) * KM_A_DEGREE * latitude.to_radians().cos();
        up.hypot(aside)
    });
    Some(Shape { latitude, longitude, kilometres: far.fold(0.0, f64::max) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_points_with_a_distance() {
        let shape = circle("38.47,-120.14 12.5").unwrap();
        assert_eq!(shape, Shape { latitude: 38.47, longitude: -120.14, kilometres: 12.5 });
        let square = polygon("0,0 0,2 2,2 2,0 0,0").unwrap();
        assert_eq!((square.latitude, square.longitude), (1.0, 1.0));
        assert!((square.kilometres - 157.4).abs() < 0.1, "{square:?}");
        for bad in ["91,0 1", "0,0", "x,y 1", "0,0 -1", "0,0 nan", ""] {
            assert!(circle(bad).is_none(), "{bad}");
        }
        assert!(polygon("0,0 1,1 0,0").is_none() && polygon("0,179 1,-179 1,0 0,179").is_none());
    }
}
