//! What each route of the API does, in words, with the types of what it is asked and answers: from it
//! and from the routes the description is made that `openapi.json` serves.

use super::page::PageQuery;
use super::{
    about, account, acts, cases, events, exported, feeds, intakes, interests, ledger, matched,
    needs, partners, proposals, readouts, search, session, shelves, sources, telling, templates,
    tokens, users, warnings,
};
use forewarn_exchange::correction::Correction;
use forewarn_exchange::user::User;
use forewarn_extract::labelled::Labelled;
use forewarn_view::about::AboutPage;
use forewarn_view::agreement::AgreementShown;
use forewarn_view::answer::{Answered, FeedSet};
use forewarn_view::authority::AuthorityShown;
use forewarn_view::case::{CaseLine, CaseShown, Preview};
use forewarn_view::channel::{
    ContradictionLine, EntryLine, LogChecked, LogCompared, LogLine, OpenedAgain, ProofKept,
    TranscriptTaken,
};
use forewarn_view::danger::DangerLine;
use forewarn_view::exercise::{AfterAction, ExerciseLine};
use forewarn_view::feed::FeedShown;
use forewarn_view::finding::ItemFindings;
use forewarn_view::history::HappenedLine;
use forewarn_view::interest::{InterestLine, InterestTried, TrialProgress};
use forewarn_view::item::{ItemLine, ItemShown, MatchedItems, QuarantineLine, TakenIn, ThanksLine};
use forewarn_view::kept::KeptLine;
use forewarn_view::ledger::LedgerLine;
use forewarn_view::mute::{MuteLine, MuteShown};
use forewarn_view::need::NeedList;
use forewarn_view::partner::{OwnCard, PartnerShown};
use forewarn_view::place::Places;
use forewarn_view::policy::PolicyLine;
use forewarn_view::proposal::ProposalShown;
use forewarn_view::readout::{ReadoutLine, ReadoutShown};
use forewarn_view::search::Searched;
use forewarn_view::settings::{Reloaded, SettingsShown};
use forewarn_view::source::{SourceLine, SourceShown};
use forewarn_view::statistics::Statistics;
use forewarn_view::status::NodeStatus;
use forewarn_view::suggestion::SuggestionLine;
use forewarn_view::telling::{DeliveryLine, NotifierLine, NotifierTried, TellingShown};
use forewarn_view::template::TemplateLine;
use forewarn_view::user::{
    DeviceBegun, DevicePolled, FactorBegun, Invitation, LetIn, RecoveryCodes, SessionBegun, Token,
    Whoami,
};
use forewarn_view::warning::{WarningLine, WarningShown};
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Makes the schema of a type.
pub(super) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// One method of one route.
#[derive(Clone, Copy)]
pub(super) struct Described {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// A sentence without a full stop.
    pub(super) about: &'static str,
    /// The type of the query: each of its fields is a parameter.
    pub(super) query: Option<Shape>,
    /// What a body holds.
    pub(super) body: Body,
    /// What is answered when it goes well.
    pub(super) answer: Answer,
}

/// What a request's body holds.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// There is none.
    None,
    /// JSON of this type.
    Json(Shape),
    /// Bytes, as they are.
    Bytes,
}

/// What is answered.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// A value of this type.
    One(Shape),
    /// A list of them.
    Many(Shape),
    /// A page of a list, with a link to the next one (RFC 8288).
    Page(Shape),
    /// Bytes of this media type.
    Bytes(&'static str),
    /// What changes, as server-sent events: each is a line of data of this type.
    Events(Shape),
    /// Nothing.
    Nothing,
}

use Answer::{Bytes as Raw, Nothing};
use Body::{Bytes, None as Empty};

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The members of a query, in their place.
fn members<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

const fn one<T: JsonSchema>() -> Answer {
    Answer::One(shape::<T>)
}

const fn many<T: JsonSchema>() -> Answer {
    Answer::Many(shape::<T>)
}

const fn page<T: JsonSchema>() -> Answer {
    Answer::Page(shape::<T>)
}

const fn json<T: JsonSchema>() -> Body {
    Body::Json(shape::<T>)
}

const fn get(path: &'static str, about: &'static str, answer: Answer) -> Described {
    Described { method: "GET", path, about, query: None, body: Empty, answer }
}

const fn post(path: &'static str, about: &'static str, body: Body, answer: Answer) -> Described {
    Described { method: "POST", path, about, query: None, body, answer }
}

const fn asked<Q: JsonSchema>(described: Described) -> Described {
    let Described { method, path, about, body, answer, .. } = described;
    Described { method, path, about, query: Some(members::<Q>), body, answer }
}

const fn delete(path: &'static str, about: &'static str, body: Body) -> Described {
    Described { method: "DELETE", path, about, query: None, body, answer: Nothing }
}

/// All of them.
pub(super) const ALL: &[Described] = &[
    get("/api/v1/openapi.json", "This description", Raw("application/json")),
    asked::<events::After>(get(
        "/api/v1/events",
        "What changes, as it does",
        Answer::Events(shape::<events::ChangeTold>),
    )),
    get("/api/v1/status", "How the node fares", one::<NodeStatus>()),
    asked::<needs::NeedQuery>(get(
        "/api/v1/needs",
        "What needs somebody, by deadline",
        one::<NeedList>(),
    )),
    post("/api/v1/session", "Sign in", json::<session::SignInRequest>(), one::<SessionBegun>()),
    post(
        "/api/v1/session/device",
        "Begin to sign in at a provider (OpenID Connect)",
        json::<session::DeviceRequest>(),
        one::<DeviceBegun>(),
    ),
    post(
        "/api/v1/session/device/poll",
        "Ask whether the person has signed in there",
        json::<session::PollRequest>(),
        one::<DevicePolled>(),
    ),
    get("/api/v1/account", "Who asks, and how that was shown", one::<Whoami>()),
    delete("/api/v1/account", "Sign out", Empty),
    post(
        "/api/v1/account/password",
        "Set another password",
        json::<account::PasswordRequest>(),
        Nothing,
    ),
    post(
        "/api/v1/account/factor",
        "Begin a second factor",
        json::<account::FactorRequest>(),
        one::<FactorBegun>(),
    ),
    delete("/api/v1/account/factor", "Remove the second factor", json::<account::FactorRequest>()),
    post(
        "/api/v1/account/factor/confirm",
        "Confirm the second factor by a code",
        json::<account::FactorRequest>(),
        one::<RecoveryCodes>(),
    ),
    post(
        "/api/v1/tokens",
        "Make a token, or let a certificate in",
        json::<tokens::TokenRequest>(),
        one::<LetIn>(),
    ),
    asked::<tokens::Which>(get("/api/v1/tokens", "What lets users in", many::<Token>())),
    post(
        "/api/v1/invitations",
        "Invite a user to set a password",
        json::<tokens::InvitationRequest>(),
        one::<Invitation>(),
    ),
    get("/api/v1/telling", "Who is told of what, and by what", one::<TellingShown>()),
    get("/api/v1/notifiers", "What tells people, and how it fares", many::<NotifierLine>()),
    post(
        "/api/v1/notifiers/{name}/test",
        "Send a message to try it",
        json::<telling::TestRequest>(),
        one::<NotifierTried>(),
    ),
    asked::<PageQuery>(get(
        "/api/v1/deliveries",
        "What was told, and what became of it",
        page::<DeliveryLine>(),
    )),
    post(
        "/api/v1/acts",
        "Do something: each act names itself in `do`",
        json::<acts::ActRequest>(),
        one::<Answered>(),
    ),
    get(
        "/api/v1/settings",
        "The configuration as it stands, and what the file as it is now would change",
        one::<SettingsShown>(),
    ),
    post(
        "/api/v1/settings/reload",
        "Read the configuration again, and go by it where no new start is needed",
        Empty,
        one::<Reloaded>(),
    ),
    get(
        "/api/v1/dangers",
        "Sources that are or were in danger, for whoever sees everything that came in",
        many::<DangerLine>(),
    ),
    asked::<templates::Asked>(get(
        "/api/v1/templates",
        "Texts to begin drafts with",
        many::<TemplateLine>(),
    )),
    get(
        "/api/v1/sources",
        "Handles that have a name here, without the names",
        many::<SourceLine>(),
    ),
    post(
        "/api/v1/sources/look",
        "Who stands behind a source's handle; the reading is on record",
        json::<sources::Why>(),
        one::<SourceShown>(),
    ),
    get(
        "/api/v1/policies",
        "The organisation's own policies for what leaves, as they are in force",
        many::<PolicyLine>(),
    ),
    get(
        "/api/v1/statistics",
        "How long warnings took, and what came of what came in, week by week",
        one::<Statistics>(),
    ),
    asked::<shelves::ListQuery>(get(
        "/api/v1/shelves/{name}/list",
        "What stands on a shelf, as a list for a firewall, a resolver or a detector",
        Raw("text/plain"),
    )),
    get(
        "/api/v1/shelves/{name}/misp/{file}",
        "A file of a shelf as a feed of MISP: its manifest, its hashes, or an event",
        Raw("application/json"),
    ),
    asked::<users::Asked>(get("/api/v1/users", "People and their roles", page::<User>())),
    get("/api/v1/users/{name}", "Somebody, with roles and standing", one::<User>()),
    asked::<feeds::Asked>(get("/api/v1/feeds", "Feeds, and how they fare", page::<FeedShown>())),
    post("/api/v1/feeds/{name}/now", "Ask a feed now", Empty, one::<FeedSet>()),
    asked::<intakes::IntakeQuery>(post(
        "/api/v1/intakes",
        "Bring something in",
        Bytes,
        one::<TakenIn>(),
    )),
    asked::<PageQuery>(get("/api/v1/items", "What came in", page::<ItemLine>())),
    get("/api/v1/items/{id}", "An item, byte for byte", Raw("application/octet-stream")),
    get("/api/v1/items/{id}/about", "What is known of an item", one::<ItemShown>()),
    get(
        "/api/v1/items/{id}/original",
        "The document that a text was read from",
        Raw("application/octet-stream"),
    ),
    get(
        "/api/v1/items/{id}/findings",
        "What is found in an item's text, with what people have said of it",
        one::<ItemFindings>(),
    ),
    get(
        "/api/v1/items/{id}/labelled",
        "An item's text with what is right of it, as `make train` reads it",
        one::<Labelled>(),
    ),
    asked::<PageQuery>(get(
        "/api/v1/corrections",
        "What people have said of findings",
        page::<Correction>(),
    )),
    asked::<matched::Range>(get(
        "/api/v1/matched",
        "What an intake has met",
        one::<MatchedItems>(),
    )),
    asked::<PageQuery>(get(
        "/api/v1/quarantine",
        "What was refused on its way in",
        page::<QuarantineLine>(),
    )),
    get("/api/v1/places", "What is threatened, and what of the map is registered", one::<Places>()),
    asked::<search::Asked>(get(
        "/api/v1/search",
        "Partners, cases, warnings, what was said of them, and items, by their words",
        one::<Searched>(),
    )),
    asked::<PageQuery>(get("/api/v1/thanks", "Thanks to our sources", page::<ThanksLine>())),
    get("/api/v1/card", "Our contact card", one::<OwnCard>()),
    asked::<PageQuery>(get(
        "/api/v1/partners/{name}/agreements",
        "Every version of the agreement with a partner",
        page::<AgreementShown>(),
    )),
    get(
        "/api/v1/partners/{name}/agreements/{version}",
        "A version of the agreement with a partner",
        one::<AgreementShown>(),
    ),
    asked::<partners::Asked>(get("/api/v1/partners", "Partners", page::<PartnerShown>())),
    get("/api/v1/partners/{name}", "A partner", one::<PartnerShown>()),
    asked::<PageQuery>(get(
        "/api/v1/partners/{name}/history",
        "What happened between a partner and us",
        page::<HappenedLine>(),
    )),
    asked::<interests::ListQuery>(get(
        "/api/v1/interests",
        "What is to be warned of",
        page::<InterestLine>(),
    )),
    get(
        "/api/v1/interests/trial",
        "How far new interests were tried",
        one::<Option<TrialProgress>>(),
    ),
    asked::<interests::TrialQuery>(post(
        "/api/v1/interests/test",
        "Which interests something would meet",
        Bytes,
        many::<InterestTried>(),
    )),
    asked::<cases::Asked>(get("/api/v1/cases", "Our duties to warn", page::<CaseLine>())),
    get("/api/v1/cases/{number}", "A case", one::<CaseShown>()),
    get("/api/v1/cases/{number}/preview", "What would leave, as it would", one::<Preview>()),
    asked::<PageQuery>(get(
        "/api/v1/authorities",
        "Which warnings leave without a person",
        page::<AuthorityShown>(),
    )),
    get("/api/v1/authorities/{number}", "A standing authorisation", one::<AuthorityShown>()),
    post(
        "/api/v1/records/about",
        "All that is held about somebody, and where it went, part by part",
        json::<about::AboutRequest>(),
        one::<AboutPage>(),
    ),
    asked::<PageQuery>(get(
        "/api/v1/records",
        "What is held, and what was erased",
        page::<KeptLine>(),
    )),
    asked::<PageQuery>(get("/api/v1/exercises", "Exercises", page::<ExerciseLine>())),
    get("/api/v1/exercises/{number}", "The after-action report of one", one::<AfterAction>()),
    asked::<PageQuery>(get("/api/v1/mutes", "What opens no case for a while", page::<MuteLine>())),
    get("/api/v1/mutes/{number}", "A mute, with what it has kept", one::<MuteShown>()),
    get(
        "/api/v1/cases/{number}/suggestions",
        "What the items of a case suggest to put into a warning, with where it stands",
        many::<SuggestionLine>(),
    ),
    asked::<proposals::Asked>(get(
        "/api/v1/proposals",
        "What waits for a second person",
        page::<ProposalShown>(),
    )),
    get("/api/v1/proposals/{number}", "A proposal", one::<ProposalShown>()),
    asked::<ledger::Asked>(get(
        "/api/v1/ledger",
        "Who was given what, why and when",
        page::<LedgerLine>(),
    )),
    asked::<PageQuery>(get("/api/v1/readouts", "What is said in public", page::<ReadoutLine>())),
    get("/api/v1/readouts/{subject}", "A readout", one::<ReadoutShown>()),
    asked::<readouts::Asked>(get(
        "/api/v1/readouts/{subject}/published",
        "A text as it is published",
        Raw("application/json"),
    )),
    asked::<warnings::WarningQuery>(get(
        "/api/v1/warnings",
        "What partners have warned us of",
        page::<WarningLine>(),
    )),
    get("/api/v1/warnings/{number}", "A warning", one::<WarningShown>()),
    post(
        "/api/v1/cases/{number}/export",
        "The file of a case: STIX, CSV, PDF, or a released version as CAP 1.2",
        json::<exported::Wanted>(),
        Raw("application/octet-stream"),
    ),
    get(
        "/api/v1/warnings/{number}/cap",
        "That a warning was accepted or declined, as CAP 1.2",
        Raw("application/cap+xml"),
    ),
    get("/api/v1/channels", "The channels", many::<LogLine>()),
    asked::<PageQuery>(get(
        "/api/v1/channels/{partner}",
        "A channel's entries",
        page::<EntryLine>(),
    )),
    get("/api/v1/channels/{partner}/check", "Whether our copies are whole", many::<LogChecked>()),
    post(
        "/api/v1/channels/{partner}/reconcile",
        "Compare with the partner",
        Bytes,
        many::<LogCompared>(),
    ),
    get(
        "/api/v1/channels/{partner}/transcript",
        "The transcript, whole",
        Raw("application/octet-stream"),
    ),
    post(
        "/api/v1/channels/{partner}/transcript",
        "Take in a transcript that was carried",
        Bytes,
        one::<TranscriptTaken>(),
    ),
    post(
        "/api/v1/channels/{partner}/reopen",
        "Open fields of our own entries again: by a file, or without one by asking the partner",
        Bytes,
        one::<OpenedAgain>(),
    ),
    get("/api/v1/contradictions", "Logs that were written twice", many::<ContradictionLine>()),
    post(
        "/api/v1/channels/{partner}/contradictions",
        "Keep the proof that a log was written twice",
        Bytes,
        one::<ProofKept>(),
    ),
    post(
        "/api/v1/evidence",
        "Evidence for a third party",
        json::<forewarn_node::channel::evidence::Wanted>(),
        Raw("application/json"),
    ),
];
