//! Whether what a node answers is what its description says: every GET that it describes is asked for
//! whatever there is, and each answer is held against its schema, which is closed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::Node;
use serde_json::{Value, json};

/// Most things of one list that are asked for: the others are of the same types.
const MOST: usize = 5;

/// The description, as the node serves it.
struct Description(Value);

impl Description {
    fn of(node: &Node) -> Description {
        Description(node.get("/api/v1/openapi.json"))
    }

    /// The paths that may be read, each with its operation.
    fn reads(&self) -> Vec<(&String, &Value)> {
        let paths = self.0.get("paths").and_then(Value::as_object).unwrap();
        paths.iter().filter_map(|(path, all)| Some((path, all.get("get")?))).collect()
    }

    /// Holds what was answered against the schema of an operation's answer, or of a problem.
    fn hold(&self, operation: &Value, what: &str, (status, text): (u16, &str)) {
        let pointer = if status == 200 {
            let content = operation.pointer("/responses/200/content").unwrap();
            let Some(content) = content.get("application/json") else { return };
            let Some(schema) = content.get("schema") else { return };
            schema.clone()
        } else {
            let problem = "/components/responses/Problem/content/application~1problem+json/schema";
            self.0.pointer(problem).unwrap().clone()
        };
        let whole = json!({ "allOf": [pointer], "components": self.0.get("components") });
        let validator = jsonschema::draft202012::new(&whole).unwrap();
        let answer: Value = serde_json::from_str(text).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(&answer)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{what}: {}\n{answer:#}", wrong.join("\n"));
    }
}

/// What stands in the places of a path: what the lists of this node name.
fn places(node: &Node, path: &str) -> Vec<String> {
    let each = |list: &str, member: &str| -> Vec<String> {
        let rows = node.get(list);
        let rows = rows.as_array().unwrap().iter().filter_map(|row| row.get(member).cloned());
        rows.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect()
    };
    let list = path.split("/{").next().unwrap();
    let ids = match list {
        "/api/v1/items" => each(list, "id"),
        "/api/v1/users" | "/api/v1/partners" => each(list, "name"),
        "/api/v1/channels" => each(list, "partner"),
        "/api/v1/readouts" => each(list, "about"),
        "/api/v1/cases"
        | "/api/v1/warnings"
        | "/api/v1/authorities"
        | "/api/v1/exercises"
        | "/api/v1/mutes"
        | "/api/v1/proposals" => each(list, "number"),
        // Of bytes, which have no schema; a shelf has its own tests.
        "/api/v1/shelves" => Vec::new(),
        other => panic!("{other} has ids that this test cannot find"),
    };
    let first = ids.into_iter().take(MOST).map(|id| {
        let (before, after) = path.split_once('{').unwrap();
        format!("{before}{id}{}", after.split_once('}').unwrap().1)
    });
    // A version of an agreement stands behind a partner.
    first.map(|path| path.replace("{version}", "1")).collect()
}

/// Everything that may be read of this node is as it is described.
pub(crate) fn answers_are_as_described(node: &Node) {
    let description = Description::of(node);
    for (path, operation) in description.reads() {
        if matches!(path.as_str(), "/api/v1/events" | "/api/v1/openapi.json") {
            continue;
        }
        let asked = match path.as_str() {
            "/api/v1/matched" => vec![format!("{path}?first=1&last=1000")],
            "/api/v1/search" => {
                ["report", "bombing", "east", "west"].map(|word| format!("{path}?q={word}")).into()
            }
            _ if path.contains('{') => places(node, path),
            _ => vec![path.clone()],
        };
        let who: &[&str] = match operation.get("x-permission").and_then(Value::as_str) {
            Some("administer") => &["nora"],
            Some("see-sources") => &["sven"],
            Some(_) | None if path == "/api/v1/account" || path == "/api/v1/tokens" => &["nora"],
            Some(_) | None => &["", "ana", "rita"],
        };
        for (path, who) in asked.iter().flat_map(|path| who.iter().map(move |who| (path, who))) {
            let as_whom = [("forewarn-as", *who)];
            let headers: &[(&str, &str)] = if who.is_empty() { &[] } else { &as_whom };
            let answer = node.connect_local().ask("GET", path, headers, b"");
            let text = answer.text();
            assert!(answer.status < 500, "{path}: {text}");
            description.hold(operation, &format!("{path} as {who}"), (answer.status, &text));
        }
    }
}
