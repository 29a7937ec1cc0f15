//! Lists of indicators: what their columns hold is shown before anything is made of them.

use forewarn_testkit::{Node, Pair};
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const LIST: &str = "address,seen,colour\n198.51.100[.]7,2026-11-20,red\nnowhere,2026-11-20,blue\n";

fn convert(input: &str, more: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    forewarn_testkit::fed(command.args([&["convert", "-"], more].concat()), input)
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_guess_is_shown_and_nothing_is_made_before_somebody_says_that_it_is_right() {
    let shown = convert(LIST, &["--to", "stix"]);
    assert_eq!(shown.status.code(), Some(1));
    let guess = words(&shown.stdout);
    assert!(guess.contains("--columns 'address=ip,seen=first_seen'"), "{guess}");
    assert!(guess.contains("into the description, as they stand: colour"), "{guess}");
    assert!(words(&shown.stderr).contains("--columns guessed"), "{}", words(&shown.stderr));

    let lost = convert(LIST, &["--to", "stix", "--columns", "guessed"]);
    assert_eq!((lost.status.code(), lost.stdout.len()), (Some(1), 0));
    let told = words(&lost.stderr);
    assert!(told.contains("lost: line 3, column `address`: `nowhere` is no ip"), "{told}");

    let made = convert(LIST, &["--to", "stix", "--columns", "guessed", "--lossy"]);
    let said =
        convert(LIST, &["--to", "stix", "--columns", "address=ip,seen=first_seen", "--lossy"]);
    assert!(made.status.success() && made.stdout == said.stdout, "{}", words(&made.stderr));
    let bundle: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(bundle["objects"].as_array().unwrap().len(), 1);
    assert_eq!(bundle["objects"][0]["pattern"], "[ipv4-addr:value = '198.51.100.7']");

    let wrong = convert(LIST, &["--to", "stix", "--columns", "address=colour"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", words(&wrong.stderr));
    let misp = convert(LIST, &["--to", "misp", "--columns", "guessed"]);
    assert!(words(&misp.stderr).contains("becomes STIX first"), "{}", words(&misp.stderr));
}

#[test]
fn rules_need_no_word_on_columns_and_a_form_may_be_said() {
    let rule = "alert tcp any any -> any 80 (msg:\"one\"; sid:1;)\n";
    let kind = |more: &[&str]| {
        let made = convert(rule, &[&["--to", "stix", "--dated", "2026-11-20"], more].concat());
        let bundle: Value = serde_json::from_slice(&made.stdout).unwrap();
        let one = &bundle["objects"][0];
        (one["pattern_type"].as_str().unwrap().to_owned(), one["created"].clone())
    };
    assert_eq!(kind(&[]), ("snort".to_owned(), "2026-11-20T00:00:00.000Z".into()));
    assert_eq!(kind(&["--list", "suricata"]).0, "suricata");
}

#[test]
fn a_list_is_taken_in_meets_interests_and_is_known_the_second_time() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let path = pair.west.write("list.csv", LIST.replace("nowhere", "198.51.100.8"));
    let told = pair.west.refused(&["intake", &path, "--as", "ana"]);
    assert!(told.contains("--columns guessed") && told.contains("--format text"), "{told}");
    assert!(pair.west.json(&["item", "list"]).is_empty());
    let intake = |path: &str| {
        pair.west.run(&["intake", path, "--columns", "guessed", "--as", "ana", "--json"])
    };
    let taken = |path: &str| serde_json::from_slice::<Value>(&intake(path).stdout).unwrap();
    assert_eq!(taken(&path)["added"], 2);
    assert_eq!(taken(&path)["known"], 2);
    let lines = "evil.example # seen\nshop.tickets.example\nnot a name\n";
    let path = pair.west.write("lines.txt", lines);
    let output = pair.west.run(&[
        "intake",
        &path,
        "--list",
        "lines",
        "--columns",
        "1=domain-name",
        "--as",
        "ana",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let told = words(&output.stderr);
    assert!(
        told.contains("not taken in: line 3, column `1`: `not a name` is no domain-name"),
        "{told}"
    );
    assert!(words(&output.stdout).contains("2 taken in"), "{}", words(&output.stdout));
    let cases = pair.west.json(&["case", "list"]);
    assert_eq!(cases.len(), 1, "{cases:?}");
}

#[test]
fn a_list_of_victims_is_what_was_observed() {
    let node = Node::start_new(PROGRAM, "west.example");
    let path =
        node.write("victims.csv", "timestamp,ip,port\n2026-11-20 10:00:00,198.51.100.7,443\n");
    let told = node.by("ana", &["intake", &path, "--columns", "guessed", "--observed"]);
    assert!(told.contains("3 taken in"), "{told}");
    let items = node.json(&["item", "list"]);
    let kinds: Vec<&str> =
        items.iter().map(|one| one["id"].as_str().unwrap().split("--").next().unwrap()).collect();
    assert_eq!(kinds, ["ipv4-addr", "observed-data", "note"]);
}

#[test]
fn openioc_is_taken_in_and_what_it_cannot_say_is_told() {
    let node = Node::start_new(PROGRAM, "west.example");
    let item = |search: &str, content: &str| {
        format!(
            "<IndicatorItem condition=\"is\"><Context search=\"{search}\"/><Content>{content}</Content></IndicatorItem>"
        )
    };
    let text = format!(
        "<?xml version=\"1.0\"?>\n<ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\"><definition>\
         <Indicator operator=\"OR\">{}{}</Indicator></definition></ioc>",
        item("Network/DNS", "evil.example"),
        item("HookItem/HookedModule", "x")
    );
    let path = node.write("a.ioc", text);
    let output = node.run(&["intake", &path, "--as", "ana"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output.stdout).contains("1 taken in"), "{}", words(&output.stderr));
    let told = words(&output.stderr);
    assert!(
        told.contains(
            "not taken in: line 2: the term `HookItem/HookedModule` is none that is read"
        ),
        "{told}"
    );
}

#[test]
fn objects_become_lists_and_what_cannot_be_said_is_named() {
    let rules = "evil.example\nworse.example\n198.51.100.7\n";
    let bundle = convert(rules, &["--to", "stix", "--columns", "guessed"]);
    let bundle = words(&bundle.stdout);
    let lost = convert(&bundle, &["--to", "hosts"]);
    assert_eq!((lost.status.code(), lost.stdout.len()), (Some(1), 0));
    assert!(
        words(&lost.stderr).contains("lost: ipv4-addr 198.51.100.7: cannot be said as hosts"),
        "{}",
        words(&lost.stderr)
    );
    let hosts = convert(&bundle, &["--to", "hosts", "--lossy"]);
    assert!(words(&hosts.stdout).ends_with("0.0.0.0 evil.example\n0.0.0.0 worse.example\n"));
    let plain = convert(&bundle, &["--to", "plain"]);
    assert_eq!(
        words(&plain.stdout),
        "198.51.100.7\nevil.example\nworse.example\n",
        "{}",
        words(&plain.stderr)
    );
    // From one list to another.
    let rpz = convert(rules, &["--to", "rpz", "--columns", "guessed"]);
    assert!(words(&rpz.stdout).contains("evil.example CNAME ."), "{}", words(&rpz.stderr));
}

const ALERT: &str = "<?xml version='1.0'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>\
    <identifier>A1</identifier><sender>cap@weather.example</sender>\
    <sent>2026-01-02T12:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType>\
    <scope>Public</scope><info><category>Met</category><event>Flood</event>\
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>\
    <headline>Flood at the lake</headline><area><areaDesc>Lake county</areaDesc>\
    <circle>38.5,-120.1 5</circle></area></info></alert>";

#[test]
fn an_alert_is_taken_in_with_its_areas_and_a_cancellation_revokes_it() {
    let node = Node::start_new(PROGRAM, "west.example");
    let path = node.write("alert.xml", ALERT);
    node.by("ana", &["intake", &path, "--source", "WEATHER"]);
    let items = node.json(&["item", "list"]);
    let ids: Vec<&str> = items.iter().filter_map(|one| one["id"].as_str()).collect();
    assert!(ids.iter().any(|id| id.starts_with("location--")), "{ids:?}");
    let report = ids.iter().find(|id| id.starts_with("report--")).unwrap();
    assert!(node.good(&["item", "show", report]).contains("Flood at the lake"));
    let refers = "<references>cap@weather.example,A1,2026-01-02T12:00:00-00:00</references>";
    let cancel = ALERT
        .replace("<msgType>Alert", "<msgType>Cancel")
        .replace(">A1<", ">A2<")
        .replace("12:00:00-00:00</sent>", "13:00:00-00:00</sent>")
        .replace("<info>", &format!("{refers}<info>"));
    let path = node.write("cancel.xml", cancel);
    node.by("ana", &["intake", &path, "--source", "WEATHER"]);
    let ended: Value = serde_json::from_str(&node.good(&["item", "show", report])).unwrap();
    assert_eq!(ended["revoked"], true, "{ended}");
    assert_eq!(node.good(&["quarantine", "list"]).lines().count(), 1);

    let made = convert(ALERT, &["--to", "stix"]);
    assert!(made.status.success(), "{}", words(&made.stderr));
    assert!(words(&made.stdout).contains("\"latitude\":38.5"));
    let exercise = convert(&ALERT.replace("Actual", "Exercise"), &["--to", "stix"]);
    assert!(words(&exercise.stderr).contains("status Exercise"), "{}", words(&exercise.stderr));
}

#[test]
fn contacts_are_proposed_from_files_and_nobody_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let dump = "inetnum: 192.0.2.0 - 192.0.2.255\nnetname: EX-NET\nabuse-c: EX1\n\n";
    let role = "role: Abuse\nnic-hdl: EX1\nabuse-mailbox: abuse@example.net\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(dump.as_bytes()).unwrap();
    std::fs::write(folder.path().join("inetnum.gz"), packed.finish().unwrap()).unwrap();
    std::fs::write(folder.path().join("role"), role).unwrap();
    let find = |value: &str| {
        let mut command = Command::new(PROGRAM);
        command.args(["contact", "find", value, "--in"]).arg(folder.path()).output().unwrap()
    };
    let found = find("192.0.2.7");
    let told = words(&found.stdout);
    assert!(told.contains("abuse-mailbox: abuse@example.net") && told.contains("EX-NET"), "{told}");
    assert!(words(&found.stderr).contains("told nobody"), "{}", words(&found.stderr));
    assert_eq!(find("198.51.100.1").status.code(), Some(1));
    assert!(!find("nothing at all").status.success());
}
