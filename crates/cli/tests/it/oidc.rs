//! Signing in at a provider (OpenID Connect), with a provider of the test's own, which lies as it is
//! told. Other people's provider is tried by `make oidc`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use forewarn_engine::Core;
use forewarn_engine::replay::replay;
use forewarn_node::clock;
use forewarn_store::{Store, differences};
use forewarn_testkit::scripted::{Reply, Request, Scripted};
use forewarn_testkit::{Node, pause, until};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const CLIENT: &str = "forewarn-west";

/// A key that signs by ES256.
struct Key(EcdsaKeyPair);

impl Key {
    fn new() -> Key {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Key(EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).unwrap())
    }

    /// The public key as a JWK.
    fn jwk(&self) -> Value {
        let point = self.0.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "one",
            "x": coded(x), "y": coded(y),
        })
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        self.0.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec()
    }
}

fn coded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token of this head and these claims, signed so.
fn token(head: &Value, claims: &str, sign: impl Fn(&str) -> Vec<u8>) -> String {
    let text = format!("{}.{}", coded(head.to_string().as_bytes()), coded(claims.as_bytes()));
    let signature = coded(&sign(&text));
    format!("{text}.{signature}")
}

fn es256() -> Value {
    json!({ "alg": "ES256", "kid": "one", "typ": "JWT" })
}

/// What the provider answers at its token endpoint, given the claims that an honest one would make.
type Answer = Arc<dyn Fn(&Provider, Value) -> Reply + Send + Sync>;

/// An answer to whoever asks where a provider is, given its URL and another server's.
type Lie = fn(&str, &str) -> Reply;

/// What the provider knows.
struct Provider {
    key: Key,
    other: Key,
    nonce: String,
}

/// A provider, as the node is told of it.
struct Issuer {
    server: Scripted,
    answer: Arc<Mutex<Answer>>,
}

fn honest(provider: &Provider, claims: &Value) -> Reply {
    given(&token(&es256(), &claims.to_string(), |text| provider.key.sign(text)))
}

fn given(token: &str) -> Reply {
    let answer = json!({ "access_token": "x", "token_type": "Bearer", "id_token": token });
    json_reply(200, &answer)
}

fn json_reply(status: u16, value: &Value) -> Reply {
    Reply::new(status, value.to_string()).with("content-type", "application/json")
}

impl Issuer {
    fn start() -> Issuer {
        let honestly: Answer = Arc::new(|provider, claims| honest(provider, &claims));
        let answer = Arc::new(Mutex::new(honestly));
        let answering = answer.clone();
        let known = Provider { key: Key::new(), other: Key::new(), nonce: String::new() };
        let known = Mutex::new(known);
        let server = Scripted::start(move |_, request| {
            let mut known = known.lock().unwrap();
            let issuer = format!("http://{}/op", request.header("host").unwrap());
            match request.path.as_str() {
                "/op/.well-known/openid-configuration" => json_reply(200, &metadata(&issuer)),
                "/op/device" => {
                    known.nonce = field(request, "nonce");
                    let begun = json!({
                        "device_code": "a-device", "user_code": "WDJB-MJHT", "interval": 1,
                        "verification_uri": format!("{issuer}/code"), "expires_in": 600,
                    });
                    json_reply(200, &begun)
                }
                "/op/token" => {
                    assert_eq!(field(request, "device_code"), "a-device");
                    let now = clock::seconds(&clock::now());
                    let claims = json!({
                        "iss": issuer, "aud": CLIENT, "sub": "person-7", "iat": now,
                        "exp": now + 300, "nonce": known.nonce,
                    });
                    let answer = answering.lock().unwrap().clone();
                    answer(&known, claims)
                }
                "/op/keys" => json_reply(200, &json!({ "keys": [known.key.jwk()] })),
                _ => Reply::new(404, ""),
            }
        });
        Issuer { server, answer }
    }

    fn url(&self) -> String {
        format!("http://{}/op", self.server.address)
    }

    fn section(&self, more: &str) -> String {
        let url = self.url();
        format!("[[oidc]]\nname = \"cert\"\nissuer = \"{url}\"\nclient_id = \"{CLIENT}\"\n{more}\n")
    }

    /// From now on it answers so.
    fn answers(&self, answer: impl Fn(&Provider, Value) -> Reply + Send + Sync + 'static) {
        *self.answer.lock().unwrap() = Arc::new(answer);
    }

    /// From now on it is honest, with these claims beside its own.
    fn claims(&self, more: &Value) {
        let more = more.clone();
        self.answers(move |provider, claims| honest(provider, &merged(claims, &more)));
    }
}

fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/token"),
        "device_authorization_endpoint": format!("{issuer}/device"),
        "jwks_uri": format!("{issuer}/keys"),
    })
}

fn merged(mut claims: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn field(request: &Request, name: &str) -> String {
    let found = form_urlencoded::parse(&request.body).find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn post(node: &Node, path: &str, asked: &Value) -> (u16, String) {
    let answer = node.connect().ask("POST", path, &[], asked.to_string().as_bytes());
    (answer.status, answer.text())
}

/// Asks until there is an answer that is not "not yet".
fn polled(node: &Node, device: &str) -> (u16, String) {
    until("an answer about the sign-in", || {
        let (status, text) =
            post(node, "/api/v1/session/device/poll", &json!({ "device": device }));
        if status == 200 && text.contains("\"wait\"") {
            pause(Duration::from_millis(200));
            return None;
        }
        Some((status, text))
    })
}

fn begun(node: &Node) -> String {
    let (status, text) = post(node, "/api/v1/session/device", &json!({}));
    assert_eq!(status, 200, "{text}");
    let begun: Value = serde_json::from_str(&text).unwrap();
    begun["device"].as_str().unwrap().to_owned()
}

fn sign_in(node: &Node) -> (u16, String) {
    polled(node, &begun(node))
}

/// A session by the provider.
fn session(node: &Node) -> String {
    let (status, text) = sign_in(node);
    assert_eq!(status, 200, "{text}");
    let begun: Value = serde_json::from_str(&text).unwrap();
    begun["session"].as_str().unwrap().to_owned()
}

fn ask(node: &Node, session: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let header = format!("Bearer {session}");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let headers = [("authorization", header.as_str())];
    let answer = node.connect().ask(method, path, &headers, body.as_bytes());
    let text = answer.text();
    (answer.status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// The log says so of the provider, in its last line about it.
fn logged(node: &Node, why: &str) {
    until(why, || {
        let log = node.logged();
        let last = log.lines().rfind(|line| line.contains("provider=\"cert\""));
        last.is_some_and(|line| line.contains(why)).then_some(())
    });
}

/// The answer to a password that is wrong.
fn wrong(node: &Node) -> (u16, String) {
    post(node, "/api/v1/session", &json!({ "user": "nobody", "password": "seven copper gates" }))
}

#[test]
fn whom_a_provider_vouches_for_signs_in_as_the_user_that_is_linked() {
    let issuer = Issuer::start();
    let node = Node::start_configured(PROGRAM, "west.example", &issuer.section(""));
    // Known to the provider and not to us: nobody.
    assert_eq!(sign_in(&node), wrong(&node));
    let linked = node.good(&["user", "link", "ana", &issuer.url(), "person-7"]);
    assert!(linked.contains("ana can sign in at"), "{linked}");
    let taken = node.refused(&["user", "link", "rita", &issuer.url(), "person-7"]);
    assert!(taken.contains("is `ana` already"), "{taken}");
    // Over the socket a name is not enough any more.
    assert!(node.refused(&["case", "list", "--as", "ana"]).contains("signs in; a name alone"));
    // With the command line, from elsewhere.
    let home = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let command = Command::new(PROGRAM)
            .args(words)
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path())
            .stdin(Stdio::null())
            .output();
        let output = command.unwrap();
        let both = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(both).unwrap())
    };
    let url = format!("http://{}", node.address);
    let (status, words) = run(&["login", &url, "--oidc"]);
    assert_eq!(status, Some(0), "{words}");
    assert!(words.contains("/op/code") && words.contains("WDJB-MJHT"), "{words}");
    assert!(words.contains("signed in as ana"), "{words}");
    let (_, who) = run(&["whoami"]);
    assert!(who.contains("user:ana at west.example (analyst); came in by session"), "{who}");
    assert!(who.contains("a provider of sign-ins"), "{who}");
    let (status, words) = run(&["login", &url, "--oidc", "cert", "--as", "otto"]);
    assert_eq!(status, Some(2), "{words}");
    assert!(words.contains("knows you as ana, not as otto"), "{words}");
    // That somebody comes in as another takes two administrators.
    let waits = node.by("nora", &["user", "link", "otto", &issuer.url(), "person-9"]);
    assert!(waits.contains("proposal"), "{waits}");
    // What was given once is given once, and only what was given.
    let device = begun(&node);
    assert_eq!(polled(&node, &device).0, 200);
    let none = wrong(&node);
    assert_eq!(polled(&node, &device), none);
    assert_eq!(polled(&node, "fwd_x"), none);
    for other in [json!({ "provider": "other" }), json!({ "provider": "" })] {
        assert_eq!(post(&node, "/api/v1/session/device", &other), none);
    }
    // Whoever is suspended, or linked no more, is nobody; and sessions end.
    let held = session(&node);
    assert_eq!(ask(&node, &held, "GET", "/api/v1/cases", &Value::Null).0, 200);
    node.good(&["user", "link", "ana", &issuer.url(), "person-8"]);
    assert_eq!(ask(&node, &held, "GET", "/api/v1/cases", &Value::Null).0, 401);
    node.good(&["user", "link", "ana", &issuer.url(), "person-7"]);
    let held = session(&node);
    node.good(&["user", "unlink", "ana", &issuer.url()]);
    assert_eq!(ask(&node, &held, "GET", "/api/v1/cases", &Value::Null).0, 401);
    assert_eq!(sign_in(&node), none);
    node.good(&["user", "link", "ana", &issuer.url(), "person-7"]);
    node.by("nora", &["user", "suspend", "ana", "--reason", "on leave"]);
    assert_eq!(sign_in(&node), none);
}

/// A node, and a provider that lies to it.
struct Lied {
    issuer: Issuer,
    node: Node,
    none: (u16, String),
    tried: usize,
}

impl Lied {
    fn start() -> Lied {
        let issuer = Issuer::start();
        let node = Node::start_configured(PROGRAM, "west.example", &issuer.section(""));
        node.good(&["user", "link", "ana", &issuer.url(), "person-7"]);
        let none = wrong(&node);
        Lied { issuer, node, none, tried: 0 }
    }

    /// Nobody is signed in, and the log says why.
    fn refused(&mut self, what: &str, why: &str) {
        assert_eq!(sign_in(&self.node), self.none, "{what}");
        logged(&self.node, why);
        // Else what follows would only be refused for too many wrong tries.
        self.tried += 1;
        if self.tried.is_multiple_of(4) {
            self.issuer.claims(&json!({}));
            session(&self.node);
        }
    }

    /// Signed as it should be, with these claims beside the honest ones.
    fn claimed(&mut self, what: &str, more: &Value, why: &str) {
        self.issuer.claims(more);
        self.refused(what, why);
    }

    /// Whatever else is answered.
    fn forged(&mut self, what: &str, why: &str, answer: fn(&Provider, Value) -> Reply) {
        self.issuer.answers(answer);
        self.refused(what, why);
    }
}

#[test]
fn a_token_for_others_or_of_another_time_signs_nobody_in() {
    let mut lied = Lied::start();
    let now = clock::seconds(&clock::now());
    lied.claimed("another issuer's", &json!({ "iss": "https://other.example" }), "Invalid issuer");
    lied.claimed("another audience's", &json!({ "aud": "forewarn-east" }), "Invalid audiences");
    lied.claimed(
        "two audiences'",
        &json!({ "aud": [CLIENT, "forewarn-east"] }),
        "not a trusted audience",
    );
    lied.claimed("another client's", &json!({ "azp": "forewarn-east" }), "made for another client");
    lied.claimed("expired", &json!({ "exp": now - 1 }), "expired at");
    lied.claimed("old", &json!({ "iat": now - 3600 }), "made at another time");
    lied.claimed("not yet", &json!({ "nbf": now + 3600 }), "does not count yet");
    lied.claimed("another sign-in's", &json!({ "nonce": "mine" }), "made for another sign-in");
    lied.claimed("another person's", &json!({ "sub": "person-8" }), "nobody here is linked");
    lied.claimed("nobody's", &json!({ "sub": "" }), "1 to 255 bytes");
}

#[test]
fn a_token_that_is_not_signed_by_the_provider_signs_nobody_in() {
    let mut lied = Lied::start();
    lied.forged("signed by another key", "EC Signature was wrong", |provider, claims| {
        given(&token(&es256(), &claims.to_string(), |text| provider.other.sign(text)))
    });
    lied.forged(
        "signed by the key that it brings",
        "EC Signature was wrong",
        |provider, claims| {
            let mut head = es256();
            head["jwk"] = provider.other.jwk();
            given(&token(&head, &claims.to_string(), |text| provider.other.sign(text)))
        },
    );
    lied.forged("changed", "EC Signature was wrong", |provider, mut claims| {
        let good = token(&es256(), &claims.to_string(), |text| provider.key.sign(text));
        claims["groups"] = json!(["admins"]);
        let parts: Vec<&str> = good.split('.').collect();
        given(&format!("{}.{}.{}", parts[0], coded(claims.to_string().as_bytes()), parts[2]))
    });
    lied.forged("unsigned", "Invalid signature", |_, claims| {
        given(&token(&es256(), &claims.to_string(), |_| Vec::new()))
    });
    lied.forged("none", "No signature found", |_, claims| {
        given(&token(&json!({ "alg": "none" }), &claims.to_string(), |_| Vec::new()))
    });
    lied.forged("HS256 by the public key", "is not one of", |provider, claims| {
        let head = json!({ "alg": "HS256", "kid": "one" });
        let key =
            ring::hmac::Key::new(ring::hmac::HMAC_SHA256, provider.key.0.public_key().as_ref());
        let sign = |text: &str| ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec();
        given(&token(&head, &claims.to_string(), sign))
    });
    lied.forged("HS256 by the client's name", "is not one of", |_, claims| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, CLIENT.as_bytes());
        let sign = |text: &str| ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec();
        given(&token(&json!({ "alg": "HS256" }), &claims.to_string(), sign))
    });
    lied.forged("of another kind", "unsupported JWT type", |provider, claims| {
        let head = json!({ "alg": "ES256", "kid": "one", "typ": "at+jwt" });
        given(&token(&head, &claims.to_string(), |text| provider.key.sign(text)))
    });
    lied.forged("said twice", "occurs twice", |provider, claims| {
        let twice = claims.to_string().replacen('{', "{\"sub\":\"person-8\",", 1);
        given(&token(&es256(), &twice, |text| provider.key.sign(text)))
    });
    lied.forged("no token at all", "gave no ID token", |_, _| {
        json_reply(200, &json!({ "access_token": "x" }))
    });
    lied.forged("refused by the person", "access_denied", |_, _| {
        json_reply(400, &json!({ "error": "access_denied" }))
    });
}

#[test]
fn a_claim_takes_roles_away_and_gives_none() {
    let issuer = Issuer::start();
    let roles = "scopes = [\"groups\"]\nroles = [\n\
                 { claim = \"groups\", value = \"all\", role = \"reader\" },\n\
                 { claim = \"groups\", value = \"cert\", role = \"analyst\" },\n\
                 { claim = \"groups\", value = \"admins\", role = \"node-admin\" },\n]";
    let mut node = Node::start_configured(PROGRAM, "west.example", &issuer.section(roles));
    node.good(&["user", "add", "vera", "--role", "reader", "--role", "node-admin"]);
    node.good(&["user", "link", "vera", &issuer.url(), "person-7"]);
    let suspend = json!({ "act": { "do": "user-suspend", "name": "rita", "reason": "x" } });
    let roles_of = |session: &str| {
        ask(&node, session, "GET", "/api/v1/account", &Value::Null).1["roles"].clone()
    };
    // Fewer, in what is read and in what is done.
    issuer.claims(&json!({ "groups": ["all", "other"] }));
    let fewer = session(&node);
    assert_eq!(roles_of(&fewer), json!(["reader"]));
    let (status, refused) = ask(&node, &fewer, "POST", "/api/v1/acts", &suspend);
    assert_eq!((status, refused["code"].as_str()), (403, Some("not-permitted")));
    // Nor is anything made by which she would come in with all of them.
    for (path, body) in [
        ("/api/v1/tokens", json!({ "user": "vera" })),
        ("/api/v1/invitations", json!({ "user": "vera" })),
        ("/api/v1/account/password", json!({ "new": "seven copper fences" })),
        ("/api/v1/account/factor", json!({})),
    ] {
        let (status, refused) = ask(&node, &fewer, "POST", path, &body);
        assert_eq!((status, refused["code"].as_str()), (403, Some("session-needed")), "{path}");
    }
    for act in [
        json!({ "do": "user-link", "name": "vera", "issuer": issuer.url(), "subject": "x" }),
        json!({ "do": "user-uids", "name": "vera", "uids": [0] }),
    ] {
        let (status, refused) = ask(&node, &fewer, "POST", "/api/v1/acts", &json!({ "act": act }));
        assert_eq!((status, refused["code"].as_str()), (403, Some("session-needed")), "{act}");
    }
    assert_eq!(ask(&node, &fewer, "DELETE", "/api/v1/account", &Value::Null).0, 204);
    // A list or one text; what she has is hers when it is vouched for.
    issuer.claims(&json!({ "groups": "admins" }));
    let admin = session(&node);
    assert_eq!(roles_of(&admin), json!(["node-admin"]));
    assert_eq!(ask(&node, &admin, "POST", "/api/v1/acts", &suspend).0, 200);
    // A claim gives nobody a role.
    node.good(&["user", "unlink", "vera", &issuer.url()]);
    node.good(&["user", "link", "ana", &issuer.url(), "person-7"]);
    issuer.claims(&json!({ "groups": ["cert", "admins", "all"] }));
    let raised = session(&node);
    assert_eq!(roles_of(&raised), json!(["analyst"]));
    assert_eq!(ask(&node, &raised, "POST", "/api/v1/acts", &suspend).0, 403);
    // Whoever has none of them is nobody.
    let none = wrong(&node);
    for groups in [json!(["admins"]), json!([]), json!({ "cert": true }), json!(7)] {
        issuer.claims(&json!({ "groups": groups }));
        assert_eq!(sign_in(&node), none, "{groups}");
    }
    // All of it is done again from the journal alone.
    node.stop();
    let lived = Store::open(&node.home().join("forewarn.sqlite")).unwrap();
    let again = node.file("again.sqlite");
    let mut core = Core::open(Store::open(&again).unwrap(), Vec::new()).unwrap();
    replay(&lived.db(), &mut core, lived.db().journal_index().unwrap()).unwrap();
    drop(core);
    let found = differences(&node.home().join("forewarn.sqlite"), &again).unwrap();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn only_a_configured_provider_is_asked_and_only_where_it_is() {
    // A provider in a closed network that is not configured is not called.
    let issuer = Issuer::start();
    let config = format!("[egress]\nnetworks = []\n{}", issuer.section(""));
    let node = Node::start_configured(PROGRAM, "west.example", &config);
    let (status, words) = post(&node, "/api/v1/session/device", &json!({}));
    assert_eq!(status, 502, "{words}");
    assert!(words.contains("the provider `cert` cannot be used now"), "{words}");
    logged(&node, "its address may not be called");
    assert!(issuer.server.seen().is_empty());
    // Nor does one lead elsewhere, by its metadata or by a redirect, nor speak for another.
    let elsewhere = Scripted::start(|_, _| Reply::new(200, "{}"));
    let trap = format!("http://{}", elsewhere.address);
    let lies: [(Lie, &str); 4] = [
        (|_, trap| Reply::new(302, "").with("location", trap), "answers 302"),
        (
            |issuer, trap| {
                let more = json!({ "jwks_uri": format!("{trap}/keys") });
                json_reply(200, &merged(metadata(issuer), &more))
            },
            "add the origin to `origins`",
        ),
        (
            |issuer, trap| {
                let host = trap.trim_start_matches("http://");
                let origin = issuer.trim_end_matches("/op");
                let more = json!({ "token_endpoint": format!("{origin}@{host}/token") });
                json_reply(200, &merged(metadata(issuer), &more))
            },
            "add the origin to `origins`",
        ),
        (
            |issuer, _| {
                json_reply(200, &merged(metadata(issuer), &json!({ "issuer": "https://x" })))
            },
            "by another URL",
        ),
    ];
    for (lie, why) in lies {
        let trap = trap.clone();
        let liar = Scripted::start(move |_, request| {
            lie(&format!("http://{}/op", request.header("host").unwrap()), &trap)
        });
        let url = format!("http://{}/op", liar.address);
        let config =
            format!("[[oidc]]\nname = \"cert\"\nissuer = \"{url}\"\nclient_id = \"{CLIENT}\"\n");
        let node = Node::start_configured(PROGRAM, "west.example", &config);
        let (status, words) = post(&node, "/api/v1/session/device", &json!({}));
        assert_eq!(status, 502, "{words}");
        logged(&node, why);
    }
    assert!(elsewhere.seen().is_empty());
}

/// The client's secret comes from a file or the environment, and goes to the provider only.
#[test]
fn the_clients_secret_is_in_a_file_and_few_may_wait() {
    let issuer = Issuer::start();
    let section = issuer.section("secret_file = \"idp\"");
    let (node, ()) = Node::start_prepared(PROGRAM, "west.example", &section, |home| {
        std::fs::create_dir_all(home.join("secrets")).unwrap();
        std::fs::write(home.join("secrets/idp"), "hush hush\n").unwrap();
    });
    for _ in 0..8 {
        begun(&node);
    }
    let asked = issuer.server.seen();
    let device = asked.iter().find(|request| request.path == "/op/device").unwrap();
    let expected = base64::engine::general_purpose::STANDARD.encode("forewarn-west:hush+hush");
    assert_eq!(device.header("authorization"), Some(format!("Basic {expected}").as_str()));
    assert!(field(device, "scope").split(' ').any(|scope| scope == "openid"));
    let (status, words) = post(&node, "/api/v1/session/device", &json!({}));
    assert_eq!(status, 503, "{words}");
    assert!(!node.good(&["config", "show"]).contains("hush"));
    assert!(!node.logged().contains("hush"));
}
