//! `docs/api.md`, made from the description that the node serves, and compared with it:
//! `UPDATE_DOCS=1 cargo nextest run -p forewarn-cli api_document`.

use serde_json::{Map, Value};
use std::fmt::Write as _;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md");
const HEAD: &str = "# The API

Made from the code; a test compares it. The same, for programs, is at `/api/v1/openapi.json` in OpenAPI 3.1.

Everything that the command line does goes over these routes, over the node's socket or by HTTPS, and `--json` prints
what a route answers: a list as one object a line, anything else as one object. A command shows the type of the route
of its noun: `forewarn case list --json` prints lines of `CaseLine`, `forewarn case show 1 --json` a `CaseShown`, and
an act its part of `Answered`.

- **Who asks** shows a token as `Authorization: Bearer`, or name and token as `Basic`. Which permission a route asks
  for stands beside it; who has it, [permissions.md](operating/permissions.md).
- **Lists** are cut at 1,000 rows, or at `limit`. Where there is more, `Link` names the next page with `rel=\"next\"`.
- **Acts** are sent to `/api/v1/acts`. With one `Idempotency-Key`, or one `id`, an act is done once, however often it
  is sent. With `If-Match: ETAG` it is done on the version that was read, or not at all (412).
- **Errors** are `Problem` documents (RFC 9457), whose `code` is one of the [table](#codes).
- **What changes** is told at `/api/v1/events` by server-sent events, which `Last-Event-ID` takes up again.
- Answers hold no member that their type does not name. A member marked `?` may be missing.
";

/// The whole document.
fn document() -> Result<String, std::fmt::Error> {
    let description = forewarn_web::api::openapi::document();
    let mut out = HEAD.to_owned();
    out.push_str("\n## Routes\n");
    for (path, operations) in members(description.get("paths")) {
        for (method, operation) in members(Some(operations)) {
            route(&mut out, (path, method), operation)?;
        }
    }
    out.push_str("\n## Types\n");
    for (name, schema) in members(description.pointer("/components/schemas")) {
        writeln!(out, "\n### {name}\n")?;
        describe(&mut out, schema, 0)?;
    }
    out.push_str("\n## Codes\n\n| code | status | what it says |\n| --- | --- | --- |\n");
    for code in forewarn_exchange::Code::ALL {
        let status = forewarn_view::problem::status(*code);
        writeln!(out, "| `{}` | {status} | {} |", code.text(), code.meaning().trim())?;
    }
    Ok(out)
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn route(out: &mut String, (path, method): (&str, &str), operation: &Value) -> std::fmt::Result {
    writeln!(out, "\n### {} {path}\n", method.to_uppercase())?;
    let permission = operation.get("x-permission").and_then(Value::as_str);
    let permission = permission.map(|word| format!(" (`{word}`)")).unwrap_or_default();
    writeln!(out, "{}{permission}.\n", text(operation, "summary"))?;
    for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let name = text(parameter, "name");
        // It may stand on each.
        if name == "Forewarn-Place" {
            continue;
        }
        let kind = kind(parameter.get("schema"));
        let about = text(parameter, "description");
        let about = if about.is_empty() { String::new() } else { format!(": {}", line(about)) };
        writeln!(out, "- `{name}` in the {}, {kind}{about}", text(parameter, "in"))?;
    }
    for (media, content) in members(operation.pointer("/requestBody/content")) {
        writeln!(out, "- Sent: {} (`{media}`)", kind(content.get("schema")))?;
    }
    for (status, response) in members(operation.get("responses")) {
        for (media, content) in members(response.get("content")) {
            let told = content.get("x-data").or(content.get("schema"));
            writeln!(out, "- {status}: {} (`{media}`)", kind(told))?;
        }
        if status == "204" {
            writeln!(out, "- 204: nothing more is said")?;
        }
    }
    Ok(())
}

/// A type's words, and its members or forms.
fn describe(out: &mut String, schema: &Value, deep: usize) -> std::fmt::Result {
    let about = text(schema, "description");
    if deep == 0 && !about.is_empty() {
        writeln!(out, "{}\n", line(about))?;
    }
    let indent = "  ".repeat(deep);
    let must = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    for (name, member) in members(schema.get("properties")) {
        let mark = if must.contains(&Value::from(name.as_str())) { "" } else { "?" };
        let about = text(member, "description");
        let about = if about.is_empty() { String::new() } else { format!(": {}", line(about)) };
        writeln!(out, "{indent}- `{name}`{mark} {}{about}", kind(Some(member)))?;
    }
    let forms = ["oneOf", "anyOf", "allOf"].iter().find_map(|word| schema.get(*word)?.as_array());
    for form in forms.into_iter().flatten() {
        let about = text(form, "description");
        let about = if about.is_empty() { String::new() } else { format!(": {}", line(about)) };
        writeln!(out, "{indent}- {}{about}", kind(Some(form)))?;
        if form.get("properties").is_some() && deep < 2 {
            describe(out, form, deep + 1)?;
        }
    }
    if forms.is_none() && schema.get("properties").is_none() {
        writeln!(out, "{indent}{}", kind(Some(schema)))?;
    }
    Ok(())
}

/// In a few words: what is there.
fn kind(schema: Option<&Value>) -> String {
    let Some(Value::Object(schema)) = schema else { return "anything".to_owned() };
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or_default();
        return format!("[`{name}`](#{})", name.to_lowercase());
    }
    if let Some(one) = schema.get("const") {
        return format!("`{one}`");
    }
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        let all: Vec<String> = all.iter().map(|one| format!("`{one}`")).collect();
        return all.join(", ");
    }
    if let Some(forms) = ["oneOf", "anyOf"].iter().find_map(|word| schema.get(*word)?.as_array())
        && !schema.contains_key("properties")
    {
        let forms: Vec<String> = forms.iter().map(|form| kind(Some(form))).collect();
        return forms.join(" or ");
    }
    plain(schema)
}

fn plain(schema: &Map<String, Value>) -> String {
    let of = |word: &str| match word {
        "array" => format!("a list of {}", kind_of_items(schema)),
        "object" => match schema.get("additionalProperties").filter(|all| all.is_object()) {
            Some(all) => format!("an object by name of {}", kind(Some(all))),
            None => "an object".to_owned(),
        },
        other => other.to_owned(),
    };
    match schema.get("type") {
        Some(Value::String(word)) => of(word),
        Some(Value::Array(words)) => {
            let words: Vec<String> = words.iter().filter_map(Value::as_str).map(of).collect();
            words.join(" or ")
        }
        _ if schema.contains_key("allOf") => {
            let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            let parts: Vec<String> = parts.map(|part| kind(Some(part))).collect();
            parts.join(" and ")
        }
        _ if schema.contains_key("properties") => "an object".to_owned(),
        _ => "anything".to_owned(),
    }
}

fn kind_of_items(schema: &Map<String, Value>) -> String {
    match schema.get("prefixItems").and_then(Value::as_array) {
        Some(all) => {
            let all: Vec<String> = all.iter().map(|one| kind(Some(one))).collect();
            all.join(", ")
        }
        None => kind(schema.get("items")),
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// On one line, and without links of the code's own documents.
fn line(about: &str) -> String {
    let words: Vec<&str> = about.split_whitespace().collect();
    words.join(" ").replace("[`", "`").replace("`]", "`").replace('|', "\\|")
}

/// Fails when a route, a type or a code is added or changed without the document.
#[test]
fn the_api_is_documented_as_it_is() {
    crate::kept::is_as_made(DOCUMENT, &document().unwrap(), "api_document");
}
