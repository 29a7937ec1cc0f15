//! The steps of the story.

use super::stage::Stage;
use super::tell::{Teller, command, step};
use crate::client::Client;
use crate::failure::Failed;
use forewarn_exchange::act::{AccountAct, DutyAct, InterestAct, PartnerAct, ReceivedAct};
use forewarn_exchange::case::{Decision, Finding};
use forewarn_exchange::draft::DraftRequest;
use forewarn_exchange::estimate::Band;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::{CaseNumber, WarningNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::scale::{OutcomeFact, OutcomeKind, Status, Urgency};
use forewarn_exchange::talk::Statement;
use forewarn_exchange::user::Role;
use forewarn_extract::threat::Threat;
use forewarn_matching::interest::{Clause, Expression, Interest, Named};
use forewarn_node::clock;
use forewarn_node::intake::{Format, guess};
use forewarn_stix::marking::Tlp;
use forewarn_view::case::{CaseLine, CaseShown, Preview};
use forewarn_view::interest::InterestLine;
use forewarn_view::item::{ItemLine, TakenIn, ThanksLine};
use forewarn_view::partner::OwnCard;
use forewarn_view::talk::SaidWhat;
use forewarn_view::text;
use forewarn_view::warning::{WarningLine, WarningShown};
use hyper::Method;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The first organisation's node: it knows something.
pub(super) const OURS: &str = "west.example";
/// The second's: the threat concerns it.
pub(super) const THEIRS: &str = "east.example";
const FIRST: CaseNumber = CaseNumber::new(1);
const SECOND: CaseNumber = CaseNumber::new(2);

/// How long anything may take to cross before the demo says that it did not.
const CROSSING_LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);
/// The people, with their roles.
const PEOPLE: &[(&str, &[Role])] = &[
    // She has both roles, and still may not release what she drafted.
    ("ana", &[Role::Analyst, Role::Approver]),
    ("otto", &[Role::Approver]),
    ("dora", &[Role::DutyOfficer]),
    ("paul", &[Role::PartnerAdmin]),
];
const REPORT: &[u8] = include_bytes!("inputs/report.txt");
const BUNDLE: &[u8] = include_bytes!("inputs/bundle.json");
const NAMES: [&str; 2] = ["Anton Velikov", "Marat Sadykov"];
const SOURCE: &str = "HERON-7";

pub(super) struct Story {
    pub(super) ours: Stage,
    pub(super) theirs: Stage,
}

/// Makes and starts both nodes.
pub(super) async fn open(folder: &Path, teller: &Teller) -> Result<Story, Failed> {
    let ours = Stage::open(folder, OURS, "Service of the West").await?;
    let theirs = Stage::open(folder, THEIRS, "Service of the East").await?;
    for stage in [&ours, &theirs] {
        for (name, roles) in PEOPLE {
            let act =
                AccountAct::UserAdd { name: user(name)?, roles: roles.to_vec(), display: None };
            stage.owner().perform(act).await?;
        }
        teller.say(format!(
            "{} runs at {}, with a key and a database of its own;\n\
             ana drafts, otto releases, dora is on duty, paul keeps the partners",
            stage.name, stage.url,
        ))?;
    }
    Ok(Story { ours, theirs })
}

impl Story {
    pub(super) async fn close(mut self) -> Result<(), Failed> {
        self.ours.stop().await?;
        self.theirs.stop().await
    }

    pub(super) async fn meet(&self, teller: &Teller) -> Result<(), Failed> {
        step(1, "They become partners, and one says what it wants to be warned of")?;
        for (here, there) in [(&self.ours, &self.theirs), (&self.theirs, &self.ours)] {
            let own: OwnCard = there.owner().get("/api/v1/card").await?;
            let (card, words) = (own.card, own.fingerprint);
            let paul = here.person("paul");
            paul.perform(PartnerAct::Add { card, ceiling: Tlp::Amber }).await?;
            let confirm =
                PartnerAct::Confirm { name: node(there.name)?, fingerprint: words.clone() };
            paul.perform(confirm).await?;
            teller.say(format!(
                "{} took {}'s card; paul heard it read aloud:",
                here.name, there.name
            ))?;
            teller.say(format!("  {words}"))?;
            command(here.name, &format!("partner confirm {} --fingerprint \"…\"", there.name))?;
        }
        let clauses = vec![
            Clause::Country("RU".to_owned()),
            Clause::Place("St Petersburg".to_owned()),
            Clause::Site(Named::from("Kazan Cathedral")),
            Clause::Block(
                "203.0.113.0/24".parse().map_err(|_| Failed::internal("the demo's block"))?,
            ),
            Clause::Domain("tickets.example".to_owned()),
        ];
        let told: Vec<String> = clauses.iter().map(ToString::to_string).collect();
        let any = clauses.into_iter().map(Expression::from).collect();
        let label = "our country, our city, our networks";
        let interest = Interest::of(label, Urgency::Immediate, any);
        let act = InterestAct::Add { partner: node(OURS)?, interest };
        self.theirs.person("paul").perform(act).await?;
        let ours = self.ours.owner();
        crossed("the interest", || async {
            let list: Vec<InterestLine> = ours.get("/api/v1/interests").await?;
            Ok(!list.is_empty())
        })
        .await?;
        teller
            .say(format!("{THEIRS} registered with {OURS}, over the channel:\n{}", told.join(", ")))
    }

    pub(super) async fn take_in(&self, items: &[PathBuf], teller: &Teller) -> Result<(), Failed> {
        step(2, "Something comes in")?;
        let mut inputs = Vec::new();
        for path in items {
            let bytes = std::fs::read(path)
                .map_err(|e| Failed::refused(format!("`{}`: {e}", path.display())))?;
            inputs.push((path.display().to_string(), bytes));
        }
        if items.is_empty() {
            inputs.push(("a report of a source".to_owned(), REPORT.to_vec()));
            inputs.push(("a STIX 2.1 bundle".to_owned(), BUNDLE.to_vec()));
        }
        let ana = self.ours.person("ana");
        for (name, bytes) in inputs {
            let format = if guess(&bytes) == Ok(Format::Text) { "text" } else { "stix" };
            let url = format!("/api/v1/intakes?source={SOURCE}&grade=B2&format={format}");
            let TakenIn { added, refused, .. } = ana.send(&url, bytes).await?;
            teller.say(format!(
                "{name}: {added} taken in, {refused} refused, kept byte for byte, graded B2"
            ))?;
            command(OURS, &format!("intake {format} --source {SOURCE} --grade B2 --as ana"))?;
        }
        Ok(())
    }

    pub(super) async fn match_and_draft(&self, teller: &Teller) -> Result<(), Failed> {
        step(3, "It concerns the partner: a case, a finding, a draft")?;
        let ana = self.ours.person("ana");
        let opened = crossed("a match", || async {
            Ok(!ana.get::<Vec<CaseLine>>("/api/v1/cases").await?.is_empty())
        });
        if opened.await.is_err() {
            teller.say("nothing matched the partner's interests; ana opens a case by hand")?;
            ana.perform(by_hand(first_item(&ana).await?)?).await?;
        }
        let case = shown(&ana, FIRST).await?;
        teller.say(format!(
            "case 1 for {THEIRS} is open; its clock runs until {}. Why:",
            text::time(&case.case.due)
        ))?;
        let why = case.case.items.first().map(|item| item.why.as_slice()).unwrap_or_default();
        for reason in why.iter().take(6) {
            teller.say(format!("  {}", text::line(reason)))?;
        }
        command(OURS, "case show 1")?;
        self.find_and_decide(FIRST, &["credible", "specific", "impending"], teller).await?;
        let leaking = "Anton Velikov and another man plan an explosion in the Kazan Cathedral and \
                       other crowded places of the city on Saturday 16 December.";
        ana.perform(DutyAct::Draft { case: FIRST, draft: Box::new(draft(leaking)) }).await?;
        let preview = previewed(&ana, FIRST).await?;
        teller.say(format!(
            "ana drafts “{}”, TLP:{}: new STIX objects, ids of our own.\n\
             Withheld, and committed to so that they can be proven later: the source, two names,\n\
             and the original ids ({} in all)",
            preview.title,
            preview.tlp.name().to_uppercase(),
            preview.withheld.len(),
        ))?;
        command(OURS, "case draft 1 --title … --withhold \"Anton Velikov\" … --as ana")
    }

    async fn find_and_decide(
        &self,
        case: CaseNumber,
        words: &[&str],
        teller: &Teller,
    ) -> Result<(), Failed> {
        let finding = Finding::yes(
            Threat::Destruction,
            "visitors of the Kazan Cathedral and passers-by",
            "a source with direct access, right before; place and day are named",
        );
        self.ours.person("ana").perform(DutyAct::Find { case, finding }).await?;
        let reason = "lives are at stake, and the partner can prevent it".to_owned();
        let decision = Decision::Warn { reason };
        self.ours
            .person("otto")
            .perform(DutyAct::Decide { case, decision, also: Vec::new() })
            .await?;
        teller.say(format!(
            "ana records the finding on case {case}: {}; otto decides to warn",
            words.join(", ")
        ))
    }

    pub(super) async fn pass_the_gate(&self, teller: &Teller) -> Result<(), Failed> {
        step(4, "The gate")?;
        let (ana, otto) = (self.ours.person("ana"), self.ours.person("otto"));
        let refused = release(&otto, FIRST).await;
        teller.say(format!("otto tries to release it and is refused:\n{}", refusal(refused)?))?;
        let clean = "Two men plan an explosion in the Kazan Cathedral and other crowded places of \
                     the city on Saturday 16 December. They have explosives and automatic weapons.";
        ana.perform(DutyAct::Draft { case: FIRST, draft: Box::new(draft(clean)) }).await?;
        teller.say("ana corrects the draft")?;
        teller.say(format!(
            "ana, who drafted it, may not release it:\n{}",
            refusal(release(&ana, FIRST).await)?
        ))?;
        release(&otto, FIRST).await?;
        teller.say("otto, a second person, releases exactly the bytes that the gate has passed")?;
        command(OURS, "case release 1 --digest … --as otto")
    }

    pub(super) async fn answer(&self, teller: &Teller) -> Result<(), Failed> {
        step(5, "It crosses, and is answered")?;
        self.receipted(FIRST, 0).await?;
        teller.say(format!("{THEIRS} holds it durably: its cosignature, the receipt, is here"))?;
        let (otto, dora) = (self.ours.person("otto"), self.theirs.person("dora"));
        dora.perform(says(Statement::Opened {})).await?;
        let opened: WarningShown = dora.get("/api/v1/warnings/1").await?;
        let title = text::line(&opened.warning.content.title);
        teller.say(format!("dora at {THEIRS} opens “{title}”"))?;
        let note = "an operational group has it".to_owned();
        self.theirs.two(("dora", "otto"), says(Statement::Accepted { note })).await?;
        teller.say(
            "dora accepts it, with a note; since the note is free text, otto, a second person,\n\
             looks at it as the gate has passed it, and approves it",
        )?;
        command(THEIRS, "warning accept 1 --note … --as dora")?;
        command(THEIRS, "proposal approve 1 --digest … --as otto")?;
        let text = "Do they have the explosives with them, or in a store?".to_owned();
        let asked = says(Statement::Question { text: text.clone() });
        self.theirs.two(("dora", "otto"), asked).await?;
        let question = crossed_value("the question", || async {
            let talk = shown(&otto, FIRST).await?.case.talk;
            let asked = talk.iter().find(|one| matches!(one.what, SaidWhat::Question { .. }));
            Ok(asked.map(|one| one.entry.index))
        })
        .await?;
        teller
            .say(format!("dora asks: “{text}”\nboth sides show it as unanswered, with a clock"))?;
        let text = "In a flat in the north of the city; the address follows by voice.".to_owned();
        let answer = DutyAct::Answer {
            case: FIRST,
            question,
            text: text.clone(),
            set_aside: SetAside::default(),
        };
        self.ours.two(("otto", "ana"), answer).await?;
        crossed("the answer", || async {
            let list: Vec<WarningLine> = dora.get("/api/v1/warnings").await?;
            Ok(list.first().is_some_and(|warning| warning.open_questions == 0))
        })
        .await?;
        teller.say(format!("otto answers, ana approves, through the gate: “{text}”"))?;
        let fact = |kind, count| OutcomeFact { kind, count, on: Some("2017-12-15".to_owned()) };
        let facts = vec![fact(OutcomeKind::Detained, 7), fact(OutcomeKind::Thwarted, 1)];
        let text = "detained in raids; explosives and weapons found".to_owned();
        self.theirs
            .two(("dora", "otto"), says(Statement::Outcome { facts, text, corrects: None }))
            .await?;
        teller.say("dora reports the outcome: 7 detained, 1 attack thwarted, on 2017-12-15")
    }

    pub(super) async fn thank(&self, teller: &Teller) -> Result<(), Failed> {
        step(6, "Thanks, to someone whom the partner does not know")?;
        let dora = self.theirs.person("dora");
        let text = "Many people owe you their lives. Thank you.".to_owned();
        let to = "the director, and the officers who got this".to_owned();
        self.theirs.two(("dora", "otto"), says(Statement::Thanks { to, text })).await?;
        let owner = self.ours.owner();
        let thanks = crossed_value("the thanks", || async {
            let all: Vec<ThanksLine> = owner.get("/api/v1/thanks").await?;
            Ok(all.into_iter().next())
        })
        .await?;
        let (source, words) = (text::line(&thanks.source), text::line(&thanks.text));
        teller.say(format!("it reached {source} at {OURS}: “{words}”"))?;
        let url = format!("/api/v1/channels/{OURS}/transcript");
        let theirs = dora.call(Method::GET, &url, Vec::new()).await?;
        let theirs = String::from_utf8_lossy(&theirs).into_owned();
        let warning = dora.call(Method::GET, "/api/v1/warnings/1", Vec::new()).await?;
        let warning = String::from_utf8_lossy(&warning).into_owned();
        let crossing = [SOURCE, NAMES[0], NAMES[1]];
        let crossed: Vec<&str> =
            crossing.into_iter().filter(|n| theirs.contains(n) || warning.contains(n)).collect();
        if !crossed.is_empty() {
            return Err(Failed::internal(format!("{crossed:?} crossed")));
        }
        teller.say(format!(
            "nothing that {THEIRS} holds names the source or either man: looked through"
        ))
    }

    /// Step 8: killed in the middle of a delivery.
    pub(super) async fn survive(&mut self, teller: &Teller) -> Result<(), Failed> {
        step(8, "A node is killed in the middle of a delivery")?;
        let number = self.second_case(teller).await?;
        let ana = self.ours.person("ana");
        let text = "The group speaks through a server in your networks.";
        let draft = DraftRequest {
            title: "Server used by a group that plans attacks".to_owned(),
            observables: vec!["203.0.113.77".to_owned()],
            ..draft(text)
        };
        ana.perform(DutyAct::Draft { case: number, draft: Box::new(draft) }).await?;
        self.theirs.freeze()?;
        release(&self.ours.person("otto"), number).await?;
        // The request is on its way and cannot be answered, since the receiver stands still.
        tokio::time::sleep(Duration::from_millis(300)).await;
        if shown(&ana, number).await?.delivered.first() != Some(&false) {
            return Err(Failed::internal("the second warning was delivered to a frozen node"));
        }
        self.ours.kill().await?;
        teller.say(format!("{OURS} has sent the warning, has no receipt, and gets SIGKILL"))?;
        self.theirs.thaw()?;
        self.ours.start().await?;
        teller.say(format!("{OURS} is started again and sends what has no receipt"))?;
        self.receipted(number, 0).await?;
        let warnings: Vec<WarningLine> = self.theirs.owner().get("/api/v1/warnings").await?;
        let title = "EXERCISE: Server used by a group that plans attacks";
        let arrived = warnings.iter().filter(|warning| warning.title == title).count();
        if arrived != 1 {
            return Err(Failed::internal(format!("the warning arrived {arrived} times")));
        }
        teller.say(format!("{THEIRS} has it once"))
    }

    /// The case that the bundle opened, or one by hand when only other items came in.
    async fn second_case(&self, teller: &Teller) -> Result<CaseNumber, Failed> {
        let ana = self.ours.person("ana");
        let cases: Vec<CaseLine> = ana.get("/api/v1/cases").await?;
        if cases.len() < 2 {
            ana.perform(by_hand(first_item(&ana).await?)?).await?;
        }
        self.find_and_decide(SECOND, &["a server in the partner's block of addresses"], teller)
            .await?;
        Ok(SECOND)
    }

    /// Waits until the partner's receipt covers a release.
    async fn receipted(&self, case: CaseNumber, release: usize) -> Result<(), Failed> {
        let owner = self.ours.owner();
        crossed("the receipt", || async {
            Ok(shown(&owner, case).await?.delivered.get(release) == Some(&true))
        })
        .await
    }
}

fn draft(text: &str) -> DraftRequest {
    let until = clock::now().plus_minutes(7 * 24 * 60);
    DraftRequest {
        likelihood: Some(Band::VeryLikely.first()),
        places: vec!["Kazan Cathedral".to_owned()],
        withhold: NAMES.iter().map(|name| (*name).to_owned()).collect(),
        ..DraftRequest::new("Planned bombing in St Petersburg", text, Tlp::Amber, until)
    }
}

/// What dora says of the first warning.
fn says(statement: Statement) -> ReceivedAct {
    ReceivedAct::new(WarningNumber::new(1), statement)
}

pub(super) fn user(name: &str) -> Result<UserName, Failed> {
    UserName::parse(name).map_err(|e| Failed::internal(e.to_string()))
}

fn node(name: &str) -> Result<NodeName, Failed> {
    NodeName::parse(name).map_err(|e| Failed::internal(e.to_string()))
}

async fn shown(as_whom: &Client, case: CaseNumber) -> Result<CaseShown, Failed> {
    as_whom.get(&format!("/api/v1/cases/{case}")).await
}

async fn previewed(as_whom: &Client, case: CaseNumber) -> Result<Preview, Failed> {
    as_whom.get(&format!("/api/v1/cases/{case}/preview")).await
}

async fn release(as_whom: &Client, case: CaseNumber) -> Result<(), Failed> {
    let digest = previewed(as_whom, case).await?.digest;
    as_whom.perform(DutyAct::Release { case, digest, set_aside: Vec::new() }).await
}

/// The id of what came in first.
async fn first_item(as_whom: &Client) -> Result<String, Failed> {
    let items: Vec<ItemLine> = as_whom.get("/api/v1/items?limit=1").await?;
    let item = items.into_iter().next();
    item.map(|item| item.id).ok_or_else(|| Failed::refused("nothing was taken in"))
}

/// A case for the partner that no match has opened.
fn by_hand(item: String) -> Result<DutyAct, Failed> {
    Ok(DutyAct::Open {
        partner: node(THEIRS)?,
        items: vec![item],
        urgency: Urgency::Immediate,
        status: Status::Exercise,
        also: Vec::new(),
    })
}

/// The words of a refusal that was expected.
fn refusal(outcome: Result<(), Failed>) -> Result<String, Failed> {
    match outcome {
        Ok(()) => Err(Failed::internal("what had to be refused was not")),
        Err(failed) => Ok(format!("  {}", failed.to_string().replace('\n', "\n  "))),
    }
}

pub(super) async fn crossed<F>(what: &str, arrived: impl Fn() -> F) -> Result<(), Failed>
where
    F: Future<Output = Result<bool, Failed>>,
{
    crossed_value(what, || async { Ok(arrived().await?.then_some(())) }).await
}

/// Looks until it is there.
async fn crossed_value<T, F>(what: &str, look: impl Fn() -> F) -> Result<T, Failed>
where
    F: Future<Output = Result<Option<T>, Failed>>,
{
    let looking = async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(CROSSING_LIMIT, looking)
        .await
        .map_err(|_| Failed::internal(format!("{what} did not arrive in time")))?
}
