//! Parts of the map: a circle, or a polygon. Degrees of WGS 84, held in millionths.

use crate::interest::BadInterest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most corners of a polygon.
const MAX_CORNERS: usize = 1_000;
/// Largest radius of a circle, in kilometres: a tenth of the way round the Earth.
const MAX_KM: f64 = 4_000.0;
/// Mean radius of the Earth, IUGG, in kilometres.
const EARTH_KM: f64 = 6_371.008_8;
const MILLION: f64 = 1_000_000.0;
/// Halvings of latitude and longitude that cells are told apart by: the smallest is 150 m high.
pub(crate) const FINEST: u8 = 16;
/// Most cells that an area is covered by.
const MAX_CELLS: usize = 16;

/// A place on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "(f64, f64)", into = "(f64, f64)")]
pub struct Point {
    latitude: i32,
    longitude: i32,
}

/// All within a distance of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenCircle", into = "WrittenCircle")]
pub struct Circle {
    centre: Point,
    metres: u32,
}

/// A part of the map between corners; it must not cross the 180th meridian.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Point>", into = "Vec<Point>")]
pub struct Polygon {
    corners: Vec<Point>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenCircle {
    latitude: f64,
    longitude: f64,
    km: f64,
}

/// A square of a quadtree: the number of halvings of both coordinates, and their bits, latitude
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cell {
    pub(crate) level: u8,
    pub(crate) bits: u32,
}

impl Point {
    /// A point from degrees: latitude −90 to 90, longitude −180 to 180; `None` outside.
    pub fn new(latitude: f64, longitude: f64) -> Option<Point> {
        let millionths = |degrees: f64, most: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "at most 180 millions")]
            (degrees.is_finite() && degrees.abs() <= most)
                .then(|| (degrees * MILLION).round() as i32)
        };
        Some(Point {
            latitude: millionths(latitude, 90.0)?,
            longitude: millionths(longitude, 180.0)?,
        })
    }

    /// Degrees north of the equator, -90 to 90; kept to a millionth.
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude) / MILLION
    }

    /// Degrees east of Greenwich, -180 to 180; kept to a millionth.
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude) / MILLION
    }

    /// Great-circle distance by the haversine formula, in kilometres.
    fn km_to(self, other: Point) -> f64 {
        let (a, b) = (self.latitude().to_radians(), other.latitude().to_radians());
        let turn = (other.longitude() - self.longitude()).to_radians();
        let h = ((b - a) / 2.0).sin().powi(2) + a.cos() * b.cos() * (turn / 2.0).sin().powi(2);
        2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
    }

    /// The cell of a level that it lies in.
    pub(crate) fn cell(self, level: u8) -> Cell {
        Cell::at(self.latitude(), self.longitude(), level)
    }
}

impl Cell {
    fn at(latitude: f64, longitude: f64, level: u8) -> Cell {
        let (row, column) = grid(latitude, longitude, level);
        Cell { level, bits: (row << FINEST) | column }
    }
}

/// Row and column of a level's grid.
fn grid(latitude: f64, longitude: f64, level: u8) -> (u32, u32) {
    let count = f64::from(1_u32 << level.min(FINEST));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the grid, which has 2^16 lines at most"
    )]
    let line = |share: f64| (share * count).floor().clamp(0.0, count - 1.0) as u32;
    (line((latitude + 90.0) / 180.0), line((longitude + 180.0) / 360.0))
}

/// From south to north and from west to east, in degrees.
#[derive(Clone, Copy)]
struct Frame {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

/// The cells of the finest level at which a few cover all the frames.
fn cover(frames: &[Frame]) -> Vec<Cell> {
    let mut best = vec![Cell { level: 0, bits: 0 }];
    for level in 1..=FINEST {
        let mut cells = Vec::new();
        for frame in frames {
            let (low, left) = grid(frame.south, frame.west, level);
            let (high, right) = grid(frame.north, frame.east, level);
            if (high - low + 1) as usize * (right - left + 1) as usize > MAX_CELLS {
                return best;
            }
            for row in low..=high {
                let bits = |column: u32| (row << FINEST) | column;
                cells.extend((left..=right).map(|column| Cell { level, bits: bits(column) }));
            }
        }
        cells.sort_unstable_by_key(|cell| cell.bits);
        cells.dedup();
        if cells.len() > MAX_CELLS {
            return best;
        }
        best = cells;
    }
    best
}

impl Circle {
    /// A circle of this radius, kept to a metre; `None` unless the radius is above 0 and at most
    /// 4,000 km.
    pub fn new(centre: Point, km: f64) -> Option<Circle> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 4,000 km"
        )]
        (km > 0.0 && km <= MAX_KM)
            .then(|| Circle { centre, metres: ((km * 1000.0).round() as u32).max(1) })
    }

    /// Its middle.
    pub fn centre(&self) -> Point {
        self.centre
    }

    /// How far it reaches, in kilometres.
    pub fn km(&self) -> f64 {
        f64::from(self.metres) / 1000.0
    }

    /// Whether a point lies within the circle or on its edge, by great-circle distance.
    pub fn holds(&self, point: Point) -> bool {
        self.centre.km_to(point) <= self.km()
    }

    pub(crate) fn cells(&self) -> Vec<Cell> {
        // A little wider than it is, so that rounding leaves nothing out.
        let angle = self.km() / EARTH_KM * 1.000_001 + 1e-7;
        let (latitude, longitude) = (self.centre.latitude(), self.centre.longitude());
        let (south, north) = (latitude - angle.to_degrees(), latitude + angle.to_degrees());
        let across = angle.sin() / latitude.to_radians().cos();
        if south <= -90.0 || north >= 90.0 || across >= 1.0 {
            return cover(&[Frame { south, north, west: -180.0, east: 180.0 }]);
        }
        let turn = across.asin().to_degrees();
        let (west, east) = (longitude - turn, longitude + turn);
        let mut frames =
            vec![Frame { south, north, west: west.max(-180.0), east: east.min(180.0) }];
        if west < -180.0 {
            frames.push(Frame { south, north, west: west + 360.0, east: 180.0 });
        }
        if east > 180.0 {
            frames.push(Frame { south, north, west: -180.0, east: east - 360.0 });
        }
        // The two names of the 180th meridian.
        if west <= -180.0 || east >= 180.0 {
            frames.push(Frame { south, north, west: -180.0, east: -180.0 });
            frames.push(Frame { south, north, west: 180.0, east: 180.0 });
        }
        cover(&frames)
    }
}

impl Polygon {
    /// A polygon with these corners in order; the last is joined to the first.
    ///
    /// # Errors
    /// Fewer than 3 corners, more than 1,000, or a span of more than 180 degrees of longitude:
    /// which side is meant could not be told.
    pub fn new(corners: Vec<Point>) -> Result<Polygon, BadInterest> {
        let bad = |why: String| Err(BadInterest::new("polygon", why));
        if corners.len() < 3 || corners.len() > MAX_CORNERS {
            return bad(format!("a polygon has 3 to {MAX_CORNERS} corners, not {}", corners.len()));
        }
        let polygon = Polygon { corners };
        let frame = polygon.frame();
        if frame.east - frame.west > 180.0 {
            return bad("the polygon spans more than half the Earth".to_owned())
                .map_err(|refusal| refusal.hint("split it in two at the 180th meridian"));
        }
        Ok(polygon)
    }

    fn frame(&self) -> Frame {
        let start = Frame { south: 90.0, north: -90.0, west: 180.0, east: -180.0 };
        self.corners.iter().fold(start, |frame, corner| Frame {
            south: frame.south.min(corner.latitude()),
            north: frame.north.max(corner.latitude()),
            west: frame.west.min(corner.longitude()),
            east: frame.east.max(corner.longitude()),
        })
    }

    /// How many corners it has: what judging a point costs.
    pub(crate) fn count_corners(&self) -> usize {
        self.corners.len()
    }

    /// Its corners, in order.
    pub fn corners(&self) -> &[Point] {
        &self.corners
    }

    /// Whether a point lies within, by the even-odd rule, with edges straight on a map of latitude
    /// and longitude; a point on an edge is in.
    pub fn holds(&self, point: Point) -> bool {
        let (y, x) = (i64::from(point.latitude), i64::from(point.longitude));
        let mut inside = false;
        let next = self.corners.iter().skip(1).chain(self.corners.first());
        for (a, b) in self.corners.iter().zip(next) {
            let (ay, ax) = (i64::from(a.latitude), i64::from(a.longitude));
            let (by, bx) = (i64::from(b.latitude), i64::from(b.longitude));
            // Which side of the edge: products of numbers below 2^30.
            let side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
            let between = |p: i64, q: i64, v: i64| p.min(q) <= v && v <= p.max(q);
            if side == 0 && between(ay, by, y) && between(ax, bx, x) {
                return true;
            }
            if (ay > y) != (by > y) && (side > 0) == (by > ay) && side != 0 {
                inside = !inside;
            }
        }
        inside
    }

    pub(crate) fn cells(&self) -> Vec<Cell> {
        cover(&[self.frame()])
    }
}

impl std::fmt::Display for Circle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Point { .. } = self.centre;
        let (latitude, longitude) = (self.centre.latitude(), self.centre.longitude());
        write!(f, "within {} km of {latitude}, {longitude}", self.km())
    }
}

impl std::fmt::Display for Polygon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = self.corners.first();
        let at = at.map(|c| format!("{}, {}", c.latitude(), c.longitude())).unwrap_or_default();
        write!(f, "the polygon of {} corners from {at}", self.corners.len())
    }
}

impl TryFrom<(f64, f64)> for Point {
    type Error = String;

    fn try_from((latitude, longitude): (f64, f64)) -> Result<Point, String> {
        Point::new(latitude, longitude)
            .ok_or_else(|| format!("there is no place at {latitude}, {longitude}: latitude first"))
    }
}

impl From<Point> for (f64, f64) {
    fn from(point: Point) -> (f64, f64) {
        (point.latitude(), point.longitude())
    }
}

impl TryFrom<WrittenCircle> for Circle {
    type Error = String;

    fn try_from(written: WrittenCircle) -> Result<Circle, String> {
        let centre = Point::try_from((written.latitude, written.longitude))?;
        Circle::new(centre, written.km)
            .ok_or_else(|| format!("`km` is {}, and more than 0 to {MAX_KM} is wanted", written.km))
    }
}

impl From<Circle> for WrittenCircle {
    fn from(circle: Circle) -> WrittenCircle {
        let (latitude, longitude) = circle.centre.into();
        WrittenCircle { latitude, longitude, km: circle.km() }
    }
}

impl TryFrom<Vec<Point>> for Polygon {
    type Error = BadInterest;

    fn try_from(corners: Vec<Point>) -> Result<Polygon, BadInterest> {
        Polygon::new(corners)
    }
}

impl From<Polygon> for Vec<Point> {
    fn from(polygon: Polygon) -> Vec<Point> {
        polygon.corners
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(latitude: f64, longitude: f64) -> Point {
        Point::new(latitude, longitude).unwrap()
    }

    #[test]
    fn a_circle_holds_what_is_near() {
        let cathedral = point(59.934_28, 30.324_42);
        let circle = Circle::new(cathedral, 2.0).unwrap();
        assert!(circle.holds(point(59.94, 30.314)), "the Winter Palace is a kilometre away");
        assert!(!circle.holds(point(59.994, 29.76)), "Kronstadt is thirty");
    }

    #[test]
    fn a_polygon_holds_its_inside_and_its_edge() {
        let corners = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (5.0, 5.0), (10.0, 0.0)];
        let polygon = Polygon::new(corners.map(|(y, x)| point(y, x)).into()).unwrap();
        assert!(polygon.holds(point(2.0, 5.0)) && polygon.holds(point(0.0, 5.0)));
        assert!(polygon.holds(point(8.0, 1.0)) && !polygon.holds(point(8.0, 5.0)));
        assert!(!polygon.holds(point(2.0, 11.0)));
        assert!(Polygon::new(vec![point(0.0, 0.0), point(1.0, 1.0)]).is_err());
    }

    fn anywhere() -> impl Strategy<Value = Point> {
        (-90_000_000..=90_000_000i32, -180_000_000..=180_000_000i32)
            .prop_map(|(latitude, longitude)| Point { latitude, longitude })
    }

    fn covered(cells: &[Cell], point: Point) -> bool {
        cells.iter().any(|cell| point.cell(cell.level) == *cell)
    }

    proptest! {
        #[test]
        fn what_a_circle_holds_lies_in_its_cells(
            centre in anywhere(), far in -1.5..1.5f64, aside in -1.5..1.5f64, km in 0.001..4000.0f64)
        {
            let circle = Circle::new(centre, km).unwrap();
            let cells = circle.cells();
            prop_assert!(cells.len() <= MAX_CELLS);
            let degrees = km / EARTH_KM * 180.0 / std::f64::consts::PI;
            let latitude = (centre.latitude() + far * degrees).clamp(-90.0, 90.0);
            let wide = degrees / latitude.to_radians().cos().max(1e-3);
            let longitude = (centre.longitude() + aside * wide + 900.0).rem_euclid(360.0) - 180.0;
            let near = point(latitude, longitude);
            prop_assert!(!circle.holds(near) || covered(&cells, near));
        }

        #[test]
        fn what_a_polygon_holds_lies_in_its_cells(
            corners in proptest::collection::vec(anywhere(), 3..8), asked in anywhere())
        {
            if let Ok(polygon) = Polygon::new(corners) {
                prop_assert!(!polygon.holds(asked) || covered(&polygon.cells(), asked));
            }
        }
    }
}
