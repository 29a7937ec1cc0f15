//! Where one statement of a sentence ends and the next begins: what is said of one country in a sentence is
//! not said of the others. Names that are listed belong to the statement after them: `Oslo, Riga and Bonn
//! condemned it`.

use crate::named::Named;
use crate::words::Words;

/// Signs between statements.
const SIGNS: &[char] = &[
    ',', ';', ':', '(', ')', '–', '—', '"', '“', '”', '«', '»', '„', '，', '、', '：', '（', '）',
    '،', '؛',
];
/// Words that begin another statement.
const TURNS: &[&str] = &[
    "but",
    "while",
    "whereas",
    "although",
    "though",
    "aber",
    "wahrend",
    "pero",
    "mientras",
    "aunque",
    "mais",
    "tandis",
    "mas",
    "enquanto",
    "ma",
    "mentre",
    "maar",
    "terwijl",
    "но",
    "але",
    "ale",
    "ama",
    "ancak",
    "tetapi",
    "لكن",
    "بينما",
    "men",
];
/// Words between names that are listed.
const LISTED: &[&str] = &[
    "and", "or", "y", "et", "e", "und", "en", "и", "та", "i", "ve", "dan", "och", "the", "as",
    "well", "also",
];

/// Of each word, the number of its clause.
pub(crate) fn number(text: &str, words: &Words, sentences: &[u32], named: &[Named]) -> Vec<u32> {
    let mut clauses: Vec<u32> = Vec::with_capacity(words.len());
    let mut clause = 0u32;
    let mut last = 0;
    // Whether the clause so far has more than names.
    let mut says = false;
    let mut names = named.iter().peekable();
    for at in 0..words.len() {
        let span = words.span(at, at + 1);
        let between = text.get(last..span.start).unwrap_or_default();
        let word = words.word(at);
        let is_sentence = at > 0 && sentences.get(at) != sentences.get(at - 1);
        let is_turn = between.contains(SIGNS) || between.contains(" - ") || TURNS.contains(&word);
        if at > 0 && (is_sentence || is_turn && says || word.starts_with(SIGNS) && says) {
            clause += 1;
            says = false;
        }
        while names.next_if(|one| one.end <= at).is_some() {}
        let is_name = names.peek().is_some_and(|one| one.first <= at);
        says |= !is_name && !LISTED.contains(&word) && word.chars().any(char::is_alphanumeric);
        clauses.push(clause);
        last = span.end;
    }
    clauses
}

/// Most words that say where and when a report was written.
const DATELINE: usize = 14;

/// How many words of the beginning say where and when it was written: those before a dash.
pub(crate) fn dateline(text: &str, words: &Words) -> usize {
    let is_end = |at: &usize| {
        let (before, word) = (words.span(at - 1, *at), words.span(*at, at + 1));
        let between = text.get(before.end..word.start).unwrap_or_default();
        between.contains(['–', '—']) || between.contains(" -") || between.contains("--")
    };
    (1..words.len().min(DATELINE)).find(is_end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::reading::Reading;

    #[test]
    fn a_report_begins_with_where_it_was_written() {
        let dateline = |text| Reading::new(text).dateline;
        assert_eq!(dateline("OSLO, 3 May (Agency) - A bridge was hit."), 7);
        assert_eq!(dateline("A bridge was hit in Oslo."), 0);
    }

    #[test]
    fn what_is_said_of_one_country_is_not_said_of_another() {
        let reading = Reading::new("Oslo, Riga and Bonn condemned it, but Lima was hit.");
        let clause = |country: &str| {
            let one = reading.named.iter().find(|one| one.country == country).unwrap();
            reading.clauses.get(one.first).copied()
        };
        assert_eq!(clause("NO"), clause("DE"));
        assert_eq!(clause("LV"), clause("DE"));
        assert_ne!(clause("PE"), clause("DE"));
    }
}
