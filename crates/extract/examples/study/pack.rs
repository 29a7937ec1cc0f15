//! Packs the names of the world's places, as `gazetteer/world.py` writes them, into one file.

use forewarn_extract::words::Words;
use std::collections::BTreeMap;
use std::path::Path;

/// Most places that one name can mean: the largest.
const MOST: usize = 6;

type Meaning = (u8, std::cmp::Reverse<u8>, String, u32);

pub fn pack(from: &Path, to: &Path) {
    let text = std::fs::read_to_string(from).unwrap();
    let mut places: Vec<u8> = Vec::new();
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut names: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [name, country, kind, people, usual] = parts.as_slice() else { continue };
        let key = Words::new(name).folded();
        let letters = key.chars().filter(|c| c.is_alphanumeric()).count();
        if letters < 2 || (letters < 3 && key.is_ascii()) || key.len() > 80 {
            continue;
        }
        let kind = ["country", "region", "city"].iter().position(|one| one == kind).unwrap() as u8;
        let people = people.parse::<f64>().unwrap().max(1.0).log2() as u8;
        let at = *known.entry((*usual).to_owned()).or_insert_with(|| {
            let at = u32::try_from(places.len()).unwrap();
            places.extend(usual.as_bytes());
            places.push(0);
            at
        });
        names.entry(key).or_default().push((
            kind,
            std::cmp::Reverse(people),
            (*country).to_owned(),
            at,
        ));
    }
    let mut meanings: Vec<u8> = Vec::new();
    let mut lists: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut builder = fst::MapBuilder::memory();
    for (key, mut list) in names {
        list.sort();
        // A country is meant before the places that are called like it, and of a country its largest.
        let mut seen = std::collections::BTreeSet::new();
        list.retain(|(kind, _, country, _)| seen.insert((country.clone(), *kind == 0)));
        if list[0].0 == 0 {
            list.retain(|one| one.0 == 0);
        }
        list.truncate(MOST);
        let mut bytes = vec![u8::try_from(list.len()).unwrap()];
        for (kind, people, country, at) in &list {
            bytes.extend(country.as_bytes());
            bytes.extend([*kind, people.0]);
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
