//! Links that a mail gateway or a search page has wrapped: the address that is meant stands in the query.

use percent_encoding::percent_decode_str;

/// Beginnings of wrapped addresses, with the names of the parameter that holds what is meant.
const WRAPPERS: &[(&str, &str)] = &[
    (".safelinks.protection.outlook.com/", "url="),
    ("urldefense.proofpoint.com/v2/url", "u="),
    ("www.google.com/url", "q="),
    ("l.facebook.com/l.php", "u="),
    ("linkprotect.cudasvc.com/url", "a="),
];

/// A text with the addresses that are meant in the place of those that were wrapped.
pub(crate) fn in_text(text: &str) -> String {
    if !WRAPPERS.iter().any(|(host, _)| text.contains(host)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || "<>\"()".contains(c)) {
        let end = piece.trim_end_matches(|c: char| c.is_whitespace() || "<>\"()".contains(c)).len();
        let (word, rest) = piece.split_at(end);
        match meant(word) {
            Some(address) => out.push_str(&address),
            None => out.push_str(word),
        }
        out.push_str(rest);
    }
    out
}

/// The address that a wrapped one stands for.
fn meant(word: &str) -> Option<String> {
    let begin = word.find("https://").or_else(|| word.find("http://"))?;
    let (before, address) = word.split_at(begin);
    let (host, parameter) = WRAPPERS.iter().find(|(host, _)| address.contains(host))?;
    let query = address.split_once('?')?.1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(parameter))?;
    let decoded = if host.contains("proofpoint") {
        // Its own way: `-` for `%`, `_` for `/`.
        let percent = value.replace('_', "/").replace('-', "%");
        percent_decode_str(&percent).decode_utf8().ok()?.into_owned()
    } else {
        percent_decode_str(value).decode_utf8().ok()?.into_owned()
    };
    let is_address = decoded.starts_with("http://") || decoded.starts_with("https://");
    is_address.then(|| format!("{before}{decoded}"))
}
