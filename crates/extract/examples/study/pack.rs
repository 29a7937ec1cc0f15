//! Packs the names of the world's places, as `gazetteer/world.py` writes them, into one file.

use forewarn_extract::words::Words;
use std::collections::BTreeMap;
use std::path::Path;

/// Most countries that one name can be in: those whose place is called so, then those of the largest.
const MOST: usize = 10;

/// What a name can mean, as it is chosen from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Meaning<'a> {
    /// Whether the place has another name, and this is one that it had, or has elsewhere.
    is_other: bool,
    people: std::cmp::Reverse<u8>,
    kind: u8,
    country: &'a str,
    usual: &'a str,
    region: &'a str,
}

/// As a power of two, how large a region counts beside cities, whatever cities it has: it is told of as a whole.
const AS_LARGE: u8 = 18;
const COUNTRY: u8 = 0;
const REGION: u8 = 1;
const CITY: u8 = 2;

/// What a name means in one country, in the order in which that is likely: a city and a region may share it. The
/// place that is called so comes before those that had the name, or have it in another language; the larger
/// before the smaller; the city before the region in which it lies.
fn of_country(mut list: Vec<Meaning<'_>>) -> Vec<Meaning<'_>> {
    list.sort();
    let first = |kind: u8| list.iter().find(|one| one.kind == kind).cloned();
    if let Some(country) = first(COUNTRY) {
        return vec![country];
    }
    let (Some(city), Some(region)) = (first(CITY), first(REGION)) else {
        return list.into_iter().take(1).collect();
    };
    let lies_in = !city.region.is_empty() && city.region == region.region;
    let is_city = match (city.is_other, region.is_other) {
        (false, true) => true,
        _ if lies_in => true,
        (true, false) => false,
        _ => city.people < region.people,
    };
    if is_city { vec![city, region] } else { vec![region, city] }
}

/// What a name means, country by country, the likeliest first.
fn chosen(list: Vec<Meaning<'_>>) -> Vec<Meaning<'_>> {
    let mut by: BTreeMap<&str, Vec<Meaning>> = BTreeMap::new();
    for one in list {
        by.entry(one.country).or_default().push(one);
    }
    let mut groups: Vec<Vec<Meaning>> = by.into_values().map(of_country).collect();
    let rank = |group: &Vec<Meaning>| {
        let is_other = group.iter().all(|one| one.is_other);
        let people = group.iter().map(|one| one.people).min();
        (group[0].kind != COUNTRY, is_other, people, group[0].country.to_owned())
    };
    groups.sort_by_key(rank);
    // A country is meant before the places that are called like it.
    if groups[0][0].kind == COUNTRY {
        groups.retain(|group| group[0].kind == COUNTRY);
    }
    groups.truncate(MOST);
    groups.into_iter().flatten().collect()
}

/// Whether a place's usual name is this one, but for words that say what it is: `Departamento de Cusco`.
fn is_called(usual: &str, key: &str) -> bool {
    let rest = usual.strip_prefix(key).map(|rest| rest.is_empty() || rest.starts_with(' '));
    let before = usual.strip_suffix(key).map(|before| before.ends_with(' '));
    rest == Some(true) || before == Some(true)
}

pub fn pack(from: &Path, to: &Path) {
    let text = std::fs::read_to_string(from).unwrap();
    let mut names: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
    let mut folded: BTreeMap<&str, String> = BTreeMap::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [name, country, kind, people, usual, region] = parts.as_slice() else { continue };
        let key = Words::new(name).folded();
        let letters = key.chars().filter(|c| c.is_alphanumeric()).count();
        if letters < 2 || (letters < 3 && key.is_ascii()) || key.len() > 80 {
            continue;
        }
        let kind = ["country", "region", "city"].iter().position(|one| one == kind).unwrap() as u8;
        let people = people.parse::<f64>().unwrap().max(1.0).log2() as u8;
        // `Halle (Saale)` is called Halle.
        let bare = || usual.split([',', '(']).next().unwrap_or(usual);
        let own = folded.entry(usual).or_insert_with(|| Words::new(bare()).folded());
        let is_other = if kind == REGION { !is_called(own, &key) } else { *own != key };
        let people = std::cmp::Reverse(people);
        names.entry(key).or_default().push(Meaning {
            is_other,
            people,
            kind,
            country,
            usual,
            region,
        });
    }
    write(names, to);
}

/// The file of the names, as `world.rs` reads it.
fn write(names: BTreeMap<String, Vec<Meaning<'_>>>, to: &Path) {
    let mut places: Vec<u8> = Vec::new();
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    let mut meanings: Vec<u8> = Vec::new();
    let mut lists: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut builder = fst::MapBuilder::memory();
    for (key, list) in names {
        let list = chosen(list);
        let mut bytes = vec![u8::try_from(list.len()).unwrap()];
        for one in &list {
            let at = *known.entry(one.usual).or_insert_with(|| {
                let at = u32::try_from(places.len()).unwrap();
                places.extend(one.usual.as_bytes());
                places.push(0);
                at
            });
            bytes.extend(one.country.as_bytes());
            bytes.extend([one.kind, if one.kind == REGION { AS_LARGE } else { one.people.0 }]);
            bytes.extend(at.to_le_bytes());
        }
        let at = *lists.entry(bytes.clone()).or_insert_with(|| {
            let at = meanings.len() as u64;
            meanings.extend(&bytes);
            at
        });
        builder.insert(key.as_bytes(), at).unwrap();
    }
    let fst = builder.into_inner().unwrap();
    let mut file = b"FWW1".to_vec();
    for part in [fst.len(), meanings.len(), places.len()] {
        file.extend(u32::try_from(part).unwrap().to_le_bytes());
    }
    file.extend(&fst);
    file.extend(&meanings);
    file.extend(&places);
    println!(
        "{{\"fst\":{},\"meanings\":{},\"places\":{},\"file\":{}}}",
        fst.len(),
        meanings.len(),
        places.len(),
        file.len()
    );
    std::fs::write(to, file).unwrap();
}

/// Of usual words, as `gazetteer/usual.py` writes them, those that are names of places too.
pub fn usual(from: &Path, to: &Path) {
    let text = std::fs::read_to_string(from).unwrap();
    let folded = text.lines().map(|line| Words::new(line).folded());
    let names: std::collections::BTreeSet<String> =
        folded.filter(|word| forewarn_extract::concern::is_place(word)).collect();
    let lines: Vec<String> = names.into_iter().collect();
    std::fs::write(to, lines.join("\n") + "\n").unwrap();
}
