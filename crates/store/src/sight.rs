//! What a reader may see of what came in: the filter that every list and count goes through.

use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::named::Address;
use forewarn_exchange::user::User;
use forewarn_exchange::warning::Warning;
use std::collections::BTreeSet;

/// Everything but what came in by some collections, and what is for other persons by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    hidden: BTreeSet<i64>,
    reader: Reader,
}

/// Who reads: what is for named persons (TLP:RED) is shown to them and to nobody else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reader {
    /// The node itself: it shows nothing to anybody.
    #[default]
    Node,
    /// One of our people.
    Person(Box<User>),
    /// Somebody who is none of our people by name: the owner of the folder, a partner.
    Nobody,
}

impl Sight {
    /// Everything.
    pub fn all() -> Sight {
        Sight::default()
    }

    /// Everything but what came in by these.
    pub fn without(hidden: impl IntoIterator<Item = CollectionNumber>) -> Sight {
        let hidden = hidden.into_iter().map(CollectionNumber::get).collect();
        Sight { hidden, reader: Reader::Node }
    }

    /// The same for this reader.
    #[must_use]
    pub fn read_by(self, reader: Reader) -> Sight {
        Sight { reader, ..self }
    }

    /// The reader, when it is one of our people.
    pub fn person(&self) -> Option<&User> {
        match &self.reader {
            Reader::Person(user) => Some(user),
            Reader::Node | Reader::Nobody => None,
        }
    }

    /// Whether the newest content of a warning may be shown.
    pub fn opens_newest(&self, warning: &Warning) -> bool {
        match &self.reader {
            Reader::Node => true,
            Reader::Person(user) => warning.is_for(user),
            Reader::Nobody => !warning.is_for_persons(),
        }
    }

    /// Whether a version may be shown. Without a warning nobody can say which account a person is.
    pub(crate) fn opens_version(&self, warning: Option<&Warning>, address: &Address) -> bool {
        match (&self.reader, warning) {
            (Reader::Node, _) => true,
            (Reader::Person(user), Some(warning)) => warning.version_is_for(address, user),
            (Reader::Person(_), None) | (Reader::Nobody, _) => !address.is_for_persons(),
        }
    }

    /// Whether nothing is hidden.
    pub fn is_whole(&self) -> bool {
        self.hidden.is_empty()
    }

    /// The hidden collections as a JSON array, for `json_each` in a query.
    pub(crate) fn hidden(&self) -> String {
        let numbers: Vec<String> = self.hidden.iter().map(i64::to_string).collect();
        format!("[{}]", numbers.join(","))
    }

    /// The hidden collections.
    pub(crate) fn hidden_numbers(&self) -> impl Iterator<Item = i64> {
        self.hidden.iter().copied()
    }

    pub(crate) fn hides(&self, collection: i64) -> bool {
        self.hidden.contains(&collection)
    }
}
