//! What of a node's folder goes into a backup, decided for each file.

use super::{BackupError, LeftOut, MOST_SMALL};
use crate::config::Config;
use crate::home::Home;
use forewarn_store::outside::Outside;
use std::collections::BTreeMap;
use std::path::{Component, Path};
use zeroize::Zeroizing;

/// Most files that are named as left out.
const MOST_NAMED: usize = 100;

/// What goes in beside the database.
pub(super) struct Contents {
    /// Each file by its path in the folder, whole.
    pub(super) files: BTreeMap<String, Zeroizing<Vec<u8>>>,
    /// What does not, and why.
    pub(super) left_out: Vec<LeftOut>,
}

/// What is made again, or is of this process only: in no backup, and not worth a word.
fn is_made_again(name: &str) -> bool {
    name.starts_with("search.sqlite")
        || name.starts_with("begun.sqlite")
        || name.starts_with("outside.sqlite-")
        || name.starts_with("forewarn.sqlite")
        || name.ends_with("lock")
        || Path::new(name).extension().is_some_and(|end| end == "sock")
        || ["backup.json", "backup.stage", "migrate.stage", "node.new", "signed.new"]
            .contains(&name)
        || ["journal.writer", "journal.writer.new", "journal.moving", "forewarn.toml.new"]
            .contains(&name)
}

/// Looks through the folder. Secrets go in only when the backup is sealed.
pub(super) fn of(home: &Home, config: &Config, sealed: bool) -> Result<Contents, BackupError> {
    let mut found = Contents { files: BTreeMap::new(), left_out: Vec::new() };
    let io = BackupError::io(home.path());
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(home.path()).map_err(io)? {
        let name = entry.map_err(BackupError::io(home.path()))?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    let (open, secret) = configured(home, config);
    for name in names.iter().filter(|name| !is_made_again(name)) {
        match name.as_str() {
            "forewarn.toml" | "restored.json" => found.add(home, name)?,
            "signed.log" => found.add_memory(home)?,
            "outside.sqlite" => found.add_outside(home)?,
            "node.key" | "accounts.key" | "journal.key" => found.add_secret(home, name, sealed)?,
            "secrets" => {
                for path in within(home, "secrets")? {
                    found.add_secret(home, &path, sealed)?;
                }
            }
            // Below: those that the configuration names.
            name if open.iter().chain(&secret).any(|path| first(path) == name) => {}
            other if found.left_out.len() < MOST_NAMED => {
                found.leave(other, "it is not the node's: nothing of it is named in forewarn.toml");
            }
            _ => {}
        }
    }
    for path in open {
        found.add_named(home, &path, true)?;
    }
    for path in secret {
        found.add_named(home, &path, sealed)?;
    }
    if let Some(socket) = &config.signer.socket {
        found.leave(
            socket,
            "the signer runs apart: back up its own keys and its `signed.log` there",
        );
    }
    Ok(found)
}

/// Files that the configuration names: those that anybody may read, and secret ones. Those in the folder
/// by their paths in it, however they are named.
fn configured(home: &Home, config: &Config) -> (Vec<String>, Vec<String>) {
    let folder = std::path::absolute(home.path()).unwrap_or_else(|_| home.path().to_owned());
    let inside = |path: &String| {
        let path = Path::new(path);
        path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().into_owned()
    };
    let (tls, journal) = (config.tls.as_ref(), config.journal.as_ref());
    let open = tls.map(|tls| &tls.certificate).into_iter().chain(&config.egress.authorities);
    let open = open.chain(journal.and_then(|journal| journal.authorities.as_ref()));
    let open = open.chain(config.timestamps.iter().map(|one| &one.root));
    let secret = tls.map(|tls| &tls.key).into_iter();
    let secret = secret.chain(journal.and_then(|journal| journal.password_file.as_ref()));
    (open.map(inside).collect(), secret.map(inside).collect())
}

fn first(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Regular files in a folder of the home, by their paths in the home.
fn within(home: &Home, folder: &str) -> Result<Vec<String>, BackupError> {
    let path = home.path().join(folder);
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&path).map_err(BackupError::io(&path))? {
        let entry = entry.map_err(BackupError::io(&path))?;
        if entry.path().is_file() {
            all.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
        }
    }
    all.sort();
    Ok(all)
}

impl Contents {
    fn leave(&mut self, path: &str, why: &str) {
        self.left_out.push(LeftOut { path: path.to_owned(), why: why.to_owned() });
    }

    fn add(&mut self, home: &Home, name: &str) -> Result<(), BackupError> {
        let path = home.path().join(name);
        let length = std::fs::metadata(&path).map_err(BackupError::io(&path))?.len();
        if length > MOST_SMALL {
            let most = MOST_SMALL >> 20;
            let words = format!(
                "`{}` has more than {most} MiB: it is not what it should be",
                path.display()
            );
            return Err(BackupError::Refused(words));
        }
        let bytes = std::fs::read(&path).map_err(BackupError::io(&path))?;
        self.files.insert(name.to_owned(), Zeroizing::new(bytes));
        Ok(())
    }

    /// What the signer remembers, up to the last whole line: it signs only by what stands there whole.
    /// Read after the database was copied, so that it never knows less than that.
    fn add_memory(&mut self, home: &Home) -> Result<(), BackupError> {
        self.add(home, "signed.log")?;
        if let Some(bytes) = self.files.get_mut("signed.log") {
            let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            bytes.truncate(end);
        }
        Ok(())
    }

    /// What witnesses have cosigned, as of one moment. It proves, and nothing rests on it: where it has grown
    /// beyond what is held in memory, it is left out and said so.
    fn add_outside(&mut self, home: &Home) -> Result<(), BackupError> {
        let path = home.outside();
        let length = std::fs::metadata(&path).map_err(BackupError::io(&path))?.len();
        if length > MOST_SMALL {
            self.leave(
                "outside.sqlite",
                "it is too large: copy it by itself while the node is stopped",
            );
            return Ok(());
        }
        let bytes = Outside::at(&path).bytes().map_err(BackupError::Store)?;
        self.files.insert("outside.sqlite".to_owned(), Zeroizing::new(bytes));
        Ok(())
    }

    fn add_secret(&mut self, home: &Home, name: &str, sealed: bool) -> Result<(), BackupError> {
        if sealed {
            return self.add(home, name);
        }
        self.leave(name, "it is a secret, and this backup is not sealed");
        Ok(())
    }

    fn add_named(&mut self, home: &Home, name: &str, sealed: bool) -> Result<(), BackupError> {
        let path = Path::new(name);
        let stands_here = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !stands_here {
            self.leave(name, "forewarn.toml names it, and it stands outside the node's folder");
        } else if self.files.contains_key(name) {
        } else if home.path().join(name).is_file() {
            self.add_secret(home, name, sealed)?;
        } else {
            self.leave(name, "forewarn.toml names it, and it is not there");
        }
        Ok(())
    }
}
