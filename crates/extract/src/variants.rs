//! The ways in which one name is written: `St-Pétersbourg` for `Saint-Pétersbourg`, `Muenchen` for
//! `München`.

/// Words for a saint at the beginning of a name, and how they are shortened. Full stops and hyphens
/// do not count when names are found.
const SAINTS: &[(&str, &str)] = &[
    ("Saint", "St"),
    ("Sainte", "Ste"),
    ("Sankt", "St"),
    ("Sankti", "St"),
    ("Sint", "St"),
    ("Sant", "St"),
    ("San", "S"),
    ("São", "S"),
    ("Санкт", "С"),
];

/// Letters of German and the Nordic languages, and what is written where they are lacking.
const LETTERS: &[(char, &str)] = &[
    ('ä', "ae"),
    ('ö', "oe"),
    ('ü', "ue"),
    ('ß', "ss"),
    ('å', "aa"),
    ('ø', "oe"),
    ('æ', "ae"),
    ('Ä', "Ae"),
    ('Ö', "Oe"),
    ('Ü', "Ue"),
    ('Å', "Aa"),
    ('Ø', "Oe"),
    ('Æ', "Ae"),
];

/// A name of a language, as the tables call it, in each way that it is written: first the name
/// itself.
pub(crate) fn of(language: &str, name: &str) -> Vec<String> {
    let mut out = vec![name.to_owned()];
    let saint = name.find([' ', '-']).and_then(|end| name.split_at_checked(end));
    if let Some((first, rest)) = saint
        && let Some((_, short)) = SAINTS.iter().find(|(word, _)| *word == first)
    {
        out.push(format!("{short}{rest}"));
    }
    if language == "g" && name.contains(|c| LETTERS.iter().any(|(letter, _)| *letter == c)) {
        let spelt = name.chars().map(|c| {
            let known = LETTERS.iter().find(|(letter, _)| *letter == c);
            known.map_or_else(|| c.to_string(), |(_, spelt)| (*spelt).to_owned())
        });
        out.push(spelt.collect());
    }
    out
}
