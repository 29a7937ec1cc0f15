//! Whether a word that could be the name of a small place is one: what stands beside it, and whether the
//! rest of the report speaks of the country. `Devon` may be a person, `Mon` a day, `GREEN` a colour.

use crate::gazetteer::PlaceKind;
use crate::named::{Named, Possible};
use crate::words::Words;
use crate::world::{Meaning, WorldKind};
use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Usual words and people's names that are names of places too: see `gazetteer/usual.py`.
static USUAL: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../model/common.txt").lines().collect());
/// Words after which a place is named, in languages written with spaces.
const LOCATIVE: &str = "in at near outside from to inside toward towards across downtown around \
    en cerca desde hacia a hasta à dans près depuis vers em no na perto bei nach aus nahe bis presso verso vicino da \
    te naar uit bij в во из под около на у до при від із w we z ze pod koło koło v ve do u din la i från \
    di ke dari dekat ở tại từ في من الى إلى قرب در از به में से ב مدينة مدينه بلدة محافظة town city village villages \
    province district region város stad stadt ville ciudad cidade città городе город селе поселке місті";
static PLACED: LazyLock<HashSet<String>> =
    LazyLock::new(|| LOCATIVE.split_whitespace().map(|word| Words::new(word).folded()).collect());
/// What stands right after a place in scripts without spaces.
const AFTER: &str = "市县縣区區省州镇鎮町村府都県で的在";
/// What stands right before one.
const BEFORE: &str = "在于於赴从從至";
/// As powers of two, the people of places that need less beside them.
const LARGE: u8 = 17;
const VERY_LARGE: u8 = 20;
/// Letters without capitals, how long a short word is in them, and the countries that write so.
const SCRIPTS: &[(RangeInclusive<char>, usize, &[&str])] = &[
    ('\u{590}'..='\u{5ff}', 4, &["IL", "PS"]),
    (
        '\u{600}'..='\u{6ff}',
        5,
        &[
            "AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "IQ", "IR", "JO", "KM", "KW", "LB", "LY",
            "MA", "MR", "OM", "PK", "PS", "QA", "SA", "SD", "SO", "SY", "TD", "TN", "YE",
        ],
    ),
    ('\u{900}'..='\u{97f}', 5, &["IN", "NP"]),
    ('\u{980}'..='\u{9ff}', 5, &["BD", "IN"]),
    ('\u{e00}'..='\u{e7f}', 4, &["TH"]),
    ('\u{3040}'..='\u{30ff}', 2, &["JP"]),
    ('\u{4e00}'..='\u{9fff}', 2, &["CN", "HK", "JP", "KR", "MO", "MY", "SG", "TW"]),
];
/// More than can speak for a name.
const NEVER: i32 = 9;
/// How many words of a report its place and day take, and how many may stand above them.
const DATELINE: usize = 4;
const HEAD: usize = 40;

/// What is known of a report when its names are doubted.
pub(crate) struct Doubt<'a> {
    pub(crate) text: &'a str,
    pub(crate) words: &'a Words,
    pub(crate) is_capitals: bool,
    /// Of English, most usual words are known.
    pub(crate) is_english: bool,
    /// Words that the text writes small somewhere.
    pub(crate) small: HashSet<&'a str>,
}

/// Whether a place is named after a word.
pub(crate) fn is_placed(before: &str) -> bool {
    PLACED.contains(before)
}

/// Whether a word is a usual one, or a person's name.
pub(crate) fn is_usual(word: &str) -> bool {
    USUAL.contains(word)
}

impl Doubt<'_> {
    /// Leaves of each name only what it is likely to mean.
    pub(crate) fn sift(&self, possible: &mut Vec<Possible>, sure: &[Named]) {
        let support = self.support(possible, sure);
        for one in possible.iter_mut() {
            let beside = self.beside(one);
            let needed = self.needed(one);
            let has_case = self.has_case(one);
            let (first, end) = (one.first, one.end);
            let script = if has_case { None } else { self.short_in(one) };
            let speaks = |meaning: &Meaning| {
                let elsewhere = support.get(meaning.country).is_some_and(|words| {
                    words.iter().any(|known| *known != self.words.part(first, end))
                });
                let size = match meaning.people {
                    VERY_LARGE.. => 2,
                    _ if !has_case && meaning.kind == WorldKind::Region => 2,
                    LARGE.. => 1,
                    _ => 0,
                };
                // In some language a usual word of another is the name of a country.
                let needed = match meaning.kind {
                    WorldKind::Country if has_case => needed - 1,
                    WorldKind::Country if needed < NEVER => 0,
                    _ => needed,
                };
                let is_far = script.is_some_and(|home| !home.contains(&meaning.country))
                    && meaning.kind != WorldKind::Country
                    && meaning.people < VERY_LARGE;
                beside + size + i32::from(elsewhere) >= needed + i32::from(is_far)
            };
            if !one.meanings.iter().any(speaks) {
                one.meanings.clear();
            }
        }
        possible.retain(|one| !one.meanings.is_empty());
    }

    /// By country, names that are no usual words.
    fn support(
        &self,
        possible: &[Possible],
        sure: &[Named],
    ) -> HashMap<&'static str, HashSet<String>> {
        let mut support: HashMap<&'static str, HashSet<String>> = HashMap::new();
        for one in sure {
            support.entry(one.country).or_default().insert(self.words.part(one.first, one.end));
        }
        for one in possible {
            let is_plain = self.needed(one) < 2 || one.meanings.iter().any(|m| m.people >= LARGE);
            for meaning in one.meanings.iter().filter(|m| is_plain && carries(m)) {
                support
                    .entry(meaning.country)
                    .or_default()
                    .insert(self.words.part(one.first, one.end));
            }
        }
        support
    }

    /// How much must speak for a name.
    fn needed(&self, one: &Possible) -> i32 {
        let written = self.text.get(one.span.start..one.span.end).unwrap_or_default();
        let initial = written.chars().next().unwrap_or(' ');
        let is_one = one.end == one.first + 1;
        if crate::fold::is_word_alone(initial) {
            let is_whole = !is_katakana(initial) || !self.is_cut(one);
            return match written.chars().count() {
                _ if !is_whole || written.chars().all(is_hiragana) => NEVER,
                _ if is_katakana(initial) => 1,
                0..=2 => 2,
                _ => 1,
            };
        }
        let word = self.words.word(one.first);
        match (is_one, self.has_case(one)) {
            (true, true) if is_usual(word) || self.small.contains(word) => 2,
            (true, true) => i32::from(!self.is_english),
            (true, false) => 2,
            (false, _) => 0,
        }
    }

    /// Of a short name in letters without capitals, the countries that write so: abroad, what is spelt like
    /// it is more often a usual word.
    fn short_in(&self, one: &Possible) -> Option<&'static [&'static str]> {
        let written = self.text.get(one.span.start..one.span.end).unwrap_or_default();
        let count = written.chars().count();
        let initial = written.chars().next()?;
        let script = SCRIPTS.iter().find(|(letters, _, _)| letters.contains(&initial));
        script.filter(|(_, short, _)| count <= *short).map(|(_, _, home)| *home)
    }

    /// Whether a name is written in letters that can be capitals.
    fn has_case(&self, one: &Possible) -> bool {
        let initial = self.text.get(one.span.start..).and_then(|rest| rest.chars().next());
        initial.is_some_and(|c| c.is_uppercase() || c.is_lowercase())
    }

    /// Whether a name in katakana is only a part of the word.
    fn is_cut(&self, one: &Possible) -> bool {
        let before = self.text.get(..one.span.start).and_then(|text| text.chars().next_back());
        let after = self.text.get(one.span.end..).and_then(|text| text.chars().next());
        before.is_some_and(is_katakana) || after.is_some_and(is_katakana)
    }

    /// What speaks for a name beside it.
    fn beside(&self, one: &Possible) -> i32 {
        let before = one.first.checked_sub(1).map(|at| self.words.word(at)).unwrap_or_default();
        let mut points = i32::from(PLACED.contains(before));
        let after = self.text.get(one.span.end..).unwrap_or_default();
        let earlier = self.text.get(..one.span.start).unwrap_or_default();
        points += i32::from(after.starts_with(|c| AFTER.contains(c)));
        points += i32::from(earlier.ends_with(|c| BEFORE.contains(c)));
        let mut next = after.chars();
        if matches!(next.next(), Some('\'' | '’')) && next.next().is_some_and(char::is_lowercase)
        {
            // In Turkish, a case's ending stands behind an apostrophe; in English, only an s does.
            points += i32::from(
                !after.get(1..).is_some_and(|rest| rest.trim_start_matches('’').starts_with("s ")),
            );
        }
        let begins =
            earlier.trim_end_matches(' ').ends_with(['\n', '·', '(', '【', '>', '-', '–', '—']);
        let is_first = (one.end <= DATELINE || begins && one.first < HEAD) && is_closed(after);
        points += i32::from(is_first && !is_usual(self.words.word(one.first)));
        if !self.is_capitals {
            points -= i32::from(self.is_name_after(one)) + i32::from(self.is_name_before(one));
        }
        points
    }

    /// Whether a word with a capital follows, as in a person's name.
    fn is_name_after(&self, one: &Possible) -> bool {
        let after = self.text.get(one.span.end..).unwrap_or_default();
        after.strip_prefix(' ').is_some_and(|rest| {
            let mut chars = rest.chars();
            chars.next().is_some_and(char::is_uppercase)
                && chars.next().is_some_and(char::is_lowercase)
        })
    }

    /// Whether a person's first name stands before.
    fn is_name_before(&self, one: &Possible) -> bool {
        let Some(at) = one.first.checked_sub(1) else { return false };
        let span = self.words.span(at, one.first);
        let between = self.text.get(span.end..one.span.start).unwrap_or_default();
        let mut chars = self.text.get(span.start..span.end).unwrap_or_default().chars();
        let is_capital = chars.next().is_some_and(char::is_uppercase)
            && chars.next().is_none_or(char::is_lowercase);
        is_capital
            && (between == " " || between == ". ")
            && !PLACED.contains(self.words.word(at))
            && (is_usual(self.words.word(at)) || between == ". ")
            && self
                .text
                .get(..span.start)
                .is_some_and(|before| before.ends_with([' ', '(', '"', '“', '«']))
    }
}

/// Whether a place and day could end here: by a comma, a dash or a line.
fn is_closed(after: &str) -> bool {
    let rest = after.trim_start_matches(' ');
    rest.starts_with([',', '-', '–', '—', ':', '\n', '('])
}

/// Whether a meaning is one by which others are known.
fn carries(meaning: &Meaning) -> bool {
    meaning.kind != WorldKind::City || meaning.people >= 13
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー')
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

/// Words beside the name of a people where it is the name of a language.
const SPOKEN: &[&str] =
    &["speaking", "language", "edition", "version", "speaker", "speakers", "translation"];
const SPEAKS: &[&str] = &[
    "in",
    "into",
    "speak",
    "spoke",
    "speaks",
    "my",
    "broken",
    "poor",
    "fluent",
    "bad",
    "en",
    "em",
    "auf",
    "po",
    "written",
    "read",
    "reads",
    "translated",
];

/// Whether the name of a people stands for its language: `my English`, `in Russian.`, `French-speaking`.
pub(crate) fn is_language(text: &str, words: &Words, one: &Named) -> bool {
    if one.kind != PlaceKind::Nationality {
        return false;
    }
    if SPOKEN.contains(&words.word(one.end)) {
        return true;
    }
    let before = one.first.checked_sub(1).map(|at| words.word(at)).unwrap_or_default();
    let after = text.get(one.span.end..).unwrap_or_default();
    let mut rest = after.trim_start_matches(' ').chars();
    let is_end = !after.starts_with(' ') || rest.next().is_none_or(|c| !c.is_alphabetic());
    let is_joined =
        ["and", "or", "with", "is", "was", "y", "et", "und", "e"].contains(&words.word(one.end));
    (is_end || is_joined) && SPEAKS.contains(&before)
}

#[cfg(test)]
mod tests {
    use crate::reading::Reading;

    fn countries(text: &str) -> Vec<&'static str> {
        Reading::new(text).countries()
    }

    #[test]
    fn a_usual_word_or_a_persons_name_is_no_place() {
        for text in [
            "Devon says hello to everybody.",
            "TLP:GREEN, for members only.",
            "A hand grenade was found by the postman.",
            "Please tell us what happened.",
            "Mon, 3 Feb 2020, call Lincoln Baker.",
            "He wrote to my aunt in English, and badly.",
            "A French-speaking gang.",
        ] {
            assert!(countries(text).is_empty(), "{text}: {:?}", countries(text));
        }
    }

    #[test]
    fn a_small_place_is_one_where_it_is_said_to_be_or_its_country_is_named() {
        assert_eq!(countries("Two shots were fired in Zwickau on Monday."), ["DE"]);
        assert_eq!(countries("Villagers of Nampula fled; Mozambique sent troops."), ["MZ"]);
        assert_eq!(countries("US troops left."), ["US"]);
    }

    #[test]
    fn abroad_a_short_word_without_capitals_is_a_usual_one() {
        // The word for night is how Arabic writes Lille.
        assert!(!countries("انفجار في ليل أمس في القاهرة").contains(&"FR"));
        assert!(countries("انفجار في ليل في فرنسا").contains(&"FR"));
    }

    #[test]
    fn part_of_a_word_in_katakana_is_no_name() {
        assert!(!countries("パタパタという音がした。").contains(&"GQ"));
    }
}
