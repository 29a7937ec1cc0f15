//! Which module runs which command.

use crate::args::{Arguments, Command};
use crate::client::Client;
use crate::command::{
    account, audit, authority, backup, card, case, channel, config, contact, convert, doctor, duty,
    evidence, exercise, extract, feed, gate, init, intake, interest, item, journal, key, ledger,
    licences, login, migrate, mute, needs, notify, partner, policy, proposal, quarantine,
    read_document, readout, reconcile, record, search, serve, shell, signer, source, status, stix,
    template, thanks, token, user, verify, version, warning, witness,
};
use crate::context::Context;
use crate::demo;
use crate::failure::Failed;
use crate::target::Target;
use crate::wait::wait_for;
use clap::CommandFactory as _;

pub(crate) fn run(arguments: Arguments) -> Result<(), Failed> {
    let Arguments { target, command } = arguments;
    match command {
        Command::Init(init) => init::run(&init, target.json),
        Command::Serve(serve) => serve::run(&serve, &target),
        Command::Signer(signer) => signer::run(&signer, &target),
        Command::ReadDocument(asked) => read_document::run(asked),
        Command::Key(key::Key::Add) => key::add(&target),
        Command::Demo(demo) => demo::run(&demo),
        Command::Doctor => doctor::run(&target),
        Command::Backup(asked) => backup::run(&asked, &target),
        Command::Journal(asked) => journal::run(&asked, &target),
        Command::Restore(asked) => backup::restore(&asked, target.json),
        Command::Audit(asked) => audit::run(&asked, &target),
        Command::Witness(asked) => witness::run(&asked, &target),
        Command::Migrate(asked) => migrate::run(&asked, &target),
        Command::Config(config) => config::run(&config, &target),
        Command::Completions(asked) => shell::completions(&asked, Arguments::command()),
        Command::Man(asked) => shell::man(&asked, Arguments::command()),
        Command::Version => version::run(target.json),
        Command::Licences(asked) => licences::run(&asked, target.json),
        Command::Verify(verify) => verify::run(&verify, target.json),
        Command::Stix(stix) => stix::run(&stix, target.json),
        Command::Convert(convert) => convert::run(&convert, target.json),
        Command::Extract(asked) if asked.of_node().is_some() => {
            wait_for(with_node(Command::Extract(asked), &target))
        }
        Command::Contact(contact) => contact::run(&contact, target.json),
        Command::Extract(extract) => extract::run(&extract, target.json),
        Command::Exercise(exercise::Exercise::Check { file }) => {
            exercise::check(&file, target.json)
        }
        Command::Gate(gate) => gate::run(&gate, target.json),
        Command::Policy(policy::Policy::Check { files }) => policy::check(&files, &target),
        Command::Policy(policy::Policy::Test { cases, files }) => {
            policy::test(&cases, &files, &target)
        }
        Command::Interest(interest::Interest::Test(test)) if test.against().is_some() => {
            test.against().map_or(Ok(()), |file| interest::alone(&test, file, target.json))
        }
        Command::Channel(channel::Channel::Reconcile(asked)) if asked.without_node().is_some() => {
            asked.without_node().map_or(Ok(()), |files| reconcile::files(files, target.json))
        }
        Command::Readout(readout::Readout::Verify(asked)) => {
            readout::verify::run(&asked, target.json)
        }
        Command::Login(asked) => wait_for(login::run(&asked, &target)),
        Command::Logout(asked) => wait_for(login::logout(&asked, &target)),
        other => wait_for(with_node(other, &target)),
    }
}

async fn with_node(command: Command, target: &Target) -> Result<(), Failed> {
    let context = Context { client: Client::new(target)?, json: target.json };
    match command {
        Command::Whoami => login::whoami(&context).await,
        Command::Account(account) => account::run(&account, &context).await,
        Command::Status(status) => status::run(&status, &context).await,
        Command::Needs(needs) => needs::run(&needs, &context).await,
        Command::Take(take) => duty::take(&take, &context).await,
        Command::Duty(duty) => duty::run(duty, &context).await,
        Command::Notify(notify) => notify::run(&notify, &context).await,
        Command::User(user) => user::run(user, &context).await,
        Command::Token(token) => token::run(&token, &context).await,
        Command::Key(_) => key::announce(&context).await,
        Command::Card(card) => card::run(&card, &context).await,
        Command::Partner(partner) => partner::run(partner, &context).await,
        Command::Interest(interest) => interest::run(interest, &context).await,
        Command::Feed(feed) => feed::run(feed, &context).await,
        Command::Intake(intake) => intake::run(&intake, &context).await,
        Command::Item(item) => item::run(item, &context).await,
        Command::Extract(asked) => match asked.of_node() {
            Some(extract::OfNode::ExportCorrections) => extract::export(&context).await,
            None => Ok(()),
        },
        Command::Quarantine(quarantine) => quarantine::run(&quarantine, &context).await,
        Command::Thanks(thanks) => thanks::run(&thanks, &context).await,
        Command::Case(case) => case::run(case, &context).await,
        Command::Mute(mute) => mute::run(mute, &context).await,
        Command::Source(asked) => source::run(asked, &context).await,
        Command::Template(asked) => template::run(asked, &context).await,
        Command::Policy(_) => policy::list(&context).await,
        Command::Warning(warning) => warning::run(warning, &context).await,
        Command::Authority(authority) => authority::run(authority, &context).await,
        Command::Exercise(exercise) => exercise::run(exercise, &context).await,
        Command::Proposal(proposal) => proposal::run(proposal, &context).await,
        Command::Search(search) => search::run(&search, &context).await,
        Command::Record(record) => record::run(&record, &context).await,
        Command::Ledger(ledger) => ledger::run(&ledger, &context).await,
        Command::Readout(readout) => readout::run(readout, &context).await,
        Command::Channel(channel) => channel::run(&channel, &context).await,
        Command::Evidence(evidence) => evidence::run(&evidence, &context).await,
        _ => Ok(()),
    }
}
