//! A node as a process of the real program, in a folder of its own.

use crate::http::{Answer, Connection};
use crate::until;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The people of every node here.
const PEOPLE: &[(&str, &str)] = &[
    ("ana", "analyst"),
    ("otto", "approver"),
    ("dora", "duty-officer"),
    ("paul", "partner-admin"),
    ("rita", "reader"),
    ("nora", "node-admin"),
];

/// One node. Its process ends with it.
pub struct Node {
    program: PathBuf,
    folder: TempDir,
    /// The node's name, such as `west.example`.
    pub name: String,
    /// Where it listens: `host:port`.
    pub address: String,
    child: Option<Child>,
}

impl Node {
    /// Makes a node with its people, and starts it.
    pub fn start_new(program: &str, name: &str) -> Node {
        Node::start_configured(program, name, "")
    }

    /// The same, with this text added to its configuration.
    pub fn start_configured(program: &str, name: &str, config: &str) -> Node {
        Node::start_prepared(program, name, config, |_| ()).0
    }

    /// The same, with files that are put into its home first.
    pub fn start_prepared<T>(
        program: &str,
        name: &str,
        config: &str,
        prepare: impl FnOnce(&std::path::Path) -> T,
    ) -> (Node, T) {
        Node::start_at("http://127.0.0.1", (program, name, config), prepare)
    }

    /// Makes a node whose journal is on this PostgreSQL, which has no replicas, and starts it.
    pub fn start_on(program: &str, name: &str, journal: &str) -> Node {
        let more = ["--journal", journal, "--journal-without-replicas"];
        Node::make("http://127.0.0.1", (program, name, ""), (&more, |_| ())).0
    }

    /// Makes a node whose journal is on these PostgreSQL servers, which have replicas, and starts it.
    pub fn start_on_all(program: &str, name: &str, journal: &str) -> Node {
        Node::make("http://127.0.0.1", (program, name, ""), (&["--journal", journal], |_| ())).0
    }

    /// The same, where partners reach it at this scheme and host, with the port behind them.
    pub(crate) fn start_at<T>(
        origin: &str,
        node: (&str, &str, &str),
        prepare: impl FnOnce(&std::path::Path) -> T,
    ) -> (Node, T) {
        Node::make(origin, node, (&[], prepare))
    }

    fn make<T>(
        origin: &str,
        (program, name, config): (&str, &str, &str),
        (more, prepare): (&[&str], impl FnOnce(&std::path::Path) -> T),
    ) -> (Node, T) {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let url = format!("{origin}:{port}");
        let folder = tempfile::tempdir().unwrap();
        let mut node = Node {
            program: std::fs::canonicalize(program).unwrap(),
            folder,
            name: name.to_owned(),
            address: address.clone(),
            child: None,
        };
        let home = node.home().display().to_string();
        let organisation = format!("Service {name}");
        let init = [
            "init",
            &home,
            "--name",
            name,
            "--organisation",
            &organisation,
            "--url",
            &url,
            "--exercise",
        ];
        node.good(&[&init[..], more].concat());
        node.configure(config);
        let prepared = prepare(&node.home());
        node.start();
        for (name, role) in PEOPLE {
            node.good(&["user", "add", name, "--role", role]);
        }
        (node, prepared)
    }

    /// The node's folder.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Adds a text to the configuration, whose keys replace those that are there; read at the next
    /// start.
    pub fn configure(&self, text: &str) {
        let path = self.home().join("forewarn.toml");
        let mut config: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        let more: toml::Table = text.parse().unwrap();
        for (name, value) in more {
            match (config.get_mut(&name), value) {
                (Some(toml::Value::Table(known)), toml::Value::Table(more)) => known.extend(more),
                (Some(toml::Value::Array(known)), toml::Value::Array(more)) => known.extend(more),
                (_, value) => drop(config.insert(name, value)),
            }
        }
        std::fs::write(&path, toml::to_string(&config).unwrap()).unwrap();
    }

    /// A path in the node's temporary folder, outside its home.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file to be taken in.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.file(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// Starts the process and waits until it answers.
    pub fn start(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.file("log")).unwrap();
        self.start_with(Stdio::null(), log);
    }

    /// The same, with these as its standard output and its log.
    pub fn start_with(&mut self, output: impl Into<Stdio>, log: impl Into<Stdio>) {
        self.serve(&[], (output, log));
    }

    /// Starts it as the node that writes to its journal, whoever does.
    pub fn take_over(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.file("log")).unwrap();
        self.serve(&["--take-over"], (Stdio::null(), log));
    }

    fn serve(&mut self, more: &[&str], (output, log): (impl Into<Stdio>, impl Into<Stdio>)) {
        let child = Command::new(&self.program)
            .args(["serve", "--home"])
            .arg(self.home())
            .args(more)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        until("the node's first answer", || self.run(&["card"]).status.success().then_some(()));
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().map(|child| i32::try_from(child.id()).unwrap());
        kill_process(id.and_then(Pid::from_raw).expect("a running process"), signal).unwrap();
    }

    /// SIGKILL, and waits for the end.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.child.take().unwrap().wait().unwrap();
    }

    /// Waits until the process ends by itself; its exit status.
    pub fn ended(&mut self) -> Option<i32> {
        let mut child = self.child.take().unwrap();
        until("the end of the process", || child.try_wait().unwrap()).code()
    }

    /// SIGTERM, and waits for the end.
    pub fn stop(&mut self) {
        self.signal(Signal::TERM);
        assert!(self.child.take().unwrap().wait().unwrap().success());
    }

    /// Copies files of its home while it is stopped.
    pub fn save(&mut self, names: &[&str]) {
        self.stop();
        for name in names {
            let _ = std::fs::copy(self.home().join(name), self.file(name));
        }
        self.start();
    }

    /// Puts the copies back; what is not among them stays as it is.
    pub fn set_back(&mut self, names: &[&str]) {
        self.stop();
        let _ = std::fs::remove_file(self.home().join("forewarn.sqlite-shm"));
        for name in names {
            let _ = std::fs::remove_file(self.home().join(name));
            let _ = std::fs::copy(self.file(name), self.home().join(name));
        }
        self.start();
    }

    /// Copies its whole home while it runs or stands still.
    pub fn copy_home(&self, name: &str) {
        copy_folder(&self.home(), &self.file(name));
    }

    /// What `doctor` says of it, whatever that is.
    pub fn doctor(&self) -> String {
        String::from_utf8(self.run(&["doctor"]).stdout).unwrap()
    }

    /// Evidence of a case of its, exported by otto: the file, and what stands in it.
    pub fn evidence(&self, case: &str) -> (String, Value) {
        let file = self.file("evidence.json").display().to_string();
        let _ = std::fs::remove_file(&file);
        let subject = format!("case-{case}");
        self.by("otto", &["evidence", "export", &subject, "--show", "title", "-o", &file]);
        let text = std::fs::read_to_string(&file).unwrap();
        (file, serde_json::from_str(&text).unwrap())
    }

    /// Runs a copy of the home beside the node, at another address.
    pub fn run_copy(&self, name: &str) -> Node {
        let mut copy = self.prepare_copy(name);
        copy.start();
        copy
    }

    /// A copy of the home, at another address, which does not run yet.
    pub fn prepare_copy(&self, name: &str) -> Node {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&self.file(name), &folder.path().join("home"));
        let (program, name) = (self.program.clone(), self.name.clone());
        let address = format!("127.0.0.1:{port}");
        let copy = Node { program, folder, name, address, child: None };
        copy.configure(&format!("[node]\nlisten = \"{}\"\n", copy.address));
        copy
    }

    /// Puts a copy of the whole home in the place of the home of today.
    pub fn restore_home(&mut self, name: &str) {
        self.stop();
        std::fs::remove_dir_all(self.home()).unwrap();
        copy_folder(&self.file(name), &self.home());
    }

    /// SIGSTOP.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// SIGCONT.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// The id of the signer that the process has started, when it runs.
    pub fn signer(&self) -> Option<u32> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.id())).ok()?;
        let children = tasks.flatten().filter_map(|task| {
            let list = std::fs::read_to_string(task.path().join("children")).ok()?;
            list.split_whitespace().next()?.parse().ok()
        });
        children.into_iter().next()
    }

    /// SIGKILL to the signer that the process has started.
    pub fn kill_signer(&self) {
        self.signal_signer(Signal::KILL);
    }

    /// SIGSTOP to the signer that the process has started.
    pub fn freeze_signer(&self) {
        self.signal_signer(Signal::STOP);
    }

    fn signal_signer(&self, signal: Signal) {
        let id = self.signer().map(|id| i32::try_from(id).unwrap());
        kill_process(id.and_then(Pid::from_raw).expect("a running signer"), signal).unwrap();
    }

    /// SIGHUP.
    pub fn hang_up(&self) {
        self.signal(Signal::HUP);
    }

    /// What it has logged since it was made.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.file("log")).unwrap_or_default()
    }

    /// Peak memory in kibibytes, as the system counts it.
    pub fn peak_memory_kib(&self) -> u64 {
        crate::figure::peak_memory_kib(self.child.as_ref().unwrap().id())
    }

    /// Runs a command of the program on this node.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(&self.program)
            .args(arguments)
            .env("FOREWARN_HOME", self.home())
            .env("FOREWARN_CREDENTIALS", self.file("credentials.toml"))
            .env_remove("FOREWARN_USER")
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    /// Runs a command that must go well; its output.
    pub fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {words}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command as a person.
    pub fn by(&self, person: &str, arguments: &[&str]) -> String {
        let mut all = arguments.to_vec();
        all.extend(["--as", person]);
        self.good(&all)
    }

    /// Runs a command that must be refused; its words on standard error.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?} went well");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Runs a command with `--json`; one value per line.
    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = arguments.to_vec();
        all.push("--json");
        let lines = self.good(&all);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The analyst finds what there is about a case, and the approver decides to warn.
    pub fn decide_to_warn(&self, case: &str) {
        let finding = ["case", "finding", case, "--credible", "--specific", "--impending"];
        let because = ["--threat", "destruction", "--target", "a cathedral"];
        let reason = ["--reason", "told by a source"];
        self.by("ana", &[&finding[..], &because, &reason].concat());
        self.by("otto", &["case", "decide", case, "warn", "--reason", "lives"]);
    }

    /// The analyst drafts a warning for a case, without the words that are withheld.
    pub fn draft(&self, case: &str, title: &str, text: &str, withheld: &str) {
        let words = ["case", "draft", case, "--title", title, "--text", text];
        let rest = ["--valid-until", "2099-01-01T00:00:00Z", "--withhold", withheld];
        self.by("ana", &[&words[..], &rest].concat());
    }

    /// The digest of the draft of a case, as its preview shows it.
    pub fn digest(&self, case: &str) -> String {
        let preview = self.get(&format!("/api/v1/cases/{case}/preview"));
        preview.get("digest").and_then(Value::as_str).expect("a digest").to_owned()
    }

    /// One person is enough for free text to a partner, as two persons have agreed.
    pub fn agree_on_one(&self, partner: &str) {
        let agree = ["partner", "agree", partner, "--sentences", "one", "--reason", "§ 4"];
        self.by("paul", &agree);
        self.approve("otto");
    }

    /// Somebody approves the newest proposal.
    pub fn approve(&self, person: &str) {
        let newest = self.json(&["proposal", "list"]).pop().unwrap();
        let number = newest.get("number").unwrap().to_string();
        let digest = newest.get("digest").and_then(Value::as_str).unwrap();
        self.by(person, &["proposal", "approve", &number, "--digest", digest]);
    }

    /// A person looks at the draft of a case and releases it.
    pub fn release(&self, person: &str, case: &str) {
        self.by(person, &["case", "release", case, "--digest", &self.digest(case)]);
    }

    /// The same, whatever comes of it.
    pub fn run_release(&self, person: &str, case: &str) -> Output {
        self.run(&["case", "release", case, "--digest", &self.digest(case), "--as", person])
    }

    /// The same, to be refused; the words on standard error.
    pub fn release_refused(&self, person: &str, case: &str) -> String {
        let digest = self.digest(case);
        self.refused(&["case", "release", case, "--digest", &digest, "--as", person])
    }

    /// The path of the first collection's objects.
    pub fn collection(&self) -> String {
        let config = std::fs::read_to_string(self.home().join("forewarn.toml")).unwrap();
        let config: toml::Table = config.parse().unwrap();
        let first = config.get("collection").and_then(|all| all.get(0)).unwrap();
        let id = first.get("id").and_then(toml::Value::as_str).unwrap();
        format!("/taxii2/api/collections/{id}/objects/")
    }

    /// A secret of this node's, in a file of another's: for feeds.
    pub fn secret_for(&self, person: &str, other: &Node) -> String {
        let token = self.good(&["token", "add", person]);
        other.secret(&format!("{person}.secret"), token.trim())
    }

    /// A file in the node's folder of secrets; its name.
    pub fn secret(&self, name: &str, text: &str) -> String {
        let folder = self.home().join("secrets");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
        name.to_owned()
    }

    /// `Authorization` for a person, with a new token.
    pub fn basic(&self, person: &str) -> String {
        use base64::Engine as _;
        let token = self.good(&["token", "add", person]);
        let pair = format!("{person}:{}", token.trim());
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
    }

    /// A connection to the node over the network.
    pub fn connect(&self) -> Connection {
        Connection::network(&self.address)
    }

    /// A connection to the socket in the folder.
    pub fn connect_local(&self) -> Connection {
        Connection::socket(&self.home().join("forewarn.sock"))
    }

    /// GET over the socket, as the owner.
    pub fn get(&self, path: &str) -> Value {
        let answer: Answer = self.connect_local().ask("GET", path, &[], b"");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// An act over the socket, as a person; the answer's status and body.
    pub fn act(&self, person: &str, act: &Value) -> (u16, Value) {
        let body = json!({ "act": act }).to_string();
        let headers = [("forewarn-as", person)];
        let answer = self.connect_local().ask("POST", "/api/v1/acts", &headers, body.as_bytes());
        (answer.status, answer.json())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Already at the end of a test: what cannot be stopped cannot be helped here.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Copies files and folders; a socket is none of either.
fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (kind, to) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy_folder(&entry.path(), &to);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
