//! How long warnings took, from what is on record: so it is the same after each start.
//!
//! The lines of the history say which cases were touched; each is read again, and what has newly
//! come to be known of it is counted once. What was erased of a case keeps its times.

use forewarn_engine::Failure;
use forewarn_exchange::case::{Assessment, Case, Stage};
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::Status;
use forewarn_exchange::talk::Statement;
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::collections::{BTreeMap, HashMap};

/// Lines of the history that are read in one turn, and turns at a time: a node with a long history
/// counts itself up to date over several scrapes, and says so.
const LINES: i64 = 10_000;
const TURNS: usize = 20;
/// Upper bounds in seconds: from what leaves by itself to a week.
const BOUNDS: [f64; 16] = [
    1.0,
    5.0,
    15.0,
    60.0,
    300.0,
    900.0,
    1_200.0,
    1_800.0,
    3_600.0,
    7_200.0,
    14_400.0,
    28_800.0,
    86_400.0,
    172_800.0,
    604_800.0,
    2_592_000.0,
];

/// Whether it is meant: the one label.
pub(super) type Label = [(&'static str, &'static str); 1];

/// The way of a warning, from one fact to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Step {
    Case,
    Decision,
    Release,
    Receipt,
    Acknowledgement,
}

impl Step {
    const ALL: [Step; 5] =
        [Step::Case, Step::Decision, Step::Release, Step::Receipt, Step::Acknowledgement];

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Step::Case => ("item_to_case", "From the first matched item to the case"),
            Step::Decision => ("case_to_decision", "From the case to the decision"),
            Step::Release => {
                ("decision_to_release", "From the decision to warn to the first release")
            }
            Step::Receipt => {
                ("release_to_receipt", "From the first release to the partner's receipt")
            }
            Step::Acknowledgement => (
                "release_to_acknowledgement",
                "From the first release to the partner's acceptance or refusal",
            ),
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// How long a step took, for each label.
type Steps = Family<Label, Histogram, fn() -> Histogram>;

/// What is counted of the cases so far.
#[derive(Debug)]
pub(super) struct Times {
    /// The last line of the history that was read.
    line: i64,
    cases: HashMap<CaseNumber, Known>,
    histograms: BTreeMap<Step, Steps>,
}

/// What is known of a case: where it stands, and which steps were counted.
#[derive(Debug, Clone, Copy)]
struct Known {
    status: Status,
    stage: Stage,
    counted: u8,
}

fn histogram() -> Histogram {
    Histogram::new(BOUNDS)
}

pub(super) fn label(status: Status) -> Label {
    let word = match status {
        Status::Actual => "actual",
        Status::Exercise => "exercise",
        Status::Test => "test",
    };
    [("status", word)]
}

impl Default for Times {
    fn default() -> Times {
        let histograms = Step::ALL
            .map(|step| (step, Family::new_with_constructor(histogram as fn() -> Histogram)))
            .into();
        Times { line: 0, cases: HashMap::new(), histograms }
    }
}

impl Times {
    /// Reads what has happened since the last time; whether that was all of it.
    pub(super) fn read(&mut self, db: &Db<'_>) -> Result<bool, Failure> {
        for _ in 0..TURNS {
            let (touched, last) = db.cases_since(self.line, LINES)?;
            if last == self.line {
                return Ok(true);
            }
            for number in touched {
                if let Some(case) = db.case(number)? {
                    self.see(db, &case)?;
                }
            }
            self.line = last;
        }
        Ok(false)
    }

    fn see(&mut self, db: &Db<'_>, case: &Case) -> Result<(), Failure> {
        let counted = self.cases.get(&case.number).map_or(0, |known| known.counted);
        let mut known = Known { status: case.status, stage: case.stage(), counted };
        for step in Step::ALL.into_iter().filter(|step| counted & step.bit() == 0) {
            let Some(micros) = took(db, case, step)? else { continue };
            known.counted |= step.bit();
            if let Some(family) = self.histograms.get(&step) {
                let seconds = std::time::Duration::from_micros(micros.max(0).unsigned_abs());
                family.get_or_create(&label(case.status)).observe(seconds.as_secs_f64());
            }
        }
        self.cases.insert(case.number, known);
        Ok(())
    }

    /// How many cases stand where.
    pub(super) fn stages(&self) -> BTreeMap<(&'static str, String), u64> {
        let mut all = BTreeMap::new();
        for Known { status, stage, .. } in self.cases.values() {
            let [(_, status)] = label(*status);
            *all.entry((status, stage.to_string())).or_default() += 1;
        }
        all
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        for (step, family) in &self.histograms {
            let (name, help) = step.name();
            registry.register_with_unit(name, help, Unit::Seconds, family.clone());
        }
    }
}

/// How many microseconds a step took; nothing when it was not done.
fn took(db: &Db<'_>, case: &Case, step: Step) -> Result<Option<i64>, Failure> {
    let from = |from: &Timestamp, to: &Timestamp| to.micros() - from.micros();
    let decided = match &case.assessment {
        Assessment::Decided { decision, .. } => Some(&decision.at),
        Assessment::Open {} | Assessment::Found { .. } | Assessment::Merged { .. } => None,
    };
    let released = || -> Result<_, Failure> {
        Ok(db.outgoing(case.number)?.releases().first().map(|first| first.at.clone()))
    };
    Ok(match step {
        Step::Case => db.first_match(case.number)?.map(|item| case.opened.micros() - item),
        Step::Decision => decided.map(|at| from(&case.opened, at)),
        Step::Release => match (decided, released()?) {
            (Some(decided), Some(released)) => Some(from(decided, &released)),
            _ => None,
        },
        Step::Receipt => {
            let Some(released) = released()? else { return Ok(None) };
            let lines = db.history(case.number)?;
            let held = lines.iter().find(|line| matches!(line.happened, Happened::Delivered {}));
            held.map(|line| from(&released, &line.time))
        }
        Step::Acknowledgement => {
            let Some(released) = released()? else { return Ok(None) };
            let talk = db.talk(case.number.into())?;
            let theirs = talk.iter().filter(|one| !one.ours && acknowledges(&one.statement));
            theirs.map(|one| from(&released, &one.at)).min()
        }
    })
}

fn acknowledges(statement: &Statement) -> bool {
    matches!(statement, Statement::Accepted { .. } | Statement::Declined { .. })
}
