//! Who may do what: acts, routes and commands, in one document. It is made from the code, and
//! compared with it: `UPDATE_DOCS=1 cargo nextest run -p forewarn-cli permissions`.

use crate::args::Arguments;
use clap::CommandFactory as _;
use forewarn_exchange::act::{Row, TABLE};
use forewarn_exchange::role::{Permission, Role};
use forewarn_web::app::Needs;
use forewarn_web::route::routes;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operating/permissions.md");
const HEAD: &str = "# Who may do what\n\nMade from the code; a test compares it. What stands here \
                    nowhere may be done by nobody. On the node's machine, the owner of its folder \
                    acts on accounts and reads; everything else is done by a user.\n";

/// What a command asks for.
#[derive(Debug, Clone, Copy)]
enum Asks {
    /// Nothing of a node.
    NoNode,
    /// The node's folder, on its machine.
    Folder,
    /// To be somebody.
    Anybody,
    /// This permission.
    Asked(Permission),
    /// What these acts ask for, any of them.
    Acts(&'static [&'static str]),
}

use Asks::{Acts, Anybody, Asked, Folder, NoNode};

/// Every command that does something.
const COMMANDS: &[(&str, Asks)] = &[
    ("init", Folder),
    ("serve", Folder),
    ("signer", Folder),
    ("read-document", NoNode),
    ("demo", NoNode),
    ("doctor", Folder),
    ("backup", Folder),
    ("backup verify", NoNode),
    ("backup drill", NoNode),
    ("backup key", NoNode),
    ("restore", NoNode),
    ("audit verify", NoNode),
    ("audit export", Folder),
    ("witness logs", Folder),
    ("migrate", Folder),
    ("journal forget", Folder),
    ("journal move", Folder),
    ("journal shorten", Folder),
    ("config check", Folder),
    ("policy check", NoNode),
    ("policy test", NoNode),
    ("policy list", READ),
    ("source danger", Acts(&["source-danger"])),
    ("source lift", Acts(&["source-lift"])),
    ("source list", READ),
    ("source keep", Acts(&["source-keep"])),
    ("source look", Acts(&["source-look"])),
    ("source forget", Acts(&["source-forget"])),
    ("template add", Acts(&["template-set"])),
    ("template remove", Acts(&["template-remove"])),
    ("template list", READ),
    ("template show", READ),
    ("source known", Asked(Permission::SeeSources)),
    ("config show", Folder),
    ("config reload", Asked(Permission::Administer)),
    ("completions", NoNode),
    ("man", NoNode),
    ("version", NoNode),
    ("licences", NoNode),
    ("status", READ),
    ("needs", READ),
    ("take", Acts(&["need-take"])),
    ("duty show", Asked(Permission::Administer)),
    ("duty means", Acts(&["person-means"])),
    ("duty rota", Acts(&["rota-set"])),
    ("duty rule", Acts(&["rule-set"])),
    ("duty rule-remove", Acts(&["rule-remove"])),
    ("duty escalation", Acts(&["escalation-set"])),
    ("notify list", READ),
    ("notify log", READ),
    ("notify test", Asked(Permission::Administer)),
    ("login", Anybody),
    ("logout", Anybody),
    ("whoami", Anybody),
    ("account password", Anybody),
    ("account factor", Anybody),
    ("account confirm", Anybody),
    ("account remove-factor", Anybody),
    ("user add", Acts(&["user-add"])),
    ("user invite", Acts(&["token-add"])),
    ("user uid", Acts(&["user-uids"])),
    ("user link", Acts(&["user-link"])),
    ("user unlink", Acts(&["user-unlink"])),
    ("user suspend", Acts(&["user-suspend"])),
    ("user resume", Acts(&["user-resume"])),
    ("user remove", Acts(&["user-remove"])),
    ("user list", READ),
    ("token add", Acts(&["token-add"])),
    ("token list", Anybody),
    ("token rotate", Acts(&["token-rotate"])),
    ("token revoke", Acts(&["token-revoke", "tokens-revoke"])),
    ("card", READ),
    ("key add", Folder),
    ("key announce", Acts(&["key-announce"])),
    ("partner add", Acts(&["partner-add"])),
    ("partner add-without-node", Acts(&["partner-add-without-node"])),
    ("partner confirm", Acts(&["partner-confirm"])),
    ("partner list", READ),
    ("partner show", READ),
    ("partner history", READ),
    ("partner suspend", Acts(&["partner-suspend"])),
    ("partner agreement propose", Acts(&["agreement-propose"])),
    ("partner agreement accept", Acts(&["agreement-accept"])),
    ("partner agreement decline", Acts(&["agreement-decline"])),
    ("partner agreement show", READ),
    ("partner agreement list", READ),
    ("partner agree", Acts(&["partner-agree"])),
    ("interest add", Acts(&["interest-add"])),
    ("interest import", Acts(&["interests-add"])),
    ("interest change", Acts(&["interest-change"])),
    ("interest remove", Acts(&["interest-remove"])),
    ("interest confirm", Acts(&["interest-confirm"])),
    ("interest list", READ),
    ("interest test", READ),
    ("feed add", Acts(&["feed-add"])),
    ("feed push", Acts(&["feed-add"])),
    ("feed list", READ),
    ("feed show", READ),
    ("feed remove", Acts(&["feed-remove"])),
    ("feed now", Asked(Permission::Administer)),
    ("intake", Asked(Permission::TakeIn)),
    ("item list", READ),
    ("item show", READ),
    ("item findings", READ),
    ("item correct", Acts(&["item-correct"])),
    ("item corrections", READ),
    ("search", READ),
    ("quarantine list", READ),
    ("quarantine show", READ),
    ("thanks", READ),
    ("case list", READ),
    ("case show", READ),
    ("case open", Acts(&["case-open"])),
    ("case finding", Acts(&["case-finding"])),
    ("case decide", Acts(&["case-decide"])),
    ("case reopen", Acts(&["case-reopen"])),
    ("case not-met", Acts(&["case-decide"])),
    ("case keep", Acts(&["case-keep"])),
    ("case urgency", Acts(&["case-urgency"])),
    ("case pause", Acts(&["case-pause"])),
    ("case resume", Acts(&["case-resume"])),
    ("case merge", Acts(&["case-merge"])),
    ("case join", Acts(&["case-join"])),
    ("case link", Acts(&["case-link"])),
    ("case dismiss", Acts(&["match-dismiss"])),
    ("case draft", Acts(&["case-draft"])),
    ("case update", Acts(&["case-update"])),
    ("case renew", Acts(&["case-renew"])),
    ("case preview", READ),
    ("case propose", READ),
    ("case release", Acts(&["case-release"])),
    ("case recall", Acts(&["case-recall"])),
    ("case tell", Acts(&["case-tell"])),
    ("case confirm", Acts(&["case-confirm"])),
    ("case strike", Acts(&["case-strike"])),
    ("case permit", Acts(&["case-permit"])),
    ("case deny", Acts(&["case-permit"])),
    ("case answer", Acts(&["case-answer"])),
    ("mute add", Acts(&["mute-add"])),
    ("mute list", READ),
    ("mute show", READ),
    ("mute remove", Acts(&["mute-remove"])),
    ("case export", Acts(&["record-export"])),
    ("warning export", READ),
    ("warning list", READ),
    ("warning name-person", Acts(&["warning-name-person"])),
    ("warning show", READ),
    ("warning open", Acts(&["warning-open"])),
    ("warning accept", Acts(&["warning-accept"])),
    ("warning decline", Acts(&["warning-decline"])),
    ("warning act", Acts(&["warning-act"])),
    ("warning outcome", Acts(&["warning-outcome"])),
    ("warning ask", Acts(&["warning-ask"])),
    ("warning ask-permission", Acts(&["warning-ask-permission"])),
    ("warning answer", Acts(&["warning-answer", "warning-answer-update", "warning-answer-expiry"])),
    ("warning told", Acts(&["warning-answer-told"])),
    ("warning thank", Acts(&["warning-thank"])),
    ("authority give", Acts(&["authority-give"])),
    ("authority list", READ),
    ("authority show", READ),
    ("authority revoke", Acts(&["authority-revoke"])),
    ("record erase", Acts(&["record-erase"])),
    ("record about", Acts(&["record-look"])),
    ("record hold", Acts(&["record-hold"])),
    ("record lift", Acts(&["record-lift"])),
    ("record list", READ),
    ("exercise check", NoNode),
    ("exercise begin", Acts(&["exercise-begin"])),
    ("exercise list", READ),
    ("exercise show", READ),
    ("exercise end", Acts(&["exercise-end"])),
    ("proposal list", READ),
    ("proposal show", READ),
    ("proposal approve", Acts(&["proposal-approve"])),
    ("proposal drop", Acts(&["proposal-drop"])),
    ("channel show", READ),
    ("channel export", READ),
    ("channel import", Asked(Permission::ManagePartners)),
    ("channel reopen", Asked(Permission::ManagePartners)),
    ("channel reconcile", READ),
    ("channel contradictions", READ),
    ("channel write-uncompared", Acts(&["partner-write-uncompared"])),
    ("ledger list", READ),
    ("readout list", READ),
    ("readout show", READ),
    ("readout write", Acts(&["readout-write"])),
    ("readout commit", Acts(&["readout-commit"])),
    ("readout reveal", Acts(&["readout-reveal"])),
    ("readout note", Acts(&["readout-note"])),
    ("readout compare", READ),
    ("readout export", READ),
    ("readout embargo propose", Acts(&["embargo-propose"])),
    ("readout embargo accept", Acts(&["embargo-accept"])),
    ("readout embargo decline", Acts(&["embargo-decline"])),
    ("readout embargo leave", Acts(&["embargo-leave"])),
    ("readout verify", NoNode),
    ("evidence show", Acts(&["evidence-show"])),
    ("evidence export", READ),
    ("verify", NoNode),
    ("stix validate", NoNode),
    ("stix match", NoNode),
    ("stix id", NoNode),
    ("stix canonical", NoNode),
    ("convert", NoNode),
    ("contact find", NoNode),
    ("extract", NoNode),
    ("extract export-corrections", READ),
    ("gate", NoNode),
];

const READ: Asks = Asked(Permission::Read);

fn roles(permission: Permission) -> String {
    let may = Role::ALL.iter().filter(|role| role.permits(permission)).map(|role| role.name());
    may.collect::<Vec<_>>().join(", ")
}

fn act(out: &mut String, row: &Row) -> std::fmt::Result {
    let proposes = row.proposes.map_or("", Permission::word);
    let (second, two) = if row.two.is_empty() { ("", "") } else { (row.second.word(), row.two) };
    let Row { word, does, or, .. } = row;
    let or = or.map(|permission| format!(" or {}", permission.word())).unwrap_or_default();
    writeln!(out, "| `{word}` | {}{or} | {proposes} | {second} | {two} |", does.word())
}

fn asks(asks: Asks) -> String {
    match asks {
        NoNode => "nothing of a node".to_owned(),
        Folder => "the node's folder".to_owned(),
        Anybody => "to be somebody".to_owned(),
        Asked(permission) => permission.word().to_owned(),
        Acts(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
    }
}

fn needs(needs: Needs) -> String {
    match needs {
        Needs::Nothing => "nothing".to_owned(),
        Needs::Partner => "a confirmed partner's signature".to_owned(),
        Needs::User(permission) => permission.word().to_owned(),
        Needs::Page(permission) => format!("{}, signed in at the desk", permission.word()),
        Needs::Keeper(permission) => {
            format!("{}, or to be the owner of the folder", permission.word())
        }
        Needs::Act => "to be somebody; the act decides".to_owned(),
        Needs::Shelf => "to be somebody; the shelf decides".to_owned(),
        Needs::Taxii => "to be somebody; the collection decides".to_owned(),
    }
}

fn document() -> Result<String, std::fmt::Error> {
    let mut out = String::from(HEAD);
    out.push_str("\n## Roles\n\n| permission | allows to | roles |\n| --- | --- | --- |\n");
    for permission in Permission::ALL {
        let (word, allows) = (permission.word(), permission.allows());
        writeln!(out, "| {word} | {allows} | {} |", roles(*permission))?;
    }
    out.push_str(
        "\n## Acts\n\nWhat lets a user in, a user changes alone, whatever the roles: `token-add`, \
         `token-rotate`, `token-revoke`, `tokens-revoke`.\n\n| act | does | proposes | second person \
         | when two |\n| --- | --- | --- | --- | --- |\n",
    );
    for row in TABLE {
        act(&mut out, row)?;
    }
    out.push_str("\n## Commands\n\n| command | asks for |\n| --- | --- |\n");
    for (command, what) in COMMANDS {
        writeln!(out, "| `{command}` | {} |", asks(*what))?;
    }
    out.push_str("\n## Routes\n\n| methods | path | asks for |\n| --- | --- | --- |\n");
    for route in routes() {
        let methods = route.methods.join(", ");
        writeln!(out, "| {methods} | `{}` | {} |", route.path, needs(route.needs))?;
    }
    Ok(out)
}

/// Commands that do something.
fn leaves(command: &clap::Command, path: &str, out: &mut BTreeSet<String>) {
    for below in command.get_subcommands() {
        let path = format!("{path} {}", below.get_name()).trim().to_owned();
        leaves(below, &path, out);
        // One that does something by itself may have others below it.
        if !below.has_subcommands() || !below.is_subcommand_required_set() {
            out.insert(path);
        }
    }
}

/// Fails when a command, act, route, role or permission is added or changed without the document.
#[test]
fn permissions_are_documented_as_they_are() {
    crate::kept::is_as_made(DOCUMENT, &document().unwrap(), "permissions");
}

#[test]
fn every_command_says_what_it_asks_for() {
    let mut commands = BTreeSet::new();
    leaves(&Arguments::command(), "", &mut commands);
    let rows: BTreeSet<String> =
        COMMANDS.iter().map(|(command, _)| (*command).to_owned()).collect();
    assert_eq!(commands, rows);
    for (command, what) in COMMANDS {
        let Acts(words) = what else { continue };
        for word in *words {
            assert!(TABLE.iter().any(|row| row.word == *word), "{command}: `{word}` is not an act");
        }
    }
}

/// Whoever may not act through the API may not read through it more than the table says.
#[test]
fn only_what_says_nothing_is_open_to_anybody() {
    let open: Vec<&str> = routes()
        .iter()
        .filter(|route| route.needs == Needs::Nothing)
        .map(|route| route.path)
        .collect();
    let session = ["/api/v1/session", "/api/v1/session/device", "/api/v1/session/device/poll"];
    let desk =
        ["/", "/desk", "/desk/style.css", "/desk/clear.svg", "/desk/script.js", "/desk/sign-in"];
    assert_eq!(open, [&["/healthz", "/readyz"][..], &session, &desk].concat());
}
