//! The channel's other ways: fetched by one that cannot be reached, read as tiles by others' tools.

use forewarn_node::access::{self, Parameters, Signed, TO};
use forewarn_node::{Home, clock};
use forewarn_testkit::http::Answer;
use forewarn_testkit::{Link, Node, Pair};
use forewarn_transcript::SecretKey;
use tlog_tiles::{Hash, HashReader as _, Tile, TileHashReader, TileReader};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// East calls nobody who listens: west fetches what east has to say, and brings the receipts.
#[test]
fn a_partner_that_cannot_reach_us_is_fetched_from() {
    let unreachable =
        "[node]\nurl = \"http://127.0.0.1:9\"\n[channel]\nfetch = [\"east.example\"]\n";
    let west = Node::start_configured(PROGRAM, "west.example", unreachable);
    let mut pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    pair.interest("tickets.example");
    let case = pair.released("Fetched");
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "accept", "1", "--note", "in hand"]);
    forewarn_testkit::until("the answer", || {
        pair.west.good(&["case", "show", &case]).contains("accepted").then_some(())
    });
    // East has west's receipts for all of its log, though it could not push any of it.
    forewarn_testkit::until("the receipts", || {
        let logs = pair.east.json(&["channel", "show"]);
        logs.iter().all(|log| log["size"] == log["receipted"]).then_some(())
    });
    // Over a restart of either, it goes on.
    pair.east.kill();
    pair.east.start();
    pair.west.kill();
    pair.west.start();
    pair.interest("more.example");
}

/// Over a link whose answers are slow, the next entries go out before the receipt for the last ones
/// is here; the receipts count in the order of their batches.
#[test]
fn the_next_batch_does_not_wait_for_the_last_receipt() {
    let link = Link::start();
    let url = format!("[node]\nurl = \"http://{}\"\n", link.address);
    let east = Node::start_configured(PROGRAM, "east.example", &url);
    link.lead_to(&east.address);
    let pair = Pair::of(Node::start_new(PROGRAM, "west.example"), east);
    pair.interest("tickets.example");
    let cases = ["First", "Second", "Third"].map(|title| {
        let case = pair.case(&format!("A report that leads to {title}."));
        pair.draft(&case, title, "A bombing is planned.");
        case
    });
    link.hold();
    for (case, count) in cases.iter().zip(1..) {
        pair.west.release("otto", case);
        link.batches(count);
    }
    link.release();
    for case in &cases {
        pair.receipted(case);
    }
    let log = pair.west.json(&["channel", "show"]);
    assert!(log.iter().all(|log| log["size"] == log["receipted"]), "{log:?}");
}

/// A signed GET to east in west's name.
struct Asking<'a> {
    east: &'a Node,
    key: SecretKey,
    prefix: String,
}

impl Asking<'_> {
    fn get(&self, path: &str) -> Answer {
        let path = format!("{}{path}", self.prefix);
        let digest = access::content_digest(b"");
        let parameters = Parameters {
            created: clock::seconds(&clock::now()),
            nonce: clock::seed().to_string(),
            keyid: "west.example".to_owned(),
        };
        let signed =
            Signed { method: "GET", path: &path, query: "?", digest: &digest, to: "east.example" };
        let signature = self.key.sign(access::base(&signed, &parameters).as_bytes());
        let headers = [
            ("content-digest", digest.as_str()),
            (TO, "east.example"),
            ("signature-input", &parameters.header()),
            ("signature", &access::signature_header(&signature)),
        ];
        self.east.connect().ask("GET", &path, &headers, b"")
    }
}

impl TileReader for Asking<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |tile: &Tile| {
            let path = tile.path().replace("tile/8/", "tile/");
            let answer = self.get(&path);
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            answer.body
        };
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _tiles: &[Tile], _data: &[Vec<u8>]) {}
}

#[test]
fn both_logs_are_tiles_that_another_implementation_proves_its_entries_by() {
    let pair = Pair::start(PROGRAM);
    for n in 0..300 {
        let interest = serde_json::json!({
            "label": format!("interest {n}"), "urgency": "future", "any": [{ "country": "RU" }],
        });
        let act = serde_json::json!({
            "do": "interest-add", "partner": "east.example", "interest": interest,
        });
        assert_eq!(pair.west.act("paul", &act).0, 200);
    }
    pair.equal();
    for writer in ["west.example", "east.example"] {
        let key = Home::new(pair.west.home()).secret_keys().unwrap().remove(0);
        let prefix = format!("/channel/v1/logs/{writer}/");
        let asking = Asking { east: &pair.east, key, prefix };
        let checkpoint = asking.get("checkpoint");
        assert_eq!(checkpoint.status, 200, "{}", checkpoint.text());
        let text = checkpoint.text();
        let (text, _) = text.split_once("\n\n").unwrap();
        let read = tlog_tiles::Checkpoint::from_bytes(format!("{text}\n").as_bytes()).unwrap();
        let size = read.size();
        assert!(size >= if writer == "west.example" { 301 } else { 1 });
        let reader = TileHashReader::new(size, *read.hash(), &asking);
        let entries = bundles(&asking, size);
        assert_eq!(entries.len() as u64, size);
        for index in (0..size).step_by(37) {
            let hash = tlog_tiles::record_hash(&entries[usize::try_from(index).unwrap()]);
            let proof = tlog_tiles::prove_record(size, index, &reader).unwrap();
            tlog_tiles::check_record(&proof, size, *read.hash(), index, hash).unwrap();
            let stored = reader.read_hashes(&[tlog_tiles::stored_hash_index(0, index)]).unwrap();
            assert_eq!(stored, [hash] as [Hash; 1]);
        }
        assert_eq!(asking.get("tile/0/999").status, 404);
        assert_eq!(asking.get("tile/0/0").status, 404);
    }
}

/// Every entry, by its bundles.
fn bundles(asking: &Asking, size: u64) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    for tile in 0..size.div_ceil(256) {
        let width = (size - tile * 256).min(256);
        let part = if width < 256 { format!(".p/{width}") } else { String::new() };
        let answer = asking.get(&format!("tile/entries/{tile:03}{part}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let mut rest = answer.body.as_slice();
        while let Some((length, behind)) = rest.split_first_chunk::<2>() {
            let (entry, next) = behind.split_at(usize::from(u16::from_be_bytes(*length)));
            entries.push(entry.to_vec());
            rest = next;
        }
    }
    entries
}
