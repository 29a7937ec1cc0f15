//! Refusals whose rule needs a running node: the words that it says, written out.

use forewarn_exchange::Code;
use forewarn_exchange::grading::Grading;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::refusal::Hint;
use forewarn_node::Failure;
use forewarn_node::access::Denied;
use forewarn_web::problem::Problem;

/// What to do, beside the detail.
enum Next {
    Nothing,
    Advice(&'static str),
    Hint(Hint),
}
use Next::{Advice, Nothing};

const LOG: &str = "west.example/east.example";

pub(super) fn problem(code: Code) -> Option<Problem> {
    if let Some(denied) = denied(code) {
        return Some(Problem::new(denied.code(), denied.to_string()));
    }
    let problem = match code {
        Code::Busy => Failure::Busy.into(),
        Code::Store => Failure::Store("disk I/O error".into()).into(),
        Code::Grade => Problem::new(code, "Z9".parse::<Grading>().unwrap_err().to_string()),
        Code::TooManyRequests => {
            let detail = "this account has asked for too much; come again in 3 s";
            Problem::new(code, detail).retry_after(3)
        }
        Code::Gap => Problem::new(code, "held to 12; the batch begins at 20").size(12),
        _ => {
            let (detail, next) = act(code).or_else(|| channel(code)).or_else(|| request(code))?;
            let problem = Problem::new(code, detail);
            match next {
                Next::Nothing => problem,
                Next::Advice(words) => problem.advice(words),
                Next::Hint(hint) => problem.hint(hint),
            }
        }
    };
    Some(problem)
}

fn denied(code: Code) -> Option<Denied> {
    let all = [Denied::NotAPartner, Denied::OutsideWindow, Denied::Replayed, Denied::Digest];
    all.into_iter().find(|denied| denied.code() == code)
}

/// Why a warning that came is not passed on.
fn not_permitted() -> (&'static str, Next) {
    let warning = forewarn_exchange::id::WarningNumber::new(1);
    let detail =
        "warning 1 may not be passed on to `north.example`: its sender has not permitted it";
    (detail, Next::Hint(Hint::AskPermission { warning }))
}

/// What is said to somebody who acts.
fn act(code: Code) -> Option<(String, Next)> {
    let (detail, next) = match code {
        Code::NoUser => ("there is no user `otto`", Next::Hint(Hint::SayWho)),
        Code::IdReused => {
            ("another act was done under this id", Advice("give each act an id of its own"))
        }
        Code::Known => {
            let advice = Advice("remove it first, or take another name");
            ("there is a feed `press` already", advice)
        }
        Code::Interests => ("501 interests: 1 to 500 at a time", Advice("register them in parts")),
        Code::Changed => {
            let detail = "east.example has changed it since: its last change is 7";
            (detail, Advice("look again at what is in it"))
        }
        Code::Note => ("say in 1 to 2000 bytes what was seen", Nothing),
        Code::NoItems => ("a case is about at least one item", Nothing),
        Code::Agreement => {
            let partner = NodeName::parse("east.example").ok()?;
            let detail = "no version 3 of theirs waits for our answer";
            (detail, Next::Hint(Hint::ListAgreements { partner }))
        }
        Code::Embargo => {
            let detail = "an embargo binds both sides until 2027-03-02T12:00:00.000Z";
            let advice = "wait for it, propose an earlier end, or say that it is revealed early";
            (detail, Advice(advice))
        }
        Code::Permission => not_permitted(),
        Code::NoQuestion => {
            let case = forewarn_exchange::id::CaseNumber::new(1);
            ("no open question stands at entry 5", Next::Hint(Hint::ShowCase { case }))
        }
        Code::TooLong => {
            ("`text` has 20000 bytes; the most is 16384", Advice("say it in fewer words"))
        }
        Code::TooMany => ("more than 10000 entries are asked for", Next::Hint(Hint::ExportChannel)),
        Code::NoField => ("no entry of this has a field `sources`", Nothing),
        Code::Withheld => {
            ("`sources` was withheld from the partner", Next::Hint(Hint::ShowWithheld))
        }
        Code::Waiting => ("1000 proposals wait already", Advice("approve or drop some first")),
        Code::Founding => {
            let detail = "this node was made with two administrators; one is not enough for it";
            let advice = "take `one_administrator` out of [node] in forewarn.toml";
            (detail, Advice(advice))
        }
        Code::OwnRole => {
            let detail = "`nora` may not give a role like this to himself or herself";
            (detail, Advice("another administrator must"))
        }
        Code::WeakPassword => {
            let detail = "the password has 8 characters; 12 is the least";
            (detail, Advice("four words that have nothing to do with each other are good"))
        }
        Code::NoFactor => ("no second factor waits", Advice("begin with a new one")),
        Code::UserStanding => ("`ana` is suspended already", Nothing),
        Code::LastAdministrator => {
            let detail = "`nora` is the last who administers this node";
            (detail, Advice("give somebody else the role node-admin first"))
        }
        Code::Wanted => ("name either a case or warning, or a partner and indices", Nothing),
        Code::NoCollection => {
            let detail = "the node has no collection that takes things in";
            (detail, Next::Hint(Hint::AddCollection))
        }
        Code::BadFile => ("the text is empty", Nothing),
        Code::BadCertificate => ("the certificate is not one in PEM form", Nothing),
        _ => return None,
    };
    Some((detail.to_owned(), next))
}

/// What is said of a channel: its entries, receipts and signatures, and the partner's node.
fn channel(code: Code) -> Option<(String, Next)> {
    let (detail, next) = match code {
        Code::Damaged => ("the disclosure is not canonical JSON".to_owned(), Nothing),
        Code::Batch => ("the checkpoint is signed by a retired key".to_owned(), Nothing),
        Code::Entry => ("the entry is not canonical JSON".to_owned(), Nothing),
        Code::Differs => {
            let advice = "the writer has signed two different logs: reconcile, and keep both";
            (format!("entry 4 of {LOG} is held with other bytes"), Advice(advice))
        }
        Code::Root => ("the entries do not lead to the checkpoint's root".to_owned(), Nothing),
        Code::Behind => {
            let advice = "our database is older than what was sent: it is fetched from the partner";
            let detail = "the partner holds 12 entries of our log, we 9".to_owned();
            (detail, Advice(advice))
        }
        Code::Receipt => ("the receipt is for 11 entries, 12 were sent".to_owned(), Nothing),
        Code::NoReceipt => {
            let advice = "wait until the partner has received it, then export again";
            (format!("entry 4 of {LOG} has no receipt yet"), Advice(advice))
        }
        Code::Signer => {
            let why = "the signer refuses: the signer does not hold this key";
            (why.to_owned(), Nothing)
        }
        Code::Unreachable => {
            let url = "https://east.example/channel/v1/root";
            (format!("could not reach `{url}`: connection refused"), Nothing)
        }
        Code::NotTaken => ("answered 503: the node is stopping".to_owned(), Nothing),
        Code::NotGiven => ("answered 404: nothing is there".to_owned(), Nothing),
        Code::NotProven => {
            ("it rests on a key that was said to be compromised".to_owned(), Nothing)
        }
        _ => return None,
    };
    Some((detail, next))
}

/// What is said of a request before anybody acts.
fn request(code: Code) -> Option<(String, Next)> {
    let (detail, next) = match code {
        Code::NoToken => ("a token of this node is needed", Next::Hint(Hint::MakeToken)),
        Code::SignIn => {
            let detail = "the name, the password or the code is wrong, or a code is missing";
            (detail, Advice("a code of the second factor counts once; wait for the next one"))
        }
        Code::SignInNeeded => {
            let user = forewarn_exchange::name::UserName::parse("ana").ok()?;
            ("`ana` signs in; a name alone is not enough", Next::Hint(Hint::SignIn { user }))
        }
        Code::SessionNeeded => {
            let detail = "how you sign in is changed by you, signed in, and not by a token";
            (detail, Advice("sign in with the password first"))
        }
        Code::BadRequest => ("an act's id has 1 to 100 characters", Nothing),
        Code::BadParameter => ("the parameter `limit`: it is not a number above 0", Nothing),
        Code::BadPath => ("the number of a case is expected, not `first`", Nothing),
        Code::BadEnvelope => {
            let detail =
                "there is no `objects` list with anything in it; nothing of it was taken in";
            (detail, Nothing)
        }
        Code::MediaType => ("the body must be application/taxii+json;version=2.1", Nothing),
        Code::NotAcceptable => ("only application/taxii+json;version=2.1 is served here", Nothing),
        Code::Coding => ("the body must not be compressed", Nothing),
        Code::Method => ("/api/v1/status has no DELETE", Nothing),
        Code::TooLarge => {
            let advice = Advice("send it in several smaller requests");
            ("the body is larger than 4194304 bytes", advice)
        }
        Code::TooSlow => ("the body did not come within 60 s", Nothing),
        Code::CutOff => ("the body could not be read to its end: connection reset", Nothing),
        Code::NoRoom => ("the node has no room to keep the body while it comes in", Nothing),
        Code::Configuration => {
            let detail = "nothing was changed: `forewarn.toml`: limits.connections must be above 0";
            let advice = "put it right in forewarn.toml, and look with `forewarn config check`";
            (detail, Advice(advice))
        }
        Code::Stale => {
            let detail = "case 3 was changed since you looked at it: by user:otto at \
                          2026-11-28T17:05:00.000Z, it is to warn; nothing was done";
            (detail, Next::Hint(Hint::ShowCase { case: forewarn_exchange::id::CaseNumber::new(3) }))
        }
        Code::NotReady => ("not running: matcher", Nothing),
        _ => return None,
    };
    Some((detail.to_owned(), next))
}
