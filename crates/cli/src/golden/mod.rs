//! What each code of a refusal looks like: one file for each in `tests/golden/`, with the answer of
//! the API and what the command line makes of it.
//!
//! A refusal goes the product's way: the problem that `forewarn-web` answers with, its bytes, the
//! client that reads them, and what the program prints. `UPDATE_GOLDEN=1` writes the files again.

mod rules;
mod told;

use crate::client;
use crate::wait::wait_for;
use axum::response::IntoResponse as _;
use forewarn_exchange::Code;
use forewarn_web::problem::Problem;
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A refusal with this code. Where a rule of the exchange refuses by itself, the rule is asked;
/// otherwise the words are written out.
fn example(code: Code) -> Problem {
    let made = rules::refusal(code).map(Problem::from).or_else(|| told::problem(code));
    let problem = made.unwrap_or_else(|| panic!("give `{code}` an example: golden/told.rs"));
    assert_eq!(problem.code(), code, "the example is of another code");
    problem
}

/// The three parts of a golden file.
fn shown(problem: Problem) -> String {
    let response = problem.into_response();
    let status = response.status();
    let mut headers: Vec<String> = response
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let body = wait_for(async { Ok(response.into_body().collect().await.unwrap().to_bytes()) });
    let body = body.unwrap();
    let mut document: Value = serde_json::from_slice(&body).unwrap();
    // In an order that no library decides.
    document.sort_all_objects();
    let failed = client::refusal(status.as_u16(), &body);
    format!(
        "== status\n{}\n{}\n\n== problem document\n{}\n\n== command line\n{failed}\nexit status {}\n",
        status.as_u16(),
        headers.join("\n"),
        serde_json::to_string_pretty(&document).unwrap(),
        failed.exit_status(),
    )
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("golden")
}

fn files() -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn each_code_looks_as_its_golden_file_says_and_no_file_is_left_over() {
    let expected: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.txt")).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(folder()).unwrap();
        for left_over in files().difference(&expected) {
            std::fs::remove_file(folder().join(left_over)).unwrap();
        }
        for code in Code::ALL {
            std::fs::write(folder().join(format!("{code}.txt")), shown(example(*code))).unwrap();
        }
    }
    assert_eq!(
        files(),
        expected,
        "one file for each code: UPDATE_GOLDEN=1 writes and removes them"
    );
    let differs = |code: &&Code| {
        let golden = std::fs::read_to_string(folder().join(format!("{code}.txt"))).unwrap();
        let now = shown(example(**code));
        if golden != now {
            println!("{code} is now:\n{now}");
        }
        golden != now
    };
    let different: Vec<&Code> = Code::ALL.iter().filter(differs).collect();
    assert!(different.is_empty(), "{different:?} differ; if that is meant, UPDATE_GOLDEN=1");
}

#[test]
fn an_answer_that_is_not_a_problem_is_still_told_with_its_status() {
    let told = |status: u16| {
        let failed = client::refusal(status, b"<html>");
        (failed.to_string(), failed.exit_status())
    };
    assert_eq!(told(404), ("forewarn: the node answered 404".to_owned(), 1));
    assert_eq!(told(502), ("forewarn: the node answered 502".to_owned(), 3));
}
