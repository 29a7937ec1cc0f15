//! A signature line of a C2SP signed note (c2sp.org/signed-note).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The first four bytes of a hash over name, use and key: tells which line of a note is whose.
pub(crate) type KeyId = [u8; 4];

/// One signature line: `— name base64(key id || signature)`. The signature may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    pub(crate) name: String,
    pub(crate) key_id: KeyId,
    pub(crate) bytes: Vec<u8>,
}

impl SignatureLine {
    pub(crate) fn new(name: &str, key_id: KeyId, bytes: Vec<u8>) -> SignatureLine {
        SignatureLine { name: name.to_owned(), key_id, bytes }
    }

    /// Reads a line without its line feed; `None` when it does not have the form of one.
    pub(crate) fn parse(line: &str) -> Option<SignatureLine> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let named = !name.is_empty() && !name.contains(['+', ' ']);
        match STANDARD.decode(encoded).ok()?.as_slice() {
            [a, b, c, d, bytes @ ..] if named && !bytes.is_empty() => {
                Some(SignatureLine::new(name, [*a, *b, *c, *d], bytes.to_vec()))
            }
            _ => None,
        }
    }

    /// Whether it has this name and this key's id.
    pub(crate) fn is_of(&self, name: &str, key_id: KeyId) -> bool {
        self.name == name && self.key_id == key_id
    }

    /// The name of the party that is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.to_vec();
        bytes.extend(&self.bytes);
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}
