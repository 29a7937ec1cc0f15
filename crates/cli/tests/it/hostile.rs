//! Requests that are forged, replayed, changed or oversized: a clear error, and nothing else lost.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_node::access::{self, Parameters, Signed, TO};
use forewarn_node::{Home, clock};
use forewarn_testkit::http::Answer;
use forewarn_testkit::{Node, Pair, made, until};
use forewarn_transcript::SecretKey;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const PATH: &str = "/channel/v1/entries";

/// A request that can be bent before it is sent.
pub(crate) struct Push {
    body: Vec<u8>,
    sent_body: Option<Vec<u8>>,
    to: String,
    parameters: Parameters,
    key: SecretKey,
}

impl Push {
    /// West's own log, as west would push it to east.
    fn genuine(pair: &Pair) -> Push {
        let file = pair.west.file("push.json");
        let _ = std::fs::remove_file(&file);
        let path = file.display().to_string();
        pair.west.good(&["channel", "export", "east.example", "-o", &path]);
        let transcript: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let logs = transcript["logs"].as_array().unwrap();
        let ours =
            logs.iter().find(|log| log["log"].as_str().unwrap().starts_with("west")).unwrap();
        let batch = json!({
            "log": ours["log"], "start": 0, "entries": ours["entries"], "checkpoint": ours["checkpoint"],
        });
        Push {
            body: serde_json::to_vec(&batch).unwrap(),
            sent_body: None,
            to: "east.example".to_owned(),
            parameters: Parameters {
                created: clock::seconds(&clock::now()),
                nonce: clock::seed().to_string(),
                keyid: "west.example".to_owned(),
            },
            key: Home::new(pair.west.home()).secret_keys().unwrap().remove(0),
        }
    }

    pub(crate) fn send(&self, node: &Node) -> Answer {
        let digest = access::content_digest(&self.body);
        let signed =
            Signed { method: "POST", path: PATH, query: "?", digest: &digest, to: &self.to };
        let signature = self.key.sign(access::base(&signed, &self.parameters).as_bytes());
        let headers = [
            ("content-digest", digest.as_str()),
            (TO, &self.to),
            ("signature-input", &self.parameters.header()),
            ("signature", &access::signature_header(&signature)),
        ];
        let body = self.sent_body.as_ref().unwrap_or(&self.body);
        node.connect().ask("POST", PATH, &headers, body)
    }
}

/// An entry that is written in west's name: its kind, its id, its fields, and which of these it answers.
pub(crate) type Forged<'a> = (&'a str, &'a str, &'a [(&'a str, Value)], Option<usize>);

/// West's log as it would be with these entries. West's own node must not go on with it, and stands
/// still.
pub(crate) fn forge(pair: &mut Pair, written: &[Forged]) -> Push {
    use forewarn_transcript::entry::digests_of;
    use forewarn_transcript::{Checkpoint, Disclosure, Entry, Hash, Reference, tree::MemoryTree};
    pair.equal();
    let mut push = Push::genuine(pair);
    pair.west.stop();
    let mut batch: Value = serde_json::from_slice(&push.body).unwrap();
    let genesis = batch["entries"][0]["leaf"].as_str().unwrap().to_owned();
    let channel = forewarn_transcript::Channel::from_genesis(genesis.as_bytes()).unwrap();
    let origin = channel.log_of("west.example");
    let mut tree = MemoryTree::default();
    let mut places = Vec::new();
    tree.push(Hash::leaf(genesis.as_bytes()));
    for (index, (kind, id, fields, answers)) in (1..).zip(written) {
        let disclosed = fields.iter().map(|(name, value)| Disclosure::new([7; 16], name, value));
        let disclosures: Vec<Disclosure> = disclosed.collect();
        let entry = Entry {
            channel: channel.id(),
            kind: (*kind).into(),
            id: (*id).into(),
            time: clock::now(),
            status: "Test".into(),
            answers: answers.map(|n| Reference::clone(&places[n])),
            digests: digests_of(&disclosures),
        };
        let leaf = String::from_utf8(entry.leaf()).unwrap();
        let hash = Hash::leaf(leaf.as_bytes());
        tree.push(hash);
        places.push(Reference { log: origin.clone(), index, hash });
        let entries = batch["entries"].as_array_mut().unwrap();
        entries.push(json!({ "leaf": leaf, "disclosures": disclosures }));
    }
    let size = written.len() as u64 + 1;
    let checkpoint = Checkpoint { origin, size, root: tree.root() };
    batch["checkpoint"] = checkpoint.sign(&push.key, true).to_string().into();
    push.body = serde_json::to_vec(&batch).unwrap();
    push
}

fn code(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem = answer.json();
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{problem}");
    (answer.status, problem["code"].as_str().unwrap().to_owned())
}

#[test]
fn only_a_fresh_request_by_the_pinned_key_is_let_in() {
    let pair = Pair::start(PROGRAM);
    pair.equal();
    let genuine = Push::genuine(&pair);
    let first = genuine.send(&pair.east);
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(code(&genuine.send(&pair.east)), (401, "replayed".into()));
    // The same entries in a new request get the same receipt, byte for byte.
    assert_eq!(Push::genuine(&pair).send(&pair.east).body, first.body);

    let mut stranger = Push::genuine(&pair);
    stranger.key = SecretKey::from_seed(&[9; 32]);
    assert_eq!(code(&stranger.send(&pair.east)), (401, "not-a-partner".into()));
    let mut nobody = Push::genuine(&pair);
    nobody.parameters.keyid = "north.example".into();
    assert_eq!(code(&nobody.send(&pair.east)), (401, "not-a-partner".into()));
    let mut old = Push::genuine(&pair);
    old.parameters.created -= 3_600;
    assert_eq!(code(&old.send(&pair.east)), (401, "outside-window".into()));
    let mut elsewhere = Push::genuine(&pair);
    elsewhere.to = "south.example".into();
    assert_eq!(code(&elsewhere.send(&pair.east)), (401, "not-a-partner".into()));
    let mut changed = Push::genuine(&pair);
    changed.sent_body = Some([&changed.body[..], b" "].concat());
    assert_eq!(code(&changed.send(&pair.east)), (401, "digest".into()));
    let unsigned = pair.east.connect().ask("POST", PATH, &[], b"{}");
    assert_eq!(code(&unsigned), (401, "not-a-partner".into()));
    pair.equal();
}

/// A request whose signature was missing or unreadable once told whether a name is a partner's.
#[test]
fn whoever_is_no_partner_gets_one_answer_byte_for_byte() {
    let pair = Pair::start(PROGRAM);
    pair.equal();
    let ask = |name: &str, signature: Option<&str>, without: &str| {
        let mut push = Push::genuine(&pair);
        push.parameters.keyid = name.to_owned();
        let (digest, input) = (access::content_digest(&push.body), push.parameters.header());
        let all = [
            ("content-digest", Some(&*digest)),
            (TO, Some("east.example")),
            ("signature-input", Some(&*input)),
            ("signature", signature),
        ];
        let sent = all.into_iter().filter(|(header, _)| *header != without);
        let sent: Vec<(&str, &str)> =
            sent.filter_map(|(name, value)| Some((name, value?))).collect();
        let answer = pair.east.connect().ask("POST", PATH, &sent, &push.body);
        let headers = answer.headers.into_iter().filter(|(name, _)| name != "date");
        (answer.status, headers.collect::<Vec<_>>(), answer.body)
    };
    let wrong = access::signature_header(&[7; 64]);
    let short = access::signature_header(&[7; 64]).replace("Bw", "");
    let first = ask("nobody.example", None, "");
    assert_eq!(first.0, 401);
    let all = |name: &str| {
        for signature in [None, Some("garbled"), Some("sig=:!:"), Some(&*short), Some(&*wrong)] {
            for without in ["", "content-digest", TO, "signature-input"] {
                assert_eq!(ask(name, signature, without), first, "{name} {signature:?} {without}");
            }
        }
    };
    for name in ["west.example", "nobody.example", "east.example", "A B", ""] {
        all(name);
    }
    // A closed channel looks like none, even to whoever holds the key.
    let reason = ["partner", "suspend", "west.example", "--reason", "x"];
    pair.east.by("paul", &reason);
    all("west.example");
    let genuine = Push::genuine(&pair).send(&pair.east);
    assert_eq!((genuine.status, genuine.body), (first.0, first.2));
}

#[test]
fn a_signed_request_with_a_bad_batch_is_refused_and_nothing_is_stored() {
    let pair = Pair::start(PROGRAM);
    pair.equal();
    let before = pair.east.get("/api/v1/channels");
    let bend = |change: &dyn Fn(&mut Value)| {
        let mut push = Push::genuine(&pair);
        let mut batch: Value = serde_json::from_slice(&push.body).unwrap();
        change(&mut batch);
        push.body = serde_json::to_vec(&batch).unwrap();
        push.send(&pair.east)
    };
    let refused = |answer: &Answer, words: &str| {
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(answer.text().contains(words), "{}", answer.text());
    };
    refused(
        &bend(&|b| b["log"] = "east.example/forewarn/x".into()),
        "is not a log that this partner writes",
    );
    refused(&bend(&|b| b["more"] = 1.into()), "cannot be read");
    refused(&bend(&|b| b["entries"][0]["leaf"] = "{}".into()), "belongs to another channel");
    refused(&bend(&|b| b["entries"] = json!([])), "checkpoint");
    refused(&bend(&|b| b["checkpoint"] = "x".into()), "checkpoint");
    let gap = bend(&|b| b["start"] = 7.into());
    assert_eq!(gap.status, 422, "{}", gap.text());
    let far = bend(&|b| b["start"] = Value::from(u64::MAX >> 11));
    assert_eq!(far.status, 422, "{}", far.text());
    let mut junk = Push::genuine(&pair);
    junk.body = b"{\"log\":1,\"log\":2}".to_vec();
    refused(&junk.send(&pair.east), "`log` occurs twice");
    let mut large = Push::genuine(&pair);
    large.body = vec![b' '; (8 << 20) + 1];
    assert_eq!(code(&large.send(&pair.east)), (413, "too-large".into()));
    assert_eq!(pair.east.get("/api/v1/channels"), before);
    pair.equal();
}

#[test]
fn an_entry_that_is_not_understood_is_stored_answered_and_holds_up_nothing() {
    let mut pair = Pair::start(PROGRAM);
    let title = [("title", Value::from("x"))];
    let written =
        [("prophecy", "prophecy--0", &title[..], None), ("warning", "warning--1", &title, None)];
    let mut push = forge(&mut pair, &written);
    let batch: Value = serde_json::from_slice(&push.body).unwrap();
    // First as if someone on its way had taken the fields off, then with them: no second refusal.
    let mut bare = batch.clone();
    bare["entries"][1]["disclosures"] = json!([]);
    for (batch, nonce) in [(&bare, "the first nonce of two"), (&batch, "the second nonce of two")] {
        push.body = serde_json::to_vec(batch).unwrap();
        push.parameters.nonce = nonce.to_owned();
        let answer = push.send(&pair.east);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let entries = pair.east.json(&["channel", "show", "west.example"]);
    let refusals: Vec<&Value> = entries.iter().filter(|e| e["kind"] == "refusal").collect();
    assert_eq!(refusals.len(), 2);
    assert!(refusals.iter().all(|e| e["ours"] == true && !e["answers"].is_null()));
    let marked: Vec<&str> = entries.iter().filter_map(|e| e["refused"].as_str()).collect();
    // Of both nobody can say how they are marked: why they are refused may hold their words.
    assert!(marked.len() == 2 && marked[0].contains("for others by name"), "{marked:?}");
    assert!(entries.iter().any(|entry| entry["kind"] == "prophecy"), "{entries:?}");
    assert!(pair.titles().is_empty());
}

#[test]
fn an_entry_whose_names_are_no_tokens_is_stored_and_refused() {
    let mut pair = Pair::start(PROGRAM);
    let interest = [("interest", Value::from("interest--1"))];
    let ids = ["interest-removed--1", "we hold all of it"];
    let push = forge(&mut pair, &ids.map(|id| ("interest-removed", id, &interest[..], None)));
    let answer = push.send(&pair.east);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let entries = pair.east.json(&["channel", "show", "west.example"]);
    let marked: Vec<&str> = entries.iter().filter_map(|e| e["refused"].as_str()).collect();
    assert!(marked.len() == 1 && marked[0].contains("`id` is not a token"), "{marked:?}");
    assert_eq!(entries.iter().filter(|e| e["kind"] == "refusal").count(), 1);
}

#[test]
fn every_route_but_health_wants_to_know_who_asks() {
    let node = Node::start_new(PROGRAM, "west.example");
    for route in forewarn_web::route::routes() {
        let path = route.path.replace("{number}", "1").replace("{id}", "x");
        let path = path.replace("{partner}", "x").replace("{object}", "x");
        let path = path.replace("{writer}", "x").replace("{*path}", "0/000").replace("{name}", "x");
        let path = path.replace("{question}", "1").replace("{verb}", "ask");
        let answers = ["GET", "POST"].map(|method| node.connect().ask(method, &path, &[], b"{}"));
        let open = matches!(route.needs, forewarn_web::app::Needs::Nothing);
        let page = matches!(route.needs, forewarn_web::app::Needs::Page(_));
        for answer in answers.iter().filter(|answer| answer.status != 405) {
            let location = answer.header("location").unwrap_or_default();
            // A page leads to where one signs in; what it would say is not said.
            if page && location == format!("/desk/sign-in?to={path}") {
                assert_eq!((answer.status, answer.text()), (303, String::new()), "{path}");
                continue;
            }
            if &*path == "/desk" {
                assert_eq!((answer.status, location), (303, "/desk/"), "{path}");
                continue;
            }
            // Only who reads pages is led on from there.
            if &*path == "/" {
                assert_eq!(answer.status, 404, "{path}");
                let reads = node.connect().ask("GET", "/", &[("accept", "text/html")], b"");
                assert_eq!((reads.status, reads.header("location")), (303, Some("/desk/")));
                continue;
            }
            if &*path == "/desk/sign-in" {
                // Its page is for anybody; a form that does not come from it is nobody's.
                assert!(matches!(answer.status, 200 | 403), "{path}: {}", answer.status);
                continue;
            }
            // To sign in is open to anybody, who has to say something then.
            let wanted = match (open, &*path) {
                (true, "/api/v1/session" | "/api/v1/session/device/poll") => 400,
                // There is no provider that could say who it is.
                (true, "/api/v1/session/device") | (false, _) => 401,
                (true, _) => 200,
            };
            assert_eq!(answer.status, wanted, "{path}: {}", answer.text());
            assert!(open || answer.header("www-authenticate").is_some(), "{path}");
        }
        assert!(answers.iter().any(|answer| answer.status != 405), "{path}");
    }
}

/// What one partner brings is kept for ever, and once had no bound.
#[test]
fn a_partner_that_has_used_up_its_quota_is_told_when_to_come_again() {
    let west = Node::start_new(PROGRAM, "west.example");
    let few = "[quota]\nentries_per_day = 8\n";
    let pair = Pair::of(west, Node::start_configured(PROGRAM, "east.example", few));
    pair.equal();
    let told = (0..20).find_map(|_| {
        let answer = Push::genuine(&pair).send(&pair.east);
        (answer.status != 200).then_some(answer)
    });
    let told = told.unwrap();
    assert_eq!(code(&told), (429, "too-many-requests".into()));
    let wait: u64 = told.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2 * 86_400 / 8).contains(&wait), "{wait}");
    // West's own node is told so too, and keeps what it has for later.
    let add = ["interest", "add", "--partner", "east.example", "--label", "x", "--domain"];
    pair.west.by("paul", &[&add[..], &["x.example"]].concat());
    until("west to wait", || {
        let log = std::fs::read_to_string(pair.west.file("log")).unwrap();
        log.contains("told to wait").then_some(())
    });
    assert_eq!(pair.east.get("/api/v1/interests"), json!([]));
    // The other direction has its own quota.
    pair.interest("tickets.example");
}

#[test]
fn warnings_that_nobody_opens_are_taken_up_to_a_bound() {
    let west = Node::start_new(PROGRAM, "west.example");
    let one = "[quota]\nopen_warnings = 1\n";
    let pair = Pair::of(west, Node::start_configured(PROGRAM, "east.example", one));
    let release = |title: &str| {
        let case = pair.case("A report.");
        pair.draft(&case, title, "A bombing is planned.");
        pair.west.release("otto", &case);
        case
    };
    let first = release("First");
    pair.receipted(&first);
    release("Second");
    until("west to wait", || {
        let log = std::fs::read_to_string(pair.west.file("log")).unwrap();
        log.contains("told to wait").then_some(())
    });
    assert_eq!(pair.titles(), ["EXERCISE: First"]);
}

/// A card could once send our requests anywhere: to another path, or into our own network.
#[test]
fn a_card_leads_to_an_origin_and_to_a_closed_network_only_where_that_is_configured() {
    use forewarn_exchange::card::Card;
    use forewarn_transcript::Note;
    let west = Node::start_new(PROGRAM, "west.example");
    let closed = "[egress]\nnetworks = []\n";
    let pair = Pair::of(west, Node::start_configured(PROGRAM, "east.example", closed));
    let key = SecretKey::from_seed(&[5; 32]);
    for url in ["https://n.example/admin?x=", "https://a:b@n.example", "https://n.example/"] {
        let name = "north.example".parse().unwrap();
        let card = Card { name, organisation: "N".into(), url: url.into(), keys: key.keys() };
        let signature = key.sign(card.text().as_bytes());
        let note = Note::signed(card.text(), &card.name, &card.keys.ed25519, &signature);
        let path = pair.west.write("north.card", note.to_string());
        let refused = pair.west.refused(&["partner", "add", &path, "--as", "paul"]);
        assert!(refused.contains("its url"), "{refused}");
    }
    // West may call this machine, since it is on it itself; east may not any more.
    let add = ["interest", "add", "--label", "x", "--domain", "x.example", "--as", "paul"];
    pair.east.good(&[&add[..], &["--partner", "west.example"]].concat());
    until("east to say why", || {
        let log = std::fs::read_to_string(pair.east.file("log")).unwrap();
        log.contains("its address may not be called").then_some(())
    });
    assert_eq!(pair.west.get("/api/v1/interests"), json!([]));
    let add = ["interest", "add", "--label", "y", "--domain", "y.example", "--as", "paul"];
    pair.west.good(&[&add[..], &["--partner", "east.example"]].concat());
    until("west's interest", || {
        pair.east.get("/api/v1/interests").to_string().contains("y.example").then_some(())
    });
}

/// A partner could once fill its checkpoint with lines until our receipt was unreadable.
#[test]
fn lines_that_a_partner_adds_to_its_checkpoint_do_not_get_into_the_receipt() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    // East stands still, so that what is pushed here in west's name comes first.
    pair.east.freeze();
    pair.west.release("otto", &case);
    let mut push = Push::genuine(&pair);
    pair.east.thaw();
    let mut batch: Value = serde_json::from_slice(&push.body).unwrap();
    let mut checkpoint = batch["checkpoint"].as_str().unwrap().to_owned();
    for n in 0..14 {
        checkpoint = format!("{checkpoint}— east.example AAAA{n:02}AA\n");
    }
    batch["checkpoint"] = checkpoint.into();
    push.body = serde_json::to_vec(&batch).unwrap();
    let answer = push.send(&pair.east);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.text().matches('—').count(), 4, "{}", answer.text());
    pair.receipted(&case);
    let path = pair.east.file("evidence.json").display().to_string();
    pair.east.good(&["evidence", "export", "warning-1", "--show", "title", "-o", &path]);
    pair.east.good(&["verify", &path]);
}

#[test]
fn a_disk_whose_disclosures_were_taken_off_does_not_lose_the_warning() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.east.stop();
    pair.west.release("otto", &case);
    let file = pair.west.file("stripped.json");
    let path = file.display().to_string();
    pair.west.good(&["channel", "export", "east.example", "-o", &path]);
    pair.west.freeze();
    let mut transcript: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    for log in transcript["logs"].as_array_mut().unwrap() {
        for entry in log["entries"].as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().remove("disclosures");
        }
    }
    std::fs::write(&file, transcript.to_string()).unwrap();
    pair.east.start();
    // West cannot be asked now what it holds of east's log; the file is to be answered.
    let go = ["channel", "write-uncompared", "west.example", "--reason", "nothing was restored"];
    pair.east.by("paul", &go);
    pair.east.by("paul", &["channel", "import", "west.example", &path]);
    assert!(pair.titles().is_empty());
    pair.west.thaw();
    pair.receipted(&case);
    assert_eq!(pair.titles(), ["EXERCISE: Planned bombing"]);
}

#[test]
fn words_too_long_to_be_received_never_get_into_a_log() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    let act = json!({ "do": "warning-ask", "warning": 1, "text": "x".repeat(100_000) });
    let (status, answer) = pair.east.act("dora", &act);
    assert_eq!((status, answer["code"].as_str()), (422, Some("too-long")));
    pair.east.by("dora", &["warning", "ask", "1", "--text", "short"]);
    pair.equal();
}

#[test]
fn what_was_withheld_in_a_case_does_not_leave_beside_it_either() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    let label = "--label";
    let add = ["interest", "add", "--partner", "east.example", label, "Velikov", "--country", "RU"];
    let refused = pair.west.refused(&[&add[..], &["--as", "paul"]].concat());
    assert!(refused.contains("the withheld name “Anton Velikov”"), "{refused}");
    let open = pair.west.refused(&["user", "add", "owner", "--role", "reader"]);
    assert!(open.contains("the owner of the node"), "{open}");
}

#[test]
fn an_act_under_an_id_that_was_used_is_not_taken_for_the_first() {
    let node = Node::start_new(PROGRAM, "west.example");
    let ask = |act: Value| {
        let body = json!({ "id": "one", "act": act }).to_string();
        node.connect_local().ask("POST", "/api/v1/acts", &[], body.as_bytes())
    };
    let user = |name: &str| json!({ "do": "user-add", "name": name, "roles": ["reader"] });
    assert_eq!(ask(user("mia")).status, 200);
    assert_eq!(ask(user("mia")).status, 200);
    assert_eq!(code(&ask(user("max"))), (422, "id-reused".into()));
}

/// A client that leaves out the last slash was once told 404, at each of these.
#[test]
fn each_taxii_route_answers_without_its_last_slash_as_with_it() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (object, authorization) = (made::indicator(1), node.basic("ana"));
    let headers = [
        ("authorization", authorization.as_str()),
        ("accept", "application/taxii+json;version=2.1"),
        ("content-type", "application/taxii+json;version=2.1"),
    ];
    let body = made::envelope(std::slice::from_ref(&object));
    let without = node.collection();
    let without = without.trim_end_matches('/');
    let posted = node.connect().ask("POST", without, &headers, body.as_bytes());
    assert_eq!(posted.status, 202, "{}", posted.text());
    let status = posted.json()["id"].as_str().unwrap().to_owned();
    let id: Value = serde_json::from_str(&object).unwrap();
    let id = id["id"].as_str().unwrap();
    let collection = without.split('/').rev().nth(1).unwrap();
    let mut routes = 0;
    for route in forewarn_web::route::routes() {
        let Some(path) = route.path.strip_prefix("/taxii2") else { continue };
        let path = match path.strip_prefix("/api/status/") {
            Some(rest) => format!("/api/status/{}", rest.replace("{id}", &status)),
            None => path.replace("{id}", collection).replace("{object}", id),
        };
        let (with, without) =
            (format!("/taxii2{path}"), format!("/taxii2{}", path.trim_end_matches('/')));
        let answer = node.connect().ask("GET", &with, &headers, b"");
        assert_eq!(answer.status, 200, "{with}: {}", answer.text());
        for query in ["", "?limit=10"] {
            let path = format!("{without}{query}");
            let same = node.connect().ask("GET", &path, &headers, b"");
            assert_eq!((same.status, same.text()), (200, answer.text()), "{path}");
            let none = node.connect().ask("GET", &path, &[], b"");
            assert_eq!(none.status, 401, "{path}");
        }
        routes += 1;
    }
    assert_eq!(routes, 9);
    let gone = node.connect().ask("DELETE", &format!("{without}/{id}"), &headers, b"");
    assert_eq!(gone.status, 200, "{}", gone.text());
}
