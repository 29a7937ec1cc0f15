//! Which of the two a file is.

/// How many bytes of a file show what it is.
pub const FORM_BYTES: usize = 64 << 10;

/// What a file has in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Events of MISP.
    Misp,
    /// Objects of STIX.
    Stix,
}

impl Form {
    /// What the beginning of a file shows. What shows nothing is read as an event, and refused there
    /// in words.
    pub fn of(start: &[u8]) -> Form {
        let find = |text: &str| memchr::memmem::find(start, text.as_bytes());
        let stix = [find("\"spec_version\""), find("\"bundle\"")].into_iter().flatten().min();
        let misp =
            [find("\"Event\""), find("\"response\""), find("\"Attribute\""), find("\"Orgc\"")];
        match (stix, misp.into_iter().flatten().min()) {
            (Some(stix), Some(misp)) if stix < misp => Form::Stix,
            (Some(_), None) => Form::Stix,
            _ => Form::Misp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_shows_what_a_file_is() {
        assert_eq!(Form::of(br#"{"type":"bundle","objects":[]}"#), Form::Stix);
        assert_eq!(Form::of(br#"{"objects":[{"spec_version":"2.1"}]}"#), Form::Stix);
        assert_eq!(Form::of(br#"{"Event":{"info":"a \"bundle\""}}"#), Form::Misp);
        assert_eq!(Form::of(br#"{"info":"x"}"#), Form::Misp);
    }
}
