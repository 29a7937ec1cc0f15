//! The comparisons of a STIX pattern (STIX 2.1 §9): which object path is held against which text.
//!
//! This reads a pattern's tokens, not yet its whole grammar: it is enough to know which values an
//! indicator is about. Parsing and evaluating the language in full is to come.

/// One `type:path = 'text'` of a pattern; `IN` gives one for each text of its set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Such as `domain-name:value` or `file:hashes.'SHA-256'`.
    pub path: String,
    /// The text, unescaped.
    pub text: String,
}

/// Longest pattern read, in bytes; the longest seen in public collections has some 20 kB.
pub const MAX_PATTERN_BYTES: usize = 256 << 10;

#[derive(Debug, PartialEq)]
enum Token {
    Path(String),
    Text(String),
    Equals,
    In,
    Not,
    /// The end of an observation expression.
    End,
    Other,
}

/// Every positive comparison with a text, in order; what cannot be read is passed over.
pub fn comparisons(pattern: &str) -> Vec<Comparison> {
    if pattern.len() > MAX_PATTERN_BYTES {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut path: Option<String> = None;
    let mut compares = false;
    for token in tokens(pattern) {
        match token {
            Token::Path(p) => (path, compares) = (Some(p), false),
            Token::Equals | Token::In => compares = true,
            Token::Not | Token::End => path = None,
            Token::Text(text) => {
                if let (Some(path), true) = (&path, compares) {
                    out.push(Comparison { path: path.clone(), text });
                }
            }
            Token::Other => {}
        }
    }
    out
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut chars = pattern.chars().peekable();
    let mut out = Vec::new();
    while let Some(&c) = chars.peek() {
        match c {
            '\'' => out.push(Token::Text(quoted(&mut chars))),
            '=' => {
                chars.next();
                out.push(Token::Equals);
            }
            '!' | '<' | '>' => {
                chars.next();
                chars.next_if_eq(&'=');
                out.push(Token::Not);
            }
            ']' => {
                chars.next();
                out.push(Token::End);
            }
            c if c.is_ascii_alphabetic() => out.push(word(&mut chars)),
            _ => {
                chars.next();
            }
        }
    }
    out
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn quoted(chars: &mut Chars<'_>) -> String {
    let mut text = String::new();
    chars.next();
    while let Some(c) = chars.next() {
        match c {
            '\'' => break,
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}

/// A keyword, or an object path with its quoted and bracketed steps.
fn word(chars: &mut Chars<'_>) -> Token {
    let mut text = String::new();
    while let Some(&c) = chars.peek() {
        match c {
            '\'' if text.contains(':') && text.ends_with('.') => {
                let step = quoted(chars);
                text.push('\'');
                text.push_str(&step);
                text.push('\'');
            }
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '*') => {
                text.push(c);
                chars.next();
            }
            '[' if text.contains(':') => {
                text.push(c);
                chars.next();
            }
            ']' if text.rfind('[') > text.rfind(']') => {
                text.push(c);
                chars.next();
            }
            _ => break,
        }
    }
    match text.as_str() {
        "IN" => Token::In,
        "NOT" | "LIKE" | "MATCHES" | "ISSUBSET" | "ISSUPERSET" => Token::Not,
        _ if text.contains(':') => Token::Path(text),
        _ => Token::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pattern: &str) -> Vec<(String, String)> {
        comparisons(pattern).into_iter().map(|c| (c.path, c.text)).collect()
    }

    #[test]
    fn values_come_out_with_their_paths() {
        assert_eq!(
            pairs(
                "[domain-name:value = 'example.org' OR ipv4-addr:value IN ('198.51.100.1','198.51.100.2')]"
            ),
            [
                ("domain-name:value".to_owned(), "example.org".to_owned()),
                ("ipv4-addr:value".to_owned(), "198.51.100.1".to_owned()),
                ("ipv4-addr:value".to_owned(), "198.51.100.2".to_owned()),
            ]
        );
        assert_eq!(
            pairs(r"[file:hashes.'SHA-256' = 'aa' AND file:name='it\'s']"),
            [
                ("file:hashes.'SHA-256'".to_owned(), "aa".to_owned()),
                ("file:name".to_owned(), "it's".to_owned())
            ]
        );
        assert_eq!(pairs("[network-traffic:extensions.'x'.list[0].a = 'v']").len(), 1);
    }

    #[test]
    fn what_is_denied_or_only_likened_is_no_value() {
        assert_eq!(pairs("[domain-name:value != 'example.org']"), []);
        assert_eq!(pairs("[url:value LIKE '%x%']"), []);
        assert_eq!(pairs("[a:b NOT = 'c']"), []);
        assert_eq!(pairs("garbage ' \\"), []);
        assert_eq!(
            pairs("[a:b = 'c'] START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'").len(),
            1
        );
    }
}
