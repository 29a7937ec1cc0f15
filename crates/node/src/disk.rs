//! Files that people name, and what they are told of the disk: that it is full, what is left on it.

use std::fs::{File, FileType};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

/// With less than this left, a node is soon going to stop writing: its write-ahead log alone may
/// grow to more.
pub const LITTLE: u64 = 256 << 20;

/// What the system says, and what to do when the disk is full.
pub fn words(why: &io::Error) -> String {
    match why.kind() {
        io::ErrorKind::StorageFull => {
            "the disk is full; free some space, then try again".to_owned()
        }
        io::ErrorKind::QuotaExceeded => {
            "this user may not write more to the disk (quota); free some space, then try again"
                .to_owned()
        }
        _ => why.to_string(),
    }
}

/// Bytes that are left for us on the disk that holds a path.
///
/// # Errors
/// The path is not there, or the system does not say.
pub fn left(path: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(path)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Opens a file for reading. A pipe, which would be waited for, and a device, which may never end, are
/// not opened.
///
/// # Errors
/// It cannot be opened, or is not a regular file: the error says what it is.
pub fn open_regular(path: &Path) -> io::Result<File> {
    // Between a look at the path and its opening it may become another: what is open is looked at.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return Ok(file);
    }
    let why = format!("it is {}, not a file", name(kind));
    Err(io::Error::new(io::ErrorKind::InvalidInput, why))
}

fn name(kind: FileType) -> &'static str {
    match () {
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a pipe (FIFO)",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}
