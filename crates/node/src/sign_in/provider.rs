//! Signing in at a provider: a person types a code there, on any device, and the node asks until
//! the provider vouches for whoever did (RFC 8628). Whatever is wrong with it has the one answer of
//! a wrong password; why it is wrong stands in the log.

use super::{NotSignedIn, SignIns, SignedIn};
use crate::clock;
use crate::oidc::id_token::{self, Expected, Vouched};
use crate::oidc::pending::{LONGEST, PAUSE, Pending, Turn};
use crate::oidc::provider::{Provider, Said};
use forewarn_engine::{Failure, SignInStep};
use forewarn_exchange::account::not_signed_in;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// What the secret of one that waits begins with.
const DEVICE_PREFIX: &str = "fwd_";
/// Most characters of why not that are logged.
const MAX_LOGGED: usize = 500;
/// Longest pause that a provider may ask for.
const MAX_PAUSE: Duration = Duration::from_mins(1);

/// A sign-in that has begun at a provider.
pub struct DeviceBegun {
    /// By which it is asked for here: a secret.
    pub device: String,
    /// What the person types there.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: Option<String>,
    /// How long to wait before asking.
    pub pause: Duration,
    /// When it is over.
    pub ends: Timestamp,
}

/// What became of one.
pub enum Polled {
    /// The person has signed in.
    Done(SignedIn),
    /// Ask again after this long.
    Wait(Duration),
}

impl SignIns {
    /// Begins a sign-in at the provider of this name, or at the only one.
    pub async fn begin_at_provider(
        &self,
        name: Option<&str>,
        from: Option<IpAddr>,
    ) -> Result<DeviceBegun, NotSignedIn> {
        let Some((place, provider)) = self.providers.find(name) else {
            return Err(not_signed_in().into());
        };
        let now = Instant::now();
        self.throttle.admit(from, &counted(provider), now).map_err(NotSignedIn::Wait)?;
        let pending = &self.providers.pending;
        if !pending.has_room(from, now) {
            let message = "too many sign-ins wait for their persons already; try again later";
            return Err(Refusal::new(Code::Busy, message).into());
        }
        let _asking = self.providers.asking.acquire().await.map_err(|_| Failure::Stopping)?;
        let egress = &self.egress;
        let silent = |why: String| unreachable(provider, &why);
        let metadata = provider.metadata(egress).await.map_err(silent)?;
        let nonce = clock::seed().to_string();
        let begun = provider.begin(egress, (&metadata, &nonce)).await.map_err(silent)?;
        let (now, lasts) = (Instant::now(), begun.lasts(LONGEST));
        let pause = begun.interval.map_or(PAUSE, Duration::from_secs);
        let pause = pause.clamp(Duration::from_secs(1), MAX_PAUSE);
        let device = format!("{DEVICE_PREFIX}{}", clock::seed());
        let waits = Pending {
            provider: place,
            device_code: begun.device_code,
            nonce,
            endpoints: (metadata.token_endpoint, metadata.jwks_uri),
            from,
            ends: now + lasts,
            pause,
            next: now + pause,
        };
        pending.add(Hash::of(device.as_bytes()), waits);
        Ok(DeviceBegun {
            device,
            user_code: begun.user_code,
            verification_uri: begun.verification_uri,
            verification_uri_complete: begun.verification_uri_complete,
            pause,
            ends: clock::later(lasts),
        })
    }

    /// Asks whether the person has signed in. It lets in once.
    pub async fn ask_provider(&self, device: &str) -> Result<Polled, NotSignedIn> {
        let digest = Hash::of(device.as_bytes());
        let pending = &self.providers.pending;
        let waits = match pending.turn(digest, Instant::now()) {
            Turn::Gone => return Err(not_signed_in().into()),
            Turn::Wait(wait) => return Ok(Polled::Wait(wait)),
            Turn::Ask(waits) => waits,
        };
        let provider = self.providers.all.get(waits.provider).ok_or_else(not_signed_in)?;
        let _asking = self.providers.asking.acquire().await.map_err(|_| Failure::Stopping)?;
        let (tokens, keys) = &waits.endpoints;
        let egress = &self.egress;
        let said = provider.ask(egress, (tokens, &waits.device_code)).await;
        let token = match said.map_err(|why| unreachable(provider, &why))? {
            Said::Waits => return Ok(Polled::Wait(waits.pause)),
            Said::Slower => {
                pending.slower(digest, Instant::now());
                return Ok(Polled::Wait(waits.pause + PAUSE));
            }
            Said::Token(token) => token,
            Said::No(why) => {
                pending.end(digest);
                let why = on_one_line(&why);
                tracing::info!(provider = provider.section.name, "nobody was signed in: {why}");
                return Err(not_signed_in().into());
            }
        };
        // The token was given, and is given once: whatever becomes of it, this is over.
        if !pending.end(digest) {
            return Err(not_signed_in().into());
        }
        let keys = provider.keys(egress, keys).await;
        let keys = keys.map_err(|why| unreachable(provider, &why))?;
        let checked = check(provider, (token, keys.to_vec()), waits.nonce).await;
        let vouched = match checked {
            Ok(vouched) => vouched,
            Err(why) => {
                let why = on_one_line(&why);
                tracing::warn!(provider = provider.section.name, "an ID token is refused: {why}");
                return Err(self.refused_at_provider(provider, waits.from));
            }
        };
        let begun = self.begin_vouched(provider, vouched).await;
        match begun {
            Err(Failure::Refused(refusal)) if refusal.code == Code::SignIn => {
                Err(self.refused_at_provider(provider, waits.from))
            }
            begun => {
                let begun = begun?;
                self.throttle.forget(waits.from, &counted(provider));
                Ok(Polled::Done(begun))
            }
        }
    }

    async fn begin_vouched(
        &self,
        provider: &Provider,
        vouched: Vouched,
    ) -> Result<SignedIn, Failure> {
        let Vouched { subject, only } = vouched;
        let (issuer, known) = (provider.issuer.clone(), subject.clone());
        let user = self.state.read(move |db| {
            let Some(name) = db.linked(&issuer, &known)? else { return Ok(None) };
            Ok(db.user(&name)?)
        });
        let Some(user) = user.await? else {
            tracing::warn!(
                provider = provider.section.name,
                subject = &*subject,
                "nobody here is linked to whom the provider vouches for: forewarn user link"
            );
            return Err(not_signed_in().into());
        };
        let user = match &only {
            Some(only) => user.limited(only),
            None => user,
        };
        let issuer = provider.issuer.clone();
        self.begin(user, |session| SignInStep::Provider { issuer, subject, only, session }).await
    }

    fn refused_at_provider(&self, provider: &Provider, from: Option<IpAddr>) -> NotSignedIn {
        self.throttle.wrong(from, &counted(provider), Instant::now());
        not_signed_in().into()
    }
}

/// The name under which wrong tries are counted: no user's.
fn counted(provider: &Provider) -> String {
    format!("oidc:{}", provider.section.name)
}

/// Checking reads what a stranger wrote, and computes: on a thread of its own.
async fn check(
    provider: &Provider,
    (token, keys): (String, Vec<u8>),
    nonce: String,
) -> Result<Vouched, String> {
    let (section, issuer) = (provider.section.clone(), provider.issuer.clone());
    let checked = tokio::task::spawn_blocking(move || {
        let expected = Expected { section: &section, issuer: &issuer, nonce: &nonce };
        id_token::check(&token, &keys, &expected)
    });
    checked.await.map_err(|e| format!("it was not checked: {e}"))?
}

/// A provider's words may be among ours: in the log they stay on their line.
fn on_one_line(why: &str) -> String {
    why.chars().filter(|c| !c.is_control()).take(MAX_LOGGED).collect()
}

fn unreachable(provider: &Provider, why: &str) -> Refusal {
    let (name, why) = (&provider.section.name, on_one_line(why));
    tracing::warn!(provider = name, "a provider of sign-ins is of no use now: {why}");
    Refusal::new(Code::Unreachable, format!("the provider `{name}` cannot be used now"))
        .advice("the node's log says why; sign in with a password, or try again")
}
