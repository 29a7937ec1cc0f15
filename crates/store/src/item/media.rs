//! What the bytes of an item are.

use crate::StoreError;
use serde::{Deserialize, Serialize};

/// What an item's bytes are. It is kept with the item: nothing guesses it from the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// One STIX 2.1 object: `application/stix+json;version=2.1`.
    #[default]
    Stix,
    /// A free text in UTF-8: `text/plain`.
    Text,
}

/// Each with the number that a row keeps.
const MEDIA: &[(Media, i64)] = &[(Media::Stix, 0), (Media::Text, 1)];

impl Media {
    pub(super) fn number(self) -> i64 {
        MEDIA.iter().find(|(media, _)| *media == self).map_or(0, |(_, number)| *number)
    }

    pub(super) fn of_number(number: i64) -> Result<Media, StoreError> {
        let found = MEDIA.iter().find(|(_, known)| *known == number).map(|(media, _)| *media);
        found.ok_or_else(|| StoreError::damaged("item", format!("{number} is not a media type")))
    }
}
