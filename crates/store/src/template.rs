//! Texts to begin drafts with.

use crate::{Db, StoreError};
use forewarn_exchange::template::Templates;

const NAME: &str = "templates";

impl Db<'_> {
    /// All templates.
    pub fn templates(&self) -> Result<Templates, StoreError> {
        Ok(self.setting(NAME)?.unwrap_or_default())
    }

    /// They are these from now on.
    pub fn set_templates(&self, templates: &Templates) -> Result<(), StoreError> {
        self.set_setting(NAME, templates)
    }
}
