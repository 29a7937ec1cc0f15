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
    /// Two nodes on this machine, one warning through its whole life
    Demo(crate::demo::Demo),
    /// Say what is wrong with a node, without changing anything
    Doctor,
    /// Say what is going on: cases, clocks, warnings, deliveries
    Status,
    /// People and their roles
    #[command(subcommand)]
    User(command::user::User),
    /// Tokens for the API and for TAXII
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
    /// What was refused on its way in, and why
    #[command(subcommand)]
    Quarantine(command::quarantine::Quarantine),
    /// Thanks that has reached our sources
    Thanks,
    /// Our duties to warn
    #[command(subcommand)]
    Case(command::case::Case),
    /// Warnings that partners sent us
    Warning(command::warning::WarningCommand),
    /// What waits for a second person: words that leave, waivers, roles
    #[command(subcommand)]
    Proposal(command::proposal::Proposal),
    /// The transcript that both sides hold
    #[command(subcommand)]
    Channel(command::channel::Channel),
    /// Proof for a third party
    #[command(subcommand)]
    Evidence(command::evidence::Evidence),
    /// Check evidence or a transcript; needs no node
    Verify(command::verify::Verify),
    /// STIX without a node
    #[command(subcommand)]
    Stix(command::stix::Stix),
    /// What a free text speaks of; needs no node
    Extract(command::extract::Extract),
    /// Whether texts and bundles may leave; needs no node
    Gate(command::gate::Gate),
}
