//! Which node a command is for, and as whom it acts.
//!
//! What stands on the command line beats the environment: with `--home`, neither `FOREWARN_URL` nor
//! `FOREWARN_TOKEN` leads elsewhere.

use crate::failure::Failed;
use clap::Args;
use forewarn_node::Home;
use std::env;
use std::path::{Path, PathBuf};

const HOME: &str = "FOREWARN_HOME";
const USER: &str = "FOREWARN_USER";
const URL: &str = "FOREWARN_URL";
const TOKEN: &str = "FOREWARN_TOKEN";

/// Which node, as whom, and how to print.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which node, as whom, and how to print")]
pub(crate) struct Target {
    /// The node's folder [default: the current folder when it holds a forewarn.toml, else
    /// FOREWARN_HOME]
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// The user to act as; what is done is recorded under this name [env: FOREWARN_USER]
    #[arg(id = "acting_as", long = "as", global = true, value_name = "NAME")]
    user: Option<String>,
    /// A node elsewhere, instead of one in a folder [env: FOREWARN_URL]
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
    /// The token for the node at --url: it says as whom [env: FOREWARN_TOKEN]
    #[arg(long, global = true, value_name = "TOKEN")]
    token: Option<String>,
    /// Print JSON: one object, or one per line for lists
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// The node that a command talks to, and who talks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Over the socket of a folder; the owner of the folder says as whom.
    Folder {
        /// The folder.
        home: PathBuf,
        /// As whom; as the owner, when nobody is named.
        user: Option<String>,
    },
    /// Over the network; a token says as whom.
    Network {
        /// Where.
        url: String,
        /// The token, where there is one.
        token: Option<String>,
    },
}

impl Target {
    /// The node's folder.
    pub(crate) fn home(&self) -> Result<Home, Failed> {
        Ok(Home::new(self.folder(variable)?))
    }

    /// The node that a command talks to, and who talks.
    pub(crate) fn reach(&self) -> Result<Reach, Failed> {
        self.reach_with(variable)
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

    fn reach_with(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Reach, Failed> {
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
        let Some(url) = url else {
            if self.token.is_some() {
                return Err(Failed::usage("--token is for a node elsewhere, and none is named")
                    .hint("name it with --url; a node in a folder is told who acts with --as"));
            }
            return Ok(Reach::Folder { home: self.folder(variable)?, user });
        };
        let token = self.token.clone().or_else(|| variable(TOKEN));
        match (token, user) {
            (Some(_), Some(user)) => {
                let by = if self.user.is_some() { "--as" } else { USER };
                Err(Failed::usage(format!(
                    "a token says who acts; {by} `{user}` beside it would not count"
                ))
                .hint(format!("leave {by} out, or use a token of that user")))
            }
            (None, Some(user)) => Err(Failed::usage(format!(
                "who acts at a node elsewhere is said by a token, not by a name: `{user}`"
            ))
            .hint("give the user's token with --token or FOREWARN_TOKEN")),
            (token, None) => Ok(Reach::Network { url, token }),
        }
    }
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
        target.reach_with(variable).map_err(|failed| failed.to_string())
    }

    /// A variable that was left set once sent what was for a folder to a node elsewhere.
    #[test]
    fn a_folder_on_the_command_line_beats_the_environment() {
        let all = [(HOME, "east"), (URL, "http://far.example"), (TOKEN, "t")];
        let at = Target { home: Some("west".into()), ..Target::default() };
        assert_eq!(reach(&at, &all).unwrap(), Reach::Folder { home: "west".into(), user: None });
        let elsewhere =
            Reach::Network { url: "http://far.example".into(), token: Some("t".into()) };
        assert_eq!(reach(&Target::default(), &all).unwrap(), elsewhere);
        let both = Target { url: Some("http://far.example".into()), ..at.clone() };
        assert!(reach(&both, &[]).unwrap_err().contains("give one of the two"));
        let token = Target { token: Some("t".into()), ..at };
        assert!(reach(&token, &[]).unwrap_err().contains("--token is for a node elsewhere"));
    }

    /// The name was once left out of the request, in silence: the act was the token's user's.
    #[test]
    fn a_name_beside_a_token_is_refused() {
        let url = (URL, "http://far.example");
        let named = Target { user: Some("ana".into()), ..Target::default() };
        for variables in [&[url, (TOKEN, "t")][..], &[url]] {
            assert!(reach(&named, variables).unwrap_err().contains("`ana`"));
        }
        let token = Target { token: Some("t".into()), ..Target::default() };
        let words = reach(&token, &[url, (USER, "ana")]).unwrap_err();
        assert!(words.contains("FOREWARN_USER `ana` beside it would not count"), "{words}");
    }
}
