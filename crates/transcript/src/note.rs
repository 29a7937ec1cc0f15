//! C2SP signed notes (c2sp.org/signed-note): a text, an empty line, and signature lines.

use crate::key::{PublicKey, Use};
use crate::signature::{KeyId, SignatureLine};
use std::fmt;

/// Longest note read, in bytes. A checkpoint with two signatures of each party has about 7 kB.
pub const MAX_NOTE_BYTES: usize = 16 << 10;
/// Most signatures read on one note.
pub const MAX_SIGNATURES: usize = 16;

/// Why a note is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNote {
    /// The text does not have the form of a signed note.
    #[error("not a signed note: {0}")]
    Form(&'static str),
    /// No line has this name and the id of the expected key.
    #[error("no signature by `{0}`")]
    Unsigned(String),
    /// Lines have this name and the id of the expected key, but no signature fits the text.
    #[error("the signature by `{0}` does not fit the text")]
    Forged(String),
}

/// A text and its signature lines. Only [`Note::verify`] says whether a signature is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// A note of a text and signature lines. The text must end with a line feed.
    pub fn new(text: String, signatures: Vec<SignatureLine>) -> Note {
        Note { text, signatures }
    }

    /// A note with one Ed25519 signature, which the holder of `key` has made over the text under
    /// `name`. The signature is not checked.
    pub fn signed(text: String, name: &str, key: &PublicKey, signature: &[u8; 64]) -> Note {
        let line = SignatureLine::new(name, key.id(name, Use::Note), signature.to_vec());
        Note::new(text, vec![line])
    }

    /// Reads a note. Printing it gives the same bytes. Errs when the form is wrong, or the note is
    /// longer than [`MAX_NOTE_BYTES`] or has more than [`MAX_SIGNATURES`] signatures.
    pub fn parse(input: &str) -> Result<Note, BadNote> {
        if input.len() > MAX_NOTE_BYTES {
            return Err(BadNote::Form("it is longer than 16 kB"));
        }
        if input.chars().any(|c| c.is_control() && c != '\n') {
            return Err(BadNote::Form("it has control characters"));
        }
        let at = input.rfind("\n\n").ok_or(BadNote::Form("it has no empty line"))?;
        let (text, rest) = input.split_at(at + 1);
        let lines = rest.strip_prefix('\n').and_then(|r| r.strip_suffix('\n'));
        let lines = lines.ok_or(BadNote::Form("its last line has no line feed"))?;
        let signatures = lines.split('\n').map(SignatureLine::parse).collect::<Option<Vec<_>>>();
        let signatures =
            signatures.ok_or(BadNote::Form("a signature line is not `— name base64`"))?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(BadNote::Form("it has more than 16 signatures"));
        }
        Ok(Note { text: text.to_owned(), signatures })
    }

    /// The text that is signed, with the line feed at its end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order, checked or not.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// The note with one more signature line, unless it has that line already.
    pub fn with(&self, line: SignatureLine) -> Note {
        let mut note = self.clone();
        if !note.signatures.contains(&line) {
            note.signatures.push(line);
        }
        note
    }

    /// Checks that the note has a signature of the text by `key` under `name`, and returns its
    /// line.
    pub fn verify(&self, name: &str, key: &PublicKey) -> Result<&SignatureLine, BadNote> {
        let id = key.id(name, Use::Note);
        let check = |bytes: &[u8]| key.verifies(self.text.as_bytes(), bytes).then_some(());
        self.find(name, id, check).map(|(line, ())| line)
    }

    /// The same text with these signature lines only, which the caller has checked.
    pub(crate) fn only(&self, lines: Vec<SignatureLine>) -> Note {
        Note { text: self.text.clone(), signatures: lines }
    }

    /// Finds the first line of this name and key that `check` accepts. Others of the same name are
    /// skipped, since whoever carries a note can add lines to it.
    pub(crate) fn find<T>(
        &self,
        name: &str,
        id: KeyId,
        check: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<(&SignatureLine, T), BadNote> {
        let mut named = self.signatures.iter().filter(|l| l.name == name && l.key_id == id);
        let Some(first) = named.next() else { return Err(BadNote::Unsigned(name.to_owned())) };
        std::iter::once(first)
            .chain(named)
            .find_map(|line| check(&line.bytes).map(|found| (line, found)))
            .ok_or_else(|| BadNote::Forged(name.to_owned()))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.signatures {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    /// The key and the note in the documentation of golang.org/x/mod/sumdb/note.
    #[test]
    fn a_note_of_the_go_checksum_database_package_verifies() {
        let (name, id, encoded) =
            ("PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        let bytes = STANDARD.decode(encoded).unwrap();
        let key = PublicKey::from_bytes(&bytes[1..]).unwrap();
        let key_id = u32::from_be_bytes(key.id(name, Use::Note));
        assert_eq!(format!("{key_id:x}"), id);
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let note = format!(
            "{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        );
        let note = Note::parse(&note).unwrap();
        assert_eq!(note.text(), text);
        assert!(note.verify(name, &key).is_ok());
        assert_eq!(note.verify("Another", &key), Err(BadNote::Unsigned("Another".into())));
    }

    #[test]
    fn a_note_reads_back_as_it_was_printed_and_a_changed_text_is_forged() {
        let key = SecretKey::from_seed(&[7; 32]);
        let text = "log.example\n1\nroot\n".to_owned();
        let note = Note::new(text.clone(), vec![key.sign_note("log.example", &text)]);
        let read = Note::parse(&note.to_string()).unwrap();
        assert_eq!(read, note);
        let altered = Note::parse(&note.to_string().replace("\n1\n", "\n2\n")).unwrap();
        assert_eq!(
            altered.verify("log.example", &key.public()),
            Err(BadNote::Forged("log.example".into()))
        );
    }

    #[test]
    fn malformed_notes_are_refused() {
        for text in [
            "",
            "text\n",
            "text\n\n",
            "text\n\n— a\n",
            "text\n\n— a AAAA\n",
            "te\txt\n\n— a AAAAAAAA\n",
            "t\n\n— a AAAAAAAA",
        ] {
            assert!(matches!(Note::parse(text), Err(BadNote::Form(_))), "{text:?}");
        }
    }
}
