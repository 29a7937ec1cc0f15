//! ARF: reports of abuse by e-mail (RFC 5965): a text for people, fields for machines, and the
//! message that is complained of, whole or its header.

use super::{Case, Found, Role};
use crate::bounds::shown;
use crate::kind::Observable;
use crate::refused::Refused;
use forewarn_stix::Timestamp;
use forewarn_stix::loss::Losses;
use mail_parser::{Message, MessageParser, MimeHeaders as _};

/// Most characters of the text for people that are kept.
const MAX_WORDS: usize = 20_000;

/// Whether a text begins like a mail with such a report.
pub(super) fn is_start(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    is_header(text) && lower.contains("multipart/report") && lower.contains("feedback-report")
}

/// Whether a text begins with a line of a header.
pub(super) fn is_header(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let name = first.split_once(':').map_or("", |(name, _)| name);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    first.starts_with("From ") || (!name.is_empty() && name.chars().all(plain))
}

/// Reads one.
pub(super) fn read(bytes: &[u8], lost: &mut Losses) -> Result<Case, Refused> {
    let mail = message(bytes)?;
    let fields = part(&mail, "message", "feedback-report");
    let Some(fields) = fields else {
        return Err(Refused::Form("the mail has no part `message/feedback-report`".to_owned()));
    };
    let mut case = of_mail(&mail);
    let mut reports = Vec::new();
    for (line, (name, text)) in (1..).zip(pairs(&fields)) {
        let at = format!("field {line}, `{}`", shown(&name));
        let (role, kind) = match name.to_ascii_lowercase().as_str() {
            "source-ip" => (Role::Source, Some(Observable::Address)),
            "reported-domain" => (Role::Source, Some(Observable::Domain)),
            "reported-uri" => (Role::Source, Some(Observable::Url)),
            "original-mail-from" => (Role::Source, Some(Observable::Email)),
            "original-rcpt-to" => (Role::Victim, Some(Observable::Email)),
            "arrival-date" | "received-date" => {
                match date(&text) {
                    Some(time) => case.first = Some(time),
                    None => lost.add(at, format!("`{}` is no time", shown(&text))),
                }
                continue;
            }
            "feedback-type" => {
                reports.push(text);
                continue;
            }
            _ => {
                case.say(&name, &text);
                continue;
            }
        };
        // A mail without a sender: `<>`.
        let text = text.trim_matches(['<', '>', ' ']).to_owned();
        if !text.is_empty() {
            case.found.push(Found { role, kind, text, words: String::new(), at });
        }
    }
    let kinds = reports.join(", ");
    case.title = format!("report of abuse ({kinds}): {}", case.title);
    for name in [("message", "rfc822"), ("text", "rfc822-headers")] {
        if let Some(text) = part(&mail, name.0, name.1) {
            let head: String = text.chars().take(MAX_WORDS).collect();
            let head = head.split("\r\n\r\n").next().unwrap_or_default();
            case.say("header of the message", head.split("\n\n").next().unwrap_or_default());
            lost.add("the message that is complained of", "its text is not carried over");
        }
    }
    Ok(case)
}

pub(super) fn message(bytes: &[u8]) -> Result<Message<'_>, Refused> {
    let mail = MessageParser::default().parse(bytes);
    mail.ok_or_else(|| Refused::Form("it is not a mail that can be read".to_owned()))
}

/// Who wrote it, when, and the text for people.
pub(super) fn of_mail(mail: &Message<'_>) -> Case {
    let mut case =
        Case { title: mail.subject().unwrap_or("no subject").to_owned(), ..Case::default() };
    case.reported =
        mail.date().and_then(|date| Timestamp::from_micros(date.to_timestamp() * 1_000_000));
    let from = mail.from().and_then(|from| from.first()).and_then(|from| from.address());
    if let Some(from) = from {
        case.say("reported by", from);
    }
    if let Some(id) = mail.message_id() {
        case.named = Some(("mail".to_owned(), id.to_owned()));
    }
    if let Some(text) = mail.body_text(0) {
        let text: String = text.chars().take(MAX_WORDS).collect();
        case.say("text", text.trim());
    }
    case
}

/// The text of the first part of a type.
pub(super) fn part(mail: &Message<'_>, kind: &str, sub: &str) -> Option<String> {
    let found = mail.parts.iter().find(|part| {
        part.content_type().is_some_and(|known| {
            let of = known.c_subtype.as_deref().unwrap_or_default();
            known.c_type.eq_ignore_ascii_case(kind) && of.eq_ignore_ascii_case(sub)
        })
    })?;
    Some(String::from_utf8_lossy(found.contents()).into_owned())
}

/// Fields, each with its continued lines.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = all.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            all.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    all
}

/// A date as mails have it, or as lists do.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    let mail = mail_parser::DateTime::parse_rfc822(text).filter(mail_parser::DateTime::is_valid);
    let mail =
        mail.and_then(|date| Timestamp::from_micros_with(date.to_timestamp() * 1_000_000, 3));
    crate::time::read(text).or(mail)
}
