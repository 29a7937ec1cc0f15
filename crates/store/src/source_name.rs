//! Who stands behind sources' handles.

use crate::{Db, StoreError};
use forewarn_exchange::source_name::SourceNames;

const NAME: &str = "source-names";

impl Db<'_> {
    /// All names that are kept.
    pub fn source_names(&self) -> Result<SourceNames, StoreError> {
        Ok(self.setting(NAME)?.unwrap_or_default())
    }

    /// They are these from now on. Where one was forgotten, what stands of it on the disk goes too, as what
    /// is erased does.
    pub fn set_source_names(&self, names: &SourceNames, forgotten: bool) -> Result<(), StoreError> {
        if forgotten {
            self.count_erasure()?;
        }
        self.set_setting(NAME, names)
    }
}
