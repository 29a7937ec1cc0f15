//! ZIP archives, and what is told by what is in them.

use crate::bounds::{MAX_DEPTH, Room};
use crate::kind::Kind;
use crate::{Document, Refused, read_within};
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

pub(crate) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// A document of an office is an archive too.
pub(crate) fn kind(bytes: &[u8]) -> Kind {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return Kind::Archive };
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("word/document.xml") {
        Kind::Docx
    } else if has("content.xml") && has("mimetype") {
        Kind::Odt
    } else {
        Kind::Archive
    }
}

pub(crate) fn open(bytes: &[u8], kind: Kind) -> Result<Archive<'_>, Refused> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|e| Refused::Broken(kind, e.to_string()))
}

/// The bytes of one entry, no more than there is room for, whatever its head says.
pub(crate) fn entry(
    archive: &mut Archive<'_>,
    at: usize,
    room: &mut Room,
) -> Result<Option<(String, Vec<u8>)>, Refused> {
    let Ok(mut entry) = archive.by_index(at) else { return Ok(None) };
    if entry.is_dir() {
        return Ok(None);
    }
    let name: String = entry.name().chars().take(200).collect();
    room.take_entry(&name)?;
    let mut bytes = Vec::new();
    let most = room.left() as u64 + 1;
    // What is broken in the middle is read up to there.
    let _ = entry.by_ref().take(most).read_to_end(&mut bytes);
    room.take_unpacked(&name, bytes.len())?;
    Ok(Some((name, bytes)))
}

pub(crate) fn read(bytes: &[u8], room: &mut Room, depth: usize) -> Result<Document, Refused> {
    let mut archive = open(bytes, Kind::Archive)?;
    let mut document = Document::new(Kind::Archive);
    for at in 0..archive.len() {
        let Some((name, bytes)) = entry(&mut archive, at, room)? else {
            document
                .unread
                .push(format!("entry {at}: it is a folder, locked, or packed otherwise"));
            continue;
        };
        if depth + 1 >= MAX_DEPTH {
            document.unread.push(format!("{name}: it stands too deep"));
            continue;
        }
        let inner = read_within(&bytes, room, depth + 1);
        document.add_inner(&name, inner)?;
    }
    Ok(document)
}
