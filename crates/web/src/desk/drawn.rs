//! The map in an interest's form: its circles and polygons, and what a click on it does. A click is sent
//! with the form, so that no script is needed; where one runs, points are dragged too.

use super::outlines::{View, WIDTH};
use super::posted::Fields;
use super::terms::{area_line, read_area};
use super::texts::{Words, fill};
use askama::Template;
use askama::filters::HtmlSafe;
use forewarn_view::place::Area;
use std::fmt::Write as _;

/// Pixels of the map's width on a wide page and on a slim one, as the stylesheet has them: where a click
/// was is told in these.
const WIDE: f64 = 640.0;
const SLIM: f64 = 256.0;
/// Kilometres of a degree of latitude.
const KM: f64 = 111.2;
/// The field that holds the middle and the height of what is seen.
const VIEW: &str = "view";
/// The fields of the table's rows.
pub(crate) const AREA: &str = "area";

/// What a click on the map does, by its word in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    /// A new circle around the place.
    Circle,
    /// A circle is moved there.
    Middle,
    /// A circle reaches as far.
    Edge,
    /// A polygon has one more corner; where there is none, it begins.
    Corner,
    /// The map is looked at from nearer.
    Look,
}

const TOOLS: [Tool; 5] = [Tool::Circle, Tool::Middle, Tool::Edge, Tool::Corner, Tool::Look];

impl Tool {
    const fn word(self) -> &'static str {
        match self {
            Tool::Circle => "circle",
            Tool::Middle => "middle",
            Tool::Edge => "edge",
            Tool::Corner => "corner",
            Tool::Look => "look",
        }
    }

    fn of(fields: &Fields) -> Tool {
        let word = fields.line("tool");
        TOOLS.into_iter().find(|one| one.word() == word).unwrap_or(Tool::Circle)
    }
}

/// The map and the table, as a part of a form.
#[derive(Template)]
#[template(path = "desk/drawn.html")]
pub(crate) struct Drawn {
    w: &'static Words,
    action: String,
    rows: Vec<Row>,
    view: String,
    edges: [String; 4],
    height: String,
    land: String,
    borders: String,
    tools: Vec<(&'static str, &'static str, bool)>,
    which: String,
    looks: [(&'static str, &'static str); 8],
}

impl HtmlSafe for Drawn {}

/// A row of the table, and what is drawn of it.
struct Row {
    number: usize,
    line: String,
    shape: Option<Shape>,
}

enum Shape {
    Circle { x: String, y: String, radius: String },
    Polygon { points: String },
}

impl Drawn {
    /// What a row is called.
    fn numbered(&self, row: &Row) -> String {
        fill(self.w.interest.area, &[&row.number])
    }

    /// What stands in the form.
    pub(crate) fn of(w: &'static Words, action: &str, fields: &Fields) -> Drawn {
        let view = view(fields);
        let (land, borders) = view.outlines();
        let lines = fields.all(AREA).map(str::trim).filter(|line| !line.is_empty());
        let rows = (1..).zip(lines).map(|(number, line)| Row {
            number,
            line: line.to_owned(),
            shape: read_area(line).ok().map(|area| shape(&view, &area)),
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.push(Row { number: rows.len() + 1, line: String::new(), shape: None });
        let chosen = Tool::of(fields);
        let t = &w.interest;
        let tools = [t.tool_circle, t.tool_middle, t.tool_edge, t.tool_corner, t.tool_look];
        let tools = TOOLS.into_iter().zip(tools);
        let m = &w.map;
        Drawn {
            w,
            action: action.to_owned(),
            rows,
            view: view_line(&view),
            edges: [view.west, view.east, view.south, view.north].map(|edge| format!("{edge:.4}")),
            height: whole(view.height),
            land,
            borders,
            tools: tools.map(|(tool, words)| (tool.word(), words, tool == chosen)).collect(),
            which: fields.line("which").to_owned(),
            looks: [
                ("all", m.all),
                ("world", m.world),
                ("nearer", m.nearer),
                ("further", m.further),
                ("north", m.north),
                ("south", m.south),
                ("west", m.west),
                ("east", m.east),
            ],
        }
    }
}

fn whole(number: f64) -> String {
    format!("{number:.0}")
}

fn areas(fields: &Fields) -> Vec<Area> {
    fields.all(AREA).filter_map(|line| read_area(line).ok()).collect()
}

fn view(fields: &Fields) -> View {
    let numbers: Vec<f64> = fields
        .line(VIEW)
        .split_whitespace()
        .filter_map(|one| one.parse().ok())
        .filter(|one: &f64| one.is_finite())
        .collect();
    match numbers[..] {
        [latitude, longitude, high] => View::around((latitude, longitude), high),
        _ => View::of(areas(fields).iter().flat_map(Area::frame)),
    }
}

fn view_line(view: &View) -> String {
    let ((latitude, longitude), high) = view.middle();
    format!("{latitude:.4} {longitude:.4} {high:.4}")
}

fn shape(view: &View, area: &Area) -> Shape {
    match area {
        Area::Point { latitude, longitude } => {
            let (x, y) = view.at((*latitude, *longitude));
            Shape::Circle { x: whole(x), y: whole(y), radius: "4".to_owned() }
        }
        Area::Circle { latitude, longitude, km } => {
            let (x, y) = view.at((*latitude, *longitude));
            let radius = view.length(*km).clamp(4.0, 10.0 * WIDTH);
            Shape::Circle { x: whole(x), y: whole(y), radius: whole(radius) }
        }
        Area::Polygon { corners } => {
            let mut points = String::new();
            for corner in corners {
                let (x, y) = view.at(*corner);
                // Writing to a text does not fail.
                let _ = write!(points, "{x:.0},{y:.0} ");
            }
            Shape::Polygon { points }
        }
    }
}

/// The form after another part of the map was asked for.
pub(crate) fn looked(fields: &Fields, where_to: &str) -> Fields {
    let view = view(fields);
    let ((latitude, longitude), high) = view.middle();
    let across = view.east - view.west;
    let to = match where_to {
        "all" => return fields.clone().and(VIEW, String::new()),
        "world" => ((20.0, 0.0), 140.0),
        "nearer" => ((latitude, longitude), high / 2.0),
        "further" => ((latitude, longitude), high * 2.0),
        "north" => ((latitude + high / 2.0, longitude), high),
        "south" => ((latitude - high / 2.0, longitude), high),
        "west" => ((latitude, longitude - across / 2.0), high),
        "east" => ((latitude, longitude + across / 2.0), high),
        _ => return fields.clone(),
    };
    fields.clone().and(VIEW, view_line(&View::around(to.0, to.1)))
}

/// The place that was clicked on, if one was: a key that presses the map says none.
fn clicked(fields: &Fields) -> Option<(f64, f64)> {
    let number = |name: &str| fields.line(name).parse::<f64>().ok().filter(|one| one.is_finite());
    let of = |x: &str, y: &str, width: f64| Some((number(x)?, number(y)?, width));
    let (x, y, width) = of("wide.x", "wide.y", WIDE).or_else(|| of("slim.x", "slim.y", SLIM))?;
    if (x, y) == (0.0, 0.0) {
        return None;
    }
    let scale = WIDTH / width;
    Some(view(fields).place((x * scale, y * scale)))
}

/// The form after a click on the map, if there was one.
pub(crate) fn drawn(fields: &Fields) -> Option<Fields> {
    if !["wide.x", "slim.x"].into_iter().any(|name| !fields.line(name).is_empty()) {
        return None;
    }
    let Some(at) = clicked(fields) else { return Some(fields.clone()) };
    let now = view(fields);
    let (_, high) = now.middle();
    let at = (rounded(at.0), rounded(at.1));
    let lines = fields.all(AREA).map(str::trim).filter(|line| !line.is_empty());
    let mut lines: Vec<String> = lines.map(str::to_owned).collect();
    // The one whose number was typed; else the last.
    let which = fields.line("which").parse::<usize>().ok().and_then(|one| one.checked_sub(1));
    let which = which.or_else(|| lines.len().checked_sub(1));
    let area = which.and_then(|which| read_area(lines.get(which)?).ok().map(|area| (which, area)));
    let around = |at: (f64, f64), km: f64| Area::Circle {
        latitude: at.0,
        longitude: at.1,
        km: km_rounded(km),
    };
    let changed = match (Tool::of(fields), area) {
        (Tool::Look, _) => {
            let nearer = View::around(at, high / 2.0);
            return Some(fields.clone().and(VIEW, view_line(&nearer)));
        }
        (Tool::Middle, Some((which, Area::Circle { km, .. }))) => (which, around(at, km)),
        (Tool::Edge, Some((which, Area::Circle { latitude, longitude, .. }))) => {
            let wide = (at.1 - longitude) * latitude.to_radians().cos();
            let km = (at.0 - latitude).hypot(wide) * KM;
            (which, around((latitude, longitude), km))
        }
        (Tool::Corner, Some((which, Area::Polygon { mut corners }))) => {
            corners.push(at);
            (which, Area::Polygon { corners })
        }
        (Tool::Corner, _) => (lines.len(), Area::Polygon { corners: vec![at] }),
        (Tool::Circle | Tool::Middle | Tool::Edge, _) => {
            (lines.len(), around(at, high * KM / 12.0))
        }
    };
    let line = area_line(&changed.1);
    match lines.get_mut(changed.0) {
        Some(old) => *old = line,
        None => lines.push(line),
    }
    // The map stays where it is.
    Some(fields.clone().without(AREA).and_all(AREA, lines).and(VIEW, view_line(&now)))
}

/// A place to some ten metres.
fn rounded(degrees: f64) -> f64 {
    (degrees * 10_000.0).round() / 10_000.0
}

/// A distance that is drawn: whole kilometres, below ten to 100 m.
fn km_rounded(km: f64) -> f64 {
    if km >= 10.0 { km.round() } else { (km * 10.0).round().max(1.0) / 10.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Fields {
        let mut body = form_urlencoded::Serializer::new(String::new());
        Fields::read(body.extend_pairs(pairs).finish().as_bytes()).unwrap()
    }

    fn lines(fields: &Fields) -> Vec<String> {
        fields.all(AREA).map(str::to_owned).collect()
    }

    /// A click on the middle of the map draws around the middle of what is seen, at either width.
    #[test]
    fn a_click_draws_where_it_was() {
        let seen = ("view", "57 24 4");
        for (x, y, width) in [("wide.x", "wide.y", WIDE), ("slim.x", "slim.y", SLIM)] {
            let middle = view(&form(&[seen])).height / WIDTH * width / 2.0;
            let (at_x, at_y) = ((width / 2.0).to_string(), middle.to_string());
            let click = [(x, &*at_x), (y, &*at_y), seen];
            assert_eq!(lines(&drawn(&form(&click)).unwrap()), ["circle 57, 24, 37"]);
            let with =
                |more: &[(&str, &str)]| lines(&drawn(&form(&[&click, more].concat())).unwrap());
            let two =
                [("area", "circle 56, 23, 5"), ("area", "polygon 56 23, 57 23"), ("area", "")];
            let of = |tool: &str, which: &str| {
                with(&[&two[..], &[("tool", tool), ("which", which)]].concat())
            };
            assert_eq!(of("middle", "1"), ["circle 57, 24, 5", "polygon 56 23, 57 23"]);
            assert_eq!(of("corner", ""), ["circle 56, 23, 5", "polygon 56 23, 57 23, 57 24"]);
            let edge = of("edge", "1");
            assert_eq!(edge, ["circle 56, 23, 127", "polygon 56 23, 57 23"]);
            assert_eq!(of("corner", "1").len(), 3, "a circle has no corners");
        }
        assert!(drawn(&form(&[seen])).is_none(), "no click");
        let key = form(&[("wide.x", "0"), ("wide.y", "0"), ("area", "circle 1, 2, 3")]);
        assert_eq!(lines(&drawn(&key).unwrap()), ["circle 1, 2, 3"], "a key is no place");
    }

    #[test]
    fn the_map_is_looked_at_from_elsewhere() {
        let fields = form(&[("view", "57 24 4")]);
        assert_eq!(looked(&fields, "nearer").line("view"), "57.0000 24.0000 2.0000");
        assert_eq!(looked(&fields, "north").line("view"), "59.0000 24.0000 4.0000");
        assert_eq!(looked(&fields, "nowhere").line("view"), "57 24 4");
        let odd = form(&[("view", "NaN inf 1e300"), ("area", "circle 57, 24, 10")]);
        assert!(view(&odd).holds((57.0, 24.0)));
    }
}
