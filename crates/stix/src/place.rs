//! Finds the bytes that a finding's path points at, so that an excerpt can be shown.

use std::ops::Range;

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
enum JsonStep {
    Name(String),
    Index(usize),
}

/// The byte range of the value at a path such as `$.external_references[2].url`. When that value is
/// not there, the range of the innermost value on the way to it. `None` when the path is malformed,
/// or the bytes are not JSON up to there.
pub fn find(bytes: &[u8], path: &str) -> Option<Range<usize>> {
    let mut reader = JsonWalker { bytes, at: 0 };
    reader.skip_white();
    let mut span = reader.value()?;
    for step in steps(path)? {
        let reader = JsonWalker { bytes, at: span.start };
        match reader.child(&step) {
            Some(inner) => span = inner,
            None => break,
        }
    }
    Some(span)
}

/// The steps of a path in the form that findings have.
fn steps(path: &str) -> Option<Vec<JsonStep>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            // A JSON string, which ends at the first quote that is not escaped.
            let bytes = rest.as_bytes();
            let mut reader = JsonWalker { bytes, at: 1 };
            let span = reader.value()?;
            steps.push(JsonStep::Name(serde_json::from_slice(bytes.get(span.clone())?).ok()?));
            rest = rest.get(span.end + 1..).filter(|_| !quoted.is_empty())?;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (digits, after) = index.split_once(']')?;
            steps.push(JsonStep::Index(digits.parse().ok()?));
            rest = after;
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(JsonStep::Name(name.get(..end)?.to_owned()));
            rest = name.get(end..)?;
        }
    }
    Some(steps)
}

/// Walks over JSON without building values.
struct JsonWalker<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl JsonWalker<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_white(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// The byte range of the next value. The walker moves past it.
    fn value(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.text()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                _ if depth > 0 => self.at += 1,
                _ => {
                    let ends = |b: u8| matches!(b, b',' | b'}' | b']') || b.is_ascii_whitespace();
                    while self.peek().is_some_and(|b| !ends(b)) {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return (self.at > start).then_some(start..self.at);
            }
        }
    }

    fn text(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let byte = self.peek()?;
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return Some(());
            }
        }
    }

    /// The byte range of a property or element of the value that begins here.
    fn child(mut self, step: &JsonStep) -> Option<Range<usize>> {
        let is_object = self.peek()? == b'{';
        self.at += 1;
        for n in 0.. {
            self.skip_white();
            let mut expected = *step == JsonStep::Index(n) && !is_object;
            if is_object {
                let key = self.value()?;
                let key: String = serde_json::from_slice(self.bytes.get(key)?).ok()?;
                expected = *step == JsonStep::Name(key);
                self.skip_white();
                self.at += 1; // the colon
                self.skip_white();
            }
            let span = self.value()?;
            if expected {
                return Some(span);
            }
            self.skip_white();
            if self.peek()? != b',' {
                return None;
            }
            self.at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text<'a>(json: &'a str, path: &str) -> Option<&'a str> {
        find(json.as_bytes(), path).and_then(|span| json.get(span))
    }

    #[test]
    fn a_path_leads_to_its_value_or_as_far_as_there_is_one() {
        let json = r#" { "a" : [1, {"b c":"x\"]"} ] , "d":-1.5,"e":{} } "#;
        assert_eq!(text(json, "$.a[0]"), Some("1"));
        assert_eq!(text(json, "$.a[1][\"b c\"]"), Some(r#""x\"]""#));
        assert_eq!(text(json, "$.d"), Some("-1.5"));
        assert_eq!(text(json, "$.e.missing"), Some("{}"));
        assert_eq!(text(json, "$.a[7]"), Some(r#"[1, {"b c":"x\"]"} ]"#));
        assert_eq!(text("{\"a\":", "$.a"), None);
        assert_eq!(text("7", "nonsense"), None);
    }

    proptest! {
        #[test]
        fn any_path_of_any_object_is_found(names in prop::collection::vec(".{0,5}", 1..4), value in any::<String>()) {
            let leaf = serde_json::Value::from(value);
            let json = names.iter().rev().fold(leaf.clone(), |inner, name| serde_json::json!({"first": 1, name: inner}));
            let at = names.iter().fold("$".to_owned(), |at, name| format!("{at}[{}]", serde_json::Value::from(name.as_str())));
            let bytes = json.to_string();
            let span = find(bytes.as_bytes(), &at).unwrap();
            prop_assert_eq!(bytes.get(span).map(str::to_owned), Some(leaf.to_string()));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..100), path in "[$.a\\[\\]\"0-9]{0,12}") {
            let _ = find(&bytes, &path);
        }
    }
}
