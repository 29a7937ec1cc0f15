//! How a server answers, and what that means: the failure matrix as types.

use std::fmt;

/// A server's code for an error: five letters or digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SqlState([u8; 5]);

impl SqlState {
    /// Reads one; what is not of five letters or digits counts as the server's own mistake, `XX000`.
    pub fn new(text: &str) -> SqlState {
        match <[u8; 5]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_alphanumeric) => SqlState(code),
            Ok(_) | Err(_) => SqlState(*b"XX000"),
        }
    }
}

impl fmt::Display for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl fmt::Debug for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqlState({self})")
    }
}

/// Which replicas a commit waited for, asked after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Replicas that are named.
    Named,
    /// Nobody: the setting is empty. The commit is on one disk.
    Nobody,
    /// Anybody (`*`): a backup that streams counts as a replica, and holds nothing.
    Anybody,
}

impl Guard {
    /// Reads `synchronous_standby_names`.
    pub fn read(setting: &str) -> Guard {
        match setting.trim() {
            "" => Guard::Nobody,
            some if some.contains('*') => Guard::Anybody,
            _ => Guard::Named,
        }
    }
}

/// What has to hold a batch before a node may apply it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Every replica of the server that is named in its settings.
    Replicas,
    /// The server by itself: its disk, or a consensus of its own that it waits for.
    Server,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came<T> {
    /// An answer.
    Value(T),
    /// An error of the server's.
    Error(SqlState, String),
    /// None: the connection ended, could not be made, or patience did. What was asked may have been
    /// done, or may yet be.
    Nothing(String),
}

/// What came, with all that was said beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What came.
    pub came: Came<T>,
    /// Whether a notice of the severity `WARNING` came with it: a wait for replicas was broken off.
    pub is_warned: bool,
    /// Which replicas the commit waited for; `None` where nothing was committed or asked.
    pub guard: Option<Guard>,
}

/// What an answer to a commit means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning<T> {
    /// It is held: so is all that this server showed before the question was sent.
    Held(T),
    /// It may be held, may be visible, may be lost: it is asked again elsewhere, with the same id.
    InDoubt(String),
    /// A batch of this id is there; whether it is held is not proven.
    There,
    /// Surely nothing was done: asked again after a short rest.
    NotDone(String),
    /// The server is not set up as it must be: nothing is gained by asking again at once.
    SetUp(String),
}

impl<T> Answer<T> {
    /// An answer without anything beside it.
    pub fn plain(came: Came<T>) -> Answer<T> {
        Answer { came, is_warned: false, guard: None }
    }

    /// What it means that a commit was answered so.
    pub fn of_commit(self, keeping: Keeping) -> Meaning<T> {
        let Answer { came, is_warned, guard } = self;
        match came {
            Came::Nothing(why) => Meaning::InDoubt(why),
            Came::Error(state, why) => of_error(state, &why),
            Came::Value(_) if is_warned => {
                Meaning::InDoubt("the server warned: it no longer waited for its replicas".into())
            }
            Came::Value(value) => match (keeping, guard) {
                (Keeping::Server, _) | (Keeping::Replicas, Some(Guard::Named)) => {
                    Meaning::Held(value)
                }
                (Keeping::Replicas, Some(Guard::Nobody) | None) => {
                    Meaning::InDoubt("the server waits for no replica".into())
                }
                (Keeping::Replicas, Some(Guard::Anybody)) => {
                    Meaning::InDoubt("the server takes anybody for a replica".into())
                }
            },
        }
    }
}

/// What an error means. One that is not known is in doubt: nothing may be concluded from it.
fn of_error<T>(state: SqlState, why: &str) -> Meaning<T> {
    let why = format!("{state}: {why}");
    match &state.0 {
        // unique_violation: the id is the only value that may be there already.
        b"23505" => Meaning::There,
        // serialization_failure, deadlock_detected, lock_not_available, cannot_connect_now,
        // read_only_sql_transaction; class 53, insufficient resources.
        b"40001" | b"40P01" | b"55P03" | b"57P03" | b"25006" | [b'5', b'3', ..] => {
            Meaning::NotDone(why)
        }
        // Authorisation; syntax, access rule, or a table that is not there; no such database.
        [b'2', b'8', ..] | [b'4', b'2', ..] | b"3D000" => Meaning::SetUp(why),
        // Class 08, connection; admin_shutdown, crash_shutdown; statement_completion_unknown; all else.
        _ => Meaning::InDoubt(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str) -> Meaning<()> {
        let came = Came::Error(SqlState::new(code), String::new());
        Answer::plain(came).of_commit(Keeping::Replicas)
    }

    fn value(is_warned: bool, guard: Option<Guard>, keeping: Keeping) -> bool {
        let answer = Answer { came: Came::Value(()), is_warned, guard };
        answer.of_commit(keeping) == Meaning::Held(())
    }

    #[test]
    fn a_commit_is_held_when_named_replicas_were_waited_for_and_nobody_warned() {
        assert!(value(false, Some(Guard::read("ANY 2 (a, b)")), Keeping::Replicas));
        for guard in ["", " ", "*", "ANY 1 (*)", "ANY None (*)"] {
            assert!(!value(false, Some(Guard::read(guard)), Keeping::Replicas), "{guard}");
        }
        assert!(!value(false, None, Keeping::Replicas));
        assert!(!value(true, Some(Guard::Named), Keeping::Replicas));
        assert!(value(false, None, Keeping::Server));
        assert!(!value(true, None, Keeping::Server));
    }

    #[test]
    fn each_error_means_what_the_matrix_says() {
        assert_eq!(error("23505"), Meaning::There);
        for code in ["40001", "40P01", "55P03", "53100", "53300", "57P03", "25006"] {
            assert!(matches!(error(code), Meaning::NotDone(_)), "{code}");
        }
        for code in ["28000", "28P01", "42501", "42P01", "3D000"] {
            assert!(matches!(error(code), Meaning::SetUp(_)), "{code}");
        }
        for code in ["08006", "57P01", "57P02", "40003", "XX000", "22023", "what is this"] {
            assert!(matches!(error(code), Meaning::InDoubt(_)), "{code}");
        }
    }
}
