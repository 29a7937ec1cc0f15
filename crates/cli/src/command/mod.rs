//! One command, one file.

pub(crate) mod card;
pub(crate) mod case;
pub(crate) mod channel;
mod doctor;
pub(crate) mod evidence;
pub(crate) mod extract;
mod file;
pub(crate) mod init;
pub(crate) mod intake;
pub(crate) mod interest;
pub(crate) mod item;
pub(crate) mod partner;
pub(crate) mod quarantine;
pub(crate) mod serve;
mod status;
pub(crate) mod stix;
mod talk;
mod thanks;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod verify;
pub(crate) mod warning;

use crate::args::{Arguments, Command, Target};
use crate::client::Client;
use crate::failure::Failed;

/// What a command that talks to a node is given.
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), Failed> {
    let Arguments { target, command } = arguments;
    match command {
        Command::Init(init) => init::run(&init, target.json),
        Command::Serve(serve) => serve::run(&serve, &target),
        Command::Demo(demo) => crate::demo::run(&demo),
        Command::Doctor => doctor::run(&target),
        Command::Verify(verify) => verify::run(&verify, target.json),
        Command::Stix(stix) => stix::run(&stix, target.json),
        Command::Extract(extract) => extract::run(&extract, target.json),
        other => crate::wait_for(with_node(other, &target)),
    }
}

async fn with_node(command: Command, target: &Target) -> Result<(), Failed> {
    let context = Context { client: Client::new(target)?, json: target.json };
    match command {
        Command::Status => status::run(&context).await,
        Command::User(user) => user::run(user, &context).await,
        Command::Token(token) => token::run(&token, &context).await,
        Command::Card(card) => card::run(&card, &context).await,
        Command::Partner(partner) => partner::run(partner, &context).await,
        Command::Interest(interest) => interest::run(interest, &context).await,
        Command::Intake(intake) => intake::run(&intake, &context).await,
        Command::Item(item) => item::run(&item, &context).await,
        Command::Quarantine(quarantine) => quarantine::run(&quarantine, &context).await,
        Command::Thanks => thanks::run(&context).await,
        Command::Case(case) => case::run(case, &context).await,
        Command::Warning(warning) => warning::run(warning, &context).await,
        Command::Channel(channel) => channel::run(&channel, &context).await,
        Command::Evidence(evidence) => evidence::run(&evidence, &context).await,
        _ => Ok(()),
    }
}
