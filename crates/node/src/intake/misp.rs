//! Events of MISP as items.

use super::Destination;
use super::continued::Continued;
use super::judge::{MAX_AT_ONCE, NotTaken, PART_BYTES, PART_OBJECTS, Sorted, sort};
use forewarn_misp::Losses;
use forewarn_store::intake::Refused;
use forewarn_store::reason::Reason;
use forewarn_store::{Db, StoreError};

/// Most bytes of an event that is refused and kept all the same, to be looked at.
const MAX_KEPT_BYTES: usize = 1 << 20;

/// The objects of MISP events; what of an event they do not say is named in quarantine.
///
/// # Errors
/// It is not what MISP writes, contradicts itself about its handling, or has too many objects.
pub fn sort_misp(bytes: &[u8], to: Destination<'_>) -> Result<Sorted, NotTaken> {
    Ok(MispPart::whole(bytes)?.sorted(to))
}

/// The same, as versions of what the collection holds.
///
/// # Errors
/// As [`sort_misp`]; outside of that, when the store cannot be read.
pub fn sort_misp_here(
    db: &Db<'_>,
    bytes: &[u8],
    to: Destination<'_>,
) -> Result<Result<Sorted, NotTaken>, StoreError> {
    Ok(match MispPart::whole(bytes) {
        Ok(part) => Ok(part.sorted_here(db, to)?),
        Err(why) => Err(why),
    })
}

/// Objects of events, before they are judged.
pub(crate) struct MispPart {
    /// STIX objects.
    pub(crate) objects: Vec<Vec<u8>>,
    /// What stands behind them in quarantine.
    pub(crate) refused: Option<Refused>,
    /// The position of the first of them in the input.
    pub(crate) position: i64,
}

impl MispPart {
    fn whole(bytes: &[u8]) -> Result<MispPart, NotTaken> {
        let (mut objects, mut count) = (Vec::new(), 0);
        let losses = forewarn_misp::convert(&mut || Ok(bytes), &mut |object| {
            count += 1;
            if count <= MAX_AT_ONCE {
                objects.push(object.to_string().into_bytes());
            }
        })?;
        if count > MAX_AT_ONCE {
            return Err(NotTaken::TooMany(MAX_AT_ONCE));
        }
        let refused = lost(&losses, i64::try_from(count).unwrap_or(i64::MAX));
        Ok(MispPart { objects, refused, position: 0 })
    }

    /// Judges each object by itself.
    fn sorted(self, to: Destination<'_>) -> Sorted {
        let mut sorted = sort(self.objects, to, self.position);
        if let Some(refused) = self.refused {
            sorted.refuse(refused);
        }
        sorted
    }

    /// The same, as versions of what the collection holds.
    pub(crate) fn sorted_here(
        mut self,
        db: &Db<'_>,
        to: Destination<'_>,
    ) -> Result<Sorted, StoreError> {
        let mut continued = Continued::default();
        for object in &mut self.objects {
            *object = continued.follow(db, to.collection, std::mem::take(object))?;
        }
        Ok(self.sorted(to))
    }
}

/// How many objects an event becomes. Nothing of it is kept: whether it can be taken in at all is
/// known at its end.
///
/// # Errors
/// It is not what MISP writes, or contradicts itself about its handling.
pub(crate) fn count_misp(bytes: &[u8]) -> Result<u64, NotTaken> {
    let mut count = 0;
    forewarn_misp::convert(&mut || Ok(bytes), &mut |_| count += 1)?;
    Ok(count)
}

/// The objects of an event that [`count_misp`] has read to its end, part by part; `position` is that
/// of its first object in the input. Returns the position after its last one.
///
/// # Errors
/// As [`count_misp`].
pub(crate) fn misp_parts(
    bytes: &[u8],
    mut position: i64,
    take: &mut dyn FnMut(MispPart),
) -> Result<i64, NotTaken> {
    let (mut objects, mut size) = (Vec::new(), 0);
    let losses = forewarn_misp::convert(&mut || Ok(bytes), &mut |object| {
        let object = object.to_string().into_bytes();
        size += object.len();
        objects.push(object);
        if objects.len() >= PART_OBJECTS || size >= PART_BYTES {
            let count = i64::try_from(objects.len()).unwrap_or(0);
            take(MispPart { objects: std::mem::take(&mut objects), refused: None, position });
            (size, position) = (0, position + count);
        }
    })?;
    let end = position + i64::try_from(objects.len()).unwrap_or(0);
    let refused = lost(&losses, end);
    let next = end + i64::from(refused.is_some());
    if next > position {
        take(MispPart { objects, refused, position });
    }
    Ok(next)
}

/// An event that cannot be taken in, for quarantine; with its bytes, where they are not many.
pub(crate) fn refused_misp(id: Option<String>, bytes: &[u8], why: &str, position: i64) -> MispPart {
    let mut message = why.to_owned();
    let mut kept = bytes.to_vec();
    if bytes.len() > MAX_KEPT_BYTES {
        kept = Vec::new();
        message = format!("{message}; its {} bytes are not kept", bytes.len());
    }
    let (path, rule) = ("$".to_owned(), "misp".to_owned());
    let reasons = vec![Reason { path, rule, message }];
    let refused = Some(Refused { position, id, version: None, reasons, bytes: kept });
    MispPart { objects: Vec::new(), refused, position }
}

/// What objects do not say of their event. It is named, and not kept: the event would stand there
/// whole.
fn lost(losses: &Losses, position: i64) -> Option<Refused> {
    let reason = |loss: &forewarn_misp::Loss| Reason {
        path: loss.at.clone(),
        rule: "not-carried-over".to_owned(),
        message: loss.why.clone(),
    };
    (!losses.is_empty()).then(|| {
        let reasons = losses.list().iter().map(reason).collect();
        Refused { position, id: None, version: None, reasons, bytes: Vec::new() }
    })
}
