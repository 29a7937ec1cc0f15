//! Where sessions are kept between commands: a file that only its owner can read, a section a node
//! and user. The newest is first.

use crate::failure::Failed;
use forewarn_exchange::name::UserName;
use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Names the file, in place of the one in the user's configuration.
const FILE: &str = "FOREWARN_CREDENTIALS";
/// Most sessions that are kept.
const MOST: usize = 64;

/// A session at a node.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saved {
    /// The node's URL, or its folder.
    pub(crate) at: String,
    /// Who.
    pub(crate) user: UserName,
    /// The secret.
    pub(crate) session: String,
    /// When it ends.
    pub(crate) ends: Timestamp,
    /// The file with the authority that the node's certificate is checked by, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) authority: Option<PathBuf>,
}

/// All of them.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    #[serde(default)]
    session: Vec<Saved>,
}

impl Credentials {
    /// Reads the file; there need be none.
    pub(crate) fn read() -> Result<Credentials, Failed> {
        match path() {
            Some(path) => Credentials::at(&path),
            None => Ok(Credentials::default()),
        }
    }

    fn at(path: &Path) -> Result<Credentials, Failed> {
        let bad = |why: String| Failed::usage(format!("`{}`: {why}", path.display()));
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Credentials::default()),
            Err(e) => return Err(bad(e.to_string())),
        };
        let mode = fs::metadata(path).map_err(|e| bad(e.to_string()))?.mode();
        if mode & 0o077 != 0 {
            return Err(bad("others can read it, and so act in your name".to_owned())
                .hint("make it readable by you only, chmod 600, and sign in anew"));
        }
        toml::from_str(&text).map_err(|e| bad(format!("{}: remove it and sign in", e.message())))
    }

    /// The session of a user at a node; of whoever signed in there last, when none is named.
    pub(crate) fn of(&self, at: &str, user: Option<&str>) -> Option<&Saved> {
        let mut here = self.session.iter().filter(|one| one.at == at);
        here.find(|one| user.is_none_or(|user| one.user == *user))
    }

    /// The nodes elsewhere with a session.
    pub(crate) fn nodes(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.session.iter().map(|one| one.at.as_str()).collect();
        all.retain(|at| at.contains("://"));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The only node with a session, when there is one only.
    pub(crate) fn only(&self) -> Option<&Saved> {
        let first = self.session.first()?;
        self.session.iter().all(|one| one.at == first.at).then_some(first)
    }

    /// Keeps a session, in place of the user's last one there.
    pub(crate) fn keep(mut self, saved: Saved) -> Result<(), Failed> {
        self.session.retain(|one| one.at != saved.at || one.user != saved.user);
        self.session.insert(0, saved);
        self.session.truncate(MOST);
        self.write()
    }

    /// Forgets a session.
    pub(crate) fn forget(mut self, saved: &Saved) -> Result<(), Failed> {
        self.session.retain(|one| one.session != saved.session);
        self.write()
    }

    fn write(&self) -> Result<(), Failed> {
        let path = path().ok_or_else(|| {
            Failed::usage("there is nowhere to keep the session: HOME is not set")
                .hint(format!("name a file with {FILE}"))
        })?;
        let failed = |e: std::io::Error| Failed::internal(format!("`{}`: {e}", path.display()));
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let text = toml::to_string(self).map_err(|e| Failed::internal(e.to_string()))?;
        // Another command that reads meanwhile finds the old one or the new one, whole.
        let new = path.with_extension(format!("new-{}", std::process::id()));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new);
        let wrote = file.as_mut().map_err(|e| std::io::Error::new(e.kind(), e.to_string()));
        wrote.and_then(|file| file.write_all(text.as_bytes())).map_err(failed)?;
        fs::rename(&new, &path).map_err(failed)
    }
}

fn path() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(file) = variable(FILE) {
        return Some(file.into());
    }
    let folder = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let folder = folder.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")))?;
    Some(folder.join("forewarn/credentials.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(at: &str, user: &str) -> Saved {
        Saved {
            at: at.to_owned(),
            user: UserName::parse(user).unwrap(),
            session: format!("{user}@{at}"),
            ends: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
            authority: None,
        }
    }

    #[test]
    fn the_session_is_the_users_at_that_node() {
        let all =
            Credentials { session: vec![saved("a", "ana"), saved("a", "otto"), saved("b", "ana")] };
        assert_eq!(all.of("a", None).unwrap().session, "ana@a");
        assert_eq!(all.of("a", Some("otto")).unwrap().session, "otto@a");
        assert!(all.of("b", Some("otto")).is_none());
        assert!(all.only().is_none());
        let one = Credentials { session: vec![saved("a", "ana"), saved("a", "otto")] };
        assert_eq!(one.only().unwrap().session, "ana@a");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials.toml");
        assert!(Credentials::at(&path).unwrap().session.is_empty());
        let all = Credentials { session: vec![saved("https://a.example", "ana")] };
        fs::write(&path, toml::to_string(&all).unwrap()).unwrap();
        let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode;
        fs::set_permissions(&path, mode(0o644)).unwrap();
        let words = Credentials::at(&path).map(|_| ()).unwrap_err().to_string();
        assert!(words.contains("others can read it"), "{words}");
        fs::set_permissions(&path, mode(0o600)).unwrap();
        assert!(Credentials::at(&path).unwrap().session == all.session);
    }
}
