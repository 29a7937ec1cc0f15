//! Refusals that the rules of the exchange make by themselves.

use forewarn_exchange::act::DutyAct;
use forewarn_exchange::card::Card;
use forewarn_exchange::case::{
    Acting, Approval, Case, Deciding, Decision, Delivery, Finding, Originals, Outgoing,
};
use forewarn_exchange::danger::Dangers;
use forewarn_exchange::draft::{self, DraftRequest, Include, Marks, Origin, Rests, TearLine};
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::estimate;
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::gate::{self, Withheld, WithheldKind};
use forewarn_exchange::handling::{Handling, HandlingCode};
use forewarn_exchange::id::{CaseNumber, ProposalNumber, WarningNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_exchange::post::Post;
use forewarn_exchange::proposal::Proposal;
use forewarn_exchange::role::{Permission, Role};
use forewarn_exchange::scale::{Clocks, OutcomeFact, OutcomeKind, Status};
use forewarn_exchange::talk::{Compliance, Statement, WordAnswer};
use forewarn_exchange::user::User;
use forewarn_exchange::waiver::{Senior, Waiver, WaiverFacts, WaiverRules};
use forewarn_exchange::warning::{Known, Standing as Opening, Summary, Warning};
use forewarn_exchange::{Code, Refusal};
use forewarn_extract::threat::Threat;
use forewarn_matching::interest::Interest;
use forewarn_matching::scale::Urgency;
use forewarn_policy::{By, House, PolicyFile, Question, Sentence, Words};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::channel::{Channel, Party};
use forewarn_transcript::{Hash, Note, Reference, SecretKey};
use serde_json::json;
use std::collections::BTreeSet;

/// What a rule says when it refuses with this code; `None` when none of these rules does.
pub(super) fn refusal(code: Code) -> Option<Refusal> {
    people(code)
        .or_else(|| partners(code))
        .or_else(|| cases(code))
        .or_else(|| warnings(code))
        .or_else(|| own(code))
}

/// What an organisation's own rules and people stop.
fn own(code: Code) -> Option<Refusal> {
    Some(match code {
        Code::SourceDanger => {
            let (by, at) = (user("ana"), at());
            let none = Dangers::default();
            let danger = none.raise("HERON-7", "his flat was searched", (&by, &at)).unwrap();
            none.with(danger).let_out(&BTreeSet::from(["HERON-7".to_owned()])).unwrap_err()
        }
        Code::Policy => {
            let text = "@id(\"no-red\") @words(\"What is red stays here.\") forbid(principal, action, resource);";
            let file = PolicyFile { name: "policies/house.cedar".into(), text: text.into() };
            let by = By { name: user("otto"), roles: Vec::new() };
            let sentence = Sentence {
                partner: east(),
                says: Words::Recall,
                urgency: Urgency::Expected,
                status: Status::Actual,
            };
            let said = House::new(&[file]).ask(&by, &Question::Sentence(sentence));
            said.refuses().unwrap_err()
        }
        _ => return None,
    })
}

fn user(name: &str) -> UserName {
    UserName::parse(name).unwrap()
}

fn east() -> NodeName {
    NodeName::parse("east.example").unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse("2027-03-01T08:00:00.000Z").unwrap()
}

fn us() -> Party {
    Party { name: "west.example".into(), keys: SecretKey::from_seed(&[1; 32]).keys() }
}

fn people(code: Code) -> Option<Refusal> {
    let refusal = match code {
        Code::NotFound => Refusal::unknown("warning", 7),
        Code::NotPermitted => {
            let rita = User::new(user("rita"), vec![Role::Reader]).unwrap();
            rita.must(Permission::Release).unwrap_err()
        }
        Code::UserName => UserName::parse("Otto").unwrap_err().into(),
        Code::NoRole => User::new(user("otto"), vec![]).unwrap_err(),
        Code::BadName => NodeName::parse("east/example").unwrap_err().into(),
        Code::BadFeed => {
            let way = Way::Poll {
                into: "press".into(),
                source: None,
                grade: None,
                since: None,
                overlap: 0,
            };
            let url = "https://taxii.example/api/collections/1/status/".to_owned();
            let kind = forewarn_exchange::feed::Kind::Taxii;
            let feed = Feed { name: "press".into(), kind, url, way, account: None, every: 300 };
            feed.checked().unwrap_err()
        }
        Code::Interest => {
            Interest::of("Embassies", Urgency::Expected, vec![]).checked().unwrap_err().into()
        }
        Code::NotCompared => Refusal::not_compared("east.example"),
        Code::Restored => Refusal::restored("west.example/east.example", 12, 9),
        Code::Gate => {
            let withheld = Withheld::new(WithheldKind::Source, "HERON-7");
            gate::check_value(&json!({ "reason": "said by HERON 7" }), &[withheld]).unwrap_err()
        }
        _ => return None,
    };
    Some(refusal)
}

/// A partner whose card is signed by its own key.
fn card_of(party: &Party, secret: &SecretKey) -> String {
    let card = Card {
        name: NodeName::parse(&party.name).unwrap(),
        organisation: "Service of the East".into(),
        url: "https://east.example".into(),
        keys: party.keys.clone(),
    };
    let text = card.text();
    let signature = secret.sign(text.as_bytes());
    Note::signed(text, &party.name, &party.keys.ed25519, &signature).to_string()
}

fn partner() -> Partner {
    let secret = SecretKey::from_seed(&[2; 32]);
    let them = Party { name: east().to_string(), keys: secret.keys() };
    let card = card_of(&them, &secret);
    Partner::add(&card, Tlp::Amber, &us(), &user("paul"), &at()).unwrap()
}

fn confirmed() -> Partner {
    let standing = Standing::Confirmed { by: user("paul"), at: at() };
    Partner { standing, ..partner() }
}

fn partners(code: Code) -> Option<Refusal> {
    let by = user("paul");
    let add = |card: &str| Partner::add(card, Tlp::Amber, &us(), &by, &at()).unwrap_err();
    let refusal = match code {
        Code::BadCard => add("Dear colleague, here is our card."),
        Code::OwnCard => add(&card_of(&us(), &SecretKey::from_seed(&[1; 32]))),
        Code::Fingerprint => partner().confirm("ten other words", &by, &at()).unwrap_err(),
        Code::Confirmed => confirmed().confirm("", &by, &at()).unwrap_err(),
        Code::NotConfirmed => partner().channel(&us()).unwrap_err(),
        Code::Suspended => {
            confirmed().suspend("under review", false, &by, &at()).channel(&us()).unwrap_err()
        }
        Code::Compromised => {
            let suspended = confirmed().suspend("stolen", true, &by, &at());
            suspended.confirm("", &by, &at()).unwrap_err()
        }
        Code::Channel => {
            let us = Party { keys: partner().card.keys, ..us() };
            partner().channel_even_if_closed(&us).unwrap_err()
        }
        _ => return None,
    };
    Some(refusal)
}

fn case() -> Case {
    let grade = (Urgency::Immediate, Status::Actual);
    Case::open(CaseNumber::new(1), &east(), 1, grade, &at(), &Clocks::default())
}

/// Lets one person take one step.
fn acting<T>(name: &str, step: impl FnOnce(&mut Acting) -> T) -> T {
    let (by, at) = (user(name), at());
    let mut ids = Ids::new(Hash::of(name.as_bytes()));
    step(&mut Acting { by: &by, at: &at, ids: &mut ids })
}

fn finding(reason: &str) -> Finding {
    Finding::yes(Threat::Destruction, "visitors of a cathedral", reason)
}

fn warn(reason: &str) -> Decision {
    Decision::Warn { reason: reason.into() }
}

fn to_warn() -> Case {
    let found = found(case(), "two reports agree").unwrap();
    decided(found, warn("lives are at stake"), &WaiverRules::default()).unwrap()
}

fn found(case: Case, reason: &str) -> Result<Case, Refusal> {
    acting("ana", |acting| case.find(finding(reason), &Clocks::default(), acting))
}

/// otto decides, and hanna has approved it.
fn decided(case: Case, decision: Decision, waivers: &WaiverRules) -> Result<Case, Refusal> {
    let named = |name: &str| User::new(user(name), vec![Role::Approver]).unwrap();
    let (by, second, clocks) = (named("otto"), named("hanna"), Clocks::default());
    let deciding = Deciding { clocks: &clocks, waivers, by: &by, second: Some(&second) };
    acting("otto", |acting| case.decide(decision, deciding, acting))
}

fn waive(code: Waiver) -> Decision {
    let (reason, review_at, facts) = ("they know".into(), None, WaiverFacts::default());
    Decision::Waive { code, reason, review_at, facts }
}

fn request() -> DraftRequest {
    let until = Timestamp::parse("2027-03-08T00:00:00.000Z").unwrap();
    DraftRequest::new("Planned bombing", "A cell plans an attack.", Tlp::Amber, until)
}

/// Why a draft is not composed.
fn not_composed(request: &DraftRequest) -> Refusal {
    let (by, at) = (user("ana"), at());
    let origin = Origin {
        organisation: "Service of the West",
        by: &by,
        at: &at,
        urgency: Urgency::Immediate,
        status: Status::Actual,
        lineage: &[],
        sources: &[],
        marking: Tlp::Amber.into(),
    };
    draft::compose(request, &origin, &mut Ids::new(Hash::of(b"draft"))).unwrap_err()
}

/// Why a draft is not released by this person, who has looked at these bytes.
fn not_released(name: &str, seen: Option<Hash>) -> Refusal {
    let organisation = "Service of the West";
    let from = Originals { organisation, ids: vec![], sources: vec![], marking: Marks::default() };
    let (case, outgoing) = acting("ana", |acting| {
        to_warn().draft(Outgoing::Nothing, &request(), &from, acting).unwrap()
    });
    let digest = seen.or(outgoing.pending().map(|draft| draft.digest)).unwrap();
    let (partner, own_name) = (confirmed(), from.organisation);
    let approval = Approval {
        digest,
        set_aside: &[],
        partner: &partner,
        own_name,
        withheld: &[],
        marking: Marks::default(),
        revoked: &[],
        delivery: Delivery { clocks: &Clocks::default(), is_told: true, is_answered: true },
    };
    acting(name, |acting| case.release(outgoing, &approval, &mut post(), acting)).unwrap_err()
}

fn rests_on_nothing() -> Refusal {
    let organisation = "Service of the West";
    let from = Originals { organisation, ids: vec![], sources: vec![], marking: Marks::default() };
    let (case, outgoing) = acting("ana", |acting| {
        to_warn().draft(Outgoing::Nothing, &request(), &from, acting).unwrap()
    });
    let digest = outgoing.pending().map(|draft| draft.digest).unwrap();
    let (partner, own_name) = (confirmed(), from.organisation);
    let approval = Approval {
        digest,
        set_aside: &[],
        partner: &partner,
        own_name,
        withheld: &[],
        marking: Marks::default(),
        revoked: &["indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f".to_owned()],
        delivery: Delivery { clocks: &Clocks::default(), is_told: true, is_answered: true },
    };
    acting("otto", |acting| case.release(outgoing, &approval, &mut post(), acting)).unwrap_err()
}

fn cases(code: Code) -> Option<Refusal> {
    let refusal = match code {
        Code::Finding => found(case(), "").unwrap_err(),
        Code::NoFinding => decided(case(), warn("x"), &WaiverRules::default()).unwrap_err(),
        Code::Reason => decided(case(), warn(""), &WaiverRules::default()).unwrap_err(),
        Code::Waiver => {
            decided(case(), waive(Waiver::AlreadyAware), &WaiverRules::default()).unwrap_err()
        }
        Code::Seniority => {
            let ground = Waiver::EndangersLiaison;
            let seniors = vec![Senior::User(user("vera")), Senior::Role(Role::NodeAdmin)];
            let seniority = [(ground, seniors)].into();
            let rules = WaiverRules { seniority, ..WaiverRules::default() };
            decided(case(), waive(ground), &rules).unwrap_err()
        }
        Code::Stage => found(to_warn(), "a third report").unwrap_err(),
        Code::Clock => case().ring(&at(), &Clocks::default()).unwrap_err(),
        Code::Wording => {
            let text = "We judge with high confidence that an attack is very likely.";
            estimate::check(text).unwrap_err()
        }
        Code::EmptyDraft => not_composed(&DraftRequest { title: String::new(), ..request() }),
        Code::Horizon => not_composed(&DraftRequest { valid_until: at(), ..request() }),
        Code::Marking => not_composed(&DraftRequest { tlp: Tlp::Clear, ..request() }),
        Code::Handling => {
            let codes = [HandlingCode::H3].into();
            let handling = Handling { codes, ..Handling::default() };
            not_composed(&DraftRequest { handling, ..request() })
        }
        Code::Included => {
            let include = Include { sectors: vec!["smuggling".into()], ..Include::default() };
            not_composed(&DraftRequest { include, ..request() })
        }
        Code::TearLine => {
            let tear_line = TearLine { text: "Be careful.".into(), tlp: Tlp::Amber };
            not_composed(&DraftRequest { tear_line: Some(tear_line), ..request() })
        }
        Code::Rests => {
            let (sentence, on) = ("It is for Sunday.".into(), vec!["text--1".into()]);
            let rests = [Rests { sentence, on }];
            draft::check_rests(&rests, &request().text, &["text--1".into()]).unwrap_err()
        }
        Code::Persons => not_composed(&DraftRequest { tlp: Tlp::Red, ..request() }),
        Code::NotWaiting => {
            let (ana, at) = (user("ana"), at());
            let act = DutyAct::Reopen { case: CaseNumber::new(1), reason: "more is known".into() };
            let number = ProposalNumber::new(3);
            let proposal = Proposal::new(number, act.into(), None, (&ana, &at));
            let otto = User::new(user("otto"), vec![Role::Approver]).unwrap();
            let dropped = proposal.drop(&otto, "nothing new", &at).unwrap();
            dropped.drop(&otto, "nothing new", &at).unwrap_err()
        }
        Code::Place => {
            not_composed(&DraftRequest { places: vec!["Atlantisgrad".into()], ..request() })
        }
        Code::Observable => {
            not_composed(&DraftRequest { observables: vec!["a blue van".into()], ..request() })
        }
        Code::NoDraft => {
            let nothing = Outgoing::Nothing;
            nothing.judge(&to_warn(), &confirmed(), "Service of the West", &[]).unwrap_err()
        }
        Code::OtherDraft => not_released("otto", Some(Hash::of(b"an older draft"))),
        Code::OriginalRevoked => rests_on_nothing(),
        Code::SamePerson => not_released("ana", None),
        _ => return None,
    };
    Some(refusal)
}

fn post() -> Post {
    let them = Party { name: east().to_string(), keys: SecretKey::from_seed(&[2; 32]).keys() };
    let channel = Channel::between(us(), them).unwrap();
    Post { channel, us: us().name, next: 1 }
}

fn warning(standing: Opening) -> Warning {
    let entry = Reference { log: "east.example".into(), index: 4, hash: Hash::of(b"entry 4") };
    let summary = Summary {
        title: "Planned bombing".into(),
        urgency: Urgency::Immediate,
        tlp: Tlp::Amber,
        valid_until: request().valid_until,
    };
    Warning {
        number: WarningNumber::new(1),
        partner: east(),
        status: Status::Actual,
        entry,
        id: "warning--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f".into(),
        received: at(),
        summary,
        version: 1,
        newest: None,
        standing,
        recall: None,
        expired: None,
        owed: None,
        persons: Vec::new(),
        formerly: Vec::new(),
        lowered: None,
    }
}

/// Why one of our people may not say this of a warning.
fn not_said(standing: Opening, statement: Statement) -> Refusal {
    let clocks = Clocks::default();
    let known = Known { clocks: &clocks, pap: None, talk: &[] };
    let said =
        acting("dora", |acting| warning(standing).say(statement, &known, &mut post(), acting));
    said.unwrap_err()
}

fn complied() -> WordAnswer {
    WordAnswer { answer: Compliance::Complied, text: String::new(), corrects: false }
}

fn warnings(code: Code) -> Option<Refusal> {
    let accepted = || Opening::Accepted { by: user("dora"), at: at() };
    let outcome = |facts| Statement::Outcome { facts, text: String::new(), corrects: None };
    let refusal = match code {
        Code::Opened => {
            not_said(Opening::Opened { by: user("dora"), at: at() }, Statement::Opened {})
        }
        Code::Answered => not_said(accepted(), Statement::Accepted { note: String::new() }),
        Code::NotAccepted => {
            not_said(Opening::New {}, Statement::Action { text: "two arrests".into(), class: None })
        }
        Code::Empty => not_said(Opening::New {}, Statement::Question { text: " ".into() }),
        Code::NotRecalled => not_said(accepted(), Statement::RecallAnswer(complied())),
        Code::NothingToAnswer => not_said(accepted(), Statement::UpdateAnswer(complied())),
        Code::Future => {
            let on = Some("2099-01-01".to_owned());
            let fact = OutcomeFact { kind: OutcomeKind::Arrested, count: 2, on };
            not_said(accepted(), outcome(vec![fact]))
        }
        Code::Facts => not_said(accepted(), outcome(vec![])),
        Code::Day => {
            let on = Some("last Friday".to_owned());
            not_said(
                accepted(),
                outcome(vec![OutcomeFact { kind: OutcomeKind::Arrested, count: 2, on }]),
            )
        }
        _ => return None,
    };
    Some(refusal)
}
