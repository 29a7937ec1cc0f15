//! What `forewarn case draft` and `case update` may put into a warning beside its words.

use super::file;
use super::parse::{tlp, word};
use crate::context::Context;
use crate::failure::Failed;
use clap::Args;
use forewarn_exchange::draft::{
    DraftChanges, DraftRequest, Grading, Include, Observed, Rests, Target, TargetClass, TearLine,
};
use forewarn_exchange::estimate::Confidence;
use forewarn_exchange::handling::{Handling, HandlingCode, Iep};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::{Certainty, Severity};
use forewarn_stix::marking::{Pap, Tlp};
use forewarn_stix::offset;
use forewarn_view::suggestion::SuggestionLine;
use std::path::PathBuf;

/// Largest file with a policy, in bytes: the longest published one has two thousand.
const MAX_POLICY: usize = 64 << 10;

#[derive(Debug, Args)]
pub(crate) struct More {
    /// A person of the partner, by name, who may read it: needed at TLP:RED; may be given several
    /// times
    #[arg(long = "to", value_name = "NAME")]
    persons: Vec<String>,
    #[command(flatten)]
    grading: GradingArgs,
    #[command(flatten)]
    handling: HandlingArgs,
    #[command(flatten)]
    include: IncludeArgs,
    /// What the partner may pass on more widely than the warning itself
    #[arg(long, value_name = "TEXT", requires = "tear_line_tlp")]
    tear_line: Option<String>,
    /// How far: clear, green, amber or amber+strict
    #[arg(long, value_name = "TLP", value_parser = tlp, requires = "tear_line")]
    tear_line_tlp: Option<Tlp>,
    /// A sentence of the text, and the id of an item on which it rests; it stays here. May be given
    /// several times
    #[arg(long, num_args = 2, value_names = ["SENTENCE", "ITEM"])]
    rests_on: Vec<String>,
    /// Put in what `case propose` has shown under this number; may be given several times
    #[arg(long, value_name = "N")]
    take: Vec<u32>,
}

#[derive(Debug, Args)]
struct GradingArgs {
    /// How grave it would be (CAP 1.2): extreme, severe, moderate, minor or unknown
    #[arg(long, value_parser = word::<Severity>)]
    severity: Option<Severity>,
    /// How sure it is that it comes about (CAP 1.2): observed, likely, possible, unlikely or unknown
    #[arg(long, value_parser = word::<Certainty>)]
    certainty: Option<Certainty>,
    /// How good the basis of the likelihood is (ICD 203): low, moderate or high
    #[arg(long, value_parser = word::<Confidence>)]
    confidence: Option<Confidence>,
}

#[derive(Debug, Args)]
struct HandlingArgs {
    /// H0, H1, H2 or H3 (SIENA); may be given several times
    #[arg(long = "handling", value_name = "CODE", value_parser = code)]
    codes: Vec<HandlingCode>,
    /// The words of H3
    #[arg(long, value_name = "TEXT")]
    handling_text: Option<String>,
    /// What may be done with it so that nobody notices: clear, green, amber or red (PAP)
    #[arg(long, value_parser = pap)]
    pap: Option<Pap>,
    /// A file with a policy of FIRST IEP 2.0, as JSON
    #[arg(long, value_name = "FILE")]
    iep: Option<PathBuf>,
    /// Why the partner is warned although the policy says `affected_party_notifications: must-not`
    #[arg(long, value_name = "REASON", requires = "iep")]
    notify_reason: Option<String>,
}

#[derive(Debug, Args)]
struct IncludeArgs {
    /// Whom or what it is against, such as `group:visitors of the cathedral`; individual, group,
    /// system, organization or class before the colon, or nothing; may be given several times
    #[arg(long = "target", value_name = "[CLASS:]NAME", value_parser = target)]
    targets: Vec<Target>,
    /// A sector that it is against, in the words of STIX, such as energy; may be given several times
    #[arg(long = "sector")]
    sectors: Vec<String>,
    /// An incident that belongs to it, by name; may be given several times
    #[arg(long = "incident", value_name = "NAME")]
    incidents: Vec<String>,
    /// What was observed, how often, when first and when last; may be given several times
    #[arg(long = "observed", num_args = 4, value_names = ["VALUE", "COUNT", "FIRST", "LAST"])]
    observed: Vec<String>,
    /// When it may come about, in words; may be given several times
    #[arg(long = "when", value_name = "WORDS")]
    times: Vec<String>,
}

/// All that was given, and what was taken of what `case propose` has shown.
struct Given {
    persons: Vec<String>,
    grading: Grading,
    handling: Option<Handling>,
    places: Vec<String>,
    observables: Vec<String>,
    include: Include,
    tear_line: Option<TearLine>,
    rests: Vec<Rests>,
}

impl More {
    /// The request with all that was given here.
    pub(super) async fn put_in(
        self,
        mut request: DraftRequest,
        (case, context): (CaseNumber, &Context),
    ) -> Result<DraftRequest, Failed> {
        let given = self.read(case, context).await?;
        request.places.extend(given.places);
        request.observables.extend(given.observables);
        let (handling, include) = (given.handling.unwrap_or_default(), given.include);
        let Given { persons, grading, tear_line, rests, .. } = given;
        Ok(DraftRequest { persons, grading, handling, include, tear_line, rests, ..request })
    }

    /// The changes with all that was given here.
    pub(super) async fn change(
        self,
        mut changes: DraftChanges,
        (case, context): (CaseNumber, &Context),
    ) -> Result<DraftChanges, Failed> {
        let given = self.read(case, context).await?;
        changes.places.extend(given.places);
        changes.observables.extend(given.observables);
        let Given { persons, grading, handling, include, tear_line, rests, .. } = given;
        Ok(DraftChanges { persons, grading, handling, include, tear_line, rests, ..changes })
    }

    async fn read(self, case: CaseNumber, context: &Context) -> Result<Given, Failed> {
        let (tear_line, rests) = (self.tear_line(), rests(&self.rests_on));
        let mut given = Given {
            persons: self.persons,
            grading: self.grading.read(),
            handling: self.handling.read()?,
            places: Vec::new(),
            observables: Vec::new(),
            include: self.include.read()?,
            tear_line,
            rests,
        };
        given.take(&self.take, case, context).await?;
        Ok(given)
    }

    fn tear_line(&self) -> Option<TearLine> {
        let text = self.tear_line.clone()?;
        Some(TearLine { text, tlp: self.tear_line_tlp? })
    }
}

impl GradingArgs {
    fn read(&self) -> Grading {
        let GradingArgs { severity, certainty, confidence } = *self;
        Grading { severity, certainty, confidence }
    }
}

impl HandlingArgs {
    /// What was given; `None` when nothing was.
    fn read(self) -> Result<Option<Handling>, Failed> {
        let iep = match &self.iep {
            Some(path) => {
                let text = file::read_text(path, MAX_POLICY)?;
                let bad = |e| Failed::usage(format!("{}: {e}", path.display()));
                Some(serde_json::from_str::<Iep>(&text).map_err(bad)?)
            }
            None => None,
        };
        let handling = Handling {
            codes: self.codes.into_iter().collect(),
            text: self.handling_text.unwrap_or_default(),
            pap: self.pap,
            iep,
            notify_reason: self.notify_reason.unwrap_or_default(),
        };
        Ok((!handling.is_empty()).then_some(handling))
    }
}

impl IncludeArgs {
    fn read(self) -> Result<Include, Failed> {
        let mut observed = Vec::new();
        for four in self.observed.chunks_exact(4) {
            let [value, count, first, last] = four else { continue };
            let time = |text: &String| {
                let words = "write a time with its zone, such as 2026-01-31T12:00:00Z";
                offset::in_utc(text).ok_or_else(|| Failed::usage(format!("`{text}`: {words}")))
            };
            let count =
                count.parse().map_err(|_| Failed::usage(format!("`{count}` is no count")))?;
            let (first, last) = (time(first)?, time(last)?);
            observed.push(Observed { value: value.clone(), count, first, last });
        }
        let IncludeArgs { targets, sectors, incidents, times, .. } = self;
        Ok(Include { targets, sectors, incidents, observed, times })
    }
}

impl Given {
    async fn take(
        &mut self,
        numbers: &[u32],
        case: CaseNumber,
        context: &Context,
    ) -> Result<(), Failed> {
        if numbers.is_empty() {
            return Ok(());
        }
        let path = format!("/api/v1/cases/{case}/suggestions");
        let all: Vec<SuggestionLine> = context.client.get(&path).await?;
        for number in numbers {
            let found = all.iter().find(|one| one.number == *number);
            let one = found.ok_or_else(|| {
                let look = format!("look at them with `forewarn case propose {case}`");
                Failed::usage(format!("nothing is proposed under {number}: {look}"))
            })?;
            one.put_into(&mut self.places, &mut self.observables, &mut self.include);
        }
        Ok(())
    }
}

/// Sentences with all the items that were given for each.
fn rests(given: &[String]) -> Vec<Rests> {
    let mut all: Vec<Rests> = Vec::new();
    for two in given.chunks_exact(2) {
        let [sentence, item] = two else { continue };
        match all.iter_mut().find(|one| one.sentence == *sentence) {
            Some(known) => known.on.push(item.clone()),
            None => all.push(Rests { sentence: sentence.clone(), on: vec![item.clone()] }),
        }
    }
    all
}

fn code(text: &str) -> Result<HandlingCode, String> {
    HandlingCode::parse(text).ok_or_else(|| "H0, H1, H2 or H3".to_owned())
}

fn pap(text: &str) -> Result<Pap, String> {
    Pap::parse(text).ok_or_else(|| "clear, green, amber or red".to_owned())
}

/// A target with or without its class before it.
fn target(text: &str) -> Result<Target, String> {
    let read = |class: &str| serde_json::from_value::<TargetClass>(class.into()).ok();
    let (class, name) = match text.split_once(':') {
        Some((class, name)) if read(class).is_some() => (read(class), name),
        Some(_) | None => (None, text),
    };
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err("a target has a name".to_owned());
    }
    Ok(Target { name, class })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_a_class_where_a_known_one_stands_before_the_colon() {
        let group = target("group:visitors of the cathedral").unwrap();
        assert_eq!(group.class, Some(TargetClass::Group));
        assert_eq!(group.name, "visitors of the cathedral");
        assert_eq!(target("Hall: the old one").unwrap().name, "Hall: the old one");
    }

    #[test]
    fn a_sentence_that_rests_on_two_items_is_one_sentence() {
        let given = ["It is so.", "text--1", "It is not.", "text--1", "It is so.", "text--2"];
        let all = rests(&given.map(str::to_owned));
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].on, ["text--1", "text--2"]);
    }
}
