//! `GET /api/v1/openapi.json`: the API in OpenAPI 3.1, made from its routes, the types of what they
//! take and answer, and the table of refusals.

use super::described::{ALL, Answer, Body, Described};
use super::schemas::Schemas;
use crate::app::Needs;
use crate::problem::Problem;
use axum::Json;
use forewarn_exchange::Code;
use forewarn_view::problem::{self, Document};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// What an act may be answered with by another node.
const PLACE: &str =
    "what an act was answered with, perhaps by another node: this one answers once it is applied";
const KEY: &str = "the same key is one act, however often it is sent";
const MATCH: &str = "the ETag of what was read: the act is done on that version, or not at all";

/// It does not change while the program runs.
static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// Whoever may ask for anything may read it.
pub(crate) async fn describe() -> Result<Json<&'static Value>, Problem> {
    Ok(Json(&DOCUMENT))
}

/// The description.
pub fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    for route in super::routes() {
        let operations = paths.entry(route.path).or_insert_with(|| json!({}));
        for method in &route.methods {
            let found = ALL.iter().find(|one| one.path == route.path && one.method == *method);
            if let (Some(described), Some(operations)) = (found, operations.as_object_mut()) {
                let operation = operation(described, route.needs, &mut schemas);
                operations.insert(method.to_lowercase(), operation);
            }
        }
    }
    let problem = schemas.answered(schemars::SchemaGenerator::subschema_for::<Document>);
    let mut paths = Value::Object(paths);
    let table = schemas.table(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Forewarn",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Everything that the command line does. What changes state is an act.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "basic": { "type": "http", "scheme": "basic" },
            },
            "schemas": table,
            "responses": { "Problem": {
                "description": refusals(),
                "content": { "application/problem+json": { "schema": problem } },
            } },
        },
    })
}

/// The table of codes, each with the status that it has by itself.
fn refusals() -> String {
    let each =
        Code::ALL.iter().map(|code| format!("`{}` ({})", code.text(), problem::status(*code)));
    let each: Vec<String> = each.collect();
    format!("it was not done: `code` says why. One of {}", each.join(", "))
}

fn operation(described: &Described, needs: Needs, schemas: &mut Schemas) -> Value {
    let mut out = json!({
        "operationId": id(described),
        "summary": described.about,
        "parameters": parameters(described, schemas),
        "responses": responses(described, schemas),
    });
    let body = body(described.body, schemas);
    let permission = match needs {
        Needs::User(permission) | Needs::Keeper(permission) => Some(permission.word().into()),
        _ => None,
    };
    if let Some(members) = out.as_object_mut() {
        members.extend(body.map(|body| ("requestBody".to_owned(), body)));
        members.extend(security(needs).map(|security| ("security".to_owned(), security)));
        members.extend(permission.map(|word| ("x-permission".to_owned(), word)));
    }
    out
}

fn parameters(described: &Described, schemas: &mut Schemas) -> Vec<Value> {
    let named = in_path(described.path).map(
        |name| json!({ "name": name, "in": "path", "required": true, "schema": in_address(name) }),
    );
    let mut parameters: Vec<Value> = named.collect();
    if let Some(query) = described.query {
        parameters.extend(in_query(&schemas.sent(query)));
    }
    parameters.push(header("Forewarn-Place", PLACE, &json!({ "type": "string" })));
    if described.path == "/api/v1/acts" {
        parameters.push(header("If-Match", MATCH, &json!({ "type": "string", "maxLength": 200 })));
        let key = json!({ "type": "string", "minLength": 1, "maxLength": 100 });
        parameters.push(header("Idempotency-Key", KEY, &key));
    }
    if matches!(described.answer, Answer::Events(_)) {
        let about = "the id of the last event that was seen";
        parameters.push(header("Last-Event-ID", about, &json!({ "type": "integer" })));
    }
    parameters
}

/// Numbers are numbers; what else is in a path is a name or an id.
fn in_address(name: &str) -> Value {
    match name {
        "number" | "version" => json!({ "type": "integer", "minimum": 1 }),
        _ => json!({ "type": "string", "minLength": 1 }),
    }
}

/// Each member of the query's type is a parameter.
fn in_query(schema: &Value) -> Vec<Value> {
    let must: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let members = schema.get("properties").and_then(Value::as_object);
    let parameter = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        let about = schema.as_object_mut().and_then(|members| members.remove("description"));
        json!({
            "name": name, "in": "query", "required": must.contains(&name.as_str()),
            "description": about, "schema": schema,
        })
    };
    members.into_iter().flatten().map(parameter).collect()
}

fn header(name: &str, about: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "header", "description": about, "schema": schema })
}

fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// `GET /api/v1/cases/{number}` is `get-cases-number`.
fn id(described: &Described) -> String {
    let path = described.path.trim_start_matches("/api/v1/").replace(['{', '}'], "");
    format!("{}-{}", described.method.to_lowercase(), path.replace(['/', '.'], "-"))
}

fn security(needs: Needs) -> Option<Value> {
    match needs {
        Needs::Nothing | Needs::Partner | Needs::Page(_) => None,
        Needs::User(_) | Needs::Keeper(_) | Needs::Act | Needs::Shelf | Needs::Taxii => {
            Some(json!([{ "bearer": [] }, { "basic": [] }]))
        }
    }
}

fn body(body: Body, schemas: &mut Schemas) -> Option<Value> {
    let (media, schema) = match body {
        Body::None => return None,
        Body::Json(shape) => ("application/json", schemas.sent(shape)),
        Body::Bytes => ("application/octet-stream", json!({})),
    };
    Some(json!({ "required": true, "content": { media: { "schema": schema } } }))
}

fn responses(described: &Described, schemas: &mut Schemas) -> Value {
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let list = |item: Value| json!({ "type": "array", "items": item });
    let good = match described.answer {
        Answer::One(shape) => {
            let tag = json!({
                "description": "the version that was read, of what two may change: for If-Match",
                "schema": { "type": "string" },
            });
            let content = content(schemas.answered(shape));
            json!({ "description": "it", "headers": { "ETag": tag }, "content": content })
        }
        Answer::Many(shape) => {
            json!({ "description": "all of them", "content": content(list(schemas.answered(shape))) })
        }
        Answer::Page(shape) => json!({
            "description": "a page of them",
            "headers": { "Link": {
                "description": "where there is more: the address of the next page, as `rel=\"next\"`",
                "schema": { "type": "string" },
            } },
            "content": content(list(schemas.answered(shape))),
        }),
        Answer::Bytes(media) => json!({ "description": "as it is", "content": { media: {} } }),
        Answer::Events(shape) => {
            let told = schemas.answered(shape);
            json!({
                "description": "server-sent events: `id` is the number to come back with, `data` is JSON of \
                                this schema, and a comment comes where nothing happens for ten seconds",
                "content": { "text/event-stream": {
                    "schema": { "type": "string" }, "x-data": told,
                } },
            })
        }
        Answer::Nothing => json!({ "description": "done" }),
    };
    let status = if matches!(described.answer, Answer::Nothing) { "204" } else { "200" };
    json!({ status: good, "default": { "$ref": "#/components/responses/Problem" } })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A route that is added without words is noticed, and so are words without a route.
    #[test]
    fn every_route_of_the_api_is_described_once() {
        let mut routes: Vec<(&str, &str)> = super::super::routes()
            .iter()
            .flat_map(|route| route.methods.iter().map(|method| (route.path, *method)))
            .collect();
        let mut described: Vec<(&str, &str)> =
            ALL.iter().map(|one| (one.path, one.method)).collect();
        routes.sort_unstable();
        described.sort_unstable();
        assert_eq!(routes, described);
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let mut ids: Vec<String> = ALL.iter().map(id).collect();
        ids.sort();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        let document = document();
        let needs = document.pointer("/paths/~1api~1v1~1feeds~1{name}~1now/post/x-permission");
        assert_eq!(needs, Some(&json!("administer")));
    }
}
