//! Backups: all of a node's folder that cannot be made again, as it stood at one moment, in one file.
//!
//! A backup is a tar archive, sealed for its recipients by age, so that `age -d FILE | tar x` opens it
//! without us. It begins with a manifest, which names every file with its length and digest, and ends
//! with the manifest's digest, so that what is missing or changed is noticed. See
//! `docs/design/0029-backup.md`.

mod contents;
mod drill;
mod make;
mod read;
mod restore;
mod schedule;

pub(crate) use drill::look;
pub use drill::{Drilled, drill, verify};
pub use make::{LastBackup, Made, Sealing, last, make};
pub(crate) use restore::say_restored;
pub use restore::{Restored, restore};
pub use schedule::{ScheduleFares, newest};

use crate::disk;
use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use forewarn_stix::Timestamp;
use forewarn_store::StoreError;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The form of the archives that this program writes.
const FORMAT: &str = "forewarn-backup/1";
/// The first file of an archive.
const MANIFEST: &str = "MANIFEST.json";
/// The last file of an archive: the digest of the first.
const END: &str = "END";
/// Most bytes of a manifest: some ten thousand files and logs.
const MOST_MANIFEST: u64 = 8 << 20;
/// Most bytes of a file that is no database: configuration, keys and certificates have some thousands,
/// the signer's memory some hundred for each of a thousand lines of each log.
const MOST_SMALL: u64 = 64 << 20;
/// Most bytes of a file of identities.
const MOST_IDENTITIES: u64 = 1 << 20;

/// Why a backup was not made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is not done; the words say why, and what to do.
    #[error("{0}")]
    Refused(String),
    /// The archive is not as it was written.
    #[error("`{}` is not a backup as it was written: {why}", path.display())]
    Wrong {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system did not do it.
    #[error("`{}`: {}", path.display(), disk::words(why))]
    Io {
        /// The file or folder that it is about.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> BackupError + use<> {
        let path = path.to_owned();
        move |why| BackupError::Io { path, why }
    }

    fn wrong(path: &Path, why: impl Into<String>) -> BackupError {
        BackupError::Wrong { path: path.to_owned(), why: why.into() }
    }
}

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: String,
    /// The node's name.
    pub node: String,
    /// When the database was copied.
    pub made: Timestamp,
    /// The version of the program that made it.
    pub program: String,
    /// The format of the database.
    pub schema: usize,
    /// The index that the journal had reached.
    pub journal: i64,
    /// Every log, as far as it was in the database.
    pub logs: Vec<Head>,
    /// Every file, in the order of the archive.
    pub files: Vec<Row>,
    /// What of the folder is not in it.
    pub left_out: Vec<LeftOut>,
}

/// How far a log had come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its name.
    pub log: String,
    /// The partner that the channel is with.
    pub partner: String,
    /// Whether we write it.
    pub ours: bool,
    /// Its entries.
    pub size: u64,
    /// Its root at that size.
    pub root: Hash,
}

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its path in the node's folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Something that is not in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Which file.
    pub path: String,
    /// Why it is not there.
    pub why: String,
}

/// A public key of age, for which a backup is sealed.
///
/// # Errors
/// It is no such key: words that say what is.
pub fn recipient(text: &str) -> Result<Recipient, String> {
    text.trim().parse().map_err(|why| {
        format!("`{text}` is no public key of age ({why}): it begins with `age1`, and `forewarn backup key \
                 FILE` or `age-keygen` makes one")
    })
}

/// Secret keys of age, by which a backup is opened.
pub struct Identities(Vec<Identity>);

impl Identities {
    /// Reads a file of `age-keygen` or of [`make_key`]: a key a line, `#` before remarks.
    ///
    /// # Errors
    /// It cannot be read, or holds no key.
    pub fn read(path: &Path) -> Result<Identities, BackupError> {
        let length = std::fs::metadata(path).map_err(BackupError::io(path))?.len();
        let none = || {
            BackupError::Refused(format!(
                "`{}` holds no secret key of age: a line that begins with `AGE-SECRET-KEY-1`. One that is \
                 itself encrypted is opened by `age -d` first",
                path.display()
            ))
        };
        if length > MOST_IDENTITIES {
            return Err(none());
        }
        let text = Zeroizing::new(std::fs::read(path).map_err(BackupError::io(path))?);
        let text = std::str::from_utf8(&text).map_err(|_| none())?;
        let lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Vec<Identity> =
            lines.map(str::parse).collect::<Result<_, _>>().map_err(|_| none())?;
        if keys.is_empty() { Err(none()) } else { Ok(Identities(keys)) }
    }
}

/// Makes a key for backups, in a file that is not there yet; its public half.
///
/// # Errors
/// The file is there, or cannot be written.
pub fn make_key(path: &Path) -> Result<String, BackupError> {
    let identity = Identity::generate();
    let public = identity.to_public().to_string();
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(BackupError::io(path))?;
    let secret = identity.to_string();
    let text = Zeroizing::new(format!("# public key: {public}\n{}\n", secret.expose_secret()));
    io::Write::write_all(&mut file, text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(BackupError::io(path))?;
    Ok(public)
}
