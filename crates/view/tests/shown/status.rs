use super::shown;
use forewarn_exchange::Refusal;
use forewarn_exchange::refusal::Hint;
use forewarn_view::hint::Surface;
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
    let busy = json!({
        "cases_open": 2, "cases_overdue": 1, "cases_with_open_questions": 1, "contradictions": 1,
        "entries_waiting": 3,
        "node": {
            "journal": 9, "writing": true,
            "followers": [follower("matcher", 4, None), follower("clocks", 0, Some("it failed"))],
            "copies": [{ "partner": "east.example", "why": "another copy has written" }],
        },
        "trial": { "waiting": 3, "from": 0, "at": 0, "until": 0 },
        "warnings_new": 1,
    });
    let quiet = json!({
        "cases_open": 0, "cases_overdue": 0, "cases_with_open_questions": 0, "contradictions": 0,
        "entries_waiting": 0, "node": { "journal": 9, "writing": false, "followers": [] },
        "trial": null, "warnings_new": 0,
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
