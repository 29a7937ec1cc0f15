//! Secrets in files: of feeds, of notifiers, of providers of sign-ins.

use std::path::Path;
use zeroize::Zeroizing;

/// Most bytes of a secret.
const MAX_BYTES: usize = 4096;

/// Reads a secret: the file's text, without the line breaks at its end.
///
/// # Errors
/// A sentence that names the file, and what is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, String> {
    let bad = |why: String| format!("the secret in `{}` cannot be used: {why}", path.display());
    let text = std::fs::read_to_string(path).map(Zeroizing::new);
    checked(&text.map_err(|e| bad(e.to_string()))?).map_err(bad)
}

/// A secret that can be used, from wherever it was read.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn checked(text: &str) -> Result<Zeroizing<String>, String> {
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || secret.len() > MAX_BYTES {
        return Err(format!("it must have 1 to {MAX_BYTES} bytes"));
    }
    Ok(Zeroizing::new(secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_text_of_a_file_within_a_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        assert!(read(&path).unwrap_err().contains("secret` cannot be used"));
        std::fs::write(&path, "a b\r\n\n").unwrap();
        assert_eq!(*read(&path).unwrap(), "a b");
        for bad in ["", "\n", &"x".repeat(MAX_BYTES + 1)] {
            std::fs::write(&path, bad).unwrap();
            assert!(read(&path).unwrap_err().contains("1 to 4096 bytes"), "{bad:.9}");
        }
    }
}
