//! The node's folder: configuration, key, database, socket.

use crate::clock;
use crate::config::{
    ChannelSection, CollectionSection, Config, EgressSection, FeedsSection, LimitsSection,
    NodeSection, QuotaSection, SignerSection, TaxiiSection,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::origin::Origin;
use forewarn_exchange::scale::{Clocks, Status};
use forewarn_transcript::SecretKey;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Where things are in a node's folder.
#[derive(Debug, Clone)]
pub struct Home(PathBuf);

/// Why a folder cannot be used as a node's home, or be made one.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The folder holds a node already; nothing in it was changed.
    #[error("`{0}` holds a node already; nothing was changed")]
    Taken(PathBuf),
    /// Another process has the node's lock.
    #[error("the node in `{0}` runs already, in another process")]
    Running(PathBuf),
    /// The system did not do it.
    #[error("`{path}`: {why}")]
    Io {
        /// The file or folder that it is about.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The configuration cannot be used; the text says why.
    #[error("{0}")]
    Config(String),
    /// The file of the key can be read by other users of the machine.
    #[error("`{0}` can be read by others; make it readable by its owner only: chmod 600")]
    OpenKey(PathBuf),
    /// The file does not hold a key of this program's.
    #[error("`{0}` is not a node's key")]
    BadKey(PathBuf),
}

/// What `init` is told.
pub struct Setup {
    /// The node's name: a domain name, or one like it.
    pub name: String,
    /// What people call the organisation.
    pub organisation: String,
    /// Where partners reach the node.
    pub url: String,
    /// Whether its cases are meant, or an exercise or test.
    pub status: Status,
    /// Whether one administrator is enough to give somebody a role that drafts or releases.
    pub one_administrator: bool,
}

/// 127.0.0.0/8 and `::1`.
const LOOPBACK: [IpNet; 2] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)),
];

impl Home {
    /// A folder that may hold a node; nothing is read yet.
    pub fn new(path: impl Into<PathBuf>) -> Home {
        Home(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The configuration, `forewarn.toml`.
    pub fn config(&self) -> PathBuf {
        self.0.join("forewarn.toml")
    }

    /// The file of the signer's keys.
    pub fn key(&self) -> PathBuf {
        self.0.join("node.key")
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("forewarn.sqlite")
    }

    /// What the signer remembers: apart from the database, so that an old copy of the one does
    /// not take the other back.
    pub fn signed(&self) -> PathBuf {
        self.0.join("signed.log")
    }

    /// Passwords and tokens of feeds, a file each.
    pub fn secrets(&self) -> PathBuf {
        self.0.join("secrets")
    }

    /// The socket on which the node answers the folder's owner.
    pub fn socket(&self) -> PathBuf {
        self.0.join("forewarn.sock")
    }

    /// Makes a node: folder, configuration, key, database.
    pub fn init(&self, setup: Setup) -> Result<Config, HomeError> {
        if self.config().exists() || self.key().exists() {
            return Err(HomeError::Taken(self.0.clone()));
        }
        // A node of this machine speaks with others of this machine: a demonstration, or a test.
        let here = Origin::parse(setup.url.trim_end_matches('/'));
        let networks = match here {
            Ok(origin) if origin.is_loopback() => LOOPBACK.to_vec(),
            _ => Vec::new(),
        };
        let config = Config {
            node: NodeSection {
                listen: listen(&setup.url),
                name: setup.name,
                organisation: setup.organisation,
                url: setup.url,
                status: setup.status,
                second_signature: true,
                one_administrator: setup.one_administrator,
            },
            signer: SignerSection::default(),
            channel: ChannelSection::default(),
            clocks: Clocks::default(),
            collections: vec![CollectionSection {
                id: Ids::new(clock::seed()).uuid(),
                alias: "inbox".to_owned(),
                title: "What came in".to_owned(),
                source: None,
                grade: None,
                marking: None,
                description: None,
                accepts: Vec::new(),
                readers: None,
                writers: None,
            }],
            outlets: Vec::new(),
            taxii: TaxiiSection::default(),
            tls: None,
            quota: QuotaSection::default(),
            feeds: FeedsSection::default(),
            matching: crate::config::MatchingSection::default(),
            limits: LimitsSection::default(),
            egress: EgressSection { networks, ..EgressSection::default() },
        };
        let text = toml::to_string_pretty(&config).map_err(|e| HomeError::Config(e.to_string()))?;
        Config::parse(&text, std::iter::empty()).map_err(HomeError::Config)?;
        let io = |path: &Path| {
            let path = path.to_owned();
            move |why| HomeError::Io { path, why }
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0).map_err(io(&self.0))?;
        write_new(&self.key(), 0o600, &new_key()).map_err(io(&self.key()))?;
        write_new(&self.config(), 0o600, text.as_bytes()).map_err(io(&self.config()))?;
        forewarn_store::Store::open(&self.database())
            .map_err(|e| HomeError::Config(e.to_string()))?;
        Ok(config)
    }

    /// Taken by the process that runs the node, for as long as it runs. Two that ran on one folder
    /// would each have a signer, and could sign two different logs.
    pub fn lock(&self) -> Result<fs::File, HomeError> {
        self.lock_file("lock")
    }

    fn lock_file(&self, name: &str) -> Result<fs::File, HomeError> {
        let path = self.0.join(name);
        let io = |why| HomeError::Io { path: path.clone(), why };
        let file = fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        let file = file.map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(HomeError::Running(self.0.clone())),
            Err(fs::TryLockError::Error(why)) => Err(io(why)),
        }
    }

    /// The node's secret keys, oldest first: a line each. A file that others can read is refused.
    pub fn secret_keys(&self) -> Result<Vec<SecretKey>, HomeError> {
        let path = self.key();
        let io = |why| HomeError::Io { path: path.clone(), why };
        if fs::metadata(&path).map_err(io)?.mode() & 0o077 != 0 {
            return Err(HomeError::OpenKey(path));
        }
        let text = Zeroizing::new(fs::read_to_string(&path).map_err(io)?);
        let keys = text.lines().map(|line| {
            let bytes = Zeroizing::new(STANDARD.decode(line.trim()).unwrap_or_default());
            match bytes.first_chunk::<32>() {
                Some(seed) if bytes.len() == 32 => Ok(SecretKey::from_seed(seed)),
                _ => Err(HomeError::BadKey(path.clone())),
            }
        });
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(HomeError::BadKey(path)) } else { Ok(keys) }
    }

    /// Adds a new key after those that are there. The signer reads it when it is started next.
    pub fn add_key(&self) -> Result<SecretKey, HomeError> {
        self.secret_keys()?;
        let path = self.key();
        let io = |why| HomeError::Io { path: path.clone(), why };
        let mut text = Zeroizing::new(fs::read(&path).map_err(io)?);
        text.extend_from_slice(&new_key());
        let fresh = path.with_extension("new");
        let _ = fs::remove_file(&fresh);
        write_new(&fresh, 0o600, &text).map_err(io)?;
        fs::rename(&fresh, &path).map_err(io)?;
        fs::File::open(&self.0).and_then(|folder| folder.sync_all()).map_err(io)?;
        self.secret_keys()?.pop().ok_or(HomeError::BadKey(path))
    }

    /// Taken by the signer of this folder: two would each remember what they have signed.
    pub fn lock_signer(&self) -> Result<fs::File, HomeError> {
        self.lock_file("signer.lock")
    }
}

fn new_key() -> Zeroizing<Vec<u8>> {
    let seed = Zeroizing::new(clock::seed().0);
    Zeroizing::new(format!("{}\n", STANDARD.encode(*seed)).into_bytes())
}

fn write_new(path: &Path, mode: u32, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Loopback, at the port of the URL: a new node is not open to the world until someone says so.
fn listen(url: &str) -> SocketAddr {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(7700);
    SocketAddr::from(([127, 0, 0, 1], port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_new_home_has_a_key_that_only_its_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path().join("a"));
        let setup = || Setup {
            name: "a.example".into(),
            organisation: "A".into(),
            url: "http://127.0.0.1:7001".into(),
            status: Status::Test,
            one_administrator: false,
        };
        let config = home.init(setup()).unwrap();
        assert_eq!(config.node.listen.to_string(), "127.0.0.1:7001");
        assert_eq!(home.secret_keys().unwrap().len(), 1);
        let added = home.add_key().unwrap();
        let keys = home.secret_keys().unwrap();
        assert_eq!((keys.len(), keys[1].public()), (2, added.public()));
        assert!(matches!(home.init(setup()), Err(HomeError::Taken(_))));
        fs::set_permissions(home.key(), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(home.secret_keys(), Err(HomeError::OpenKey(_))));
    }
}
