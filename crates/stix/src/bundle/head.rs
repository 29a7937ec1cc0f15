//! What stands beside the objects of a frame: its own properties, and what there is when there are no
//! objects.

use super::{FrameError, MAX_HEAD_BYTES, Objects, Outer};
use crate::at::At;
use crate::finding::Finding;
use crate::id::StixId;
use crate::object::Judged;
use crate::rule;
use crate::text::shortened;
use std::io::Read;

impl<R: Read> Objects<R> {
    /// Looks at what has been read of the frame's own properties. A bundle of STIX 2.0 says so; one
    /// of 2.1 has no version.
    pub(super) fn check_head(&mut self) -> Result<(), FrameError> {
        let version = self.head("spec_version");
        let version = version.and_then(|text| serde_json::from_slice::<String>(text).ok());
        if version.is_some_and(|version| version.starts_with("2.0")) {
            return Err(FrameError::Stix20);
        }
        if let Some(found) = self.head("type").filter(|_| !self.is_bundle()) {
            self.foreign = Some(String::from_utf8_lossy(found).into_owned());
        }
        Ok(())
    }

    /// The type that the outer object has, or one of them, where it is not a bundle's: its JSON
    /// text.
    pub fn foreign(&self) -> Option<&str> {
        self.foreign.as_deref()
    }

    /// Whether the input was one object by itself, in no frame and no list.
    pub fn is_one_object(&self) -> bool {
        self.outer == Outer::Lines && (self.alone, self.frames) == (1, 0)
    }

    /// What there was in place of objects, for an input in which there were none.
    pub fn instead(&self) -> String {
        let names = self.head.iter().map(|(name, _)| format!("`{}`", shortened(name)));
        let names: Vec<String> = names.take(5).collect();
        match self.count {
            Some(_) => "its `objects` list is empty".to_owned(),
            None if self.outer == Outer::List => "the list is empty".to_owned(),
            None if self.is_bundle() => "the bundle has no `objects`".to_owned(),
            None if names.is_empty() => {
                "there is no `objects` list with anything in it: it is an empty object".to_owned()
            }
            None => format!(
                "there is no `objects` list in it, but {}; if a bundle stands inside, take it out",
                names.join(", ")
            ),
        }
    }

    /// Whether the outer object is a page without objects: it has nothing but these properties.
    pub fn has_only(&self, names: &[&str]) -> bool {
        self.head.iter().all(|(name, _)| names.contains(&name.as_str()))
    }

    /// The findings on bundles that have ended since this was last asked for (STIX 2.1 §8.1).
    pub fn take_heads(&mut self) -> Vec<Judged> {
        std::mem::take(&mut self.heads)
    }

    /// Judges the properties of the bundle itself (STIX 2.1 §8.1). Call it after the last object:
    /// properties may follow the objects. `None` for anything but a bundle, such as a TAXII
    /// envelope.
    pub fn judge_head(&self) -> Option<Judged> {
        if !self.is_bundle() {
            return None;
        }
        let at = |name: &str| At::ROOT.name(name).to_string();
        let mut findings = Vec::new();
        let id: Option<String> = self.head("id").and_then(|id| serde_json::from_slice(id).ok());
        match id.as_deref().map(StixId::parse) {
            None => {
                let message = "a bundle needs an `id` of the form bundle--UUID";
                findings.push(Finding::new(&rule::REQUIRED, at("id"), message));
            }
            Some(Err(e)) => findings.push(Finding::new(&rule::IDENTIFIER, at("id"), e.to_string())),
            Some(Ok(id)) if id.type_name() != "bundle" => {
                let message =
                    format!("the id begins with `{}`, the type is `bundle`", id.type_name());
                findings.push(Finding::new(&rule::ID_TYPE, at("id"), message));
            }
            Some(Ok(id)) if id.uuid_version() != 4 => {
                let message = "a bundle should have a random UUID (version 4)";
                findings.push(Finding::new(&rule::UUID_VERSION, at("id"), message));
            }
            Some(Ok(_)) => {}
        }
        if self.count == Some(0) {
            let message = "a list must not be empty; leave it out";
            findings.push(Finding::new(&rule::EMPTY_LIST, at("objects"), message));
        }
        for finding in findings.iter_mut().filter(|finding| finding.clause == rule::OF_TYPE) {
            finding.clause = "8.1";
        }
        for finding in &mut findings {
            // Nothing of a bundle is kept but its objects.
            finding.usable = true;
        }
        Some(Judged {
            id,
            type_name: Some("bundle".to_owned()),
            findings,
            unlisted: 0,
            usable: true,
            version: None,
            object: None,
        })
    }

    /// The JSON text of a property beside `objects`, such as `type` or `more`. Until the last
    /// object has been read, it may still follow.
    pub fn head(&self, name: &str) -> Option<&[u8]> {
        self.head.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice())
    }

    /// Whether the `type` read so far is `bundle`.
    pub fn is_bundle(&self) -> bool {
        let name = self.head("type").and_then(|name| serde_json::from_slice::<String>(name).ok());
        name.as_deref() == Some("bundle")
    }

    /// The number of bytes of the input that have been used.
    pub fn position(&self) -> u64 {
        self.input.at
    }

    pub(super) fn keep(&mut self, key: String, value: Vec<u8>) -> Result<(), FrameError> {
        self.kept += key.len() + value.len();
        if self.kept > MAX_HEAD_BYTES {
            let what = "all that is beside `objects`";
            return Err(FrameError::TooLong { at: self.input.at, what, most: MAX_HEAD_BYTES });
        }
        if self.head(&key).is_some() {
            return Err(self.input.form("a property beside `objects` occurs twice"));
        }
        if crate::json::read(&value).is_err() {
            return Err(self.input.form("the value before this is not strict JSON"));
        }
        self.head.push((key, value));
        Ok(())
    }
}
