//! What `forewarn case draft` and `case update` may put into a warning beside its words.

use clap::Args;
use forewarn_exchange::draft::{DraftChanges, DraftRequest};

#[derive(Debug, Args)]
pub(crate) struct More {
    /// A person of the partner, by name, who may read it: needed at TLP:RED; may be given several
    /// times
    #[arg(long = "to", value_name = "NAME")]
    persons: Vec<String>,
}

impl More {
    /// The request with all that was given here.
    pub(super) fn put_in(self, request: DraftRequest) -> DraftRequest {
        DraftRequest { persons: self.persons, ..request }
    }

    /// The changes with all that was given here.
    pub(super) fn change(self, changes: DraftChanges) -> DraftChanges {
        DraftChanges { persons: self.persons, ..changes }
    }
}
