//! `forewarn account`: how one signs in oneself. The owner of the node's folder recovers what somebody
//! else has lost: `--of NAME`, without `--as`.

use crate::context::Context;
use crate::failure::Failed;
use crate::{output, secret};
use clap::{Args, Subcommand};
use forewarn_exchange::name::UserName;
use forewarn_view::user::{FactorBegun, RecoveryCodes};
use hyper::Method;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Set another password; sessions elsewhere end
    Password(Whose),
    /// Begin a second factor: an authenticator that shows codes
    Factor(Whose),
    /// Confirm the second factor that was begun by one of its codes; recovery codes are shown
    Confirm(Confirm),
    /// Sign in without a second factor from now on
    RemoveFactor(Whose),
}

#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// Somebody else, whose access the owner of the node's folder recovers
    #[arg(long = "of", value_name = "NAME")]
    user: Option<UserName>,
}

#[derive(Debug, Args)]
pub(crate) struct Confirm {
    /// The six digits that the authenticator shows now
    code: String,
    #[command(flatten)]
    whose: Whose,
}

impl Whose {
    fn request(&self, member: &str, value: &str) -> Value {
        match (&self.user, value) {
            (None, "") => json!({}),
            (None, value) => json!({ member: value }),
            (Some(user), "") => json!({ "user": user }),
            (Some(user), value) => json!({ "user": user, member: value }),
        }
    }
}

pub(crate) async fn run(account: &Account, context: &Context) -> Result<(), Failed> {
    match account {
        Account::Password(whose) => password(whose, context).await,
        Account::Factor(whose) => {
            let asked = whose.request("", "");
            let begun: FactorBegun = context.client.post("/api/v1/account/factor", &asked).await?;
            let words = format!(
                "put this key into your authenticator:\n  {}\nor this address:\n  {}\nthen confirm it \
                 with a code: forewarn account confirm CODE",
                begun.key, begun.url
            );
            output::answer(context.json, &begun, words)
        }
        Account::Confirm(Confirm { code, whose }) => {
            let path = "/api/v1/account/factor/confirm";
            let made: RecoveryCodes =
                context.client.post(path, &whose.request("code", code)).await?;
            let words = format!(
                "from now on you sign in with a code. Keep these where the authenticator is not; each \
                 signs you in once:\n  {}",
                made.codes.join("\n  ")
            );
            output::answer(context.json, &made, words)
        }
        Account::RemoveFactor(whose) => {
            let typed = match whose.user {
                Some(_) => String::new(),
                None => secret::ask("Password")?.to_string(),
            };
            let asked = whose.request("password", &typed);
            send(context, Method::DELETE, "/api/v1/account/factor", &asked).await?;
            output::line("no second factor any more")
        }
    }
}

async fn password(whose: &Whose, context: &Context) -> Result<(), Failed> {
    let now = match whose.user {
        Some(_) => String::new(),
        None => secret::ask("Password so far (empty if there is none)")?.to_string(),
    };
    let new = secret::ask_new("New password, 12 characters at least")?;
    let mut asked = whose.request("password", &now);
    if let Some(members) = asked.as_object_mut() {
        members.insert("new".to_owned(), Value::String(new.to_string()));
    }
    send(context, Method::POST, "/api/v1/account/password", &asked).await?;
    output::line("the password is set; sessions elsewhere have ended")
}

async fn send(context: &Context, method: Method, path: &str, asked: &Value) -> Result<(), Failed> {
    context.client.call(method, path, asked.to_string().into_bytes()).await.map(drop)
}
