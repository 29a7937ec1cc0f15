//! Every example of `docs/protocol.md`, made anew and compared byte for byte. `FOREWARN_UPDATE=1`
//! writes them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::card::{Card, fingerprint};
use forewarn_node::access::{self, Claim, Parameters, Signed, Stranger};
use forewarn_stix::Timestamp;
use forewarn_transcript::batch::{Batch, Carried, MAX_ENTRIES};
use forewarn_transcript::entry::digests_of;
use forewarn_transcript::evidence::{Evidence, FORMAT, ProvenEntry};
use forewarn_transcript::tree::{self, MemoryTree};
use forewarn_transcript::{
    Channel, Checkpoint, Disclosure, Entry, Hash, Keys, Note, Party, Reference, SecretKey,
    checkpoint, succession,
};
use serde_json::{Value, json};
use std::fmt::Write as _;

const HELD: u64 = 1_513_330_260;

/// The examples' two parties: their keys' seeds are 32 bytes of 1, and of 2.
struct Example {
    keys: [SecretKey; 2],
    channel: Channel,
    /// `warning`, with a field that is withheld.
    warning: (Entry, Vec<Disclosure>),
    log: String,
}

fn party(name: &str, key: &SecretKey, both: bool) -> Party {
    let keys = key.keys();
    let keys = Keys { mldsa44: keys.mldsa44.filter(|_| both), ..keys };
    Party { name: name.into(), keys }
}

fn channel(keys: &[SecretKey; 2], both: bool) -> Channel {
    let [a, b] = keys;
    Channel::between(party("a.example", a, both), party("b.example", b, both)).unwrap()
}

fn entry(
    channel: &Channel,
    kind: &str,
    id: u8,
    fields: &[(&str, Value)],
) -> (Entry, Vec<Disclosure>) {
    let all = fields.iter().zip(1u8..);
    let disclosures: Vec<Disclosure> =
        all.map(|((name, value), n)| Disclosure::new([n; 16], name, value)).collect();
    let entry = Entry {
        channel: channel.id(),
        kind: kind.into(),
        id: format!("{kind}--00000000-0000-4000-8000-0000000000{id:02}"),
        time: Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap(),
        status: "Exercise".into(),
        answers: None,
        digests: digests_of(&disclosures),
    };
    (entry, disclosures)
}

fn leaf(entry: &Entry) -> String {
    String::from_utf8(entry.leaf()).unwrap()
}

fn text(disclosure: &Disclosure) -> String {
    serde_json::to_value(disclosure).unwrap().as_str().unwrap().to_owned()
}

impl Example {
    fn new() -> Example {
        let keys = [1, 2].map(|seed| SecretKey::from_seed(&[seed; 32]));
        let channel = channel(&keys, false);
        let fields = [("reason", json!("the source was mistaken")), ("source", json!("HERON-7"))];
        let warning = entry(&channel, "recall", 1, &fields);
        let log = channel.log_of("a.example");
        Example { keys, channel, warning, log }
    }

    fn genesis(&self) -> String {
        String::from_utf8(self.channel.genesis()).unwrap()
    }

    fn carried(&self) -> Carried {
        // The second field is withheld.
        Carried { leaf: leaf(&self.warning.0), disclosures: self.warning.1[..1].to_vec() }
    }

    fn tree(&self) -> MemoryTree {
        let mut tree = MemoryTree::default();
        tree.push(Hash::leaf(self.genesis().as_bytes()));
        tree.push(Hash::leaf(leaf(&self.warning.0).as_bytes()));
        tree
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint { origin: self.log.clone(), size: 2, root: self.tree().root() }
    }

    fn receipt(&self, both: bool) -> Note {
        let (whole, [a, b]) = (self.checkpoint(), &self.keys);
        checkpoint::cosign((&whole.sign(a, both), &whole), ("b.example", b), HELD, both)
    }

    fn batch(&self) -> Batch {
        let genesis = Carried { leaf: self.genesis(), disclosures: Vec::new() };
        let checkpoint = self.checkpoint().sign(&self.keys[0], false).to_string();
        let entries = vec![genesis, self.carried()];
        Batch { log: self.log.clone(), start: 0, entries, checkpoint }
    }

    fn evidence(&self) -> Evidence {
        let tree = self.tree();
        let path = tree::inclusion(1, 2, &|level, index| tree.get(level, index)).unwrap();
        let entries = vec![ProvenEntry { checkpoint: 0, index: 1, path, carried: self.carried() }];
        let checkpoints = vec![self.receipt(false).to_string()];
        Evidence {
            format: FORMAT.into(),
            genesis: self.genesis(),
            checkpoints,
            entries,
            stamps: vec![],
        }
    }

    fn card(&self) -> String {
        let keys = party("a.example", &self.keys[0], false).keys;
        let words = fingerprint("a.example", &keys);
        let (organisation, url) = ("Service A".into(), "https://a.example".into());
        let card = Card { name: "a.example".parse().unwrap(), organisation, url, keys };
        let signature = self.keys[0].sign(card.text().as_bytes());
        let note = Note::signed(card.text(), &card.name, &card.keys.ed25519, &signature);
        assert_eq!(Card::parse(&note.to_string()).unwrap(), card);
        format!("{note}\n\nfingerprint: {words}")
    }

    fn request(&self) -> String {
        let body = serde_json::to_vec(&self.batch()).unwrap();
        let digest = access::content_digest(&body);
        let (nonce, keyid) = ("4c1f6d5e8a9b4c0d".to_owned(), "a.example".to_owned());
        let parameters = Parameters { created: HELD, nonce, keyid };
        let (path, to) = ("/channel/v1/entries", "b.example");
        let signed = Signed { method: "POST", path, query: "?", digest: &digest, to };
        let base = access::base(&signed, &parameters);
        let signature = access::signature_header(&self.keys[0].sign(base.as_bytes()));
        let key = self.keys[0].public();
        let at = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        let (input, stranger) = (parameters.header(), Stranger::new(&Hash([9; 32]), &at).unwrap());
        let claim = Claim::read((signed.method, signed.path, signed.query), |name| {
            Some(match name {
                "content-digest" => &digest,
                "signature-input" => &input,
                "signature" => &signature,
                _ => signed.to,
            })
        });
        assert_eq!(claim.judge(signed.to, &[key], &stranger), Ok(()));
        format!(
            "POST {path} HTTP/1.1\nhost: b.example\ncontent-type: application/json\n\
             content-digest: {digest}\nforewarn-to: {to}\nsignature-input: {}\n\
             signature: {signature}\n\nsigned is:\n{base}",
            parameters.header()
        )
    }

    /// The second signature, checked by what the page says of it and by nothing of ours.
    fn twice(&self) -> String {
        let log = channel(&self.keys, true).log_of("a.example");
        let whole = Checkpoint { origin: log.clone(), ..self.checkpoint() };
        let [a, b] = &self.keys;
        let note = checkpoint::cosign((&whole.sign(a, true), &whole), ("b.example", b), HELD, true);
        let mut message = b"subtree/v1\n\0".to_vec();
        let name = |message: &mut Vec<u8>, name: &str| {
            message.push(u8::try_from(name.len()).unwrap());
            message.extend(name.as_bytes());
        };
        name(&mut message, &log);
        message.extend(0u64.to_be_bytes());
        name(&mut message, &log);
        message.extend(0u64.to_be_bytes());
        message.extend(2u64.to_be_bytes());
        message.extend(whole.root.0);
        let note = note.to_string();
        let second = note.lines().filter(|line| line.starts_with("— a.example")).nth(1).unwrap();
        let bytes = STANDARD.decode(second.rsplit(' ').next().unwrap()).unwrap();
        let key = a.keys().mldsa44.unwrap();
        assert!(key.verifies(&message, &bytes[12..]), "the page does not say what is signed");
        let hex = message.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        format!(
            "{hex}\n\nSHA-256 of the ML-DSA-44 key of a.example: {}\nSHA-256 of the note with four lines: {}",
            Hash::of(key.bytes()),
            Hash::of(note.as_bytes())
        )
    }

    fn answer(&self) -> String {
        let (mut answer, _) = entry(&self.channel, "opened", 2, &[("by", json!("dora"))]);
        let hash = Hash::leaf(leaf(&self.warning.0).as_bytes());
        answer.answers = Some(Reference { log: self.log.clone(), index: 1, hash });
        leaf(&answer)
    }

    fn key_change(&self) -> String {
        let key = SecretKey::from_seed(&[3; 32]).public().to_string();
        let (change, shown) = entry(&self.channel, succession::CHANGE, 3, &[("key", json!(key))]);
        format!("{}\n\nwith the disclosure\n{}", leaf(&change), text(&shown[0]))
    }

    fn all(&self) -> Vec<(&'static str, String)> {
        let first = &self.warning.1[0];
        let salt = "[\"AQEBAQEBAQEBAQEBAQEBAQ\",\"reason\",\"the source was mistaken\"]";
        vec![
            ("card", self.card()),
            ("genesis", self.genesis()),
            ("names", format!("{}\n{}", self.log, self.channel.log_of("b.example"))),
            ("disclosure", format!("{salt}\n{}\ndigest: {}", text(first), first.digest())),
            ("entry", leaf(&self.warning.0)),
            ("answer", self.answer()),
            ("checkpoint", self.checkpoint().sign(&self.keys[0], false).to_string()),
            ("receipt", self.receipt(false).to_string()),
            ("twice", self.twice()),
            ("request", self.request()),
            ("batch", serde_json::to_string(&self.batch()).unwrap()),
            ("key-change", self.key_change()),
            ("evidence", String::from_utf8(self.evidence().bytes()).unwrap()),
        ]
    }
}

/// What stands behind an example's mark: a fenced block.
fn written(page: &str, name: &str) -> (usize, usize) {
    let mark = format!("<!-- example {name} -->\n");
    let start = page.find(&mark).map(|at| at + mark.len());
    let start = start.unwrap_or_else(|| unreachable!("{name} is not on the page"));
    let fence = "```text\n";
    let end = match page.get(start..).unwrap().strip_prefix(fence) {
        Some(rest) => start + fence.len() + rest.find("\n```\n").unwrap() + "\n```\n".len(),
        None => start,
    };
    (start, end)
}

#[test]
fn every_example_of_the_protocol_s_page_is_what_the_code_makes() {
    let path = format!("{}/../../docs/protocol.md", env!("CARGO_MANIFEST_DIR"));
    let mut page = std::fs::read_to_string(&path).unwrap();
    let update = std::env::var_os("FOREWARN_UPDATE").is_some();
    let all = Example::new().all();
    assert_eq!(page.matches("<!-- example ").count(), all.len());
    for (name, made) in all {
        let block = format!("```text\n{}\n```\n", made.trim_end());
        let (start, end) = written(&page, name);
        if update {
            page.replace_range(start..end, &block);
        } else {
            assert_eq!(
                page.get(start..end).unwrap(),
                block,
                "example {name}; FOREWARN_UPDATE=1 writes it"
            );
        }
    }
    if update {
        std::fs::write(path, page).unwrap();
    }
}

#[test]
fn the_examples_are_accepted_by_those_who_would_receive_them() {
    let example = Example::new();
    let checked = example.batch().check(&example.channel, "a.example", MAX_ENTRIES).unwrap();
    assert_eq!(checked.checkpoint().size, 2);
    assert_eq!(example.channel.receipt(&example.log, &example.receipt(false)).unwrap().time, HELD);
    let file = example.evidence().bytes();
    let account = Evidence::parse(&file).unwrap().verify(&[]).unwrap();
    assert_eq!((account.entries[0].shown.len(), account.entries[0].withheld), (1, 1));
}

/// Evidence that both parties have signed twice: what other people's tools are tried on.
#[test]
fn the_evidence_that_others_verify_is_what_the_code_makes() {
    let path = format!("{}/../../vectors/evidence.json", env!("CARGO_MANIFEST_DIR"));
    let keys = [1, 2].map(|seed| SecretKey::from_seed(&[seed; 32]));
    let channel = channel(&keys, true);
    let fields = [("reason", json!("the source was mistaken")), ("source", json!("HERON-7"))];
    let warning = entry(&channel, "recall", 1, &fields);
    let log = channel.log_of("a.example");
    let example = Example { keys, channel, warning, log };
    let checkpoints = vec![example.receipt(true).to_string()];
    let made = Evidence { checkpoints, ..example.evidence() };
    made.verify(&[]).unwrap();
    if std::env::var_os("FOREWARN_UPDATE").is_some() {
        std::fs::write(&path, made.bytes()).unwrap();
    }
    assert!(std::fs::read(path).unwrap() == made.bytes(), "FOREWARN_UPDATE=1 writes it");
}
