//! Learns the models of this crate, and measures what it finds:
//! `study train FOLDER`, `study bench FOLDER`, where the folder has `text/` and `muc4/`; `study gazetteer
//! NAMES FILE` packs what `gazetteer/world.py` wrote; `study usual WORDS FILE` keeps of the words of
//! `gazetteer/usual.py` those that are names of places too.
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
        [_, "usual", from, to] => pack::usual(Path::new(from), Path::new(to)),
        [_, "gazetteer", from, to] => pack::pack(Path::new(from), Path::new(to)),
        _ => eprintln!("usage: study train FOLDER | study bench FOLDER"),
    }
}

fn train(folder: &Path) {
    let data = data::Data::read(folder);
    sides::train(&data);
    whom::train(&data);
}

fn bench(folder: &Path) {
    let data = data::Data::read(folder);
    if !std::env::args().any(|word| word == "--whom") {
        sides::bench(&data);
    }
    if !std::env::args().any(|word| word == "--sides") {
        whom::bench(&data);
    }
}
