//! `GET /api/v1/openapi.json`: the API in OpenAPI 3.1, made from its routes, the table of acts and the
//! table of refusals. Types are named as in `forewarn_view`; `docs/api.md` says what is in them.

use super::described::{AFTER_NAME, ALL, Answer, Body, Described};
use crate::app::Needs;
use crate::problem::Problem;
use axum::Json;
use forewarn_exchange::Code;
use forewarn_exchange::act::TABLE;
use serde_json::{Map, Value, json};

/// Whoever may ask for anything may read it.
pub(crate) async fn describe() -> Result<Json<Value>, Problem> {
    Ok(Json(document()))
}

pub(super) fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in super::routes() {
        let mut operations = Map::new();
        for method in &route.methods {
            let found = ALL.iter().find(|one| one.path == route.path && one.method == *method);
            let Some(described) = found else { continue };
            operations.insert(method.to_lowercase(), operation(described, route.needs));
        }
        paths.insert(route.path.to_owned(), Value::Object(operations));
    }
    let acts: Vec<&str> = TABLE.iter().map(|row| row.word).collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.text()).collect();
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
            "schemas": {
                "Act": {
                    "type": "object",
                    "required": ["do"],
                    "properties": { "do": { "type": "string", "enum": acts } },
                },
                "Problem": {
                    "type": "object",
                    "required": ["type", "title", "status", "code", "detail"],
                    "properties": {
                        "type": { "type": "string", "format": "uri" },
                        "title": { "type": "string" },
                        "status": { "type": "integer" },
                        "code": { "type": "string", "enum": codes },
                        "detail": { "type": "string" },
                        "hint": { "type": "string" },
                        "next": { "type": "object" },
                        "instance": { "type": "string" },
                    },
                },
            },
        },
    })
}

fn operation(described: &Described, needs: Needs) -> Value {
    let mut parameters: Vec<Value> = in_path(described.path)
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    parameters.extend(described.query.iter().map(|(name, about)| {
        let by_name = (*name, *about) == AFTER_NAME;
        let kind = match *name {
            "after" | "limit" | "first" | "last" if !by_name => "integer",
            _ => "string",
        };
        json!({ "name": name, "in": "query", "description": about, "schema": { "type": kind } })
    }));
    let about = "what an act was answered with, perhaps by another node: this one answers once it is applied";
    parameters.push(json!({
        "name": "Forewarn-Place", "in": "header", "description": about, "schema": { "type": "string" },
    }));
    if described.path == "/api/v1/acts" {
        let about = "the ETag of what was read: the act is done on that version, or not at all";
        let schema = json!({ "type": "string", "maxLength": 200 });
        parameters.push(json!({
            "name": "If-Match", "in": "header", "description": about, "schema": schema,
        }));
        let about = "the same key is one act, however often it is sent";
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 100 });
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "description": about, "schema": schema,
        }));
    }
    let mut out = json!({
        "operationId": id(described),
        "summary": described.about,
        "parameters": parameters,
        "responses": responses(described),
    });
    if let (Some(members), Some(body)) = (out.as_object_mut(), body(described.body)) {
        members.insert("requestBody".to_owned(), body);
    }
    if let (Some(members), Some(security)) = (out.as_object_mut(), security(needs)) {
        members.insert("security".to_owned(), security);
    }
    if let (Some(members), Needs::User(permission) | Needs::Keeper(permission)) =
        (out.as_object_mut(), needs)
    {
        members.insert("x-permission".to_owned(), permission.word().into());
    }
    out
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

fn body(body: Body) -> Option<Value> {
    let (media, schema) = match body {
        Body::None => return None,
        Body::Json(must, may) => {
            let all = must.iter().chain(may).map(|name| ((*name).to_owned(), json!({})));
            let properties: Map<String, Value> = all.collect();
            let schema = json!({
                "type": "object", "required": must, "properties": properties,
                "additionalProperties": false,
            });
            ("application/json", schema)
        }
        Body::Act => {
            let schema = json!({
                "type": "object", "required": ["act"], "additionalProperties": false,
                "properties": {
                    "id": { "type": "string", "minLength": 1, "maxLength": 100 },
                    "act": { "$ref": "#/components/schemas/Act" },
                },
            });
            ("application/json", schema)
        }
        Body::Bytes => ("application/octet-stream", json!({})),
    };
    Some(json!({ "required": true, "content": { media: { "schema": schema } } }))
}

fn responses(described: &Described) -> Value {
    let one = |name: &str| json!({ "type": "object", "title": name });
    let many = |name: &str| json!({ "type": "array", "items": one(name) });
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let good = match described.answer {
        Answer::One(name) => json!({ "description": name, "content": content(one(name)) }),
        Answer::Many(name) => json!({ "description": name, "content": content(many(name)) }),
        Answer::Page(name) => json!({
            "description": name,
            "headers": { "Link": { "description": "the next page", "schema": { "type": "string" } } },
            "content": content(many(name)),
        }),
        Answer::Bytes(media) => json!({ "description": "as it is", "content": { media: {} } }),
        Answer::Nothing => json!({ "description": "done" }),
    };
    let status = if described.answer == Answer::Nothing { "204" } else { "200" };
    let problem = json!({
        "description": "it was not done: the code says why",
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
        },
    });
    json!({ status: good, "default": problem })
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
        routes.push(("/api/v1/status", "GET"));
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
