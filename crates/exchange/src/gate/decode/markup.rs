//! Markup taken out of a text: tags of HTML, comments, tags in square brackets, links of Markdown,
//! commands of TeX. What is shown is one word, whatever stands in the middle of it: `An<b>t</b>on`.

/// Longest tag or comment that is taken out, in bytes; what is longer is text.
const MAX_TAG: usize = 500;
/// Tags in square brackets, as forums have them.
const BRACKETED: &[&str] =
    &["b", "i", "u", "s", "color", "size", "font", "url", "sub", "sup", "code", "quote", "spoiler"];
/// Tags that end a line or a paragraph, and so a word.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// Elements of which nothing is shown.
const UNSHOWN: &[&str] =
    &["style", "script", "template", "noscript", "noframes", "noembed", "datalist", "rp", "del"];
/// What an attribute says of an element of which nothing is shown, without its blanks.
const HIDING: &[&str] = &[
    "hidden",
    "display:none",
    "visibility:hidden",
    "visibility:collapse",
    "font-size:0",
    "opacity:0",
];
/// Longest content of such an element that is taken out, in bytes; what is longer is read as if it were
/// shown.
const MAX_UNSHOWN: usize = 4_000;

/// `None` when there is none. What stood inside of tags follows the text.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut inside = String::new();
    let (mut found, mut tex) = (false, false);
    let mut rest = text;
    while let Some(at) = rest.find(['<', '[', ']', '\\', '{', '}']) {
        let (before, from) = rest.split_at_checked(at)?;
        out.push_str(before);
        let taken = match from.as_bytes().first() {
            Some(b'<') => tag(from),
            Some(b'[') => bracketed(from).or_else(|| opens_link(from)),
            Some(b']') => link(from),
            Some(b'\\' | b'{') => command(from).inspect(|_| tex = true),
            _ => tex.then_some(Taken { length: 1, inside: "", ends_word: false }),
        };
        let length = taken.as_ref().map_or(1, |taken| taken.length);
        let (piece, after) = from.split_at_checked(length)?;
        if let Some(taken) = taken {
            found = true;
            out.push_str(if taken.ends_word { "\n" } else { "" });
            if !taken.inside.is_empty() {
                inside.push_str(super::APART);
                inside.push_str(taken.inside);
            }
        } else {
            out.push_str(piece);
        }
        rest = after;
    }
    out.push_str(rest);
    out.push_str(&inside);
    found.then_some(out)
}

/// What is taken out at one place.
struct Taken<'a> {
    length: usize,
    /// What it says itself, as in an attribute.
    inside: &'a str,
    ends_word: bool,
}

/// A tag or a comment of HTML.
fn tag(from: &str) -> Option<Taken<'_>> {
    if let Some(comment) = from.strip_prefix("<!--") {
        let end = comment.find("-->").filter(|end| *end <= MAX_TAG)?;
        return Some(Taken { length: 4 + end + 3, inside: comment.get(..end)?, ends_word: false });
    }
    let body = from.strip_prefix('<')?;
    let mut quote = None;
    let ends = |c: char| {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(_) | None => {}
        }
        quote.is_none() && matches!(c, '<' | '>')
    };
    // A quotation mark that nothing closes is not one.
    let end = body.find(ends).or_else(|| body.find(['<', '>'])).filter(|end| *end <= MAX_TAG)?;
    let inside = body.get(..end).filter(|_| body.as_bytes().get(end) == Some(&b'>'))?;
    let name = inside.trim_start_matches(['/', '!', '?']);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    if is_unshown(inside, name)
        && let Some(content) = content(body.get(end + 1..)?, name)
    {
        let length = end + 2 + content.length;
        return Some(Taken { length, inside: content.inside, ends_word: false });
    }
    let ends_word = BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block));
    // A name alone says nothing.
    let inside = if inside.contains(|c: char| c.is_whitespace()) { inside } else { "" };
    Some(Taken { length: end + 2, inside, ends_word })
}

/// Whether a tag opens an element of which nothing is shown.
fn is_unshown(inside: &str, name: &str) -> bool {
    let attributes = inside.get(name.len()..).unwrap_or_default();
    if inside.starts_with('/') || attributes.ends_with('/') {
        return false;
    }
    let attributes: String =
        attributes.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    UNSHOWN.iter().any(|one| name.eq_ignore_ascii_case(one))
        || HIDING.iter().any(|one| attributes.contains(one))
}

/// The content of an element, with the tag that ends it.
fn content<'a>(after: &'a str, name: &str) -> Option<Taken<'a>> {
    let near = after.get(..after.floor_char_boundary(MAX_UNSHOWN))?;
    for (at, _) in near.match_indices("</") {
        let rest = after.get(at + 2..)?;
        let is_its_end = rest.get(..name.len()).is_some_and(|one| one.eq_ignore_ascii_case(name));
        if is_its_end {
            let end = rest.find('>').filter(|end| *end <= MAX_TAG)?;
            return Some(Taken {
                length: at + 2 + end + 1,
                inside: after.get(..at)?,
                ends_word: false,
            });
        }
    }
    None
}

/// A tag in square brackets.
fn bracketed(from: &str) -> Option<Taken<'_>> {
    let body = from.strip_prefix('[')?;
    let end = body.find(['[', ']']).filter(|end| *end <= MAX_TAG)?;
    let inside = body.get(..end).filter(|_| body.as_bytes().get(end) == Some(&b']'))?;
    let name = inside.trim_start_matches('/');
    let (name, value) = name.split_once('=').unwrap_or((name, ""));
    let known = BRACKETED.iter().any(|tag| name.eq_ignore_ascii_case(tag));
    known.then_some(Taken { length: end + 2, inside: value, ends_word: false })
}

/// The bracket before the words of a link, as Markdown has it: `[words](address)`.
fn opens_link(from: &str) -> Option<Taken<'_>> {
    let body = from.strip_prefix('[')?;
    let end = body.find(['[', ']']).filter(|end| *end <= MAX_TAG)?;
    let whole = link(body.get(end..)?).is_some();
    whole.then_some(Taken { length: 1, inside: "", ends_word: false })
}

/// The address after the words of a link.
fn link(from: &str) -> Option<Taken<'_>> {
    let body = from.strip_prefix("](")?;
    let end = body.find([')', '\n']).filter(|end| *end <= MAX_TAG)?;
    let inside = body.get(..end).filter(|_| body.as_bytes().get(end) == Some(&b')'))?;
    Some(Taken { length: end + 3, inside, ends_word: false })
}

/// A command of TeX, with the brace before or after it: `\textbf{`, `{\it `.
fn command(from: &str) -> Option<Taken<'_>> {
    let (opened, body) = match from.strip_prefix('{') {
        Some(body) => (1, body.strip_prefix('\\')?),
        None => (0, from.strip_prefix('\\')?),
    };
    let end = body.find(|c: char| !c.is_ascii_alphabetic()).filter(|end| *end > 0)?;
    let wanted = if opened == 1 { b' ' } else { b'{' };
    let ends = body.as_bytes().get(end) == Some(&wanted) && end <= MAX_TAG;
    ends.then_some(Taken { length: opened + end + 2, inside: "", ends_word: false })
}
