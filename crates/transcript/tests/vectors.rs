//! Our code, tested with vectors that others have published; see `vectors/README.md`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first failure")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_stix::{canonical, json};
use forewarn_transcript::tile::Tile;
use forewarn_transcript::tree::{MemoryTree, empty_root};
use forewarn_transcript::{Disclosure, Hash, Note, PublicKey, SecondKey};
use serde_json::Value;

fn vectors(name: &str) -> Value {
    let path = format!("{}/../../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pair = |at| u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap();
    (0..hex.len()).step_by(2).map(pair).collect()
}

#[test]
fn trees_have_the_roots_of_rfc_6962() {
    let all = vectors("rfc6962");
    assert_eq!(empty_root().to_string(), text(&all["empty_root"]));
    let mut tree = MemoryTree::default();
    let leaves = all["leaves_hex"].as_array().unwrap();
    for (leaf, root) in leaves.iter().zip(all["roots"].as_array().unwrap()) {
        tree.push(Hash::leaf(&bytes(text(leaf))));
        assert_eq!(tree.root().to_string(), text(root));
    }
}

#[test]
fn values_and_numbers_are_written_as_rfc_8785_writes_them() {
    let all = vectors("rfc8785");
    for one in all["values"].as_array().unwrap() {
        let value: Value = serde_json::from_str(text(&one["input"])).unwrap();
        let written = String::from_utf8(canonical::bytes(&value)).unwrap();
        assert_eq!(written, text(&one["output"]), "{}", one["section"]);
    }
    for pair in all["numbers"].as_array().unwrap() {
        let bits = u64::from_str_radix(text(&pair[0]), 16).unwrap();
        let written = canonical::bytes(&Value::from(f64::from_bits(bits)));
        assert_eq!(String::from_utf8(written).unwrap(), text(&pair[1]), "{}", pair[0]);
    }
}

#[test]
fn the_ed25519_signature_of_rfc_9421_verifies_and_no_other() {
    let all = vectors("rfc9421");
    let key = PublicKey::try_from(text(&all["public_key"]).to_owned()).unwrap();
    let signature = STANDARD.decode(text(&all["signature"])).unwrap();
    let base = text(&all["base"]);
    assert!(key.verifies(base.as_bytes(), &signature));
    assert!(!key.verifies(base.replace("/foo", "/fob").as_bytes(), &signature));
}

/// Signatures made to be taken, or refused, by implementations that have a mistake: a norm that is
/// not checked, a hint in two forms, an edge of a decomposition. Several libraries had one of them.
#[test]
fn the_ml_dsa_signatures_of_wycheproof_are_judged_as_it_says() {
    let mut tried = 0;
    for group in vectors("wycheproof-mldsa44")["groups"].as_array().unwrap() {
        let key = SecondKey::from_bytes(&STANDARD.decode(text(&group["key"])).unwrap());
        for one in group["tests"].as_array().unwrap() {
            let message = STANDARD.decode(text(&one["message"])).unwrap();
            let signature = STANDARD.decode(text(&one["signature"])).unwrap();
            let said = key.as_ref().is_some_and(|key| key.verifies(&message, &signature));
            assert_eq!(Some(said), one["valid"].as_bool(), "{}: {}", one["id"], one["comment"]);
            tried += 1;
        }
    }
    assert_eq!(tried, 111);
}

#[test]
fn disclosures_have_the_digests_of_rfc_9901() {
    for one in vectors("rfc9901")["disclosures"].as_array().unwrap() {
        let disclosure: Disclosure = serde_json::from_value(one[0].clone()).unwrap();
        assert_eq!(disclosure.digest(), text(&one[1]));
        assert_eq!(disclosure.open().unwrap().name, text(&one[2]));
    }
}

#[test]
fn a_note_of_the_go_checksum_database_verifies() {
    let all = vectors("c2sp");
    let note = Note::parse(text(&all["note"]["note"])).unwrap();
    assert_eq!(note.text(), text(&all["note"]["text"]));
    let (name, rest) = text(&all["note"]["vkey"]).split_once('+').unwrap();
    let (_, key) = rest.split_once('+').unwrap();
    let key = PublicKey::from_bytes(&STANDARD.decode(key).unwrap()[1..]).unwrap();
    assert!(note.verify(name, &key).is_ok());
    assert!(note.verify("Another", &key).is_err());
}

#[test]
fn tiles_stand_where_tlog_tiles_puts_them() {
    let tiles = &vectors("c2sp")["tiles"];
    let path = text(&tiles["index_1234067_at_level_0"]);
    assert_eq!(Tile::parse(path).unwrap().index, 1_234_067);
    // What the standard says about a tree of 70,000 entries.
    let size = tiles["size"].as_u64().unwrap();
    for level in 0..3u8 {
        let each = 256u64.pow(u32::from(level));
        let said = &tiles[format!("level_{level}")];
        let (full, partial) = (size / each / 256, size / each % 256);
        assert_eq!((Some(full), Some(partial)), (said["full"].as_u64(), said["partial"].as_u64()));
        let edge = Tile::parse(&format!("{level}/{full:03}.p/{partial}")).unwrap();
        assert!(edge.span().unwrap().1 <= size);
    }
}

/// JSON that two readers could read differently is refused.
#[test]
fn json_that_is_not_i_json_is_refused() {
    for text in [
        "{\"a\":1,\"a\":2}",
        "\"\\ud800\"",
        "9007199254740993",
        "[1e400]",
        "{\"a\":1} x",
        "\u{feff}{}",
    ] {
        assert!(json::read(text.as_bytes()).is_err(), "{text}");
    }
    let deep = "[".repeat(200) + &"]".repeat(200);
    assert!(json::read(deep.as_bytes()).is_err());
}
