//! MATCHES: regular expressions with the meaning of PCRE, searched for in a text, with DOTALL (STIX
//! 2.1 §9.6.1).

use super::work::Work;
use unicode_normalization::UnicodeNormalization;

/// Most memory of one compiled regular expression, in bytes.
const MAX_REGEX_BYTES: usize = 10 << 20;
/// Most backtracking steps of one search with look-around or back-references.
const MAX_BACKTRACKS: usize = 100_000;

#[derive(Debug)]
pub(super) struct Regex {
    text: Engine,
    /// For binary properties, which are not Unicode. `None` if it needs look-around.
    bytes: Option<regex::bytes::Regex>,
}

#[derive(Debug)]
enum Engine {
    /// Takes time linear in the text.
    Linear(regex::Regex),
    /// Has look-around or back-references: each backtracking step may read the text again.
    Backtracking(Box<fancy_regex::Regex>),
}

impl Regex {
    pub(super) fn new(text: &str) -> Result<Regex, String> {
        let normal = as_pcre(&text.nfc().collect::<String>());
        let linear = regex::RegexBuilder::new(&normal)
            .dot_matches_new_line(true)
            .size_limit(MAX_REGEX_BYTES)
            .build();
        let engine = match linear {
            Ok(regex) => Engine::Linear(regex),
            Err(_) => Engine::Backtracking(Box::new(backtracking(&normal)?)),
        };
        let bytes = regex::bytes::RegexBuilder::new(&as_pcre(text))
            .unicode(false)
            .dot_matches_new_line(true)
            .size_limit(MAX_REGEX_BYTES)
            .build();
        Ok(Regex { text: engine, bytes: bytes.ok() })
    }

    pub(super) fn is_in_text(&self, text: &str, work: &Work) -> bool {
        let length = text.len() as u64;
        match &self.text {
            Engine::Linear(regex) => work.spend(length) && regex.is_match(text),
            Engine::Backtracking(regex) => {
                let steps = length.saturating_mul(length.min(MAX_BACKTRACKS as u64));
                work.spend(steps) && regex.is_match(text).unwrap_or(false)
            }
        }
    }

    pub(super) fn is_in_bytes(&self, bytes: &[u8], work: &Work) -> bool {
        let regex = self.bytes.as_ref().filter(|_| work.spend(bytes.len() as u64));
        regex.is_some_and(|regex| regex.is_match(bytes))
    }
}

fn backtracking(pattern: &str) -> Result<fancy_regex::Regex, String> {
    fancy_regex::RegexBuilder::new(&format!("(?s){pattern}"))
        .backtrack_limit(MAX_BACKTRACKS)
        .delegate_size_limit(MAX_REGEX_BYTES)
        .build()
        .map_err(|e| format!("`{}` cannot be used here: {e}", crate::text::shortened(pattern)))
}

/// Rewrites what the engines read differently from PCRE: `\h` and `\H`, escaped angle brackets, and
/// doubled characters and brackets in a class, which are set operations to them.
fn as_pcre(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('h') => out.push_str(r"[\t\p{Zs}]"),
                Some('H') => out.push_str(r"[^\t\p{Zs}]"),
                Some(angle @ ('<' | '>')) => out.push(angle),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '[' if in_class && chars.peek() != Some(&':') => out.push_str("\\["),
            '&' | '-' | '~' if in_class && chars.peek() == Some(&c) => out.extend(['\\', c]),
            c => {
                in_class = (in_class || c == '[') && c != ']';
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(pattern: &str, text: &str) -> bool {
        Regex::new(pattern).unwrap().is_in_text(text, &Work::default())
    }

    #[test]
    fn what_pcre_means_is_what_is_meant() {
        for (pattern, text) in [
            (r"^\h$", " "),
            (r"\<b\>", "<b>"),
            ("^[a&&b]$", "a"),
            (r"^\w{32}$", "abcdefghijklmnopqrstuvwxyzabcdef"),
            (r"^[\w.]{1,100}$", "a.b"),
            ("^[a[b]+$", "[ab"),
            (r"^[[:alpha:]]+$", "ab"),
        ] {
            assert!(finds(pattern, text), "{pattern} {text:?}");
        }
        for (pattern, text) in [(r"^\h$", "f"), (r"\<b\>", "b")] {
            assert!(!finds(pattern, text), "{pattern} {text:?}");
        }
    }
}
