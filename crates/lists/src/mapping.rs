//! What each column of a list holds: as it was guessed, or as somebody says.

use crate::bounds::shown;
use crate::kind::Kind;
use crate::refused::Refused;
use std::fmt;

/// What each column of a list holds. Its text is what `--columns` takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// Each column with its name, and what it holds; `None` where that is not known: it goes into the
    /// description as it stands.
    pub(crate) columns: Vec<(String, Option<Kind>)>,
}

/// What somebody says of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Columns {
    /// The guess is right.
    Guessed,
    /// Each column that counts, with its kind.
    Given(Vec<(String, String)>),
}

impl std::str::FromStr for Columns {
    type Err = Refused;

    /// Reads `address=ipv4-addr,seen=first_seen`, or `guessed`.
    fn from_str(text: &str) -> Result<Columns, Refused> {
        if text.trim() == "guessed" {
            return Ok(Columns::Guessed);
        }
        let mut all = Vec::new();
        for part in text.split(',') {
            let Some((name, kind)) = part.rsplit_once('=') else {
                let why = format!("`{}` is not of the form COLUMN=TYPE", shown(part));
                return Err(Refused::Columns(why));
            };
            if Kind::named(kind.trim()).is_none() {
                let (kind, words) = (shown(kind.trim()), Kind::words());
                return Err(Refused::Columns(format!("`{kind}` is none of {words}")));
            }
            all.push((name.trim().to_owned(), kind.trim().to_owned()));
        }
        Ok(Columns::Given(all))
    }
}

impl Mapping {
    /// What somebody says, of a list with these columns.
    pub(crate) fn given(names: &[String], said: &[(String, String)]) -> Result<Mapping, Refused> {
        let mut columns: Vec<_> = names.iter().map(|name| (name.clone(), None)).collect();
        for (name, kind) in said {
            let Some((_, entry)) = columns.iter_mut().find(|(known, _)| known == name) else {
                let known: Vec<_> =
                    names.iter().take(20).map(|name| format!("`{}`", shown(name))).collect();
                let (name, known) = (shown(name), known.join(", "));
                return Err(Refused::Columns(format!(
                    "there is no column `{name}`; there are {known}"
                )));
            };
            *entry = Kind::named(kind);
        }
        let mapping = Mapping { columns };
        if let Some(kind) = mapping.twice() {
            let why = format!("two columns are `{}`; say which of them is", kind.word());
            return Err(Refused::Columns(why));
        }
        let has = |kind: Kind| mapping.columns.iter().any(|(_, known)| *known == Some(kind));
        if has(Kind::Type) && !has(Kind::Value) {
            let why = "`type` says what a column of the kind `value` holds, and there is none";
            return Err(Refused::Columns(why.to_owned()));
        }
        if !mapping.is_useful() {
            let why = "none of them holds something that can be watched for, such as ipv4-addr";
            return Err(Refused::Columns(why.to_owned()));
        }
        Ok(mapping)
    }

    /// A kind of which a row can say one thing, and that two columns have.
    fn twice(&self) -> Option<Kind> {
        let kinds: Vec<Kind> = self.columns.iter().filter_map(|(_, kind)| *kind).collect();
        let is_one = |kind: &Kind| match kind {
            Kind::Observable(_)
            | Kind::Value
            | Kind::Description
            | Kind::Labels
            | Kind::LeftOut => false,
            Kind::Type
            | Kind::FirstSeen
            | Kind::LastSeen
            | Kind::ValidUntil
            | Kind::Confidence
            | Kind::Name
            | Kind::Tlp => true,
        };
        let count = |kind: &Kind| kinds.iter().filter(|other| *other == kind).count();
        kinds.iter().find(|kind| is_one(kind) && count(kind) > 1).copied()
    }

    /// Whether any column holds something that can be watched for.
    pub(crate) fn is_useful(&self) -> bool {
        self.columns.iter().any(|(_, kind)| matches!(kind, Some(Kind::Observable(_) | Kind::Value)))
    }

    pub(crate) fn kind(&self, column: usize) -> Option<Kind> {
        self.columns.get(column).and_then(|(_, kind)| *kind)
    }

    pub(crate) fn name(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |(name, _)| name)
    }

    /// The columns that were not understood: they go into the description as they stand.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|(_, kind)| kind.is_none()).map(|(name, _)| name.as_str())
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.columns.iter().filter_map(|(name, kind)| Some((name, (*kind)?)));
        for (n, (name, kind)) in known.enumerate() {
            let comma = if n == 0 { "" } else { "," };
            write!(f, "{comma}{name}={}", kind.word())?;
        }
        Ok(())
    }
}
