//! A PostgreSQL of its own for a test: Debian's, on loopback, its files thrown away afterwards.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// PostgreSQL refuses to run as root: then it runs as `nobody`.
const NOBODY: &str = "65534";

/// A server that ends with the test.
pub struct Postgres {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
    settings: Vec<String>,
    server: Option<Child>,
}

/// The newest of Debian's, which is in no folder of PATH.
fn bin() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .map(|one| one.path())
        .filter(|path| path.join("bin/initdb").exists())
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .collect();
    found.sort();
    let newest = found.pop();
    newest.expect("no PostgreSQL in /usr/lib/postgresql: `make setup` installs it").1
}

impl Postgres {
    /// Makes one and starts it, with these settings beside its own: `name=value`.
    pub fn start(settings: &[&str]) -> Postgres {
        let mut postgres = Postgres::folder(bin(), settings);
        let mut initdb = postgres.command("initdb");
        initdb.args(["-N", "-A", "trust", "-U", "forewarn", "--no-instructions", "-D"]);
        let made = initdb.arg(postgres.data()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        postgres.go();
        postgres
    }

    /// A replica of it, which is known to it by this name.
    pub fn replica(&self, name: &str) -> Postgres {
        let mut replica = Postgres::folder(self.bin.clone(), &[]);
        let mut copy = replica.command("pg_basebackup");
        copy.args(["-R", "-X", "stream", "-c", "fast", "-d", &self.replication(name), "-D"]);
        let made = copy.arg(replica.data()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        replica.go();
        replica
    }

    /// How a replica of that name comes to it.
    pub fn replication(&self, name: &str) -> String {
        format!("host=127.0.0.1 port={} user=forewarn application_name={name}", self.port)
    }

    /// Changes a setting while it runs.
    pub fn set(&self, name: &str, value: &str) {
        self.sql(&format!("ALTER SYSTEM SET {name} = '{value}'"));
        self.sql("SELECT pg_reload_conf()");
    }

    /// A folder for one that does not run yet.
    fn folder(bin: PathBuf, settings: &[&str]) -> Postgres {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = settings.iter().map(|one| (*one).to_owned()).collect();
        Postgres { folder, bin, port, settings, server: None }
    }

    /// A program of it, as a user that may run it.
    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        if !rustix::process::getuid().is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        // It ends with the test, however that ends.
        command.args([
            "--pdeathsig",
            "KILL",
            "--clear-groups",
            "--reuid",
            NOBODY,
            "--regid",
            NOBODY,
        ]);
        command.arg(program).current_dir("/");
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Takes a file into its folder, as a secret of its own.
    pub fn take(&self, name: &str, from: &Path) {
        let to = self.data().join(name);
        fs::copy(from, &to).unwrap();
        fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).unwrap();
        let owner = fs::metadata(self.data()).unwrap();
        std::os::unix::fs::chown(&to, Some(owner.uid()), Some(owner.gid())).unwrap();
    }

    /// Starts it, and waits until it takes connections.
    pub fn go(&mut self) {
        let port = self.port.to_string();
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).args(["-p", &port, "-c", "listen_addresses=127.0.0.1"]);
        command.args(["-c", "unix_socket_directories="]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        command.stderr(Stdio::piped()).stdout(Stdio::null()).env("LC_ALL", "C");
        let mut server = command.spawn().unwrap();
        let mut lines = BufReader::new(server.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("PostgreSQL did not start:\n{}", said.join("\n"));
            };
            if line.contains("database system is ready to accept") {
                break;
            }
            said.push(line);
        }
        // It must not wait for somebody to read what it says.
        std::thread::spawn(move || lines.for_each(drop));
        self.server = Some(server);
    }

    /// Ends it at once, sessions and all: when it starts again, it recovers as after a crash.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let pid = rustix::process::Pid::from_child(&server);
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
            server.wait().unwrap();
        }
    }

    /// Where a node finds it.
    pub fn url(&self) -> String {
        format!("postgres://forewarn@{}/postgres", self.host())
    }

    /// Where it listens.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Runs SQL as its owner; what it printed.
    pub fn sql(&self, sql: &str) -> String {
        let port = self.port.to_string();
        let mut psql = self.command("psql");
        psql.args(["-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-p", &port, "-U", "forewarn"]);
        let done = psql.args(["-d", "postgres", "-c", sql]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}
