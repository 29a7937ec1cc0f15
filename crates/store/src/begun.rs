//! Forms of the desk that somebody has begun and not sent yet: a file of its own beside the database.
//!
//! What is typed is nobody's act, so it is not in the journal, not replayed, in no backup, and read by
//! nobody but whoever typed it; others learn that he or she is writing. What was erased is erased here
//! too, by whoever follows the journal.

use crate::StoreError;
use crate::beside::Beside;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::UserName;
use forewarn_stix::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row};
use std::fmt;
use std::path::Path;

/// Most bytes of a form that is kept.
pub const MAX_FORM: usize = 256 << 10;
/// Most forms of one user; the oldest goes.
const MAX_FORMS: i64 = 50;

/// `fields`: as the browser sends them, without what is secret. `at`: microseconds since 1970.
const TABLE: &str = "
CREATE TABLE IF NOT EXISTS begun (
    user    TEXT NOT NULL,
    address TEXT NOT NULL,
    at      INTEGER NOT NULL,
    fields  TEXT NOT NULL,
    PRIMARY KEY (user, address)
) STRICT, WITHOUT ROWID;
";

/// Where a form is sent, and the page that shows it: one that is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    path: String,
    about: Option<Subject>,
}

impl Address {
    /// A page of the desk whose form is kept; `None` for any other.
    pub fn parse(path: &str) -> Option<Address> {
        let rest = path.strip_prefix("/desk/")?;
        let parts: Vec<&str> = rest.split('/').collect();
        let about = match parts[..] {
            ["items", "take"] => None,
            ["cases", number, form] if CASE_FORMS.contains(&form) => Some(("case", number)),
            ["cases", number, "answer" | "permission", index] if is_number(index) => {
                Some(("case", number))
            }
            ["warnings", number, "say", verb] if is_word(verb) => Some(("warning", number)),
            _ => return None,
        };
        let about = match about {
            None => None,
            Some((kind, number)) if is_number(number) => {
                Some(format!("{kind}-{number}").parse().ok()?)
            }
            Some(_) => return None,
        };
        Some(Address { path: path.to_owned(), about })
    }

    /// The case or warning that the form is about.
    pub fn about(&self) -> Option<Subject> {
        self.about
    }
}

/// Forms of a case in which sentences are written.
const CASE_FORMS: &[&str] =
    &["finding", "decision", "draft", "tell", "recall", "pause", "keep", "reopen", "urgency"];

fn is_number(text: &str) -> bool {
    (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// A form as it was typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BegunForm {
    /// When it was kept last.
    pub at: Timestamp,
    /// Its fields, as the browser sends them.
    pub fields: String,
}

/// The file of one node. It is opened, and made, when it is first needed.
pub struct Begun(Beside);

impl Begun {
    /// The file at a path, which need not be there.
    pub fn at(path: &Path) -> Begun {
        Begun(Beside::at(path, made))
    }

    /// Keeps a form as it stands, in place of what was kept of it.
    ///
    /// # Errors
    /// The file cannot be written. What is longer than [`MAX_FORM`] is not kept: `false`.
    pub fn keep(
        &self,
        (user, address): (&UserName, &Address),
        fields: &str,
        now: &Timestamp,
    ) -> Result<bool, StoreError> {
        if fields.len() > MAX_FORM {
            return Ok(false);
        }
        self.0.with(|file| {
            let sql = "INSERT OR REPLACE INTO begun (user, address, at, fields) \
                       VALUES (?1, ?2, ?3, ?4)";
            let row = (&**user, &address.path, now.micros(), fields);
            file.prepare_cached(sql)?.execute(row)?;
            let sql = "DELETE FROM begun WHERE user = ?1 AND address IN \
                       (SELECT address FROM begun WHERE user = ?1 ORDER BY at DESC LIMIT -1 OFFSET ?2)";
            file.prepare_cached(sql)?.execute((&**user, MAX_FORMS))?;
            Ok(true)
        })
    }

    /// What a user has typed into a form.
    pub fn of(&self, user: &UserName, address: &Address) -> Result<Option<BegunForm>, StoreError> {
        self.0.with(|file| {
            let sql = "SELECT at, fields FROM begun WHERE user = ?1 AND address = ?2";
            let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
            let mut statement = file.prepare_cached(sql)?;
            let found = statement.query_row((&**user, &address.path), read).optional()?;
            found.map(|(at, fields)| Ok(BegunForm { at: time(at)?, fields })).transpose()
        })
    }

    /// Who else is writing in a form, and when each was seen last, since a time.
    pub fn by_others(
        &self,
        user: &UserName,
        address: &Address,
        since: &Timestamp,
    ) -> Result<Vec<(UserName, Timestamp)>, StoreError> {
        self.0.with(|file| {
            let sql = "SELECT user, at FROM begun WHERE address = ?2 AND user <> ?1 AND at >= ?3 \
                       ORDER BY at DESC";
            let mut statement = file.prepare_cached(sql)?;
            let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
            let row = (&**user, &address.path, since.micros());
            statement
                .query_map(row, read)?
                .map(|row| {
                    let (user, at) = row?;
                    Ok((name(&user)?, time(at)?))
                })
                .collect()
        })
    }

    /// What a user has begun, the newest first.
    pub fn list(&self, user: &UserName) -> Result<Vec<(Address, Timestamp)>, StoreError> {
        self.0.with(|file| {
            let sql = "SELECT address, at FROM begun WHERE user = ?1 ORDER BY at DESC";
            let mut statement = file.prepare_cached(sql)?;
            let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
            let mut all = Vec::new();
            for row in statement.query_map([&**user], read)? {
                let (address, at) = row?;
                if let Some(address) = Address::parse(&address) {
                    all.push((address, time(at)?));
                }
            }
            Ok(all)
        })
    }

    /// It was sent, or is thrown away.
    pub fn forget(&self, user: &UserName, address: &Address) -> Result<(), StoreError> {
        self.0.with(|file| {
            let sql = "DELETE FROM begun WHERE user = ?1 AND address = ?2";
            file.prepare_cached(sql)?.execute((&**user, &address.path))?;
            Ok(())
        })
    }

    /// It is thrown away, unless it was kept again since.
    pub fn forget_as_of(
        &self,
        (user, address): (&UserName, &Address),
        at: &Timestamp,
    ) -> Result<(), StoreError> {
        self.0.with(|file| {
            let sql = "DELETE FROM begun WHERE user = ?1 AND address = ?2 AND at = ?3";
            file.prepare_cached(sql)?.execute((&**user, &address.path, at.micros()))?;
            Ok(())
        })
    }

    /// Everything that is kept: whose, where it goes, since when. Where nothing was ever begun, no file
    /// is made. What is kept for a page that this version does not have is thrown away.
    pub fn all(&self) -> Result<Vec<(UserName, Address, Timestamp)>, StoreError> {
        self.0.reading(|file| {
            let mut statement = file.prepare_cached("SELECT user, address, at FROM begun")?;
            let mut rows = statement.query([])?;
            let (mut all, mut unknown) = (Vec::new(), Vec::new());
            while let Some(row) = rows.next()? {
                let (user, address): (String, String) = (row.get(0)?, row.get(1)?);
                match Address::parse(&address) {
                    Some(address) => all.push((name(&user)?, address, time(row.get(2)?)?)),
                    None => unknown.push(address),
                }
            }
            for address in unknown {
                file.execute("DELETE FROM begun WHERE address = ?1", [address])?;
            }
            Ok(all)
        })
    }
}

fn name(user: &str) -> Result<UserName, StoreError> {
    UserName::parse(user).map_err(|why| StoreError::damaged("begun", why))
}

fn time(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_micros(micros).ok_or_else(|| StoreError::damaged("begun", "a time"))
}

fn made(file: &Connection) -> Result<(), StoreError> {
    // What is deleted is overwritten, since it may have been erased; no log keeps it either.
    file.pragma_update(None, "secure_delete", "ON")?;
    file.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(file.execute_batch(TABLE)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros).unwrap()
    }

    #[test]
    fn a_form_is_kept_as_it_was_typed_last_for_whoever_typed_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("begun.sqlite");
        let draft = Address::parse("/desk/cases/12/draft").unwrap();
        let (ana, otto) = (UserName::parse("ana").unwrap(), UserName::parse("otto").unwrap());
        let begun = Begun::at(&path);
        begun.keep((&ana, &draft), "title=A", &at(1)).unwrap();
        begun.keep((&ana, &draft), "title=Ab", &at(2)).unwrap();
        begun.keep((&otto, &draft), "title=B", &at(3)).unwrap();
        assert!(!begun.keep((&ana, &draft), &"x".repeat(MAX_FORM + 1), &at(4)).unwrap());
        let again = Begun::at(&path);
        let form = again.of(&ana, &draft).unwrap().unwrap();
        assert_eq!((form.fields.as_str(), form.at), ("title=Ab", at(2)));
        assert_eq!(again.by_others(&ana, &draft, &at(0)).unwrap(), [(otto.clone(), at(3))]);
        assert_eq!(again.by_others(&otto, &draft, &at(3)).unwrap(), []);
        again.forget(&ana, &draft).unwrap();
        assert_eq!(again.of(&ana, &draft).unwrap(), None);
        assert_eq!(again.list(&otto).unwrap(), [(draft, at(3))]);
        // What was thrown away stands nowhere in the file.
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(8).any(|part| part == b"title=Ab"));
    }

    #[test]
    fn of_one_user_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let begun = Begun::at(&folder.path().join("begun.sqlite"));
        let ana = UserName::parse("ana").unwrap();
        for number in 1..=MAX_FORMS + 1 {
            let address = Address::parse(&format!("/desk/cases/{number}/draft")).unwrap();
            begun.keep((&ana, &address), "a=1", &at(number)).unwrap();
        }
        let left = begun.list(&ana).unwrap();
        assert_eq!((left.len(), left.last().map(|(_, at)| at.micros())), (50, Some(2)));
    }

    #[test]
    fn forms_of_sentences_are_kept_and_no_others() {
        for path in ["/desk/cases/12/draft", "/desk/warnings/3/say/decline", "/desk/items/take"] {
            assert!(Address::parse(path).is_some(), "{path}");
        }
        let about = Address::parse("/desk/cases/12/answer/4").unwrap().about();
        assert_eq!(about.map(|about| about.to_string()), Some("case-12".to_owned()));
        for path in [
            "/desk/cases/12/release",
            "/desk/account/password",
            "/desk/cases/x/draft",
            "/desk/cases/12/draft/",
            "/desk/cases/99999999999999999999/draft",
            "/desk/warnings/3/say/../..",
            "/api/v1/cases/12/draft",
            "",
        ] {
            assert!(Address::parse(path).is_none(), "{path}");
        }
    }
}
