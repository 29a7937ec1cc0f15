//! What a caller may do with a collection. One that it may do nothing with is not there for it: no
//! answer, list or count tells of it.

use super::error::Error;
use crate::app::App;
use crate::caller::Caller;
use forewarn_exchange::Code;
use forewarn_node::collection::{Collection, CollectionKind, Inlet};

/// Whether the caller may read a collection. The owner of the folder can read every file in it.
pub(crate) fn may_read(collection: &Collection, caller: &Caller) -> bool {
    match caller {
        Caller::User(user) => collection.may_read(user),
        Caller::Owner => true,
        Caller::Partner(_) => false,
    }
}

/// Whether the caller may add to a collection.
pub(crate) fn may_write(collection: &Collection, caller: &Caller) -> bool {
    matches!(caller, Caller::User(user) if collection.may_write(user))
}

/// Whether a collection is open: an outlet is, as long as its partner is confirmed.
pub(crate) async fn is_open(node: &App, collection: &Collection) -> Result<bool, Error> {
    match &collection.kind {
        CollectionKind::Inlet(_) | CollectionKind::Shelf => Ok(true),
        CollectionKind::Outlet { partner } => Ok(node.state.is_confirmed(partner).await?),
    }
}

/// A collection that is there for the caller, by its id or alias.
pub(crate) async fn visible(node: &App, caller: &Caller, name: &str) -> Result<Collection, Error> {
    let found = node.collections().named(name).cloned();
    let found = found.filter(|one| may_read(one, caller) || may_write(one, caller));
    let none = || Error::new(Code::NotFound, format!("there is no collection `{name}`"));
    let found = found.ok_or_else(none)?;
    if is_open(node, &found).await? { Ok(found) } else { Err(none()) }
}

/// A collection that the caller may read (§5.2.1 `can_read`).
pub(crate) async fn readable(node: &App, caller: &Caller, name: &str) -> Result<Collection, Error> {
    let found = visible(node, caller, name).await?;
    if may_read(&found, caller) {
        return Ok(found);
    }
    Err(forbidden("this account may add to the collection and not read it"))
}

/// A collection that the caller may add to (§5.2.1 `can_write`), and how things are taken in by it.
pub(crate) async fn writable(
    node: &App,
    caller: &Caller,
    name: &str,
) -> Result<(Collection, Inlet), Error> {
    let found = visible(node, caller, name).await?;
    match &found.kind {
        CollectionKind::Inlet(inlet) if may_write(&found, caller) => {
            let inlet = inlet.clone();
            Ok((found, inlet))
        }
        _ => Err(forbidden("this account may read the collection and not add to it")),
    }
}

/// A collection that the caller may delete from: read and write both (§5.7).
pub(crate) async fn deletable(
    node: &App,
    caller: &Caller,
    name: &str,
) -> Result<Collection, Error> {
    let (found, _) = writable(node, caller, name).await?;
    if may_read(&found, caller) {
        return Ok(found);
    }
    Err(forbidden("deleting needs an account that may both read and add"))
}

fn forbidden(detail: &str) -> Error {
    Error::new(Code::NotPermitted, detail)
}
