use super::{row, shown};
use forewarn_exchange::Refusal;
use forewarn_exchange::refusal::Hint;
use forewarn_stix::marking::Tlp;
use forewarn_view::hint::Surface;
use forewarn_view::need::NeedLine;
use forewarn_view::problem::Document;
use forewarn_view::status::Overview;
use serde_json::json;

#[test]
fn what_is_going_on() {
    let follower = |name: &str, behind: i64, ended: Option<&str>| {
        let restarts = u64::from(ended.is_some());
        json!({
            "name": name, "running": true, "restarts": restarts, "ended": ended, "behind": behind,
        })
    };
    let need = |state: &str, status: &str, number: i64| {
        json!({
            "state": state, "due": "2017-12-15T09:45:00Z", "since": "2017-12-15T09:30:00Z",
            "kind": "finding", "about": "case", "id": number, "partner": "east.example",
            "status": status, "urgency": "immediate", "permission": "draft",
            "need": format!("finding case-{number}"),
            "command": format!("forewarn case finding {number}"),
            "act": format!("the act `case-finding` of case {number}"),
        })
    };
    let list = |needs: Vec<serde_json::Value>, [overdue, soon, exercise]: [usize; 3]| {
        json!({
            "at": "2017-12-15T09:50:00Z", "overdue": overdue, "soon": soon, "later": 0,
            "exercise": exercise, "exercise_overdue": 0, "more": false, "needs": needs,
        })
    };
    let needs = vec![
        need("overdue", "Actual", 9),
        need("soon", "Actual", 10),
        need("running", "Exercise", 3),
    ];
    let busy = json!({
        "needs": list(needs, [1, 1, 1]), "contradictions": 1, "entries_waiting": 3,
        "node": {
            "journal": 9, "writing": true,
            "followers": [follower("matcher", 4, None), follower("clocks", 0, Some("it failed"))],
            "copies": [{ "partner": "east.example", "why": "another copy has written" }],
        },
        "trial": { "waiting": 3, "from": 0, "at": 0, "until": 0 },
    });
    let quiet = json!({
        "needs": list(Vec::new(), [0, 0, 0]), "contradictions": 0, "entries_waiting": 0,
        "node": { "journal": 9, "writing": false, "followers": [] }, "trial": null,
    });
    let all = [&busy, &quiet].map(|json| shown(json, Overview::words));
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn a_problem_says_what_to_do_in_the_words_of_each_surface() {
    let refusal = Refusal::unknown("case", 7)
        .hint(Hint::Find { case: forewarn_exchange::id::CaseNumber::new(7) });
    let document = Document::new(&refusal, 404, None);
    let words = |document: &Document| {
        let hint = |surface| document.hint_for(surface).unwrap_or_default();
        format!("{}\n{}", hint(Surface::CommandLine), hint(Surface::Api))
    };
    insta::assert_snapshot!(shown(&serde_json::to_value(&document).unwrap(), words));
}

/// One of each kind, with what it is about as a person or another program reads it.
#[test]
fn what_needs_somebody() {
    let full = json!({
        "state": "soon", "due": "2017-12-15T09:45:00Z", "since": null, "kind": "release",
        "about": "case", "id": 3, "partner": "east.example", "status": "Actual", "urgency": null,
        "permission": "release", "not": ["ana", "anton"], "need": "release case-3",
        "command": "forewarn case preview 3", "act": "the act `case-release` of case 3",
    });
    let titled = json!({
        "state": "overdue", "due": "2017-12-15T09:45:00Z", "since": "2017-12-15T09:30:00Z",
        "kind": "outcome", "about": "warning", "id": 4, "partner": "east.example",
        "status": "Test", "urgency": "future", "permission": "receive", "only": "dora",
        "title": "Planned\nbombing \u{202e}", "tlp": "amber", "need": "outcome warning-4",
        "command": "forewarn warning outcome 4", "act": "the act `warning-outcome` of warning 4",
    });
    let asked = json!({
        "state": "running", "due": null, "since": null, "kind": "question",
        "about": "question", "id": [3, 7], "partner": "east.example", "status": "Actual",
        "urgency": null, "permission": "release", "note": "a note",
        "taken": { "by": "dora", "at": "2017-12-15T09:31:00Z" }, "need": "question case-3 7",
        "command": "forewarn case answer 3 --question 7 --text TEXT", "act": "x",
    });
    let all = [&full, &titled, &asked].map(|json| shown(json, row::<NeedLine>));
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn what_is_red_is_told_of_without_its_title() {
    let need = forewarn_exchange::need::of_quarantine(
        1,
        1,
        forewarn_stix::Timestamp::parse("2017-12-15T09:30:00Z").unwrap(),
    );
    let title = |tlp| Some(("Planned bombing".to_owned(), tlp));
    let now = forewarn_stix::Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
    let line = |tlp| NeedLine::of(&need, title(tlp), None, &now);
    assert_eq!(line(Tlp::Red).title, None);
    assert!(line(Tlp::Amber).what().contains("Planned bombing"));
}
