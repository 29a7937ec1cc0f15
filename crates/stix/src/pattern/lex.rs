//! Splits a pattern into tokens, each with its place.

/// A token, and the byte offset at which it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: TokenKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A keyword, an object type or a property name: letters, digits, `_` and `-`.
    Word(String),
    Text(String),
    /// `h'…'`, `b'…'` or `t'…'`: the letter, and the text in quotes.
    Tagged(char, String),
    Integer(i64),
    Float(f64),
    /// One of `[ ] ( ) , : . *` or a comparison sign.
    Sign(&'static str),
}

const SIGNS: &[&str] =
    &["!=", "<>", "<=", ">=", "==", "=", "<", ">", "[", "]", "(", ")", ",", ":", ".", "*"];

/// Where a text cannot be split further, and why.
pub(super) type BadToken = (usize, String);

/// What becomes of a backslash before another character than a quote or a backslash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// It is an error, as the grammar says.
    Strict,
    /// It stands for itself: many write `\.` in a regular expression without escaping it again.
    Kept,
}

pub(super) fn tokens(pattern: &str, escapes: Escapes) -> Result<Vec<Token>, BadToken> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = pattern.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = token(rest, first, escapes).map_err(|why| (at, why))?;
        out.push(Token { at, kind });
        at += length;
    }
    Ok(out)
}

fn token(rest: &str, first: char, escapes: Escapes) -> Result<(TokenKind, usize), String> {
    if first == '\'' {
        let (text, length) = quoted(rest, escapes)?;
        return Ok((TokenKind::Text(text), length));
    }
    if matches!(first, 'h' | 'b' | 't') && rest.get(1..2) == Some("'") {
        let (text, length) = quoted(rest.get(1..).unwrap_or_default(), escapes)?;
        return Ok((TokenKind::Tagged(first, text), length + 1));
    }
    let point = first == '.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if first.is_ascii_digit() || matches!(first, '-' | '+') || point {
        return number(rest);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        return Ok((TokenKind::Word(rest.get(..end).unwrap_or_default().to_owned()), end));
    }
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    let sign = sign.ok_or_else(|| format!("`{first}` is not allowed here"))?;
    Ok((TokenKind::Sign(sign), sign.len()))
}

/// Reads a text in single quotes, with the escapes `\'` and `\\`. Returns it with its length in the
/// pattern.
fn quoted(rest: &str, escapes: Escapes) -> Result<(String, usize), String> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return Ok((text, at + 1)),
            '\\' => match chars.next() {
                Some((_, escaped @ ('\'' | '\\'))) => text.push(escaped),
                Some((_, other)) if escapes == Escapes::Kept => text.extend(['\\', other]),
                _ => {
                    return Err("a backslash must be followed by a quote or a backslash".to_owned());
                }
            },
            c => text.push(c),
        }
    }
    Err("the quoted text does not end".to_owned())
}

fn number(rest: &str) -> Result<(TokenKind, usize), String> {
    let signed = usize::from(rest.starts_with(['-', '+']));
    let digits = |from: usize| {
        let tail = rest.get(from..).unwrap_or_default();
        tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len())
    };
    let mut end = signed + digits(signed);
    let is_float = rest.get(end..=end) == Some(".") && digits(end + 1) > 0;
    if is_float {
        end += 1 + digits(end + 1);
    }
    let text = rest.get(..end).unwrap_or_default();
    let padded =
        rest.get(signed..end).is_some_and(|digits| digits.len() > 1 && digits.starts_with('0'));
    let kind = if is_float {
        text.parse().ok().filter(|n: &f64| n.is_finite()).map(TokenKind::Float)
    } else {
        // §2.10: an integer that every JSON reader represents exactly.
        let safe = |n: &i64| n.unsigned_abs() <= crate::json::MAX_SAFE_INTEGER && !padded;
        text.parse().ok().filter(safe).map(TokenKind::Integer)
    };
    kind.map(|kind| (kind, end)).ok_or_else(|| format!("`{text}` is not a valid number"))
}
