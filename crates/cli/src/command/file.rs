//! Files that a command is given; `-` is standard input.

use crate::failure::Failed;
use forewarn_node::disk;
use std::io::{self, Read};
use std::path::Path;

pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, Failed> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(disk::open_regular(path).map_err(|e| unreadable(path, &e))?))
}

/// Reads at most `most` bytes.
pub(crate) fn read(path: &Path, most: usize) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    let limit = most as u64 + 1;
    open(path)?.take(limit).read_to_end(&mut bytes).map_err(|e| unreadable(path, &e))?;
    if bytes.len() > most {
        let message = format!("`{}` is larger than {most} bytes", path.display());
        return Err(Failed::refused(message));
    }
    Ok(bytes)
}

pub(crate) fn read_text(path: &Path, most: usize) -> Result<String, Failed> {
    String::from_utf8(read(path, most)?).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        Failed::refused(format!("`{}` is not UTF-8: byte {at} cannot be read", path.display()))
    })
}

/// Writes a file that was not there before, for its owner alone.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let not_written = |e: io::Error| {
        let why = disk::words(&e);
        Failed::refused(format!("`{}` was not written: {why}", path.display()))
    };
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = made.map_err(not_written)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| {
        // Half a file would be taken for a whole one.
        let _ = std::fs::remove_file(path);
        not_written(e)
    })
}

fn unreadable(path: &Path, why: &io::Error) -> Failed {
    let failed = Failed::refused(format!("`{}` cannot be read: {why}", path.display()));
    match why.kind() {
        io::ErrorKind::InvalidInput => failed.hint("what comes from a pipe is read as `-`"),
        _ => failed,
    }
}
