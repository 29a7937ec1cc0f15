//! Rules of detection are kept as indicators of their type of pattern.

use super::made;

#[test]
fn rules_of_snort_and_suricata_are_kept_whole_and_bad_ones_told_by_their_line() {
    let text = "# Rules, TLP:AMBER\nalert tcp any any -> any 80 (msg:\"one\"; sid:1;)\n\
        #alert tcp any any -> any 80 (msg:\"off\"; sid:2;)\nalert tcp any any -> any 80 (msg:\"three\";)\n\
        alert tcp any any \\\n   -> any 80 (msg:\"four\"; sid:4; metadata:created_at 2026_11_20, updated_at 2026_11_21;)\n";
    let made = made(text);
    let [first, last] = made.of("indicator")[..] else { panic!("{:?}", made.objects) };
    assert_eq!((&first["pattern_type"], &first["name"]), (&"snort".into(), &"one".into()));
    assert_eq!(first["pattern"], "alert tcp any any -> any 80 (msg:\"one\"; sid:1;)");
    assert_eq!(first["object_marking_refs"][0], forewarn_stix::marking::Tlp::Amber.id());
    assert_eq!(
        (&last["created"], &last["modified"]),
        (&"2026-11-20T00:00:00.000Z".into(), &"2026-11-21T00:00:00.000Z".into())
    );
    assert_eq!(
        made.told,
        ["line 3: a rule that is switched off: it is not converted", "line 4: has no `sid`"]
    );
    let suricata =
        self::made("alert dns any any -> any any (msg:\"x\"; dns.query; content:\"a\"; sid:1;)\n");
    assert_eq!(suricata.of("indicator")[0]["pattern_type"], "suricata");
}

#[test]
fn rules_of_sigma_and_yara_are_kept_whole() {
    let sigma = "title: a\nlogsource:\n  product: windows\ndetection:\n  s:\n    a: b\n  condition: s\n---\ntitle: [\n";
    let made = made(sigma);
    assert_eq!(made.of("indicator")[0]["pattern_type"], "sigma");
    assert_eq!(made.told.len(), 1, "{:?}", made.told);
    assert!(made.told[0].contains("no YAML"), "{:?}", made.told);
    let yara = self::made("rule a { condition: true }\nrule b { strings: $a = \"x\" }\n");
    assert_eq!(yara.of("indicator")[0]["pattern"], "rule a { condition: true }");
    assert_eq!(yara.told, ["line 2: the rule `b` has no condition"]);
}
