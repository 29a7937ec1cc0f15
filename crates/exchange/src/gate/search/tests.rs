//! Disguises by kind, and texts that only seem to hold a name.

use super::super::decode;
use super::super::{Objection, Strength, Withheld, WithheldKind, check_text};
use data_encoding::{BASE32, BASE64, BASE64URL_NOPAD, HEXLOWER};
use proptest::prelude::*;

fn withheld(text: &str) -> Withheld {
    let kinds = [
        ("source: ", WithheldKind::Source),
        ("id: ", WithheldKind::OriginalId),
        ("partner: ", WithheldKind::Partner),
    ];
    let kind = kinds.into_iter().find_map(|(word, what)| Some((text.strip_prefix(word)?, what)));
    let (text, what) = kind.unwrap_or((text, WithheldKind::Name));
    Withheld::new(what, text)
}

fn against(name: &str, text: &str) -> Vec<Objection> {
    check_text(text, &[withheld(name)]).err().unwrap_or_default()
}

fn assert_shut(name: &str, texts: &[&str]) {
    for text in texts {
        assert!(!against(name, text).is_empty(), "{name} is not found in {text:?}");
    }
}

fn assert_open(name: &str, texts: &[&str]) {
    for text in texts {
        let found = against(name, text);
        assert!(found.is_empty(), "{name} is found in {text:?}: {found:?}");
    }
}

const NAME: &str = "Goran Halvorek";

/// A handle that is an everyday word may mean that word; one that every text has is refused.
#[test]
fn a_handle_that_is_an_everyday_word_is_possible_and_never_certain() {
    let strength = |handle: &str, text: &str| {
        let found = check_text(text, &[withheld(handle)]).unwrap_err();
        found.iter().map(|one| one.strength).collect::<Vec<_>>()
    };
    assert_eq!(strength("source: planned", "An attack is planned."), [Strength::Possible]);
    assert_eq!(strength("source: planned-2", "said planned-2"), [Strength::Certain]);
    assert_eq!(strength("source: Halvorek", "said Halvorek"), [Strength::Certain]);
    assert!(Withheld::check_handle("the").is_err());
    assert!(Withheld::check_handle("of the").is_err());
    assert!(Withheld::check_handle("the-7").is_ok());
}

/// A name that a draft and the partner's set both had was once told twice.
#[test]
fn what_is_withheld_twice_is_told_once() {
    let found = check_text("said Halvorek", &[withheld(NAME), withheld(NAME)]).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn letters_in_other_forms_are_letters() {
    assert_shut(
        NAME,
        &[
            "ＨＡＬＶＯＲＥＫ",
            "𝓗𝓪𝓵𝓿𝓸𝓻𝓮𝓴",
            "ℍalvorek",
            "🅷🅰🅻🆅🅾🆁🅴🅺",
            "🅗🅐🅛🅥🅞🅡🅔🅚",
            "🇭🇦🇱🇻🇴🇷🇪🇰",
            "ʜᴀʟᴠᴏʀᴇᴋ",
            "ᴴᵃˡᵛᵒʳᵉᵏ",
            "⒣⒜⒧⒱⒪⒭⒠⒦",
            "H\u{336}a\u{336}l\u{336}v\u{336}o\u{336}rek",
        ],
    );
}

#[test]
fn letters_of_other_alphabets_that_look_alike_are_taken_for_them() {
    assert_shut(
        NAME,
        &[
            "Наlvоrек",
            "Ηαlνοrεκ",
            "Halvօrek",
            "ᎻalvoᎡek",
            "Halvⲟrek",
            "Halʋorek",
            "Ħalvoreƙ",
            "Hałvørek",
            "Hɑlvorek",
        ],
    );
    assert_shut("Tom Amberg", &["Arnberg was seen"]);
    assert_shut("Ola Kowalk", &["Kovvalk was seen"]);
}

#[test]
fn digits_and_signs_are_taken_for_letters() {
    assert_shut(NAME, &["Halv0rek", "H41v0r3k", "HaIvorek", "H@lvorek", "Halvor€k", "Ha|vorek"]);
    assert_shut("Igor", &["lgor was seen", "1gor was seen"]);
    assert_shut("Omar", &["0mar was seen"]);
}

#[test]
fn a_name_in_pieces_is_put_together() {
    assert_shut(
        NAME,
        &[
            "H a l v o r e k",
            "H.a.l.v.o.r.e.k",
            "Hal-\r\n    vorek",
            "Hal vorek",
            "Hal/vorek",
            "Hal\u{2800}vorek",
            "Hal🙂vorek",
            "Hal\u{ad}vorek",
            "Hal\n> vorek",
            "Hal·vorek",
            "Hal\u{2062}vorek",
            "Hal-\nvoreks",
        ],
    );
}

#[test]
fn a_name_backwards_or_glued_to_other_words_is_found() {
    assert_shut(
        NAME,
        &["kerovlaH was seen", "drhalvorek.example", "x1halvorek85", "goranHalvorekFan"],
    );
    assert_shut("Li Wei", &["LiWei", "Wei, Li", "weili@mail.example", "Wei was seen"]);
    assert_shut("Al-Sharif", &["alsharif", "al-ʾSharif"]);
}

#[test]
fn what_is_encoded_is_decoded() {
    let name = "Halvorek";
    let each = |f: fn(u8) -> String| name.bytes().map(f).collect::<String>();
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in [
        each(|b| format!("%{b:02x}")),
        each(|b| format!("%25{b:02x}")),
        each(|b| format!("&#{b};")),
        each(|b| format!("&#x{b:x}")),
        each(|b| format!("={b:02X}")),
        each(|b| format!("\\x{b:02x}")),
        each(|b| format!("\\{b:03o}")),
        each(|b| format!("\\u{{{b:x}}}")),
        each(|b| format!("U+{b:04X} ")),
        each(|b| format!("0x{b:02x}, ")),
        each(|b| format!("{b:02x}:")),
        HEXLOWER.encode(name.as_bytes()),
        BASE64.encode(name.as_bytes()),
        BASE64.encode(&utf16),
        BASE64.encode(BASE64.encode(name.as_bytes()).as_bytes()),
        BASE64URL_NOPAD.encode(b"?>?Halvorek"),
        BASE32.encode(name.as_bytes()),
        format!("abc{}", BASE64.encode(b"Halvorek was seen")),
        format!("=?utf-8?B?{}?=", BASE64.encode(name.as_bytes())),
        "Hal&shy;vorek Hal=\nvorek".into(),
        "&Hscr;alvorek".into(),
        "\\ud835\\udc07alvorek".into(),
        "\\48 alvorek".into(),
        "%u0048alvorek".into(),
        "&#37;48alvorek".into(),
    ] {
        assert_shut(NAME, &[&format!("was {text} seen")]);
    }
    assert_shut("Jäger", &["http://xn--jger-loa.example/"]);
    // RFC 3492 §7.1 (A): Arabic.
    assert_shut("ليهمابتكلموشعربي؟", &["xn--egbpdaj6bu4bxfgehfvwxn"]);
}

#[test]
fn a_text_encoded_more_often_than_is_decoded_does_not_leave() {
    let mut text = "Halvorek".to_owned();
    for _ in 0..8 {
        text = BASE64.encode(text.as_bytes());
    }
    assert_eq!(against(NAME, &text)[0].rule, "encoding");
    assert_open(NAME, &["C:\\new\\users?a=b&c=d&copy=1 100%25 =3D U+1F600 &amp;amp; a*b"]);
}

#[test]
fn nations_spell_names_in_their_ways() {
    for (name, text) in [
        ("Jürgen", "Juergen"),
        ("Juergen", "Jürgen"),
        ("Mueller", "Muller"),
        ("Groß", "GROSS"),
        ("Søren", "Soeren"),
        ("Haakon", "Håkon"),
        ("Kjær", "KJAER"),
        ("Əhməd", "Ahmad"),
        ("Ahmad", "Əhməd"),
        ("Işık", "Isik"),
        ("İbrahim", "ibrahim"),
        ("Đoković", "Djokovic"),
        ("Þórður", "Thordur"),
        ("Nguyen", "Nguyễn"),
        ("D'Angelo", "DAngelo"),
        ("Maruf", "Maʿruf"),
        ("حسين", "وحسين"),
        ("علی", "علي"),
        ("محمد", "مـحَـمـد"),
        ("أحمد", "لاحمد"),
        ("كاظم", "کاظم"),
        ("عبد الله", "عبدالله"),
        ("מנחם", "ולמנחם"),
        ("לוי", "ללוי"),
        ("דוד", "דָּוִד"),
        ("이영수", "이영수가"),
        ("박민", "박 민"),
        ("박민", "박민씨는"),
        ("王小明", "王 小明"),
        ("張偉", "嫌疑人张伟"),
        ("陈国华", "陳國華"),
        ("たなか", "タナカ"),
        ("สมศรี", "คุณสมศรี"),
        ("Νίκος", "ΝΙΚΟΥ"),
        ("რამაზი", "რამაზის"),
        ("Нұрлан", "Нұрланға"),
        ("राहुल", "राहुल"),
    ] {
        assert_shut(name, &[&format!("there {text} was")]);
    }
}

#[test]
fn names_are_found_in_every_case() {
    for (name, text) in [
        ("Соколова", "Соколовой"),
        ("Андрей", "Андрею"),
        ("Игорь", "Игоря"),
        ("Павел", "Павла"),
        ("Лев", "Львом"),
        ("Белый", "Белого"),
        ("Пётр", "Петром"),
        ("Чайковский", "Чайковскому"),
        ("Анна", "Анны"),
        ("Олег", "Олегу"),
        ("Svobodová", "Svobodové"),
        ("Dvořáček", "Dvořáčka"),
        ("Kowalska", "Kowalskiej"),
        ("Kazlauskas", "Kazlausko"),
        ("Petraitis", "Petraičio"),
        ("Ozols", "Ozolam"),
        ("Virtanen", "Virtasen"),
        ("Nagy", "Nagynak"),
        ("Kim", "Kims"),
        ("Ali", "Ali'nin"),
    ] {
        assert_shut(name, &[&format!("of {text} today")]);
    }
}

#[test]
fn handles_ids_and_partners_are_found() {
    assert_shut(
        "source: MARTEN-12",
        &[
            "marten 12",
            "M4RTEN-12",
            "MARTEN-①②",
            "MARTEN-١٢",
            "ΜARTEN-12",
            "xmarten12x",
            "21-netram",
            "Marten says",
        ],
    );
    assert_shut("source: SRC-42", &["by SRC42"]);
    let id = "2f1c9b7e-40aa-4d53-9c1e-7be2a0d4f611";
    let bytes = HEXLOWER.decode(id.replace('-', "").as_bytes()).unwrap();
    let as_guid = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map(|n: usize| bytes[n]);
    for text in [
        id.to_uppercase(),
        id.replace('-', " "),
        id.replace('0', "O"),
        BASE64.encode(&bytes),
        BASE64.encode(&as_guid),
        BASE32.encode(&bytes),
        BASE64.encode(id.as_bytes()),
        "2f1c9b7e…".to_owned(),
    ] {
        assert_shut(&format!("id: report--{id}"), &[&format!("see {text} there")]);
    }
    assert_shut("id: https://feed.example/item/7781", &["hxxps://feed[.]example/item/7781"]);
    assert_shut(
        "partner: Office of the North",
        &["office-of-the-north", "officeofthenorth.example"],
    );
}

#[test]
fn innocent_texts_stay_open() {
    for (name, text) in [
        ("Li Wei", "Believe in the weird linen"),
        ("Kim", "The skimmed kimono"),
        ("Max Ender", "lavender calendars"),
        ("Rob Stone", "problems and milestones"),
        ("Ali Hassan", "alias, alien, has a hassle"),
        ("Goethe", "they will go therefore"),
        ("Thi", "this"),
        ("Tom", "tome atom tomorrow"),
        ("Nina", "nine"),
        ("Ha", "has had"),
        ("O'Neil", "One illness, a one-line note"),
        ("Hugo", "huge ongoing"),
        ("Cam", "сам"),
        ("Amin", "I am in the house"),
        ("Al Arm", "the alarm"),
        ("Олег", "коллега"),
        ("Лев", "левый, слева"),
        ("علي", "على الطريق، عليه وعلينا"),
        ("לוי", "גלויה"),
        ("김철", "철도, 김포"),
        ("王伟", "大王，伟大"),
        ("source: OWL-3", "three owls; 3 bowls"),
        ("source: EAGLE-12", "eagles, beagle 12"),
        ("source: MARTEN-12", "smarten 12 rooms; martens"),
        ("id: CTI-2031-0093", "CTI-2031-00935"),
        ("partner: Office of the North", "The office is north of the river"),
        ("Elias Abbas", "3b4e1145a77431145e11457acf0e3114531145be11a5abba5, phone 31145 31145"),
    ] {
        assert_open(name, &[text]);
    }
}

#[test]
fn a_label_in_punycode_is_read_to_people_where_it_has_the_letters_of_a_name() {
    // RFC 3492 §7.1 (J): Russian.
    let text = "at xn--b1abfaaepdrnnbgefbadotcwatmq2g4l.example";
    let found = against("Соколова", text);
    assert_eq!((found[0].rule.as_str(), found[0].strength), ("punycode", Strength::Possible));
    assert!(found[0].message.contains("почемужеонинеговорятпорусски"), "{found:?}");
    assert_open(NAME, &[text, "at xn--mnchen-3ya.example"]);
    assert_open("Соколова", &["at xn--mnchen-3ya.example"]);
}

#[test]
fn characters_that_hide_or_turn_words_do_not_leave() {
    for c in [
        '\0',
        '\u{7f}',
        '\u{85}',
        '\u{202e}',
        '\u{2067}',
        '\u{e000}',
        '\u{fff9}',
        '\u{e0041}',
        '\u{ffff}',
    ] {
        let found = against("Nobody", &format!("a bo{c}mb"));
        assert_eq!(found[0].rule, "character", "{c:?}");
        assert_eq!(found[0].strength, Strength::Certain);
    }
    assert_open(
        "Nobody",
        &["a\r\n\tb", "می‌خواهم", "שלום\u{200f}", "👩‍👧 🏴\u{e0067}\u{e0062}\u{e007f}"],
    );
}

#[test]
fn short_and_common_words_may_mean_something_else() {
    let strength = |name: &str, text: &str| against(name, text)[0].strength;
    assert_eq!(strength(NAME, "Halvorek was seen"), Strength::Certain);
    assert_eq!(strength("source: MARTEN-12", "marten12"), Strength::Certain);
    assert_eq!(strength("Kim", "Kim was seen"), Strength::Possible);
    assert_eq!(strength("Ada Baker", "the baker was seen"), Strength::Possible);
    assert_eq!(strength("Ada Baker", "Ada Baker was seen"), Strength::Certain);
    assert_eq!(strength("source: MARTEN-12", "a marten was seen"), Strength::Possible);
    assert_eq!(strength("Tobias", "to bias a jury"), Strength::Possible);
}

#[test]
fn what_cannot_be_looked_for_is_refused() {
    for text in [
        "F",
        "A1",
        "…",
        "王",
        "김",
        "",
        "\u{200b}",
        "an",
        "source: A1",
        "source: -",
        "id: x",
        "partner: A",
    ] {
        assert!(withheld(text).check().is_err(), "{text:?}");
    }
    for text in ["Bo", "Ng", "Li Wei", "王伟", "source: B12", "id: 4711", "partner: MI5"] {
        withheld(text).check().unwrap();
    }
}

/// The work on a text is bounded by its length, whatever it is made of.
#[test]
fn the_readings_of_a_text_are_bounded() {
    for piece in ["%2541", "&#37;", "xn--", "\\", "QUJD", "41 ", "=\n", "&", "k a "] {
        let text = piece.repeat(20_000);
        let read = decode::readings(&text);
        let bytes: usize = read.all.iter().map(|reading| reading.text.len()).sum();
        assert!(bytes <= 25 * text.len() + (64 << 10), "{piece}: {bytes}");
        assert!(read.all.len() < 200, "{piece}: {}", read.all.len());
    }
}

proptest! {
    #[test]
    fn a_disguised_name_is_found_in_any_text(
        before in any::<String>(), after in any::<String>(), way in 0usize..6,
    ) {
        let disguised = match way {
            0 => "Halv0rek".to_owned(),
            1 => "%48alvor%65k".to_owned(),
            2 => "Hal\u{200b}vor\u{ad}ek".to_owned(),
            3 => "Наlvоrек".to_owned(),
            4 => BASE64.encode(b"He is Halvorek."),
            _ => "H a l v o r e k".to_owned(),
        };
        let text = format!("{before} {disguised} {after}");
        prop_assert!(!against(NAME, &text).is_empty());
    }

    #[test]
    fn a_text_without_its_letters_is_open(text in "[bcdfgjmpqstwxyz ,.;:-]{0,200}") {
        prop_assert_eq!(against("Hal Halvorek", &text), vec![]);
    }

    #[test]
    fn any_text_and_any_name_can_be_judged(text in any::<String>(), name in any::<String>()) {
        for what in [WithheldKind::Name, WithheldKind::Source, WithheldKind::OriginalId, WithheldKind::Partner] {
            let _ = check_text(&text, &[Withheld::new(what, name.as_str())]);
        }
    }
}

mod alone;
mod drawn;

/// A telephone number and a passport's could not be withheld at all: they were “so short”.
#[test]
fn a_number_is_found_however_it_is_grouped() {
    let texts = [
        "call 0170 1234567",
        "+49 170 1234567",
        "+49 (0)170/12 34 567",
        "0049-170-1234567",
        "tel:01701234567",
    ];
    for number in ["+49 170 1234567", "0049 170 1234567", "0170 1234567"] {
        assert_shut(number, &texts);
    }
    assert_shut("+49 170 1234567", &["https://wa.me/491701234567", "%2B49170%201234567"]);
    assert_open(
        "0170 1234567",
        &["1701234568", "170123456789", "170, 1234, 567", "d41d8cd98f00b2041701234567", "170 123"],
    );
    assert_shut("C01X00T47", &["passport C01X00T47", "c01x-00t-47"]);
    assert_shut("A1234567", &["passport A1234567", "A 123 4567"]);
    for short in ["12345", "7", "A 1"] {
        assert!(withheld(short).check().is_err(), "{short}");
    }
}

/// A name in another alphabet went out: Pavel Zhukov, where Павел Жуков is withheld.
#[test]
fn a_name_in_another_alphabet_may_be_meant() {
    for (name, text) in [
        ("Павел Жуков", "Pavel Zhukov was seen"),
        ("Павел Жуков", "Schukow wurde gesehen"),
        ("Pavel Zhukov", "видели Жукова"),
        ("Sergej Halvorek", "Sergey was seen"),
        ("Olena Halvorenko", "Олени Гальворенко не було"),
    ] {
        let found = against(name, text);
        assert!(!found.is_empty(), "{name}: {text}");
        assert!(found.iter().all(|one| one.strength == Strength::Possible), "{found:?}");
    }
}
