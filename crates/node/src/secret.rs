//! Secrets in files: of feeds, of notifiers, of providers of sign-ins.

use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Most bytes of a secret.
const MAX_BYTES: usize = 4096;

/// Where systemd puts what `LoadCredential=` and `LoadCredentialEncrypted=` name, for this process alone.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Reads a secret: the file's text, without the line breaks at its end. A file that is not there may be a
/// credential of that name that systemd has given.
///
/// # Errors
/// A sentence that names the file, and what is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, String> {
    read_or_given(path, std::env::var_os(CREDENTIALS).map(PathBuf::from).as_deref())
}

fn read_or_given(path: &Path, given: Option<&Path>) -> Result<Zeroizing<String>, String> {
    let credential = given.zip(path.file_name()).map(|(folder, name)| folder.join(name));
    let credential = credential.filter(|credential| !path.exists() && credential.exists());
    let path = credential.as_deref().unwrap_or(path);
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
    fn a_file_that_is_not_there_may_be_a_credential_and_one_that_is_there_stands() {
        let folder = tempfile::tempdir().unwrap();
        let (path, given) = (folder.path().join("smtp.secret"), folder.path().join("given"));
        std::fs::create_dir(&given).unwrap();
        let read = || read_or_given(&path, Some(&given));
        let missing = read().unwrap_err();
        assert!(missing.contains(&path.display().to_string()), "{missing}");
        std::fs::write(given.join("smtp.secret"), "a credential\n").unwrap();
        assert_eq!(*read().unwrap(), "a credential");
        assert!(read_or_given(&path, None).is_err());
        std::fs::write(given.join("smtp.secret"), "").unwrap();
        let bad = read().unwrap_err();
        assert!(bad.contains(&given.display().to_string()), "{bad}");
        std::fs::write(&path, "a file\n").unwrap();
        assert_eq!(*read().unwrap(), "a file");
    }

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
