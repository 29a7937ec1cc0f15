//! Where cities lie: a point for each of those that the gazetteer of the world has, about its middle.
//!
//! The file is written by `gazetteer/coordinates.py`, which says what stands where.

use crate::words::Words;
use crate::world::{self, Meaning, WorldKind};

const FILE: &[u8] = include_bytes!("../gazetteer/coordinates.bin");
/// Bytes of a city: its digest, and both coordinates.
const ROW: usize = 12;
/// What a coordinate's greatest value stands for, in parts.
const PARTS: f64 = 32_767.0;

/// Latitude and longitude, in degrees and within half a kilometre of where GeoNames has them, of the cities
/// with this name, their usual one or another, in the country with this ISO 3166-1 alpha-2 code: the
/// largest first, and 16 at most. A region that is called like its city among its other names lies
/// there too. None for what is no city of 5,000 people or more: other regions, and countries, are no points.
pub fn of(name: &str, country: &str) -> impl Iterator<Item = (f64, f64)> {
    let mut found = rows(name, country).peekable();
    let usual = if found.peek().is_some() { None } else { usual(name, country) };
    found.chain(usual.into_iter().flat_map(|usual| rows(usual, country)))
}

/// The usual name of a city by another.
fn usual(name: &str, country: &str) -> Option<&'static str> {
    let words = Words::new(name);
    let (end, meant) = world::at(&words, 0)?;
    let mut meant = meant.into_iter().filter(|_| end == words.len());
    let is_it = |one: &Meaning| one.kind == WorldKind::City && one.country == country;
    meant.find(is_it).map(|one| one.name)
}

/// What the file has of a name, by halving.
fn rows(name: &str, country: &str) -> impl Iterator<Item = (f64, f64)> {
    let all = FILE.strip_prefix(b"FWC1").unwrap_or_default();
    let wanted = digest(name, country);
    let row = |at: usize| all.get(at * ROW..(at + 1) * ROW);
    let digest_of = |at: usize| {
        let bytes = row(at).and_then(|row| row.get(..8)?.try_into().ok());
        bytes.map_or(u64::MAX, u64::from_le_bytes)
    };
    let (mut low, mut high) = (0, all.len() / ROW);
    while low < high {
        let middle = usize::midpoint(low, high);
        if digest_of(middle) < wanted {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let rest = all.get(low * ROW..).unwrap_or_default().chunks_exact(ROW);
    let same = rest.take_while(move |row| row.starts_with(&wanted.to_le_bytes()));
    same.filter_map(|row| {
        let part = |from: usize| {
            let bytes = row.get(from..from + 2)?.try_into().ok()?;
            Some(f64::from(i16::from_le_bytes(bytes)) / PARTS)
        };
        Some((part(8)? * 90.0, part(10)? * 180.0))
    })
}

/// FNV-1a of 64 bits over the name, a zero and the country.
fn digest(name: &str, country: &str) -> u64 {
    let bytes = name.bytes().chain([0]).chain(country.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |out: u64, byte| {
        (out ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(name: &str, country: &str, (latitude, longitude): (f64, f64)) -> bool {
        of(name, country).any(|(y, x)| (y - latitude).abs() < 0.02 && (x - longitude).abs() < 0.02)
    }

    #[test]
    fn a_city_is_a_point_by_each_of_its_names() {
        assert!(is_near("Saint Petersburg", "RU", (59.94, 30.31)));
        assert!(is_near("Санкт-Петербург", "RU", (59.94, 30.31)));
        assert!(is_near("Riga", "LV", (56.95, 24.11)));
        assert!(is_near("Sydney", "AU", (-33.87, 151.21)));
        assert!(is_near("Quito", "EC", (-0.23, -78.52)));
        // A region, by whose name its city is known too.
        assert!(is_near("Jelgava", "LV", (56.65, 23.71)));
        assert!(is_near("Jelgavas novads", "LV", (56.65, 23.71)));
        // Each of those of one name in one country: of Missouri, and of Illinois.
        assert!(is_near("Springfield", "US", (37.22, -93.30)));
        assert!(is_near("Springfield", "US", (39.80, -89.64)));
    }

    #[test]
    fn what_is_no_city_of_that_country_is_no_point() {
        for (name, country) in [("Riga", "RU"), ("Russia", "RU"), ("Atlantis", "GR"), ("", "")] {
            assert_eq!(of(name, country).next(), None, "{name}, {country}");
        }
    }

    /// The file is in order: what is looked for by halving is found.
    #[test]
    fn each_city_of_the_file_is_found() {
        let rows = FILE.strip_prefix(b"FWC1").unwrap().chunks_exact(ROW);
        let digests: Vec<u64> =
            rows.map(|row| u64::from_le_bytes(row[..8].try_into().unwrap())).collect();
        assert!(digests.len() > 60_000);
        assert!(digests.is_sorted());
    }
}
