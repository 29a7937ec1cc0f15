//! Countries whose dialling code a text gives, or a domain of whose authorities: `+371 …` and `ministry.gov.lv` tell of
//! Latvia, though nobody names it.

use crate::Span;
use std::sync::LazyLock;

/// Codes with their countries, the longest first.
static CODES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../gazetteer/dialling.txt").lines();
    let mut codes: Vec<(&str, &str)> = lines
        .filter_map(|line| line.split_once('|'))
        .map(|(country, code)| (code, country))
        .collect();
    codes.sort_by_key(|(code, _)| std::cmp::Reverse(code.len()));
    codes
});
/// Fewest digits of a telephone number with its code.
const DIGITS: usize = 8;
/// Most bytes that are read of one.
const MOST: usize = 24;

/// Each telephone number with a code, and each domain of a government, with the country that it tells of.
pub(crate) fn find(text: &str) -> Vec<(Span, &str)> {
    let pluses = memchr::memchr_iter(b'+', text.as_bytes());
    let points = memchr::memchr_iter(b'.', text.as_bytes());
    let numbers = pluses.filter_map(|start| number(text, start));
    numbers.chain(points.filter_map(|at| domain(text, at))).collect()
}

/// Second levels of domains that only a country's authorities have.
const AUTHORITIES: &[&str] = &["gov", "gob", "gouv", "mil", "police"];

/// What the domain of an authority tells of, from the point before the code of its country: `ministry.gov.om`.
fn domain(text: &str, point: usize) -> Option<(Span, &str)> {
    let code = text.get(point + 1..point + 3)?;
    let ends = text.get(point + 3..)?.chars().next();
    let is_end = !ends.is_some_and(|c| c.is_alphanumeric() || c == '-');
    let before = text.get(..point)?;
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| {
        at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let is_code = code.bytes().all(|b| b.is_ascii_lowercase());
    let is_authority = AUTHORITIES.contains(&before.get(start..)?);
    let code = if code == "uk" { "gb" } else { code };
    (is_code && is_end && is_authority).then_some((Span { start, end: point + 3 }, code))
}

fn number(text: &str, start: usize) -> Option<(Span, &'static str)> {
    let rest = text.as_bytes().get(start + 1..)?;
    let is_part = |byte: &u8| byte.is_ascii_digit() || b" -.()/".contains(byte);
    let length = rest.iter().take(MOST).take_while(|byte| is_part(byte)).count();
    let digits: Vec<u8> =
        rest.iter().take(length).filter(|b| b.is_ascii_digit()).copied().collect();
    if digits.len() < DIGITS || !rest.first()?.is_ascii_digit() {
        return None;
    }
    let digits = std::str::from_utf8(&digits).ok()?;
    let known = CODES.iter().find(|(code, _)| digits.starts_with(code))?;
    Some((Span { start, end: start + 1 + length }, known.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_of_the_country_of_its_longest_code() {
        let countries = |text| find(text).iter().map(|(_, country)| *country).collect::<Vec<_>>();
        assert_eq!(
            countries("Ring +371 67 000 000 or +7 727 555 00 00, not +5 or 1+1."),
            ["LV", "KZ"]
        );
        assert_eq!(countries("a+b, 3 + 4, +44"), [""; 0]);
    }

    #[test]
    fn a_domain_of_a_government_tells_of_its_country() {
        let countries = |text| find(text).iter().map(|(_, country)| *country).collect::<Vec<_>>();
        assert_eq!(
            countries("all *.gov.om hosts; mail a@b.gob.mx, www.gov.uk"),
            ["om", "mx", "gb"]
        );
        assert_eq!(countries("see gov.example, gov.uka, a.b.c, x.go, gov."), [""; 0]);
    }
}
