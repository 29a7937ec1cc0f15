//! Every value of the configuration, and where it comes from: the environment, the file, or nowhere.

use crate::config::{Config, variable_of};
use forewarn_engine::Configuration;
use forewarn_exchange::proposal::Persons;
use serde::Serialize;
use std::fmt;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueOrigin {
    /// A variable of the environment.
    Environment,
    /// The file.
    File,
    /// The record: this node's file says otherwise, and does not count.
    Record,
    /// It stands nowhere: what the program takes then.
    Default,
}

impl fmt::Display for ValueOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueOrigin::Environment => "environment",
            ValueOrigin::File => "file",
            ValueOrigin::Record => "record",
            ValueOrigin::Default => "default",
        })
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// `section.key`.
    pub key: String,
    /// As the file would have it.
    pub value: String,
    /// Where it comes from.
    pub origin: ValueOrigin,
}

impl Config {
    /// The same, with what is on record of it.
    pub(crate) fn by_record(&self, record: &Configuration) -> Config {
        let mut counts = self.clone();
        counts.node.organisation.clone_from(&record.organisation);
        counts.node.status = record.status;
        counts.node.one_administrator = record.administrators == Persons::One;
        counts.clocks = record.clocks.clone();
        counts.waivers = record.waivers.clone();
        counts.release.two_approvers = record.two_approvers;
        counts.retention = record.retention;
        counts
    }

    /// All values, in the order of the file's sections. `text` is the file's, `has_variable` whether
    /// the environment has one of that name.
    pub fn values(&self, text: &str, has_variable: impl Fn(&str) -> bool) -> Vec<Value> {
        let file: toml::Table = text.parse().unwrap_or_default();
        let mut out = Vec::new();
        for (section, table) in self.sections() {
            for (key, value) in &table {
                let in_file = file.get(section).and_then(|own| own.get(key)).is_some();
                let origin = if has_variable(&variable_of(section, key)) {
                    ValueOrigin::Environment
                } else if in_file {
                    ValueOrigin::File
                } else {
                    ValueOrigin::Default
                };
                out.push(Value {
                    key: format!("{section}.{key}"),
                    value: value.to_string(),
                    origin,
                });
            }
        }
        // Each by what is called after it, so that one more changes nothing of the others.
        let lists = [
            ("oidc", "name", tables(&self.oidc)),
            ("collection", "alias", tables(&self.collections)),
            ("creator", "id", tables(&self.creators)),
            ("outlet", "alias", tables(&self.outlets)),
            ("shelf", "alias", tables(&self.shelves)),
            ("notifier", "name", tables(&self.notifiers)),
            ("witness", "url", tables(&self.witnesses)),
            ("timestamp", "name", tables(&self.timestamps)),
        ];
        for (list, name, tables) in lists {
            for table in tables {
                let origin = ValueOrigin::File;
                let name = table.get(name).and_then(toml::Value::as_str).unwrap_or_default();
                out.extend(table.iter().map(|(key, value)| Value {
                    key: format!("{list} {name}: {key}"),
                    value: value.to_string(),
                    origin,
                }));
            }
        }
        out
    }

    fn sections(&self) -> Vec<(&'static str, toml::Table)> {
        let mut all = vec![
            ("node", table(&self.node)),
            ("clocks", table(&self.clocks)),
            ("waivers", table(&self.waivers)),
            ("release", table(&self.release)),
            ("policy", table(&self.policy)),
            ("retention", table(&self.retention)),
            ("signer", table(&self.signer)),
            ("channel", table(&self.channel)),
            ("taxii", table(&self.taxii)),
            ("limits", table(&self.limits)),
            ("quota", table(&self.quota)),
            ("feeds", table(&self.feeds)),
            ("matching", table(&self.matching)),
            ("egress", table(&self.egress)),
            ("backup", table(&self.backup)),
            ("audit", table(&self.audit)),
            ("metrics", table(&self.metrics)),
        ];
        all.extend(self.tls.as_ref().map(|tls| ("tls", table(tls))));
        all.extend(self.heartbeat.as_ref().map(|one| ("heartbeat", table(one))));
        all.extend(self.journal.as_ref().map(|one| ("journal", table(one))));
        all
    }
}

fn table(section: &impl Serialize) -> toml::Table {
    toml::Table::try_from(section).unwrap_or_default()
}

fn tables<T: Serialize>(all: &[T]) -> Vec<toml::Table> {
    all.iter().map(table).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_says_where_it_comes_from() {
        let text = "[node]\nname = \"a.example\"\norganisation = \"A\"\n\
                    url = \"https://a.example\"\nlisten = \"127.0.0.1:7700\"\n\n\
                    [limits]\nconnections = 7\n";
        let set = |name: &str| name == "FOREWARN_LIMITS_CONNECTIONS";
        let variables = [("FOREWARN_LIMITS_CONNECTIONS".to_owned(), "9".to_owned())];
        let config = Config::parse(text, variables.into_iter()).unwrap();
        let values = config.values(text, set);
        let of = |key: &str| {
            let found = values.iter().find(|value| value.key == key).unwrap();
            (found.value.as_str(), found.origin)
        };
        assert_eq!(of("node.name"), ("\"a.example\"", ValueOrigin::File));
        assert_eq!(of("limits.connections"), ("9", ValueOrigin::Environment));
        assert_eq!(of("quota.open_warnings"), ("10000", ValueOrigin::Default));
    }
}
