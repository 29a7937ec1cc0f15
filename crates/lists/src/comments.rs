//! Comments of a list: kept for a note; what they say of the list's date and marking counts.

use crate::bounds::{MAX_COMMENTS, shown};
use crate::refused::Refused;
use crate::time;
use forewarn_stix::Timestamp;
use forewarn_stix::loss::Losses;
use forewarn_stix::marking::Tlp;

#[derive(Debug, Default)]
pub(crate) struct Comments {
    pub(crate) text: String,
    pub(crate) tlp: Option<Tlp>,
    pub(crate) dated: Option<Timestamp>,
    /// Whether rows have gone out: what is said of all of them comes too late.
    pub(crate) is_late: bool,
}

impl Comments {
    /// Takes a comment, with the sign before it.
    pub(crate) fn add(&mut self, line: u64, text: &str, lost: &mut Losses) -> Result<(), Refused> {
        let text = text.trim_start_matches(['#', ';', '!', '/']).trim();
        // A rule across the page says nothing.
        if !text.contains(char::is_alphanumeric) {
            return Ok(());
        }
        if let Some(level) = level(text) {
            let tlp = level.map_err(|why| Refused::Handling { line, why })?;
            if self.tlp.is_some_and(|known| known != tlp) {
                let why = format!("{tlp} contradicts another level of TLP in this list");
                return Err(Refused::Handling { line, why });
            }
            if self.is_late && self.tlp.is_none() {
                let why = format!("{tlp} stands after rows; it must stand before the first");
                return Err(Refused::Handling { line, why });
            }
            self.tlp = Some(tlp);
        }
        if self.dated.is_none() && !self.is_late {
            self.dated = date(text);
        }
        if self.text.len() + text.len() > MAX_COMMENTS {
            lost.add(format!("line {line}"), format!("a comment: `{}`", shown(text)));
            return Ok(());
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// The level of TLP that a text names, as `TLP:AMBER`; an error where it names one that is not known.
pub(crate) fn level(text: &str) -> Option<Result<Tlp, String>> {
    let lower = text.to_ascii_lowercase();
    let (_, rest) = lower.split_once("tlp:").or_else(|| lower.split_once("tlp="))?;
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '_' | '-');
    let word: String = rest.trim_start().chars().take_while(is_part).collect();
    Some(of_word(&word).ok_or_else(|| format!("`TLP:{}` is no level of TLP 2.0", shown(&word))))
}

/// The strictest level of TLP that a file of rules names anywhere: in a comment (`TLP:RED`), a tag
/// (`tlp.red`) or what is said of a rule (`tlp = "red"`).
pub(crate) fn strictest(text: &str) -> Option<Tlp> {
    let lower = text.to_ascii_lowercase();
    let levels = lower.match_indices("tlp").filter_map(|(at, word)| {
        let rest = lower.get(at + word.len()..)?.trim_start_matches([' ', '\t', '"', '\'']);
        let rest = rest.strip_prefix([':', '=', '.'])?;
        let rest = rest.trim_start_matches([' ', '\t', '"', '\'']);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '_' | '-');
        let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        of_word(rest.get(..end)?)
    });
    levels.max()
}

/// A level by its word; WHITE is what TLP 1 called CLEAR.
pub(crate) fn of_word(word: &str) -> Option<Tlp> {
    let word = word.trim();
    let is_white = word.eq_ignore_ascii_case("white") || word.eq_ignore_ascii_case("tlp:white");
    if is_white { Some(Tlp::Clear) } else { Tlp::parse(word) }
}

/// The date that a comment says the list has: `Last updated: 2026-11-20 10:00:00 (UTC)`.
fn date(text: &str) -> Option<Timestamp> {
    let (before, after) = text.split_once(':')?;
    let before = before.to_ascii_lowercase();
    let says = ["updated", "update", "generated", "modified", "created", "date", "published"];
    if !before.split(|c: char| !c.is_ascii_alphabetic()).any(|word| says.contains(&word)) {
        return None;
    }
    let words: Vec<&str> = after.split_whitespace().collect();
    (1..=words.len().min(3)).rev().find_map(|count| time::read(&words.get(..count)?.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_rules_is_marked_by_whatever_names_a_level_in_it() {
        for (text, level) in [
            ("# TLP:RED\ntitle: x", Some(Tlp::Red)),
            ("tags:\n  - tlp.amber+strict\n  - tlp.green", Some(Tlp::AmberStrict)),
            ("meta: tlp = \"WHITE\"", Some(Tlp::Clear)),
            ("<!-- TLP: GREEN -->", Some(Tlp::Green)),
            ("c2 = \"tlp.example\"", None),
        ] {
            assert_eq!(strictest(text), level, "{text}");
        }
    }

    #[test]
    fn a_list_says_its_date_and_its_marking_in_comments() {
        let (mut comments, mut lost) = (Comments::default(), Losses::default());
        comments.add(1, "##########", &mut lost).unwrap();
        comments.add(2, "# Last updated: 2026-11-20 10:00:00 (UTC)  #", &mut lost).unwrap();
        comments.add(3, "# TLP: AMBER+STRICT, for members", &mut lost).unwrap();
        assert_eq!(comments.dated.as_ref().map(Timestamp::as_str), Some("2026-11-20T10:00:00Z"));
        assert_eq!(comments.tlp, Some(Tlp::AmberStrict));
        assert!(comments.add(4, "# TLP:GREEN", &mut lost).is_err());
        assert!(comments.add(5, "# TLP:PURPLE", &mut lost).is_err());
        assert!(lost.is_empty());
    }
}
