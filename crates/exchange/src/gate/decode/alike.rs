//! Signs that stand for letters inside of a word: `P€trov`, `M@rtin`.

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
        let sign = SIGNS.iter().find(|(sign, _)| *sign == c);
        let inside = letter(chars.peek().copied());
        match sign.filter(|_| inside || letter(before)) {
            Some((_, drawn)) => {
                found = true;
                out.push(*drawn);
            }
            None => out.push(c),
        }
        before = Some(c);
    }
    found.then_some(out)
}
