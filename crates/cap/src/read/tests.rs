//! Alerts as authorities send them.

use super::*;

fn alert(message: &str, more: &str, info: &str) -> String {
    format!(
        "<?xml version='1.0'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>\
         <identifier>A-{message}</identifier><sender>cap@weather.example</sender>\
         <sent>2026-01-02T12:00:00+01:00</sent><status>Actual</status><msgType>{message}</msgType>\
         <scope>Public</scope>{more}{info}</alert>"
    )
}

const INFO: &str = "<info><category>Met</category><event>Flood</event><urgency>Immediate</urgency>\
    <severity>Severe</severity><certainty>Likely</certainty>\
    <expires>2026-01-03T00:00:00-00:00</expires><headline>Flood at the lake</headline>\
    <description>The water rises.</description><area><areaDesc>Lake county</areaDesc>\
    <polygon>10,20 10,22 12,22 12,20 10,20</polygon><circle>11,21 5</circle>\
    <geocode><valueName>ISO 3166-1</valueName><value>de</value></geocode></area>\
    <area><areaDesc>The whole north</areaDesc></area></info>";

fn read(file: &str) -> (Vec<Value>, Losses) {
    let mut objects = Vec::new();
    let losses = to_stix(file.as_bytes(), &mut |object| objects.push(object)).unwrap();
    for object in &objects {
        let judged = forewarn_stix::judge(object.to_string().as_bytes());
        assert!(judged.object.is_some(), "{object}: {:?}", judged.findings);
    }
    (objects, losses)
}

fn of<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|one| one["type"] == kind).collect()
}

#[test]
fn an_alert_is_a_report_with_its_areas() {
    let (objects, losses) = read(&alert("Alert", "", INFO));
    assert!(losses.is_empty(), "{losses:?}");
    let report = of(&objects, "report")[0];
    assert_eq!(
        (&report["name"], &report["published"]),
        (&json!("Flood at the lake"), &json!("2026-01-02T11:00:00.000Z"),)
    );
    let words = report["description"].as_str().unwrap();
    for word in ["The water rises.", "expires: 2026-01-03T00:00:00Z", "The whole north", "Likely"] {
        assert!(words.contains(word), "{words}");
    }
    assert_eq!(report["object_marking_refs"][0], Tlp::Clear.id());
    let places = of(&objects, "location");
    assert_eq!(places.len(), 2);
    assert_eq!((&places[0]["latitude"], &places[0]["precision"]), (&json!(11.0), &json!(5000.0)));
    assert_eq!((&places[1]["latitude"], &places[1]["country"]), (&json!(11.0), &json!("DE")));
    assert!(places[1]["description"].as_str().unwrap().starts_with("polygon: 10,20"));
    assert_eq!(report["object_refs"].as_array().unwrap().len(), 3);
}

#[test]
fn an_update_and_a_cancellation_end_what_they_refer_to() {
    let (first, _) = read(&alert("Alert", "", INFO));
    let first = &of(&first, "report")[0]["id"];
    let refers = "<references>cap@weather.example,A-Alert,2026-01-02T11:00:00-00:00</references>";
    for message in ["Update", "Cancel"] {
        let (objects, _) = read(&alert(message, refers, INFO));
        let reports = of(&objects, "report");
        assert_eq!((&reports[0]["id"], &reports[0]["revoked"]), (first, &json!(true)));
        assert_ne!(&reports[1]["id"], first);
    }
    let (objects, _) = read(&alert("Cancel", refers, ""));
    assert_eq!(of(&objects, "report").len(), 1);
}

#[test]
fn whom_it_is_for_is_kept_as_a_marking() {
    let scoped = |scope: &str, more: &str| {
        let file = alert("Alert", more, INFO).replace("Public", scope);
        let mut objects = Vec::new();
        to_stix(file.as_bytes(), &mut |object| objects.push(object)).map(|_| {
            let report = of(&objects, "report")[0].clone();
            Tlp::of_id(report["object_marking_refs"][0].as_str().unwrap()).unwrap()
        })
    };
    assert_eq!(scoped("Private", "<addresses>a b</addresses>").unwrap(), Tlp::AmberStrict);
    assert_eq!(
        scoped("Restricted", "<restriction>police</restriction>").unwrap(),
        Tlp::AmberStrict
    );
    assert_eq!(scoped("Restricted", "<code>TLP:GREEN</code>").unwrap(), Tlp::Green);
    assert_eq!(scoped("Public", "<code>TLP:RED</code>").unwrap(), Tlp::Red);
    assert!(matches!(scoped("Public", "<code>TLP:PURPLE</code>"), Err(NotRead::Handling(_))));
}

#[test]
fn what_is_not_meant_or_is_no_alert_is_refused() {
    let mut none = |_| panic!("nothing is made of it");
    let mut why = |file: &str| to_stix(file.as_bytes(), &mut none).unwrap_err().to_string();
    let exercise = alert("Alert", "", INFO).replace("Actual", "Exercise");
    assert!(why(&exercise).contains("status Exercise"));
    assert!(why("<html/>").contains("begins with `html`"));
    assert!(why("<alert/>").contains("has no `identifier`"));
    assert!(
        why(&alert("Alert", "", INFO).replace("2026-01-02T12", "tomorrow")).contains("no time")
    );
    assert!(why("<!DOCTYPE alert []><alert/>").contains("document type"));
}

#[test]
fn what_no_object_says_is_told() {
    let more = "<signature>abc</signature>";
    let info = INFO.replace("<area>", "<resource><resourceDesc>map</resourceDesc>\
        <mimeType>image/png</mimeType><derefUri>AAAA</derefUri></resource><colour>red</colour><area>");
    let (objects, losses) = read(&alert("Alert", more, &info));
    let told: Vec<String> = losses.list().iter().map(ToString::to_string).collect();
    let told = told.join("\n");
    for word in ["signature", "derefUri", "colour"] {
        assert!(told.contains(word), "{told}");
    }
    let words = of(&objects, "report")[0]["description"].as_str().unwrap();
    assert!(words.contains("resource: map, image/png"), "{words}");
}

/// What we write is read as what it says.
#[test]
fn an_alert_of_ours_is_read() {
    use crate::{Info, MessageType, Scope, Status, write};
    let name = |text: &str| crate::Name::parse(text).unwrap();
    let time = Timestamp::parse("2026-01-02T11:00:00Z").unwrap();
    let ours = crate::Alert {
        identifier: name("x"),
        sender: name("west.example"),
        sent: time.clone(),
        status: Status::Actual,
        message: MessageType::Alert,
        scope: Scope::Private { addresses: vec![name("east.example")] },
        codes: vec!["TLP:AMBER".to_owned()],
        note: None,
        references: Vec::new(),
        info: vec![Info {
            language: Some("en".to_owned()),
            categories: vec![crate::Category::Security],
            event: "Warning".to_owned(),
            urgency: crate::Urgency::Immediate,
            severity: crate::Severity::Extreme,
            certainty: crate::Certainty::Likely,
            effective: time.clone(),
            expires: time,
            sender_name: "West".to_owned(),
            headline: "A bombing is planned".to_owned(),
            description: "At the cathedral.".to_owned(),
            parameters: Vec::new(),
            resources: Vec::new(),
            areas: Vec::new(),
        }],
    };
    let (objects, losses) = read(&String::from_utf8(write(&ours).unwrap()).unwrap());
    assert!(losses.is_empty(), "{losses:?}");
    let report = of(&objects, "report")[0];
    assert_eq!(report["name"], "A bombing is planned");
    assert_eq!(report["object_marking_refs"][0], Tlp::Amber.id());
}
