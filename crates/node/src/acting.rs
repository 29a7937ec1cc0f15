//! Whether this node does what has effects outside, or another node of the organisation does.
//!
//! A node that comes to do so later than at its start opens itself anew: then its logs are compared
//! with the partners', its configuration is put on record, and what follows the journal begins, as
//! at any start. The same when it no longer does.

use forewarn_engine::Engine;
use forewarn_engine::order::Acts;
use std::future::pending;
use std::time::Instant;
use tokio::sync::watch;

/// Done when the node that acted at its start no longer does, or the other way round.
pub async fn turned(engine: &Engine, acted: bool) {
    if acted {
        let mut journal = engine.follow_journal();
        let follows = journal.wait_for(|fares| {
            fares.as_ref().is_some_and(|fares| fares.follows() && fares.waiting == 0)
        });
        if follows.await.is_ok() {
            return;
        }
    } else if engine.acts().wait_for(|acts| *acts != Acts::No).await.is_ok() {
        return;
    }
    // The writer has ended.
    pending::<()>().await;
}

/// Done when it is not known any more that nobody else acts.
pub(crate) async fn lapsed(acts: &mut watch::Receiver<Acts>) {
    loop {
        let now = *acts.borrow_and_update();
        let until = match now {
            Acts::Always => return pending().await,
            Acts::Until(until) if until > Instant::now() => until,
            Acts::Until(_) | Acts::No => return,
        };
        tokio::select! {
            moved = acts.changed() => if moved.is_err() { return },
            () = tokio::time::sleep_until(until.into()) => {}
        }
    }
}

/// Done when it is known again.
pub(crate) async fn regained(acts: &mut watch::Receiver<Acts>) {
    let acts_now = |acts: &Acts| match acts {
        Acts::Always => true,
        Acts::Until(until) => *until > Instant::now(),
        Acts::No => false,
    };
    if acts.wait_for(acts_now).await.is_err() {
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn what_is_not_renewed_lapses_and_comes_back_with_the_next_sign() {
        let soon = |millis| Acts::Until(Instant::now() + Duration::from_millis(millis));
        let (tell, mut acts) = watch::channel(soon(50));
        let renewing = tokio::spawn(async move {
            for _ in 0..10 {
                tokio::time::sleep(Duration::from_millis(20)).await;
                tell.send_replace(soon(50));
            }
            tell
        });
        let begun = Instant::now();
        lapsed(&mut acts).await;
        assert!(begun.elapsed() > Duration::from_millis(200), "{:?}", begun.elapsed());
        let tell = renewing.await.unwrap();
        let again = tokio::spawn(async move {
            regained(&mut acts).await;
            acts
        });
        tell.send_replace(Acts::No);
        tell.send_replace(soon(1_000));
        let mut acts = again.await.unwrap();
        tell.send_replace(Acts::No);
        lapsed(&mut acts).await;
    }
}
