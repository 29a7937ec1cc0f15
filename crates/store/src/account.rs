//! How users sign in, and what lets them in.

use crate::{Db, StoreError};
use forewarn_exchange::account::Account;
use forewarn_exchange::grant::{Grant, Granted};
use forewarn_exchange::link::{Issuer, IssuersName};
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::User;
use forewarn_transcript::Hash;
use rusqlite::{OptionalExtension as _, Row};

const GRANT: &str = "digest, user, state";

impl Db<'_> {
    /// How a user signs in; as somebody for whom nothing is set, when nothing is.
    pub fn account(&self, user: &str) -> Result<Account, StoreError> {
        let found = self.state("SELECT state FROM account WHERE user = ?1", user)?;
        Ok(found.unwrap_or_default())
    }

    /// How each user signs in for whom anything is set.
    pub fn accounts(&self) -> Result<Vec<(UserName, Account)>, StoreError> {
        let sql = "SELECT user, state FROM account ORDER BY user";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (user, state): (String, String) = (row.get(0)?, row.get(1)?);
            let what = || format!("the account of {user}");
            let account = crate::parse(&what(), &state)?;
            let name = UserName::parse(&user).map_err(|e| StoreError::damaged(what(), e))?;
            all.push((name, account));
        }
        Ok(all)
    }

    /// Sets how a user signs in.
    pub fn set_account(&self, user: &str, account: &Account) -> Result<(), StoreError> {
        self.put("INSERT OR REPLACE INTO account (user, state) VALUES (?1, ?2)", user, account)
    }

    /// The user whom an issuer calls so. All accounts are read: a node has some hundred of them.
    pub fn linked(
        &self,
        issuer: &Issuer,
        subject: &IssuersName,
    ) -> Result<Option<UserName>, StoreError> {
        let sql = "SELECT user, state FROM account ORDER BY user";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (user, state): (String, String) = (row.get(0)?, row.get(1)?);
            let what = || format!("how {user} signs in");
            let account: Account = crate::parse(&what(), &state)?;
            if account.is_linked(issuer, subject) {
                let name = UserName::parse(&user).map_err(|e| StoreError::damaged(what(), e))?;
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// What a secret or certificate with this SHA-256 lets in, whether or not it has ended.
    pub fn granted(&self, digest: Hash) -> Result<Option<(User, Grant)>, StoreError> {
        let sql = format!("SELECT {GRANT} FROM token WHERE digest = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_row([&digest.0[..]], |row| Ok(read(row))).optional()?;
        let Some(granted) = found.transpose()? else { return Ok(None) };
        let user = self.user(&granted.user)?;
        Ok(user.map(|user| (user, granted.grant)))
    }

    /// All that lets a user in, by its name; of every user, when none is named.
    pub fn grants(&self, user: Option<&str>) -> Result<Vec<Granted>, StoreError> {
        let sql =
            format!("SELECT {GRANT} FROM token WHERE ?1 IS NULL OR user = ?1 ORDER BY user, name");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([user], |row| Ok(read(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Keeps something that lets a user in, by its digest: the secret itself is never kept.
    pub fn set_grant(&self, granted: &Granted) -> Result<(), StoreError> {
        let Granted { digest, user, grant } = granted;
        let sql =
            "INSERT OR REPLACE INTO token (digest, user, name, state) VALUES (?1, ?2, ?3, ?4)";
        let row = (&digest.0[..], &**user, &*grant.name, crate::text(grant)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Makes one of them void.
    pub fn remove_grant(&self, digest: Hash) -> Result<(), StoreError> {
        let sql = "DELETE FROM token WHERE digest = ?1";
        self.connection.prepare_cached(sql)?.execute([&digest.0[..]])?;
        Ok(())
    }

    /// Makes all of them void that a user has.
    pub fn remove_grants(&self, user: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM token WHERE user = ?1";
        self.connection.prepare_cached(sql)?.execute([user])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<Granted, StoreError> {
    let (digest, user, state): (Vec<u8>, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let what = || format!("what lets {user} in");
    let digest = Hash::from_slice(&digest)
        .ok_or_else(|| StoreError::damaged(what(), "its digest is not one"))?;
    let grant = crate::parse(&what(), &state)?;
    let user = UserName::parse(&user).map_err(|e| StoreError::damaged(what(), e))?;
    Ok(Granted { digest, user, grant })
}
