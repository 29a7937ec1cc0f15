//! What columns hold: guessed and shown, or said.

use super::{asked, made, made_as, refused};
use forewarn_lists::{Form, guess};

fn guessed(text: &str) -> (String, Vec<String>) {
    let form = Form::of(text.as_bytes()).unwrap();
    let mapping = guess(text.as_bytes(), form).unwrap();
    (mapping.to_string(), mapping.unknown().map(str::to_owned).collect())
}

#[test]
fn a_guess_is_what_columns_takes_and_names_what_it_does_not_know() {
    let text =
        "address,seen,colour\n198.51.100.7,2026-11-20 10:00:00,red\n198.51.100.8,2026-11-21,\n";
    let (guess, unknown) = guessed(text);
    assert_eq!(
        (guess.as_str(), unknown),
        ("address=ip,seen=first_seen", vec!["colour".to_owned()])
    );
    let said = made_as(text, &asked(text, &guess)).unwrap();
    assert_eq!(said.objects, made(text).objects);
    assert_eq!(
        said.patterns(),
        ["[ipv4-addr:value = '198.51.100.7']", "[ipv4-addr:value = '198.51.100.8']"]
    );
    let first = said.of("indicator")[0];
    assert_eq!(first["valid_from"], "2026-11-20T10:00:00.000Z");
    assert_eq!(first["description"], "colour: red");
    assert!(said.told.is_empty(), "{:?}", said.told);
}

#[test]
fn columns_are_guessed_by_their_values_where_names_say_nothing_or_something_else() {
    for (text, guess) in [
        // A header in a comment, as abuse.ch writes it.
        (
            "# Last updated: 2026-11-20 10:00:00 (UTC)\n# \"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\"\n\
             \"2026-11-20 09:00:00\",\"198.51.100.7\",\"443\",\"online\"\n",
            "first_seen_utc=first_seen,dst_ip=ip",
        ),
        ("198.51.100.7\tevil.example\n198.51.100.8\tworse.example\n", "1=ipv4-addr,2=domain-name"),
        ("1.10.16.0/20 ; SBL1\n1.19.0.0/16 ; SBL2\n", "1=ipv4-addr"),
        (
            "type;indicator;tags\nip;198.51.100.7;a|b\ndomain;evil.example;\n",
            "type=type,indicator=value,tags=labels",
        ),
        ("evil.example\n198.51.100.7\nhttp://evil.example/x\n", "1=value,comment=description"),
        ("evil.example\nworse.example\n", "1=value,comment=description"),
        ("domain,url\nhttp://evil.example/,https://report.example/1\n", "domain=url,url=url"),
        ("ip,link,asn\n198.51.100.7,https://report.example/1,AS64496\n", "ip=ip,link=url"),
        ("host,reference\nevil.example,https://report.example/1\n", "host=domain-name"),
        ("md5,sha256,file\nd41d8cd98f00b204e9800998ecf8427e,,a.exe\n", "md5=md5,file=file-name"),
        (
            "{\"ioc\":\"evil.example\",\"more\":{\"seen\":1763632800}}\n{\"ioc\":\"worse.example\"}\n",
            "ioc=domain-name",
        ),
    ] {
        assert_eq!(guessed(text).0, guess, "{text}");
    }
}

#[test]
fn what_is_said_of_columns_must_fit_the_list() {
    let text = "a,b\n198.51.100.7,x\n";
    for (columns, why) in [
        ("c=ip", "there is no column `c`; there are `a`, `b`"),
        ("a=colour", "`colour` is none of ipv4-addr"),
        ("a", "not of the form COLUMN=TYPE"),
        ("a=ip,b=type", "there is none"),
        ("a=name,b=name", "two columns are `name`"),
        ("b=description", "none of them holds something that can be watched for"),
    ] {
        let told = refused(text, columns);
        assert!(told.contains(why), "{columns}: {told}");
    }
    let none = "number,colour\n1,red\n2,blue\n";
    assert!(refused(none, "guessed").contains("no column holds"), "{}", refused(none, "guessed"));
}

#[test]
fn what_is_left_out_is_left_out_because_somebody_says_so() {
    let text = "ip,secret\n198.51.100.7,hush\n";
    let made = made_as(text, &asked(text, "ip=ip,secret=left-out")).unwrap();
    assert!(made.told.is_empty());
    assert!(!made.objects[0].to_string().contains("hush"));
}
