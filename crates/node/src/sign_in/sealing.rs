//! Secrets that the database keeps without being able to read them: sealed by a key in a file of
//! its own (ChaCha20-Poly1305, RFC 8439), for the one user that they are of.

use crate::clock;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::account::Sealed;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use zeroize::Zeroizing;

/// The key by which secrets of accounts are sealed.
pub(crate) struct Sealing(LessSafeKey);

impl Sealing {
    /// Reads the key's file; makes it when there is none.
    ///
    /// # Errors
    /// It cannot be read or made, others can read it, or it is not as it was written.
    pub(crate) fn open(path: &Path) -> io::Result<Sealing> {
        let bad = |why: &str| io::Error::other(format!("`{}` {why}", path.display()));
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(e) if e.kind() == io::ErrorKind::NotFound => make(path)?,
            Err(e) => return Err(bad(&format!("cannot be read: {e}"))),
        };
        if fs::metadata(path)?.mode() & 0o077 != 0 {
            return Err(bad(
                "can be read by others; make it readable by its owner only: chmod 600",
            ));
        }
        let key = STANDARD.decode(text.trim()).map(Zeroizing::new);
        let key = key.ok().and_then(|key| UnboundKey::new(&CHACHA20_POLY1305, &key).ok());
        let key = key.ok_or_else(|| bad("does not hold a key: put a copy of it back"))?;
        Ok(Sealing(LessSafeKey::new(key)))
    }

    /// Seals a secret of a user.
    pub(crate) fn seal(&self, user: &str, secret: &[u8]) -> Option<Sealed> {
        let all = self.seal_bytes(user.as_bytes(), secret.to_vec())?;
        Some(Sealed::new(STANDARD.encode(all)))
    }

    /// Seals bytes; what stands beside them is authenticated with them.
    pub(crate) fn seal_bytes(&self, beside: &[u8], mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = *clock::seed().0.first_chunk()?;
        let with = (Nonce::assume_unique_for_key(nonce), Aad::from(beside));
        self.0.seal_in_place_append_tag(with.0, with.1, &mut bytes).ok()?;
        Some([&nonce[..], &bytes].concat())
    }

    /// The secret, when this key has sealed it for this user.
    pub(crate) fn open_of(&self, user: &str, sealed: &Sealed) -> Option<Zeroizing<Vec<u8>>> {
        let all = STANDARD.decode(sealed.as_str()).ok()?;
        self.open_bytes(user.as_bytes(), all).map(Zeroizing::new)
    }

    /// The bytes, when this key has sealed them with what stands beside them.
    pub(crate) fn open_bytes(&self, beside: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = *sealed.first_chunk()?;
        let mut bytes = sealed.split_off(NONCE_LEN);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let length = self.0.open_in_place(nonce, Aad::from(beside), &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}

fn make(path: &Path) -> io::Result<Zeroizing<String>> {
    let text = Zeroizing::new(STANDARD.encode(clock::seed().0));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_user_and_by_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.key");
        let key = Sealing::open(&path).unwrap();
        let sealed = key.seal("ana", b"secret").unwrap();
        assert_ne!(sealed, key.seal("ana", b"secret").unwrap());
        let again = Sealing::open(&path).unwrap();
        assert_eq!(*again.open_of("ana", &sealed).unwrap(), b"secret");
        assert!(again.open_of("otto", &sealed).is_none());
        let other = Sealing::open(&folder.path().join("other.key")).unwrap();
        assert!(other.open_of("ana", &sealed).is_none());
        let opened = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        fs::set_permissions(&path, opened).unwrap();
        assert!(Sealing::open(&path).is_err());
    }
}
