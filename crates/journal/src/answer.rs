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

/// For whom a server waits at a commit: asked before it and after it, and the worse of both counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Replicas that are named: so many of them must acknowledge.
    Named {
        /// How many acknowledgements are waited for.
        waits: u32,
        /// How many different replicas are named.
        names: u32,
    },
    /// Nobody: the setting is empty. The commit is on one disk.
    Nobody,
    /// Anybody (`*`): a backup that streams counts as a replica, and holds nothing.
    Anybody,
    /// The setting is not one that is known here: nothing is concluded from it.
    Unknown,
}

impl Guard {
    /// Reads `synchronous_standby_names` (PostgreSQL 15, 20.6.2): `ANY n (a, b)`, `FIRST n (a, b)`,
    /// `n (a, b)`, or `a, b`, of which one is waited for.
    pub fn read(setting: &str) -> Guard {
        let setting = setting.trim();
        if setting.is_empty() {
            return Guard::Nobody;
        }
        if setting.contains('*') {
            return Guard::Anybody;
        }
        let (waits, names) = match setting.split_once('(') {
            None => (Some(1), setting),
            Some((head, rest)) => {
                let head = head.trim().to_ascii_uppercase();
                let number =
                    head.strip_prefix("ANY").or(head.strip_prefix("FIRST")).unwrap_or(&head);
                let Some(names) = rest.trim_end().strip_suffix(')') else { return Guard::Unknown };
                (number.trim().parse::<u32>().ok(), names)
            }
        };
        let mut all: Vec<&str> = names.split(',').map(str::trim).collect();
        let is_read = all.iter().all(|name| !name.is_empty() && !name.contains(['(', ')']));
        all.sort_unstable();
        all.dedup();
        match (waits.filter(|waits| *waits > 0 && is_read), u32::try_from(all.len())) {
            (Some(waits), Ok(names)) => Guard::Named { waits, names },
            _ => Guard::Unknown,
        }
    }

    /// What is wrong with it, for a node whose batches have to be on every replica, and on so many
    /// at least; `None` when nothing is.
    fn objection(self, least: u32) -> Option<String> {
        match self {
            Guard::Named { waits, names } if waits < names => {
                Some(format!("the server waits for {waits} of {names} replicas, and must for all"))
            }
            Guard::Named { names, .. } if names < least => Some(format!(
                "the server has {names} replicas to wait for, and at least {least} are wanted"
            )),
            Guard::Named { .. } => None,
            Guard::Nobody => Some("the server waits for no replica".to_owned()),
            Guard::Anybody => Some("the server takes anybody for a replica".to_owned()),
            Guard::Unknown => {
                Some("the server's `synchronous_standby_names` cannot be read".to_owned())
            }
        }
    }
}

/// What has to hold a batch before a node may apply it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Every replica that is named in the server's settings, and so many of them at least.
    Replicas {
        /// How many at least.
        least: u32,
    },
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
    /// For whom the server waited before the commit, and after it; `None` where nothing was committed
    /// or asked.
    pub guard: Option<[Guard; 2]>,
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
                (Keeping::Server, _) => Meaning::Held(value),
                (Keeping::Replicas { .. }, None) => {
                    Meaning::InDoubt("the server has not said for whom it waits".into())
                }
                (Keeping::Replicas { least }, Some(guards)) => {
                    match guards.into_iter().find_map(|guard| guard.objection(least)) {
                        None => Meaning::Held(value),
                        Some(why) => Meaning::InDoubt(why),
                    }
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

    const ALL: Keeping = Keeping::Replicas { least: 1 };

    fn error(code: &str) -> Meaning<()> {
        let came = Came::Error(SqlState::new(code), String::new());
        Answer::plain(came).of_commit(ALL)
    }

    fn value(is_warned: bool, guard: Option<[Guard; 2]>, keeping: Keeping) -> bool {
        let answer = Answer { came: Came::Value(()), is_warned, guard };
        answer.of_commit(keeping) == Meaning::Held(())
    }

    #[test]
    fn a_commit_is_held_when_all_named_replicas_were_waited_for_and_nobody_warned() {
        let good = Guard::read("ANY 2 (a, b)");
        let held = |setting: &str, keeping| value(false, Some([Guard::read(setting); 2]), keeping);
        for guard in ["ANY 2 (a, b)", "FIRST 2 (\"a-1\",b)", "2(a,b)", "any 1 (a)", "a", "3 (a, b)"]
        {
            assert!(held(guard, ALL), "{guard}");
        }
        let bad = ["", " ", "*", "ANY 1 (*)", "ANY None (*)", "ANY 1 (a, b)", "FIRST 1 (a, b)"];
        let unread = ["a, b", "ANY 2 (a, b", "ANY x (a)", "0 (a)", "ANY 1 ()", "ANY 2 (a,, b)"];
        for guard in bad.into_iter().chain(unread) {
            assert!(!held(guard, ALL), "{guard}");
            // One that is set otherwise in between is not believed, whichever way.
            assert!(!value(false, Some([good, Guard::read(guard)]), ALL), "{guard}");
            assert!(!value(false, Some([Guard::read(guard), good]), ALL), "{guard}");
        }
        // How many there have to be can be stated.
        assert!(held("ANY 2 (a, b)", Keeping::Replicas { least: 2 }));
        assert!(!held("ANY 1 (a)", Keeping::Replicas { least: 2 }));
        assert!(!held("ANY 2 (a, a)", Keeping::Replicas { least: 2 }));
        assert!(!value(false, None, ALL));
        assert!(!value(true, Some([good; 2]), ALL));
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
