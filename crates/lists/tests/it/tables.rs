//! Rows: what each becomes, and what is told of those that cannot be read.

use super::{asked, made, made_as, refused};
use forewarn_lists::{Asked, Meaning};

#[test]
fn a_row_that_cannot_be_read_is_told_by_line_and_column_and_hides_no_other() {
    let text = "ip,seen,note\n198.51.100.7,2026-11-20,a\n999.1.1.1,2026-11-20,b\n,,\n\
        \"198.51.100.8\",soon,\"two\nlines\"\n198.51.100.9,2026-11-20,c,d\n198.51.100.10,2026-11-20,\"open\n\
        198.51.100.11,2026-11-20,e\n";
    let made = made(text);
    let patterns: Vec<String> =
        [7, 8, 11].map(|n| format!("[ipv4-addr:value = '198.51.100.{n}']")).to_vec();
    assert_eq!(made.patterns(), patterns);
    assert_eq!(
        made.told,
        [
            "line 3, column `ip`: `999.1.1.1` is no ip",
            "line 4: has nothing that can be watched for",
            "line 7: has 4 columns; the list has 3",
            "line 8: a quote that opens in line 8 is not closed",
        ]
    );
    assert_eq!(made.of("indicator")[1]["description"], "seen: soon\ntwo\nlines");
}

#[test]
fn a_row_says_until_when_how_sure_and_for_whom() {
    let text = "value,expires,confidence,tlp,tags,name,last_seen\n\
        evil[.]example,2027-01-01,High,amber,\"a, b\",Bad,2026-11-22\nworse.example,2000-01-01,70,purple,,,\n\
        least.example,2000-01-01,7x,,,,\n";
    let made = made(text);
    let first = made.of("indicator")[0];
    assert_eq!(first["pattern"], "[domain-name:value = 'evil.example']");
    assert_eq!(
        (&first["valid_until"], &first["confidence"]),
        (&"2027-01-01T00:00:00Z".into(), &85.into())
    );
    assert_eq!((&first["name"], &first["labels"][1]), (&"Bad".into(), &"b".into()));
    assert_eq!(first["object_marking_refs"][0], forewarn_stix::marking::Tlp::Amber.id());
    assert_eq!(first["description"], "last_seen: 2026-11-22T00:00:00Z");
    assert_eq!(made.of("marking-definition").len(), 1);
    // What it says of its handling is not known: it is not handled at all.
    assert_eq!(made.told.len(), 1, "{:?}", made.told);
    assert!(made.told[0].contains("line 3, column `tlp`: `purple`"), "{:?}", made.told);
    let last = made.of("indicator")[1];
    assert_eq!(last["description"], "confidence: 7x\nvalid_until: 2000-01-01T00:00:00Z");
}

#[test]
fn digests_of_a_row_are_of_one_file_and_other_values_stand_alone() {
    let text = "ip,domain,md5,sha1,filename\n198.51.100.0/24,*.evil.example,\
        d41d8cd98f00b204e9800998ecf8427e,da39a3ee5e6b4b0d3255bfef95601890afd80709,it's.exe\n";
    let made = made(text);
    assert_eq!(
        made.patterns(),
        [
            "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
            "[domain-name:value LIKE '%.evil.example']",
            "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e' OR \
             file:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709']",
        ]
    );
    assert_eq!(made.of("indicator")[2]["name"], "it's.exe");
    let named = self::made("filename\nit's.exe\nb.exe\n");
    assert_eq!(named.patterns()[0], "[file:name = 'it\\'s.exe']");
    let cve = self::made("cveID,product\nCVE-2017-0144,SMB\n");
    assert_eq!(
        cve.of("vulnerability")[0]["external_references"][0]["external_id"],
        "CVE-2017-0144"
    );
}

#[test]
fn a_type_says_what_a_value_is_and_one_that_is_not_read_is_told() {
    let text = "type,indicator\nmd5,d41d8cd98f00b204e9800998ecf8427e\ndomain,evil.example\nip-dst,evil.example\n\
        hostname,a.example\nmutex,evil.example\nfilename,a.exe\nurl,http://a.example\nip,198.51.100.7\n\
        ip,198.51.100.8\nip,198.51.100.9\n";
    let made = made(text);
    assert_eq!(made.of("indicator").len(), 8);
    assert_eq!(
        made.told,
        [
            "line 4, column `indicator`: `evil.example` is no ip-dst",
            "line 6, column `indicator`: `evil.example`: the type `mutex` is none that is read",
        ]
    );
}

#[test]
fn what_was_seen_is_observed_and_its_words_are_a_note() {
    let text = "ip,first_seen,last_seen,port\n198.51.100.7,2026-11-20,2026-11-21,443\n";
    let seen = Asked { meaning: Meaning::Seen, ..asked(text, "guessed") };
    let made = made_as(text, &seen).unwrap();
    let observed = made.of("observed-data")[0];
    assert_eq!(observed["object_refs"][0], made.of("ipv4-addr")[0]["id"]);
    assert_eq!(observed["last_observed"], "2026-11-21T00:00:00Z");
    assert_eq!(made.of("note")[0]["content"], "port: 443");
    assert!(made.of("indicator").is_empty());
    let text = "md5,filename\nd41d8cd98f00b204e9800998ecf8427e,a.exe\n";
    let seen = Asked { meaning: Meaning::Seen, ..asked(text, "guessed") };
    let made = made_as(text, &seen).unwrap();
    assert_eq!(made.of("file")[0]["name"], "a.exe");
}

#[test]
fn comments_become_a_note_and_what_they_say_of_all_counts() {
    let text = "#####\n# Bad hosts, TLP:GREEN\n# Last updated: 2026-11-20 10:00:00 UTC\nevil.example # seen twice\n\
        # in between\nworse.example\n\nevil.example # seen twice\n";
    let made = made(text);
    assert_eq!(made.of("indicator").len(), 2, "what stands there twice is one");
    let note = made.of("note")[0];
    assert_eq!(
        note["content"],
        "Bad hosts, TLP:GREEN\nLast updated: 2026-11-20 10:00:00 UTC\nin between"
    );
    assert_eq!(note["object_refs"].as_array().unwrap().len(), 2);
    let first = made.of("indicator")[0];
    assert_eq!(
        (&first["created"], &first["description"]),
        (&"2026-11-20T10:00:00.000Z".into(), &"seen twice".into())
    );
    assert_eq!(first["object_marking_refs"][0], forewarn_stix::marking::Tlp::Green.id());
    for (text, why) in [
        ("# TLP:GREEN\n# TLP:RED\nevil.example\na.example\n", "line 2: TLP:RED contradicts"),
        ("# TLP:PURPLE\nevil.example\na.example\n", "line 1: `TLP:purple` is no level"),
        ("evil.example\n# TLP:RED\na.example\n", "line 2: TLP:RED stands after rows"),
    ] {
        assert!(refused(text, "guessed").contains(why), "{}", refused(text, "guessed"));
    }
}

#[test]
fn the_same_row_is_the_same_object_and_another_row_another() {
    let row = |text: &str| {
        let objects = made(&format!("ip,seen,note\n{text}\n")).objects;
        objects[0]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(row("198.51.100.7,2026-11-20,a"), row("198.51.100[.]7,2026-11-20 00:00:00,a"));
    assert_ne!(row("198.51.100.7,2026-11-20,a"), row("198.51.100.7,2026-11-20,b"));
    assert_ne!(row("198.51.100.7,2026-11-20,a"), row("198.51.100.7,2026-11-21,a"));
}

#[test]
fn a_hosts_file_gives_the_names_that_lead_nowhere() {
    let text = "# block\n127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\n0.0.0.0 evil.example worse.example # ads\n\
        198.51.100.7 router.example\n0.0.0.0 not/a/name\n";
    let made = made(text);
    assert_eq!(
        made.patterns(),
        ["[domain-name:value = 'evil.example']", "[domain-name:value = 'worse.example']"]
    );
    assert_eq!(made.of("indicator")[0]["description"], "ads");
    assert!(made.told[0].contains("line 5: leads names to `198.51.100.7`"), "{:?}", made.told);
    assert!(made.told[1].contains("line 6"), "{:?}", made.told);
    // What a machine calls itself is no name of others, and is kept with the comments.
    assert!(made.of("note")[0]["content"].as_str().unwrap().contains("localhost"));
}

#[test]
fn objects_of_json_are_rows_with_fields_within_fields() {
    let text = "[{\"ip\":\"198.51.100.7\",\"by\":{\"who\":\"ana\",\"n\":2},\"tags\":[\"a\",\"b\"]},\n {\"ip\":\"nowhere\"}, 7]";
    let made = made_as(text, &asked(text, "ip=ip,tags=labels")).unwrap();
    let one = made.of("indicator")[0];
    assert_eq!(one["description"], "by.n: 2\nby.who: ana");
    assert_eq!(one["labels"], serde_json::json!(["a", "b"]));
    assert_eq!(made.told.len(), 2, "{:?}", made.told);
    assert!(made.told[1].contains("object 3"), "{:?}", made.told);
}

#[test]
fn bounds_are_kept_and_told() {
    let long = "x".repeat(2 << 20);
    let made = made(&format!("ip,note\n198.51.100.7,{long}\n198.51.100.8,a\n"));
    assert_eq!(made.of("indicator").len(), 1);
    assert!(made.told[0].starts_with("line 2: is longer than"), "{:?}", made.told);
    let wide = format!("ip,note\n198.51.100.7{}\n198.51.100.8,a\n", ",".repeat(1_000));
    assert!(self::made(&wide).told[0].contains("more than 500 columns"));
    let rows: Vec<String> = (0..200).map(|n| format!("203.0.113.{n},x\n")).collect();
    let rows = rows.concat();
    let open = self::made(&format!("ip,note\n198.51.100.7,\"open\n{rows}"));
    assert_eq!((open.of("indicator").len(), open.told.len()), (200, 1));
}

/// What a note says once it is converted: nothing, where it stands for nothing.
pub(super) fn noted(note: &str) -> String {
    let bare = note.trim();
    let is_nothing = ["none", "null", "na", "nan", "unknown"].contains(&bare);
    if is_nothing { String::new() } else { bare.to_owned() }
}

/// A level beside one row stood in its description, and the row went out without a marking.
#[test]
fn a_level_of_tlp_beside_a_row_marks_it() {
    use forewarn_stix::marking::Tlp;
    let made = made(
        "# TLP:GREEN\na.example # seen\nb.example # TLP:RED, for us\nc.example # TLP:PURPLE\n",
    );
    let marks: Vec<_> = made
        .of("indicator")
        .iter()
        .map(|one| Tlp::of_id(one["object_marking_refs"][0].as_str().unwrap()).unwrap())
        .collect();
    assert_eq!(marks, [Tlp::Green, Tlp::Red]);
    assert!(made.told.len() == 1 && made.told[0].contains("TLP:purple"), "{:?}", made.told);
}
