//! Authorities stamp the receipts for our logs (RFC 3161), beside everything else, and evidence carries it. They are
//! what Debian's `openssl ts` is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_testkit::{Node, Pair, StampServer, Stamping, Witness, until};
use forewarn_transcript::Hash;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// West with these sections in its configuration.
fn with(sections: &str) -> Pair {
    let mut pair = Pair::start(PROGRAM);
    pair.west.stop();
    pair.west.configure(sections);
    pair.west.start();
    pair
}

fn stamped(node: &Node) {
    until("the stamps", || node.doctor().contains("good   timestamps").then_some(()));
}

fn server(key: &str, digest: &str) -> StampServer {
    Stamping::new(key, digest).serve()
}

#[test]
fn evidence_carries_what_an_authority_has_stamped_and_anyone_can_check_it() {
    let stamps = server("rsa:2048", "sha512");
    let pair = with(&stamps.section("stamps.example"));
    let case = pair.released("A warning");
    pair.receipted(&case);
    stamped(&pair.west);
    let (file, shown) = pair.west.evidence(&case);
    assert_eq!(shown["format"], "forewarn-evidence/4");
    // It learns a digest: no name, no log, no word.
    for asked in &stamps.doing().asked {
        let text = String::from_utf8_lossy(asked);
        assert!(asked.len() < 100 && !text.contains("example"), "{text:?}");
    }
    // With nothing but the file and the root.
    let root = stamps.authority.root().display().to_string();
    let east = &pair.east;
    let words = east.good(&["verify", &file, "--timestamp", &root]);
    assert!(words.contains("root had seen the receipt for it by 20"), "{words}");
    assert!(
        words.contains("by the authority's clock") && !words.contains("Not checked"),
        "{words}"
    );
    let words = east.good(&["verify", &file]);
    assert!(words.contains("Not checked: 1 time stamps by others"), "{words}");
    assert!(words.contains("no outside clock has witnessed them"), "{words}");
    // By `openssl` alone: the token, and the digest of the checkpoint with its lines.
    let token = STANDARD.decode(shown["stamps"][0]["token"].as_str().unwrap()).unwrap();
    let at = usize::try_from(shown["stamps"][0]["checkpoint"].as_u64().unwrap()).unwrap();
    let digest = Hash::of(shown["checkpoints"][at].as_str().unwrap().as_bytes());
    assert!(stamps.authority.knows(&token, &digest.to_string()));
    // Another's root, and a file that is none.
    let other = Stamping::new("ec:P-256", "sha256");
    let refused =
        east.refused(&["verify", &file, "--timestamp", &other.root().display().to_string()]);
    assert!(refused.contains("`root` has stamped none of the checkpoints"), "{refused}");
    let nothing = pair.west.write("nothing.pem", "nothing");
    let refused = east.refused(&["verify", &file, "--timestamp", &nothing]);
    assert!(refused.contains("no certificate in PEM"), "{refused}");
    // Put onto another file's checkpoint, left out, or claimed.
    let second = pair.released("Another");
    pair.receipted(&second);
    stamped(&pair.west);
    let (_, mut moved) = pair.west.evidence(&second);
    moved["stamps"][0]["token"] = shown["stamps"][0]["token"].clone();
    let moved = pair.west.write("moved.json", format!("{moved}\n"));
    let refused = east.refused(&["verify", &moved, "--timestamp", &root]);
    assert!(refused.contains("it stamps something else"), "{refused}");
    let text = serde_json::to_string(&shown).unwrap();
    for claimed in ["forewarn-evidence/2", "forewarn-evidence/3"] {
        let claimed = text.replace("forewarn-evidence/4", claimed);
        let claimed = pair.west.write("claimed.json", format!("{claimed}\n"));
        let refused = east.refused(&["verify", &claimed]);
        assert!(refused.contains("has time stamps where its format is"), "{refused}");
    }
    // A backup has it, with the root that is named.
    let backup = pair.west.file("a.tar").display().to_string();
    let made = pair.west.json(&["backup", &backup, "--unsealed"]).remove(0);
    let files = made["manifest"]["files"].as_array().unwrap();
    assert!(files.iter().any(|one| one["path"] == "outside.sqlite"), "{files:?}");
}

#[test]
fn an_authority_that_is_away_stops_no_warning_and_stamps_when_it_is_back() {
    let (stamps, other) = (server("ec:P-256", "sha256"), server("ec:P-384", "sha384"));
    let witness = Witness::start("w.example", 9);
    stamps.doing().away = true;
    let sections = stamps.section("a.example") + &other.section("b.example") + &witness.section();
    let mut pair = with(&sections);
    let logs = pair.west.good(&["witness", "logs"]);
    witness.known().logs.extend(logs.lines().map(str::to_owned));
    let case = pair.released("A warning");
    pair.receipted(&case);
    until("the words about it", || {
        pair.west.logged().contains("`a.example`: it answers 503").then_some(())
    });
    until("what doctor says", || {
        let words = pair.west.doctor();
        let told = words.contains("a.example has stamped 0 of") && !words.contains("b.example has");
        (told && words.contains("good   witnesses")).then_some(())
    });
    // Evidence has what there is: a witness's line and one stamp, each checked for itself.
    let (file, _) = pair.west.evidence(&case);
    let root = |of: &StampServer| of.authority.root().display().to_string();
    let all = ["verify", &file, "--witness", &witness.key, "--timestamp", &root(&other)];
    let words = pair.east.good(&all);
    assert!(
        words.contains("w.example had seen the log") && words.contains("by their clocks"),
        "{words}"
    );
    // Killed anywhere; what comes later covers what came before.
    pair.west.kill();
    stamps.doing().away = false;
    pair.west.start();
    let second = pair.released("Another");
    pair.receipted(&second);
    stamped(&pair.west);
    let (file, _) = pair.west.evidence(&case);
    pair.east.good(&["verify", &file, "--timestamp", &root(&stamps)]);
}

#[test]
fn an_authority_that_lies_is_told_of_and_believed_nothing() {
    let (repeats, stranger) = (server("ec:P-256", "sha256"), server("ec:P-256", "sha256"));
    let other = Stamping::new("ec:P-256", "sha256");
    let wrong = stranger.section("b.example").replace(
        &stranger.authority.root().display().to_string(),
        &other.root().display().to_string(),
    );
    let nowhere = "[[timestamp]]\nname = \"c.example\"\nurl = \"http://127.0.0.1:1/\"\nroot = \"nosuch.pem\"\n";
    repeats.doing().repeats = true;
    let pair = with(&(repeats.section("a.example") + &wrong + nowhere));
    let first = pair.released("A warning");
    pair.receipted(&first);
    until("the words about the stranger and the missing root", || {
        let log = pair.west.logged();
        let told = log.contains("`b.example`: its stamp is not by the configured root");
        (told && log.contains("`c.example`: the root `")).then_some(())
    });
    // The answer to the request before, once more.
    let second = pair.released("Another");
    pair.receipted(&second);
    until("the words about the answer of before", || {
        pair.west.logged().contains("`a.example`: its answer is to another request").then_some(())
    });
    let words = pair.west.doctor();
    assert!(words.contains("WRONG  timestamps: ") && words.contains("nosuch.pem"), "{words}");
}
