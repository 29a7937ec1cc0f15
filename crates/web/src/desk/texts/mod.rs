//! Every word of the desk, in each language: a text without its other language does not compile.
//!
//! `{}` stands for what is put in, in the same order in every language. What the node itself says, such
//! as a refusal or a line of the history, is English for everybody, and marked so.

mod account;
mod agree;
mod case;
mod chart;
mod danger;
mod feed;
mod find;
mod form;
mod frame;
mod hint;
mod interest;
mod keep;
mod know;
mod map;
mod need;
mod people;
mod permit;
mod play;
mod read;
mod record;
mod scale;
mod send;
mod template;
mod told;
mod warn;
mod watch;

use std::fmt::Display;

/// Makes the texts of one part of the desk.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident; $($key:ident: $en:literal, $de:literal;)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[allow(clippy::struct_field_names, reason = "keys, each of a part of the desk")]
        pub(crate) struct $name {
            $(pub(crate) $key: &'static str,)*
        }

        impl $name {
            pub(super) const EN: $name = $name { $($key: $en,)* };
            pub(super) const DE: $name = $name { $($key: $de,)* };
            #[cfg(test)]
            pub(super) const ALL: &'static [(&'static str, &'static str, &'static str)] =
                &[$((stringify!($key), $en, $de),)*];
        }
    };
}
use texts;

/// All of them, in one language.
#[derive(Debug)]
pub(crate) struct Words {
    /// The language, as HTML names it.
    pub(crate) lang: &'static str,
    pub(crate) frame: frame::Frame,
    pub(crate) watch: watch::Watch,
    pub(crate) case: case::Case,
    pub(crate) find: find::Find,
    pub(crate) chart: chart::Chart,
    pub(crate) read: read::Read,
    pub(crate) record: record::Record,
    pub(crate) feed: feed::Feed,
    pub(crate) form: form::Form,
    pub(crate) hint: hint::Hint,
    pub(crate) interest: interest::Interest,
    pub(crate) keep: keep::Keep,
    pub(crate) know: know::Know,
    pub(crate) map: map::Map,
    pub(crate) account: account::Account,
    pub(crate) agree: agree::Agree,
    pub(crate) need: need::Need,
    pub(crate) people: people::People,
    pub(crate) danger: danger::Danger,
    pub(crate) permit: permit::Permit,
    pub(crate) play: play::Play,
    pub(crate) send: send::Send,
    pub(crate) template: template::Template,
    pub(crate) told: told::Told,
    pub(crate) warn: warn::Warn,
    pub(crate) scale: scale::Scale,
}

static EN: Words = Words {
    lang: "en",
    frame: frame::Frame::EN,
    watch: watch::Watch::EN,
    case: case::Case::EN,
    find: find::Find::EN,
    chart: chart::Chart::EN,
    read: read::Read::EN,
    record: record::Record::EN,
    feed: feed::Feed::EN,
    form: form::Form::EN,
    hint: hint::Hint::EN,
    interest: interest::Interest::EN,
    keep: keep::Keep::EN,
    know: know::Know::EN,
    map: map::Map::EN,
    account: account::Account::EN,
    agree: agree::Agree::EN,
    need: need::Need::EN,
    people: people::People::EN,
    danger: danger::Danger::EN,
    permit: permit::Permit::EN,
    play: play::Play::EN,
    send: send::Send::EN,
    template: template::Template::EN,
    told: told::Told::EN,
    warn: warn::Warn::EN,
    scale: scale::Scale::EN,
};

static DE: Words = Words {
    lang: "de",
    frame: frame::Frame::DE,
    watch: watch::Watch::DE,
    case: case::Case::DE,
    find: find::Find::DE,
    chart: chart::Chart::DE,
    read: read::Read::DE,
    record: record::Record::DE,
    feed: feed::Feed::DE,
    form: form::Form::DE,
    hint: hint::Hint::DE,
    interest: interest::Interest::DE,
    keep: keep::Keep::DE,
    know: know::Know::DE,
    map: map::Map::DE,
    account: account::Account::DE,
    agree: agree::Agree::DE,
    need: need::Need::DE,
    people: people::People::DE,
    danger: danger::Danger::DE,
    permit: permit::Permit::DE,
    play: play::Play::DE,
    send: send::Send::DE,
    template: template::Template::DE,
    told: told::Told::DE,
    warn: warn::Warn::DE,
    scale: scale::Scale::DE,
};

impl Words {
    /// In the language that somebody likes best, of those that there are (RFC 9110 §12.5.4).
    pub(crate) fn of(accepted: &str) -> &'static Words {
        let (mut best, mut most) = (&EN, 0.0);
        for part in accepted.split(',') {
            let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
            let weight = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let known = match primary.to_ascii_lowercase().as_str() {
                "en" | "*" => &EN,
                "de" => &DE,
                _ => continue,
            };
            if weight > most {
                (best, most) = (known, weight);
            }
        }
        best
    }
}

/// A text with what is put in.
pub(crate) fn fill(text: &str, with: &[&dyn Display]) -> String {
    let mut out = String::with_capacity(text.len() + 16 * with.len());
    let mut parts = text.split("{}");
    out.push_str(parts.next().unwrap_or_default());
    for (part, one) in parts.zip(with) {
        out.push_str(&one.to_string());
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that is the same in both languages is a name or a number of the field, and stands here.
    const SAME: &[&str] = &[
        "name_label",
        "kind_name",
        "tlp",
        "sha",
        "pap",
        "partner",
        "partner_about",
        "kind_partner",
        "organisation",
    ];

    #[test]
    fn every_text_is_there_in_each_language_and_takes_the_same_things() {
        let all = [
            frame::Frame::ALL,
            watch::Watch::ALL,
            case::Case::ALL,
            find::Find::ALL,
            chart::Chart::ALL,
            read::Read::ALL,
            feed::Feed::ALL,
            form::Form::ALL,
            hint::Hint::ALL,
            interest::Interest::ALL,
            keep::Keep::ALL,
            know::Know::ALL,
            map::Map::ALL,
            account::Account::ALL,
            need::Need::ALL,
            people::People::ALL,
            agree::Agree::ALL,
            danger::Danger::ALL,
            permit::Permit::ALL,
            play::Play::ALL,
            record::Record::ALL,
            send::Send::ALL,
            template::Template::ALL,
            told::Told::ALL,
            warn::Warn::ALL,
            scale::Scale::ALL,
        ];
        for (key, en, de) in all.into_iter().flatten() {
            assert!(!en.trim().is_empty() && !de.trim().is_empty(), "{key} is empty");
            assert_eq!(en.matches("{}").count(), de.matches("{}").count(), "{key}");
            assert!(en != de || SAME.contains(key), "{key} is not translated: {en}");
        }
    }

    #[test]
    fn the_language_is_what_the_reader_likes_best_of_those_that_there_are() {
        for (accepted, lang) in [
            ("", "en"),
            ("de", "de"),
            ("de-AT,en;q=0.7", "de"),
            ("fr, en;q=0.4, de;q=0.6", "de"),
            ("en-GB,de;q=0.9", "en"),
            ("de;q=0", "en"),
            ("*", "en"),
        ] {
            assert_eq!(Words::of(accepted).lang, lang, "{accepted}");
        }
    }

    #[test]
    fn what_is_put_in_stands_in_its_order() {
        assert_eq!(fill("{} of {}.", &[&1, &"case {}"]), "1 of case {}.");
    }
}
