//! People sign in: a password, a code, and a session from then on. Only here are passwords, codes
//! and secrets seen; the writer gets hashes and steps.
//!
//! A wrong name, a wrong password, a code that is wrong, missing or used, a user who was suspended:
//! all have one answer, after the same work.

mod code;
mod hashing;
pub mod password;
pub mod provider;
pub(crate) mod sealing;
mod throttle;

use crate::clock;
use crate::egress::Egress;
use crate::oidc::Providers;
use crate::state::State;
use forewarn_engine::{Failure, NewSession, SignInStep, SignInWork};
use forewarn_exchange::account::{Account, PasswordHash, Second, not_signed_in};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::name::{GrantName, UserName};
use forewarn_exchange::user::User;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use hashing::Hashing;
use password::Password;
use sealing::Sealing;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use throttle::Throttle;

/// How long a session lasts, used or not: one watch and its hand-over.
pub const SESSION: Duration = Duration::from_hours(12);
/// How long an invitation waits.
pub const INVITATION: Duration = Duration::from_hours(24);
/// What the secrets begin with, so that people and scanners know them when they see them.
pub const SESSION_PREFIX: &str = "fws_";
/// See [`SESSION_PREFIX`].
pub const TOKEN_PREFIX: &str = "fwt_";
/// See [`SESSION_PREFIX`].
pub const INVITATION_PREFIX: &str = "fwi_";

/// What signing in is done with.
pub struct SignIns {
    state: State,
    egress: Egress,
    providers: Providers,
    sealing: Sealing,
    throttle: Throttle,
    hashing: Hashing,
}

/// What somebody has typed.
pub struct Attempt {
    /// The name; it need not be one.
    pub user: String,
    /// The password.
    pub password: Password,
    /// A code of the second factor, or a recovery code.
    pub code: Option<String>,
    /// From where; `None` over the socket in the folder.
    pub from: Option<IpAddr>,
}

/// A session that has begun.
pub struct SignedIn {
    /// Whose.
    pub user: User,
    /// Its secret, which is kept nowhere here.
    pub session: String,
    /// When it ends.
    pub ends: Timestamp,
}

/// Why nobody was signed in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// Too many wrong tries from there: come again after this long.
    Wait(Duration),
    /// It was wrong, or could not be done.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for NotSignedIn {
    fn from(failure: E) -> NotSignedIn {
        NotSignedIn::Failed(failure.into())
    }
}

/// A second factor that has begun, as its user sees it once.
pub struct FactorBegun {
    /// The secret, to be typed.
    pub key: String,
    /// The secret, to be scanned: `otpauth://`.
    pub url: String,
}

impl SignIns {
    /// With the key of the folder, which is made when there is none.
    pub(crate) fn open(
        state: State,
        key: &Path,
        (providers, egress): (Providers, Egress),
    ) -> io::Result<SignIns> {
        Ok(SignIns {
            state,
            egress,
            providers,
            sealing: Sealing::open(key)?,
            throttle: Throttle::default(),
            hashing: Hashing::start()?,
        })
    }

    /// What a code is for this account, at this time; `None` when it is nothing.
    fn second(&self, user: &str, account: &Account, code: Option<&str>) -> Option<Second> {
        let code = code.map(str::trim).filter(|code| !code.is_empty());
        match (&account.factor, code) {
            (None, None) => Some(Second::None {}),
            (Some(factor), Some(code)) => {
                let secret = self.sealing.open_of(user, &factor.secret)?;
                let seconds = clock::seconds(&clock::now());
                let by_step = code::step(&secret, code, seconds).map(|step| Second::Code { step });
                by_step.or_else(|| {
                    let digest = code::digest(code);
                    factor.recovery.contains(&digest).then_some(Second::Recovery { digest })
                })
            }
            (None, Some(_)) | (Some(_), None) => None,
        }
    }
}

impl SignIns {
    /// Signs somebody in. The answer to a wrong name takes as long as to a wrong password.
    pub async fn sign_in(&self, attempt: Attempt) -> Result<SignedIn, NotSignedIn> {
        let Attempt { user: typed, password, code, from } = attempt;
        // Counted before it is looked at: whoever hangs up, or tries many at once, is counted too.
        let throttle = &self.throttle;
        throttle.count(from, &typed, Instant::now()).map_err(NotSignedIn::Wait)?;
        let (user, account) = self.signing_in(&typed).await?;
        let hash = account.password.clone();
        let fits = self.hashing.run(move || password.is(hash.as_ref())).await?;
        let second = self.second(&typed, &account, code.as_deref());
        let user = user.filter(|user| fits && user.standing.is_active());
        let (user, second) = user.zip(second).ok_or_else(not_signed_in)?;
        let password = account.password.as_ref().map(PasswordHash::digest);
        let sign_in = |session| SignInStep::SignIn { second, password, session };
        let begun = self.begin(user, sign_in).await?;
        throttle.right(from, &typed);
        Ok(begun)
    }

    /// Sets a password by an invitation, and signs in.
    pub async fn accept(&self, attempt: Attempt, secret: &str) -> Result<SignedIn, NotSignedIn> {
        let Attempt { user: typed, password, code: _, from } = attempt;
        let throttle = &self.throttle;
        throttle.count(from, &typed, Instant::now()).map_err(NotSignedIn::Wait)?;
        let (user, _) = self.signing_in(&typed).await?;
        let invitation = Hash::of(secret.as_bytes());
        let found = self.state.read(move |db| Ok(db.granted(invitation)?)).await?;
        let is_for = found.is_some_and(|(user, _)| *user.name == *typed);
        let user = user.filter(|_| is_for).ok_or_else(not_signed_in)?;
        self.check_password(&password, &user)?;
        let password = self.hashing.run(move || password.hash(clock::seed())).await??;
        let accept = |session| SignInStep::Accept { invitation, password, session };
        let begun = self.begin(user, accept).await?;
        throttle.right(from, &typed);
        Ok(begun)
    }

    /// Whoever has this name, and how he or she signs in.
    async fn signing_in(&self, typed: &str) -> Result<(Option<User>, Account), Failure> {
        let name = UserName::parse(typed).ok();
        let found = self.state.read(move |db| {
            let Some(name) = name else { return Ok(None) };
            Ok(db.user(&name)?.map(|user| db.account(&name).map(|account| (user, account))))
        });
        Ok(match found.await?.transpose().map_err(Failure::from)? {
            Some((user, account)) => (Some(user), account),
            None => (None, Account::default()),
        })
    }

    async fn begin(
        &self,
        user: User,
        step: impl FnOnce(NewSession) -> SignInStep,
    ) -> Result<SignedIn, Failure> {
        let session = format!("{SESSION_PREFIX}{}", clock::seed());
        let digest = Hash::of(session.as_bytes());
        let ends = clock::later(SESSION);
        let id: String = digest.to_string().chars().take(8).collect();
        let name = GrantName::parse(&format!("session-{id}")).map_err(Refusal::from)?;
        let step = step(NewSession { digest, name, ends: ends.clone() });
        self.sign_in_work(Actor::User(user.name.clone()), user.name.clone(), step).await?;
        Ok(SignedIn { user, session, ends })
    }

    async fn sign_in_work(
        &self,
        actor: Actor,
        user: UserName,
        step: SignInStep,
    ) -> Result<(), Failure> {
        self.state.work(actor, SignInWork { user, step }).await
    }

    /// Whether whoever is signed in shows once more who he or she is: by the password, or by a code,
    /// which counts once. Good for one act.
    pub async fn show_again(
        &self,
        user: &UserName,
        password: Password,
        code: &str,
        from: Option<IpAddr>,
    ) -> Result<(), NotSignedIn> {
        let throttle = &self.throttle;
        throttle.count(from, user, Instant::now()).map_err(NotSignedIn::Wait)?;
        let (_, account) = self.signing_in(user).await?;
        let hash = account.password.clone();
        let fits = self.hashing.run(move || password.is(hash.as_ref())).await?;
        if !fits {
            let second = self.second(user, &account, Some(code)).ok_or_else(not_signed_in)?;
            let step = SignInStep::ShownAgain { second };
            self.sign_in_work(Actor::User(user.clone()), user.clone(), step).await?;
        }
        throttle.right(from, user);
        Ok(())
    }

    fn check_password(&self, password: &Password, user: &User) -> Result<(), Refusal> {
        let us = self.state.us();
        let organisation = us.configuration.organisation.split_whitespace();
        let node = us.name().split(['.', '-']);
        let known: Vec<&str> = [&*user.name].into_iter().chain(node).chain(organisation).collect();
        password.check(&known)
    }

    /// A session ends.
    pub async fn sign_out(&self, user: UserName, session: Hash) -> Result<(), Failure> {
        let actor = Actor::User(user.clone());
        self.sign_in_work(actor, user, SignInStep::SignOut { session }).await
    }

    /// Another password. A user shows the one so far; the owner of the folder recovers. Sessions
    /// other than `keep` end.
    pub async fn set_password(
        &self,
        (actor, from): (Actor, Option<IpAddr>),
        user: UserName,
        (now, new): (Option<Password>, Password),
        keep: Option<Hash>,
    ) -> Result<(), NotSignedIn> {
        let (known, account) = self.signing_in(&user).await?;
        let known = known.ok_or_else(|| Refusal::unknown("user", &user))?;
        let now = self.shown(&actor, from, (&user, &account), now).await?;
        self.check_password(&new, &known)?;
        let password = self.hashing.run(move || new.hash(clock::seed())).await??;
        let step = SignInStep::Password { now, password, keep };
        Ok(self.sign_in_work(actor, user, step).await?)
    }

    /// What was compared when the password was shown by which a user changes how he or she signs in;
    /// `None` where there is none, or the owner of the folder recovers.
    async fn shown(
        &self,
        actor: &Actor,
        from: Option<IpAddr>,
        (user, account): (&UserName, &Account),
        typed: Option<Password>,
    ) -> Result<Option<Hash>, NotSignedIn> {
        let Some(hash) = account.password.clone().filter(|_| *actor != Actor::Owner) else {
            return Ok(None);
        };
        let throttle = &self.throttle;
        throttle.count(from, user, Instant::now()).map_err(NotSignedIn::Wait)?;
        let typed = typed.ok_or_else(not_signed_in)?;
        let digest = hash.digest();
        if !self.hashing.run(move || typed.is(Some(&hash))).await? {
            return Err(not_signed_in().into());
        }
        throttle.right(from, user);
        Ok(Some(digest))
    }

    /// A second factor begins: what its user puts into an authenticator. Whoever has one already
    /// shows the password.
    pub async fn begin_factor(
        &self,
        (actor, from): (Actor, Option<IpAddr>),
        user: UserName,
        password: Option<Password>,
    ) -> Result<FactorBegun, NotSignedIn> {
        let (_, account) = self.signing_in(&user).await?;
        let now = match account.factor {
            Some(_) => self.shown(&actor, from, (&user, &account), password).await?,
            None => None,
        };
        let secret = code::secret();
        let sealed = self.sealing.seal(&user, &secret);
        let sealed = sealed.ok_or_else(|| Failure::Store("the secret was not sealed".into()))?;
        let (key, url) = code::shown(&secret, &user, self.state.name());
        let step = SignInStep::FactorBegun { now, secret: sealed };
        self.sign_in_work(actor, user, step).await?;
        Ok(FactorBegun { key, url })
    }

    /// A code of the factor that has begun; recovery codes, which are shown once.
    pub async fn confirm_factor(
        &self,
        actor: Actor,
        user: UserName,
        code: &str,
    ) -> Result<Vec<String>, Failure> {
        let (_, account) = self.signing_in(&user).await?;
        let pending = account.pending.ok_or_else(|| {
            Refusal::new(Code::NoFactor, "no second factor waits to be confirmed")
                .advice("begin with a new one")
        })?;
        let seconds = clock::seconds(&clock::now());
        let secret = self.sealing.open_of(&user, &pending);
        let step = secret.and_then(|secret| code::step(&secret, code, seconds));
        let step = step.ok_or_else(not_signed_in)?;
        let codes = code::recovery();
        let recovery = codes.iter().map(|code| code::digest(code)).collect();
        let confirmed = SignInStep::FactorConfirmed { step, recovery };
        self.sign_in_work(actor, user, confirmed).await?;
        Ok(codes)
    }

    /// No second factor any more. A user shows the password; the owner of the folder recovers.
    pub async fn remove_factor(
        &self,
        (actor, from): (Actor, Option<IpAddr>),
        user: UserName,
        password: Option<Password>,
    ) -> Result<(), NotSignedIn> {
        let (_, account) = self.signing_in(&user).await?;
        let now = self.shown(&actor, from, (&user, &account), password).await?;
        Ok(self.sign_in_work(actor, user, SignInStep::FactorRemoved { now }).await?)
    }

    /// How a user signs in, for the user and for whoever acts in the user's place.
    pub async fn account(&self, user: &UserName) -> Result<Account, Failure> {
        let user = user.clone();
        self.state.read(move |db| Ok(db.account(&user)?)).await
    }
}
