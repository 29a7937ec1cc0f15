//! Sections for whoever operates the node: backups, the audit stream, metrics.

use forewarn_transcript::WitnessKey;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::num::NonZeroU32;

/// Backups that the node makes by itself, and for whom backups are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackupSection {
    /// Where the node puts them: a folder that is there, from its root on. Without it, the node makes
    /// none by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Hours from one to the next.
    pub every: u32,
    /// Days that they are kept. The newest is kept for longer.
    pub keep: u32,
    /// For whom they are sealed: public keys of age, `age1…`.
    pub recipients: Vec<String>,
}

impl Default for BackupSection {
    fn default() -> BackupSection {
        BackupSection { folder: None, every: 24, keep: 30, recipients: Vec::new() }
    }
}

impl BackupSection {
    pub(super) fn is_default(&self) -> bool {
        *self == BackupSection::default()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        for one in &self.recipients {
            crate::backup::recipient(one).map_err(|e| format!("backup.recipients: {e}"))?;
        }
        if self.every == 0 || self.keep == 0 {
            return Err("backup.every (hours) and backup.keep (days) must be above 0".to_owned());
        }
        let Some(folder) = &self.folder else { return Ok(()) };
        if !folder.starts_with('/') {
            return Err(format!("backup.folder `{folder}` must begin at the root: /…"));
        }
        if self.recipients.is_empty() {
            return Err("backup.folder needs backup.recipients: whom backups are sealed for. \
                        `forewarn backup key FILE` makes a key"
                .to_owned());
        }
        Ok(())
    }
}

/// The audit stream, which the node writes by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditSection {
    /// Where its files are written: a folder that is there, from its root on, and no other node's. Without
    /// it, none is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The socket of the system's log, such as `/dev/log`, to which each line is given too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syslog: Option<String>,
}

impl AuditSection {
    pub(super) fn is_default(&self) -> bool {
        *self == AuditSection::default()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        for (name, path) in [("folder", &self.folder), ("syslog", &self.syslog)] {
            if let Some(path) = path.as_ref().filter(|path| !path.starts_with('/')) {
                return Err(format!("audit.{name} `{path}` must begin at the root: /…"));
            }
        }
        if self.syslog.is_some() && self.folder.is_none() {
            return Err(
                "audit.syslog needs audit.folder: what the log has not taken yet is read from its \
                        files"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// Somebody who cosigns the checkpoints of our logs (c2sp.org/tlog-witness).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessSection {
    /// Where it takes checkpoints: what stands before `/add-checkpoint`.
    pub url: String,
    /// Its key for cosignatures, `NAME+ID+BASE64`, had by other means.
    pub key: String,
}

/// Most witnesses: with the lines of both parties, as many as a note may have.
const MAX_WITNESSES: usize = 12;

impl WitnessSection {
    pub(super) fn check_all(all: &[WitnessSection]) -> Result<(), String> {
        if all.len() > MAX_WITNESSES {
            return Err(format!("witness: there are more than {MAX_WITNESSES}"));
        }
        let mut names = std::collections::BTreeSet::new();
        for one in all {
            if !one.url.starts_with("https://") && !one.url.starts_with("http://") {
                return Err(format!("witness.url `{}` must begin with https://", one.url));
            }
            let key: WitnessKey = one.key.parse().map_err(|e| format!("witness.key: {e}"))?;
            if !names.insert(key.name.clone()) {
                return Err(format!("witness.key: `{}` stands twice", key.name));
            }
        }
        Ok(())
    }
}

/// An authority that stamps the receipts for our logs (RFC 3161).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampSection {
    /// What it is called here, in evidence that we export and in what we say.
    pub name: String,
    /// Where it takes requests, by POST (RFC 3161 §3.4).
    pub url: String,
    /// A file in PEM form with its root certificates, had by other means; a path from the node's folder.
    pub root: String,
    /// For so many seconds receipts are gathered before one is stamped: authorities count, and some are paid.
    #[serde(default = "a_minute")]
    pub every: u32,
}

fn a_minute() -> u32 {
    60
}

/// Most authorities: as many as evidence has stamps on a checkpoint.
const MAX_AUTHORITIES: usize = 4;
/// Longest root file, in bytes.
const MAX_ROOT_BYTES: u64 = 256 << 10;

impl TimestampSection {
    pub(super) fn check_all(all: &[TimestampSection]) -> Result<(), String> {
        if all.len() > MAX_AUTHORITIES {
            return Err(format!("timestamp: there are more than {MAX_AUTHORITIES}"));
        }
        let mut names = std::collections::BTreeSet::new();
        for one in all {
            if !one.url.starts_with("https://") && !one.url.starts_with("http://") {
                let name = &one.name;
                return Err(format!(
                    "timestamp `{name}`: url `{}` must begin with https://",
                    one.url
                ));
            }
            let plain = |c: char| !c.is_whitespace() && !c.is_control();
            if one.name.is_empty() || one.name.len() > 128 || !one.name.chars().all(plain) {
                return Err("timestamp.name must be 1 to 128 characters without spaces".to_owned());
            }
            if !names.insert(&one.name) {
                return Err(format!("timestamp.name: `{}` stands twice", one.name));
            }
            if !(1..=86_400).contains(&one.every) {
                return Err(format!("timestamp.every {} must be 1 to 86400 seconds", one.every));
            }
        }
        Ok(())
    }

    /// The authority, by its roots.
    ///
    /// # Errors
    /// The file cannot be read, or holds no roots.
    pub fn authority(&self, home: &std::path::Path) -> Result<forewarn_stamp::Authority, String> {
        let path = home.join(&self.root);
        let bad = |why: String| format!("`{}`: the root `{}`: {why}", self.name, path.display());
        let length = std::fs::metadata(&path).map_err(|e| bad(e.to_string()))?.len();
        if length > MAX_ROOT_BYTES {
            return Err(bad(format!("it is longer than {MAX_ROOT_BYTES} bytes")));
        }
        let pem = std::fs::read(&path).map_err(|e| bad(e.to_string()))?;
        forewarn_stamp::Authority::parse(&self.name, &pem).map_err(|e| bad(e.to_string()))
    }
}

/// A journal on PostgreSQL, in place of the one in the node's own database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalSection {
    /// Its servers: `postgres://USER@HOST:PORT,HOST:PORT/DATABASE?sslmode=require`. Without a
    /// password, and by TLS only, but on this machine.
    pub url: String,
    /// This node's name there: another for each node of the organisation.
    pub node: String,
    /// What has to hold a command before it counts: every replica that the server names, or the
    /// server alone.
    #[serde(default)]
    pub kept_by: KeptBy,
    /// So many replicas the server must name at the least, where replicas count; it must wait for all
    /// that it names.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub replicas: u32,
    /// Whether this node goes on with the journal when the one that writes is silent. Without it, a
    /// person decides: `forewarn serve --take-over`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stands_by: bool,
    /// After so many seconds without a word of the servers nobody but the owner of the folder is answered:
    /// somebody may have been suspended meanwhile.
    #[serde(default = "usual_silence", skip_serializing_if = "is_usual_silence")]
    pub silence: NonZeroU32,
    /// A file with the password; a path that is not absolute is one in the node's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<String>,
    /// A file in PEM form with authorities that may have signed the servers' certificates, beside the
    /// public ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorities: Option<String>,
}

const USUAL_SILENCE: NonZeroU32 = NonZeroU32::new(300).unwrap();

/// Seconds without a word of the servers, unless the file says otherwise.
pub fn usual_silence() -> NonZeroU32 {
    USUAL_SILENCE
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn is_usual_silence(seconds: &NonZeroU32) -> bool {
    *seconds == USUAL_SILENCE
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn is_one(number: &u32) -> bool {
    *number == 1
}

/// What has to hold a command before it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptBy {
    /// Every replica that the server names.
    #[default]
    Replicas,
    /// The server's own disk, or a consensus of its own.
    Server,
}

/// Figures for Prometheus, on a listener of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsSection {
    /// Where they are served, without a sign-in and in the clear. Without it, nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Whether figures are given for each partner by its name.
    pub partners: bool,
}

impl MetricsSection {
    pub(super) fn is_default(&self) -> bool {
        *self == MetricsSection::default()
    }
}

/// The organisation's own policy for what leaves, in Cedar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySection {
    /// Files of policies; a path that is not absolute is one in the node's folder. They are read at
    /// the start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

impl PolicySection {
    pub(super) fn is_default(&self) -> bool {
        *self == PolicySection::default()
    }
}
