//! From lines to paragraphs: lines that go on are joined, and words that were cut at their ends.

use super::lines::Row;

/// Lines of a paragraph stand no further apart than this, in sizes.
const NEXT_LINE: f64 = 1.75;
/// A line ends a paragraph where the next word would have had room after it, and this much more, in sizes.
const MORE: f64 = 0.8;

/// The text of a block.
pub(super) fn text(rows: &[Row]) -> String {
    let to = rows.iter().map(Row::to).fold(f64::NEG_INFINITY, f64::max);
    let mut out = String::new();
    let mut above: Option<&Row> = None;
    for row in rows {
        let text = row.text();
        match above {
            None => out.push_str(&text),
            Some(above) => {
                let size = f64::max(above.size, row.size);
                let near = row.down - above.down <= NEXT_LINE * size;
                let same = above.size.min(row.size) > 0.75 * size;
                let is_full = to - above.to() < first_word(row, &text) + MORE * size;
                let is_one = above.pieces.len() == 1 && row.pieces.len() == 1;
                let is_table = above.pieces.len() > 1 && row.pieces.len() > 1;
                let is_small = text.starts_with(char::is_lowercase);
                if near && hyphened(&mut out, &text) {
                    out.push_str(&text);
                } else {
                    let goes_on = near && same && is_one && (is_full || is_small);
                    out.push_str(match (goes_on, near && same) {
                        (true, _) => " ",
                        (false, true) => "\n",
                        (false, false) if is_table => "\n",
                        (false, false) => "\n\n",
                    });
                    out.push_str(&text);
                }
            }
        }
        above = Some(row);
    }
    out
}

/// How wide the first word of a line is, about.
fn first_word(row: &Row, text: &str) -> f64 {
    let word = text.split_whitespace().next().unwrap_or_default().chars().count();
    #[expect(clippy::cast_precision_loss, reason = "letters of a line")]
    let share = word as f64 / text.chars().count().max(1) as f64;
    share * (row.to() - row.from())
}

/// Takes the hyphen away at which a word was cut, where it goes on with a small letter.
fn hyphened(out: &mut String, next: &str) -> bool {
    let mut last = out.chars().rev();
    let (hyphen, before) = (last.next(), last.next());
    let cut = match hyphen {
        Some('\u{ad}') => true,
        Some('-' | '\u{2010}') => {
            before.is_some_and(char::is_alphabetic)
                && next.chars().next().is_some_and(char::is_lowercase)
        }
        _ => false,
    };
    if cut {
        out.pop();
    }
    cut
}
