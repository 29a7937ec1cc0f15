//! Which node a command is for, and as whom it acts.
//!
//! What stands on the command line beats the environment: with `--home`, neither `FOREWARN_URL` nor
//! `FOREWARN_TOKEN` leads elsewhere.

use crate::credentials::Credentials;
use crate::failure::Failed;
use crate::tls::Authority;
use clap::Args;
use forewarn_node::Home;
use std::env;
use std::path::{Path, PathBuf};

const HOME: &str = "FOREWARN_HOME";
const USER: &str = "FOREWARN_USER";
const URL: &str = "FOREWARN_URL";
const TOKEN: &str = "FOREWARN_TOKEN";
const AUTHORITY: &str = "FOREWARN_AUTHORITY";

/// Which node, as whom, and how to print.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which node, as whom, and how to print")]
pub(crate) struct Target {
    /// The node's folder [default: the current folder when it holds a forewarn.toml, else
    /// FOREWARN_HOME]
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// The user to act as; what is done is recorded under this name. A user with a password signs
    /// in first: forewarn login [env: FOREWARN_USER]
    #[arg(id = "acting_as", long = "as", global = true, value_name = "NAME")]
    user: Option<String>,
    /// A node elsewhere, instead of one in a folder [env: FOREWARN_URL]
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
    /// A token, which says as whom, in place of a session [env: FOREWARN_TOKEN]
    #[arg(long, global = true, value_name = "TOKEN")]
    token: Option<String>,
    /// The authority by which the certificate of the node at --url is checked, in PEM form [default:
    /// the one given at login, else those of this machine; env: FOREWARN_AUTHORITY]
    #[arg(long, global = true, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// Print JSON: one object, or one per line for lists
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// The node that a command talks to, and who talks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Over the socket of a folder.
    Folder {
        /// The folder.
        home: PathBuf,
        /// As whom; as the owner, when nobody is named.
        user: Option<String>,
        /// The session or token, where there is one.
        token: Option<String>,
    },
    /// Over the network; a session or token says as whom.
    Network {
        /// Where.
        url: String,
        /// As whom, when somebody is named.
        user: Option<String>,
        /// The session or token, where there is one.
        token: Option<String>,
        /// By which authorities the node's certificate is checked.
        authority: Authority,
    },
}

impl Target {
    /// The node's folder.
    pub(crate) fn home(&self) -> Result<Home, Failed> {
        Ok(Home::new(self.folder(variable)?))
    }

    /// The node that a command talks to, and who talks: by the session that was kept for them, when
    /// no token is given.
    pub(crate) fn reach(&self) -> Result<Reach, Failed> {
        let saved = Credentials::read()?;
        self.reach_with(variable, &saved)
    }

    /// The same at this URL.
    pub(crate) fn with_url(self, url: &str) -> Target {
        Target { url: Some(url.to_owned()), home: None, ..self }
    }

    /// The same by this token, whoever is named.
    pub(crate) fn with_token(self, token: &str) -> Target {
        Target { token: Some(token.to_owned()), user: None, ..self }
    }

    /// The same for signing in: by nothing that was kept.
    pub(crate) fn unsigned(&self) -> Result<Reach, Failed> {
        self.reach_with(variable, &Credentials::default())
    }

    fn folder(&self, variable: impl Fn(&str) -> Option<String>) -> Result<PathBuf, Failed> {
        if let Some(path) = &self.home {
            return Ok(path.clone());
        }
        if Path::new("forewarn.toml").exists() {
            return Ok(PathBuf::from("."));
        }
        if let Some(path) = variable(HOME) {
            return Ok(path.into());
        }
        Err(Failed::usage("which node? there is no forewarn.toml in this folder")
            .hint("name the node's folder with --home DIR or FOREWARN_HOME"))
    }

    fn reach_with(
        &self,
        variable: impl Fn(&str) -> Option<String>,
        saved: &Credentials,
    ) -> Result<Reach, Failed> {
        let user = self.user.clone().or_else(|| variable(USER));
        let url = match (&self.home, &self.url) {
            (Some(_), Some(_)) => {
                let words = "--home is for a node in a folder, --url for one elsewhere";
                return Err(Failed::usage(words).hint("give one of the two"));
            }
            (Some(_), None) => None,
            (None, Some(url)) => Some(url.clone()),
            (None, None) => variable(URL),
        };
        let given = self.token.clone().or_else(|| variable(TOKEN));
        let Some(url) = url else {
            // A token of the environment is for a node elsewhere: the folder may be another's.
            return match (self.folder(&variable), saved.only()) {
                (Ok(home), _) => Ok(self.in_folder(home, user, saved)?),
                (Err(_), Some(only)) if only.at.contains("://") => {
                    self.elsewhere(&only.at, (user, given), &variable, saved)
                }
                (Err(failed), _) => Err(match saved.nodes().as_slice() {
                    [] => failed.hint(
                        "name the node's folder with --home DIR or FOREWARN_HOME; at a node \
                         elsewhere, sign in with `forewarn login URL`",
                    ),
                    nodes => failed.hint(format!(
                        "you are signed in at {}: name one with --url, or a folder with --home",
                        nodes.join(", ")
                    )),
                }),
            };
        };
        self.elsewhere(&url, (user, given), &variable, saved)
    }

    fn in_folder(
        &self,
        home: PathBuf,
        user: Option<String>,
        saved: &Credentials,
    ) -> Result<Reach, Failed> {
        if let Some(token) = &self.token {
            return match user {
                Some(user) => Err(beside(&user, self.by())),
                None => Ok(Reach::Folder { home, user: None, token: Some(token.clone()) }),
            };
        }
        // Without a name the owner of the folder acts, whoever has signed in.
        let kept = user.as_deref().and_then(|user| saved.of(&place(&home), Some(user)));
        let token = kept.map(|kept| kept.session.clone());
        Ok(Reach::Folder { home, user, token })
    }

    fn elsewhere(
        &self,
        url: &str,
        (user, given): (Option<String>, Option<String>),
        variable: impl Fn(&str) -> Option<String>,
        saved: &Credentials,
    ) -> Result<Reach, Failed> {
        let url = url.trim_end_matches('/').to_owned();
        let kept = saved.of(&url, user.as_deref());
        let token = match (given, &user) {
            (Some(_), Some(user)) => return Err(beside(user, self.by())),
            (Some(token), None) => Some(token),
            (None, _) => kept.map(|kept| kept.session.clone()),
        };
        let named = self.authority.clone().or_else(|| variable(AUTHORITY).map(PathBuf::from));
        let authority = named.or_else(|| kept.and_then(|kept| kept.authority.clone()));
        let authority = authority.map_or(Authority::System, Authority::File);
        Ok(Reach::Network { url, user, token, authority })
    }

    fn by(&self) -> &'static str {
        if self.user.is_some() { "--as" } else { USER }
    }
}

/// What a folder is called among the sessions that are kept.
pub(crate) fn place(home: &Path) -> String {
    home.canonicalize().unwrap_or_else(|_| home.to_owned()).display().to_string()
}

fn beside(user: &str, by: &str) -> Failed {
    Failed::usage(format!("a token says who acts; {by} `{user}` beside it would not count"))
        .hint(format!("leave {by} out, or use a token of that user"))
}

/// A variable of the environment that is set, and not to nothing.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(target: &Target, variables: &[(&str, &str)]) -> Result<Reach, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let reached = target.reach_with(variable, &Credentials::default());
        reached.map_err(|failed| failed.to_string())
    }

    /// A variable that was left set once sent what was for a folder to a node elsewhere.
    #[test]
    fn a_folder_on_the_command_line_beats_the_environment() {
        let all = [(HOME, "east"), (URL, "http://far.example"), (TOKEN, "t")];
        let at = Target { home: Some("west".into()), ..Target::default() };
        let west = |token: Option<&str>| {
            let token = token.map(str::to_owned);
            Reach::Folder { home: "west".into(), user: None, token }
        };
        assert_eq!(reach(&at, &all).unwrap(), west(None));
        let elsewhere = Reach::Network {
            url: "http://far.example".into(),
            user: None,
            token: Some("t".into()),
            authority: Authority::System,
        };
        assert_eq!(reach(&Target::default(), &all).unwrap(), elsewhere);
        let both = Target { url: Some("http://far.example".into()), ..at.clone() };
        assert!(reach(&both, &[]).unwrap_err().contains("give one of the two"));
        let token = Target { token: Some("t".into()), ..at };
        assert_eq!(reach(&token, &[]).unwrap(), west(Some("t")));
    }

    /// The name was once left out of the request, in silence: the act was the token's user's.
    #[test]
    fn a_name_beside_a_token_is_refused() {
        let url = (URL, "http://far.example");
        let named = Target { user: Some("ana".into()), ..Target::default() };
        assert!(reach(&named, &[url, (TOKEN, "t")]).unwrap_err().contains("`ana`"));
        let token = Target { token: Some("t".into()), ..Target::default() };
        let words = reach(&token, &[url, (USER, "ana")]).unwrap_err();
        assert!(words.contains("FOREWARN_USER `ana` beside it would not count"), "{words}");
        let home = Target { home: Some("west".into()), ..token };
        assert!(reach(&home, &[(USER, "ana")]).unwrap_err().contains("`ana`"));
    }
}
