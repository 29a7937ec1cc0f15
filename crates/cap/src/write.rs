//! An alert as XML, in the order that the schema fixes.

use crate::alert::{Alert, Area, Info, MessageType, Pair, Reference, Resource, Scope, Status};
use crate::name::Name;
use crate::time::written;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// The namespace of CAP 1.2.
const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";

/// Why an alert is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// A character that XML 1.0 has no form for, such as a control character.
    #[error("`{element}` has the character U+{character:04X}, which XML cannot hold")]
    Character {
        /// Where.
        element: &'static str,
        /// Which.
        character: u32,
    },
    /// Something that has to be there is not.
    #[error("{0}")]
    Missing(&'static str),
    /// The writer did not do it.
    #[error("{0}")]
    Xml(String),
}

/// Writes an alert.
///
/// # Errors
/// It is not one that may be written: a text holds a character that XML has no form for, an update
/// names nothing that it updates, an error does not say why, an exercise does not say so.
pub fn write(alert: &Alert) -> Result<Vec<u8>, NotWritten> {
    may_be_written(alert)?;
    let mut to = To(Writer::new_with_indent(Vec::new(), b' ', 1));
    to.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut start = BytesStart::new("alert");
    start.push_attribute(("xmlns", NAMESPACE));
    to.event(Event::Start(start))?;
    to.text("identifier", alert.identifier.as_str())?;
    to.text("sender", alert.sender.as_str())?;
    to.text("sent", &written(&alert.sent))?;
    to.text("status", alert.status.word())?;
    to.text("msgType", alert.message.word())?;
    match &alert.scope {
        Scope::Restricted { restriction } => {
            to.text("scope", "Restricted")?;
            to.text("restriction", restriction)?;
        }
        Scope::Private { addresses } => {
            let all: Vec<&str> = addresses.iter().map(Name::as_str).collect();
            to.text("scope", "Private")?;
            to.text("addresses", &all.join(" "))?;
        }
    }
    for code in &alert.codes {
        to.text("code", code)?;
    }
    to.maybe("note", alert.note.as_deref())?;
    if !alert.references.is_empty() {
        to.text("references", &references(&alert.references))?;
    }
    for info in &alert.info {
        to.info(info)?;
    }
    to.event(Event::End(BytesEnd::new("alert")))?;
    Ok(to.0.into_inner())
}

fn may_be_written(alert: &Alert) -> Result<(), NotWritten> {
    let about = match alert.message {
        MessageType::Alert => true,
        MessageType::Update | MessageType::Cancel | MessageType::Ack | MessageType::Error => {
            !alert.references.is_empty()
        }
    };
    if !about {
        return Err(NotWritten::Missing("it does not say which alert it is about"));
    }
    let says = alert.note.as_ref().is_some_and(|note| !note.trim().is_empty());
    if alert.message == MessageType::Error && !says {
        return Err(NotWritten::Missing("an error says why in its note"));
    }
    if alert.status != Status::Actual && !says {
        return Err(NotWritten::Missing("an exercise or test says so in its note"));
    }
    if let Scope::Private { addresses } = &alert.scope
        && addresses.is_empty()
    {
        return Err(NotWritten::Missing("a private alert names its readers"));
    }
    if alert.info.iter().any(|info| info.categories.is_empty()) {
        return Err(NotWritten::Missing("an event is of at least one category"));
    }
    Ok(())
}

fn references(all: &[Reference]) -> String {
    let each = all.iter().map(|one| {
        let Reference { sender, identifier, sent } = one;
        format!("{sender},{identifier},{}", written(sent))
    });
    each.collect::<Vec<_>>().join(" ")
}

struct To(Writer<Vec<u8>>);

impl To {
    fn event(&mut self, event: Event<'_>) -> Result<(), NotWritten> {
        self.0.write_event(event).map_err(|e| NotWritten::Xml(e.to_string()))
    }

    fn start(&mut self, name: &'static str) -> Result<(), NotWritten> {
        self.event(Event::Start(BytesStart::new(name)))
    }

    fn end(&mut self, name: &'static str) -> Result<(), NotWritten> {
        self.event(Event::End(BytesEnd::new(name)))
    }

    fn text(&mut self, name: &'static str, text: &str) -> Result<(), NotWritten> {
        if let Some(bad) = text.chars().find(|c| !is_xml(*c)) {
            return Err(NotWritten::Character { element: name, character: u32::from(bad) });
        }
        self.start(name)?;
        self.event(Event::Text(BytesText::new(text)))?;
        self.end(name)
    }

    fn maybe(&mut self, name: &'static str, text: Option<&str>) -> Result<(), NotWritten> {
        text.map_or(Ok(()), |text| self.text(name, text))
    }

    fn pair(&mut self, name: &'static str, pair: &Pair) -> Result<(), NotWritten> {
        self.start(name)?;
        self.text("valueName", &pair.name)?;
        self.text("value", &pair.value)?;
        self.end(name)
    }

    fn info(&mut self, info: &Info) -> Result<(), NotWritten> {
        self.start("info")?;
        self.maybe("language", info.language.as_deref())?;
        for category in &info.categories {
            self.text("category", category.word())?;
        }
        self.text("event", &info.event)?;
        self.text("urgency", info.urgency.word())?;
        self.text("severity", info.severity.word())?;
        self.text("certainty", info.certainty.word())?;
        self.text("effective", &written(&info.effective))?;
        self.text("expires", &written(&info.expires))?;
        self.text("senderName", &info.sender_name)?;
        self.text("headline", &info.headline)?;
        self.text("description", &info.description)?;
        for parameter in &info.parameters {
            self.pair("parameter", parameter)?;
        }
        for resource in &info.resources {
            self.resource(resource)?;
        }
        for area in &info.areas {
            self.area(area)?;
        }
        self.end("info")
    }

    fn resource(&mut self, resource: &Resource) -> Result<(), NotWritten> {
        self.start("resource")?;
        self.text("resourceDesc", &resource.description)?;
        self.text("mimeType", &resource.mime_type)?;
        self.text("size", &resource.size.to_string())?;
        self.text("digest", &resource.digest)?;
        self.end("resource")
    }

    fn area(&mut self, area: &Area) -> Result<(), NotWritten> {
        self.start("area")?;
        self.text("areaDesc", &area.description)?;
        for geocode in &area.geocodes {
            self.pair("geocode", geocode)?;
        }
        self.end("area")
    }
}

/// Whether XML 1.0 has a form for a character (§2.2).
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests;
