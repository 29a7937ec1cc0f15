//! Land and borders within a part of the map, as paths of SVG: the shapes of Natural Earth, cut and
//! thinned to what can be seen. `map/outlines.py` writes the file and says what stands where.

use std::fmt::Write as _;
use std::sync::LazyLock;

const FILE: &[u8] = include_bytes!("../../map/outlines.bin");
/// Steps of a degree in the file.
const STEPS: f64 = 100.0;
/// Width of a picture, and its greatest height.
pub(crate) const WIDTH: f64 = 1_000.0;
const MAX_HEIGHT: f64 = 640.0;
/// Most bytes of the paths of a picture: a page has 60 KB at most.
const MAX_BYTES: usize = 26_000;
/// Least height of a view, in degrees: the outlines are true to a kilometre.
const LEAST: f64 = 1.5;
/// The latitude beyond which nobody is warned, and a flat map has no use.
const POLE: f64 = 84.0;

/// A line of the file, in degrees: longitude, then latitude.
struct Line {
    is_land: bool,
    points: Vec<(f64, f64)>,
}

/// An edge of a view: which coordinate it is of, its value, and whether it is the least.
type Side = (fn((f64, f64)) -> f64, f64, bool);

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| read(FILE).unwrap_or_default());

/// A part of the Earth, in degrees, and how high its picture is. Degrees of longitude are as wide as they
/// are in its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct View {
    pub(crate) west: f64,
    pub(crate) east: f64,
    pub(crate) south: f64,
    pub(crate) north: f64,
    pub(crate) height: f64,
}

impl View {
    /// Around a middle, so many degrees of latitude high; within the world.
    pub(crate) fn around((latitude, longitude): (f64, f64), high: f64) -> View {
        let high = high.clamp(LEAST, 2.0 * POLE);
        let latitude = latitude.clamp(-POLE + high / 2.0, POLE - high / 2.0);
        let (south, north) = (latitude - high / 2.0, latitude + high / 2.0);
        let narrow = latitude.to_radians().cos().max(0.2);
        let wide = (high / MAX_HEIGHT * WIDTH / narrow).min(360.0);
        let longitude = longitude.clamp(-180.0 + wide / 2.0, 180.0 - wide / 2.0);
        let height = (WIDTH * high / (wide * narrow)).min(MAX_HEIGHT);
        View { west: longitude - wide / 2.0, east: longitude + wide / 2.0, south, north, height }
    }

    /// All of these points with room around them; the world where there are none.
    pub(crate) fn of(points: impl Iterator<Item = (f64, f64)>) -> View {
        let mut frame: Option<(f64, f64, f64, f64)> = None;
        for (y, x) in points {
            let (south, north, west, east) = frame.unwrap_or((y, y, x, x));
            frame = Some((south.min(y), north.max(y), west.min(x), east.max(x)));
        }
        let Some((south, north, west, east)) = frame else {
            return View::around((20.0, 0.0), 140.0);
        };
        let (latitude, longitude) = (f64::midpoint(south, north), f64::midpoint(west, east));
        let narrow = latitude.to_radians().cos().max(0.2);
        let high = (north - south).max((east - west) * narrow * MAX_HEIGHT / WIDTH);
        View::around((latitude, longitude), (high * 1.3).max(4.0))
    }

    /// Its middle, and how many degrees of latitude it is high.
    pub(crate) fn middle(&self) -> ((f64, f64), f64) {
        let middle = (f64::midpoint(self.south, self.north), f64::midpoint(self.west, self.east));
        (middle, self.north - self.south)
    }

    /// Where a place stands in the picture: from its left, and from its top.
    pub(crate) fn at(&self, (latitude, longitude): (f64, f64)) -> (f64, f64) {
        let x = (longitude - self.west) / (self.east - self.west) * WIDTH;
        let y = (self.north - latitude) / (self.north - self.south) * self.height;
        (x, y)
    }

    /// The latitude and longitude of a point of the picture.
    pub(crate) fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let latitude = self.north - y / self.height * (self.north - self.south);
        let longitude = self.west + x / WIDTH * (self.east - self.west);
        (latitude.clamp(-90.0, 90.0), longitude.clamp(-180.0, 180.0))
    }

    /// How far so many kilometres are, up and down.
    pub(crate) fn length(&self, km: f64) -> f64 {
        const KM_OF_A_DEGREE: f64 = 111.2;
        km / KM_OF_A_DEGREE / (self.north - self.south) * self.height
    }

    /// Whether a place stands in the picture.
    pub(crate) fn holds(&self, (latitude, longitude): (f64, f64)) -> bool {
        (self.south..=self.north).contains(&latitude)
            && (self.west..=self.east).contains(&longitude)
    }

    /// The paths of land and of borders.
    pub(crate) fn outlines(&self) -> (String, String) {
        // Thinner, until the page stays light.
        for least in [1.5, 2.5, 4.0, 7.0, 12.0] {
            let (mut land, mut borders) = (String::new(), String::new());
            for line in LINES.iter() {
                let path = if line.is_land { &mut land } else { &mut borders };
                for part in self.cut(line) {
                    self.draw(path, (&part, line.is_land), least);
                }
            }
            if land.len() + borders.len() <= MAX_BYTES {
                return (land, borders);
            }
        }
        (String::new(), String::new())
    }

    /// What of a line is within the view, with a margin: a ring stays one ring, a border may come in
    /// parts.
    fn cut(&self, line: &Line) -> Vec<Vec<(f64, f64)>> {
        let (across, up) = ((self.east - self.west) * 0.02, (self.north - self.south) * 0.02);
        let (west, east) = (self.west - across, self.east + across);
        let (south, north) = (self.south - up, self.north + up);
        if !line.is_land {
            let is_in =
                |(x, y): &(f64, f64)| (west..=east).contains(x) && (south..=north).contains(y);
            return line.points.split(|point| !is_in(point)).map(<[_]>::to_vec).collect();
        }
        // Sutherland and Hodgman: one side after the other.
        let sides: [Side; 4] = [
            (|(x, _)| x, west, true),
            (|(x, _)| x, east, false),
            (|(_, y)| y, south, true),
            (|(_, y)| y, north, false),
        ];
        let mut points = line.points.clone();
        for (of, edge, is_least) in sides {
            let is_in = |point| if is_least { of(point) >= edge } else { of(point) <= edge };
            if points.iter().all(|point| is_in(*point)) {
                continue;
            }
            let mut kept = Vec::with_capacity(points.len());
            let before = points.last().copied().into_iter().chain(points.iter().copied());
            for (from, to) in before.zip(points.iter().copied()) {
                if is_in(from) != is_in(to) {
                    let part = (edge - of(from)) / (of(to) - of(from));
                    kept.push((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
                }
                if is_in(to) {
                    kept.push(to);
                }
            }
            points = kept;
        }
        vec![points]
    }

    /// Writes a line, without points nearer to each other than `least`; what is smaller altogether is
    /// left out.
    fn draw(&self, path: &mut String, (points, is_ring): (&[(f64, f64)], bool), least: f64) {
        let mut kept: Vec<(i32, i32)> = Vec::new();
        for (longitude, latitude) in points {
            let (x, y) = self.at((*latitude, *longitude));
            #[expect(clippy::cast_possible_truncation, reason = "it is within the picture")]
            let point = (x.round() as i32, y.round() as i32);
            let is_far = kept.last().is_none_or(|last| {
                f64::from((last.0 - point.0).abs().max((last.1 - point.1).abs())) >= least
            });
            if is_far {
                kept.push(point);
            }
        }
        if kept.len() < if is_ring { 3 } else { 2 } {
            return;
        }
        let mut last = (0, 0);
        for (at, (x, y)) in kept.into_iter().enumerate() {
            let (letter, dx, dy) =
                if at == 0 { ("M", x, y) } else { ("l", x - last.0, y - last.1) };
            let comma = if dy < 0 { "" } else { " " };
            // Writing to a text does not fail.
            let _ = write!(path, "{letter}{dx}{comma}{dy}");
            last = (x, y);
        }
        if is_ring {
            path.push('z');
        }
    }
}

fn read(file: &[u8]) -> Option<Vec<Line>> {
    let mut rest = file.strip_prefix(b"FWM1")?;
    let mut lines = Vec::new();
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        let count = number(&mut rest)?;
        let (mut x, mut y) = (0i64, 0i64);
        let mut points = Vec::new();
        for _ in 0..count {
            x += step(&mut rest)?;
            y += step(&mut rest)?;
            #[expect(clippy::cast_precision_loss, reason = "18,000 steps at most")]
            points.push((x as f64 / STEPS, y as f64 / STEPS));
        }
        lines.extend(sides(&points).map(|points| Line { is_land: *kind == 0, points }));
    }
    Some(lines)
}

/// A line that goes over the 180th meridian, as what lies to each side of it: every second run of points is
/// on the same side, and the runs of one side are joined along its edge.
fn sides(points: &[(f64, f64)]) -> impl Iterator<Item = Vec<(f64, f64)>> {
    let mut sides = [Vec::new(), Vec::new()];
    let (mut at, mut last) = (0, None);
    for (x, y) in points {
        if last.is_some_and(|last: f64| (x - last).abs() > 180.0) {
            at = 1 - at;
        }
        last = Some(*x);
        if let Some(side) = sides.get_mut(at) {
            side.push((*x, *y));
        }
    }
    sides.into_iter().filter(|side| !side.is_empty())
}

/// A number as LEB128 has it.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let (mut out, mut shift) = (0u64, 0u32);
    loop {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        out |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(out);
        }
    }
}

/// A step forth or back.
fn step(rest: &mut &[u8]) -> Option<i64> {
    let zigzag = number(rest)?;
    let half = i64::try_from(zigzag >> 1).ok()?;
    Some(if zigzag & 1 == 0 { half } else { -half - 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_the_world() {
        let lines = read(FILE).unwrap();
        let points = lines.iter().flat_map(|line| &line.points);
        assert!(lines.iter().filter(|line| line.is_land).count() > 1_000);
        assert!(lines.iter().filter(|line| !line.is_land).count() > 200);
        assert!(points.into_iter().all(|(x, y)| x.abs() <= 180.0 && y.abs() <= 90.0));
        // No line goes all the way round the world.
        let jumps =
            |line: &Line| line.points.windows(2).any(|two| (two[0].0 - two[1].0).abs() > 180.0);
        assert!(!lines.iter().any(jumps));
    }

    /// Any part of the Earth is drawn, within its picture and light.
    #[test]
    fn each_view_is_light_and_within_its_frame() {
        for latitude in [-80.0, -34.0, 0.0, 48.0, 60.0, 89.0] {
            for longitude in [-180.0, -75.0, 0.0, 30.0, 151.0, 180.0] {
                for high in [0.1, 4.0, 20.0, 60.0, 180.0] {
                    let view = View::around((latitude, longitude), high);
                    assert!(view.west >= -180.01 && view.east <= 180.01, "{view:?}");
                    assert!(view.south >= -90.0 && view.north <= 90.0, "{view:?}");
                    assert!(view.height > 50.0 && view.height <= MAX_HEIGHT, "{view:?}");
                    let (land, borders) = view.outlines();
                    assert!(land.len() + borders.len() <= MAX_BYTES);
                }
            }
        }
        let (land, borders) = View::of(std::iter::empty()).outlines();
        assert!(land.len() > 5_000 && !borders.is_empty(), "{} {}", land.len(), borders.len());
    }

    #[test]
    fn what_is_shown_fits_with_room_around_it() {
        let places = [(59.94, 30.31), (56.95, 24.11), (57.39, 21.56)];
        let view = View::of(places.into_iter());
        for place in places {
            assert!(view.holds(place));
            let (x, y) = view.at(place);
            assert!((20.0..980.0).contains(&x) && (20.0..view.height - 20.0).contains(&y));
        }
        // 100 km are as long on the ground wherever they are drawn.
        let (x, y) = view.at((58.0, 26.0));
        let (_, further) = view.at((58.0 + 100.0 / 111.2, 26.0));
        assert!((y - further - view.length(100.0)).abs() < 0.5, "{x}");
    }
}
