//! Two further stories in the browser: RED to two persons, and a warning that does not arrive.

use super::sign_in;
use crate::desk::{to_warn, two_desks};
use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::until;

/// Whom it names opens it; everybody else learns that it is there.
#[test]
#[ignore = "needs Chromium: make desk"]
fn what_is_red_is_opened_by_the_two_whom_it_names_and_by_nobody_else() {
    let pair = crate::red::pair();
    pair.case("A report.");
    let people = [("olga", "Olga Ek"), ("berta", "Berta Lind")];
    for (person, name) in people {
        pair.east.good(&["user", "add", person, "--role", "duty-officer", "--display", name]);
        give_password(&pair.east, person);
    }
    give_password(&pair.east, "dora");
    for person in ["ana", "otto"] {
        give_password(&pair.west, person);
    }
    let (mut ana, mut otto) = (sign_in(&pair.west, "ana"), sign_in(&pair.west, "otto"));
    ana.open(&pair.west, "/desk/cases/1/draft");
    ana.write("title", "Followed");
    ana.write("text", "You are followed.");
    ana.run("document.getElementById('f-tlp').value = 'red'");
    ana.click("Write the draft of case 1");
    ana.says("That was not done. Nothing has left.");
    ana.write("persons", "Olga Ek\nBerta Lind");
    ana.click("Write the draft of case 1");
    ana.says("Next: read and release the draft");
    otto.open(&pair.west, "/desk/cases/1/release");
    otto.says("Olga Ek");
    otto.write("secret", PASSWORD);
    otto.click("Release to east.example");
    otto.says("released by otto");
    until("the warning", || {
        pair.east.get("/api/v1/warnings").as_array().is_some_and(|all| all.len() == 1).then_some(())
    });
    let mut dora = sign_in(&pair.east, "dora");
    dora.open(&pair.east, "/desk/warnings/1");
    dora.says("Olga Ek");
    assert!(!dora.text().contains("You are followed") && !dora.text().contains("Followed"));
    for (n, (person, _)) in people.into_iter().enumerate() {
        let mut reader = sign_in(&pair.east, person);
        reader.open(&pair.east, "/desk/warnings/1");
        if n == 0 {
            reader.click("Open warning 1");
        }
        reader.says("You are followed.");
        assert_eq!(reader.complaints(), Vec::<String>::new());
    }
}

/// The partner's node is down: the desk says that it is not there, and who was told by telephone instead.
#[test]
#[ignore = "needs Chromium: make desk"]
fn what_does_not_arrive_is_told_by_telephone_and_arrives_once() {
    let mut pair = two_desks();
    let (mut writer, _) = to_warn(&pair);
    let draft = [("title", "Planned bombing"), ("text", "Two men plan an explosion.")];
    writer.open("/desk/cases/1/draft").send("Write the draft of case 1", &draft);
    pair.east.kill();
    let mut otto = sign_in(&pair.west, "otto");
    otto.open(&pair.west, "/desk/cases/1/release");
    otto.write("secret", PASSWORD);
    otto.click("Release to east.example");
    otto.says("Not delivered: ");
    otto.click("Record that they were told otherwise");
    otto.says("Read out exactly what was released.");
    otto.says("Two men plan an explosion.");
    otto.write("to", "duty desk of East, +7 812 555 0100");
    otto.click("Record it for case 1");
    otto.says("They were told beside the channel at");
    pair.east.start();
    let mut dora = sign_in(&pair.east, "dora");
    dora.says("Planned bombing");
    dora.click("Open warning 1");
    dora.says("Two men plan an explosion.");
    dora.says("duty desk of East, +7 812 555 0100");
    otto.open(&pair.west, "/desk/cases/1");
    assert!(!otto.text().contains("Not delivered"), "{}", otto.text());
    for browser in [&otto, &dora] {
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}
