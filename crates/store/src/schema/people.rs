//! How people sign in, and what lets them in: each with a name, an end, addresses.

use rusqlite::Connection;

const STEP: &str = "
-- How a user signs in: password, second factor, users of the machine.
CREATE TABLE account (user TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;

-- Tokens, certificates, sessions, invitations. What was there before had no name and no end.
ALTER TABLE token ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN state TEXT NOT NULL DEFAULT '';
";

const NAMED: &str = "
UPDATE token SET name = 'token-' || (
    SELECT count(*) FROM token AS other WHERE other.user = token.user AND other.digest <= token.digest
);
UPDATE token SET state = json_object('name', name, 'kind', 'token');
CREATE UNIQUE INDEX token_name ON token (user, name);
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)?;
    file.execute_batch(NAMED)
}

#[cfg(test)]
mod tests {
    use super::super::{STEPS, migrate};
    use rusqlite::Connection;

    #[test]
    fn tokens_of_an_older_file_get_names_and_stay() {
        let file = Connection::open_in_memory().unwrap();
        for step in STEPS.iter().take(8) {
            step(&file).unwrap();
        }
        file.pragma_update(None, "user_version", 8).unwrap();
        let sql =
            "INSERT INTO token (digest, user) VALUES (x'02', 'ana'), (x'01', 'ana'), (x'03', 'bo')";
        file.execute_batch(sql).unwrap();
        migrate(&file).unwrap();
        let sql = "SELECT group_concat(user || ' ' || name, ', ') FROM \
                   (SELECT user, name FROM token ORDER BY digest)";
        let names: String = file.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(names, "ana token-1, ana token-2, bo token-1");
        let sql = "SELECT state FROM token WHERE user = 'bo'";
        let state: String = file.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(state, r#"{"name":"token-1","kind":"token"}"#);
    }
}
