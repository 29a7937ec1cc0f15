//! What a form sends. A [`Posted`] is made from a checked form only: one that holds the session's
//! token, and that the browser says comes from this desk.

use super::reader::{Reader, Token};
use super::texts::Words;
use super::unsent::Before;
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::problem::Problem;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, StatusCode, header};
use forewarn_exchange::Code;
use forewarn_node::clock;
use forewarn_stix::Timestamp;
use forewarn_store::begun::Address;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Most bytes of a form: a text to be taken in, and the rest.
const MAX_BYTES: usize = 2 << 20;
/// Most fields of a form: suggestions to be ticked, and the rest.
const MAX_FIELDS: usize = 2_000;
/// The field that holds the token.
pub(crate) const TOKEN: &str = "token";
/// The field that makes a form one act.
pub(crate) const ONCE: &str = "once";
/// Most characters of it.
const MAX_ONCE: usize = 64;
/// The field that holds the version of what the page shows.
pub(crate) const SEEN: &str = "seen";

/// Names and values as they were typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    all: Vec<(String, String)>,
    /// Where they were not sent: since when they stand there, and who else writes.
    pub(super) before: Before,
}

/// A field that is not as it should be, and how that is said.
pub(crate) struct Wrong {
    pub(crate) field: &'static str,
    pub(crate) words: fn(&Words) -> &'static str,
}

/// What a form says, read into its type.
pub(crate) trait Form: Sized {
    /// Reads it; what is wrong is gathered in `wrong`.
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Self>;
}

/// A form of this desk, as its reader sent it.
pub(crate) struct Posted<T> {
    pub(crate) reader: Reader,
    pub(crate) form: Result<T, Vec<Wrong>>,
    /// As it was typed, to be shown again.
    pub(crate) typed: Fields,
    /// Drawn with the page.
    pub(crate) once: String,
    /// Where it is sent, if what is typed there is kept.
    pub(super) address: Option<Address>,
}

/// A form with nothing in it but its button.
pub(crate) struct Button;

impl Form for Button {
    fn read(_: &Fields, _: &mut Vec<Wrong>) -> Option<Button> {
        Some(Button)
    }
}

impl<T: Form> FromRequest<App> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, node: &App) -> Result<Posted<T>, Problem> {
        let (mut parts, body) = request.into_parts();
        let address = Address::parse(parts.uri.path());
        let reader = Reader::from_request_parts(&mut parts, node).await?;
        check_site(&parts.headers)?;
        let asker = Asker::from_request_parts(&mut parts, node).await?;
        let bytes = body::read((node, &asker), &parts.headers, body, MAX_BYTES).await?;
        let typed = Fields::read(&bytes)?;
        check_token(&reader.token, &typed)?;
        let once: String = typed.line(ONCE).chars().take(MAX_ONCE).collect();
        // A form without it is one act each time that it is sent.
        let once = if once.is_empty() { clock::seed().to_string() } else { once };
        let mut wrong = Vec::new();
        let form = match T::read(&typed, &mut wrong) {
            Some(form) if wrong.is_empty() => Ok(form),
            Some(_) | None => Err(wrong),
        };
        Ok(Posted { reader, form, typed, once, address })
    }
}

fn forged(why: &str) -> Problem {
    Problem::new(Code::BadRequest, why)
        .status(StatusCode::FORBIDDEN)
        .advice("load the page again, and send its form anew")
}

/// Checks that a form comes from a page of this very origin: the browser says so in two headers,
/// which no page can set.
pub(crate) fn check_site(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(forged("the form came from another site"));
    }
    let host = text("host").unwrap_or_default();
    let origin = text("origin").and_then(|origin| origin.split_once("://"));
    match origin {
        Some((_, from)) if from.eq_ignore_ascii_case(host) && !host.is_empty() => {}
        Some(_) => return Err(forged("the form came from another origin")),
        None => return Err(forged("the browser does not say where the form came from")),
    }
    let kind = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) == Some("application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(Problem::new(Code::MediaType, "a form is sent as application/x-www-form-urlencoded"))
}

fn check_token(token: &Token, typed: &Fields) -> Result<(), Problem> {
    if token.is(typed.line(TOKEN)) {
        return Ok(());
    }
    Err(forged("the form does not hold the token of this session"))
}

impl Fields {
    /// Reads a form.
    pub(crate) fn read(bytes: &[u8]) -> Result<Fields, Problem> {
        let pairs = form_urlencoded::parse(bytes).into_owned();
        let all: Vec<_> = pairs.take(MAX_FIELDS + 1).collect();
        if all.len() > MAX_FIELDS {
            let why = format!("a form has at most {MAX_FIELDS} fields");
            return Err(Problem::new(Code::BadRequest, why));
        }
        Ok(Fields { all, before: Before::default() })
    }

    /// As a browser sends them, without some.
    pub(crate) fn encoded(&self, without: &[&str]) -> String {
        let kept = self.all.iter().filter(|(name, _)| !without.contains(&name.as_str()));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// With what is known of the form that they stand in.
    #[must_use]
    pub(crate) fn with(self, before: Before) -> Fields {
        Fields { before, ..self }
    }

    /// With these values, to be shown in a form that nobody has typed in yet.
    pub(crate) fn of<const N: usize>(fields: [(&str, String); N]) -> Fields {
        let all = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Fields { all, before: Before::default() }
    }

    /// With further values of one name.
    #[must_use]
    pub(crate) fn and_all(mut self, name: &str, values: Vec<String>) -> Fields {
        self.all.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        self
    }

    /// The same without a name.
    pub(crate) fn without(mut self, name: &str) -> Fields {
        self.all.retain(|(known, _)| known != name);
        self
    }

    /// What was typed; where nothing was, what the form begins with.
    pub(crate) fn or(&self, first: Fields) -> Fields {
        if self.all.is_empty() { first.with(self.before.clone()) } else { self.clone() }
    }

    /// The same with another value of a name.
    pub(crate) fn and(mut self, name: &str, value: String) -> Fields {
        self.all.retain(|(known, _)| known != name);
        self.all.push((name.to_owned(), value));
        self
    }

    /// The first value of a name, without the spaces around it; empty when there is none.
    pub(crate) fn line(&self, name: &str) -> &str {
        let first = self.all.iter().find(|(known, _)| known == name);
        first.map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// A text of several lines, with the line breaks of this machine.
    pub(crate) fn text(&self, name: &str) -> String {
        self.line(name).replace("\r\n", "\n")
    }

    /// Every value of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|one| one == value)
    }

    /// The lines of a text, without those that are empty.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.line(name).lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// One of a fixed list, by its word.
    pub(crate) fn word<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let word = self.line(name);
        let value = (!word.is_empty()).then(|| Value::String(word.to_owned()))?;
        serde_json::from_value(value).ok()
    }

    /// One of a fixed list, which must be chosen.
    pub(crate) fn chosen<T: DeserializeOwned>(
        &self,
        field: &'static str,
        wrong: &mut Vec<Wrong>,
    ) -> Option<T> {
        let found = self.word(field);
        if found.is_none() {
            wrong.push(Wrong { field, words: |w| w.form.choose });
        }
        found
    }

    /// A text that must be there.
    pub(crate) fn needed(&self, field: &'static str, wrong: &mut Vec<Wrong>) -> String {
        let text = self.text(field);
        if text.is_empty() {
            wrong.push(Wrong { field, words: |w| w.form.missing });
        }
        text
    }

    /// A time as people type it, in UTC.
    pub(crate) fn time(&self, field: &'static str, wrong: &mut Vec<Wrong>) -> Option<Timestamp> {
        let found = read_time(self.line(field));
        if found.is_none() {
            wrong.push(Wrong { field, words: |w| w.form.not_a_time });
        }
        found
    }
}

/// `2017-12-15 01:30Z`, or a time with seconds.
pub(crate) fn read_time(text: &str) -> Option<Timestamp> {
    let text = text.trim().replace(' ', "T");
    let text = text.strip_suffix('Z').or_else(|| text.strip_suffix('z'))?;
    let whole = if text.len() == 16 { format!("{text}:00Z") } else { format!("{text}Z") };
    Timestamp::parse(&whole).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_exchange::name::UserName;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("host", "desk.example:8443".parse().unwrap());
        headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_form_of_another_origin_is_refused_whatever_it_says_of_itself() {
        let good = ("origin", "https://desk.example:8443");
        assert!(check_site(&headers(&[good])).is_ok());
        assert!(check_site(&headers(&[good, ("sec-fetch-site", "same-origin")])).is_ok());
        for bad in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "https://desk.example")],
            &[("origin", "https://evil.example:8443")],
            &[good, ("sec-fetch-site", "same-site")],
            &[good, ("sec-fetch-site", "cross-site")],
            &[good, ("sec-fetch-site", "none")],
            &[good, ("content-type", "text/plain")],
        ] {
            assert!(check_site(&headers(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_time_is_read_as_people_type_it_and_has_its_zone() {
        for (typed, read) in [
            ("2017-12-15 01:30Z", "2017-12-15T01:30:00Z"),
            (" 2017-12-15T01:30:07Z ", "2017-12-15T01:30:07Z"),
        ] {
            assert_eq!(read_time(typed).unwrap().as_str(), read);
        }
        for typed in ["", "2017-12-15 01:30", "tomorrow", "2017-13-15 01:30Z"] {
            assert!(read_time(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn a_form_without_the_sessions_token_is_refused() {
        let name = |text: &str| UserName::parse(text).unwrap();
        let token = Token::of(&name("ana"), "fws_1");
        let with = |text: &str| Fields::read(format!("a=1&token={text}").as_bytes()).unwrap();
        assert!(check_token(&token, &with(token.text())).is_ok());
        let others = [Token::of(&name("ana"), "fws_2"), Token::of(&name("otto"), "fws_1")];
        for text in ["", "0", "ana:", others[0].text(), others[1].text()] {
            assert!(check_token(&token, &with(text)).is_err());
        }
        assert_eq!(Token::writer(token.text()), Some(name("ana")));
    }
}
