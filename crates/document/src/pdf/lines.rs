//! From letters to words and lines.

use super::glyphs::Letter;

/// Letters whose base lines are nearer than this, in sizes, stand in one line: what is raised too.
const SAME_LINE: f64 = 0.42;
/// Between words there is at least this much room, in sizes.
const WORD: f64 = 0.13;
/// Room from which on two pieces of a line may be of two columns, in sizes.
const PIECE: f64 = 1.1;
/// The same letter so near to itself was drawn twice, to look bold.
const TWICE: f64 = 0.1;

/// A line over the whole page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) down: f64,
    pub(super) size: f64,
    /// From left to right; there is one at least.
    pub(super) pieces: Vec<Piece>,
}

/// Words of a line with little room between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) text: String,
}

impl Row {
    pub(super) fn from(&self) -> f64 {
        self.pieces.first().map_or(0.0, |piece| piece.from)
    }

    pub(super) fn to(&self) -> f64 {
        self.pieces.last().map_or(0.0, |piece| piece.to)
    }

    /// Its text; where there is much room, a tab.
    pub(super) fn text(&self) -> String {
        let from_right = self.pieces.iter().filter(|piece| reads_from_right(&piece.text)).count();
        let texts = self.pieces.iter().map(|piece| piece.text.as_str());
        let texts: Vec<&str> = if from_right * 2 > self.pieces.len() {
            texts.rev().collect()
        } else {
            texts.collect()
        };
        texts.join("\t")
    }
}

/// The lines of a page, from above.
pub(super) fn rows(mut letters: Vec<Letter>) -> Vec<Row> {
    letters.sort_by(|a, b| a.down.total_cmp(&b.down));
    let (mut rows, mut row) = (Vec::new(), Vec::<Letter>::new());
    let (mut base, mut size) = (0.0, 0.0);
    for letter in letters {
        let is_space = letter.sign == ' ';
        if row.is_empty() || letter.down - base > SAME_LINE * f64::max(size, letter.size) {
            rows.extend(self::row(std::mem::take(&mut row)));
            (base, size) = (letter.down, if is_space { 0.0 } else { letter.size });
        } else if !is_space {
            size = f64::max(size, letter.size);
        }
        row.push(letter);
    }
    rows.extend(self::row(row));
    rows
}

fn row(mut letters: Vec<Letter>) -> Option<Row> {
    letters.sort_by(|a, b| a.along.total_cmp(&b.along));
    let letters = once(letters);
    let visible = letters.iter().filter(|one| one.sign != ' ');
    let size = visible.clone().map(|one| one.size).fold(0.0, f64::max);
    // What most letters stand on: a raised one does not move its line.
    let mut bases: Vec<f64> = visible.map(|one| one.down).collect();
    bases.sort_by(f64::total_cmp);
    let down = *bases.get(bases.len() / 2)?;
    let word = word_room(&letters);
    let mut pieces: Vec<(f64, f64, String)> = Vec::new();
    let mut spaced = true;
    for one in &letters {
        if one.sign == ' ' {
            spaced = true;
            continue;
        }
        let end = one.along + one.width;
        match pieces.last_mut() {
            Some((_, to, text)) if one.along - *to <= PIECE * one.size => {
                if spaced || one.along - *to > word * one.size {
                    text.push(' ');
                }
                text.push(one.sign);
                *to = f64::max(*to, end);
            }
            _ => pieces.push((one.along, end, one.sign.to_string())),
        }
        spaced = false;
    }
    let pieces = pieces
        .into_iter()
        .map(|(from, to, text)| Piece { from, to, text: as_read(&text) })
        .collect();
    Some(Row { down, size, pieces })
}

/// Each letter once.
fn once(letters: Vec<Letter>) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::with_capacity(letters.len());
    for one in letters {
        let again = out
            .iter()
            .rev()
            .take(4)
            .any(|other| other.sign == one.sign && one.along - other.along < TWICE * one.size);
        if !again {
            out.push(one);
        }
    }
    out
}

/// How much room there is between the words of a line, in sizes: where all letters stand apart, more.
fn word_room(letters: &[Letter]) -> f64 {
    let pairs = letters.iter().zip(letters.iter().skip(1));
    let near = pairs.filter(|(a, b)| a.sign != ' ' && b.sign != ' ');
    let mut gaps: Vec<f64> = near
        .map(|(a, b)| (b.along - a.along - a.width) / b.size)
        .filter(|gap| *gap < PIECE)
        .collect();
    gaps.sort_by(f64::total_cmp);
    let middle = gaps.get(gaps.len() / 2).copied().filter(|_| gaps.len() >= 6).unwrap_or(0.0);
    WORD.max(middle + 0.1)
}

/// Whether a letter is of a script that is written from the right.
pub(super) fn is_from_right(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}')
        && !is_number(letter)
}

/// Numbers run from the left, in these scripts too.
fn is_number(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

pub(super) fn reads_from_right(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (mut right, mut all) = (0, 0);
    for letter in letters {
        all += 1;
        right += usize::from(is_from_right(letter));
    }
    right * 2 > all
}

/// A piece as it is read, of letters as they stand from left to right.
fn as_read(text: &str) -> String {
    if !text.chars().any(is_from_right) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    if !reads_from_right(text) {
        return turned(&letters, is_from_right).into_iter().collect();
    }
    let letters: Vec<char> = letters.into_iter().rev().map(mirrored).collect();
    let from_left = |c: char| is_number(c) || (c.is_alphabetic() && !is_from_right(c));
    turned(&letters, from_left).into_iter().collect()
}

/// Turns each run round that begins and ends with such a letter and has no other letters.
fn turned(letters: &[char], is: impl Fn(char) -> bool) -> Vec<char> {
    let mut out = Vec::with_capacity(letters.len());
    let mut rest = letters;
    while let Some(start) = rest.iter().position(|c| is(*c)) {
        let (before, run) = rest.split_at(start);
        out.extend_from_slice(before);
        let other = run.iter().position(|c| !is(*c) && (c.is_alphabetic() || is_from_right(*c)));
        let until = run.get(..other.unwrap_or(run.len())).unwrap_or(run);
        let end = until.iter().rposition(|c| is(*c)).map_or(run.len(), |at| at + 1);
        let (run, after) = run.split_at(end);
        out.extend(run.iter().rev());
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// Brackets, as they are drawn among letters from the right.
fn mirrored(letter: char) -> char {
    match letter {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}
