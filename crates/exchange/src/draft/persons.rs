//! For whom of the partner's people a warning is: TLP:RED goes to named persons only (TLP 2.0 §1).

use super::DraftRequest;
use crate::code::Code;
use crate::refusal::{Field, Hint, Refusal};
use forewarn_stix::marking::Tlp;
use std::collections::BTreeSet;

/// Most persons that one warning names: a meeting, not a department.
pub(super) const MAX_PERSONS: usize = 30;

/// Longest name of a person, in characters.
const MAX_NAME: usize = 200;

/// Whether the persons that a draft names fit its marking: at TLP:RED there are some, otherwise there
/// are none.
///
/// # Errors
/// [`Code::Persons`] when they do not.
pub(super) fn check(request: &DraftRequest) -> Result<(), Refusal> {
    let refused = |message: String| {
        Refusal::new(Code::Persons, message).hint(Hint::Give { field: Field::Persons })
    };
    let DraftRequest { tlp, persons, .. } = request;
    match (tlp, persons.as_slice()) {
        (Tlp::Red, []) => {
            return Err(refused("TLP:RED is for named persons, and none is named".to_owned()));
        }
        (Tlp::Red, _) | (_, []) => {}
        (tlp, _) => {
            let message = format!("{tlp} is not kept to named persons; only TLP:RED is");
            return Err(Refusal::new(Code::Persons, message).advice("name nobody, or mark it red"));
        }
    }
    if persons.len() > MAX_PERSONS {
        let message = format!("{} persons are named; the most is {MAX_PERSONS}", persons.len());
        return Err(refused(message));
    }
    let bad = |name: &&String| {
        name.trim() != **name
            || name.is_empty()
            || name.chars().count() > MAX_NAME
            || name.chars().any(char::is_control)
    };
    if let Some(name) = persons.iter().find(bad) {
        let message = format!("`{name}` is not a name: one line of at most {MAX_NAME} characters");
        return Err(refused(message));
    }
    if persons.iter().collect::<BTreeSet<_>>().len() < persons.len() {
        return Err(refused("a person is named twice".to_owned()));
    }
    Ok(())
}
