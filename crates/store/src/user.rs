//! Users.

use crate::{Db, StoreError};
use forewarn_exchange::user::User;

impl Db<'_> {
    /// The user with this name.
    pub fn user(&self, name: &str) -> Result<Option<User>, StoreError> {
        self.state("SELECT state FROM user WHERE name = ?1", name)
    }

    /// All users, by name.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        self.states("SELECT state FROM user ORDER BY name", [])
    }

    /// Adds a user, or replaces the one of that name.
    pub fn set_user(&self, user: &User) -> Result<(), StoreError> {
        self.put("INSERT OR REPLACE INTO user (name, state) VALUES (?1, ?2)", &user.name, user)
    }
}
