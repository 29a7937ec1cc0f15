//! The cases of names in Slavic and other languages that decline them, by a table of endings. It
//! makes some forms too many: they are only looked for, and nobody writes them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Genitive, dative, accusative, instrumental and locative.
const CASES: usize = 5;
/// Most forms of one name in one case.
const MAX_FORMS: usize = 12;

/// How a language declines the words with one ending.
struct Ending {
    letters: &'static str,
    kind: Kind,
    cases: [&'static str; CASES],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The ending is replaced.
    Replaced,
    /// Any of these letters; what follows is added.
    Letters,
    /// The whole word.
    Word,
}

type Table = HashMap<&'static str, Vec<Ending>>;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new();
    let lines = include_str!("../gazetteer/endings.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut parts = line.split('|');
        let language = parts.next().unwrap_or_default();
        let written = parts.next().unwrap_or_default();
        let letters = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let (ending, kind) = match (letters, written.strip_prefix('=')) {
            (Some(letters), _) => (letters, Kind::Letters),
            (None, Some(word)) => (word, Kind::Word),
            (None, None) => (written, Kind::Replaced),
        };
        let cases = std::array::from_fn(|_| parts.next().unwrap_or("-"));
        table.entry(language).or_default().push(Ending { letters: ending, kind, cases });
    }
    table
});

/// Every form of a name in a language, as the tables call it: first the name itself. A language that
/// has no endings in the table leaves it as it is.
pub(crate) fn forms(language: &str, name: &str) -> Vec<String> {
    let mut out = vec![name.to_owned()];
    if !TABLE.contains_key(language) {
        return out;
    }
    let words: Vec<&str> = name.split(' ').collect();
    for case in 0..CASES {
        let mut whole = vec![String::new()];
        // What follows a small word stays as it is: `Frankfurt am Main`.
        let mut stays = false;
        for (n, word) in words.iter().enumerate() {
            let is_last = n + 1 == words.len();
            let small = word.starts_with(char::is_lowercase) && word.chars().nth(3).is_none();
            stays |= small && !is_last;
            let mut ways = if stays {
                vec![(*word).to_owned()]
            } else {
                declined(
                    language,
                    word,
                    is_last && (n == 0 || !word.starts_with(char::is_lowercase)),
                    case,
                )
            };
            // `Соединённых Штатов Америки`
            if is_last && n > 1 {
                ways.push((*word).to_owned());
            }
            let gap = if n == 0 { "" } else { " " };
            whole = whole
                .iter()
                .flat_map(|before| ways.iter().map(move |way| format!("{before}{gap}{way}")))
                .take(MAX_FORMS)
                .collect();
        }
        out.extend(whole);
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The forms of a word; of one with hyphens the last part is declined, or the first before a small
/// word: `Ростове-на-Дону`.
fn declined(language: &str, word: &str, is_noun: bool, case: usize) -> Vec<String> {
    let Some((before, last)) = word.rsplit_once('-') else {
        return ways(language, word, is_noun, case);
    };
    let middle = before.split_once('-').filter(|(_, rest)| rest.starts_with(char::is_lowercase));
    if let Some((first, _)) = middle {
        let rest = word.get(first.len()..).unwrap_or_default();
        let ways = ways(language, first, true, case);
        return ways.into_iter().map(|way| format!("{way}{rest}")).collect();
    }
    let ways = ways(language, last, is_noun, case);
    ways.into_iter().map(|way| format!("{before}-{way}")).collect()
}

fn ways(language: &str, word: &str, is_noun: bool, case: usize) -> Vec<String> {
    let of_nouns = TABLE.get(language).map(Vec::as_slice).unwrap_or_default();
    let of_adjectives =
        TABLE.get(format!("{language}'").as_str()).map(Vec::as_slice).unwrap_or_default();
    let noun = best(of_nouns, word);
    let is_noun = is_noun || noun.is_some_and(|rule| rule.kind == Kind::Word);
    let adjective = if is_noun { None } else { best(of_adjectives, word) };
    let Some(rule) = adjective.or(noun) else { return vec![word.to_owned()] };
    // What is neither may stay as it is: `Sankt Petersburgs`.
    let stays = (!is_noun && adjective.is_none()).then(|| word.to_owned());
    let written = rule.cases.get(case).copied().unwrap_or("-");
    let stem = match rule.kind {
        Kind::Replaced => word.strip_suffix(rule.letters).unwrap_or(word),
        Kind::Word => "",
        Kind::Letters => word,
    };
    let way = |way: &str| match way {
        "-" => word.to_owned(),
        way => format!("{stem}{}", way.trim_start_matches('+')),
    };
    stays.into_iter().chain(written.split('/').map(way)).collect()
}

/// The rule with the longest ending that the word has.
fn best<'r>(rules: &'r [Ending], word: &str) -> Option<&'r Ending> {
    let fits = rules.iter().filter_map(|rule| {
        let rank = match rule.kind {
            Kind::Word => (word == rule.letters).then_some(usize::MAX),
            Kind::Replaced => word.ends_with(rule.letters).then_some(rule.letters.len()),
            Kind::Letters => word.ends_with(|c: char| rule.letters.contains(c)).then_some(0),
        };
        Some((rank?, rule))
    });
    fits.max_by_key(|(rank, _)| *rank).map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_forms_that_people_write() {
        for (language, name, expected) in [
            (
                "ru",
                "Санкт-Петербург",
                "Санкт-Петербурга Санкт-Петербургу Санкт-Петербургом Санкт-Петербурге",
            ),
            ("ru", "Москва", "Москвы Москве Москву Москвой"),
            ("ru", "Россия", "России Россию Россией"),
            ("ru", "Казань", "Казани Казанью"),
            ("ru", "Афины", "Афин Афинам Афинах"),
            ("ru", "Китай", "Китая Китаю Китаем Китае"),
            ("ru", "Ростов-на-Дону", "Ростова-на-Дону Ростове-на-Дону"),
            ("uk", "Україна", "України Україні Україну Україною"),
            ("uk", "Київ", "Києва Києву Києвом Києві"),
            ("uk", "Львів", "Львова Львові"),
            ("uk", "Санкт-Петербург", "Санкт-Петербурзі"),
            ("be", "Масква", "Масквы Маскве Маскву"),
            ("sr", "Београд", "Београда Београду Београдом"),
            ("hr", "Njemačka", "Njemačke Njemačkoj Njemačku Njemačkom"),
            ("hr", "Zagreb", "Zagreba Zagrebu Zagrebom"),
            ("sl", "Nemčija", "Nemčije Nemčiji Nemčijo"),
            ("pl", "Niemcy", "Niemiec Niemcom Niemczech"),
            ("pl", "Warszawa", "Warszawy Warszawie Warszawę Warszawą"),
            ("pl", "Petersburg", "Petersburga Petersburgu Petersburgiem"),
            ("pl", "Kraków", "Krakowa Krakowie Krakowem"),
            ("pl", "Praga", "Pragi Pradze Pragę"),
            ("pl", "Poznań", "Poznania Poznaniu"),
            ("cs", "Německo", "Německa Německu Německem"),
            ("cs", "Praha", "Prahy Praze Prahu Prahou"),
            ("cs", "Vídeň", "Vídně Vídni Vídní"),
            ("cs", "Paříž", "Paříže Paříži Paříží"),
            ("cs", "Petrohrad", "Petrohradu Petrohradě Petrohradem"),
            ("cs", "Francie", "Francii Francií"),
            ("sk", "Nemecko", "Nemecka Nemecku Nemeckom"),
            ("sk", "Viedeň", "Viedne Viedni Viedňou"),
            ("g", "Deutschland", "Deutschlands"),
            ("g", "Vereinigte Staaten", "Vereinigten_Staaten"),
            ("g", "Sankt Petersburg", "Sankt_Petersburgs"),
            ("pl", "Sankt Petersburg", "Sankt_Petersburga Sankt_Petersburgu"),
            ("is", "Rússland", "Rússlandi Rússlands"),
            ("ro", "Germania", "Germaniei"),
            ("ru", "Нижний Новгород", "Нижнего_Новгорода Нижнем_Новгороде"),
            ("ru", "Соединённые Штаты Америки", "Соединённых_Штатов_Америки"),
            ("pl", "Wielka Brytania", "Wielkiej_Brytanii Wielką_Brytanię"),
            ("pl", "Stany Zjednoczone", "Stanów_Zjednoczonych Stanach_Zjednoczonych"),
            ("cs", "Spojené státy", "Spojených_států Spojeným_státům Spojených_státech"),
            ("hr", "Sjedinjene Američke Države", "Sjedinjenih_Američkih_Država"),
            ("cs", "Kolín nad Rýnem", "Kolína_nad_Rýnem Kolíně_nad_Rýnem"),
            ("r", "Saint-Pétersbourg", "Saint-Pétersbourg"),
        ] {
            let forms = forms(language, name);
            for form in expected.split(' ').map(|form| form.replace('_', " ")) {
                assert!(forms.contains(&form), "{name} has no {form}: {forms:?}");
            }
        }
    }
}
