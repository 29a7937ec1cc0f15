//! Paths: the place in an object that is being checked.

use crate::text::shortened;

/// The place in an object that is being checked, as a list of steps linked upwards. It costs
/// nothing until it is printed, which happens only when something is wrong there.
pub(crate) struct At<'a> {
    up: Option<&'a At<'a>>,
    step: AtStep<'a>,
}

enum AtStep<'a> {
    Root,
    Name(&'a str),
    Index(usize),
}

impl At<'_> {
    pub(crate) const ROOT: At<'static> = At { up: None, step: AtStep::Root };

    pub(crate) fn name<'a>(&'a self, name: &'a str) -> At<'a> {
        At { up: Some(self), step: AtStep::Name(name) }
    }

    pub(crate) fn index(&self, n: usize) -> At<'_> {
        At { up: Some(self), step: AtStep::Index(n) }
    }

    /// The property of the object that the place is in, and whether it is inside that property's
    /// value; `None` for the object itself.
    pub(crate) fn property(&self) -> Option<(&str, bool)> {
        let (mut at, mut inside) = (self, false);
        while let Some(up) = at.up {
            if let (AtStep::Root, AtStep::Name(name)) = (&up.step, &at.step) {
                return Some((name, inside));
            }
            (at, inside) = (up, true);
        }
        None
    }
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(up) = self.up {
            up.fmt(f)?;
        }
        match self.step {
            AtStep::Root => f.write_str("$"),
            // A name that cannot follow a dot is quoted, so that the path can be parsed.
            AtStep::Name(name) if is_plain(name) => write!(f, ".{name}"),
            AtStep::Name(name) => write!(f, "[{}]", serde_json::Value::from(shortened(name))),
            AtStep::Index(n) => write!(f, "[{n}]"),
        }
    }
}

/// Whether a name can follow a dot. A name longer than the standard allows is quoted and shortened.
fn is_plain(name: &str) -> bool {
    (1..=250).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}
