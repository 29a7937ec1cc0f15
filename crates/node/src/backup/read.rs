//! A backup is read: opened, and every byte of it held against its manifest.

use super::{BackupError, END, FORMAT, Identities, MANIFEST, MOST_MANIFEST, Manifest, Row};
use age::{DecryptError, Decryptor};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Component, Path};

/// How every file of age begins.
const AGE: &[u8] = b"age-encryption.org/v1";
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// Opens an archive: what is in it, as it was before it was sealed.
fn open(file: &Path, keys: Option<&Identities>) -> Result<Box<dyn Read>, BackupError> {
    let mut source =
        BufReader::with_capacity(CHUNK, File::open(file).map_err(BackupError::io(file))?);
    let begins = io::BufRead::fill_buf(&mut source).map_err(BackupError::io(file))?;
    if !begins.starts_with(AGE) {
        return Ok(Box::new(source));
    }
    let Some(Identities(keys)) = keys else {
        return Err(BackupError::Refused(format!(
            "`{}` is sealed: give the file of its secret key with --identity",
            file.display()
        )));
    };
    let cut =
        |why: String| BackupError::wrong(file, format!("its head is cut off or changed ({why})"));
    let sealed = Decryptor::new(source).map_err(|why| cut(why.to_string()))?;
    let opened = sealed.decrypt(keys.iter().map(|one| one as &dyn age::Identity));
    match opened {
        Ok(opened) => Ok(Box::new(opened)),
        Err(DecryptError::NoMatchingKeys) => Err(BackupError::Refused(format!(
            "none of these keys opens `{}`: it is sealed for others, or its head was changed; give the key \
             whose public half was among its recipients",
            file.display()
        ))),
        Err(why) => Err(cut(why.to_string())),
    }
}

/// Reads an archive whole and writes its files below a folder that is empty. What is there after an
/// error is not to be used.
pub(super) fn unpack(
    file: &Path,
    keys: Option<&Identities>,
    into: &Path,
) -> Result<Manifest, BackupError> {
    let wrong = |why: &str| BackupError::wrong(file, why);
    let broken = |why: io::Error| {
        BackupError::wrong(file, format!("it is cut off, or was changed ({why}): take another one"))
    };
    let mut archive = tar::Archive::new(open(file, keys)?);
    let mut entries = archive.entries().map_err(broken)?;
    let mut next = |name: &str| -> Result<_, BackupError> {
        let missing = || wrong(&format!("it ends before `{name}`: it is cut off"));
        let entry = entries.next().ok_or_else(missing)?.map_err(broken)?;
        let is_it =
            entry.header().entry_type().is_file() && entry.path_bytes().as_ref() == name.as_bytes();
        if is_it { Ok(entry) } else { Err(wrong(&format!("`{name}` is not where it belongs"))) }
    };
    let mut text = Vec::new();
    next(MANIFEST)?.take(MOST_MANIFEST).read_to_end(&mut text).map_err(broken)?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|why| wrong(&format!("its manifest cannot be read ({why})")))?;
    if manifest.format != FORMAT {
        return Err(wrong(&format!(
            "it is of the form `{}`, and this program reads {FORMAT}: take the program that made it, {}",
            manifest.format, manifest.program
        )));
    }
    for row in &manifest.files {
        let (bytes, sha256) = write_out(next(&row.path)?, into, row, file)?;
        if bytes != row.bytes || sha256 != row.sha256 {
            return Err(wrong(&format!("`{}` is not as it was put in: it was changed", row.path)));
        }
    }
    let mut end = String::new();
    next(END)?.take(MOST_MANIFEST).read_to_string(&mut end).map_err(broken)?;
    if end != HEXLOWER.encode(&Sha256::digest(&text)) {
        return Err(wrong("its manifest was changed"));
    }
    if entries.next().is_some() {
        return Err(wrong("there is more after its end"));
    }
    // The last block too is opened: it says whether there should be more.
    let rest = io::copy(&mut archive.into_inner(), &mut Zeros).map_err(broken)?;
    tracing::debug!(rest, "the archive was read to its end");
    Ok(manifest)
}

/// What stands after the end of a tar archive is zeros.
struct Zeros;

impl Write for Zeros {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.iter().any(|byte| *byte != 0) {
            return Err(io::Error::other("there is more after its end"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes one file: its length and digest. Its path names no place outside the folder.
fn write_out(
    mut from: impl Read,
    into: &Path,
    row: &Row,
    file: &Path,
) -> Result<(u64, String), BackupError> {
    let plain = Path::new(&row.path).components().all(|part| matches!(part, Component::Normal(_)));
    if row.path.is_empty() || !plain {
        return Err(BackupError::wrong(
            file,
            format!("`{}` is no place in a node's folder", row.path),
        ));
    }
    let path = into.join(&row.path);
    if let Some(folder) = path.parent() {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(BackupError::io(folder))?;
    }
    let mut options = std::fs::OpenOptions::new();
    let out = options.write(true).create_new(true).mode(0o600).open(&path);
    let mut out = out.map_err(BackupError::io(&path))?;
    let (mut hash, mut length, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let read = from.read(&mut chunk).map_err(|why| {
            BackupError::wrong(
                file,
                format!("it is cut off, or was changed ({why}): take another one"),
            )
        })?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hash.update(bytes);
        length += bytes.len() as u64;
        out.write_all(bytes).map_err(BackupError::io(&path))?;
    }
    out.sync_all().map_err(BackupError::io(&path))?;
    Ok((length, HEXLOWER.encode(&hash.finalize())))
}
