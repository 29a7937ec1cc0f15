//! Rules of YARA: each an indicator, with the imports that stand before it.
//!
//! A rule is valid by form when its brackets, texts and comments are closed, and it has a condition
//! (YARA 4 documentation, "Writing YARA rules"). Rules that need one another stay together: they are
//! one indicator.

use crate::bounds::MAX_TOLD;
use crate::made::Rule;
use std::collections::HashSet;

/// Most bytes of all imports of a file.
const MAX_IMPORTS: usize = 16 << 10;
/// Most bytes that the copies of imports may take: beyond that the rules stay together.
const MAX_COPIED: usize = 64 << 20;

/// Whether a text begins like a file of YARA.
pub(crate) fn is_start(text: &str) -> bool {
    let (tokens, _) = tokens(text);
    let first = tokens.iter().position(|token| !matches!(token.word(text), "import" | "include"));
    tokens.iter().enumerate().any(|(n, token)| {
        let is_first = n == 0 || first.is_some_and(|first| n <= first + 4);
        let opens =
            |n: usize| tokens.get(n).is_some_and(|token| matches!(token.word(text), "{" | ":"));
        is_first && token.word(text) == "rule" && opens(n + 2) && text.contains("condition")
    })
}

/// A word, a text, or one sign, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    is_text: bool,
}

impl Token {
    fn word<'t>(&self, text: &'t str) -> &'t str {
        if self.is_text { "" } else { text.get(self.start..self.end).unwrap_or_default() }
    }
}

/// The tokens of a file, without comments; and what is wrong, where.
fn tokens(text: &str) -> (Vec<Token>, Option<(usize, &'static str)>) {
    let bytes = text.as_bytes();
    let (mut all, mut at) = (Vec::new(), 0);
    let find = |from: usize, what: &str| {
        text.get(from..).and_then(|rest| rest.find(what)).map(|found| from + found)
    };
    while let Some(b) = bytes.get(at) {
        let start = at;
        match b {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = find(at, "\n").unwrap_or(text.len());
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let Some(end) = find(at + 2, "*/") else {
                    return (all, Some((start, "a comment is not closed")));
                };
                at = end + 2;
            }
            b'"' | b'/' if *b == b'"' || is_regex(&all, text) => {
                let Some(end) = closed(bytes, at, *b) else {
                    return (all, Some((start, "a text is not closed on its line")));
                };
                at = end;
                all.push(Token { start, end: at, is_text: true });
            }
            b if b.is_ascii_whitespace() => at += 1,
            b if is_of_word(*b) => {
                while bytes.get(at).is_some_and(|b| is_of_word(*b)) {
                    at += 1;
                }
                all.push(Token { start, end: at, is_text: false });
            }
            _ => {
                at += 1;
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                all.push(Token { start, end: at, is_text: false });
            }
        }
    }
    (all, None)
}

fn is_of_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_$#@!".contains(&b)
}

/// A slash opens a pattern after `=`, `matches`, a bracket or a comma; elsewhere it divides.
fn is_regex(before: &[Token], text: &str) -> bool {
    before.last().is_some_and(|token| matches!(token.word(text), "=" | "matches" | "(" | ","))
}

/// Where a text or pattern ends that begins at `at`: on the same line.
fn closed(bytes: &[u8], at: usize, sign: u8) -> Option<usize> {
    let mut n = at + 1;
    loop {
        match bytes.get(n)? {
            b'\\' => n += 2,
            b'\n' => return None,
            b if *b == sign => return Some(n + 1),
            _ => n += 1,
        }
    }
}

/// One rule as it stands in a file.
struct Part {
    start: usize,
    end: usize,
    name: String,
    /// Whether others may need it without naming it.
    is_for_others: bool,
    has_condition: bool,
    words: Vec<String>,
}

/// Reads a file. What is wrong in one rule does not hide those before it.
pub(crate) fn read(text: &str) -> (Vec<Rule>, Vec<(String, String)>) {
    let (tokens, broken) = tokens(text);
    let line = |at: usize| 1 + text.get(..at).unwrap_or_default().matches('\n').count();
    let place = |at: usize| format!("line {}", line(at));
    let mut bad: Vec<(String, String)> =
        broken.into_iter().map(|(at, why)| (place(at), why.to_owned())).collect();
    let (mut parts, mut imports, mut at) = (Vec::<Part>::new(), String::new(), 0);
    let mut known = HashSet::new();
    while let Some(token) = tokens.get(at) {
        match token.word(text) {
            "import" | "include" => {
                let end = tokens.get(at + 1).map_or(token.end, |token| token.end);
                let own = text.get(token.start..end).unwrap_or_default();
                if bad.len() >= MAX_TOLD || imports.len() > MAX_IMPORTS {
                    bad.push((
                        place(token.start),
                        "too many imports: what follows is not read".into(),
                    ));
                    break;
                }
                if token.word(text) == "include" {
                    bad.push((
                        place(token.start),
                        "another file is included: it is not read".to_owned(),
                    ));
                }
                if known.insert(own) {
                    imports.push_str(own);
                    imports.push('\n');
                }
                at += 2;
            }
            "private" | "global" | "rule" => match part(text, &tokens, at) {
                Ok((part, next)) => {
                    if part.has_condition {
                        parts.push(part);
                    } else {
                        if bad.len() >= MAX_TOLD {
                            bad.push((place(part.start), "what follows is not read".into()));
                            break;
                        }
                        bad.push((
                            place(part.start),
                            format!("the rule `{}` has no condition", part.name),
                        ));
                    }
                    at = next;
                }
                // Where the file is broken, that was told.
                Err(why) if bad.is_empty() => {
                    bad.push((place(token.start), why.to_owned()));
                    break;
                }
                Err(_) => break,
            },
            other => {
                bad.push((place(token.start), format!("`{other}` begins no rule")));
                break;
            }
        }
    }
    (rules(text, &parts, &imports), bad)
}

/// What goes out: each rule by itself, or all as one where they need one another.
fn rules(text: &str, parts: &[Part], imports: &str) -> Vec<Rule> {
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    let all: HashSet<&str> = names.iter().copied().collect();
    let needs = |part: &Part| {
        let mut others = part.words.iter().filter(|word| **word != part.name);
        part.is_for_others || others.any(|word| all.contains(word.as_str()))
    };
    let copied = imports.len().saturating_mul(parts.len());
    if parts.len() > 1 && (copied > MAX_COPIED || parts.iter().any(needs)) {
        let (start, end) =
            (parts.first().map_or(0, |one| one.start), parts.last().map_or(0, |one| one.end));
        let whole = format!("{imports}{}", text.get(start..end).unwrap_or_default());
        let mut rule = Rule::new("yara", &whole);
        rule.name = Some(names.join(", "));
        return vec![rule];
    }
    let rules = parts.iter().map(|part| {
        let whole = format!("{imports}{}", text.get(part.start..part.end).unwrap_or_default());
        let mut rule = Rule::new("yara", &whole);
        rule.name = Some(part.name.clone());
        rule
    });
    rules.collect()
}

/// Reads one rule, from its first word on.
fn part(text: &str, tokens: &[Token], from: usize) -> Result<(Part, usize), &'static str> {
    let word = |n: usize| tokens.get(n).map_or("", |token| token.word(text));
    let (mut at, mut is_for_others) = (from, false);
    while matches!(word(at), "private" | "global") {
        (at, is_for_others) = (at + 1, true);
    }
    let name = word(at + 1);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if word(at) != "rule" || !is_name {
        return Err("a rule has no name");
    }
    at += 2;
    while word(at) != "{" {
        if at >= tokens.len() || matches!(word(at), "rule" | "}") {
            return Err("a rule has no body");
        }
        at += 1;
    }
    let (mut depth, mut has_condition, mut words) = (0_usize, false, Vec::new());
    while let Some(token) = tokens.get(at) {
        match token.word(text) {
            "{" => depth += 1,
            "}" => depth -= 1,
            "condition" if depth == 1 && word(at + 1) == ":" => has_condition = true,
            other if has_condition => words.push(other.to_owned()),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            let start = tokens.get(from).map_or(0, |token| token.start);
            let (name, end) = (name.to_owned(), token.end);
            return Ok((Part { start, end, name, is_for_others, has_condition, words }, at));
        }
    }
    Err("the body of a rule is not closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "rule evil : apt {\n  meta:\n    a = \"}\"\n  strings:\n    $a = { 4D 5A [2-4] } // }\n    \
        $b = /a\\/}/\n  condition:\n    $a or $b\n}\n";

    #[test]
    fn imports_are_kept_once_and_no_file_makes_copies_without_end() {
        let text = format!("{}{ONE}", "import \"pe\"\n".repeat(10_000));
        let (rules, bad) = read(&text);
        assert!(bad.is_empty(), "{bad:?}");
        assert!(rules[0].pattern.starts_with("import \"pe\"\nrule evil"), "{}", rules[0].pattern);
        let many: Vec<String> = (0..2_000).map(|n| format!("import \"m{n}\"\n")).collect();
        let many = many.concat();
        let (_, bad) = read(&format!("{many}{ONE}"));
        assert!(bad.iter().any(|(_, why)| why.contains("too many imports")), "{bad:?}");
    }

    #[test]
    fn each_rule_is_one_with_the_imports_of_its_file() {
        let text = format!("import \"pe\"\n/* ours }} */\n{ONE}\n{}", ONE.replace("evil", "worse"));
        assert!(is_start(&text));
        let (rules, bad) = read(&text);
        assert!(bad.is_empty(), "{bad:?}");
        let names: Vec<_> = rules.iter().map(|rule| rule.name.as_deref()).collect();
        assert_eq!(names, [Some("evil"), Some("worse")]);
        assert_eq!(rules.first().unwrap().pattern, format!("import \"pe\"\n{}", ONE.trim()));
    }

    #[test]
    fn rules_that_need_one_another_stay_together() {
        let text = format!("private {ONE}rule all {{ condition: evil and filesize < 10KB }}");
        let (rules, bad) = read(&text);
        assert!(bad.is_empty(), "{bad:?}");
        assert_eq!(rules.len(), 1);
        assert_eq!(rules.first().unwrap().name.as_deref(), Some("evil, all"));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_hides_nothing_before_it() {
        for (text, line, why) in [
            (
                format!("{ONE}rule b {{\n strings: $a = \"x\n condition: $a }}"),
                11,
                "not closed on its line",
            ),
            (format!("{ONE}rule b {{ strings: $a = \"x\" }}"), 10, "has no condition"),
            (format!("{ONE}rule b {{ condition: true"), 10, "not closed"),
            (format!("{ONE}/* b"), 10, "a comment is not closed"),
            (format!("{ONE}what"), 10, "begins no rule"),
        ] {
            let (rules, bad) = read(&text);
            assert_eq!(rules.len(), 1, "{text}");
            let (at, told) = bad.first().unwrap();
            assert!(*at == format!("line {line}") && told.contains(why), "{at}: {told}");
        }
    }
}
