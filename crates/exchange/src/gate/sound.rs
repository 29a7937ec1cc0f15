//! How a word sounds, whatever letters it is written in: Жуков, Zhukov, Schukow, Joukov and Żukow are
//! one name.
//!
//! A sound is a row of signs: small letters for what most alphabets have, `S` for sh and zh, `C` for ch
//! and shch. What nobody writes alike is left out: doubled letters, soft signs, an i before a vowel. A
//! spelling that is read in several ways has several sounds. Words of scripts that write no vowels have
//! a [frame](Sound::Frame) only.

use super::letters;
use unicode_normalization::UnicodeNormalization as _;

/// Most sounds of one word.
const MAX_SOUNDS: usize = 16;
/// From this many signs on a word is known by a sound in which vowels are told apart less.
const MIN_LOOSE: usize = 6;

/// One way in which a word sounds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Sound {
    /// As it is read.
    Full(String),
    /// With two vowels only, as languages differ in them: Hussein, Husayn.
    Loose(String),
    /// Its consonants.
    Frame(String),
}

/// A script, as far as it matters to the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    /// Arabic and Hebrew letters: consonants only.
    Abjad,
    /// Han: a sign is a syllable, and a name is a row of them.
    Han,
    /// Any other.
    Other,
}

/// The script of a word, by its first letter.
pub(super) fn script(word: &str) -> Script {
    match word.chars().find(|c| c.is_alphabetic()) {
        None => Script::Latin,
        Some(c) if matches!(u32::from(c), 0x3400..=0x9fff | 0x20000..=0x3ffff) => Script::Han,
        Some(c) => match letters::alphabet(c) {
            None => Script::Latin,
            Some(0x400) => Script::Cyrillic,
            Some(0x600) => Script::Abjad,
            Some(_) if matches!(u32::from(c), 0x590..=0x5ff) => Script::Abjad,
            Some(_) => Script::Other,
        },
    }
}

/// All ways in which a word sounds.
pub(super) fn of(word: &str) -> Vec<Sound> {
    let lower: String = word.nfkc().flat_map(char::to_lowercase).nfc().collect();
    let read = match script(&lower) {
        Script::Latin => read(&lower, latin),
        Script::Cyrillic => read(&lower, cyrillic),
        Script::Abjad => {
            let frames = read(&bare(&lower), abjad);
            return sorted(frames.iter().map(|one| Sound::Frame(frame(one))).collect());
        }
        Script::Han | Script::Other => read(&any_ascii::any_ascii(&lower).to_lowercase(), latin),
    };
    let mut all = Vec::new();
    for one in read {
        let full = settled(&one);
        if full.len() >= MIN_LOOSE {
            all.push(Sound::Loose(loose(&full)));
        }
        all.push(Sound::Frame(frame(&full)));
        all.push(Sound::Full(full));
    }
    sorted(all)
}

impl Sound {
    /// Its signs.
    pub(super) fn signs(&self) -> &str {
        match self {
            Sound::Full(signs) | Sound::Loose(signs) | Sound::Frame(signs) => signs,
        }
    }

    /// Two words written as one; `None` when they are of two kinds.
    pub(super) fn and(&self, next: &Sound) -> Option<Sound> {
        let both = format!("{}{}", self.signs(), next.signs());
        match (self, next) {
            (Sound::Full(_), Sound::Full(_)) => Some(Sound::Full(both)),
            (Sound::Frame(_), Sound::Frame(_)) => Some(Sound::Frame(both)),
            _ => None,
        }
    }
}

fn sorted(mut all: Vec<Sound>) -> Vec<Sound> {
    all.retain(|sound| !sound.signs().is_empty());
    all.sort();
    all.dedup();
    all
}

/// What is read from the letters at a place: how many characters, and as which signs.
type Reads = (usize, &'static [&'static str]);

fn read(word: &str, at: fn(&[char], usize) -> Reads) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let mut all = vec![String::new()];
    let mut n = 0;
    while n < chars.len() {
        let (taken, ways) = at(&chars, n);
        n += taken.max(1);
        let ways = if all.len() * ways.len() > MAX_SOUNDS { ways.get(..1) } else { Some(ways) };
        let ways = ways.unwrap_or_default();
        if let [one] = ways {
            for sound in &mut all {
                sound.push_str(one);
            }
        } else if !ways.is_empty() {
            all = all.iter().flat_map(|a| ways.iter().map(move |b| format!("{a}{b}"))).collect();
        }
    }
    all
}

/// Spellings in Latin letters, the longest first.
const LATIN: &[(&str, &[&str])] = &[
    ("schtsch", &["C"]),
    ("chtch", &["C"]),
    ("dsch", &["dS"]),
    ("shch", &["C"]),
    ("szcz", &["C"]),
    ("stch", &["C"]),
    ("tsch", &["C"]),
    ("gue", &["ge", "gue"]),
    ("gui", &["gi", "gui"]),
    ("dzh", &["dS"]),
    ("sch", &["S"]),
    ("tch", &["C"]),
    ("ch", &["C", "h", "S"]),
    ("ck", &["k"]),
    ("cz", &["C"]),
    ("dh", &["d"]),
    ("dj", &["dS"]),
    ("gh", &["g"]),
    ("kh", &["h"]),
    ("oo", &["u"]),
    ("ou", &["u"]),
    ("ph", &["f"]),
    ("qu", &["k"]),
    ("sh", &["S"]),
    ("sz", &["S"]),
    ("šč", &["C"]),
    ("th", &["t"]),
    ("tz", &["ts"]),
    ("zh", &["S"]),
];

fn latin(chars: &[char], at: usize) -> Reads {
    let rest = chars.get(at..).unwrap_or_default();
    let begins = |text: &str| text.chars().enumerate().all(|(n, c)| rest.get(n) == Some(&c));
    if let Some((text, ways)) = LATIN.iter().find(|(text, _)| begins(text)) {
        return (text.chars().count(), ways);
    }
    let Some(&c) = rest.first() else { return (1, &[]) };
    if c == 'f' && matches!(rest, ['f', 'f']) {
        return (2, &["v"]);
    }
    (1, letter(c, rest.get(1).copied()))
}

/// One letter of Latin script before another.
fn letter(c: char, next: Option<char>) -> &'static [&'static str] {
    match c {
        'š' | 'ś' | 'ş' | 'ș' | 'ž' | 'ż' | 'ź' => &["S"],
        'č' | 'ć' => &["C"],
        'ç' => &["C", "s"],
        'ğ' => &["g", ""],
        'c' if next.is_some_and(|c| "eiyéèêí".contains(c)) => &["s", "ts", "C"],
        'c' | 'q' => &["k"],
        'j' => &["i", "S", "dS"],
        'h' if next.is_none() => &["", "h"],
        'w' => &["v"],
        'x' => &["ks"],
        'y' => &["i"],
        'z' => &["s", "ts"],
        _ => plain(c),
    }
}

/// A letter that sounds as it is written, without its marks.
fn plain(c: char) -> &'static [&'static str] {
    match any_ascii::any_ascii_char(c).chars().next().map(|c| c.to_ascii_lowercase()) {
        Some('a') => &["a"],
        Some('b') => &["b"],
        Some('d') => &["d"],
        Some('e') => &["e"],
        Some('f') => &["f"],
        Some('g') => &["g"],
        Some('h') => &["h"],
        Some('i' | 'y') => &["i"],
        Some('k' | 'c' | 'q') => &["k"],
        Some('l') => &["l"],
        Some('m') => &["m"],
        Some('n') => &["n"],
        Some('o') => &["o"],
        Some('p') => &["p"],
        Some('r') => &["r"],
        Some('s' | 'z') => &["s"],
        Some('t') => &["t"],
        Some('u') => &["u"],
        Some('v' | 'w') => &["v"],
        _ => &[],
    }
}

fn cyrillic(chars: &[char], at: usize) -> Reads {
    let Some(&c) = chars.get(at) else { return (1, &[]) };
    let ways: &[&str] = match c {
        'а' | 'ә' => &["a"],
        'б' => &["b"],
        'в' => &["v"],
        'г' => &["g", "h"],
        'ґ' | 'ғ' => &["g"],
        'д' | 'ђ' => &["d"],
        'е' | 'є' if at == 0 => &["e", "ie"],
        'е' | 'є' | 'э' => &["e"],
        'ё' => &["io", "e"],
        'ж' | 'ш' | 'җ' => &["S"],
        'з' | 'с' => &["s"],
        'и' | 'й' | 'ы' | 'і' | 'ї' | 'ј' => &["i"],
        'к' | 'қ' => &["k"],
        'л' | 'љ' => &["l"],
        'м' => &["m"],
        'н' | 'њ' | 'ң' => &["n"],
        'о' | 'ө' => &["o"],
        'п' => &["p"],
        'р' => &["r"],
        'т' => &["t"],
        'у' | 'ў' | 'ү' | 'ұ' => &["u"],
        'ф' => &["f"],
        'х' | 'һ' | 'ҳ' => &["h"],
        'ц' => &["ts"],
        'ч' | 'щ' | 'ћ' => &["C"],
        'џ' => &["dS"],
        'ъ' => &["", "a"],
        'ю' => &["iu"],
        'я' => &["ia"],
        _ => &[],
    };
    (1, ways)
}

/// Consonants of Arabic, Persian and Hebrew letters; those that are vowels too are left out.
fn abjad(chars: &[char], at: usize) -> Reads {
    let Some(&c) = chars.get(at) else { return (1, &[]) };
    let ways: &[&str] = match c {
        'ب' | 'ב' => &["b", "v"],
        'ت' | 'ث' | 'ط' | 'ט' | 'ת' => &["t"],
        'ج' => &["dS", "S", "g"],
        'ح' | 'خ' | 'ه' | 'ה' | 'ח' => &["h"],
        'د' | 'ذ' | 'ض' | 'ד' => &["d"],
        'ر' | 'ר' => &["r"],
        'ز' | 'س' | 'ص' | 'ظ' | 'ז' | 'ס' => &["s"],
        'צ' | 'ץ' => &["ts"],
        'ش' | 'ژ' => &["S"],
        'ש' => &["S", "s"],
        'غ' | 'ג' | 'گ' => &["g"],
        'ف' => &["f", "v"],
        'פ' | 'ף' => &["p", "f"],
        'پ' => &["p"],
        'چ' => &["C"],
        'ق' => &["k", "g"],
        'ك' | 'ک' | 'ק' => &["k"],
        'כ' | 'ך' => &["k", "h"],
        'ل' | 'ל' => &["l"],
        'م' | 'מ' | 'ם' => &["m"],
        'ن' | 'נ' | 'ן' => &["n"],
        _ => &[],
    };
    (1, ways)
}

/// A word of Arabic without the article and what is written together with it.
fn bare(word: &str) -> String {
    let rest = ["وال", "بال", "فال", "كال", "ال", "لل"].iter().find_map(|a| word.strip_prefix(a));
    rest.filter(|rest| rest.chars().count() > 2).unwrap_or(word).to_owned()
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Without what nobody writes alike.
fn settled(sound: &str) -> String {
    let signs: Vec<char> = sound.chars().collect();
    let mut out = String::with_capacity(sound.len());
    for (n, &c) in signs.iter().enumerate() {
        let next = signs.get(n + 1).copied();
        let glide = n > 0 && c == 'i' && next.is_some_and(|next| next != 'i' && is_vowel(next));
        if !glide && !out.ends_with(c) {
            out.push(c);
        }
    }
    // Alexander is Александр too.
    for end in ["er", "re"] {
        if let Some(stem) = out.strip_suffix(end)
            && stem.chars().next_back().is_some_and(|c| !is_vowel(c))
            && stem.len() > 2
        {
            return format!("{stem}r");
        }
    }
    out
}

fn loose(full: &str) -> String {
    let one = |c| match c {
        'e' => 'a',
        'o' => 'u',
        c => c,
    };
    full.chars().map(one).collect()
}

/// The consonants alone; doubled ones are one.
fn frame(full: &str) -> String {
    let mut out = String::with_capacity(full.len());
    for c in full.chars().filter(|c| !is_vowel(*c)) {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        let full = |sound: &Sound| matches!(sound, Sound::Full(_));
        let (one, other) = (of(one), of(other));
        one.iter().filter(|sound| full(sound)).any(|sound| other.contains(sound))
    }

    #[test]
    fn a_name_sounds_alike_by_every_rule_of_writing_it() {
        for (name, all) in [
            ("Жуков", &["Zhukov", "Schukow", "Joukov", "Żukow", "Žukov"] as &[&str]),
            ("Сергей", &["Sergey", "Sergej", "Serguei", "Sergei"]),
            ("Хрущёв", &["Khrushchev", "Chruschtschow", "Hruščov"]),
            ("Ельцин", &["Yeltsin", "Jelzin", "Eltsin"]),
            ("Кузнецов", &["Kuznetsov", "Kusnezow", "Kouznetsov"]),
            ("Юрий", &["Yuri", "Yuriy", "Jurij", "Iouri"]),
            ("Чайковский", &["Tchaikovsky", "Tschaikowski", "Chaykovskiy"]),
            ("Александр", &["Alexander", "Aleksandr", "Alexandre"]),
            ("Олег", &["Oleg", "Oleh"]),
            ("Горбачёв", &["Gorbachev", "Gorbatschow"]),
            ("Γιώργος", &["Giorgos"]),
        ] {
            for other in all {
                assert!(alike(name, other), "{name} {:?}, {other} {:?}", of(name), of(other));
            }
        }
        for (one, other) in [("Omar", "умер"), ("Ivan", "диван"), ("Жуков", "жалко")]
        {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn scripts_without_vowels_have_a_frame() {
        let framed = |word: &str| {
            let frames = of(word).into_iter().filter(|one| matches!(one, Sound::Frame(_)));
            frames.collect::<Vec<_>>()
        };
        for (one, other) in
            [("محمد", "Mohammed"), ("خالد", "Khalid"), ("القذافي", "Qadhafi"), ("כהן", "Kohen")]
        {
            let known = framed(other);
            assert!(framed(one).iter().any(|one| known.contains(one)), "{one} {other}");
        }
    }

    #[test]
    fn any_word_is_read_within_bounds() {
        for word in ["", "ъ", "\u{301}", &"cjzg".repeat(1000), "王", "'"] {
            assert!(of(word).len() <= 3 * MAX_SOUNDS, "{word}");
        }
    }
}
