//! Users and their tokens.

use crate::{Db, StoreError};
use forewarn_exchange::user::User;
use forewarn_transcript::Hash;
use rusqlite::OptionalExtension as _;

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

    /// The user that a token was made for, by the token's digest.
    pub fn token_user(&self, digest: Hash) -> Result<Option<User>, StoreError> {
        let sql = "SELECT user FROM token WHERE digest = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let name: Option<String> =
            statement.query_row([&digest.0[..]], |row| row.get(0)).optional()?;
        name.map_or(Ok(None), |name| self.user(&name))
    }

    /// Makes every token of a user void.
    pub fn remove_tokens(&self, user: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM token WHERE user = ?1";
        self.connection.prepare_cached(sql)?.execute([user])?;
        Ok(())
    }

    /// Keeps a token by its digest: the token itself is never kept.
    pub fn set_token(&self, user: &str, digest: Hash) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO token (digest, user) VALUES (?1, ?2)";
        self.connection.prepare_cached(sql)?.execute((&digest.0[..], user))?;
        Ok(())
    }
}
