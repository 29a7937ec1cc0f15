//! Letters drawn with signs, names in the middle of markup, codes in pieces, and what is not seen.

use super::{NAME, against, assert_open, assert_shut};
use data_encoding::{BASE32, BASE64};

#[test]
fn letters_that_are_drawn_with_signs_are_read() {
    assert_shut(
        "Viktor Halvorek",
        &[
            "H/\\LV()R3|<",
            "|-|/-\\|_\\/()|23|<",
            "\\/iktor",
            "Vi|<tor",
            "\\/1|<T0R",
            "Vikt○r",
            "Vikt°r",
            "Halv●rek",
            "V!|<70|2",
        ],
    );
    assert_shut("Emma Marlow", &["|\\/|arlow", "E|\\/||\\/|A", "Mar|_o\\/\\/", "/\\/\\arlow"]);
    assert_shut("Daniel Norbert", &["Dan|el was seen", "|\\|orbert", "Norb€r†"]);
    assert_open("Viktor Halvorek", &["path\\/to/|file| (at) http://a.example/b/c [x] <y>"]);
    assert_open("Cat Cook", &["(at the station) (OOK"]);
}

#[test]
fn a_name_is_found_with_markup_in_the_middle() {
    assert_shut(
        "Anton",
        &[
            "An<b>t</b>on",
            "An<span class=\"a>b\">t</span>on",
            "An<!-- x -->ton",
            "An<br>ton",
            "An&lt;b&gt;t&lt;/b&gt;on",
            "An%3Cb%3Et%3C/b%3Eon",
            "An[b]t[/b]on",
            "An[color=red]t[/color]on",
            "An**t**on",
            "An~~t~~on",
            "An[t](https://a.example/)on",
            "An\\textbf{t}on",
            "An{\\it t}on",
            "An<style>p{}</style>ton",
            "An<SCRIPT type=\"x\">1 < 2</Script >ton",
            "An<span hidden>x</span>ton",
            "An<i style=\"display : none\">x</i>ton",
            "An&lt;style&gt;x&lt;/style&gt;ton",
            "<script>Anton</script>",
            "A<style>x</style>n<style>y</style>t<template>z</template>on",
        ],
    );
    assert_open("Anton", &["An<style>p{} on", "An <script>x</script> on"]);
    assert_shut("Igor", &["I<b>g</b>or"]);
    assert_shut(NAME, &["<img alt=\"Halvorek\">", "<a href=\"x?%2548alvorek\">"]);
    assert_open("Anton", &["An <b>attack</b> on", "a < b, and c > d: on"]);
}

#[test]
fn entities_of_every_alphabet_are_read() {
    assert_shut("Волков", &["&Vcy;&ocy;&lcy;&kcy;&ocy;&vcy;", "&amp;Vcy;олков", "Во&#1083;ков"]);
    assert_shut("Νίκος", &["&Nu;&iota;&kappa;&omicron;&sigma;"]);
    assert_shut(NAME, &["H&aopf;lv&oscr;rek", "&Hfr;alvorek"]);
    // By their sound in a word of another alphabet, where they look otherwise.
    assert_shut(NAME, &["Hal&vcy;orek", "&Gcy;oran", "Halvo&rcy;ek", "Halvo\u{3c1}ek"]);
    assert_shut("Viktor Volk", &["&Vcy;iktor was seen", "\u{412}olk was seen"]);
    assert_open(NAME, &["халва и коран-dor", "alpha-γ, β2, \u{3b1}vorek"]);
}

#[test]
fn base64_and_base32_in_pieces_are_put_together() {
    for code in [BASE64.encode(NAME.as_bytes()), BASE32.encode(NAME.as_bytes())] {
        for length in 1..7 {
            for between in [" ", "\n", "-", " - ", ", ", "/", "\r\n> "] {
                let pieces: Vec<&[u8]> = code.as_bytes().chunks(length).collect();
                let cut = String::from_utf8(pieces.join(between.as_bytes())).unwrap();
                assert_shut(NAME, &[&format!("It says {cut} there.")]);
            }
        }
    }
    assert_shut("Волков", &["0JL QvtC 70LrQ vtCy"]);
}

/// Of these only embeddings, overrides and isolates were refused, and SECURITY.md says all are.
#[test]
fn what_nobody_sees_leaves_only_where_a_script_needs_it() {
    let all = "\u{200e}\u{200f}\u{61c}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\
               \u{2068}\u{2069}\u{2028}\u{2029}\u{200b}\u{200c}\u{200d}\u{2060}\u{2061}\u{2062}\
               \u{2063}\u{2064}\u{206a}\u{206f}\u{feff}\u{ad}\u{34f}\u{180e}\u{115f}\u{1160}\
               \u{17b4}\u{3164}\u{ffa0}\u{fe0f}\u{e0100}\u{e0041}\u{1bca0}\u{1d173}";
    for c in all.chars() {
        for text in [format!("a bo{c}mb"), format!("a {c} bomb"), format!("{c}a bomb{c}")] {
            let found = against("Nobody", &text);
            assert_eq!(found.first().map(|one| one.rule.as_str()), Some("character"), "{c:?}");
            let told = found[0].message.contains("take it out");
            assert!(told || found[0].message.contains("write a new line"), "{c:?}");
        }
    }
    // In a word or number of a right-to-left line, and in another line, a mark is not needed.
    for text in ["מספר 1\u{200f}2", "של\u{200e}ום", "שלום\na\u{200f} b", "שלום \u{202e}abc"]
    {
        assert_eq!(against("Nobody", text)[0].rule, "character", "{text:?}");
    }
    assert_open(
        "Nobody",
        &[
            "שלום\u{200f}!",
            "(C++\u{200e}) בעברית",
            "می\u{200c}خواهم",
            "خانه\u{200c}ها",
            "क्\u{200d}ष",
            "ภาษา\u{200b}ไทย",
            "👩\u{200d}👧 ❤\u{fe0f} 1\u{fe0f}\u{20e3} 🏳\u{fe0f}\u{200d}🌈",
            "葛\u{e0100}城",
        ],
    );
}

/// What is full of tags, links and addresses, and encodes nothing twice, can be read whole.
#[test]
fn pages_and_code_are_not_too_much_to_decode() {
    let page = "<p class=\"item x_1\"><a href=\"https://a.example/?q=%41&amp;x=1#y\">the &quot;first&quot; \
                one</a> (see [2](b.html), |x|, Vec&lt;Letter&gt;)</p>\n";
    let code =
        "fn of<'a>(all: &[Vec<Part>]) -> Option<&'a str> { all[0] | b'\\x41' || !'\\u{1f}' }\n";
    assert_open(
        NAME,
        &[&page.repeat(300), &code.repeat(300), &format!("{page}{code}").repeat(200)],
    );
}
