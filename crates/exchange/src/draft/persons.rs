//! For whom of the partner's people a warning is: TLP:RED goes to named persons only (TLP 2.0 §1).

use super::DraftRequest;
use crate::code::Code;
use crate::named;
use crate::refusal::{Field, Hint, Refusal};
use forewarn_stix::marking::Tlp;

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
    named::check(persons).map_err(refused)
}
