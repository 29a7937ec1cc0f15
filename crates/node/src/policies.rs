//! The organisation's own policy, as its files say it.

use crate::config::PolicySection;
use crate::disk;
use forewarn_policy::{Bad, House, MAX_BYTES, PolicyFile};
use std::io::Read as _;
use std::path::Path;

/// Most files.
const MAX_FILES: usize = 64;

/// Why the files cannot be used: the operator's to correct.
#[derive(Debug, thiserror::Error)]
pub enum NotUsable {
    /// There are too many.
    #[error("policy.files names {0} files; at most {MAX_FILES} are read")]
    TooMany(usize),
    /// One cannot be read.
    #[error("policy.files: `{name}` cannot be read: {why}")]
    Unreadable {
        /// Its name in the configuration.
        name: String,
        /// What the system says.
        why: std::io::Error,
    },
    /// What they say cannot be used.
    #[error("the organisation's policy cannot be used:\n  {}", lines(.0))]
    Bad(Vec<Bad>),
}

fn lines(bad: &[Bad]) -> String {
    bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

/// Reads the files of the configuration, and checks what they say.
///
/// # Errors
/// One cannot be read, or what they say cannot be used.
pub fn read(section: &PolicySection, folder: &Path) -> Result<Vec<PolicyFile>, NotUsable> {
    if section.files.len() > MAX_FILES {
        return Err(NotUsable::TooMany(section.files.len()));
    }
    let mut all = Vec::new();
    for name in &section.files {
        let text = text_of(&folder.join(name));
        let text = text.map_err(|why| NotUsable::Unreadable { name: name.clone(), why })?;
        all.push(PolicyFile { name: name.clone(), text });
    }
    let house = House::new(&all);
    if house.bad().is_empty() { Ok(all) } else { Err(NotUsable::Bad(house.bad().to_vec())) }
}

/// A file's text. Of one that is too long, one byte more than may be: the check says so.
fn text_of(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    disk::open_regular(path)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}
