//! E-mails: the fields that matter, the text, what it quotes, and each attachment in its turn.

use crate::bounds::{MAX_DEPTH, Room};
use crate::kind::Kind;
use crate::{Document, Refused, Role, html, read_within, unwrapped};
use mail_parser::{Address, Message, MessageParser, MimeHeaders as _, PartType};

pub(crate) fn read(bytes: &[u8], room: &mut Room, depth: usize) -> Result<Document, Refused> {
    let parsed = MessageParser::default().parse(bytes);
    let mail = parsed.ok_or_else(|| Refused::Broken(Kind::Mail, "it has no fields".to_owned()))?;
    let mut document = Document::new(Kind::Mail);
    document.title = mail.subject().map(str::to_owned);
    document.author = mail.from().and_then(written_by);
    document.written = mail.date().map(mail_parser::DateTime::to_rfc3339);
    let subject = document.title.clone().unwrap_or_default();
    document.add_at(vec!["subject".to_owned()], Role::Body, &subject, room)?;
    body(&mail, &mut document, room)?;
    for (number, part) in (1..).zip(mail.attachments()) {
        let name =
            part.attachment_name().map_or_else(|| format!("attachment {number}"), str::to_owned);
        room.take_entry(&name)?;
        if depth + 1 >= MAX_DEPTH {
            document.unread.push(format!("{name}: it stands too deep"));
            continue;
        }
        let inner = match &part.body {
            PartType::Message(inner) => read(inner.raw_message(), room, depth + 1),
            _ => read_within(part.contents(), room, depth + 1),
        };
        document.add_inner(&name, inner)?;
    }
    Ok(document)
}

fn written_by(from: &Address<'_>) -> Option<String> {
    let first = from.first()?;
    let address = first.address().unwrap_or_default();
    Some(match first.name() {
        Some(name) => format!("{name} <{address}>"),
        None => address.to_owned(),
    })
}

/// The text as it was written; as a page, where there is no other.
fn body(mail: &Message<'_>, document: &mut Document, room: &mut Room) -> Result<(), Refused> {
    let is_page = |part: &mail_parser::MessagePart<'_>| matches!(part.body, PartType::Html(_));
    let plain = mail.text_body.iter().filter_map(|id| mail.part(*id)).any(|part| !is_page(part));
    if plain {
        let parts = mail.text_body.iter().filter_map(|id| mail.part(*id));
        for text in parts.filter_map(|part| part.text_contents()) {
            quoted(&unwrapped::in_text(&text.replace("\r\n", "\n")), document, room)?;
        }
        return Ok(());
    }
    let pages = mail.html_body.iter().filter_map(|id| mail.part(*id));
    for page in pages.filter_map(|part| part.text_contents()) {
        let inner = html::of_text(page, room)?;
        for part in inner.parts {
            let text = inner.text.get(part.span).unwrap_or_default();
            document.add_at(vec!["body".to_owned()], part.role, text, room)?;
        }
    }
    Ok(())
}

/// Cuts a text into what its writer says and what is repeated of others.
fn quoted(text: &str, document: &mut Document, room: &mut Room) -> Result<(), Refused> {
    let place = || vec!["body".to_owned()];
    let (mut now, mut piece) = (Role::Body, String::new());
    let mut forwarded = false;
    for line in text.lines() {
        let below = line.trim_start();
        forwarded |= is_divider(below);
        let role = if forwarded || below.starts_with('>') { Role::Quoted } else { Role::Body };
        if role != now {
            document.add_at(place(), now, &std::mem::take(&mut piece), room)?;
            now = role;
        }
        let words = if forwarded { line } else { below.trim_start_matches(['>', ' ']) };
        piece.push_str(if role == Role::Quoted { words } else { line });
        piece.push('\n');
    }
    document.add_at(place(), now, &piece, room)
}

/// Whether a forwarded mail, or a reply's original, begins after this line.
fn is_divider(line: &str) -> bool {
    let dashes = line.starts_with("-----") || line.starts_with("_____");
    let lower = line.to_lowercase();
    let words = [
        "original message",
        "forwarded message",
        "ursprüngliche nachricht",
        "weitergeleitete nachricht",
        "message d'origine",
        "message transféré",
        "mensaje original",
        "mensaje reenviado",
        "mensagem original",
        "messaggio originale",
        "исходное сообщение",
        "пересланное сообщение",
    ];
    dashes && words.iter().any(|word| lower.contains(word)) || lower == "begin forwarded message:"
}
