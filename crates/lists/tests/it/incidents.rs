//! Reports of incidents and of abuse, as people and machines send them.

use forewarn_lists::{Asked, Columns, Form, Meaning, convert};
use forewarn_stix::Timestamp;
use serde_json::{Value, json};

/// What a report becomes, and what of it is lost.
fn read(text: &str) -> (Vec<Value>, Vec<String>) {
    let form = Form::of(text.as_bytes()).unwrap();
    let dated = Timestamp::parse("2026-01-01T00:00:00.000Z").unwrap();
    let asked = Asked { form, columns: Columns::Guessed, meaning: Meaning::Watched, dated };
    let mut objects: Vec<Value> = Vec::new();
    let mut sink = |bytes: &[u8]| objects.push(serde_json::from_slice(bytes).unwrap());
    let losses = convert(&mut || Ok(text.as_bytes()), &asked, &mut sink).unwrap();
    for object in &objects {
        let judged = forewarn_stix::judge(object.to_string().as_bytes());
        assert!(judged.object.is_some(), "{object}: {:?}", judged.findings);
    }
    (objects, losses.list().iter().map(ToString::to_string).collect())
}

fn of<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|one| one["type"] == kind).collect()
}

fn values(objects: &[Value], kind: &str) -> Vec<String> {
    of(objects, kind).iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
}

const IODEF: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<IODEF-Document version="2.00" xml:lang="en" xmlns="urn:ietf:params:xml:ns:iodef-2.0">
 <Incident purpose="reporting" restriction="green">
  <IncidentID name="csirt.example.com">189493</IncidentID>
  <StartTime>2026-01-02T10:00:00+00:00</StartTime>
  <GenerationTime>2026-01-02T12:00:00+02:00</GenerationTime>
  <Description>Host scans</Description>
  <Contact role="creator" type="organization"><ContactName>CSIRT</ContactName></Contact>
  <EventData>
   <Flow>
    <System category="source"><Node><Address category="ipv4-addr">192.0.2.200</Address></Node>
     <Service ip-protocol="6"><Port>57</Port></Service></System>
    <System category="target"><Node><Address category="ipv4-addr">198.51.100.9</Address></Node></System>
   </Flow>
   <Colour>red</Colour>
  </EventData>
  <IndicatorData><Indicator><IndicatorID name="x" version="1">i1</IndicatorID>
   <Observable><DomainData><Name>c2.example.org</Name></DomainData></Observable>
   <Observable><FileData><File><FileName>a.exe</FileName><HashData scope="file-contents"><Hash>
     <DigestMethod Algorithm="md5"/><DigestValue>1B2M2Y8AsgTpgAmY7PhCfg==</DigestValue>
   </Hash></HashData></File></FileData></Observable></Indicator></IndicatorData>
 </Incident>
</IODEF-Document>"#;

#[test]
fn an_incident_of_iodef_is_a_report_of_sources_victims_and_what_to_watch_for() {
    let (objects, lost) = read(IODEF);
    let report = of(&objects, "report")[0];
    assert_eq!(report["name"], "incident 189493 of csirt.example.com");
    assert_eq!(report["published"], "2026-01-02T10:00:00.000Z");
    let words = report["description"].as_str().unwrap();
    for word in ["source: 192.0.2.200", "victim: 198.51.100.9", "Host scans", "CSIRT"] {
        assert!(words.contains(word), "{words}");
    }
    assert_eq!(values(&objects, "ipv4-addr"), ["192.0.2.200", "198.51.100.9"]);
    let patterns: Vec<&str> =
        of(&objects, "indicator").iter().map(|one| one["pattern"].as_str().unwrap()).collect();
    assert_eq!(
        patterns,
        [
            "[domain-name:value = 'c2.example.org']",
            "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
        ]
    );
    let marked = report["object_marking_refs"][0].as_str().unwrap();
    assert_eq!(
        forewarn_stix::marking::Tlp::of_id(marked),
        Some(forewarn_stix::marking::Tlp::Green)
    );
    assert!(lost.len() == 1 && lost[0].contains("Colour"), "{lost:?}");
}

#[test]
fn the_same_incident_in_json_says_the_same() {
    let incident = json!({ "version": "2.0", "lang": "en", "Incident": [{
        "purpose": "reporting", "restriction": "green",
        "IncidentID": { "id": "189493", "name": "csirt.example.com" },
        "GenerationTime": "2026-01-02T10:00:00-00:00",
        "EventData": [{ "Flow": [{ "System": [
            { "category": "source",
              "Node": { "Address": [{ "value": "192.0.2.200", "category": "ipv4-addr" }] } },
            { "category": "target",
              "Node": { "Address": [{ "value": "198.51.100.9", "category": "ipv4-addr" }] } },
        ] }] }],
    }] });
    let (objects, lost) = read(&incident.to_string());
    assert_eq!(values(&objects, "ipv4-addr"), ["192.0.2.200", "198.51.100.9"]);
    assert_eq!(of(&objects, "report")[0]["name"], "incident 189493 of csirt.example.com");
    assert!(lost.is_empty(), "{lost:?}");
}

const ARF: &str = "From: <abusedesk@example.com>\r\nDate: Thu, 8 Jan 2026 17:40:36 +0000\r\n\
    Subject: FW: Earn money\r\nTo: <abuse@example.net>\r\nMIME-Version: 1.0\r\n\
    Message-ID: <1@example.com>\r\n\
    Content-Type: multipart/report; report-type=feedback-report;\r\n boundary=\"part\"\r\n\r\n\
    --part\r\nContent-Type: text/plain\r\n\r\nThis is a report of abuse.\r\n\r\n\
    --part\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\
    User-Agent: SomeGenerator/1.0\r\nVersion: 1\r\nOriginal-Mail-From: <somespammer@example.net>\r\n\
    Original-Rcpt-To: <user@example.com>\r\nArrival-Date: Thu, 8 Jan 2026 14:00:00 +0000\r\n\
    Source-IP: 192.0.2.1\r\nReported-Domain: example.net\r\n\
    Reported-URI: http://example.net/earn_money.html\r\n\r\n\
    --part\r\nContent-Type: message/rfc822\r\n\r\nFrom: <somespammer@example.net>\r\n\
    Subject: Earn money\r\n\r\nSpam Spam Spam\r\n--part--\r\n";

#[test]
fn a_mail_of_an_abuse_desk_says_who_sent_what_to_whom() {
    let (objects, lost) = read(ARF);
    assert_eq!(values(&objects, "ipv4-addr"), ["192.0.2.1"]);
    assert_eq!(values(&objects, "domain-name"), ["example.net"]);
    assert_eq!(values(&objects, "url"), ["http://example.net/earn_money.html"]);
    assert_eq!(values(&objects, "email-addr"), ["somespammer@example.net", "user@example.com"]);
    let report = of(&objects, "report")[0];
    assert_eq!(report["name"], "report of abuse (abuse): FW: Earn money");
    let words = report["description"].as_str().unwrap();
    assert!(words.contains("victim: user@example.com"), "{words}");
    assert!(
        words.contains("This is a report of abuse.") && !words.contains("Spam Spam"),
        "{words}"
    );
    assert_eq!(of(&objects, "observed-data")[0]["first_observed"], "2026-01-08T14:00:00.000Z");
    assert!(lost.len() == 1 && lost[0].contains("complained of"), "{lost:?}");
}

const XARF: &str = "From: reporter@example.com\r\nSubject: abuse report about 192.0.2.5\r\n\
    X-XARF: PLAIN\r\nDate: Thu, 8 Jan 2026 17:40:36 +0000\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"part\"\r\n\r\n\
    --part\r\nContent-Type: text/plain; charset=utf8\r\n\r\nSomebody tries passwords.\r\n\
    --part\r\nContent-Type: text/plain; charset=utf8; name=\"report.txt\"\r\n\r\n\
    ---\r\nReported-From: reporter@example.com\r\nCategory: abuse\r\nReport-Type: login-attack\r\n\
    Service: ssh\r\nPort: 22\r\nReport-ID: 1@example.com\r\nDate: Thu, 8 Jan 2026 14:00:00 +0000\r\n\
    Source: 192.0.2.5\r\nSource-Type: ip-address\r\nDestination: 198.51.100.3\r\n\
    Destination-Type: ip-address\r\nTLP: green\r\n--part--\r\n";

#[test]
fn x_arf_is_read_as_a_mail_and_as_json() {
    let (objects, lost) = read(XARF);
    assert_eq!(values(&objects, "ipv4-addr"), ["192.0.2.5", "198.51.100.3"]);
    let report = of(&objects, "report")[0];
    assert_eq!(
        report["name"],
        "report of abuse (abuse, login-attack): abuse report about 192.0.2.5"
    );
    assert!(report["description"].as_str().unwrap().contains("Port: 22"));
    assert!(lost.is_empty(), "{lost:?}");

    let json = json!({
        "xarf_version": "4.0.0", "report_id": "r1", "timestamp": "2026-01-08T14:00:00Z",
        "reporter": { "org": "Example", "contact": "abuse@example.com" },
        "source_identifier": "192.0.2.5", "category": "connection", "type": "login_attack",
        "destination_ip": "198.51.100.3",
        "evidence": [{ "content_type": "text/plain", "description": "log", "payload": "AAAA" }],
    });
    let (objects, lost) = read(&json.to_string());
    assert_eq!(values(&objects, "ipv4-addr"), ["192.0.2.5", "198.51.100.3"]);
    assert!(of(&objects, "report")[0]["description"].as_str().unwrap().contains("Example"));
    assert!(lost.len() == 1 && lost[0].contains("log"), "{lost:?}");
}

#[test]
fn an_alert_of_cap_is_known_by_its_beginning() {
    let alert = "<?xml version='1.0'?>\n<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>\
        <identifier>1</identifier><sender>a@b.example</sender>\
        <sent>2026-01-02T12:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType>\
        <scope>Public</scope></alert>";
    let (objects, _) = read(alert);
    assert_eq!(of(&objects, "report").len(), 1);
}

#[test]
fn a_restriction_that_nobody_knows_refuses_the_whole() {
    let text = IODEF.replace("restriction=\"green\"", "restriction=\"purple\"");
    let dated = Timestamp::parse("2026-01-01T00:00:00.000Z").unwrap();
    let form = Form::Iodef;
    let asked = Asked { form, columns: Columns::Guessed, meaning: Meaning::Watched, dated };
    let refused = convert(&mut || Ok(text.as_bytes()), &asked, &mut |_| {}).unwrap_err();
    assert!(refused.to_string().contains("purple"), "{refused}");
}
