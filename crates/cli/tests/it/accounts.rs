//! People and how they come in: passwords, codes, sessions, tokens, from elsewhere and over the socket.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_node::clock;
use forewarn_testkit::{Node, Pair};
use rcgen::generate_simple_self_signed;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use totp_rs::{Builder, Secret};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const PASSWORD: &str = "seven copper fences";
const TLS: &str = "[tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n";

/// A node that speaks TLS with a certificate of its own.
fn with_tls(name: &str) -> Node {
    let made = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = |home: &Path| {
        std::fs::write(home.join("tls.pem"), made.cert.pem()).unwrap();
        std::fs::write(home.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    };
    Node::start_prepared(PROGRAM, name, TLS, files).0
}

/// A person at a machine of his or her own, with nothing of the node but its address.
struct Person {
    name: &'static str,
    home: tempfile::TempDir,
    url: String,
    authority: PathBuf,
}

impl Person {
    fn new(node: &Node, name: &'static str) -> Person {
        let port = node.address.rsplit(':').next().unwrap();
        Person {
            name,
            home: tempfile::tempdir().unwrap(),
            url: format!("https://localhost:{port}"),
            authority: node.home().join("tls.pem"),
        }
    }

    /// Runs the program with these lines typed.
    fn types(&self, typed: &[&str], words: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(words).env_clear().env("HOME", self.home.path());
        let lines = typed.join("\n") + "\n";
        forewarn_testkit::fed(command.current_dir(self.home.path()), &lines)
    }

    fn login(&self, typed: &[&str], more: &[&str]) -> Output {
        let authority = self.authority.display().to_string();
        let mut words = vec!["login", &self.url, "--as", self.name, "--authority", &authority];
        words.extend(more);
        self.types(typed, &words)
    }

    fn good(&self, words: &[&str]) -> String {
        good(&self.types(&[], words))
    }

    /// Sets a password by an invitation that the owner of the folder has made.
    fn joins(&self, node: &Node) {
        let invitation = node.json(&["user", "invite", self.name]);
        let invitation = invitation[0]["invitation"].as_str().unwrap();
        let output = self.login(&[invitation, PASSWORD], &["--invited"]);
        assert!(good(&output).contains(&format!("signed in as {}", self.name)));
    }
}

fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}", error(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The code of an authenticator, so many steps from now.
fn code(key: &str, steps: u64) -> String {
    let secret = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    let secret = Secret::from(<[u8; 20]>::try_from(secret).unwrap());
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let now = clock::seconds(&clock::now());
    totp.generate(now + 30 * steps).to_string()
}

#[test]
fn a_person_signs_in_from_elsewhere_with_password_and_code() {
    let node = with_tls("west.example");
    let ana = Person::new(&node, "ana");
    ana.joins(&node);
    let who = ana.good(&["whoami"]);
    assert!(who.contains("user:ana at west.example (analyst); came in by session"), "{who}");
    let file = ana.home.path().join(".config/forewarn/credentials.toml");
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // A second factor, which counts from the first code on.
    let begun: Value = serde_json::from_str(&ana.good(&["account", "factor", "--json"])).unwrap();
    let key = begun["key"].as_str().unwrap();
    assert!(begun["url"].as_str().unwrap().contains("issuer=west%2Eexample"));
    assert!(!ana.types(&[], &["account", "confirm", "000000"]).status.success());
    let used = code(key, 0);
    let made = ana.good(&["account", "confirm", &used, "--json"]);
    let made: Value = serde_json::from_str(&made).unwrap();
    let recovery = made["codes"][0].as_str().unwrap();
    assert!(good(&ana.types(&[], &["logout"])).contains("ana has signed out"));
    assert!(!ana.types(&[], &["whoami"]).status.success());
    // Neither without a code, nor with one that was used.
    for typed in ["", &used, "123456", "once more"] {
        let refused = ana.login(&[PASSWORD, typed], &[]);
        assert_eq!(refused.status.code(), Some(1), "{typed}");
        assert!(error(&refused).contains("the name, the password or the code is wrong"));
    }
    good(&ana.login(&[PASSWORD, &code(key, 1)], &[]));
    assert!(ana.good(&["whoami"]).contains("password and code"));
    // A recovery code signs in once, however it is typed.
    let typed = recovery.to_uppercase().replace('-', " ");
    good(&ana.login(&[PASSWORD, &typed], &[]));
    assert!(!ana.login(&[PASSWORD, &typed], &[]).status.success());
    let who: Value = serde_json::from_str(&ana.good(&["whoami", "--json"])).unwrap();
    assert_eq!(who["recovery_codes"], 9);
    // A certificate that nobody vouches for is not spoken to.
    let words = ["login", &ana.url, "--as", "ana"];
    let stranger = ana.types(&[PASSWORD, ""], &words);
    assert!(error(&stranger).contains("no TLS with localhost"), "{}", error(&stranger));
}

fn sign_in(node: &Node, asked: &Value) -> (u16, String) {
    let body = asked.to_string();
    let answer = node.connect().ask("POST", "/api/v1/session", &[], body.as_bytes());
    (answer.status, answer.text())
}

/// Sets a password as the owner of the folder does who recovers an account.
fn recover(node: &Node, name: &str, password: &str) -> (u16, String) {
    let body = json!({ "user": name, "new": password }).to_string();
    let mut socket = node.connect_local();
    let answer = socket.ask("POST", "/api/v1/account/password", &[], body.as_bytes());
    (answer.status, answer.text())
}

#[test]
fn whatever_is_wrong_is_answered_in_the_same_bytes() {
    let node = Node::start_new(PROGRAM, "west.example");
    for name in ["ana", "otto"] {
        assert_eq!(recover(&node, name, PASSWORD).0, 204);
    }
    node.by("nora", &["user", "suspend", "otto", "--reason", "on leave"]);
    let wrong = sign_in(&node, &json!({ "user": "nobody", "password": PASSWORD }));
    assert_eq!(wrong.0, 401);
    for asked in [
        json!({ "user": "ana", "password": "seven copper gates" }),
        json!({ "user": "ana", "password": PASSWORD, "code": "123456" }),
        json!({ "user": "rita", "password": PASSWORD }),
        json!({ "user": "otto", "password": PASSWORD }),
        json!({ "user": "../ana", "password": PASSWORD }),
        json!({ "user": "ana", "password": PASSWORD, "invitation": "fwi_x" }),
        json!({ "user": "nobody", "password": PASSWORD, "invitation": "fwi_x" }),
    ] {
        assert_eq!(sign_in(&node, &asked), wrong, "{asked}");
    }
    let asked = json!({ "user": "ana", "password": PASSWORD });
    assert_eq!(sign_in(&node, &asked).0, 200);
}

#[test]
fn whoever_guesses_waits_and_keeps_nobody_else_out() {
    let node = Node::start_new(PROGRAM, "west.example");
    assert_eq!(recover(&node, "ana", PASSWORD).0, 204);
    let guess = json!({ "user": "ana", "password": "not the one at all" });
    // Whoever hangs up before the answer is counted too.
    for _ in 0..3 {
        let body = guess.to_string();
        let head = format!(
            "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = std::net::TcpStream::connect(&node.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        forewarn_testkit::pause(std::time::Duration::from_millis(20));
    }
    let guesses: Vec<u16> = (0..4).map(|_| sign_in(&node, &guess).0).collect();
    assert_eq!(guesses.first(), Some(&401));
    assert_eq!(guesses.last(), Some(&429), "{guesses:?}");
    // From there not even the right one counts now; from elsewhere it does.
    let right = json!({ "user": "ana", "password": PASSWORD });
    let (status, words) = sign_in(&node, &right);
    assert_eq!(status, 429, "{words}");
    let body = right.to_string();
    let answer = node.connect_local().ask("POST", "/api/v1/session", &[], body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    // One password tried at very many names is noticed too.
    let spray = |n: usize| json!({ "user": format!("user-{n}"), "password": PASSWORD });
    assert!((0..40).any(|n| sign_in(&node, &spray(n)).0 == 429));
}

#[test]
fn over_the_socket_a_name_is_not_enough_once_there_is_a_password() {
    let node = Node::start_new(PROGRAM, "west.example");
    node.by("ana", &["case", "list"]);
    assert_eq!(recover(&node, "ana", "password2026").0, 422);
    assert_eq!(recover(&node, "ana", "west-example-west").0, 422);
    assert_eq!(recover(&node, "ana", PASSWORD).0, 204);
    let refused = node.refused(&["case", "list", "--as", "ana"]);
    assert!(refused.contains("`ana` signs in; a name alone is not enough"), "{refused}");
    assert!(refused.contains("forewarn login --as ana"), "{refused}");
    // With a session it is she.
    let signed = sign_in(&node, &json!({ "user": "ana", "password": PASSWORD })).1;
    let signed: Value = serde_json::from_str(&signed).unwrap();
    let session = signed["session"].as_str().unwrap();
    node.good(&["case", "list", "--token", session]);
    // What the owner of the folder recovers is on record as the owner's.
    let journal = rusqlite::Connection::open(node.home().join("forewarn.sqlite")).unwrap();
    let sql =
        "SELECT count(*) FROM journal WHERE actor = 'owner' AND act LIKE '%\"is\":\"password\"%'";
    let count: i64 = journal.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
    // Nor is any password in the folder.
    let whole: Vec<u8> = ["forewarn.sqlite", "forewarn.sqlite-wal"]
        .iter()
        .flat_map(|name| std::fs::read(node.home().join(name)).unwrap_or_default())
        .collect();
    assert!(!whole.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes()));
    // The machine's user who stands for her needs no session.
    let uid = rustix::process::getuid().as_raw().to_string();
    node.good(&["user", "uid", "ana", &uid]);
    let who = node.by("ana", &["whoami"]);
    assert!(who.contains("came in by machine"), "{who}");
}

#[test]
fn a_token_has_a_name_an_end_and_a_place() {
    let node = Node::start_new(PROGRAM, "west.example");
    let make = |words: &[&str]| {
        let mut all = vec!["token", "add", "rita"];
        all.extend(words);
        node.json(&all)[0].clone()
    };
    let plain = make(&[]);
    assert_eq!(plain["name"], "token-1");
    let bound = make(&["--name", "laptop", "--from", "192.0.2.0/24", "--days", "3"]);
    let here = make(&["--name", "here", "--from", "127.0.0.1"]);
    let ask = |token: &Value, path: &str| {
        let header = format!("Bearer {}", token["token"].as_str().unwrap());
        node.connect().ask("GET", path, &[("authorization", &header)], b"").status
    };
    assert_eq!(ask(&plain, "/api/v1/cases"), 200);
    assert_eq!(ask(&bound, "/api/v1/cases"), 401);
    assert_eq!(ask(&here, "/api/v1/cases"), 200);
    let refused = node.refused(&["token", "add", "rita", "--name", "laptop"]);
    assert!(refused.contains("`rita` has a `laptop` already"), "{refused}");
    let listed = node.json(&["token", "list", "rita"]);
    let named = |name: &str| listed.iter().find(|one| one["name"] == name).unwrap();
    assert!(named("token-1")["last_use"].is_string());
    assert!(named("laptop")["last_use"].is_null());
    assert_eq!(named("laptop")["from"], json!(["192.0.2.0/24"]));
    assert!(!listed.iter().any(|one| one.to_string().contains("fwt_")));
    // Made anew, the old one ends, and the addresses stay.
    let anew = node.json(&["token", "rotate", "rita", "here"])[0].clone();
    assert_eq!((ask(&here, "/api/v1/cases"), ask(&anew, "/api/v1/cases")), (401, 200));
    node.good(&["token", "revoke", "rita", "--name", "here"]);
    assert_eq!((ask(&anew, "/api/v1/cases"), ask(&plain, "/api/v1/cases")), (401, 200));
    // In an address it is not looked at.
    let secret = plain["token"].as_str().unwrap();
    for path in
        [format!("/api/v1/cases?token={secret}"), format!("/api/v1/cases?access_token={secret}")]
    {
        assert_eq!(node.connect().ask("GET", &path, &[], b"").status, 401);
    }
    // A program that holds one does not make others of it, nor change how its user signs in.
    let header = format!("Bearer {secret}");
    for (path, body) in [
        ("/api/v1/tokens", json!({ "user": "rita" })),
        ("/api/v1/invitations", json!({ "user": "rita" })),
        ("/api/v1/account/password", json!({ "new": PASSWORD })),
        ("/api/v1/account/factor", json!({})),
    ] {
        let headers = [("authorization", header.as_str())];
        let answer = node.connect().ask("POST", path, &headers, body.to_string().as_bytes());
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
    }
    // Not by an act either, with a secret of its own choice.
    let digest = Value::from("0".repeat(64));
    for act in [
        json!({ "do": "token-rotate", "user": "rita", "name": "token-1", "digest": digest, "ends": "2099-01-01T00:00:00Z" }),
        json!({ "do": "tokens-revoke", "user": "rita" }),
    ] {
        let headers = [("authorization", header.as_str())];
        let body = json!({ "act": act }).to_string();
        let answer = node.connect().ask("POST", "/api/v1/acts", &headers, body.as_bytes());
        assert!(matches!(answer.status, 400 | 403), "{act}: {}", answer.text());
    }
    // Who sees whose.
    let others = node.refused(&["token", "list", "ana", "--as", "rita"]);
    assert!(others.contains("only an administrator sees"), "{others}");
    assert_eq!(node.by("rita", &["token", "list", "--json"]).lines().count(), 2);
}

#[test]
fn a_session_is_the_nodes_own_and_ends_with_its_user() {
    let node = Node::start_new(PROGRAM, "west.example");
    assert_eq!(recover(&node, "ana", PASSWORD).0, 204);
    let signed = |typed: &Value| {
        let (status, words) = sign_in(&node, typed);
        assert_eq!(status, 200, "{words}");
        let signed: Value = serde_json::from_str(&words).unwrap();
        signed["session"].as_str().unwrap().to_owned()
    };
    let right = json!({ "user": "ana", "password": PASSWORD });
    let (first, second) = (signed(&right), signed(&right));
    assert_ne!(first, second);
    let ask = |session: &str, method: &str, path: &str, body: &str| {
        let header = format!("Bearer {session}");
        let headers = [("authorization", header.as_str())];
        node.connect().ask(method, path, &headers, body.as_bytes()).status
    };
    // What a client brings along does not become a session.
    let fixed = json!({ "user": "ana", "password": PASSWORD, "session": "fws_mine" });
    assert_eq!(sign_in(&node, &fixed).0, 400);
    assert_eq!(ask("fws_mine", "GET", "/api/v1/cases", ""), 401);
    // Another password ends the sessions elsewhere, and wants the one so far.
    let new = |now: &str| json!({ "password": now, "new": "nine copper fences" }).to_string();
    assert_eq!(ask(&first, "POST", "/api/v1/account/password", &new("wrong")), 401);
    assert_eq!(ask(&first, "POST", "/api/v1/account/password", &new(PASSWORD)), 204);
    assert_eq!(ask(&first, "GET", "/api/v1/cases", ""), 200);
    assert_eq!(ask(&second, "GET", "/api/v1/cases", ""), 401);
    // So does suspension, until further notice; a removed user's name is nobody else's.
    node.by("nora", &["user", "suspend", "ana", "--reason", "lost the laptop"]);
    assert_eq!(ask(&first, "GET", "/api/v1/cases", ""), 401);
    assert!(node.refused(&["case", "list", "--as", "ana"]).contains("`ana` is suspended"));
    node.good(&["user", "resume", "ana"]);
    assert_eq!(ask(&first, "GET", "/api/v1/cases", ""), 401);
    node.by("nora", &["user", "remove", "ana", "--reason", "has left"]);
    let again = node.refused(&["user", "add", "ana", "--role", "reader"]);
    assert!(again.contains("`ana` was removed; what was done stays under it"), "{again}");
    let last = node.refused(&["user", "suspend", "nora", "--reason", "x", "--as", "nora"]);
    assert!(last.contains("`nora` is the last who administers this node"), "{last}");
}

/// One administrator and the person whose token, invitation or password he has made are one.
#[test]
fn who_comes_to_do_more_is_let_in_by_nothing_that_another_has_made() {
    let node = Node::start_new(PROGRAM, "west.example");
    node.good(&["user", "add", "nick", "--role", "node-admin"]);
    let approve = |number: &str| {
        let shown = node.json(&["proposal", "show", number]);
        let digest = shown[0]["digest"].as_str().unwrap();
        node.by("nick", &["proposal", "approve", number, "--digest", digest]);
    };
    let ask = |token: &str| {
        let header = format!("Bearer {token}");
        let headers = [("authorization", header.as_str())];
        node.connect().ask("GET", "/api/v1/account", &headers, b"").status
    };
    let token = |who: &str| node.by("nora", &["token", "add", who]).trim().to_owned();
    // While somebody is suspended, nothing is made that lets him in later.
    node.by("nora", &["user", "suspend", "otto", "--reason", "odd"]);
    for words in [["token", "add", "otto"], ["user", "invite", "otto"]] {
        node.refused(&[&words[..], &["--as", "nora"]].concat());
    }
    // A token, an invitation, a password by one: all end when the person may do more.
    let of_rita = token("rita");
    assert_eq!(ask(&of_rita), 200);
    node.by("nora", &["user", "add", "rita", "--role", "approver"]);
    approve("1");
    assert_eq!(ask(&of_rita), 401);
    node.by("nora", &["user", "add", "mia", "--role", "reader"]);
    let invited = node.json(&["user", "invite", "mia", "--as", "nora"]);
    let invitation = invited[0]["invitation"].as_str().unwrap();
    let asked = json!({ "user": "mia", "password": PASSWORD, "invitation": invitation });
    let (status, words) = sign_in(&node, &asked);
    assert_eq!(status, 200, "{words}");
    node.by("nora", &["user", "add", "mia", "--role", "approver"]);
    approve("2");
    let again = json!({ "user": "mia", "password": PASSWORD });
    assert_eq!(sign_in(&node, &again).0, 401);
    // Whom the owner of the folder has invited stays.
    assert_eq!(recover(&node, "paul", PASSWORD).0, 204);
    node.by("nora", &["user", "add", "paul", "--role", "approver"]);
    approve("3");
    assert_eq!(sign_in(&node, &json!({ "user": "paul", "password": PASSWORD })).0, 200);
    // One login of the machine is one person.
    let uid = rustix::process::getuid().as_raw().to_string();
    node.good(&["user", "uid", "ana", &uid]);
    let refused = node.refused(&["user", "uid", "otto", &uid]);
    assert!(refused.contains("is `ana` already"), "{refused}");
}

/// A session that was left open became the account, second factor and all.
#[test]
fn a_session_alone_does_not_change_how_its_user_signs_in() {
    let node = Node::start_new(PROGRAM, "west.example");
    assert_eq!(recover(&node, "ana", PASSWORD).0, 204);
    let signed = sign_in(&node, &json!({ "user": "ana", "password": PASSWORD })).1;
    let signed: Value = serde_json::from_str(&signed).unwrap();
    let header = format!("Bearer {}", signed["session"].as_str().unwrap());
    let ask = |method: &str, path: &str, body: &Value| {
        let headers = [("authorization", header.as_str())];
        node.connect().ask(method, path, &headers, body.to_string().as_bytes())
    };
    let begun = ask("POST", "/api/v1/account/factor", &json!({})).json();
    let key = begun["key"].as_str().unwrap();
    let confirm = json!({ "code": code(key, 0) });
    assert_eq!(ask("POST", "/api/v1/account/factor/confirm", &confirm).status, 200);
    let invited = ask("POST", "/api/v1/invitations", &json!({ "user": "ana" }));
    assert_eq!(invited.status, 403, "{}", invited.text());
    assert_eq!(ask("POST", "/api/v1/account/factor", &json!({})).status, 401);
    assert_eq!(ask("DELETE", "/api/v1/account/factor", &json!({})).status, 401);
    // Nor are passwords guessed by it without end.
    let guess = json!({ "password": "not the one", "new": "nine copper fences" });
    let guesses: Vec<u16> =
        (0..8).map(|_| ask("POST", "/api/v1/account/password", &guess).status).collect();
    assert_eq!(guesses.last(), Some(&429), "{guesses:?}");
}

/// Whoever signed in often enough once kept even the owner of the folder from inviting anew.
#[test]
fn many_sessions_leave_room_for_what_else_lets_in() {
    let node = Node::start_new(PROGRAM, "west.example");
    assert_eq!(recover(&node, "rita", PASSWORD).0, 204);
    let body = json!({ "user": "rita", "password": PASSWORD }).to_string();
    for _ in 0..65 {
        let answer = node.connect_local().ask("POST", "/api/v1/session", &[], body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    node.good(&["token", "add", "rita", "--name", "poller"]);
    node.good(&["user", "invite", "rita"]);
    let held = node.json(&["token", "list", "rita"]);
    assert_eq!(held.len(), 64);
    assert!(held.iter().any(|one| one["name"] == "poller"));
}

/// Two people with two accounts could not release a warning from two machines.
#[test]
fn two_people_on_two_machines_release_a_warning() {
    let west = with_tls("west.example");
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    let (ana, otto) = (Person::new(&pair.west, "ana"), Person::new(&pair.west, "otto"));
    ana.joins(&pair.west);
    otto.joins(&pair.west);
    let item = ana.home.path().join("item.txt");
    std::fs::write(&item, "They plan to set fire to the cathedral on Saturday.").unwrap();
    ana.good(&["intake", &item.display().to_string()]);
    let items = ana.good(&["item", "list", "--json"]);
    let items: Value = serde_json::from_str(items.lines().last().unwrap()).unwrap();
    let item = items["id"].as_str().unwrap();
    ana.good(&["case", "open", "--partner", "east.example", "--item", item, "--exercise"]);
    let finding = ["case", "finding", "1", "--credible", "--specific", "--impending"];
    let because = ["--threat", "destruction", "--target", "a cathedral", "--reason", "told so"];
    ana.good(&[&finding[..], &because].concat());
    otto.good(&["case", "decide", "1", "warn", "--reason", "lives"]);
    let draft = ["case", "draft", "1", "--title", "Fire", "--text", "A fire is planned."];
    ana.good(&[&draft[..], &["--valid-until", "2099-01-01T00:00:00Z"]].concat());
    let preview: Value =
        serde_json::from_str(&otto.good(&["case", "preview", "1", "--json"])).unwrap();
    let digest = preview["digest"].as_str().unwrap();
    let own = ana.types(&[], &["case", "release", "1", "--digest", digest]);
    assert_eq!(own.status.code(), Some(1), "{}", error(&own));
    otto.good(&["case", "release", "1", "--digest", digest]);
    pair.receipted("1");
    assert_eq!(pair.titles(), ["EXERCISE: Fire"]);
    let shown = otto.good(&["case", "show", "1"]);
    assert!(shown.contains("user:ana") || shown.contains("ana"), "{shown}");
}
