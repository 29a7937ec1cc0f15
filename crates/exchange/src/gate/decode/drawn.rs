//! Letters that are drawn with several signs: `|<` for K, `\/` for V, `|\/|` for M.

use super::alike;

/// Signs, and the letter that they draw; longer ones before those that they begin with.
const DRAWN: &[(&str, char)] = &[
    ("/\\/\\", 'm'),
    ("|\\/|", 'm'),
    ("\\/\\/", 'w'),
    ("|/\\|", 'm'),
    ("/-\\", 'a'),
    ("/_\\", 'a'),
    ("|-|", 'h'),
    ("]-[", 'h'),
    ("}-{", 'h'),
    ("!-!", 'h'),
    (")-(", 'h'),
    ("|v|", 'm'),
    ("|V|", 'm'),
    ("|_|", 'u'),
    ("(_)", 'u'),
    ("|\\|", 'n'),
    ("|/|", 'n'),
    ("/\\/", 'n'),
    ("\\|/", 'y'),
    ("\\^/", 'w'),
    ("-|-", 't'),
    ("'|'", 't'),
    ("~|~", 't'),
    ("/\\", 'a'),
    ("\\/", 'v'),
    ("|<", 'k'),
    ("|{", 'k'),
    ("|(", 'k'),
    ("|)", 'd'),
    ("|]", 'd'),
    ("|}", 'd'),
    ("[)", 'd'),
    ("|>", 'p'),
    ("|°", 'p'),
    ("|*", 'p'),
    ("|3", 'b'),
    ("13", 'b'),
    ("|2", 'r'),
    ("|=", 'f'),
    ("|_", 'l'),
    ("_|", 'j'),
    ("()", 'o'),
    ("[]", 'o'),
    ("{}", 'o'),
    ("<>", 'o'),
    ("}{", 'h'),
    ("><", 'x'),
    ("`/", 'y'),
    ("'/", 'y'),
    ("7_", 'z'),
];
/// Signs that are drawn like C when letters are on both sides.
const ROUND: &str = "(<[{";
/// So many letters that are drawn are a word by themselves.
const MIN_DRAWN: usize = 3;

/// `None` when nothing is drawn beside a letter, or as a whole word. Words without anything drawn are
/// left out, but for the one before and the one after.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut before = "";
    // Whether the word before this one is kept, and whether something was drawn in it.
    let (mut kept, mut was_drawn) = (false, false);
    for piece in text.split_inclusive(char::is_whitespace) {
        let drawn = word(piece);
        if drawn.is_some() && !kept {
            out.push_str(super::APART);
            out.push_str(before);
        }
        kept = drawn.is_some() || was_drawn;
        was_drawn = drawn.is_some();
        if kept {
            out.push_str(drawn.as_deref().unwrap_or(piece));
        }
        before = piece;
    }
    // Signs that are one letter each may stand beside them.
    (!out.is_empty()).then(|| alike::decode(&out).unwrap_or(out))
}

fn word(piece: &str) -> Option<String> {
    if !piece.contains(['|', '/', '\\', '(', '[', '{', '<', '}', '_', '!', ')', ']', '1']) {
        return None;
    }
    let mut out = String::with_capacity(piece.len());
    let (mut drawn, mut letters) = (0usize, 0usize);
    let mut rest = piece;
    while let Some(c) = rest.chars().next() {
        let signs = DRAWN.iter().find(|(signs, _)| rest.starts_with(signs));
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if let Some((signs, letter)) = signs {
            drawn += 1;
            out.push(*letter);
            rest = rest.get(signs.len()..).unwrap_or_default();
            continue;
        }
        let between =
            || out.ends_with(char::is_alphabetic) && after.starts_with(char::is_alphabetic);
        if ROUND.contains(c) && between() {
            drawn += 1;
            out.push('c');
        } else if matches!(c, '|' | '!') {
            drawn += 1;
            // One stroke is a small l or a capital I, and a capital I is read as both.
            out.push('I');
        } else {
            letters += usize::from(c.is_alphanumeric());
            out.push(c);
        }
        rest = after;
    }
    (drawn > 0 && (letters > 0 || drawn >= MIN_DRAWN)).then_some(out)
}
