//! Names by their sound: what a text writes in another alphabet, or by other rules, than the withheld
//! name is written. Each is only possible: two persons may say that it means another.

use super::endings;
use super::letters;
use super::sound::{self, Script, Sound};
use super::spelling;
use super::tables;
use super::withheld::Withheld;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Least signs of a word of a name that is known by itself.
const MIN_ALONE: usize = 4;
/// Least signs of a word in the same script: too many short ones sound alike.
const MIN_ALIKE: usize = 5;
/// Least signs of two words and more together.
const MIN_TOGETHER: usize = 5;
/// Least signs of a word, or of its stem, that may have an ending.
const MIN_ENDED: usize = 5;
/// Most words that are read as one.
const MAX_WORDS: usize = 4;
/// Most signs of an ending.
const MAX_ENDING: usize = 3;
/// Most sounds that several words have together.
const MAX_ROWS: usize = 256;
/// Most words of one name.
const MAX_PARTS: usize = 8;
/// Longest word that is listened to, in bytes: no name is as long.
const MAX_WORD: usize = 64;

/// Everyday words of Russian and Ukrainian that sound like a name: months and what reports are full of.
/// They are a name only beside another word of it.
const EVERYDAY: &[&str] = &[
    "август",
    "августа",
    "августе",
    "вера",
    "веру",
    "веры",
    "воля",
    "воли",
    "дыма",
    "дыму",
    "июля",
    "июня",
    "лада",
    "лев",
    "льва",
    "любовь",
    "любви",
    "майя",
    "марина",
    "марта",
    "марте",
    "марту",
    "март",
    "мила",
    "мило",
    "мира",
    "мире",
    "миру",
    "миром",
    "надежда",
    "надежде",
    "надежды",
    "надежду",
    "роза",
    "розы",
    "роман",
    "романа",
    "романе",
    "рома",
    "слава",
    "славе",
    "славы",
    "славу",
    "тома",
    "томе",
    "томов",
    "устин",
    "виктория",
    "свет",
    "света",
    "свете",
    "зоря",
    "зори",
    "ясна",
    "ясно",
    "квітня",
    "липня",
    "надія",
    "надії",
    "віра",
    "віри",
    "світ",
    "світу",
    "слава",
];

/// What names sound like, ready to be listened for in many texts.
pub(super) struct Sounds {
    all: HashMap<Sound, Vec<Known>>,
    /// What the first of several words may sound like.
    begins: HashSet<Sound>,
}

/// A name that has a sound.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Which of the withheld it is of.
    of: usize,
    /// The script in which it is withheld.
    script: Script,
    /// An ending must follow: Nikit, of Nikita.
    stem: bool,
}

/// A word of a text.
struct Word<'t> {
    text: &'t str,
    /// A sign stands before it that ends a name written without spaces.
    apart: bool,
    script: Script,
    sounds: Vec<Sound>,
}

impl Sounds {
    /// What the names among the withheld sound like.
    pub(super) fn new(withheld: &[Withheld]) -> Sounds {
        let mut sounds = Sounds { all: HashMap::new(), begins: HashSet::new() };
        let mut known = HashSet::new();
        let names = withheld.iter().enumerate().filter(|(_, one)| one.what.is_name());
        for (of, one) in names.filter(|(_, one)| known.insert(*one)) {
            sounds.name(of, &one.text);
        }
        sounds
    }

    fn name(&mut self, of: usize, name: &str) {
        let parts = spelling::parts(name);
        let named = parts.iter().filter(|part| !spelling::is_title(part));
        let told: Vec<&str> = named.flat_map(|part| pieces(part)).take(MAX_PARTS).collect();
        for part in &told {
            self.alone(of, part);
        }
        let mut orders = vec![told.clone(), told.iter().rev().copied().collect()];
        if let [first, rest @ ..] = told.as_slice()
            && let Some((last, before)) = told.split_last()
        {
            orders.extend([[&[*last], before].concat(), [rest, &[*first]].concat()]);
        }
        for order in orders {
            let whole = (order.len() > 2).then_some(order.as_slice());
            for row in order.windows(2).chain(whole) {
                self.together(of, row);
            }
        }
    }

    /// A word of a name by itself. Park is a word of many languages, and a Han sign is half of any.
    fn alone(&mut self, of: usize, part: &str) {
        let script = sound::script(part);
        if script == Script::Han || tables::is_word(&letters::exact(part)) {
            return;
        }
        for sound in sound::of(part).into_iter().filter(|one| one.signs().len() >= MIN_ALONE) {
            if let Sound::Full(signs) = &sound
                && let Some(stem) = signs.strip_suffix(['a', 'e', 'i', 'o'])
                && stem.len() >= MIN_ENDED
            {
                let known = Known { of, script, stem: true };
                self.all.entry(Sound::Full(stem.to_owned())).or_default().push(known);
            }
            self.all.entry(sound).or_default().push(Known { of, script, stem: false });
        }
    }

    /// Words of a name that follow one another.
    fn together(&mut self, of: usize, row: &[&str]) {
        let [first, rest @ ..] = row else { return };
        let known = Known { of, script: sound::script(first), stem: false };
        let begun = sound::of(first);
        let all = rest.iter().fold(begun.clone(), |all, part| joined(&all, &sound::of(part)));
        for sound in all {
            let least = if is_frame(&sound) { MIN_ALONE } else { MIN_TOGETHER };
            if sound.signs().len() >= least {
                self.all.entry(sound).or_default().push(known);
            }
        }
        // What one script writes as two words, another may write as one: 小明, Xiaoming.
        if let [one, two, ..] = row {
            self.begins.extend(joined(&begun, &sound::of(two)));
            self.begins.extend(sound::of(one));
        }
    }

    /// The names that stand in a text by their sound, each with how it is written there.
    pub(super) fn heard(&self, text: &str) -> BTreeMap<usize, String> {
        let mut found = BTreeMap::new();
        if self.all.is_empty() {
            return found;
        }
        let mut read: HashMap<&str, Vec<Sound>> = HashMap::new();
        let mut end = 0;
        let words = words(text).into_iter().map(|(start, word)| {
            let sounds = read.entry(word).or_insert_with(|| sound::of(word)).clone();
            let between = text.get(end..start).unwrap_or_default();
            let apart = between.contains(|c: char| !c.is_whitespace() && c != '·');
            end = start + word.len();
            Word { text: word, apart, script: sound::script(word), sounds }
        });
        let words: Vec<Word<'_>> = words.collect();
        for at in 0..words.len() {
            let row = words.get(at..words.len().min(at + MAX_WORDS)).unwrap_or_default();
            for (of, count) in self.begun(row) {
                let written: Vec<&str> = row.iter().take(count).map(|word| word.text).collect();
                found.entry(of).or_insert_with(|| written.join(" "));
            }
        }
        found
    }

    /// The names that these words begin with, and how many of the words each is.
    fn begun(&self, row: &[Word<'_>]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        let Some(first) = row.first() else { return all };
        for sound in &first.sounds {
            if is_everyday(first) {
                break;
            }
            let bare = self.known(sound, first).filter(|known| !known.stem);
            all.extend(bare.chain(self.ended(sound, first)).map(|known| (known.of, 1)));
        }
        let begun = first.sounds.iter().filter(|sound| self.begins.contains(sound));
        let mut sounds: Vec<Sound> = begun.cloned().collect();
        for (n, word) in row.iter().enumerate().skip(1) {
            if word.apart && word.script == Script::Han {
                break;
            }
            sounds = joined(&sounds, &word.sounds);
            let english = row.iter().take(n + 1).all(|word| is_english(word));
            let known = sounds.iter().flat_map(|sound| self.known(sound, word));
            let known =
                known.filter(|known| !(known.stem || english && known.script == Script::Latin));
            all.extend(known.map(|known| (known.of, n + 1)));
        }
        all
    }

    /// The names that have this sound, where it counts for this word.
    fn known<'s>(
        &'s self,
        sound: &Sound,
        word: &Word<'_>,
    ) -> impl Iterator<Item = &'s Known> + use<'s> {
        let (frame, script, english) = (is_frame(sound), word.script, is_english(word));
        let short = sound.signs().len() < MIN_ALIKE;
        self.all.get(sound).into_iter().flatten().filter(move |known| {
            // Only what one of the two writes without vowels is compared without them.
            let framed = known.script == Script::Abjad || script == Script::Abjad;
            // Too many Han signs sound alike, and the same ones are found by themselves.
            let han = script == Script::Han && known.script == Script::Han;
            let alike = short && known.script == script;
            let counts = (framed || !frame) && !alike;
            counts && !(han || english && known.script == script)
        })
    }

    /// The names that the word is with an ending.
    fn ended(&self, sound: &Sound, word: &Word<'_>) -> Vec<&Known> {
        let Sound::Full(signs) = sound else { return Vec::new() };
        let most = MAX_ENDING.min(signs.len().saturating_sub(MIN_ENDED));
        let cuts = (1..=most).map(|cut| signs.split_at(signs.len() - cut));
        let stems = cuts.filter(|(_, end)| endings::is_heard(end));
        stems.flat_map(|(stem, _)| self.known(&Sound::Full(stem.to_owned()), word)).collect()
    }
}

/// Each of these sounds before each of those.
fn joined(before: &[Sound], after: &[Sound]) -> Vec<Sound> {
    let all = before.iter().flat_map(|one| after.iter().filter_map(|next| one.and(next)));
    all.take(MAX_ROWS).collect()
}

fn is_everyday(word: &Word<'_>) -> bool {
    word.script == Script::Cyrillic && EVERYDAY.contains(&word.text.to_lowercase().as_str())
}

fn is_english(word: &Word<'_>) -> bool {
    word.script == Script::Latin && tables::is_word(&word.text.to_lowercase())
}

fn is_frame(sound: &Sound) -> bool {
    matches!(sound, Sound::Frame(_))
}

/// A row of Han is as many words as it has signs.
fn pieces(part: &str) -> Vec<&str> {
    if sound::script(part) == Script::Han { signs(part).collect() } else { vec![part] }
}

fn signs(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().filter_map(|(at, c)| text.get(at..at + c.len_utf8()))
}

/// The words of a text, each with where it begins: runs of letters, which an apostrophe does not end.
fn words(text: &str) -> Vec<(usize, &str)> {
    let (mut all, mut at) = (Vec::new(), 0);
    for run in text.split_inclusive(|c: char| !is_inner(c)) {
        let word = run.trim_matches(|c: char| !is_inner(c) || is_apostrophe(c));
        let start = at + run.find(word).unwrap_or_default();
        at += run.len();
        // A row of Han is many words.
        let fits = word.len() <= MAX_WORD || sound::script(word) == Script::Han;
        if !word.is_empty() && fits {
            let mut inner = start;
            for piece in pieces(word) {
                all.push((inner, piece));
                inner += piece.len();
            }
        }
    }
    all
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | 'ʹ')
}

/// Whether a word goes on: letters, and what nobody reads among them.
fn is_inner(c: char) -> bool {
    c.is_alphabetic()
        || is_apostrophe(c)
        || matches!(c, '\u{301}' | '\u{ad}' | '\u{200b}'..='\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::WithheldKind;

    fn heard(name: &str, text: &str) -> Option<String> {
        let withheld = [Withheld::new(WithheldKind::Name, name)];
        Sounds::new(&withheld).heard(text).into_values().next()
    }

    #[test]
    fn a_name_is_heard_in_another_alphabet() {
        for (name, text) in [
            ("Павел Жуков", "A man called Pavel Zhukov was seen."),
            ("Павел Жуков", "Gesehen wurde Schukow."),
            ("Pavel Zhukov", "Видели Павла Жукова у вокзала."),
            ("Zhukov", "говорил с Жуковым"),
            ("Nikita", "дело Никиты"),
            ("Sergej Halvorek", "Sergey was here"),
            ("Mohammed Khalid", "شوهد محمد خالد أمس"),
            ("محمد خالد", "seen with Muhammad Khaled"),
            ("Omar Khalid", "عمر خالد"),
            ("王小明", "A man named Wang Xiaoming left."),
            ("Wang Xiaoming", "嫌疑人王小明在北京"),
            ("Giorgos Papadakis", "ο Γιώργος Παπαδάκης"),
            ("Hussein Barzani", "Husayn was named"),
            ("Marta Novak", "Видели, как Марта Новак вышла."),
            (
                "Wang Xiaoming",
                "据消息人士透露上周在北京市中心被捕的嫌疑人王小明昨日已被转移至看守所",
            ),
        ] {
            assert!(heard(name, text).is_some(), "{name}: {text}");
        }
    }

    #[test]
    fn what_only_resembles_it_is_not_heard() {
        for (name, text) in [
            ("Omar", "Он умер вчера; взрыв в парке у дома."),
            ("Tom Park", "Взрыв в парке и на стоянке, том первый."),
            ("Ivan Petrov", "Диван и петля осмотрены; поиск продолжается."),
            ("Li Wei", "Believe the weight of the evidence."),
            ("Müller", "The mill wheel and the mullet boats."),
            ("Олег", "The league and the colleague agree to go."),
            ("Omar", "الأمر مهم جدا"),
            ("Marta Novak", "Взрыв 15 марта у вокзала."),
            ("Dima Mirov", "Над складом столб дыма."),
            ("Anna Rosa Vidal", "Ваза и ананас; видели автобус."),
        ] {
            assert_eq!(heard(name, text), None, "{name}: {text}");
        }
    }
}
