//! Signs that stand for letters inside of a word: `P€trov`, `M@rtin`.

use super::super::letters;

/// Each sign with the letter that it is drawn like.
const SIGNS: &[(char, char)] = &[
    ('@', 'a'),
    ('$', 's'),
    ('€', 'e'),
    ('£', 'l'),
    ('¡', 'i'),
    ('!', 'i'),
    ('|', 'l'),
    ('¢', 'c'),
    ('©', 'c'),
    ('®', 'r'),
    ('¥', 'y'),
    ('₽', 'p'),
    ('₱', 'p'),
    ('†', 't'),
    ('+', 't'),
    ('฿', 'b'),
    ('₦', 'n'),
    ('₩', 'w'),
    ('ª', 'a'),
    ('§', 's'),
    ('∂', 'd'),
    ('∆', 'a'),
    ('×', 'x'),
    ('∑', 'e'),
    ('√', 'v'),
    ('∩', 'n'),
    ('∪', 'u'),
    ('∨', 'v'),
    ('☓', 'x'),
    ('*', 'o'),
    ('^', 'a'),
    ('#', 'h'),
    ('°', 'o'),
    ('∘', 'o'),
    ('∅', 'o'),
    ('⊕', 'o'),
    ('⊖', 'o'),
    ('⊗', 'o'),
    ('⊙', 'o'),
    ('⊚', 'o'),
    ('○', 'o'),
    ('◌', 'o'),
    ('◍', 'o'),
    ('◎', 'o'),
    ('●', 'o'),
    ('◉', 'o'),
    ('◐', 'o'),
    ('◑', 'o'),
    ('◦', 'o'),
    ('◯', 'o'),
    ('☉', 'o'),
    ('☺', 'o'),
    ('⚪', 'o'),
    ('⚫', 'o'),
    ('⚬', 'o'),
    ('⬤', 'o'),
    ('⭕', 'o'),
    ('△', 'a'),
    ('▲', 'a'),
    ('⋀', 'a'),
    ('∧', 'a'),
    ('₳', 'a'),
    ('⋁', 'v'),
    ('∇', 'v'),
    ('▽', 'v'),
    ('▼', 'v'),
    ('✓', 'v'),
    ('✔', 'v'),
    ('⋂', 'n'),
    ('∏', 'n'),
    ('⋃', 'u'),
    ('∈', 'e'),
    ('∊', 'e'),
    ('∃', 'e'),
    ('₠', 'e'),
    ('⊂', 'c'),
    ('₡', 'c'),
    ('₵', 'c'),
    ('⊤', 't'),
    ('⊥', 't'),
    ('✝', 't'),
    ('✞', 't'),
    ('‡', 't'),
    ('₮', 't'),
    ('₸', 't'),
    ('₭', 'k'),
    ('₴', 's'),
    ('∫', 's'),
    ('₤', 'l'),
    ('₺', 'l'),
    ('₲', 'g'),
    ('₫', 'd'),
    ('₹', 'r'),
    ('✕', 'x'),
    ('✖', 'x'),
    ('✗', 'x'),
    ('✘', 'x'),
    ('❌', 'x'),
];

/// `None` when there is no such sign with a letter on each side, or before a word.
pub(super) fn decode(text: &str) -> Option<String> {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    let mut chars = text.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        if c.is_ascii_alphanumeric() || c == ' ' {
            out.push(c);
            before = Some(c);
            continue;
        }
        let inside = letter(chars.peek().copied());
        match drawn(c).filter(|_| inside || letter(before)) {
            Some(drawn) => {
                found = true;
                out.push(drawn);
            }
            None => out.push(c),
        }
        before = Some(c);
    }
    found.then_some(out)
}

/// The letter that a sign is drawn like: by the table, or by Unicode's list of what is confused.
fn drawn(c: char) -> Option<char> {
    let listed = SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, drawn)| *drawn);
    let other = !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace();
    listed.or_else(|| letters::look(c).filter(|_| other))
}
