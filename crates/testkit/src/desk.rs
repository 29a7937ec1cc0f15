//! A person at the desk with a browser that runs no script: follows links, fills in forms, and keeps
//! the cookie of the session.

use crate::http::{Answer, Connection};
use crate::{Node, until};

/// The password of everybody here.
pub const PASSWORD: &str = "seven copper fences";

/// Somebody who is signed in.
pub struct Desk {
    address: String,
    cookie: String,
    language: String,
    /// The page that is looked at, and its address.
    pub page: String,
    /// See `page`.
    pub at: String,
    /// How many requests were made that a person asked for: links and buttons.
    pub acts: usize,
}

/// A form of a page.
#[derive(Debug, Clone)]
struct Form {
    action: String,
    /// What is sent as it stands.
    fields: Vec<(String, String)>,
    button: String,
}

/// Gives a person a password, as the owner of the folder.
pub fn give_password(node: &Node, person: &str) {
    let body = serde_json::json!({ "user": person, "new": PASSWORD }).to_string();
    let path = "/api/v1/account/password";
    let answer = node.connect_local().ask("POST", path, &[], body.as_bytes());
    assert_eq!(answer.status, 204, "{person}: {}", answer.text());
}

impl Desk {
    /// A browser that nobody has signed in with.
    pub fn stranger(node: &Node) -> Desk {
        Desk {
            address: node.address.clone(),
            cookie: String::new(),
            language: "en".to_owned(),
            page: String::new(),
            at: String::new(),
            acts: 0,
        }
    }

    /// Signs in with the password that [`give_password`] has given.
    pub fn sign_in(node: &Node, person: &str) -> Desk {
        let mut desk = Desk::stranger(node);
        desk.open("/desk/");
        desk.send("Sign in", &[("user", person), ("password", PASSWORD)]);
        desk.says(person);
        desk
    }

    /// Reads in another language.
    #[must_use]
    pub fn in_language(mut self, language: &str) -> Desk {
        language.clone_into(&mut self.language);
        self
    }

    /// Asks, with these headers beside the cookie; without going where it leads.
    pub fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let mut headers = vec![("accept-language", self.language.as_str())];
        if !self.cookie.is_empty() {
            headers.push(("cookie", &self.cookie));
        }
        headers.extend(more);
        let mut connection = Connection::network(&self.address).to_host(&self.address);
        connection.ask(method, path, &headers, body.as_bytes())
    }

    /// Posts fields, as a form of this desk does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let origin = format!("http://{}", self.address);
        let kind = "application/x-www-form-urlencoded";
        let headers =
            [("origin", &*origin), ("sec-fetch-site", "same-origin"), ("content-type", kind)];
        self.ask("POST", path, &headers, &body.finish())
    }

    /// Goes to a page; it must be there.
    pub fn open(&mut self, path: &str) -> &mut Desk {
        self.acts += 1;
        let answer = self.ask("GET", path, &[], "");
        self.arrive(path, &answer, 200)
    }

    /// Follows a link with these words.
    pub fn follow(&mut self, words: &str) -> &mut Desk {
        let link = self.link(words);
        let link =
            link.unwrap_or_else(|| panic!("{} has no link “{words}”: {}", self.at, self.text()));
        self.open(&link)
    }

    /// Where a link with these words leads.
    pub fn link(&self, words: &str) -> Option<String> {
        let mut rest = self.page.as_str();
        while let Some((_, after)) = rest.split_once("<a ") {
            let (tag, after) = after.split_once('>')?;
            let (inner, after) = after.split_once("</a>")?;
            rest = after;
            if text_of(inner) == words {
                return attribute(tag, "href");
            }
        }
        None
    }

    /// Presses the button with these words, after having typed.
    pub fn send(&mut self, button: &str, typed: &[(&str, &str)]) -> &mut Desk {
        self.send_for(button, typed, 200)
    }

    /// The same, to be answered with this status.
    pub fn send_for(&mut self, button: &str, typed: &[(&str, &str)], status: u16) -> &mut Desk {
        let (action, fields) = self.filled(button, typed);
        self.acts += 1;
        let answer = self.posted(&action, &fields);
        self.arrive(&action, &answer, status)
    }

    /// Sends what stands in the form to another address, as its script does while somebody types.
    pub fn keep(&self, button: &str, typed: &[(&str, &str)], to: &str) -> Answer {
        let (action, mut fields) = self.filled(button, typed);
        fields.push(("form".to_owned(), action));
        self.posted(to, &fields)
    }

    fn posted(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        self.post(path, &fields)
    }

    /// Where the form of a button goes, and what it sends when this was typed.
    fn filled(&self, button: &str, typed: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let form = forms(&self.page).into_iter().find(|form| form.button == button);
        let form = form.unwrap_or_else(|| panic!("{} has no “{button}”: {}", self.at, self.text()));
        let is_typed = |name: &str| typed.iter().any(|(known, _)| *known == name);
        let mut fields = form.fields;
        fields.retain(|(name, _)| !is_typed(name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        (form.action, fields)
    }

    fn arrive(&mut self, path: &str, answer: &Answer, status: u16) -> &mut Desk {
        for (_, value) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = value.split(';').next().unwrap_or_default();
            self.cookie = if pair.ends_with('=') { String::new() } else { pair.to_owned() };
        }
        if answer.status == 303 {
            let to = answer.header("location").expect("it leads somewhere").to_owned();
            let answer = self.ask("GET", &to, &[], "");
            return self.arrive(&to, &answer, status);
        }
        assert_eq!(answer.status, status, "{path}: {}", text_of(&answer.text()));
        self.page = answer.text();
        path.clone_into(&mut self.at);
        self
    }

    /// The words of the page, as a reader has them.
    pub fn text(&self) -> String {
        text_of(self.page.split_once("<body").map_or("", |(_, body)| body))
    }

    /// The page must say this.
    pub fn says(&self, words: &str) -> &Desk {
        assert!(self.text().contains(words), "{} does not say “{words}”: {}", self.at, self.text());
        self
    }

    /// The page must not say this.
    pub fn says_nothing_of(&self, words: &str) -> &Desk {
        assert!(!self.page.contains(words), "{} says “{words}”: {}", self.at, self.text());
        self
    }

    /// Looks at a page again and again until it says this.
    pub fn wait_for(&mut self, path: &str, words: &str) -> &mut Desk {
        let what = format!("“{words}” on {path}");
        until(&what, || {
            let answer = self.ask("GET", path, &[], "");
            self.arrive(path, &answer, 200);
            self.text().contains(words).then_some(())
        });
        self
    }
}

/// The forms of a page, each with what it sends when nothing is typed.
fn forms(page: &str) -> Vec<Form> {
    let mut all = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("<form ") {
        let (tag, after) = after.split_once('>').expect("a tag ends");
        let (inner, after) = after.split_once("</form>").expect("a form ends");
        rest = after;
        let button = inner.split_once("<button").and_then(|(_, rest)| rest.split_once('>'));
        let button = button.and_then(|(_, rest)| rest.split_once("</button>"));
        all.push(Form {
            action: attribute(tag, "action").unwrap_or_default(),
            fields: fields(inner),
            button: button.map(|(words, _)| text_of(words)).unwrap_or_default(),
        });
    }
    all
}

fn fields(form: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (n, part) in form.split('<').enumerate() {
        let (tag, after) = part.split_once('>').unwrap_or((part, ""));
        let name = || attribute(tag, "name").unwrap_or_default();
        let is_on = |word: &str| tag.split(' ').any(|one| one == word);
        if tag.starts_with("input ") {
            let kind = attribute(tag, "type").unwrap_or_default();
            let is_sent = !matches!(&*kind, "radio" | "checkbox") || is_on("checked");
            if is_sent {
                all.push((name(), attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea ") {
            let text = after.strip_prefix('\n').unwrap_or(after);
            all.push((name(), plain(text)));
        } else if tag.starts_with("select ") {
            let own: String = form
                .split('<')
                .skip(n + 1)
                .take_while(|one| !one.starts_with("/select"))
                .fold(String::new(), |all, one| all + "<" + one);
            let options: Vec<&str> = own.split("<option ").skip(1).collect();
            let chosen = options
                .iter()
                .find(|one| one.split('>').next().unwrap_or("").contains(" selected"));
            let chosen = chosen.or(options.first()).and_then(|one| attribute(one, "value"));
            all.push((name(), chosen.unwrap_or_default()));
        }
    }
    all
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    Some(plain(rest.split('"').next()?))
}

/// Text as it was before it was put into a page.
fn plain(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#34;", "\"")];
    let more = [("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&"), ("&amp;", "&")];
    known.iter().chain(&more).fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// What a page says, without its tags.
fn text_of(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        let text =
            part.split_once('>').map_or(if out.is_empty() { part } else { "" }, |(_, text)| text);
        out.push_str(text);
        if !out.ends_with(' ') && is_block(part) {
            out.push(' ');
        }
    }
    plain(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a tag begins or ends something that stands by itself.
fn is_block(tag: &str) -> bool {
    let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
    !matches!(name, "b" | "bdi" | "span" | "a" | "time" | "code" | "mark" | "")
}
