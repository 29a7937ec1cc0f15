//! `forewarn interest`.

mod tried;
mod written;

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::{Args, Subcommand, ValueEnum};
use forewarn_exchange::act::InterestAct;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::Urgency;
use forewarn_matching::interest::area::{Circle, Point};
use forewarn_matching::interest::ownership::How;
use forewarn_matching::interest::{Clause, Expression, Interest as Registered, Named};
use forewarn_view::answer::{InterestSet, InterestsAdded};
use forewarn_view::interest::InterestLine;
use forewarn_view::text;
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::json;
use std::path::{Path, PathBuf};

pub(crate) use tried::{Test, alone};

/// Most interests and bytes of one act of an import.
const PART: usize = 500;
const PART_BYTES: usize = 2 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Interest {
    /// Register with a partner what we want to be warned of
    Add(Add),
    /// Register the interests of a file: TOML or JSON, or CSV of address blocks, domains or sites
    Import(Import),
    /// Make an interest of ours another one, by a file that holds it
    Change {
        /// The interest's id
        id: String,
        /// A file with the interest as it shall be
        file: PathBuf,
        /// The partner with whom it is registered
        #[arg(long)]
        partner: NodeName,
    },
    /// List interests: ours, and those that partners registered with us
    List(List),
    /// Withdraw an interest of ours
    Remove {
        /// The interest's id
        id: String,
        /// The partner with whom it is registered
        #[arg(long)]
        partner: NodeName,
    },
    /// Put on record that the things in a partner's interest are its own, and how that was seen
    Confirm {
        /// The interest's id
        id: String,
        /// The partner that has registered it
        #[arg(long)]
        partner: NodeName,
        /// The number in CHANGE of the list that you looked at
        #[arg(long)]
        change: i64,
        /// How it was seen
        #[arg(long)]
        how: Seen,
        /// What was seen, and where
        #[arg(long)]
        note: String,
    },
    /// Say which interests a file would match, and why; changes nothing
    Test(Test),
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Seen {
    DnsRecord,
    RegistryContact,
    Person,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file
    file: PathBuf,
    /// The partner that should warn us
    #[arg(long)]
    partner: NodeName,
    /// What rows of a CSV file without a label are called; else by the file's name
    #[arg(long)]
    label: Option<String>,
    /// For what says none: immediate, expected or future
    #[arg(long, default_value = "expected", value_parser = urgency)]
    urgency: Urgency,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this partner
    #[arg(long)]
    partner: Option<String>,
    /// Partners' interests that most items have met
    #[arg(long, conflicts_with = "never")]
    most: bool,
    /// Partners' interests that no item has met
    #[arg(long)]
    never: bool,
    #[command(flatten)]
    paging: Paging,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The partner that should warn us
    #[arg(long)]
    partner: NodeName,
    /// What people call it
    #[arg(long)]
    label: String,
    /// immediate, expected or future
    #[arg(long, default_value = "expected", value_parser = urgency)]
    urgency: Urgency,
    /// A country by its ISO 3166 code
    #[arg(long)]
    country: Vec<String>,
    /// A city, region or site of the gazetteer
    #[arg(long)]
    place: Vec<String>,
    /// An organisation by its name
    #[arg(long)]
    organisation: Vec<String>,
    /// A person by name
    #[arg(long)]
    person: Vec<String>,
    /// A word or phrase, looked for in every text
    #[arg(long)]
    words: Vec<String>,
    /// A domain, with all below it
    #[arg(long)]
    domain: Vec<String>,
    /// A circle on the map: latitude, longitude, kilometres, such as 59.93,30.32,5
    #[arg(long, value_parser = circle, allow_hyphen_values = true)]
    circle: Vec<Clause>,
    /// A block of addresses, such as 198.51.100.0/24
    #[arg(long, value_parser = block)]
    block: Vec<Clause>,
    /// How likely a country that a text names must be concerned to count there, in percent; 0 counts
    /// each that is named
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    concern: u8,
}

pub(crate) fn urgency(text: &str) -> Result<Urgency, String> {
    serde_json::from_value(text.into()).map_err(|_| "immediate, expected or future".to_owned())
}

fn circle(text: &str) -> Result<Clause, String> {
    let numbers: Option<Vec<f64>> =
        text.split(',').map(|number| number.trim().parse().ok()).collect();
    let circle = match numbers.as_deref() {
        Some(&[latitude, longitude, km]) => {
            Point::new(latitude, longitude).and_then(|at| Circle::new(at, km))
        }
        _ => None,
    };
    circle.map(Clause::Circle).ok_or_else(|| {
        "write latitude, longitude and kilometres, such as 59.93,30.32,5; at most 4,000 km"
            .to_owned()
    })
}

fn block(text: &str) -> Result<Clause, String> {
    text.parse()
        .map(Clause::Block)
        .map_err(|_| "write a block of addresses, such as 198.51.100.0/24".to_owned())
}

impl Add {
    fn interest(self) -> (NodeName, Registered) {
        let texts = |list: Vec<String>, make: fn(String) -> Clause| list.into_iter().map(make);
        let named = |list: Vec<String>, make: fn(Named) -> Clause| {
            list.into_iter().map(move |name| make(Named { name, aliases: Vec::new() }))
        };
        let any = texts(self.country, Clause::Country)
            .chain(texts(self.place, Clause::Place))
            .chain(named(self.organisation, Clause::Organisation))
            .chain(named(self.person, Clause::Person))
            .chain(texts(self.words, Clause::Words))
            .chain(texts(self.domain, Clause::Domain))
            .chain(self.circle)
            .chain(self.block)
            .map(Expression::from)
            .collect();
        let interest = Registered::of(self.label, self.urgency, any);
        (self.partner, Registered { concern: self.concern, ..interest })
    }
}

pub(crate) async fn run(interest: Interest, context: &Context) -> Result<(), Failed> {
    match interest {
        Interest::Add(add) => {
            if add.concern > 0
                && add.country.is_empty()
                && add.place.is_empty()
                && add.circle.is_empty()
            {
                let why = "--concern counts for countries and places, and none is named";
                return Err(Failed::refused(why)
                    .hint("leave it out, or name a country or a place beside the words"));
            }
            let (partner, interest) = add.interest();
            let label = interest.label.clone();
            let act = InterestAct::Add { partner: partner.clone(), interest };
            let answer: InterestSet = context.client.act(act).await?;
            let (label, id) = (text::line(&label), text::line(&answer.interest));
            let sentence = format!("registered “{label}” with {partner}: {id}");
            output::answer(context.json, &answer, sentence)
        }
        Interest::Import(asked) => import(&asked, context).await,
        Interest::Change { id, file, partner } => change(&id, &file, &partner, context).await,
        Interest::List(asked) => list(&asked, context).await,
        Interest::Remove { id, partner } => {
            let act = InterestAct::Remove { partner, id: id.clone() };
            let answer: InterestSet = context.client.act(act).await?;
            output::answer(context.json, &answer, format!("withdrew {id}"))
        }
        Interest::Confirm { id, partner, change, how, note } => {
            let how = match how {
                Seen::DnsRecord => How::DnsRecord,
                Seen::RegistryContact => How::RegistryContact,
                Seen::Person => How::Person,
            };
            let sentence = format!("{id} of {partner} is on record as its own: {how}");
            let act = InterestAct::Confirm { partner, id, change, how, note };
            let answer: InterestSet = context.client.act(act).await?;
            output::answer(context.json, &answer, sentence)
        }
        Interest::Test(test) => tried::run(&test, context).await,
    }
}

/// Registers what is not registered yet, so that an import that was cut off can be done again.
async fn import(asked: &Import, context: &Context) -> Result<(), Failed> {
    let read = written::read(&asked.file, asked.label.as_deref(), asked.urgency)?;
    let partner = &asked.partner;
    let ours = ours(partner, context).await?;
    let all = read.interests.len();
    let new: Vec<Registered> =
        read.interests.into_iter().filter(|interest| !ours.contains(&key(interest))).collect();
    let known = all - new.len();
    let bar = ProgressBar::new(new.len() as u64);
    if new.len() < PART {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let mut ids = Vec::new();
    for interests in parts(new) {
        let count = interests.len() as u64;
        let act = InterestAct::AddAll { partner: partner.clone(), interests };
        let added: InterestsAdded = context.client.act(act).await?;
        ids.extend(added.interests);
        bar.inc(count);
    }
    bar.finish_and_clear();
    let mut sentence = format!("registered {} interests with {partner}", ids.len());
    if known > 0 {
        sentence = format!("{sentence}; {known} were registered already");
    }
    let answer = json!({ "partner": partner, "interests": ids, "known": known,
                         "left_out": read.left_out });
    output::answer(context.json, &answer, sentence)?;
    if read.left_out > 0 {
        return Err(Failed::refused(format!("{} rows were left out", read.left_out))
            .hint("correct them and import the file again: the others are not registered twice"));
    }
    Ok(())
}

/// What makes two interests the same for whoever registers them.
fn key(interest: &Registered) -> String {
    let unnamed = Registered { id: String::new(), ..interest.clone() };
    serde_json::to_string(&unnamed).unwrap_or_default()
}

/// Our interests with a partner.
async fn ours(
    partner: &NodeName,
    context: &Context,
) -> Result<std::collections::HashSet<String>, Failed> {
    let rows = all(&format!("partner={}", encoded(partner)), context).await?;
    let ours = rows.into_iter().filter(|row| row.ours);
    Ok(ours.map(|row| key(&row.interest)).collect())
}

fn parts(interests: Vec<Registered>) -> Vec<Vec<Registered>> {
    let mut out: Vec<Vec<Registered>> = Vec::new();
    let mut bytes = PART_BYTES;
    for interest in interests {
        let size = key(&interest).len();
        let full = out.last().is_none_or(|part| part.len() >= PART) || bytes + size > PART_BYTES;
        if full {
            out.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        if let Some(part) = out.last_mut() {
            part.push(interest);
        }
    }
    out
}

async fn change(
    id: &str,
    file: &Path,
    partner: &NodeName,
    context: &Context,
) -> Result<(), Failed> {
    let read = written::read(file, None, Urgency::Expected)?;
    let [interest] = <[Registered; 1]>::try_from(read.interests).map_err(|all| {
        Failed::refused(format!(
            "`{}` holds {} interests; a change needs a file of one",
            file.display(),
            all.len()
        ))
    })?;
    let interest = Registered { id: id.to_owned(), ..interest };
    let act = InterestAct::Change { partner: partner.clone(), interest };
    let answer: InterestSet = context.client.act(act).await?;
    output::answer(context.json, &answer, format!("changed {id}, and told {partner}"))
}

async fn list(asked: &List, context: &Context) -> Result<(), Failed> {
    let order = match (asked.most, asked.never) {
        (true, _) => Some("order=most"),
        (_, true) => Some("order=never"),
        (false, false) => None,
    };
    let partner = asked.partner.as_deref().map(|name| format!("partner={}", encoded(name)));
    let query = [partner, order.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>();
    let empty = if asked.most || asked.never { "none" } else { "none yet: forewarn interest add" };
    let path = ("/api/v1/interests", query.join("&"));
    asked.paging.list::<InterestLine>(context, (path.0, &path.1), empty).await
}

/// Every row of the list, page by page.
async fn all(query: &str, context: &Context) -> Result<Vec<InterestLine>, Failed> {
    let mut out: Vec<InterestLine> = Vec::new();
    loop {
        let after = out.last().map_or(0, |row| row.seq);
        let path = format!("/api/v1/interests?{query}&after={after}");
        let page: Vec<InterestLine> = context.client.get(&path).await?;
        if page.is_empty() {
            return Ok(out);
        }
        out.extend(page);
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
