//! The node's folder: configuration, key, database, socket.

use crate::clock;
use crate::config::{
    ChannelSection, CollectionSection, Config, EgressSection, FeedsSection, JournalSection,
    LimitsSection, NodeSection, QuotaSection, ReleaseSection, SignerSection, TaxiiSection,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::erasure::Retention;
use forewarn_exchange::origin::Origin;
use forewarn_exchange::scale::{Clocks, Status};
use forewarn_exchange::waiver::WaiverRules;
use forewarn_transcript::{Hash, SecretKey};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const LOCK: &str = "lock";
const SIGNER_LOCK: &str = "signer.lock";
const BACKUP_LOCK: &str = "backup.lock";

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
    #[error("`{path}`: {}", crate::disk::words(why))]
    Io {
        /// The file or folder that it is about.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The journal was not made on its servers, or it is not known whether it was. The folder was.
    #[error(
        "{0}; the folder was made all the same: give the same command again to go on, or throw it away"
    )]
    Journal(Box<crate::apart::NoJournal>),
    /// The configuration cannot be used; the text says why.
    #[error("{0}")]
    Config(String),
    /// The file of the key can be read by other users of the machine.
    #[error("`{0}` can be read by others; make it readable by its owner only: chmod 600")]
    OpenKey(PathBuf),
    /// The file does not hold a key of this program's.
    #[error("`{0}` does not hold a node's keys as they were written: put a copy of it back")]
    BadKey(PathBuf),
}

impl From<crate::apart::NoJournal> for HomeError {
    fn from(why: crate::apart::NoJournal) -> HomeError {
        HomeError::Journal(Box::new(why))
    }
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
    /// Where its journal is to be made, when not in its own database.
    pub journal: Option<JournalSection>,
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

    /// The key by which second factors are sealed in the database.
    pub fn accounts_key(&self) -> PathBuf {
        self.0.join("accounts.key")
    }

    /// The key by which commands are sealed in a journal apart; every node of it has the same.
    pub fn journal_key(&self) -> PathBuf {
        self.0.join("journal.key")
    }

    /// Under which names this folder has claimed a journal apart: it is in no backup, since a copy
    /// of the folder must not go on where this one writes.
    pub fn journal_writer(&self) -> PathBuf {
        self.0.join("journal.writer")
    }

    /// What this folder has put on record last of its configuration, where a journal is apart.
    pub fn journal_configured(&self) -> PathBuf {
        self.0.join("journal.configured")
    }

    /// The beginning of a journal that is being moved to servers.
    pub fn journal_moving(&self) -> PathBuf {
        self.0.join("journal.moving")
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("forewarn.sqlite")
    }

    /// What was begun at the desk and not sent.
    pub fn begun(&self) -> PathBuf {
        self.0.join("begun.sqlite")
    }

    /// What witnesses have cosigned of our logs.
    pub fn outside(&self) -> PathBuf {
        self.0.join("outside.sqlite")
    }

    /// Where words stand, for whoever searches: it can be thrown away.
    pub fn search(&self) -> PathBuf {
        self.0.join("search.sqlite")
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

    /// What is known of the newest backup: when, where, how large.
    pub fn backed_up(&self) -> PathBuf {
        self.0.join("backup.json")
    }

    /// Where a backup is put together: emptied before each.
    pub(crate) fn backup_stage(&self) -> PathBuf {
        self.0.join("backup.stage")
    }

    /// Where the steps to a newer format are tried on a copy: emptied before and after.
    pub fn migrate_stage(&self) -> PathBuf {
        self.0.join("migrate.stage")
    }

    /// From which backup this folder was restored; not there in others.
    pub fn restored(&self) -> PathBuf {
        self.0.join("restored.json")
    }

    /// The socket on which the node answers the folder's owner.
    pub fn socket(&self) -> PathBuf {
        self.0.join("forewarn.sock")
    }

    /// Makes a node: folder, configuration, key, database.
    pub fn init(&self, setup: Setup) -> Result<Config, HomeError> {
        if self.config().exists() || self.key().exists() {
            return self.go_on(setup.journal.as_ref());
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
            waivers: WaiverRules::default(),
            release: ReleaseSection::default(),
            retention: Retention::default(),
            collections: vec![CollectionSection {
                id: Ids::new(clock::seed()).uuid(),
                alias: "inbox".to_owned(),
                title: "What came in".to_owned(),
                source: None,
                grade: None,
                marking: None,
                description: None,
                accepts: Vec::new(),
                strict: false,
                readers: None,
                writers: None,
            }],
            creators: Vec::new(),
            outlets: Vec::new(),
            shelves: Vec::new(),
            notifiers: Vec::new(),
            heartbeat: None,
            witnesses: Vec::new(),
            timestamps: Vec::new(),
            audit: crate::config::AuditSection::default(),
            backup: crate::config::BackupSection::default(),
            journal: setup.journal,
            metrics: crate::config::MetricsSection::default(),
            policy: crate::config::PolicySection::default(),
            oidc: Vec::new(),
            taxii: TaxiiSection::default(),
            tls: None,
            quota: QuotaSection::default(),
            feeds: FeedsSection::default(),
            matching: crate::config::MatchingSection::default(),
            limits: LimitsSection::default(),
            egress: EgressSection { networks, ..EgressSection::default() },
        };
        let text = toml::to_string_pretty(&config).map_err(|e| HomeError::Config(e.to_string()))?;
        self.check_new(&config, &text)?;
        let io = |path: &Path| {
            let path = path.to_owned();
            move |why| HomeError::Io { path, why }
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0).map_err(io(&self.0))?;
        self.close_to_others();
        self.write_keys(&[Zeroizing::new(clock::seed().0)])?;
        write_new(&self.config(), 0o600, text.as_bytes()).map_err(io(&self.config()))?;
        self.make_database(&config)?;
        Ok(config)
    }

    /// What is to be written can be used: told before anything is made.
    fn check_new(&self, config: &Config, text: &str) -> Result<(), HomeError> {
        Config::parse(text, std::iter::empty()).map_err(HomeError::Config)?;
        let Some(section) = &config.journal else { return Ok(()) };
        crate::apart::check(section, self).map_err(|why| HomeError::Config(why.to_string()))
    }

    /// A node is there. When its journal was to be made on servers, and was not, it is made now.
    fn go_on(&self, section: Option<&JournalSection>) -> Result<Config, HomeError> {
        let taken = || HomeError::Taken(self.0.clone());
        let Some(section) = section.filter(|_| self.config().exists()) else { return Err(taken()) };
        let config = Config::read(&self.config(), std::iter::empty());
        let config = config.map_err(|e| HomeError::Config(e.to_string()))?;
        if config.journal.as_ref() != Some(section) {
            return Err(taken());
        }
        let _lock = self.lock()?;
        let store = forewarn_store::Store::open(&self.database());
        let mut store = store.map_err(|e| HomeError::Config(e.to_string()))?;
        if !crate::apart::is_to_be_made(&store).map_err(crate::apart::NoJournal::from)? {
            return Err(taken());
        }
        crate::apart::make(section, self, &mut store)?;
        Ok(config)
    }

    /// An empty database, with a journal of its own or tied to a new one.
    fn make_database(&self, config: &Config) -> Result<(), HomeError> {
        let store = forewarn_store::Store::open(&self.database());
        let mut store = store.map_err(|e| HomeError::Config(e.to_string()))?;
        if let Some(section) = &config.journal {
            crate::apart::make(section, self, &mut store)?;
        }
        Ok(())
    }

    /// What of the node's own others on this machine may read or change: each with its mode.
    pub fn open_to_others(&self) -> Vec<(PathBuf, u32)> {
        let secrets = fs::read_dir(self.secrets()).into_iter().flatten().flatten();
        let databases = [self.database(), self.search(), self.begun()];
        let databases = databases.iter().flat_map(|path| {
            ["", "-wal", "-shm"].map(|end| {
                let mut name = path.clone().into_os_string();
                name.push(end);
                PathBuf::from(name)
            })
        });
        let mut all = vec![
            self.0.clone(),
            self.config(),
            self.key(),
            self.accounts_key(),
            self.journal_key(),
            self.journal_writer(),
            self.journal_configured(),
            self.journal_moving(),
            self.signed(),
            self.socket(),
            self.secrets(),
            self.0.join(LOCK),
            self.0.join(SIGNER_LOCK),
            self.0.join(BACKUP_LOCK),
            self.backed_up(),
            self.restored(),
        ];
        all.extend(databases);
        all.extend(secrets.map(|one| one.path()));
        let mode = |path: PathBuf| {
            let mode = fs::metadata(&path).ok()?.mode() & 0o777;
            (mode & 0o077 != 0).then_some((path, mode))
        };
        all.into_iter().filter_map(mode).collect()
    }

    /// Takes everybody else's rights off the node's files, whatever they were, and says of which.
    /// Not off the key: one that others may have read is not used.
    pub fn close_to_others(&self) -> Vec<PathBuf> {
        let open = self.open_to_others().into_iter().filter(|(path, _)| *path != self.key());
        let close = |(path, mode): (PathBuf, u32)| {
            // What belongs to somebody else stays as it is, and `doctor` says so.
            fs::set_permissions(&path, fs::Permissions::from_mode(mode & 0o700)).ok()?;
            Some(path)
        };
        open.filter_map(close).collect()
    }

    /// Taken by the process that runs the node, for as long as it runs. Two that ran on one folder
    /// would each have a signer, and could sign two different logs.
    pub fn lock(&self) -> Result<fs::File, HomeError> {
        self.lock_file(LOCK)
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

    /// The node's secret keys, oldest first: a line each. A file that others can read is refused, and
    /// one that is not as it was written.
    pub fn secret_keys(&self) -> Result<Vec<SecretKey>, HomeError> {
        Ok(self.read_keys()?.into_iter().map(|seed| SecretKey::from_seed(&seed)).collect())
    }

    fn read_keys(&self) -> Result<Vec<Zeroizing<[u8; 32]>>, HomeError> {
        let path = self.key();
        let io = |why| HomeError::Io { path: path.clone(), why };
        if fs::metadata(&path).map_err(io)?.mode() & 0o077 != 0 {
            return Err(HomeError::OpenKey(path));
        }
        let text = Zeroizing::new(fs::read_to_string(&path).map_err(io)?);
        let keys = parse_keys(&text).ok_or_else(|| HomeError::BadKey(path.clone()))?;
        if keys.is_empty() { Err(HomeError::BadKey(path)) } else { Ok(keys) }
    }

    /// Writes seals to a file of keys from before there were any.
    pub fn seal_keys(&self) -> Result<(), HomeError> {
        let (path, keys) = (self.key(), self.read_keys()?);
        let io = |why| HomeError::Io { path: path.clone(), why };
        let is_sealed = fs::read_to_string(&path).map_err(io)?.starts_with(KEYS);
        if is_sealed { Ok(()) } else { self.write_keys(&keys) }
    }

    /// Adds a new key after those that are there. The signer reads it when it is started next.
    pub fn add_key(&self) -> Result<SecretKey, HomeError> {
        let mut keys = self.read_keys()?;
        let seed = Zeroizing::new(clock::seed().0);
        keys.push(seed.clone());
        self.write_keys(&keys)?;
        Ok(SecretKey::from_seed(&seed))
    }

    fn write_keys(&self, keys: &[Zeroizing<[u8; 32]>]) -> Result<(), HomeError> {
        let path = self.key();
        let io = |why| HomeError::Io { path: path.clone(), why };
        let fresh = path.with_extension("new");
        let _ = fs::remove_file(&fresh);
        write_new(&fresh, 0o600, keys_text(keys).as_bytes()).map_err(io)?;
        fs::rename(&fresh, &path).map_err(io)?;
        fs::File::open(&self.0).and_then(|folder| folder.sync_all()).map_err(io)
    }

    /// Taken by whoever makes a backup: one at a time.
    pub(crate) fn lock_backup(&self) -> Result<fs::File, HomeError> {
        self.lock_file(BACKUP_LOCK)
    }

    /// Taken by the signer of this folder: two would each remember what they have signed.
    pub fn lock_signer(&self) -> Result<fs::File, HomeError> {
        self.lock_file(SIGNER_LOCK)
    }
}

/// The first line of a file of keys whose lines are sealed. Files from before have none.
const KEYS: &str = "forewarn-keys/1";

/// A line for each key: its seed, and a seal over it and the seal before. The last line has the
/// number of keys, so that none is lost from the end.
fn keys_text(keys: &[Zeroizing<[u8; 32]>]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(format!("{KEYS}\n"));
    let mut seal = String::new();
    for seed in keys {
        let seed = Zeroizing::new(STANDARD.encode(**seed));
        seal = seal_of(&seal, &seed);
        text.push_str(&seed);
        text.push(' ');
        text.push_str(&seal);
        text.push('\n');
    }
    let count = format!("keys {}", keys.len());
    for part in [&count, " ", &seal_of(&seal, &count), "\n"] {
        text.push_str(part);
    }
    text
}

/// Of a seed, 64 bits of a hash say nothing that helps to find it.
fn seal_of(before: &str, row: &str) -> String {
    let text = Zeroizing::new(format!("{KEYS}\n{before}\n{row}"));
    let mut seal = Hash::of(text.as_bytes()).to_string();
    seal.truncate(16);
    seal
}

fn parse_keys(text: &str) -> Option<Vec<Zeroizing<[u8; 32]>>> {
    let seed = |line: &str| {
        let bytes = Zeroizing::new(STANDARD.decode(line.trim_end_matches('\r')).ok()?);
        let seed: Option<[u8; 32]> = bytes.as_slice().try_into().ok();
        seed.map(Zeroizing::new)
    };
    if !text.starts_with(KEYS) {
        return text.lines().map(seed).collect();
    }
    let lines = text.lines().skip(1);
    let rows = lines.map(|line| line.split_once(' ')).collect::<Option<Vec<_>>>()?;
    let (_, rows) = rows.split_last()?;
    let keys = rows.iter().map(|(line, _)| seed(line)).collect::<Option<Vec<_>>>()?;
    // There is one way to write these keys.
    (*keys_text(&keys) == *text).then_some(keys)
}

pub(crate) fn write_new(path: &Path, mode: u32, bytes: &[u8]) -> io::Result<()> {
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
            journal: None,
        };
        let config = home.init(setup()).unwrap();
        assert_eq!(config.node.listen.to_string(), "127.0.0.1:7001");
        assert_eq!(home.secret_keys().unwrap().len(), 1);
        let added = home.add_key().unwrap();
        let keys = home.secret_keys().unwrap();
        assert_eq!((keys.len(), keys[1].public()), (2, added.public()));
        assert!(matches!(home.init(setup()), Err(HomeError::Taken(_))));
        damaged_keys_are_noticed(&home);
        fs::set_permissions(home.key(), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(home.secret_keys(), Err(HomeError::OpenKey(_))));
    }

    /// Of eight kinds of damage, four once passed.
    fn damaged_keys_are_noticed(home: &Home) {
        let good = fs::read_to_string(home.key()).unwrap();
        let keys = home.secret_keys().unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone().into_bytes();
            bad[at] ^= 1;
            let found = String::from_utf8(bad).ok().and_then(|bad| parse_keys(&bad));
            assert!(found.is_none(), "byte {at}");
            assert!(at == 0 || parse_keys(good.get(..at).unwrap()).is_none(), "cut off at {at}");
        }
        let lines: Vec<&str> = good.split_inclusive('\n').collect();
        for at in 1..lines.len() {
            let mut bad = lines.clone();
            bad.remove(at);
            assert!(parse_keys(&bad.concat()).is_none(), "without line {at}");
        }
        // A file from before has no seals, and gets them.
        let plain: String = keys
            .iter()
            .zip(lines.iter().skip(1))
            .fold(String::new(), |text, (_, line)| text + line.split(' ').next().unwrap() + "\n");
        fs::write(home.key(), plain).unwrap();
        home.seal_keys().unwrap();
        assert_eq!(fs::read_to_string(home.key()).unwrap(), good);
    }
}
