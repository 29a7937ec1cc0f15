//! Learns the models of this crate, and measures what it finds:
//! `study train FOLDER`, `study bench FOLDER`, where the folder has `text/` and `muc4/`; `study gazetteer
//! NAMES FILE` packs what `gazetteer/world.py` wrote; `study usual WORDS FILE` keeps of the words of
//! `gazetteer/usual.py` those that are names of places too.
//! `study why TEXT` says what speaks for and against each value of a text.
//! `study speed FOLDER` says how many reports are read in a second.
//! Everything printed is lines of JSON. Nothing depends on chance: the same data give the same weights.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    unreachable_pub,
    reason = "a program for our own desks: what is wrong with the data ends it"
)]

mod boost;
mod data;
mod joint;
mod learn;
mod pack;
mod score;
mod sides;
mod whom;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [_, "train", folder, ..] => train(Path::new(folder)),
        [_, "bench", folder, ..] => bench(Path::new(folder)),
        [_, "speed", folder, ..] => speed(Path::new(folder)),
        [_, "why", text] => sides::why(text),
        [_, "usual", from, to] => pack::usual(Path::new(from), Path::new(to)),
        [_, "gazetteer", from, to] => pack::pack(Path::new(from), Path::new(to)),
        _ => eprintln!("usage: study train FOLDER | study bench FOLDER"),
    }
}

/// How many reports are read in a second on one core.
fn speed(folder: &Path) {
    const TIMES: usize = 5;
    let data = data::Data::read(folder);
    for (name, reports) in [("modern", data.modern()), ("wire", data.tst1)] {
        let texts: Vec<&str> = reports.iter().map(|report| report.text.as_str()).collect();
        texts.iter().take(5).for_each(|text| drop(forewarn_extract::extract(text)));
        let start = std::time::Instant::now();
        let all = texts.iter().cycle().take(texts.len() * TIMES);
        let found: usize = all.map(|text| forewarn_extract::extract(text).countries.len()).sum();
        let seconds = start.elapsed().as_secs_f64();
        let each = (texts.len() * TIMES) as f64 / seconds;
        println!(
            "{{\"measure\":\"reports a second\",\"on\":\"{name}\",\"reports\":{each:.0},\"found\":{found}}}"
        );
    }
}

fn train(folder: &Path) {
    let data = data::Data::read(folder);
    let asked = |word: &str| std::env::args().any(|one| one == word);
    if !asked("--whom") {
        sides::train(&data);
    }
    if !asked("--sides") {
        whom::train(&data);
    }
}

fn bench(folder: &Path) {
    let mut data = data::Data::read(folder);
    // Weights of texts in capitals are others: without wire reports, modern ones are judged almost as they are with them.
    if std::env::args().any(|word| word == "--modern") {
        for wire in [&mut data.dev, &mut data.tst1, &mut data.tst2] {
            wire.clear();
        }
    }
    if !std::env::args().any(|word| word == "--whom") {
        sides::bench(&data);
    }
    if !std::env::args().any(|word| word == "--sides") {
        whom::bench(&data);
    }
}
