//! A backup is made: copied, looked at, sealed, and given its name last.

use super::{BackupError, END, FORMAT, Head, MANIFEST, Manifest, Row, contents};
use crate::config::Config;
use crate::home::{Home, HomeError};
use crate::{clock, disk};
use age::Encryptor;
use age::x25519::Recipient;
use data_encoding::HEXLOWER;
use forewarn_stix::Timestamp;
use forewarn_store::{NotCopied, Readers, StoreError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The copy of the database, while the backup is put together.
const DATABASE: &str = "forewarn.sqlite";
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// Who can open a backup.
pub enum Sealing {
    /// Whoever has the secret key of one of these.
    For(Vec<Recipient>),
    /// Anybody: it has no keys and no passwords, and all else.
    Open,
}

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    /// The file.
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// What is in it.
    pub manifest: Manifest,
}

/// What is known of the newest backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// When the database was copied.
    pub made: Timestamp,
    /// Where it was put.
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What is known of the newest backup of this folder; nothing when none was ever made.
///
/// # Errors
/// What is kept of it cannot be read.
pub fn last(home: &Home) -> Result<Option<LastBackup>, BackupError> {
    let path = home.backed_up();
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(BackupError::io(&path)(why)),
    };
    let found = serde_json::from_slice(&bytes);
    let bad = |why| format!("`{}` is not as it was written ({why}): delete it", path.display());
    found.map(Some).map_err(|why| BackupError::Refused(bad(why)))
}

/// Makes a backup of a folder, whether its node runs or not. The file gets its name when all of it is
/// on the disk; a backup that is interrupted leaves nothing of that name.
///
/// # Errors
/// The file is there already, there is no room, the database is damaged, or the system does not do it.
pub fn make(
    home: &Home,
    variables: impl Iterator<Item = (String, String)>,
    file: &Path,
    sealing: &Sealing,
) -> Result<Made, BackupError> {
    let refused = |words: String| Err(BackupError::Refused(words));
    // It is remembered, and looked for from elsewhere.
    let file = &std::path::absolute(file).map_err(BackupError::io(file))?;
    let config = Config::read(&home.config(), variables);
    let config = config.map_err(|why| BackupError::Refused(why.to_string()))?;
    let _lock = home.lock_backup().map_err(|why| match why {
        HomeError::Running(_) => BackupError::Refused(
            "another backup of this node is being made: wait for it".to_owned(),
        ),
        other => BackupError::Refused(other.to_string()),
    })?;
    if std::fs::symlink_metadata(file).is_ok() {
        return refused(format!("`{}` is there already; nothing was written", file.display()));
    }
    let into = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    if !into.is_dir() {
        let words = "is not there: make it, or mount the disk that it is on; nothing was written";
        return refused(format!("the folder `{}` {words}", into.display()));
    }
    let stage = Stage::new(home)?;
    room(home, &into)?;
    let made = clock::now();
    let copy = stage.0.join(DATABASE);
    forewarn_store::copy(&home.database(), &copy).map_err(|why| match why {
        NotCopied::Store(why) => BackupError::Store(why),
        NotCopied::TooBusy => BackupError::Refused(why.to_string()),
    })?;
    let wrong = forewarn_store::examine(&copy)?;
    if !wrong.is_empty() {
        return refused(format!(
            "the database is damaged, and no backup was made of it: {}. Keep the backups that you have, and \
             ask `forewarn doctor`",
            wrong.join("; ")
        ));
    }
    let sealed = matches!(sealing, Sealing::For(_));
    let contents = contents::of(home, &config, sealed)?;
    let manifest = describe(&config, made, &copy, &contents)?;
    let bytes = write(file, &into, sealing, (&manifest, &copy, &contents))?;
    let known = LastBackup { made: manifest.made.clone(), file: file.to_owned(), bytes };
    remember(home, &known)?;
    Ok(Made { file: file.to_owned(), bytes, manifest })
}

/// A folder that goes with whoever made it.
struct Stage(PathBuf);

impl Stage {
    /// Empties what a backup that was interrupted has left.
    fn new(home: &Home) -> Result<Stage, BackupError> {
        use std::os::unix::fs::DirBuilderExt as _;
        let path = home.backup_stage();
        match std::fs::remove_dir_all(&path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => {
                return Err(BackupError::io(&path)(why));
            }
            _ => {}
        }
        std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(BackupError::io(&path))?;
        Ok(Stage(path))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "`{}` could not be deleted; the next backup does", self.0.display());
        }
    }
}

/// A backup must not take the room that the node needs to write.
fn room(home: &Home, into: &Path) -> Result<(), BackupError> {
    let length = |end: &str| {
        let mut path = home.database().into_os_string();
        path.push(end);
        std::fs::metadata(PathBuf::from(path)).map_or(0, |file| file.len())
    };
    let copy = length("").saturating_add(length("-wal"));
    let device = |folder: &Path| std::fs::metadata(folder).map(|found| found.dev()).ok();
    let here = copy.saturating_add(disk::LITTLE);
    let needed = if device(home.path()) == device(into) {
        vec![(into, here.saturating_add(copy))]
    } else {
        vec![(home.path(), here), (into, copy)]
    };
    for (folder, needed) in needed {
        let left = disk::left(folder).map_err(BackupError::io(folder))?;
        if left < needed {
            return Err(BackupError::Refused(format!(
                "a backup needs {} MiB on the disk that holds `{}`, and {} MiB are left: free some space \
                 there; nothing was written",
                needed >> 20,
                folder.display(),
                left >> 20,
            )));
        }
    }
    Ok(())
}

fn describe(
    config: &Config,
    made: Timestamp,
    copy: &Path,
    contents: &contents::Contents,
) -> Result<Manifest, BackupError> {
    let facts = Readers::without_ids(copy.to_owned()).read(|db| -> Result<_, StoreError> {
        let logs = db.logs()?.into_iter();
        let head = |log: forewarn_store::log::LogRow| {
            let root = db.root(&log, log.size)?;
            let forewarn_store::log::LogRow { name, partner, ours, size, .. } = log;
            Ok(Head { log: name, partner, ours, size, root })
        };
        Ok((db.journal_index()?, logs.map(head).collect::<Result<_, StoreError>>()?))
    });
    let (journal, logs) = facts?;
    let mut database = File::open(copy).map_err(BackupError::io(copy))?;
    let (bytes, sha256) = digest(&mut database).map_err(BackupError::io(copy))?;
    let mut files = vec![Row { path: DATABASE.to_owned(), bytes, sha256 }];
    for (path, bytes) in &contents.files {
        let sha256 = HEXLOWER.encode(&Sha256::digest(bytes.as_slice()));
        files.push(Row { path: path.clone(), bytes: bytes.len() as u64, sha256 });
    }
    Ok(Manifest {
        format: FORMAT.to_owned(),
        node: config.node.name.clone(),
        made,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: forewarn_store::schema_version(),
        journal,
        logs,
        files,
        left_out: contents.left_out.clone(),
    })
}

/// How many bytes there are, and their digest.
fn digest(file: &mut impl Read) -> io::Result<(u64, String)> {
    let (mut hash, mut length, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok((length, HEXLOWER.encode(&hash.finalize())));
        }
        hash.update(chunk.get(..read).unwrap_or_default());
        length += read as u64;
    }
}

/// The beginning of the names of files that are not whole yet. With the node's name, since several may
/// keep their backups in one folder.
fn unfinished(node: &str) -> String {
    format!(".forewarn-{node}-")
}

fn write(
    file: &Path,
    into: &Path,
    sealing: &Sealing,
    (manifest, copy, contents): (&Manifest, &Path, &contents::Contents),
) -> Result<u64, BackupError> {
    let begins = unfinished(&manifest.node);
    // What was interrupted before: nobody else writes these while we hold the lock.
    for entry in std::fs::read_dir(into).map_err(BackupError::io(into))?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&begins) && name.ends_with(".part") {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    let part = tempfile::Builder::new().prefix(&begins).suffix(".part").tempfile_in(into);
    let part = part.map_err(BackupError::io(into))?;
    let out = BufWriter::with_capacity(CHUNK, part.as_file());
    let written = match sealing {
        Sealing::Open => archive(out, manifest, copy, contents).map(drop),
        Sealing::For(recipients) => {
            let each = recipients.iter().map(|one| one as &dyn age::Recipient);
            let sealed = Encryptor::with_recipients(each);
            let sealed = sealed.map_err(|why| BackupError::Refused(why.to_string()))?;
            sealed
                .wrap_output(out)
                .and_then(|out| archive(out, manifest, copy, contents)?.finish())
                .and_then(|mut out| out.flush())
        }
    };
    written.and_then(|()| part.as_file().sync_all()).map_err(BackupError::io(file))?;
    let bytes = part.as_file().metadata().map_err(BackupError::io(file))?.len();
    part.persist_noclobber(file).map_err(|why| BackupError::io(file)(why.error))?;
    File::open(into).and_then(|folder| folder.sync_all()).map_err(BackupError::io(into))?;
    Ok(bytes)
}

/// Manifest, files, and the manifest's digest.
fn archive<W: Write>(
    out: W,
    manifest: &Manifest,
    copy: &Path,
    contents: &contents::Contents,
) -> io::Result<W> {
    let mut tar = tar::Builder::new(out);
    let seconds = clock::seconds(&manifest.made);
    let head = |length: u64| {
        let mut head = tar::Header::new_gnu();
        head.set_size(length);
        head.set_mode(0o600);
        head.set_mtime(seconds);
        head
    };
    let text = serde_json::to_vec_pretty(manifest)?;
    let mut add = |path: &str, bytes: &mut dyn Read, length: u64| {
        tar.append_data(&mut head(length), path, bytes)
    };
    add(MANIFEST, &mut text.as_slice(), text.len() as u64)?;
    for Row { path, bytes, .. } in &manifest.files {
        match contents.files.get(path) {
            Some(whole) => add(path, &mut whole.as_slice(), *bytes)?,
            None => add(path, &mut File::open(copy)?, *bytes)?,
        }
    }
    let end = HEXLOWER.encode(&Sha256::digest(&text));
    add(END, &mut end.as_bytes(), end.len() as u64)?;
    let mut out = tar.into_inner()?;
    out.flush()?;
    Ok(out)
}

fn remember(home: &Home, known: &LastBackup) -> Result<(), BackupError> {
    let path = home.backed_up();
    let text = serde_json::to_vec(known).map_err(|why| BackupError::Refused(why.to_string()))?;
    let fresh = tempfile::Builder::new().tempfile_in(home.backup_stage());
    let mut fresh = fresh.map_err(BackupError::io(&path))?;
    fresh.write_all(&text).map_err(BackupError::io(&path))?;
    fresh.persist(&path).map_err(|why| BackupError::io(&path)(why.error))?;
    Ok(())
}
