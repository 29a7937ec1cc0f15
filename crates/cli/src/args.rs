//! The command line: every command, option and help text.

use crate::command;
use crate::target::Target;
use clap::{Parser, Subcommand};

/// Warn partners of threats, be warned by them, and prove afterwards who knew what and when.
#[derive(Debug, Parser)]
#[command(name = "forewarn", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a node: folder, configuration, key, database
    Init(command::init::Init),
    /// Run the node until Ctrl-C
    Serve(command::serve::Serve),
    /// Hold the node's keys in a process of its own; `serve` starts it
    Signer(command::signer::Signer),
    /// The text of the document on standard input, read with limits; other commands start it
    #[command(hide = true)]
    ReadDocument(command::read_document::ReadDocument),
    /// Two nodes on this machine, one warning through its whole life
    Demo(crate::demo::Demo),
    /// Say what is wrong with a node, without changing anything
    Doctor,
    /// The whole node in one file, sealed for whom you name, while it runs; and whether one is good
    Backup(command::backup::Backup),
    /// Where the node's journal is: in its own database, or on PostgreSQL
    #[command(subcommand)]
    Journal(command::journal::Journal),
    /// Make a node's folder again from a backup
    Restore(command::backup::Restore),
    /// What forewarn.toml says, with the environment, and whether it can be used
    #[command(subcommand)]
    Config(command::config::Config),
    /// Print what a shell completes commands by
    Completions(command::shell::Completions),
    /// Print the manual's first page, or write all pages to a folder
    Man(command::shell::Man),
    /// Which program this is: version, commit, compiler, formats; needs no node
    Version,
    /// On which terms this program, its libraries and its data may be used; needs no node
    Licences(command::licences::Licences),
    /// Sign in at a node, with password and code; the session is kept for the commands that follow
    Login(command::login::Login),
    /// Sign out
    Logout(command::login::Logout),
    /// Say as whom the commands act, and how that was shown
    Whoami,
    /// How you sign in: password, second factor
    #[command(subcommand)]
    Account(command::account::Account),
    /// Say what is going on: what needs somebody, by deadline, and how the node fares
    Status(command::status::Status),
    /// List what needs somebody: cases, warnings, questions, deliveries, by deadline
    Needs(command::needs::Needs),
    /// Take something in hand that needs somebody: nobody else is told of it
    Take(command::duty::Take),
    /// Who is on duty, how people are reached, and who is told of what
    #[command(subcommand)]
    Duty(command::duty::Duty),
    /// What tells people: e-mail, webhooks, commands, the system's log
    #[command(subcommand)]
    Notify(command::notify::Notify),
    /// People and their roles
    #[command(subcommand)]
    User(command::user::User),
    /// What lets users in: tokens for programs, certificates, sessions
    #[command(subcommand)]
    Token(command::token::Token),
    /// Print our contact card, to be sent to a partner
    Card(command::card::Card),
    /// The node's own keys: make new ones, tell partners of them
    #[command(subcommand)]
    Key(command::key::Key),
    /// Partners: add by card, confirm by fingerprint
    #[command(subcommand)]
    Partner(command::partner::Partner),
    /// What we want to be warned of, and what partners have registered with us
    #[command(subcommand)]
    Interest(command::interest::Interest),
    /// Other people's TAXII servers: polled for what is new, or pushed what was released
    #[command(subcommand)]
    Feed(command::feed::Feed),
    /// Take in files: STIX bundles, or free texts
    Intake(command::intake::Intake),
    /// What came in
    #[command(subcommand)]
    Item(command::item::Item),
    /// Find partners, cases, warnings, what was said of them, and items, by their words
    Search(command::search::Search),
    /// What was refused on its way in, and why
    #[command(subcommand)]
    Quarantine(command::quarantine::Quarantine),
    /// Thanks that has reached our sources
    Thanks(command::thanks::Thanks),
    /// Our duties to warn
    #[command(subcommand)]
    Case(command::case::Case),
    /// Repeated noise: what a source says opens no case for an interest, for a while
    #[command(subcommand)]
    Mute(command::mute::Mute),
    /// Warnings that partners sent us
    Warning(command::warning::WarningCommand),
    /// What waits for a second person: words that leave, waivers, roles
    #[command(subcommand)]
    Proposal(command::proposal::Proposal),
    /// What is said in public about a warning that both had, and until when nothing is
    #[command(subcommand)]
    Readout(command::readout::Readout),
    /// The database in this program's format: tried on a copy, or done
    Migrate(command::migrate::Migrate),
    /// The audit stream: what was done on the node, by whom, when; each line chained to the one before
    #[command(subcommand)]
    Audit(command::audit::Audit),
    /// What is erased for good, and what is held against that
    #[command(subcommand)]
    Record(command::record::Record),
    /// Who was given what, why and when
    #[command(subcommand)]
    Ledger(command::ledger::Ledger),
    /// Standing authorisations: warnings that leave without a person
    #[command(subcommand)]
    Authority(command::authority::Authority),
    /// Exercises: a scenario is played, and what was done about it is reported
    #[command(subcommand)]
    Exercise(command::exercise::Exercise),
    /// The transcript that both sides hold
    #[command(subcommand)]
    Channel(command::channel::Channel),
    /// Proof for a third party
    #[command(subcommand)]
    Evidence(command::evidence::Evidence),
    /// Others who cosign our logs
    #[command(subcommand)]
    Witness(command::witness::Witness),
    /// Check evidence or a transcript; needs no node
    Verify(command::verify::Verify),
    /// STIX without a node
    #[command(subcommand)]
    Stix(command::stix::Stix),
    /// From one format to another, with what could not be carried over; needs no node
    Convert(command::convert::Convert),
    /// Whom to tell of a value where no partner is there for it, from files; needs no node
    #[command(subcommand)]
    Contact(command::contact::Contact),
    /// What a free text speaks of; needs no node
    Extract(command::extract::Extract),
    /// Whether texts and bundles may leave; needs no node
    Gate(command::gate::Gate),
    /// Sources in danger, and who stands behind their handles
    #[command(subcommand)]
    Source(command::source::Source),
    /// Texts of this organisation's own to begin drafts with
    #[command(subcommand)]
    Template(command::template::TemplateCommand),
    /// This organisation's own policy for what leaves
    #[command(subcommand)]
    Policy(command::policy::Policy),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    /// What a command lacks: words for itself, or for one of its arguments.
    fn lacking(command: &clap::Command, path: &str, out: &mut Vec<String>) {
        let path = format!("{path} {}", command.get_name());
        if command.get_about().is_none_or(|words| words.to_string().trim().is_empty()) {
            out.push(path.clone());
        }
        for argument in command.get_arguments() {
            let words = argument.get_help().map(ToString::to_string).unwrap_or_default();
            if words.trim().is_empty() {
                out.push(format!("{path}: {}", argument.get_id()));
            }
        }
        command.get_subcommands().for_each(|one| lacking(one, &path, out));
    }

    /// A third of the arguments once had no word of help.
    #[test]
    fn every_command_and_argument_has_its_help() {
        let mut out = Vec::new();
        lacking(&Arguments::command(), "", &mut out);
        assert!(out.is_empty(), "without help:\n{}", out.join("\n"));
        Arguments::command().debug_assert();
    }

    /// The place in the list below of what a need of this kind is about.
    fn place_of(kind: forewarn_exchange::need::Kind) -> usize {
        use forewarn_exchange::need::Kind;
        match kind {
            Kind::Finding
            | Kind::Decision
            | Kind::Draft
            | Kind::Release
            | Kind::Undelivered
            | Kind::Review
            | Kind::WaiverReview
            | Kind::Referral
            | Kind::RecallUnanswered
            | Kind::Embargo
            | Kind::Reveal
            | Kind::RevealedEarly
            | Kind::UpdateUnanswered
            | Kind::ExpiryUnanswered
            | Kind::Renew
            | Kind::OutcomeAwaited => 0,
            Kind::Question | Kind::Permission => 1,
            Kind::Open
            | Kind::Accept
            | Kind::AnswerRecall
            | Kind::AnswerUpdate
            | Kind::AnswerExpiry
            | Kind::Outcome
            | Kind::QuestionUnanswered
            | Kind::PermissionUnanswered => 2,
            Kind::Approval => 3,
            Kind::ConfirmPartner
            | Kind::ConfirmMove
            | Kind::ConfirmKeys
            | Kind::Dispute
            | Kind::Agreement
            | Kind::AgreementUnanswered
            | Kind::Delivery => 4,
            Kind::Feed => 5,
            Kind::Quarantine => 6,
            Kind::Follower => 7,
            Kind::Duty => 8,
            Kind::Notifier => 9,
            Kind::SourceDanger => 11,
            Kind::ConfirmTold => 10,
        }
    }

    /// A next step that is told of must be a command: its words are looked up as they are written.
    #[test]
    fn the_next_step_of_each_need_is_a_command() {
        use forewarn_exchange::id::{CaseNumber, ProposalNumber, WarningNumber};
        use forewarn_exchange::name::NodeName;
        use forewarn_exchange::need::{About, Kind, Need, Whom};
        use forewarn_exchange::scale::Status;
        use forewarn_exchange::user::Permission;
        use forewarn_view::hint::Surface;
        for kind in Kind::ALL {
            let about = place_of(*kind);
            let all = [
                About::Case(CaseNumber::new(1)),
                About::Question(CaseNumber::new(1), 2),
                About::Warning(WarningNumber::new(1)),
                About::Proposal(ProposalNumber::new(1)),
                About::Partner(NodeName::parse("east.example").unwrap()),
                About::Feed("intel".to_owned()),
                About::Quarantine(3, 1),
                About::Follower("matcher".to_owned()),
                About::Rota,
                About::Notifier("mail".to_owned()),
                About::Told(CaseNumber::new(1), 1),
                About::Danger(forewarn_exchange::danger::DangerNumber(1)),
            ];
            let need = Need {
                kind: *kind,
                about: all[about].clone(),
                partner: None,
                status: Status::Actual,
                urgency: None,
                whom: Whom::all(Permission::Read),
                since: None,
                due: None,
            };
            let words = forewarn_view::need::next(&need, Surface::CommandLine);
            let mut command = Arguments::command();
            for word in words.split(' ').skip(1) {
                let Some(found) = command.find_subcommand(word).cloned() else { break };
                command = found;
            }
            assert!(!command.has_subcommands(), "{kind:?}: `{words}` is not a command");
        }
    }
}
