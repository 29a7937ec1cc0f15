//! What is done to accounts: users come and go, sign in in every way, and act with some of their roles.

use super::{Taken, World, configuration, node, user};
use forewarn_engine::{LimitedAct, NewSession, SignInStep, SignInWork, Work};
use forewarn_exchange::account::{PasswordHash, Sealed, Second};
use forewarn_exchange::act::{AccountAct, InterestAct, PartnerAct};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::grant::GrantKind;
use forewarn_exchange::link::{Issuer, IssuersName};
use forewarn_exchange::name::{GrantName, UserName};
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::scale::Urgency;
use forewarn_exchange::user::Role;
use forewarn_matching::interest::{Clause, Interest};
use forewarn_transcript::Hash;

fn mia() -> UserName {
    UserName::parse("mia").unwrap()
}

fn issuer() -> Issuer {
    Issuer::parse("https://id.example").unwrap()
}

fn subject() -> IssuersName {
    IssuersName::parse("m-1").unwrap()
}

fn an_interest() -> InterestAct {
    let clause = Clause::Words("cathedral".into());
    let interest = Interest::of("ours", Urgency::Expected, vec![clause.into()]);
    InterestAct::Add { partner: node(super::NODE), interest }
}

impl World {
    pub(super) fn admin(&mut self) -> Taken {
        match self.random.below(4) {
            0 => {
                let names = ["Service of the West", "The Service"];
                let name = names[usize::try_from(self.random.below(2)).unwrap()];
                self.run(Actor::Node(Part::Start), configuration(name).into())
            }
            1 => self.act(user("paul"), an_interest()),
            2 => {
                let sentences = if self.random.below(2) == 0 { Persons::One } else { Persons::Two };
                let (name, reason) = (node(super::NODE), "§ 4".to_owned());
                self.act(user("paul"), PartnerAct::Agree { name, sentences, reason })
            }
            // Nobody may do this.
            _ => self.act(user("ana"), PartnerAct::AnnounceKeys {}),
        }
    }

    pub(super) fn people(&mut self) -> Taken {
        match self.random.below(12) {
            0..3 => self.granted(),
            3 | 4 => self.comes_or_goes(),
            5 => {
                // With the roles that count in the session, or with others.
                let role = if self.random.below(3) > 0 { Role::PartnerAdmin } else { Role::Reader };
                let act = an_interest().into();
                self.run(
                    user("paul"),
                    Work::Limited(LimitedAct { only: Some(vec![role]), seen: None, act }),
                )
            }
            _ => self.signs_in(),
        }
    }

    /// A token, an invitation, or the end of some.
    fn granted(&mut self) -> Taken {
        let user = if self.random.below(3) > 0 { mia() } else { UserName::parse("ana").unwrap() };
        let number = self.random.below(4);
        // One that is used twice is refused.
        let digest = Hash::of(&self.random.below(40).to_be_bytes());
        let name = GrantName::parse(&format!("token-{number}")).unwrap();
        let add = |kind, ends| AccountAct::TokenAdd {
            user: user.clone(),
            digest,
            name: (number > 1).then(|| name.clone()),
            kind,
            ends,
            from: vec!["192.0.2.0/24".parse().unwrap()],
        };
        let ends = self.time().plus_minutes(60);
        let act = match self.random.below(7) {
            0 | 1 => add(GrantKind::Token, Some(ends)),
            2 | 3 => add(GrantKind::Invitation, Some(ends)),
            4 => AccountAct::TokenRotate { user, name, digest: Hash::of(b"anew"), ends },
            _ if number == 0 => AccountAct::TokensRevoke { user },
            _ => AccountAct::TokenRevoke { user, name },
        };
        self.act(Actor::Owner, act)
    }

    /// A user who comes, is given more, is kept out, and goes.
    fn comes_or_goes(&mut self) -> Taken {
        let (name, reason) = (mia(), "it is so".to_owned());
        let act = match self.random.below(40) {
            0..8 => {
                let roles =
                    vec![if self.random.below(2) == 0 { Role::Reader } else { Role::Approver }];
                AccountAct::UserAdd { name, roles, display: Some("Mia M.".to_owned()) }
            }
            8..10 => AccountAct::UserSuspend { name, reason },
            10..16 => AccountAct::UserResume { name },
            16 => AccountAct::UserRemove { name, reason },
            17..19 => AccountAct::UserUids { name, uids: vec![1_000] },
            19..38 => AccountAct::UserLink { name, issuer: issuer(), subject: subject() },
            _ => AccountAct::UserUnlink { name, issuer: issuer() },
        };
        let by = if self.random.below(2) == 0 { Actor::Owner } else { user("nina") };
        self.act(by, act)
    }

    /// One step of how somebody signs in; each second one of no use.
    fn signs_in(&mut self) -> Taken {
        let name = mia();
        let account = self.core.store().db().account(&name).unwrap();
        let now = account.password.as_ref().map(PasswordHash::digest);
        let now = if self.random.below(4) > 0 { now } else { Some(Hash::of(b"another")) };
        let number = self.random.below(1_000);
        let password = PasswordHash::parse(&format!("$argon2id$v=19$m=1,t=1,p=1$c2FsdA${number}"));
        let (password, digest) = (password.unwrap(), Hash::of(&(number | 1 << 40).to_be_bytes()));
        let session = NewSession {
            digest,
            name: GrantName::parse(&format!("session-{number}")).unwrap(),
            ends: self.time().plus_minutes(720),
        };
        let last = account.factor.as_ref().map_or(0, |factor| factor.step);
        let recovery = vec![Hash::of(b"one"), Hash::of(b"two")];
        let second = match (account.factor.is_some(), self.random.below(3)) {
            (false, _) => Second::None {},
            (true, 0) => Second::Recovery { digest: recovery[0] },
            (true, _) => Second::Code { step: last + self.random.below(2) },
        };
        let step = match self.random.below(10) {
            0 => SignInStep::Password { now, password, keep: Some(digest) },
            1 | 2 => SignInStep::SignIn { second, password: now, session },
            3 => SignInStep::FactorBegun { now, secret: Sealed::new("c2VhbGVk".to_owned()) },
            4 => SignInStep::FactorConfirmed { step: last + 1, recovery },
            5 => SignInStep::FactorRemoved { now },
            6 => {
                let only = number.is_multiple_of(2).then(|| vec![Role::Reader]);
                SignInStep::Provider { issuer: issuer(), subject: subject(), only, session }
            }
            7 => {
                let held = self.core.store().db().grants(Some(&name)).unwrap();
                let is = |one: &&forewarn_exchange::grant::Granted| {
                    one.grant.kind == GrantKind::Invitation
                };
                let invitation = held.iter().find(is).map_or(digest, |one| one.digest);
                SignInStep::Accept { invitation, password, session }
            }
            8 => SignInStep::ShownAgain { second },
            _ => {
                let held = self.core.store().db().grants(Some(&name)).unwrap();
                SignInStep::SignOut { session: held.first().map_or(digest, |one| one.digest) }
            }
        };
        let by = if self.random.below(4) == 0 { Actor::Owner } else { user("mia") };
        self.run(by, SignInWork { user: name, step }.into())
    }
}
