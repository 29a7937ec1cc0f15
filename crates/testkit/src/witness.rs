//! A witness after c2sp.org/tlog-witness: it cosigns what goes on from what it has seen, and nothing else.

use crate::scripted::{Reply, Request, Scripted};
use forewarn_transcript::checkpoint::{Checkpoint, cosign};
use forewarn_transcript::tree::{empty_root, verify_consistency};
use forewarn_transcript::witness::{WitnessKey, log_key, parse_request};
use forewarn_transcript::{Hash, PublicKey, SecretKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// What it knows.
#[derive(Debug, Default)]
pub struct Known {
    /// The keys of logs that it was given, as a line each.
    pub logs: Vec<String>,
    /// The last size and root that it has cosigned of each log.
    pub seen: BTreeMap<String, (u64, Hash)>,
    /// Every body that it was sent.
    pub bodies: String,
    /// Whether it answers nothing but 503.
    pub away: bool,
    /// The time that it states, in seconds since 1970.
    pub time: u64,
    /// Answers of which the status is 200 and the line is by another key.
    pub lies: bool,
}

/// A witness that runs until the test ends.
pub struct Witness {
    /// Where it listens, and what it was asked.
    pub server: Scripted,
    /// Its key, as verifiers are given it.
    pub key: String,
    known: Arc<Mutex<Known>>,
}

impl Witness {
    /// Starts one of this name, whose key is drawn from this byte.
    pub fn start(name: &str, seed: u8) -> Witness {
        let secret = SecretKey::from_seed(&[seed; 32]);
        let key = WitnessKey { name: name.to_owned(), key: secret.public() }.to_string();
        let known = Arc::new(Mutex::new(Known { time: 1_790_000_000, ..Known::default() }));
        let (answering, name) = (known.clone(), name.to_owned());
        let server = Scripted::start(move |_, request| {
            answer(&mut answering.lock().unwrap(), (&name, &secret), request)
        });
        Witness { server, key, known }
    }

    /// Its section of a configuration.
    pub fn section(&self) -> String {
        format!("[[witness]]\nurl = \"http://{}\"\nkey = \"{}\"\n", self.server.address, self.key)
    }

    /// What it knows, to look at and to change.
    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }
}

/// The key of a log in what it was given.
fn key_of(known: &Known, origin: &str) -> Vec<PublicKey> {
    let of_log = known.logs.iter().filter(|line| line.split('+').next() == Some(origin));
    let keys = of_log.filter_map(|line| {
        use base64::Engine as _;
        let (_, rest) = line.split_once('+')?;
        let (_, encoded) = rest.split_once('+')?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
        let key = PublicKey::from_bytes(bytes.strip_prefix(&[1])?)?;
        (log_key(origin, &key) == **line).then_some(key)
    });
    keys.collect()
}

fn answer(known: &mut Known, (name, secret): (&str, &SecretKey), request: &Request) -> Reply {
    if known.away {
        return Reply::new(503, "");
    }
    if request.method != "POST" || request.path != "/add-checkpoint" {
        return Reply::new(405, "");
    }
    let body = String::from_utf8(request.body.clone()).unwrap_or_default();
    known.bodies.push_str(&body);
    let Some((old, proof, note)) = parse_request(&body) else { return Reply::new(400, "") };
    let Ok(checkpoint) = Checkpoint::parse(note.text()) else { return Reply::new(400, "") };
    let keys = key_of(known, &checkpoint.origin);
    if keys.is_empty() {
        return Reply::new(404, "");
    }
    if keys.iter().all(|key| note.verify(&checkpoint.origin, key).is_err()) {
        return Reply::new(403, "");
    }
    if old > checkpoint.size {
        return Reply::new(400, "");
    }
    let (size, root) = known.seen.get(&checkpoint.origin).copied().unwrap_or((0, empty_root()));
    if old != size || (old == checkpoint.size && root != checkpoint.root) {
        return Reply::new(409, format!("{size}\n")).with("content-type", "text/x.tlog.size");
    }
    if verify_consistency((size, root), (checkpoint.size, checkpoint.root), &proof).is_err() {
        return Reply::new(422, "");
    }
    known.seen.insert(checkpoint.origin.clone(), (checkpoint.size, checkpoint.root));
    let other = SecretKey::from_seed(&[99; 32]);
    let by = if known.lies { &other } else { secret };
    let cosigned = cosign((&note, &checkpoint), (name, by), known.time, false);
    let line = cosigned.signatures().last().map(ToString::to_string).unwrap_or_default();
    Reply::new(200, format!("{line}\n"))
}
