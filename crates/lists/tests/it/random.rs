//! Whatever stands in a list, what comes of it is valid, and each line is either converted or told.

use super::{asked, made_as};
use forewarn_lists::Form;
use proptest::prelude::*;
use std::fmt::Write as _;

const FORMS: [Form; 13] = [
    Form::Table,
    Form::Lines,
    Form::Json,
    Form::Hosts,
    Form::Snort,
    Form::Suricata,
    Form::Sigma,
    Form::Yara,
    Form::OpenIoc,
    Form::Cap,
    Form::Iodef,
    Form::Xarf,
    Form::Arf,
];

/// A good file of each form.
const GOOD: [(Form, &str); 13] = [
    (Form::Table, "# TLP:GREEN\nip,seen,\"a, b\",tlp\n198.51.100.7:80,2026-11-20,\"x\ny\",amber\n"),
    (
        Form::Lines,
        "# Last updated: 2026-11-20\nevil[.]example # seen\nhxxp://evil.example/a'b\n2001:db8::/32\n",
    ),
    (
        Form::Json,
        "{\"ioc\":\"evil.example\",\"more\":{\"seen\":1763632800,\"tags\":[\"a\"]}}\n{\"ioc\":\"a.example\"}\n",
    ),
    (Form::Hosts, "127.0.0.1 localhost\n0.0.0.0 evil.example worse.example # ads\n"),
    (
        Form::Snort,
        "alert tcp any any -> [1.2.3.4, 5.6.7.8] 80 (msg:\"a \\\"b\\\"\"; reference:cve,2017-0144; sid:1; metadata:created_at 2026_11_20;)\n",
    ),
    (
        Form::Suricata,
        "alert dns any any \\\n -> any any (msg:\"x\"; dns.query; content:\"|3b|a\"; sid:1; rev:2;)\n# off\n",
    ),
    (
        Form::Sigma,
        "title: a\ndate: 2026/11/20\ntags: [a.b]\nlogsource: {product: x}\ndetection:\n  s:\n    a: &x b\n    c: *x\n  condition: s\n---\n",
    ),
    (
        Form::Yara,
        "import \"pe\"\n/* } */ private rule a : b { meta: c = \"}\" strings: $a = { 4D ?? } $b = /a\\/b/ condition: $a or $b }\nrule b { condition: a }",
    ),
    (
        Form::OpenIoc,
        "<ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\"><Indicator operator=\"OR\"><IndicatorItem condition=\"is\">\
         <Context search=\"Network/DNS\"/><Content>evil.example</Content></IndicatorItem><Indicator operator=\"AND\">\
         <IndicatorItem condition=\"contains\"><Context search=\"FileItem/FileName\"/><Content>a&amp;b</Content></IndicatorItem>\
         </Indicator></Indicator></ioc>",
    ),
    (
        Form::Cap,
        "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>1</identifier><sender>a@b.example</sender>\
         <sent>2026-01-02T12:00:00-00:00</sent><status>Actual</status><msgType>Update</msgType><scope>Public</scope>\
         <references>a@b.example,0,2026-01-01T12:00:00-00:00</references><info><event>Flood</event><area><areaDesc>x</areaDesc>\
         <polygon>10,20 10,22 12,22 10,20</polygon><circle>1,2 3</circle></area></info></alert>",
    ),
    (
        Form::Iodef,
        "<IODEF-Document xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\"><Incident restriction=\"green\"><IncidentID name=\"a\">1</IncidentID>\
         <EventData><Flow><System category=\"source\"><Node><Address category=\"ipv4-addr\">192.0.2.1</Address></Node></System></Flow></EventData>\
         </Incident></IODEF-Document>",
    ),
    (
        Form::Xarf,
        "{\"xarf_version\":\"4.0.0\",\"source_identifier\":\"192.0.2.5\",\"timestamp\":\"2026-01-08T14:00:00Z\",\"type\":\"spam\",\"evidence\":[{}]}",
    ),
    (
        Form::Arf,
        "Subject: a\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n\
         Source-IP: 192.0.2.1\nOriginal-Rcpt-To: a@b.example\n--b--\n",
    ),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn anything_is_converted_or_refused(
        text in r#"([a-z0-9.:/"',;#{}\[\]()\\\n\t $-]|198\.51\.100\.7|evil\.example|rule |condition:|alert |sid:1;){0,80}"#,
        form in prop::sample::select(&FORMS[..]),
    ) {
        let asked = forewarn_lists::Asked { form, ..asked("", "guessed") };
        let _ = made_as(&text, &asked);
    }

    #[test]
    fn a_list_with_bytes_changed_anywhere_is_converted_or_refused(
        which in 0..GOOD.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..8),
    ) {
        let (form, text) = GOOD[which];
        let mut bytes = text.as_bytes().to_vec();
        for (at, what, byte) in edits {
            let at = at.index(bytes.len() + 1);
            let signs = b"\"'#,;:|[]{}()\\\n /*-@.";
            let sign = signs[usize::from(byte) % signs.len()];
            match what {
                0 => bytes.insert(at, sign),
                1 if at < bytes.len() => bytes[at] = byte,
                2 if at < bytes.len() => drop(bytes.drain(at..(at + usize::from(byte % 16)).min(bytes.len()))),
                _ => bytes.splice(at..at, text.bytes().take(usize::from(byte))).for_each(drop),
            }
        }
        let asked = forewarn_lists::Asked { form, ..asked("", "guessed") };
        let _ = super::made_of(&bytes, &asked);
    }

    #[test]
    fn no_row_is_lost_in_silence(rows in prop::collection::vec((0..300_u32, "[a-z ]{0,8}"), 1..60)) {
        let mut text = String::from("ip,note\n198.51.100.7,first\n");
        for (n, note) in &rows {
            let _ = writeln!(text, "203.0.113.{n},\"{note}\"");
        }
        let made = made_as(&text, &asked(&text, "ip=ip")).unwrap();
        let good: std::collections::BTreeSet<_> = rows
            .iter()
            .filter(|(n, _)| *n < 256)
            .map(|(n, note)| (*n, super::tables::noted(note)))
            .collect();
        let bad = rows.iter().filter(|(n, _)| *n > 255).count();
        prop_assert_eq!((made.of("indicator").len(), made.told.len()), (good.len() + 1, bad));
    }
}
