//! People are told of what needs them: by every means, until somebody takes it, once.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_testkit::scripted::{Reply, Request, Scripted};
use forewarn_testkit::{Node, Pair, until};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::sync::{Arc, Mutex};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const SECRET: &[u8] = b"thirty-two bytes of a test's key";

/// A server that takes every mail, within this machine.
struct Mails {
    address: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Mails {
    fn start() -> Mails {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let taken: Arc<Mutex<Vec<String>>> = Arc::default();
        let taking = taken.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taking = taking.clone();
                std::thread::spawn(move || converse(&stream, &taking));
            }
        });
        Mails { address, taken }
    }

    fn to(&self, address: &str) -> Vec<String> {
        let taken = self.taken.lock().unwrap();
        taken
            .iter()
            .filter(|mail| mail.contains(&format!("RCPT TO:<{address}>")))
            .cloned()
            .collect()
    }
}

/// RFC 5321, as far as a client that says nothing wrong needs it.
fn converse(stream: &TcpStream, taken: &Mutex<Vec<String>>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut said = String::new();
    writer.write_all(b"220 mail.example\r\n").ok()?;
    loop {
        let line = lines.next()?.ok()?;
        said = format!("{said}{line}\n");
        let answer = match line.split(' ').next().unwrap_or_default() {
            "DATA" => {
                writer.write_all(b"354 go on\r\n").ok()?;
                loop {
                    let line = lines.next()?.ok()?;
                    if line == "." {
                        break;
                    }
                    said = format!("{said}{line}\n");
                }
                taken.lock().unwrap().push(std::mem::take(&mut said));
                "250 taken"
            }
            "QUIT" => "221 good bye",
            _ => "250 mail.example",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
}

fn hook(url: &str) -> String {
    format!(
        "[[notifier]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{url}\"\n\
             secret_file = \"hook.secret\"\n"
    )
}

fn secret(node: &Node) {
    node.secret("hook.secret", &format!("whsec_{}\n", STANDARD.encode(SECRET)));
}

fn people(node: &Node) {
    for (name, role) in [("dina", "duty-officer"), ("hanna", "approver")] {
        node.good(&["user", "add", name, "--role", role]);
    }
}

/// Dora is on duty, then Dina.
fn rota(node: &Node) {
    node.by("nora", &["duty", "rota", "--shift", "dora/-1h/+1h", "--shift", "dina/+1h/+2h"]);
}

/// A case of this urgency, by hand.
fn case(node: &Node, urgency: &str) {
    let path = node.write("item.txt", format!("A report, {urgency}."));
    node.by("ana", &["intake", &path]);
    let item = node.json(&["item", "list"]).pop().unwrap();
    let item = item.get("id").and_then(Value::as_str).unwrap().to_owned();
    node.run(&[
        "partner",
        "add-without-node",
        "cert.example",
        "--organisation",
        "C",
        "--as",
        "paul",
    ]);
    node.by(
        "ana",
        &[
            "case",
            "open",
            "--partner",
            "cert.example",
            "--item",
            &item,
            "--urgency",
            urgency,
            "--exercise",
        ],
    );
}

fn log(node: &Node) -> Vec<Value> {
    node.json(&["notify", "log"])
}

/// What west tells by: mail, a command, the log, and a webhook.
fn every_kind(mails: &Mails, hooks: &Scripted, paged: &Path, socket: &Path) -> String {
    format!(
        "[[notifier]]\nname = \"mail\"\nkind = \"mail\"\nserver = \"{}\"\n\
         from = \"forewarn@west.example\"\n\
         [[notifier]]\nname = \"page\"\nkind = \"command\"\n\
         command = [\"/bin/sh\", \"-c\", \"cat >> {}\"]\n\
         [[notifier]]\nname = \"log\"\nkind = \"syslog\"\nsocket = \"{}\"\n{}",
        mails.address,
        paged.display(),
        socket.display(),
        hook(&format!("http://{}/told", hooks.address)),
    )
}

/// The body of a webhook whose signature is right.
fn signed(request: &Request) -> String {
    let header = |name: &str| request.header(name).unwrap().to_owned();
    let body = String::from_utf8(request.body.clone()).unwrap();
    let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(signed.as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(header("webhook-signature"), signature);
    body
}

#[test]
fn an_immediate_match_wakes_the_duty_officer_by_all_his_means_and_escalates_until_it_is_taken() {
    let (mails, hooks) = (Mails::start(), Scripted::start(|_, _| Reply::new(204, "")));
    let folder = tempfile::tempdir().unwrap();
    let (paged, socket) = (folder.path().join("paged"), folder.path().join("log"));
    let syslog = UnixDatagram::bind(&socket).unwrap();
    let config = every_kind(&mails, &hooks, &paged, &socket);
    let west = Node::start_configured(PROGRAM, "west.example", &config);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    let west = &pair.west;
    secret(west);
    people(west);
    let by = ["--by", "mail=dora@west.example", "--by", "page", "--by", "log", "--by", "hook"];
    west.by("nora", &[&["duty", "means", "dora"], &by[..]].concat());
    for name in ["dina", "hanna"] {
        west.by("nora", &["duty", "means", name, "--by", &format!("mail={name}@west.example")]);
    }
    rota(west);
    let steps = ["--step", "on-duty", "--step", "next=2s", "--step", "user:hanna=4s"];
    west.by("nora", &[&["duty", "escalation"], &steps[..]].concat());
    pair.interest("c2.example.org");
    let path = west.write("report.txt", "Secret words: traffic to c2.example.org was seen.");
    west.by("ana", &["intake", &path, "--source", "HERON-7"]);

    // Each of her means, and none says more than a number, a clock and a link.
    let mail = until("the mail", || mails.to("dora@west.example").pop());
    assert!(
        mail.contains("Subject: west.example: EXERCISE IMMEDIATE finding case-1, due"),
        "{mail}"
    );
    let body = signed(&until("the webhook", || hooks.seen().pop()));
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(told["needs"][0]["need"], "finding case-1");
    let page = until("the page", || {
        let text = std::fs::read_to_string(&paged).unwrap_or_default();
        text.ends_with('\n').then_some(text)
    });
    let mut bytes = [0; 4_096];
    let length = syslog.recv(&mut bytes).unwrap();
    let line = String::from_utf8_lossy(bytes.get(..length).unwrap()).into_owned();
    assert!(line.starts_with("<9>1 ") && line.contains("finding case-1"), "{line}");
    for text in [&mail, &body, &page, &line] {
        for word in ["c2.example", "Secret", "HERON", "east.example"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    // Twice it escalates.
    until("the deputy", || mails.to("dina@west.example").pop());
    until("the head", || mails.to("hanna@west.example").pop());
    until("the log", || {
        let log = log(west);
        let sent = log.iter().filter(|one| one["fate"] == "sent").count();
        (sent == 6 && log.len() == 6).then_some(())
    });
    crate::described::answers_are_as_described(west);
}

#[test]
fn nobody_else_is_woken_once_somebody_has_taken_it() {
    let mails = Mails::start();
    let config = format!(
        "[[notifier]]\nname = \"mail\"\nkind = \"mail\"\nserver = \"{}\"\nfrom = \"f@west.example\"\n",
        mails.address
    );
    let west = Node::start_configured(PROGRAM, "west.example", &config);
    people(&west);
    for name in ["dora", "dina"] {
        west.by("nora", &["duty", "means", name, "--by", &format!("mail={name}@west.example")]);
    }
    rota(&west);
    west.by("nora", &["duty", "escalation", "--step", "on-duty", "--step", "next=3s"]);
    case(&west, "immediate");
    until("the mail", || mails.to("dora@west.example").pop());
    assert!(west.refused(&["take", "finding", "case-1", "--as", "rita"]).contains("may not"));
    // What does not wait is not taken: a slip of the fingers would keep nobody from being woken.
    for words in [["take", "finding", "case-9"], ["take", "case-1", "finding"]] {
        let refused = west.refused(&[&words[..], &["--as", "dora"]].concat());
        assert!(refused.contains("there is no need `"), "{refused}");
        assert!(refused.contains("`forewarn needs` lists what waits"), "{refused}");
    }
    let told = west.by("dora", &["take", "finding", "case-1"]);
    assert!(told.contains("nobody else is told"), "{told}");
    assert!(west.good(&["status"]).contains("taken by dora at "));
    forewarn_testkit::pause(std::time::Duration::from_secs(5));
    assert!(mails.to("dina@west.example").is_empty());
    assert_eq!(log(&west).len(), 1);
}

/// A message that was kept and not sent leaves after the start, under the same id.
#[test]
fn a_message_is_sent_under_one_id_however_often_the_receiver_fails_or_the_node_is_killed() {
    let hooks = Scripted::start(|count, _| Reply::new(if count == 0 { 500 } else { 204 }, ""));
    let config = hook(&format!("http://{}/told", hooks.address));
    let mut west = Node::start_configured(PROGRAM, "west.example", &config);
    secret(&west);
    people(&west);
    west.by("nora", &["duty", "means", "dora", "--by", "hook"]);
    west.by("nora", &["duty", "rule", "all", "--who", "user:dora", "--kind", "finding"]);
    case(&west, "future");
    until("the first try", || {
        let log = log(&west);
        (log.first()?["tries"] == 1).then_some(())
    });
    // What fails needs somebody.
    let needs = west.json(&["needs"]);
    let failing = needs.iter().find(|one| one["kind"] == "notifier").unwrap();
    assert_eq!(
        (&failing["id"], &failing["command"]),
        (&"hook".into(), &"forewarn notify log".into())
    );
    assert!(failing["note"].as_str().unwrap().contains("answered 500"), "{failing}");
    west.kill();
    west.start();
    until("the second try", || (log(&west).first()?["fate"] == "sent").then_some(()));
    let seen = hooks.seen();
    assert_eq!(seen.len(), 2);
    let ids: Vec<_> = seen.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids.first(), ids.last());
    assert_eq!(log(&west).len(), 1);
    assert!(west.json(&["needs"]).iter().all(|one| one["kind"] != "notifier"));
}

#[test]
fn a_webhook_leads_to_no_closed_network_and_a_test_message_says_what_came_of_it() {
    let hooks = Scripted::start(|_, _| Reply::new(204, ""));
    let urls = [
        ("a", format!("http://{}/", hooks.address)),
        ("b", format!("http://localhost:{}/", hooks.address.rsplit(':').next().unwrap())),
        ("c", "http://169.254.169.254/latest".to_owned()),
        ("d", "http://[::1]:1/".to_owned()),
        ("e", "http://10.0.0.1/".to_owned()),
    ];
    let each = urls
        .iter()
        .map(|(name, url)| hook(url).replace("name = \"hook\"", &format!("name = \"{name}\"")));
    let config = format!("{}[egress]\nnetworks = []\n", each.collect::<String>());
    let west = Node::start_configured(PROGRAM, "west.example", &config);
    secret(&west);
    for (name, url) in &urls {
        let told = west.refused(&["notify", "test", name, "--as", "nora"]);
        assert!(
            told.contains("may not be called") || told.contains("may be called"),
            "{url}: {told}"
        );
    }
    assert!(hooks.seen().is_empty());
    assert!(west.refused(&["notify", "test", "none", "--as", "nora"]).contains("no notifier"));
    assert!(west.refused(&["notify", "test", "a", "--as", "rita"]).contains("may not"));
}

/// A line break in an address once would have been a header of its own.
#[test]
fn an_address_writes_no_header_and_readers_see_none() {
    let mails = Mails::start();
    let config = format!(
        "[[notifier]]\nname = \"mail\"\nkind = \"mail\"\nserver = \"{}\"\nfrom = \"f@west.example\"\n",
        mails.address
    );
    let west = Node::start_configured(PROGRAM, "west.example", &config);
    for address in
        ["dora@west.example\r\nBcc: all@east.example", "dora@west.example\nX: y", "a b@c"]
    {
        let means = json!([{"notifier": "mail", "address": address}]);
        let act = json!({"do": "person-means", "name": "dora", "means": means});
        let (status, answer) = west.act("nora", &act);
        assert_eq!(status, 400, "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains("is not an address"), "{answer}");
        let told = west.refused(&["notify", "test", "mail", "--to", address, "--as", "nora"]);
        assert!(told.contains("is not an address"), "{told}");
    }
    west.by("nora", &["notify", "test", "mail", "--to", "dora@west.example"]);
    let mail = until("the mail", || mails.to("dora@west.example").pop());
    assert!(mail.contains("This is a test message"), "{mail}");
    west.by("nora", &["duty", "means", "dora", "--by", "mail=dora@west.example"]);
    assert!(west.by("nora", &["duty", "show"]).contains("mail at dora@west.example"));
    assert!(west.refused(&["duty", "show", "--as", "rita"]).contains("may not"));
    for person in ["rita", "dora", "paul"] {
        assert!(
            west.refused(&["duty", "rota", "--shift", "dora/-1h/+1h", "--as", person])
                .contains("may not")
        );
    }
}

#[test]
fn nobody_on_duty_needs_somebody_and_the_heart_beats_as_long_as_the_node_is_well() {
    let hearts = Scripted::start(|_, _| Reply::new(204, ""));
    let config = format!("[heartbeat]\nurl = \"http://{}/alive\"\nevery = 1\n", hearts.address);
    let mut west = Node::start_configured(PROGRAM, "west.example", &config);
    people(&west);
    until("two beats", || (hearts.seen().len() >= 2).then_some(()));
    west.by("nora", &["duty", "escalation", "--step", "on-duty"]);
    let needs = west.json(&["needs"]);
    assert_eq!(
        (&needs[0]["kind"], &needs[0]["command"]),
        (&"duty".into(), &"forewarn duty rota".into())
    );
    rota(&west);
    assert!(west.json(&["needs"]).is_empty());
    assert!(west.by("nora", &["duty", "show"]).starts_with("on duty: dora\nnext: dina, from "));
    west.stop();
    let beats = hearts.seen().len();
    forewarn_testkit::pause(std::time::Duration::from_millis(2_500));
    assert_eq!(hearts.seen().len(), beats);
}
