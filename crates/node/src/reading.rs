//! A reader's own writes, seen at whichever node it asks.
//!
//! An act is answered with the place in the order that was reached; whoever shows that elsewhere waits
//! until it is applied there. The place counts everything that came in, which not everybody may
//! know: so it is sealed, by the key that all nodes of an organisation have.

use crate::home::Home;
use crate::sign_in::sealing::Sealing;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use forewarn_engine::Engine;
use std::io;
use std::time::Duration;

/// So long somebody waits until what he has seen elsewhere is applied here.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is sealed here is nothing else.
const BESIDE: &[u8] = b"forewarn place 1";

/// Seals places, and waits for them.
pub struct Reading(Sealing);

/// Why a reader is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHere {
    /// It has shown what no node of this organisation has given.
    Unknown,
    /// It is not applied here yet.
    Late,
}

impl Reading {
    pub(crate) fn open(home: &Home) -> io::Result<Reading> {
        Ok(Reading(Sealing::open(&home.accounts_key())?))
    }

    /// The place reached here, to be shown at any node; `None` when nothing can be sealed.
    pub fn place(&self, engine: &Engine) -> Option<String> {
        let index = *engine.follow().borrow();
        let sealed = self.0.seal_bytes(BESIDE, index.to_be_bytes().to_vec())?;
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Waits until a place is reached here.
    ///
    /// # Errors
    /// It is no place, or is not reached in time.
    pub async fn wait(&self, engine: &Engine, place: &str) -> Result<(), NotHere> {
        let sealed = URL_SAFE_NO_PAD.decode(place).map_err(|_| NotHere::Unknown)?;
        let bytes = self.0.open_bytes(BESIDE, sealed).ok_or(NotHere::Unknown)?;
        let index = bytes.try_into().map(i64::from_be_bytes).map_err(|_| NotHere::Unknown)?;
        let mut reached = engine.follow();
        let waited = tokio::time::timeout(PATIENCE, reached.wait_for(|at| *at >= index)).await;
        if matches!(waited, Ok(Ok(_))) { Ok(()) } else { Err(NotHere::Late) }
    }
}
