//! What each route of the API does, in words, with its parameters: from it and from the routes the
//! description is made that `openapi.json` serves.

/// One method of one route.
#[derive(Clone, Copy)]
pub(super) struct Described {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// A sentence without a full stop.
    pub(super) about: &'static str,
    /// Parameters of the query, each with what it is.
    pub(super) query: &'static [(&'static str, &'static str)],
    /// What a body holds.
    pub(super) body: Body,
    /// What is answered when it goes well.
    pub(super) answer: Answer,
}

/// What a request's body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// There is none.
    None,
    /// JSON: members that must be there, and those that may be.
    Json(&'static [&'static str], &'static [&'static str]),
    /// An act.
    Act,
    /// Bytes, as they are.
    Bytes,
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// One object, of this type of `forewarn_view`.
    One(&'static str),
    /// A list of them.
    Many(&'static str),
    /// A page of a list, with a link to the next one (RFC 8288).
    Page(&'static str),
    /// Bytes of this media type.
    Bytes(&'static str),
    /// Nothing.
    Nothing,
}

use Answer::{Bytes as Raw, Many, Nothing, One, Page};
use Body::{Act, Bytes, Json, None as Empty};

const AFTER: (&str, &str) = ("after", "the cursor of the page before: begin behind it");
const LIMIT: (&str, &str) = ("limit", "most rows of a page");
/// Of lists whose rows have names and no numbers.
pub(super) const AFTER_NAME: (&str, &str) = ("after", "the name that the page before ended with");
const ALL_OR: (&str, &str) = ("limit", "most rows of a page; all, when left out");
const PAGED: &[(&str, &str)] = &[AFTER, LIMIT];
const CASES: &[(&str, &str)] = &[
    AFTER,
    LIMIT,
    ("partner", "only those for this partner"),
    ("stage", "only those that stand there: `open`, `to-warn`, `released`, …"),
    ("overdue", "`true`: only those whose time is past; `false`: only the others"),
];

const fn get(path: &'static str, about: &'static str, answer: Answer) -> Described {
    Described { method: "GET", path, about, query: &[], body: Empty, answer }
}

const fn post(path: &'static str, about: &'static str, body: Body, answer: Answer) -> Described {
    Described { method: "POST", path, about, query: &[], body, answer }
}

const fn with(described: Described, query: &'static [(&'static str, &'static str)]) -> Described {
    let Described { method, path, about, body, answer, .. } = described;
    Described { method, path, about, query, body, answer }
}

const fn delete(path: &'static str, about: &'static str, body: Body) -> Described {
    Described { method: "DELETE", path, about, query: &[], body, answer: Nothing }
}

/// All of them.
pub(super) const ALL: &[Described] = &[
    get("/api/v1/openapi.json", "This description", Raw("application/json")),
    with(
        get("/api/v1/events", "What changes, as it does", Raw("text/event-stream")),
        &[("after", "the id of the last event that was seen")],
    ),
    get("/api/v1/status", "How the node fares", One("NodeStatus")),
    get("/api/v1/needs", "What needs somebody, by deadline", Many("NeedLine")),
    post(
        "/api/v1/session",
        "Sign in",
        Json(&["user", "password"], &["code", "invitation"]),
        One("SessionBegun"),
    ),
    post(
        "/api/v1/session/device",
        "Begin to sign in at a provider (OpenID Connect)",
        Json(&[], &["provider"]),
        One("DeviceBegun"),
    ),
    post(
        "/api/v1/session/device/poll",
        "Ask whether the person has signed in there",
        Json(&["device"], &[]),
        One("DevicePolled"),
    ),
    get("/api/v1/account", "Who asks, and how that was shown", One("Whoami")),
    delete("/api/v1/account", "Sign out", Empty),
    post(
        "/api/v1/account/password",
        "Set another password",
        Json(&["new"], &["user", "password"]),
        Nothing,
    ),
    post(
        "/api/v1/account/factor",
        "Begin a second factor",
        Json(&[], &["user"]),
        One("FactorBegun"),
    ),
    delete("/api/v1/account/factor", "Remove the second factor", Json(&[], &["user", "password"])),
    post(
        "/api/v1/account/factor/confirm",
        "Confirm the second factor by a code",
        Json(&["code"], &["user"]),
        One("RecoveryCodes"),
    ),
    post(
        "/api/v1/tokens",
        "Make a token, or let a certificate in",
        Json(&["user"], &["name", "days", "from", "rotate", "certificate"]),
        One("LetIn"),
    ),
    with(
        get("/api/v1/tokens", "What lets users in", Many("Token")),
        &[("user", "whose; one's own for whoever does not administer")],
    ),
    post(
        "/api/v1/invitations",
        "Invite a user to set a password",
        Json(&["user"], &[]),
        One("Invitation"),
    ),
    get("/api/v1/telling", "Who is told of what, and by what", One("TellingShown")),
    get("/api/v1/notifiers", "What tells people, and how it fares", Many("NotifierLine")),
    post(
        "/api/v1/notifiers/{name}/test",
        "Send a message to try it",
        Json(&[], &["address"]),
        One("NotifierTried"),
    ),
    with(
        get("/api/v1/deliveries", "What was told, and what became of it", Page("DeliveryLine")),
        PAGED,
    ),
    post("/api/v1/acts", "Do something: each act names itself in `do`", Act, One("Answered")),
    get(
        "/api/v1/settings",
        "The configuration as it stands, and what the file as it is now would change",
        One("SettingsShown"),
    ),
    post(
        "/api/v1/settings/reload",
        "Read the configuration again, and go by it where no new start is needed",
        Empty,
        One("Reloaded"),
    ),
    get(
        "/api/v1/dangers",
        "Sources that are or were in danger, for whoever sees everything that came in",
        Many("DangerLine"),
    ),
    with(
        get("/api/v1/templates", "Texts to begin drafts with", Many("TemplateLine")),
        &[("case", "those that are offered for this case")],
    ),
    get("/api/v1/sources", "Handles that have a name here, without the names", Many("SourceLine")),
    post(
        "/api/v1/sources/look",
        "Who stands behind a source's handle; the reading is on record",
        Bytes,
        One("SourceShown"),
    ),
    get(
        "/api/v1/policies",
        "The organisation's own policies for what leaves, as they are in force",
        Many("PolicyLine"),
    ),
    get(
        "/api/v1/statistics",
        "How long warnings took, and what came of what came in, week by week",
        One("Statistics"),
    ),
    with(
        get(
            "/api/v1/shelves/{name}/list",
            "What stands on a shelf, as a list for a firewall, a resolver or a detector",
            Raw("text/plain"),
        ),
        &[
            ("form", "`plain`, `csv`, `hosts`, `rpz` or `suricata`; plain when left out"),
            ("types", "kinds of value, such as `ip,domain-name`; all when left out"),
        ],
    ),
    get(
        "/api/v1/shelves/{name}/misp/{file}",
        "A file of a shelf as a feed of MISP: its manifest, its hashes, or an event",
        Raw("application/json"),
    ),
    with(
        get("/api/v1/users", "People and their roles", Page("User")),
        &[
            AFTER_NAME,
            ALL_OR,
            ("role", "only those who have this role"),
            ("active", "`true`: only those who may come in; `false`: only the others"),
        ],
    ),
    get("/api/v1/users/{name}", "Somebody, with roles and standing", One("User")),
    with(
        get("/api/v1/feeds", "Feeds, and how they fare", Page("FeedShown")),
        &[
            AFTER_NAME,
            ALL_OR,
            ("trouble", "`true`: only those with which something is wrong; `false`: the others"),
        ],
    ),
    post("/api/v1/feeds/{name}/now", "Ask a feed now", Empty, One("FeedSet")),
    with(
        post("/api/v1/intakes", "Bring something in", Bytes, One("Intaken")),
        &[
            ("source", "whom it came from"),
            ("grade", "how it is graded, such as B2 or 4x4:A1"),
            ("name", "what it is called, such as its file"),
            ("format", "`stix`, `misp` or `text`; found by itself when left out"),
        ],
    ),
    with(get("/api/v1/items", "What came in", Page("ItemLine")), PAGED),
    get("/api/v1/items/{id}", "An item, byte for byte", Raw("application/octet-stream")),
    get("/api/v1/items/{id}/about", "What is known of an item", One("ItemShown")),
    get(
        "/api/v1/items/{id}/original",
        "The document that a text was read from",
        Raw("application/octet-stream"),
    ),
    get(
        "/api/v1/items/{id}/findings",
        "What is found in an item's text, with what people have said of it",
        One("ItemFindings"),
    ),
    get(
        "/api/v1/items/{id}/labelled",
        "An item's text with what is right of it, as `make train` reads it",
        One("Labelled"),
    ),
    with(
        get("/api/v1/corrections", "What people have said of findings", Page("CorrectionLine")),
        PAGED,
    ),
    with(
        get("/api/v1/matched", "What an intake has met", One("Met")),
        &[("first", "the first number of the intake"), ("last", "its last")],
    ),
    with(
        get("/api/v1/quarantine", "What was refused on its way in", Page("QuarantineLine")),
        PAGED,
    ),
    get("/api/v1/places", "What is threatened, and what of the map is registered", One("Places")),
    with(
        get(
            "/api/v1/search",
            "Partners, cases, warnings, what was said of them, and items, by their words",
            One("Searched"),
        ),
        &[
            ("q", "any text: all of its words are looked for, and what stands in quotes together"),
            ("kind", "`partner`, `case`, `warning`, `talk` or `item`; each, when left out"),
            ("before", "of one kind: before the thing with this number"),
            ("limit", "most of a kind"),
        ],
    ),
    with(get("/api/v1/thanks", "Thanks to our sources", Page("ThanksLine")), PAGED),
    get("/api/v1/card", "Our contact card", One("OwnCard")),
    with(
        get(
            "/api/v1/partners/{name}/agreements",
            "Every version of the agreement with a partner",
            Page("AgreementShown"),
        ),
        PAGED,
    ),
    get(
        "/api/v1/partners/{name}/agreements/{version}",
        "A version of the agreement with a partner",
        One("AgreementShown"),
    ),
    with(
        get("/api/v1/partners", "Partners", Page("PartnerShown")),
        &[AFTER_NAME, ALL_OR, ("standing", "only those: `added`, `confirmed` or `suspended`")],
    ),
    get("/api/v1/partners/{name}", "A partner", One("PartnerShown")),
    with(
        get(
            "/api/v1/partners/{name}/history",
            "What happened between a partner and us",
            Page("HappenedLine"),
        ),
        PAGED,
    ),
    with(
        get("/api/v1/interests", "What is to be warned of", Page("InterestShown")),
        &[
            ("partner", "with or of whom"),
            ("after", "the cursor of the page before: begin behind it"),
            ("limit", "most rows of a page"),
            ("order", "`most` begins with those that met most"),
        ],
    ),
    get("/api/v1/interests/trial", "How far new interests were tried", One("Trial")),
    with(
        post("/api/v1/interests/test", "Which interests something would meet", Bytes, One("Tried")),
        &[("grade", "how it would be graded"), ("near", "whether to tell what just missed")],
    ),
    with(get("/api/v1/cases", "Our duties to warn", Page("CaseLine")), CASES),
    get("/api/v1/cases/{number}", "A case", One("CaseShown")),
    get("/api/v1/cases/{number}/preview", "What would leave, as it would", One("Preview")),
    with(
        get("/api/v1/authorities", "Which warnings leave without a person", Page("AuthorityShown")),
        PAGED,
    ),
    get("/api/v1/authorities/{number}", "A standing authorisation", One("AuthorityShown")),
    post(
        "/api/v1/records/about",
        "All that is held about somebody, and where it went, part by part",
        Json(&["name", "reason"], &["from"]),
        One("AboutPage"),
    ),
    with(get("/api/v1/records", "What is held, and what was erased", Page("KeptLine")), PAGED),
    with(get("/api/v1/exercises", "Exercises", Page("ExerciseLine")), PAGED),
    get("/api/v1/exercises/{number}", "The after-action report of one", One("AfterAction")),
    with(get("/api/v1/mutes", "What opens no case for a while", Page("MuteLine")), PAGED),
    get("/api/v1/mutes/{number}", "A mute, with what it has kept", One("MuteShown")),
    get(
        "/api/v1/cases/{number}/suggestions",
        "What the items of a case suggest to put into a warning, with where it stands",
        Many("SuggestionLine"),
    ),
    with(
        get("/api/v1/proposals", "What waits for a second person", Page("ProposalShown")),
        &[
            AFTER,
            LIMIT,
            ("by", "only those of this user"),
            ("waiting", "`true`: only those that wait; `false`: only those that do not any more"),
        ],
    ),
    get("/api/v1/proposals/{number}", "A proposal", One("ProposalShown")),
    with(
        get("/api/v1/ledger", "Who was given what, why and when", Page("LedgerLine")),
        &[
            ("partner", "what this partner was given"),
            ("about", "`case-N` or `warning-N`"),
            ("after", "the cursor of the page before: begin behind it"),
            ("limit", "most rows of a page"),
        ],
    ),
    with(get("/api/v1/readouts", "What is said in public", Page("ReadoutLine")), PAGED),
    get("/api/v1/readouts/{subject}", "A readout", One("ReadoutShown")),
    with(
        get(
            "/api/v1/readouts/{subject}/published",
            "A text as it is published",
            Raw("application/json"),
        ),
        &[("side", "`ours`, or `theirs`")],
    ),
    with(
        get("/api/v1/warnings", "What partners have warned us of", Page("WarningLine")),
        &[
            ("after", "the cursor of the page before: begin behind it"),
            ("limit", "most rows of a page"),
            ("order", "`urgency`: what is meant first, then the most urgent, then the oldest"),
            ("only", "`unopened`, `accepted` or `mine`"),
            ("partner", "only those of this partner"),
        ],
    ),
    get("/api/v1/warnings/{number}", "A warning", One("WarningShown")),
    post(
        "/api/v1/cases/{number}/export",
        "The file of a case: STIX, CSV, PDF, or a released version as CAP 1.2",
        Bytes,
        Raw("application/octet-stream"),
    ),
    get(
        "/api/v1/warnings/{number}/cap",
        "That a warning was accepted or declined, as CAP 1.2",
        Raw("application/cap+xml"),
    ),
    get("/api/v1/channels", "The channels", Many("ChannelLine")),
    with(get("/api/v1/channels/{partner}", "A channel's entries", Page("EntryLine")), PAGED),
    get("/api/v1/channels/{partner}/check", "Whether our copies are whole", One("Checked")),
    post(
        "/api/v1/channels/{partner}/reconcile",
        "Compare with the partner",
        Bytes,
        One("Reconciled"),
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
        One("Imported"),
    ),
    post(
        "/api/v1/channels/{partner}/reopen",
        "Open fields of our own entries again: by a file, or without one by asking the partner",
        Bytes,
        One("OpenedAgain"),
    ),
    get("/api/v1/contradictions", "Logs that were written twice", Many("ContradictionLine")),
    post(
        "/api/v1/channels/{partner}/contradictions",
        "Keep the proof that a log was written twice",
        Bytes,
        One("Kept"),
    ),
    post(
        "/api/v1/evidence",
        "Evidence for a third party",
        Json(&[], &["subject", "partner", "ours", "theirs", "show"]),
        Raw("application/json"),
    ),
];
