//! Witnesses (c2sp.org/tlog-witness): others who cosign the checkpoints of our logs, so that a third
//! party need not take the two parties' own word for when a log had reached which size.

use crate::checkpoint::{MAX_TIME, cosigned_at};
use crate::hash::Hash;
use crate::key::{PublicKey, Use};
use crate::note::{MAX_SIGNATURES, Note};
use crate::signature::SignatureLine;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::str::FromStr;

/// Most hashes of a consistency proof that a witness takes (c2sp.org/tlog-witness).
pub const MAX_PROOF: usize = 63;
/// Longest name of a key, in bytes: a host with a path.
const MAX_NAME: usize = 255;

/// A named Ed25519 key, as C2SP writes it for verifiers: `NAME+ID+BASE64`, the key after a byte that
/// says what it is used for (c2sp.org/signed-note).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey {
    /// The witness's name.
    pub name: String,
    /// Its key for cosignatures (c2sp.org/tlog-cosignature, v1).
    pub key: PublicKey,
}

/// A text is no key of a witness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no key of a witness, `NAME+ID+BASE64` for cosignatures by Ed25519: {why}")]
pub struct BadWitnessKey {
    text: String,
    why: &'static str,
}

/// A cosignature that fits: by whom, and at what time in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// The witness's name.
    pub name: String,
    /// When it had seen the log up to this checkpoint, by its clock.
    pub time: u64,
}

fn named(name: &str, key: &PublicKey, used: Use) -> String {
    let id = u32::from_be_bytes(key.id(name, used));
    let mut bytes = vec![used as u8];
    bytes.extend(key.bytes());
    format!("{name}+{id:08x}+{}", STANDARD.encode(bytes))
}

/// The key of a log's writer as a witness is given it.
pub fn log_key(origin: &str, key: &PublicKey) -> String {
    named(origin, key, Use::Note)
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&named(&self.name, &self.key, Use::Cosignature))
    }
}

impl FromStr for WitnessKey {
    type Err = BadWitnessKey;

    fn from_str(text: &str) -> Result<WitnessKey, BadWitnessKey> {
        let bad = |why| BadWitnessKey { text: text.chars().take(80).collect(), why };
        let (name, rest) = text.split_once('+').ok_or(bad("it has no `+`"))?;
        let (_, encoded) = rest.split_once('+').ok_or(bad("it has one `+` only"))?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control();
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(plain) {
            return Err(bad("its name is empty, too long, or has spaces"));
        }
        let bytes = STANDARD.decode(encoded).map_err(|_| bad("its end is not base64"))?;
        let Some((used, key)) = bytes.split_first() else { return Err(bad("its end is empty")) };
        if *used != Use::Cosignature as u8 {
            return Err(bad("it is not for cosignatures (its first byte is not 4)"));
        }
        let key = PublicKey::from_bytes(key).ok_or(bad("its end is no Ed25519 key"))?;
        let key = WitnessKey { name: name.to_owned(), key };
        // So the id is right, and the text has no other form.
        if key.to_string() == text { Ok(key) } else { Err(bad("its id is not that of the key")) }
    }
}

impl WitnessKey {
    /// Checks that this witness has cosigned a checkpoint's note; `None` when no line says so.
    ///
    /// # Errors
    /// Lines have its name and the id of its key, and none fits: somebody has made them up.
    pub fn check(&self, note: &Note) -> Result<Option<Witnessed>, String> {
        let id = self.key.id(&self.name, Use::Cosignature);
        let mut of_it = note.signatures().iter().filter(|one| one.is_of(&self.name, id)).peekable();
        if of_it.peek().is_none() {
            return Ok(None);
        }
        let time = of_it.find_map(|one| self.time(note, one));
        let time =
            time.ok_or_else(|| format!("the cosignature by `{}` does not fit", self.name))?;
        Ok(Some(Witnessed { name: self.name.clone(), time }))
    }

    fn time(&self, note: &Note, line: &SignatureLine) -> Option<u64> {
        // 0 makes no statement about time (c2sp.org/tlog-cosignature).
        cosigned_at(note, &self.key, &line.bytes).filter(|time| (1..=MAX_TIME).contains(time))
    }

    /// The line of this witness in its answer to a request about this checkpoint; `None` when it has
    /// none that fits.
    pub fn find(&self, checkpoint: &Note, answer: &str) -> Option<SignatureLine> {
        let id = self.key.id(&self.name, Use::Cosignature);
        let lines = answer.split('\n').take(MAX_SIGNATURES).filter_map(SignatureLine::parse);
        let mut of_it = lines.filter(|one| one.is_of(&self.name, id));
        of_it.find(|line| self.time(checkpoint, line).is_some())
    }
}

/// The body of a request to `add-checkpoint`: the witness knows the log up to `old`, and this note, signed
/// by the log's writer, is of a log that goes on from there, by this proof.
pub fn request(old: u64, proof: &[Hash], note: &Note) -> String {
    let hashes: String = proof.iter().map(|hash| hash.base64() + "\n").collect();
    format!("old {old}\n{hashes}\n{note}")
}

/// Reads what [`request`] writes; `None` for anything else.
pub fn parse_request(body: &str) -> Option<(u64, Vec<Hash>, Note)> {
    let (head, note) = body.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old = crate::checkpoint::decimal(lines.next()?.strip_prefix("old ")?)?;
    let proof: Vec<Hash> = lines.map(Hash::from_base64).collect::<Option<_>>()?;
    let note = Note::parse(note).ok()?;
    (proof.len() <= MAX_PROOF).then_some((old, proof, note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::{Checkpoint, cosign};
    use crate::key::SecretKey;

    fn made() -> (Checkpoint, SecretKey, SecretKey, WitnessKey) {
        let checkpoint =
            Checkpoint { origin: "a.example/forewarn/x".into(), size: 3, root: Hash::of(b"r") };
        let witness = SecretKey::from_seed(&[9; 32]);
        let key = WitnessKey { name: "w.example".into(), key: witness.public() };
        (checkpoint, SecretKey::from_seed(&[1; 32]), witness, key)
    }

    #[test]
    fn a_witness_cosigns_and_is_known_by_its_key() {
        let (checkpoint, writer, witness, key) = made();
        let note = checkpoint.sign(&writer, false);
        assert_eq!(key.check(&note), Ok(None));
        let cosigned = cosign((&note, &checkpoint), ("w.example", &witness), 7, false);
        let answer = format!("{}\n", cosigned.signatures()[1]);
        let line = key.find(&note, &answer).unwrap();
        let whole = note.with(line);
        let found = key.check(&whole).unwrap().unwrap();
        assert_eq!(found, Witnessed { name: "w.example".into(), time: 7 });
        // Of another checkpoint, at no time, by another key, or of nobody.
        let other = Checkpoint { size: 4, ..checkpoint.clone() }.sign(&writer, false);
        assert_eq!(key.find(&other, &answer), None);
        let timeless = cosign((&note, &checkpoint), ("w.example", &witness), 0, false);
        assert!(key.check(&timeless).is_err());
        let forged =
            whole.to_string().replace(checkpoint.root.base64().as_str(), &Hash::of(b"s").base64());
        assert!(key.check(&Note::parse(&forged).unwrap()).is_err());
        let other = WitnessKey { key: writer.public(), ..key.clone() };
        assert_eq!(other.check(&whole), Ok(None));
        assert_eq!(key.find(&note, "size 4\n"), None);
    }

    #[test]
    fn keys_and_requests_read_back_and_nothing_else_does() {
        let (checkpoint, writer, _, key) = made();
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        let of_log = log_key(&checkpoint.origin, &writer.public());
        for wrong in [
            of_log,
            key.to_string().replacen("w.example", "v.example", 1),
            "w.example".to_owned(),
            format!("w.example+{}", key.key),
            "w.example+00000000+BA==".to_owned(),
        ] {
            assert!(wrong.parse::<WitnessKey>().is_err(), "{wrong}");
        }
        let note = checkpoint.sign(&writer, false);
        for proof in [vec![], vec![Hash::of(b"1"), Hash::of(b"2")]] {
            let body = request(2, &proof, &note);
            assert_eq!(parse_request(&body), Some((2, proof, note.clone())));
        }
        assert_eq!(parse_request(&request(2, &[Hash::of(b"1"); 64], &note)), None);
        assert_eq!(parse_request("old 02\n\nx"), None);
    }
}
