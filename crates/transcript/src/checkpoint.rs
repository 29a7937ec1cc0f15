//! Checkpoints (c2sp.org/tlog-checkpoint) and cosignatures (c2sp.org/tlog-cosignature, v1).

use crate::hash::Hash;
use crate::key::{Keys, PublicKey, SecondKey, SecretKey, Use};
use crate::note::{BadNote, Note};
use crate::signature::SignatureLine;

/// A log's size and root, as its writer states them (c2sp.org/tlog-checkpoint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: the first line of the note.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of the Merkle tree over them (RFC 6962 §2.1).
    pub root: Hash,
}

/// Why a checkpoint is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// The note cannot be read, or lacks a valid signature.
    #[error(transparent)]
    Note(#[from] BadNote),
    /// The checkpoint is of another log than expected.
    #[error("it belongs to another log")]
    Log,
    /// The text is not origin, size and root in three lines, or a cosignature states an impossible
    /// time.
    #[error("not a checkpoint: {0}")]
    Form(&'static str),
}

impl Checkpoint {
    /// The text of the note: origin, size in decimal and root in base64, a line each.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.base64())
    }

    /// Reads the text of a note. It must have the three lines that [`Checkpoint::text`] writes, and
    /// no extension lines. Signatures are not checked: see [`open`].
    pub fn parse(text: &str) -> Result<Checkpoint, BadCheckpoint> {
        let form = BadCheckpoint::Form;
        let mut lines = text.split('\n');
        let origin =
            lines.next().filter(|l| !l.is_empty()).ok_or(form("the first line is empty"))?;
        let size = lines.next().and_then(decimal).ok_or(form("the second line is not a size"))?;
        let root = lines.next().and_then(Hash::from_base64);
        let root = root.ok_or(form("the third line is not a root"))?;
        if lines.next() != Some("") || lines.next().is_some() {
            return Err(form("it has more than three lines"));
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root })
    }

    /// The note, signed by the log's writer with Ed25519. With `both`, it has a second signature,
    /// by ML-DSA-44. C2SP has no note signature for ML-DSA, so the writer cosigns its own log with
    /// the timestamp 0, which makes no statement about time.
    pub fn sign(&self, key: &SecretKey, both: bool) -> Note {
        let text = self.text();
        let mut lines = vec![key.sign_note(&self.origin, &text)];
        if both && let Some(second) = key.keys().mldsa44 {
            lines.push(self.sign_second(&self.origin, key, &second, 0));
        }
        Note::new(text, lines)
    }

    /// The `cosigned_message` of c2sp.org/tlog-cosignature over the whole log up to this size. Both
    /// names have fewer than 256 bytes: [`crate::channel::is_node_name`] bounds them.
    fn second_message(&self, cosigner: &str, time: u64) -> Vec<u8> {
        let mut message = b"subtree/v1\n\0".to_vec();
        let named = |message: &mut Vec<u8>, name: &str| {
            message.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
            message.extend(name.as_bytes());
        };
        named(&mut message, cosigner);
        message.extend(time.to_be_bytes());
        named(&mut message, &self.origin);
        message.extend(0u64.to_be_bytes());
        message.extend(self.size.to_be_bytes());
        message.extend(self.root.0);
        message
    }

    fn sign_second(
        &self,
        name: &str,
        key: &SecretKey,
        public: &SecondKey,
        time: u64,
    ) -> SignatureLine {
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend(key.sign_second(&self.second_message(name, time)));
        SignatureLine::new(name, public.id(name, Use::Subtree), bytes)
    }

    /// Finds the line of `name` that is signed by this second key and states this time.
    fn find_second(
        &self,
        note: &Note,
        name: &str,
        key: &SecondKey,
        time: u64,
    ) -> Result<SignatureLine, BadNote> {
        let message = self.second_message(name, time);
        let check = |bytes: &[u8]| {
            let signature = bytes.strip_prefix(&time.to_be_bytes()[..])?;
            key.verifies(&message, signature).then_some(())
        };
        note.find(name, key.id(name, Use::Subtree), check).map(|(line, ())| line.clone())
    }
}

/// A checkpoint on which the writer's signatures have been checked. Only [`open`] and
/// [`Channel::open`](crate::Channel::open) make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The log's name, size and root.
    pub checkpoint: Checkpoint,
    /// The note with the writer's signature lines only, since whoever carries a note can add lines.
    pub note: Note,
    /// The writer's keys that signed.
    pub by: Keys,
}

/// Checks that a checkpoint is signed by each of the writer's keys: Ed25519, and ML-DSA-44 if the
/// writer has one. Errs when a signature is missing or wrong, or the text is not a checkpoint.
pub fn open(note: &Note, writer: &Keys) -> Result<Opened, BadCheckpoint> {
    let checkpoint = Checkpoint::parse(note.text())?;
    let mut lines = vec![note.verify(&checkpoint.origin, &writer.ed25519)?.clone()];
    if let Some(second) = &writer.mldsa44 {
        lines.push(checkpoint.find_second(note, &checkpoint.origin, second, 0)?);
    }
    Ok(Opened { checkpoint, note: note.only(lines), by: writer.clone() })
}

/// Adds the reader's cosignature (c2sp.org/tlog-cosignature): at `time`, in seconds since 1970, it
/// holds the log up to this checkpoint. That is one line, or two with `both`.
///
/// `note` is the checkpoint's note with the lines to be kept: see [`Opened`]. `name` is the
/// reader's.
pub fn cosign(
    (note, checkpoint): (&Note, &Checkpoint),
    (name, key): (&str, &SecretKey),
    time: u64,
    both: bool,
) -> Note {
    let mut bytes = time.to_be_bytes().to_vec();
    bytes.extend(key.sign(cosigned_message(note, time).as_bytes()));
    let id = key.public().id(name, Use::Cosignature);
    let note = note.with(SignatureLine::new(name, id, bytes));
    match key.keys().mldsa44.filter(|_| both) {
        Some(second) => note.with(checkpoint.sign_second(name, key, &second, time)),
        None => note,
    }
}

/// A checkpoint with the signatures of writer and reader, both checked: the writer's proof that the
/// reader held the log up to this size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The log's name, size and root.
    pub checkpoint: Checkpoint,
    /// The time at which the reader claims to have held all of it, in seconds since 1970.
    pub time: u64,
    /// The note with the lines of both parties and no others.
    pub note: Note,
    /// The keys by which the writer signed, then those of the reader.
    pub by: [Keys; 2],
}

/// The latest time that a cosignature may state: the last second of the year 9999, in seconds since
/// 1970. A later one could not be written as a timestamp.
pub(crate) const MAX_TIME: u64 = 253_402_300_799;

/// The time that a cosignature by this Ed25519 key states, in seconds since 1970; `None` when it does
/// not fit.
pub(crate) fn cosigned_at(note: &Note, key: &PublicKey, bytes: &[u8]) -> Option<u64> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    key.verifies(cosigned_message(note, time).as_bytes(), signature).then_some(time)
}

/// Checks that an opened note is cosigned by each of the reader's keys: Ed25519, and ML-DSA-44 with
/// the same time if the reader has one. `opened` must come from the same note. Errs when a
/// signature is missing or wrong, or the time is after the year 9999.
pub fn receipt(
    note: &Note,
    opened: &Opened,
    (name, reader): (&str, &Keys),
) -> Result<Receipt, BadCheckpoint> {
    let Opened { checkpoint, note: written, by } = opened;
    let check = |bytes: &[u8]| cosigned_at(note, &reader.ed25519, bytes);
    let id = reader.ed25519.id(name, Use::Cosignature);
    let (line, time) = note.find(name, id, check)?;
    if time > MAX_TIME {
        return Err(BadCheckpoint::Form("its cosignature states a time after the year 9999"));
    }
    let mut whole = written.with(line.clone());
    if let Some(second) = &reader.mldsa44 {
        whole = whole.with(checkpoint.find_second(note, name, second, time)?);
    }
    let by = [by.clone(), reader.clone()];
    Ok(Receipt { checkpoint: checkpoint.clone(), time, note: whole, by })
}

/// Checks that `name` has cosigned a checkpoint by this Ed25519 key, whoever wrote the log: for the
/// reader itself, who learns again what it has signed.
pub fn cosigned_by(note: &Note, name: &str, key: &PublicKey) -> Result<Checkpoint, BadCheckpoint> {
    let checkpoint = Checkpoint::parse(note.text())?;
    let check = |bytes: &[u8]| cosigned_at(note, key, bytes);
    note.find(name, key.id(name, Use::Cosignature), check)?;
    Ok(checkpoint)
}

pub(crate) fn cosigned_message(note: &Note, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{}", note.text())
}

/// Reads a decimal number as the C2SP formats write it: no sign, no leading zero.
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

    /// A note signed by its writer and cosigned by `b.example`.
    fn cosigned(both: bool, time: u64) -> Note {
        let (checkpoint, writer, reader) = made();
        let note = checkpoint.sign(&writer, both);
        cosign((&note, &checkpoint), ("b.example", &reader), time, both)
    }

    fn read(note: &Note, writer: &Keys, reader: (&str, &Keys)) -> Result<Receipt, BadCheckpoint> {
        receipt(note, &open(note, writer)?, reader)
    }

    fn keys(key: &SecretKey, both: bool) -> Keys {
        let keys = key.keys();
        Keys { mldsa44: keys.mldsa44.filter(|_| both), ..keys }
    }

    #[test]
    fn writer_and_reader_sign_and_both_are_checked() {
        let (checkpoint, writer, reader) = made();
        for both in [false, true] {
            let note = Note::parse(&cosigned(both, 1_513_330_200).to_string()).unwrap();
            assert_eq!(note.signatures().len(), if both { 4 } else { 2 });
            let (writer, reader) = (keys(&writer, both), keys(&reader, both));
            let found = read(&note, &writer, ("b.example", &reader)).unwrap();
            assert_eq!((&found.checkpoint, found.time), (&checkpoint, 1_513_330_200));
            assert_eq!(found.note, note);
            assert!(open(&note, &reader).is_err());
            assert!(read(&note, &writer, ("b.example", &writer)).is_err());
            assert!(read(&note, &writer, ("c.example", &reader)).is_err());
        }
    }

    #[test]
    fn where_there_are_two_keys_one_signature_is_not_enough() {
        let (_, writer, reader) = made();
        let (writer, reader) = (writer.keys(), reader.keys());
        let whole = cosigned(true, 7);
        for missing in 0..4 {
            let mut lines = whole.signatures().to_vec();
            lines.remove(missing);
            let less = Note::new(whole.text().to_owned(), lines);
            assert!(read(&less, &writer, ("b.example", &reader)).is_err(), "line {missing}");
        }
        // Two cosignatures of different times are not one statement.
        let (one, other) = (cosigned(true, 7), cosigned(true, 8));
        let [a, b, c, _] = one.signatures() else { panic!("four lines") };
        let lines = vec![a.clone(), b.clone(), c.clone(), other.signatures()[3].clone()];
        let mixed = Note::new(one.text().to_owned(), lines);
        assert!(read(&mixed, &writer, ("b.example", &reader)).is_err());
    }

    #[test]
    fn a_cosignature_of_another_time_is_forged() {
        let (checkpoint, writer, reader) = made();
        let note = checkpoint.sign(&writer, false);
        let mut bytes = 5u64.to_be_bytes().to_vec();
        bytes.extend(reader.sign(cosigned_message(&note, 6).as_bytes()));
        let id = reader.public().id("b.example", Use::Cosignature);
        let note = note.with(SignatureLine::new("b.example", id, bytes));
        let reader = keys(&reader, false);
        assert_eq!(
            read(&note, &keys(&writer, false), ("b.example", &reader)),
            Err(BadNote::Forged("b.example".into()).into())
        );
    }

    /// A partner could once give receipts with a time that evidence could not express.
    #[test]
    fn a_cosignature_with_an_impossible_time_is_refused() {
        let (_, writer, reader) = made();
        let note = cosigned(true, 10_000_000_000_000);
        let read = read(&note, &writer.keys(), ("b.example", &reader.keys()));
        assert!(matches!(read, Err(BadCheckpoint::Form(_))));
    }

    /// A partner could once add a wrong line under the reader's name, or fill a note with lines,
    /// which made the receipt appended to it unreadable.
    #[test]
    fn lines_that_others_add_do_not_hide_the_good_one() {
        let (checkpoint, writer, reader) = made();
        let good = cosigned(true, 7);
        let id = reader.public().id("b.example", Use::Cosignature);
        let altered = SignatureLine::new("b.example", id, vec![0; 72]);
        let lines = std::iter::once(altered).chain(good.signatures().iter().cloned()).collect();
        let note = Note::new(checkpoint.text(), lines);
        let found = read(&note, &writer.keys(), ("b.example", &reader.keys())).unwrap();
        assert_eq!(found.note, good);
        let signed = checkpoint.sign(&writer, true);
        let crowded = (0..14)
            .fold(signed.clone(), |note, n| note.with(SignatureLine::new("x", [n; 4], vec![1])));
        assert_eq!(open(&crowded, &writer.keys()).unwrap().note, signed);
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
