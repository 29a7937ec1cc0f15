//! The configuration as it stands, and what the next start would make of the file as it is now.

use crate::home::Home;
use crate::origin::Value;
use crate::stated::Stated;
use forewarn_policy::PolicyFile;
use std::collections::{BTreeMap, HashMap};

/// The beginning of the names of our variables.
const OURS: &str = "FOREWARN_";

/// What the node was started with.
#[derive(Debug)]
pub struct Settings {
    home: Home,
    variables: HashMap<String, String>,
    values: Vec<Value>,
    policies: Vec<PolicyFile>,
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
    /// Of what a node starts with.
    pub(crate) fn started(
        home: &Home,
        stated: &Stated,
        variables: &HashMap<String, String>,
    ) -> Settings {
        let ours = |(name, value): (&String, &String)| {
            name.starts_with(OURS).then(|| (name.clone(), value.clone()))
        };
        let variables: HashMap<String, String> = variables.iter().filter_map(ours).collect();
        let text = std::fs::read_to_string(home.config()).unwrap_or_default();
        let values = stated.config.values(&text, |name| variables.contains_key(name));
        Settings { home: home.clone(), variables, values, policies: stated.policies.clone() }
    }

    /// Every value as it stands.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// What the next start would change, with the policies that are read again then.
    ///
    /// # Errors
    /// Why the node would not start with the files as they are now.
    pub fn at_next_start(&self) -> Result<Vec<Changed>, String> {
        let stated = Stated::read(&self.home, &self.variables).map_err(|why| why.to_string())?;
        let text = std::fs::read_to_string(self.home.config()).map_err(|why| why.to_string())?;
        let then = stated.config.values(&text, |name| self.variables.contains_key(name));
        let by_key = |values: &[Value]| -> BTreeMap<String, String> {
            values.iter().map(|one| (one.key.clone(), one.value.clone())).collect()
        };
        let (before, after) = (by_key(&self.values), by_key(&then));
        let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let changed = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
        let changed = changed.map(|key| Changed {
            key: key.clone(),
            now: before.get(key).cloned(),
            then: after.get(key).cloned(),
        });
        Ok(changed.chain(self.policies(&stated.policies)).collect())
    }

    /// Files of policies that are named as before and say something else now.
    fn policies(&self, then: &[PolicyFile]) -> impl Iterator<Item = Changed> {
        let rewritten = then.iter().filter(|one| {
            self.policies.iter().any(|known| known.name == one.name && known.text != one.text)
        });
        rewritten.map(|one| Changed {
            key: format!("policy.files {}", one.name),
            now: Some("as it was read at the start".to_owned()),
            then: Some("the file as it is now".to_owned()),
        })
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
        let variables = [("PATH".to_owned(), "/bin".to_owned())].into();
        let home = Home::new(folder.path());
        let stated = Stated::read(&home, &variables).unwrap();
        let settings = Settings::started(&home, &stated, &variables);
        assert_eq!(settings.at_next_start(), Ok(Vec::new()));
        std::fs::write(&path, text.replace("\"A\"", "\"B\"")).unwrap();
        let (now, then) = (Some("\"A\"".to_owned()), Some("\"B\"".to_owned()));
        let changed = Changed { key: "node.organisation".to_owned(), now, then };
        assert_eq!(settings.at_next_start(), Ok(vec![changed]));
        std::fs::write(&path, text.replace("url", "urll")).unwrap();
        assert!(settings.at_next_start().unwrap_err().contains("urll"));
        // The policy's text is read at the start too.
        let house = folder.path().join("house.cedar");
        let policy = "@id(\"none\") forbid(principal, action, resource);";
        std::fs::write(&house, policy).unwrap();
        std::fs::write(&path, format!("{text}[policy]\nfiles = [\"house.cedar\"]\n")).unwrap();
        let stated = Stated::read(&home, &variables).unwrap();
        let settings = Settings::started(&home, &stated, &variables);
        assert_eq!(settings.at_next_start(), Ok(Vec::new()));
        std::fs::write(&house, policy.replace("none", "nothing")).unwrap();
        assert_eq!(settings.at_next_start().unwrap()[0].key, "policy.files house.cedar");
        std::fs::write(&house, "forbid").unwrap();
        assert!(settings.at_next_start().unwrap_err().contains("house.cedar"));
    }
}
