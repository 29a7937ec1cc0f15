//! Checkpoints (c2sp.org/tlog-checkpoint) and cosignatures (c2sp.org/tlog-cosignature, v1).

use crate::hash::Hash;
use crate::note::{BadNote, Note, PublicKey, SecretKey, SignatureLine, Use};

/// A log's size and root, as its writer states them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a checkpoint is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] BadNote),
    /// The three lines are not as they must be.
    #[error("not a checkpoint: {0}")]
    Form(&'static str),
}

impl Checkpoint {
    /// The note's text.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.base64())
    }

    /// Reads a note's text, strictly. Says nothing of who signed it: see [`open`].
    pub fn parse(text: &str) -> Result<Checkpoint, BadCheckpoint> {
        let form = BadCheckpoint::Form;
        let mut lines = text.split('\n');
        let origin =
            lines.next().filter(|l| !l.is_empty()).ok_or(form("the first line is empty"))?;
        let size = lines.next().and_then(decimal).ok_or(form("the second line is no size"))?;
        let root = lines.next().and_then(Hash::from_base64);
        let root = root.ok_or(form("the third line is no root"))?;
        if lines.next() != Some("") || lines.next().is_some() {
            return Err(form("it has more than three lines"));
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root })
    }

    /// The note, signed by the log's writer.
    pub fn sign(&self, key: &SecretKey) -> Note {
        let text = self.text();
        let line = key.sign_note(&self.origin, &text);
        Note::new(text, vec![line])
    }
}

/// A checkpoint whose writer's signature was checked.
pub fn open(note: &Note, writer: &PublicKey) -> Result<Checkpoint, BadCheckpoint> {
    let checkpoint = Checkpoint::parse(note.text())?;
    note.verify(&checkpoint.origin, writer)?;
    Ok(checkpoint)
}

/// The reader's cosignature: at this time (seconds since 1970), it holds all of this.
pub fn cosign(note: &Note, name: &str, key: &SecretKey, time: u64) -> SignatureLine {
    let mut bytes = time.to_be_bytes().to_vec();
    bytes.extend(key.sign(cosigned_message(note, time).as_bytes()));
    SignatureLine::new(name, key.public().id(name, Use::Cosignature), bytes)
}

/// Checks a cosignature; the time that it states, in seconds since 1970.
pub fn cosigned(note: &Note, name: &str, key: &PublicKey) -> Result<u64, BadNote> {
    let check = |bytes: &[u8]| {
        let (time, signature) = bytes.split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        key.verifies(cosigned_message(note, time).as_bytes(), signature).then_some(time)
    };
    note.find(name, key, Use::Cosignature, check).map(|(_, time)| time)
}

fn cosigned_message(note: &Note, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{}", note.text())
}

/// A decimal number as the formats want it: no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> (Checkpoint, SecretKey, SecretKey) {
        let checkpoint =
            Checkpoint { origin: "a.example/forewarn/x".into(), size: 3, root: Hash::of(b"r") };
        (checkpoint, SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]))
    }

    #[test]
    fn writer_and_reader_sign_and_both_are_checked() {
        let (checkpoint, writer, reader) = made();
        let note = checkpoint.sign(&writer);
        let note = note.with(cosign(&note, "b.example", &reader, 1_513_330_200));
        let note = Note::parse(&note.to_string()).unwrap();
        assert_eq!(open(&note, &writer.public()).unwrap(), checkpoint);
        assert_eq!(cosigned(&note, "b.example", &reader.public()), Ok(1_513_330_200));
        assert!(open(&note, &reader.public()).is_err());
        assert!(cosigned(&note, "b.example", &writer.public()).is_err());
        assert!(cosigned(&note, "c.example", &reader.public()).is_err());
    }

    #[test]
    fn a_cosignature_of_another_time_is_forged() {
        let (checkpoint, writer, reader) = made();
        let note = checkpoint.sign(&writer);
        let mut bytes = 5u64.to_be_bytes().to_vec();
        bytes.extend(reader.sign(cosigned_message(&note, 6).as_bytes()));
        let id = reader.public().id("b.example", Use::Cosignature);
        let note = note.with(SignatureLine::new("b.example", id, bytes));
        assert_eq!(
            cosigned(&note, "b.example", &reader.public()),
            Err(BadNote::Forged("b.example".into()))
        );
    }

    /// A partner once could add a bent line under the reader's name, or fill a note with lines,
    /// and so make the receipt that was appended to it unreadable.
    #[test]
    fn lines_that_others_add_do_not_hide_the_good_one() {
        let (checkpoint, writer, reader) = made();
        let note = checkpoint.sign(&writer);
        let good = cosign(&note, "b.example", &reader, 7);
        let id = reader.public().id("b.example", Use::Cosignature);
        let bent = SignatureLine::new("b.example", id, vec![0; 72]);
        let note = Note::new(checkpoint.text(), vec![bent]).with(good);
        assert_eq!(cosigned(&note, "b.example", &reader.public()), Ok(7));
        let signed = checkpoint.sign(&writer);
        let crowded = (0..15)
            .fold(signed.clone(), |note, n| note.with(SignatureLine::new("x", [n; 4], vec![1])));
        let line = crowded.verify(&checkpoint.origin, &writer.public()).unwrap();
        assert_eq!(crowded.only(line), signed);
    }

    #[test]
    fn a_checkpoint_is_read_strictly() {
        let root = Hash::of(b"r").base64();
        assert!(Checkpoint::parse(&format!("o\n3\n{root}\n")).is_ok());
        for text in [
            format!("o\n03\n{root}\n"),
            format!("o\n+3\n{root}\n"),
            format!("\n3\n{root}\n"),
            format!("o\n3\n{root}"),
            format!("o\n3\n{root}\nx\n"),
            "o\n3\nAAAA\n".into(),
        ] {
            assert!(Checkpoint::parse(&text).is_err(), "{text:?}");
        }
    }
}
