//! Patterns of STIX 2.0: START and STOP take a time of 2.1, and names of properties are those of 2.1.

use super::Work;
use super::renamed::RENAMED;
use serde_json::Value;

pub(super) fn upgrade(work: &mut Work) {
    if !work.object.contains_key("pattern_type") {
        work.object.insert("pattern_type".to_owned(), "stix".into());
        work.told("$.pattern_type", "`pattern_type` is stix");
    }
    let new = renewed(work.text("pattern"));
    if new != work.text("pattern") {
        work.object.insert("pattern".to_owned(), Value::String(new));
        work.told("$.pattern", "the pattern is written as 2.1 writes it");
    }
}

/// The pattern as 2.1 writes it. What stands in quotes stays.
fn renewed(pattern: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(pattern.len() + 2), pattern);
    while let Some(at) = rest.find('\'') {
        let (before, quoted) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(&names(before));
        // Before 2.1, the times of START and STOP were texts (STIX 2.0 Part 5 §4.1.1).
        let word = before.trim_end();
        if before.len() > word.len() && (ends_in(word, "START") || ends_in(word, "STOP")) {
            out.push('t');
        }
        let end = closed(quoted);
        let (constant, after) = quoted.split_at_checked(end).unwrap_or((quoted, ""));
        out.push_str(constant);
        rest = after;
    }
    out.push_str(&names(rest));
    out
}

fn ends_in(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|before| before.ends_with(|c: char| c.is_whitespace() || c == ')' || c == ']'))
}

/// Where a text in quotes ends that begins with one.
fn closed(quoted: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in quoted.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\'' => return at + 1,
            _ => {}
        }
    }
    quoted.len()
}

/// Names of properties that are others now: `TYPE:NAME`, each looked at once.
fn names(part: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let mut pieces = part.split(':');
    let mut before = pieces.next().unwrap_or_default();
    let mut out = before.to_owned();
    for piece in pieces {
        let kind = before.rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
        let old = piece.split(|c: char| !is_part(c)).next().unwrap_or_default();
        let new = RENAMED.iter().find(|(of, name, _)| *of == kind && *name == old);
        out.push(':');
        out.push_str(new.map_or(old, |(_, _, new)| new));
        out.push_str(piece.strip_prefix(old).unwrap_or_default());
        before = piece;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_as_2_1_writes_it_and_means_the_same() {
        for (old, new) in [
            (
                "[file:created = t'2017-01-01T00:00:00Z'] START '2017-01-01T00:00:00Z' STOP '2017-02-01T00:00:00Z'",
                "[file:ctime = t'2017-01-01T00:00:00Z'] START t'2017-01-01T00:00:00Z' STOP t'2017-02-01T00:00:00Z'",
            ),
            (
                "[process:binary_ref.name = 'START \\' file:created']",
                "[process:image_ref.name = 'START \\' file:created']",
            ),
            ("[file:created_by = 'a']", "[file:created_by = 'a']"),
            ("[x-file:created = 'a']", "[x-file:created = 'a']"),
        ] {
            assert_eq!(renewed(old), new);
        }
        // As long as a body may be.
        let many = "file:created ".repeat(1 << 21);
        assert!(renewed(&many).starts_with("file:ctime file:ctime "));
        let new =
            renewed("[url:value = 'a'] START '2017-01-01T00:00:00Z' STOP '2017-02-01T00:00:00Z'");
        assert!(crate::pattern::Pattern::compile(&new).is_ok(), "{new}");
    }
}
