//! What a body is that is not what a feed's server speaks: a web page, or XML.

use crate::egress::Answer;
use forewarn_exchange::feed::Kind;
use hyper::header::CONTENT_TYPE;

/// Most bytes of a page that are looked at.
const MAX_LOOKED_AT: usize = 16 << 10;
/// Most characters of a title that are told.
const MAX_TITLE: usize = 100;

/// What an answer is, in words, when it is not JSON but a document for people or of another
/// protocol: `a web page, not TAXII: Sign in`.
pub(super) fn other_document(wanted: Kind, answer: &Answer) -> Option<String> {
    let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    of_bytes(wanted, kind.unwrap_or_default(), &answer.body)
}

fn of_bytes(wanted: Kind, kind: &str, body: &[u8]) -> Option<String> {
    let start = body.get(..MAX_LOOKED_AT).unwrap_or(body);
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // What begins like JSON is read as JSON, whatever it is called.
    if text.is_empty() || text.starts_with(['{', '[']) {
        return None;
    }
    let kind = kind.to_ascii_lowercase();
    // Letters of ASCII only change: places are the same in both.
    let lower = text.to_ascii_lowercase();
    let is_page = kind.contains("html")
        || ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| lower.starts_with(tag))
        || (lower.starts_with('<') && lower.contains("<html"));
    if is_page {
        let title = between(text, &lower, "<title", "</title").or_else(|| heading(text, &lower));
        return Some(match title {
            Some(title) => format!("a web page, not {}: {title}", wanted.protocol()),
            None => format!("a web page, not {}", wanted.protocol()),
        });
    }
    if text.starts_with('<') || kind.contains("xml") {
        let old = ["taxii_11", "taxii-1", "taxii_message"].iter().any(|one| lower.contains(one));
        return Some(if old && wanted.is_taxii() {
            "TAXII 1, not TAXII 2.1".to_owned()
        } else {
            format!("XML, not {}", wanted.protocol())
        });
    }
    None
}

fn heading(text: &str, lower: &str) -> Option<String> {
    between(text, lower, "<h1", "</h1").or_else(|| between(text, lower, "<body", "</body"))
}

/// The words between two tags, without the tags among them.
fn between(text: &str, lower: &str, open: &str, close: &str) -> Option<String> {
    let tag = lower.find(open)? + open.len();
    let from = tag + lower.get(tag..)?.find('>')? + 1;
    let to = lower.get(from..)?.find(close).map_or(text.len(), |at| from + at);
    let mut in_tag = false;
    let words = text.get(from..to)?.chars().filter_map(|c| match c {
        '<' => {
            in_tag = true;
            Some(' ')
        }
        '>' if in_tag => {
            in_tag = false;
            None
        }
        _ => (!in_tag).then_some(c),
    });
    let words: String = words.collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words: String = words.chars().take(MAX_TITLE).collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_by_its_title() {
        let told = |kind: &str, body: &str| of_bytes(Kind::Taxii, kind, body.as_bytes());
        for (body, expected) in [
            ("<!DOCTYPE html><html><head><TITLE lang=en>Sign\n in</TITLE>", "Sign in"),
            ("\u{feff}\n<html><body><h1>502 <b>Bad</b> Gateway</h1></body>", "502 Bad Gateway"),
            ("<html>Welcome</html>", ""),
            ("<?xml version='1.0'?><!-- x --><html><title>Old</title></html>", "Old"),
        ] {
            let words = told("", body).unwrap();
            assert!(words.starts_with("a web page, not TAXII"), "{words}");
            assert!(words.ends_with(expected), "{words}");
        }
        assert_eq!(told("text/html; charset=utf-8", "nothing").unwrap(), "a web page, not TAXII");
        let misp = of_bytes(Kind::Misp, "", b"<html><title>Users - MISP</title>").unwrap();
        assert_eq!(misp, "a web page, not MISP: Users - MISP");
        assert_eq!(told("text/xml", "<a/>").unwrap(), "XML, not TAXII");
        let old = "<taxii_11:Status_Message xmlns:taxii_11='x'/>";
        assert_eq!(told("", old).unwrap(), "TAXII 1, not TAXII 2.1");
        for (kind, body) in [("text/html", "{}"), ("", ""), ("", "not JSON"), ("", " [1]")] {
            assert_eq!(told(kind, body), None, "{body}");
        }
    }
}
