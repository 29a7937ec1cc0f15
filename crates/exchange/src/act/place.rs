//! The places of a transcript that a text refers to, as people write them.

use super::Says;
use crate::readout::Shows;

impl Says {
    /// Reads `SIDE/ENTRY/FIELD[/PART]=WORDS`, `SIDE/ENTRY/@time=WORDS` or `SIDE/ENTRY/@kind=WORDS`.
    ///
    /// # Errors
    /// How it is written.
    pub fn shown(text: &str) -> Result<Says, String> {
        shown(text)
    }

    /// Reads `ours/ENTRY/FIELD=WORDS`, of a field that is kept back.
    ///
    /// # Errors
    /// How it is written.
    pub fn kept_back(text: &str) -> Result<Says, String> {
        withheld(text)
    }

    /// Whether it is of a field that is kept back.
    pub fn is_kept_back(&self) -> bool {
        matches!(self.shows, Shows::Withheld { .. })
    }

    /// As it is read.
    pub fn written(&self) -> String {
        let Says { words, ours, index, shows } = self;
        let side = if *ours { "ours" } else { "theirs" };
        let of = match shows {
            Shows::Time {} => "@time".to_owned(),
            Shows::Kind {} => "@kind".to_owned(),
            Shows::Field { name, path } => format!("{name}{path}"),
            Shows::Withheld { name } => name.clone(),
        };
        format!("{side}/{index}/{of}={words}")
    }
}

fn shown(text: &str) -> Result<Says, String> {
    read(text, |of| match of {
        "@time" => Ok(Shows::Time {}),
        "@kind" => Ok(Shows::Kind {}),
        other => {
            let (name, path) = match other.split_once('/') {
                Some((name, path)) => (name, format!("/{path}")),
                None => (other, String::new()),
            };
            Ok(Shows::Field { name: name.to_owned(), path })
        }
    })
}

fn withheld(text: &str) -> Result<Says, String> {
    let says = read(text, |name| Ok(Shows::Withheld { name: name.to_owned() }))?;
    if says.ours {
        return Ok(says);
    }
    Err("only fields of our own log are kept back by us: ours/ENTRY/FIELD=WORDS".to_owned())
}

fn read(text: &str, shows: impl FnOnce(&str) -> Result<Shows, String>) -> Result<Says, String> {
    let form = "write SIDE/ENTRY/FIELD=WORDS, such as theirs/5/facts/0/count=seven people";
    let (place, words) = text.split_once('=').ok_or(form)?;
    let mut parts = place.splitn(3, '/');
    let (side, index, of) = (parts.next(), parts.next(), parts.next());
    let ours = match side {
        Some("ours") => true,
        Some("theirs") => false,
        Some(_) | None => return Err("the side is `ours` or `theirs`".to_owned()),
    };
    let index = index.and_then(|index| index.parse().ok()).ok_or(form)?;
    let of = of.filter(|of| !of.is_empty()).ok_or(form)?;
    Ok(Says { words: words.to_owned(), ours, index, shows: shows(of)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_side_an_entry_and_a_field_or_a_part_of_it() {
        let says = shown("theirs/5/facts/0/count=seven people").unwrap();
        let shows = Shows::Field { name: "facts".into(), path: "/0/count".into() };
        assert_eq!(says, Says { words: "seven people".into(), ours: false, index: 5, shows });
        assert_eq!(shown("ours/1/@time=on Thursday").unwrap().shows, Shows::Time {});
        assert_eq!(
            withheld("ours/1/names=nobody is named").unwrap().shows,
            Shows::Withheld { name: "names".into() }
        );
        for bad in ["ours/1/x", "mine/1/x=y", "ours/x/x=y", "ours/1=y", "ours/1/=y"] {
            assert!(shown(bad).is_err(), "{bad}");
        }
        assert!(withheld("theirs/1/names=x").is_err());
        for text in ["theirs/5/facts/0/count=seven people", "ours/1/@time=on Thursday"] {
            assert_eq!(shown(text).unwrap().written(), text);
        }
    }
}
