//! An alert as a value (CAP 1.2 §3.2). What the schema makes a choice is an enum here.

use crate::name::Name;
use forewarn_stix::Timestamp;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$each])* $variant,)*
        }

        impl $name {
            /// Every word, as the schema lists them.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word for it.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }
    };
}

words! {
    /// Whether it is meant. `System` and `Draft`, which the schema has too, are not written.
    Status {
        /// It is meant.
        Actual = "Actual",
        /// An exercise: only those who take part in it act.
        Exercise = "Exercise",
        /// A technical test: all disregard it.
        Test = "Test",
    }
}

words! {
    /// What kind of message it is.
    MessageType {
        /// The first word.
        Alert = "Alert",
        /// It takes the place of those that it refers to.
        Update = "Update",
        /// Those that it refers to are taken back.
        Cancel = "Cancel",
        /// Those that it refers to were received, and are accepted.
        Ack = "Ack",
        /// Those that it refers to are rejected; why stands in the note.
        Error = "Error",
    }
}

words! {
    /// What kind of event it is.
    Category {
        /// General emergency and public safety.
        Safety = "Safety",
        /// Law enforcement, military, homeland and private security.
        Security = "Security",
        /// Fire suppression and rescue.
        Fire = "Fire",
        /// Medical and public health.
        Health = "Health",
        /// Public and private transport.
        Transport = "Transport",
        /// Utilities, telecommunication, other infrastructure.
        Infra = "Infra",
        /// Chemical, biological, radiological, nuclear or explosive.
        Cbrne = "CBRNE",
        /// Anything else.
        Other = "Other",
    }
}

words! {
    /// How soon action is to be taken.
    Urgency {
        /// At once.
        Immediate = "Immediate",
        /// Within the next hour.
        Expected = "Expected",
        /// In the near future.
        Future = "Future",
        /// It is not required any more.
        Past = "Past",
        /// Not known.
        Unknown = "Unknown",
    }
}

words! {
    /// How bad it is.
    Severity {
        /// Extraordinary threat to life or property.
        Extreme = "Extreme",
        /// Significant threat.
        Severe = "Severe",
        /// Possible threat.
        Moderate = "Moderate",
        /// Minimal or no known threat.
        Minor = "Minor",
        /// Not known.
        Unknown = "Unknown",
    }
}

words! {
    /// How sure it is.
    Certainty {
        /// It has happened, or goes on.
        Observed = "Observed",
        /// More likely than not.
        Likely = "Likely",
        /// Possible, and not likely.
        Possible = "Possible",
        /// Not expected to come about.
        Unlikely = "Unlikely",
        /// Not known.
        Unknown = "Unknown",
    }
}

/// For whom it is. There is no word for everybody: what is meant for the public is decided by
/// whoever publishes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// For those who meet a condition.
    Restricted {
        /// The condition.
        restriction: String,
    },
    /// For these readers only; names without spaces.
    Private {
        /// At least one.
        addresses: Vec<Name>,
    },
}

/// Another alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Who sent it.
    pub sender: Name,
    /// Its identifier.
    pub identifier: Name,
    /// When it was sent.
    pub sent: Timestamp,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its identifier: unique among those of its sender.
    pub identifier: Name,
    /// Who sends it.
    pub sender: Name,
    /// When.
    pub sent: Timestamp,
    /// Whether it is meant.
    pub status: Status,
    /// What kind of message it is.
    pub message: MessageType,
    /// For whom it is.
    pub scope: Scope,
    /// Special handling.
    pub codes: Vec<String>,
    /// What the message is for, beside its content: the reason of an error, the exercise.
    pub note: Option<String>,
    /// The alerts that it is about.
    pub references: Vec<Reference>,
    /// The event, in one language after another.
    pub info: Vec<Info>,
}

/// A name and its value, of a system that both sides know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// The event. Until when it holds is always said: without that, each reader would decide for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// The language: RFC 3066, such as `en`.
    pub language: Option<String>,
    /// At least one.
    pub categories: Vec<Category>,
    /// The kind of event, in words.
    pub event: String,
    /// How soon action is to be taken.
    pub urgency: Urgency,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// Since when it holds.
    pub effective: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// What people call the sender.
    pub sender_name: String,
    /// The event in one line.
    pub headline: String,
    /// The event in words.
    pub description: String,
    /// Values of systems that both sides know: markings, handling.
    pub parameters: Vec<Pair>,
    /// Files that belong to it.
    pub resources: Vec<Resource>,
    /// Where it is.
    pub areas: Vec<Area>,
}

/// A file that belongs to an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What it is.
    pub description: String,
    /// Its media type.
    pub mime_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-1 of its bytes, in hex: the digest that CAP 1.2 asks for. It identifies; it proves nothing.
    pub digest: String,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// In words.
    pub description: String,
    /// Codes of systems that both sides know.
    pub geocodes: Vec<Pair>,
}
