//! Values that stand inside others, or under names that the standard does not have: by their form,
//! and with no more strength than a sentence has.

use super::reading::At;
use super::{Place, Standing, Term, Terms};
use crate::interest::written::{self, network, plain};
use forewarn_extract::observable::{self, Observable, ObservableKind};
use forewarn_extract::{Span, bounded};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Most terms of one item that are found inside other values: they leave room for what it states.
pub(super) const MAX_INSIDE: usize = 2_000;
/// How many times what stands in a URL is decoded: a redirection within another.
const MAX_DECODED: usize = 3;
/// Last parts of names of files before which a host can stand: `acme.example.pdf`.
const ENDINGS: &[&str] = &[
    "exe", "dll", "txt", "pdf", "doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "zip",
    "rar", "7z", "iso", "img", "lnk", "js", "jse", "vbs", "hta", "html", "htm", "png", "jpg",
    "eml", "msg", "rtf", "apk", "msi", "scr", "bat", "cmd", "ps1", "jar", "gz", "tar", "crt",
    "cer", "pem", "log", "csv", "json", "xml",
];

impl<'a> Terms<'a> {
    /// What stands in a value at an object path of the standard.
    pub(super) fn read_inside_of(&mut self, path: &str, value: &str, standing: Standing, at: At) {
        self.read_inside(value, standing, at);
        if path.starts_with("file:") && path.ends_with("name") {
            // Underscores part words there, and a host may stand before the ending.
            let words = value.replace(['_', ' ', '(', ')'], " ");
            for word in words.split_whitespace() {
                let stem = word
                    .rsplit_once('.')
                    .filter(|(_, end)| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(end)));
                let host = stem.map_or(word, |(stem, _)| stem);
                if host.len() < value.len() {
                    self.find_inside(host, standing.min(Standing::Told), at, None);
                }
            }
        }
    }

    /// What stands in a text by its form: all of it, or parts.
    pub(super) fn read_inside(&mut self, text: &str, standing: Standing, at: At) {
        let standing = standing.min(Standing::Told);
        let whole = text.trim();
        if let Some(net) = network(whole).filter(|_| whole.contains(['.', ':'])) {
            self.push_inside(Term::Address(plain(net)), standing, at);
        } else if written::is_hash(whole) {
            let digits = Cow::Owned(whole.to_ascii_lowercase());
            self.push_inside(Term::Hash(digits), standing, at);
        } else {
            if let Some(number) = as_number(whole) {
                self.push_inside(Term::AsNumber(number), standing, at);
            }
            self.find_inside(text, standing, at, Some(Span { start: 0, end: text.len() }));
            if text.contains('%') {
                let plain = decoded(bounded(text));
                if plain != bounded(text) {
                    self.find_inside(&plain, standing, at, None);
                }
            }
        }
    }

    /// A number under a name of somebody's own: of an autonomous system, where the name says so.
    pub(super) fn read_number_inside(&mut self, name: &str, number: f64, at: At) {
        let name = name.to_ascii_lowercase().replace(['-', '_'], "");
        let is_named = ["asn", "asnumber", "autonomoussystem", "autonomoussystemnumber"];
        if is_named.iter().any(|known| name.ends_with(known)) {
            self.push_as_number(number, Standing::Told, at);
        }
    }

    /// What stands in a URL before and after its host, decoded: where it leads on to, and for whom.
    pub(super) fn read_inside_url(&mut self, url: &str, standing: Standing, at: At) {
        let standing = standing.min(Standing::Told);
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end).unwrap_or_default();
        if let Some((user, _)) = authority.rsplit_once('@') {
            self.find_inside(&decoded(user), standing, at, None);
        }
        let tail = decoded(tail);
        if tail.contains(['.', '@', ':', '-']) {
            self.find_inside(&tail, standing, at, None);
        }
    }

    /// `whole` is where the text stands; `None` when it is not as it was written.
    fn find_inside(&mut self, text: &str, standing: Standing, at: At, whole: Option<Span>) {
        for seen in observable::find(bounded(text)) {
            if self.inside >= MAX_INSIDE {
                return;
            }
            let from = self.found.len();
            self.read_seen(&seen, standing);
            let span = whole.map(|_| seen.span);
            self.move_to(from, Place { at: Some(at), span, correction: None }, standing);
            self.inside += self.found.len() - from;
        }
    }

    fn push_inside(&mut self, term: Term<'a>, standing: Standing, at: At) {
        if self.inside < MAX_INSIDE {
            self.inside += 1;
            self.push(term, standing, Some(at));
        }
    }

    /// An observable that was found in a text; where it stands is for the caller to say.
    pub(super) fn read_seen(&mut self, seen: &Observable, standing: Standing) {
        let (value, at) = (seen.value.as_str(), At::NOWHERE);
        match seen.kind {
            ObservableKind::Url => self.read_url(value, standing, at),
            ObservableKind::EmailAddr => self.push_email(value, standing, at),
            ObservableKind::Ipv4Addr | ObservableKind::Ipv6Addr | ObservableKind::DomainName => {
                self.push_host(value, standing, at);
            }
            ObservableKind::CryptocurrencyWallet => {}
            ObservableKind::FileHash => {
                self.push_hash(value, standing, Place { at: None, span: None, correction: None });
            }
            ObservableKind::Vulnerability => {
                let number = Cow::Owned(value.to_ascii_uppercase());
                self.push(Term::Cve(number), standing, Some(at));
            }
        }
    }

    /// Says of the terms from a number on where they stand.
    pub(super) fn move_to(&mut self, from: usize, place: Place, standing: Standing) {
        for found in self.found.iter_mut().skip(from) {
            found.place = place;
            found.standing = standing;
        }
    }
}

/// `AS64496`, `ASN 64496`, `AS64496 Acme Networks`.
pub(super) fn as_number(text: &str) -> Option<u32> {
    let rest = text.strip_prefix("AS").or_else(|| text.strip_prefix("as"))?;
    let rest = rest.strip_prefix(['N', 'n']).unwrap_or(rest);
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at_checked(end)?;
    let ends = after.is_empty() || after.starts_with([' ', ',', ';', ')']);
    ends.then(|| digits.parse().ok()).flatten()
}

/// A part of a URL without percent-encoding, which may be there several times over.
fn decoded(part: &str) -> String {
    let mut text = part.to_owned();
    for _ in 0..MAX_DECODED {
        if !text.contains('%') {
            break;
        }
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    text
}
