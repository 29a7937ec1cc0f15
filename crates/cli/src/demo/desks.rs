//! What is left to be done by hand at the two desks, and how people sign in there.

use super::stage::Stage;
use super::story::{OURS, Story, THEIRS, crossed, user};
use crate::failure::Failed;
use crate::output;
use forewarn_exchange::card::digest_words;
use forewarn_node::clock;
use forewarn_view::case::CaseLine;
use forewarn_view::item::TakenIn;
use hyper::Method;
use serde_json::json;

const CALL: &[u8] = include_bytes!("inputs/call.txt");
/// Who signs in where, and what for.
const AT_WEST: &[(&str, &str)] =
    &[("ana", "finds and drafts"), ("otto", "decides, and releases what ana has drafted")];
const AT_EAST: &[(&str, &str)] =
    &[("dora", "opens and answers it"), ("otto", "approves dora's sentences")];

/// A further report comes in, and opens a case that nobody has touched; then everybody gets a
/// password. From then on a name alone is nobody.
pub(super) async fn open(story: &Story) -> Result<(), Failed> {
    let ana = story.ours.person("ana");
    let before = ana.get::<Vec<CaseLine>>("/api/v1/cases").await?.len();
    let url = "/api/v1/intakes?source=HERON-9&grade=B2&format=text";
    let _: TakenIn = ana.send(url, CALL.to_vec()).await?;
    crossed("the case of the call", || async {
        Ok(ana.get::<Vec<CaseLine>>("/api/v1/cases").await?.len() > before)
    })
    .await?;
    let password = digest_words(clock::seed());
    for (stage, people) in [(&story.ours, AT_WEST), (&story.theirs, AT_EAST)] {
        for (name, _) in people {
            give(stage, name, &password).await?;
        }
    }
    output::line(format!(
        "\nOne more report has come in at {OURS}, and nobody has looked at it. Both desks are open:"
    ))?;
    for (name, stage, people) in [(OURS, &story.ours, AT_WEST), (THEIRS, &story.theirs, AT_EAST)] {
        output::line(format!("  {name}  {}/desk/", stage.url))?;
        for (person, what) in people {
            output::line(format!("    {person:<5} {what}"))?;
        }
    }
    output::line(format!("  everybody's password: {password}"))
}

async fn give(stage: &Stage, name: &str, password: &str) -> Result<(), Failed> {
    let asked = json!({ "user": user(name)?, "new": password }).to_string();
    let path = "/api/v1/account/password";
    stage.owner().call(Method::POST, path, asked.into_bytes()).await.map(drop)
}
