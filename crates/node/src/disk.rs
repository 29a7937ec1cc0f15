//! What people are told of the disk: that it is full, and what is left on it.

use std::io;
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
