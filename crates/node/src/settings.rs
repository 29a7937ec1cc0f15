//! The configuration as it stands, and what the next start would make of the file as it is now.

use crate::config::Config;
use crate::origin::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// The beginning of the names of our variables.
const OURS: &str = "FOREWARN_";

/// What the node was started with.
#[derive(Debug)]
pub struct Settings {
    path: PathBuf,
    variables: HashMap<String, String>,
    values: Vec<Value>,
}

/// A value that the next start would have otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// `section.key`.
    pub key: String,
    /// As it is; `None` for one that is new.
    pub now: Option<String>,
    /// As it would be; `None` for one that would be gone.
    pub then: Option<String>,
}

impl Settings {
    /// Of the configuration that a node starts with.
    pub(crate) fn started(
        path: PathBuf,
        config: &Config,
        variables: &HashMap<String, String>,
    ) -> Settings {
        let ours = |(name, value): (&String, &String)| {
            name.starts_with(OURS).then(|| (name.clone(), value.clone()))
        };
        let variables: HashMap<String, String> = variables.iter().filter_map(ours).collect();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let values = config.values(&text, |name| variables.contains_key(name));
        Settings { path, variables, values }
    }

    /// Every value as it stands.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// What the next start would change.
    ///
    /// # Errors
    /// Why the node would not start with the file as it is now.
    pub fn at_next_start(&self) -> Result<Vec<Changed>, String> {
        let text = std::fs::read_to_string(&self.path).map_err(|why| why.to_string())?;
        let config = Config::parse(&text, self.variables.clone().into_iter())?;
        let then = config.values(&text, |name| self.variables.contains_key(name));
        let by_key = |values: &[Value]| -> BTreeMap<String, String> {
            values.iter().map(|one| (one.key.clone(), one.value.clone())).collect()
        };
        let (before, after) = (by_key(&self.values), by_key(&then));
        let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let changed = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
        Ok(changed
            .map(|key| Changed {
                key: key.clone(),
                now: before.get(key).cloned(),
                then: after.get(key).cloned(),
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_next_start_would_change_is_told_and_so_is_a_file_that_cannot_be_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("forewarn.toml");
        let text = "[node]\nname = \"a.example\"\norganisation = \"A\"\n\
                    url = \"https://a.example\"\nlisten = \"127.0.0.1:7700\"\n";
        std::fs::write(&path, text).unwrap();
        let config = Config::parse(text, std::iter::empty()).unwrap();
        let variables = [("PATH".to_owned(), "/bin".to_owned())].into();
        let settings = Settings::started(path.clone(), &config, &variables);
        assert_eq!(settings.at_next_start(), Ok(Vec::new()));
        std::fs::write(&path, text.replace("\"A\"", "\"B\"")).unwrap();
        let (now, then) = (Some("\"A\"".to_owned()), Some("\"B\"".to_owned()));
        let changed = Changed { key: "node.organisation".to_owned(), now, then };
        assert_eq!(settings.at_next_start(), Ok(vec![changed]));
        std::fs::write(&path, text.replace("url", "urll")).unwrap();
        assert!(settings.at_next_start().unwrap_err().contains("urll"));
    }
}
