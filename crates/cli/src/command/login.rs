//! `forewarn login`, `logout`, `whoami`.

use crate::client::Client;
use crate::context::Context;
use crate::credentials::{Credentials, Saved};
use crate::failure::Failed;
use crate::target::{Reach, Target, place};
use crate::tls::Authority;
use crate::{output, secret};
use clap::Args;
use forewarn_view::user::{DeviceBegun, DevicePolled, SessionBegun, Whoami};
use hyper::Method;
use serde_json::json;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest that it waits between two questions, in seconds, whatever it is told.
const MAX_WAIT: u64 = 60;

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The node's URL [default: the node that the other commands talk to]
    at: Option<String>,
    /// Set a password by the invitation that you were given, and sign in by it
    #[arg(long)]
    invited: bool,
    /// Sign in at a provider that the node knows (OpenID Connect); by its name there, where it knows
    /// several
    #[arg(
        long,
        value_name = "NAME",
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with = "invited"
    )]
    oidc: Option<String>,
}

impl Login {
    /// The node that is meant: a URL in its place counts as `--url`.
    pub(crate) fn target(&self, target: &Target) -> Target {
        match &self.at {
            Some(url) => target.clone().with_url(url),
            None => target.clone(),
        }
    }
}

/// Asks for what is needed, signs in, keeps the session for the commands that follow.
pub(crate) async fn run(login: &Login, target: &Target) -> Result<(), Failed> {
    let reach = login.target(target).unsigned()?;
    let (at, named, authority) = match &reach {
        Reach::Folder { home, user, .. } => (place(home), user.clone(), None),
        Reach::Network { url, user, authority, .. } => {
            let file = match authority {
                Authority::System => None,
                Authority::File(path) => Some(whole(path)),
            };
            (url.clone(), user.clone(), file)
        }
    };
    let client = Client::nobody(&reach)?;
    if let Some(provider) = &login.oidc {
        let begun = at_provider(&client, provider).await?;
        if let Some(named) = named.filter(|named| **named != *begun.user) {
            let target = login.target(target).with_token(&begun.session);
            Client::new(&target)?.call(Method::DELETE, "/api/v1/account", Vec::new()).await?;
            return Err(Failed::usage(format!(
                "the provider knows you as {}, not as {named}",
                begun.user
            )));
        }
        return keep(begun, at, authority);
    }
    let user = match named {
        Some(user) => user,
        None => name()?,
    };
    let asked = if login.invited {
        let invitation = secret::ask("Invitation")?;
        let password = secret::ask_new("New password, 12 characters at least")?;
        json!({ "user": user, "password": *password, "invitation": invitation.trim() })
    } else {
        let password = secret::ask("Password")?;
        if password.is_empty() {
            return Err(Failed::usage("no password was typed; nothing was sent to the node"));
        }
        let code = secret::ask("Code of your second factor (empty if you have none)")?;
        json!({ "user": user, "password": *password, "code": code.trim() })
    };
    let begun: SessionBegun = client.post("/api/v1/session", &asked).await?;
    keep(begun, at, authority)
}

/// Keeps the session for the commands that follow.
fn keep(begun: SessionBegun, at: String, authority: Option<PathBuf>) -> Result<(), Failed> {
    let SessionBegun { user, session, ends } = begun;
    let words = format!("signed in as {user} at {at} until {ends}");
    Credentials::read()?.keep(Saved { at, user, session, ends, authority })?;
    output::line(words)
}

/// The person signs in with a browser, anywhere; until then this asks, as often as it is told to.
async fn at_provider(client: &Client, provider: &str) -> Result<SessionBegun, Failed> {
    let asked = match provider {
        "" => json!({}),
        name => json!({ "provider": name }),
    };
    let begun: DeviceBegun = client.post("/api/v1/session/device", &asked).await?;
    let DeviceBegun { device, user_code, verification_uri, wait, ends, .. } = begun;
    let place = begun.verification_uri_complete.unwrap_or(verification_uri);
    output::aside(format!("open {place} in a browser, and see that it shows the code {user_code}"));
    output::aside(format!("waiting until {ends}"));
    let asked = json!({ "device": device });
    let mut wait = wait;
    loop {
        tokio::time::sleep(Duration::from_secs(wait.clamp(1, MAX_WAIT))).await;
        match client.post("/api/v1/session/device/poll", &asked).await? {
            DevicePolled::Begun(begun) => return Ok(begun),
            DevicePolled::Waits { wait: longer } => wait = longer,
        }
    }
}

/// A file that is found from any folder.
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn name() -> Result<String, Failed> {
    if std::io::stdin().is_terminal() {
        output::error("Name:");
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|e| Failed::usage(format!("the name could not be read: {e}")))?;
    let name = line.trim();
    if name.is_empty() {
        return Err(Failed::usage("as whom?").hint("give the name with --as"));
    }
    Ok(name.to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// The node's URL [default: the node that the other commands talk to]
    at: Option<String>,
}

/// Ends the session at the node, and forgets it here even when the node cannot be reached.
pub(crate) async fn logout(logout: &Logout, target: &Target) -> Result<(), Failed> {
    let target = match &logout.at {
        Some(url) => target.clone().with_url(url),
        None => target.clone(),
    };
    let (at, user) = match target.reach()? {
        Reach::Folder { home, user, .. } => (place(&home), user),
        Reach::Network { url, user, .. } => (url, user),
    };
    let all = Credentials::read()?;
    let Some(saved) = all.of(&at, user.as_deref()).cloned() else {
        return Err(Failed::usage(format!("nobody is signed in at {at}")));
    };
    let client = Client::new(&target.with_token(&saved.session))?;
    let ended = client.call(Method::DELETE, "/api/v1/account", Vec::new()).await;
    all.forget(&saved)?;
    match ended {
        Ok(_) => output::line(format!("{} has signed out at {at}", saved.user)),
        Err(why) => {
            output::aside(format!(
                "the node did not end the session ({why}); it ends {}",
                saved.ends
            ));
            output::line(format!("the session of {} at {at} is forgotten here", saved.user))
        }
    }
}

/// Who acts, as the node sees it.
pub(crate) async fn whoami(context: &Context) -> Result<(), Failed> {
    let who: Whoami = context.client.get("/api/v1/account").await?;
    output::answer(context.json, &who, who.words())
}
