//! One thing to be kept, with all that the writer need not work out.

use super::media::Media;
use super::original::Original;
use crate::ids;
use crate::reason::Reason;
use crate::stamp::Stamp;
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::head;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// One valid thing to be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "ItemParts", into = "ItemParts")]
pub struct NewItem {
    /// Where it goes.
    pub collection: CollectionNumber,
    /// What its bytes are.
    pub media: Media,
    /// A STIX id, or `text--UUID` of a free text.
    pub id: String,
    /// Which version of the object it is.
    pub version: Stamp,
    /// Its place in the input.
    pub position: i64,
    /// The item as it was received.
    pub bytes: Vec<u8>,
    /// The rules that it breaks; it is usable all the same.
    pub flaws: Vec<Reason>,
    /// Whether it says that its object is revoked.
    pub revokes: bool,
    /// The document that it was read from.
    pub original: Option<Original>,
    pub(super) digest: [u8; 32],
    pub(super) key: i64,
    pub(super) kind: i64,
}

/// An item as it is written: without what follows from the rest.
#[derive(Serialize, Deserialize)]
struct ItemParts {
    collection: CollectionNumber,
    media: Media,
    id: String,
    version: Stamp,
    position: i64,
    #[serde(with = "crate::written::bytes")]
    bytes: Vec<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flaws: Vec<Reason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    original: Option<Original>,
}

impl From<ItemParts> for NewItem {
    fn from(parts: ItemParts) -> NewItem {
        let ItemParts { collection, media, id, version, position, bytes, flaws, original } = parts;
        NewItem::new((collection, media), id, version, position, bytes)
            .with(flaws)
            .read_from(original)
    }
}

impl From<NewItem> for ItemParts {
    fn from(item: NewItem) -> ItemParts {
        let NewItem { collection, media, id, version, position, bytes, flaws, original, .. } = item;
        ItemParts { collection, media, id, version, position, bytes, flaws, original }
    }
}

impl NewItem {
    /// Takes the digests that it is kept by, and reads what the writer asks, so that it need not.
    pub fn new(
        (collection, media): (CollectionNumber, Media),
        id: String,
        version: Stamp,
        position: i64,
        bytes: Vec<u8>,
    ) -> NewItem {
        let digest = Sha256::digest(&bytes).into();
        let (key, kind) = (ids::key(collection.get(), &id), ids::kind_of(&id));
        let flaws = Vec::new();
        let revokes = media == Media::Stix && head::is_revocation(&bytes);
        NewItem {
            collection,
            media,
            id,
            version,
            position,
            bytes,
            flaws,
            revokes,
            original: None,
            digest,
            key,
            kind,
        }
    }

    /// The same item with these flaws.
    pub fn with(self, flaws: Vec<Reason>) -> NewItem {
        NewItem { flaws, ..self }
    }

    /// The same item, read from this document.
    pub fn read_from(self, original: Option<Original>) -> NewItem {
        NewItem { original, ..self }
    }
}
