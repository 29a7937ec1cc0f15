//! In which order lines are read: columns one after the other, tables row by row.
//!
//! Lines from above are gathered as long as the same room between two columns runs through them. What
//! goes over the whole width, such as a heading, ends that.

use super::lines::{Row, reads_from_right};

/// Columns have at least so many lines beside each other.
const MIN_LINES: usize = 3;
/// Columns of prose have lines of so many letters, by their middle; shorter ones are a table's.
const MIN_LETTERS: usize = 18;
/// How often columns are looked for in columns.
const MAX_DEEP: usize = 6;
/// Most rooms between columns that are followed.
const MAX_ROOMS: usize = 32;

/// An interval without letters, along the lines.
type Room = (f64, f64);

/// The lines of each block, in the order in which people read them.
pub(super) fn blocks(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut out = Vec::new();
    cut(rows, 0, &mut out);
    out
}

fn cut(rows: Vec<Row>, deep: usize, out: &mut Vec<Vec<Row>>) {
    let mut plain = Vec::new();
    for (band, rooms) in bands(rows) {
        let best = rooms.into_iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        match best.filter(|room| deep < MAX_DEEP && is_between_columns(&band, *room)) {
            None => plain.extend(band),
            Some(room) => {
                push(&mut plain, out);
                let (left, right) = split(band, room);
                let text: String = right.iter().take(20).map(Row::text).collect();
                let sides = if reads_from_right(&text) { [right, left] } else { [left, right] };
                for side in sides {
                    cut(side, deep + 1, out);
                }
            }
        }
    }
    push(&mut plain, out);
}

fn push(rows: &mut Vec<Row>, out: &mut Vec<Vec<Row>>) {
    if !rows.is_empty() {
        out.push(std::mem::take(rows));
    }
}

/// Lines in bands, each with the rooms that run through all of it.
fn bands(rows: Vec<Row>) -> Vec<(Vec<Row>, Vec<Room>)> {
    let mut out = Vec::new();
    let (mut band, mut rooms) = (Vec::<Row>::new(), Vec::<Room>::new());
    for row in rows {
        let own = gaps(&row);
        if rooms.is_empty() {
            if !own.is_empty() {
                // Lines above that leave one of the rooms free are of one column, and belong to it.
                let clear = |above: &Row| !left_free(&own, above).is_empty();
                let from = band.iter().rposition(|above| !clear(above)).map_or(0, |at| at + 1);
                let tail = band.split_off(from);
                if !band.is_empty() {
                    out.push((std::mem::take(&mut band), Vec::new()));
                }
                rooms = tail.iter().fold(own, |rooms, above| left_free(&rooms, above));
                band = if rooms.is_empty() { Vec::new() } else { tail.clone() };
                if rooms.is_empty() && !tail.is_empty() {
                    rooms = gaps(&row);
                    out.push((tail, Vec::new()));
                }
            }
        } else {
            let free = left_free(&rooms, &row);
            if free.is_empty() {
                out.push((std::mem::take(&mut band), std::mem::take(&mut rooms)));
                rooms = own;
            } else {
                rooms = free;
            }
        }
        band.push(row);
    }
    out.push((band, rooms));
    out
}

/// The rooms between the pieces of a line.
fn gaps(row: &Row) -> Vec<Room> {
    let pairs = row.pieces.iter().zip(row.pieces.iter().skip(1));
    pairs.map(|(a, b)| (a.to, b.from)).take(MAX_ROOMS).collect()
}

/// What of some rooms a line leaves free.
fn left_free(rooms: &[Room], row: &Row) -> Vec<Room> {
    let least = row.size * 0.6;
    let mut out = Vec::new();
    for (from, to) in rooms {
        let mut begin = *from;
        for piece in row.pieces.iter().filter(|piece| piece.to > *from && piece.from < *to) {
            if piece.from - begin >= least {
                out.push((begin, piece.from));
            }
            begin = f64::max(begin, piece.to);
        }
        if *to - begin >= least {
            out.push((begin, *to));
        }
    }
    out.truncate(MAX_ROOMS);
    out
}

fn is_between_columns(rows: &[Row], (from, to): Room) -> bool {
    let middle = f64::midpoint(from, to);
    let on = |row: &Row, left: bool| -> usize {
        let pieces = row.pieces.iter().filter(|piece| (piece.to <= middle) == left);
        pieces.map(|piece| piece.text.chars().count()).sum()
    };
    let is_long = |left: bool| {
        let mut lengths: Vec<usize> = rows.iter().map(|row| on(row, left)).collect();
        lengths.retain(|length| *length > 0);
        lengths.sort_unstable();
        lengths.get(lengths.len() / 2).is_some_and(|length| *length >= MIN_LETTERS)
    };
    let beside = rows.iter().filter(|row| on(row, true) > 0 && on(row, false) > 0).count();
    beside >= MIN_LINES && is_long(true) && is_long(false)
}

fn split(rows: Vec<Row>, (from, to): Room) -> (Vec<Row>, Vec<Row>) {
    let middle = f64::midpoint(from, to);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in rows {
        let Row { down, size, pieces } = row;
        let (before, after): (Vec<_>, Vec<_>) =
            pieces.into_iter().partition(|piece| piece.to <= middle);
        for (pieces, side) in [(before, &mut left), (after, &mut right)] {
            if !pieces.is_empty() {
                side.push(Row { down, size, pieces });
            }
        }
    }
    (left, right)
}
