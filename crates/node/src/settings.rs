//! The configuration as it stands, and what the file as it is now would make of it: at once, and at the
//! next start.

use crate::collection::TakenOut;
use crate::config::Config;
use crate::home::Home;
use crate::origin::{Value, ValueOrigin};
use crate::start::NotStarted;
use crate::stated::Stated;
use forewarn_engine::Configuration;
use forewarn_policy::PolicyFile;
use forewarn_transcript::Hash;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The beginning of the names of our variables.
const OURS: &str = "FOREWARN_";
/// What a file's text is called, where only its name stands in the configuration.
const AS_IT_WAS: &str = "the file as it was read";
const AS_IT_IS: &str = "the file as it is now";

/// What the node goes by.
#[derive(Debug)]
pub struct Settings {
    home: Home,
    variables: HashMap<String, String>,
    standing: Mutex<Arc<Standing>>,
}

/// A configuration that counts, with what was read of its files.
#[derive(Debug)]
pub struct Standing {
    config: Config,
    values: Vec<Value>,
    policies: Vec<PolicyFile>,
    certificate: Option<Hash>,
}

/// A value that is otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// `section.key`.
    pub key: String,
    /// As it is; `None` for one that is new.
    pub now: Option<String>,
    /// As it would be; `None` for one that would be gone.
    pub then: Option<String>,
}

impl Changed {
    /// What was on record was another node's file.
    pub(crate) fn on_record(key: &str) -> Changed {
        let (now, then) = ("as another node has put it on record", "as this node's file says");
        Changed { key: key.to_owned(), now: Some(now.to_owned()), then: Some(then.to_owned()) }
    }
}

/// What the file as it is now would change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// What is taken while the node runs.
    pub at_once: Vec<Changed>,
    /// What needs a new start.
    pub at_start: Vec<Changed>,
    /// Collections that were taken out of the file, when it counts.
    pub taken_out: Vec<TakenOut>,
}

/// What was read and checked, and is to count from now on.
pub(crate) struct Reading {
    /// With the configuration that is to run: of the file what counts at once.
    pub(crate) stated: Stated,
    pub(crate) changes: Changes,
    standing: Standing,
}

impl Standing {
    fn new(stated: &Stated, values: Vec<Value>) -> Standing {
        let (config, policies) = (stated.config.clone(), stated.policies.clone());
        Standing { config, values, policies, certificate: stated.certificate }
    }

    /// Every value as it stands.
    pub fn values(&self) -> &[Value] {
        &self.values
    }
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
        let standing = Mutex::new(Arc::new(Standing::new(stated, values)));
        Settings { home: home.clone(), variables, standing }
    }

    /// What counts now.
    pub fn standing(&self) -> Arc<Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every value as it counts: what is on record stands above the file, which may be another node's.
    pub fn counting(&self, record: &Configuration) -> Vec<Value> {
        let standing = self.standing();
        let counts = standing.config.by_record(record);
        let mut known: BTreeMap<String, Value> =
            standing.values.iter().map(|one| (one.key.clone(), one.clone())).collect();
        let all = counts.values("", |_| false).into_iter();
        let all = all.map(|one| match known.remove(&one.key) {
            Some(own) if own.value == one.value => own,
            Some(_) | None => Value { origin: ValueOrigin::Record, ..one },
        });
        all.collect()
    }

    /// What the file as it is now, with the files that it names, would change.
    ///
    /// # Errors
    /// With which key or file no node would start.
    pub fn changes(&self) -> Result<Changes, String> {
        self.read().map(|reading| reading.changes).map_err(|why| why.to_string())
    }

    /// Reads and checks the file as it is now, as a whole.
    pub(crate) fn read(&self) -> Result<Reading, NotStarted> {
        let then = Stated::read(&self.home, &self.variables)?;
        let text = std::fs::read_to_string(self.home.config()).unwrap_or_default();
        let values =
            |config: &Config| config.values(&text, |name| self.variables.contains_key(name));
        let now = self.standing();
        let running = now.config.running(&then.config);
        let running_values = values(&running);
        let mut at_once = between(&now.values, &running_values);
        at_once.extend(rewritten(&now.policies, &then.policies));
        let has_same_files = now.config.tls == running.tls;
        if has_same_files && running.tls.is_some() && now.certificate != then.certificate {
            at_once.push(file_changed("tls.certificate"));
        }
        let at_start = between(&running_values, &values(&then.config));
        let stated = Stated { config: running, ..then };
        let standing = Standing::new(&stated, running_values);
        Ok(Reading {
            stated,
            changes: Changes { at_once, at_start, ..Changes::default() },
            standing,
        })
    }

    /// This counts from now on.
    pub(crate) fn take(&self, reading: Reading) -> Changes {
        let Reading { standing, changes, stated: _ } = reading;
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(standing);
        changes
    }
}

/// What is otherwise in one than in the other, in the order of the keys.
fn between(now: &[Value], then: &[Value]) -> Vec<Changed> {
    let by_key = |values: &[Value]| -> BTreeMap<String, String> {
        values.iter().map(|one| (one.key.clone(), one.value.clone())).collect()
    };
    let (now, then) = (by_key(now), by_key(then));
    let keys: BTreeSet<&String> = now.keys().chain(then.keys()).collect();
    let changed = keys.into_iter().filter(|key| now.get(*key) != then.get(*key));
    let changed = changed.map(|key| Changed {
        key: key.clone(),
        now: now.get(key).cloned(),
        then: then.get(key).cloned(),
    });
    changed.collect()
}

/// Files of policies that are named as before and say something else now.
fn rewritten(now: &[PolicyFile], then: &[PolicyFile]) -> impl Iterator<Item = Changed> {
    let is_other = |one: &&PolicyFile| {
        now.iter().any(|known| known.name == one.name && known.text != one.text)
    };
    then.iter().filter(is_other).map(|one| file_changed(&format!("policy.files {}", one.name)))
}

fn file_changed(key: &str) -> Changed {
    let (now, then) = (Some(AS_IT_WAS.to_owned()), Some(AS_IT_IS.to_owned()));
    Changed { key: key.to_owned(), now, then }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[node]\nname = \"a.example\"\norganisation = \"A\"\n\
                        url = \"https://a.example\"\nlisten = \"127.0.0.1:7700\"\n";

    /// A folder with this file, and a node's settings that started with it.
    fn started(text: &str) -> (tempfile::TempDir, Settings) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("forewarn.toml"), text).unwrap();
        let variables = [("PATH".to_owned(), "/bin".to_owned())].into();
        let home = Home::new(folder.path());
        let stated = Stated::read(&home, &variables).unwrap();
        let settings = Settings::started(&home, &stated, &variables);
        (folder, settings)
    }

    fn keys(changed: &[Changed]) -> Vec<&str> {
        changed.iter().map(|one| one.key.as_str()).collect()
    }

    #[test]
    fn what_the_file_would_change_is_told_and_so_is_a_file_that_cannot_be_used() {
        let (folder, settings) = started(TEXT);
        let path = folder.path().join("forewarn.toml");
        assert_eq!(settings.changes(), Ok(Changes::default()));
        std::fs::write(&path, TEXT.replace("\"A\"", "\"B\"")).unwrap();
        let (now, then) = (Some("\"A\"".to_owned()), Some("\"B\"".to_owned()));
        let changed = Changed { key: "node.organisation".to_owned(), now, then };
        let at_start = vec![changed];
        assert_eq!(settings.changes(), Ok(Changes { at_start, ..Changes::default() }));
        std::fs::write(&path, TEXT.replace("url", "urll")).unwrap();
        assert!(settings.changes().unwrap_err().contains("urll"));
    }

    #[test]
    fn a_policy_s_text_is_read_again_too() {
        let policy = "@id(\"none\") forbid(principal, action, resource);";
        let (folder, settings) = started(TEXT);
        let house = folder.path().join("house.cedar");
        std::fs::write(&house, policy).unwrap();
        let with = format!("{TEXT}[policy]\nfiles = [\"house.cedar\"]\n");
        std::fs::write(folder.path().join("forewarn.toml"), with).unwrap();
        let reading = settings.read().unwrap();
        assert_eq!(keys(&settings.take(reading).at_once), ["policy.files"]);
        assert_eq!(settings.changes(), Ok(Changes::default()));
        std::fs::write(&house, policy.replace("none", "nothing")).unwrap();
        assert_eq!(keys(&settings.changes().unwrap().at_once), ["policy.files house.cedar"]);
        std::fs::write(&house, "forbid").unwrap();
        assert!(settings.changes().unwrap_err().contains("house.cedar"));
    }

    #[test]
    fn what_is_taken_stands_and_the_rest_waits_for_a_start() {
        let (folder, settings) = started(TEXT);
        let more = "[limits]\nconnections = 7\n[metrics]\nlisten = \"127.0.0.1:9\"\n\
                    partners = true\n[tls]\ncertificate = \"a\"\nkey = \"b\"\n\
                    [[notifier]]\nname = \"log\"\nkind = \"syslog\"\n";
        let text = format!("{}{more}", TEXT.replace("7700", "7701"));
        std::fs::write(folder.path().join("forewarn.toml"), text).unwrap();
        let reading = settings.read().unwrap();
        let changes = settings.take(reading);
        let taken = ["limits.connections", "metrics.partners", "notifier log: kind"];
        assert_eq!(keys(&changes.at_once), [&taken[..], &["notifier log: name"]].concat());
        let waits = ["metrics.listen", "node.listen", "tls.certificate", "tls.key"];
        assert_eq!(keys(&changes.at_start), waits);
        let left = settings.changes().unwrap();
        assert_eq!((left.at_once, keys(&left.at_start)), (Vec::new(), waits.to_vec()));
    }

    #[test]
    fn a_certificate_in_the_same_file_is_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let certificate = folder.path().join("tls.pem");
        std::fs::write(&certificate, "one").unwrap();
        let text =
            format!("{TEXT}[tls]\ncertificate = \"{0}\"\nkey = \"{0}\"\n", certificate.display());
        let (_home, settings) = started(&text);
        assert_eq!(settings.changes(), Ok(Changes::default()));
        std::fs::write(&certificate, "another").unwrap();
        assert_eq!(keys(&settings.changes().unwrap().at_once), ["tls.certificate"]);
    }
}
