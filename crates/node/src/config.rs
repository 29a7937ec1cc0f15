//! `forewarn.toml`: one file, unknown keys refused, every key also an environment variable.

use forewarn_exchange::scale::{Clocks, Status};
use forewarn_transcript::channel::is_node_name;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::Path;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub node: NodeSection,
    #[serde(default)]
    pub clocks: Clocks,
    /// The TAXII collections, each an inbox.
    #[serde(default, rename = "collection")]
    pub collections: Vec<CollectionSection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeSection {
    /// A domain name, or one like it: stands in log names and cards.
    pub name: String,
    /// What people call the organisation.
    pub organisation: String,
    /// Where partners reach this node.
    pub url: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// CAP status of the cases that it opens: `Actual`, `Exercise` or `Test`.
    #[serde(default)]
    pub status: Status,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectionSection {
    /// A UUID.
    pub id: String,
    pub alias: String,
    pub title: String,
    /// The source that items of this collection count as.
    #[serde(default)]
    pub source: Option<String>,
    /// The grade that they count as, such as `B2`.
    #[serde(default)]
    pub grade: Option<String>,
}

/// Why a configuration cannot be used: the operator's to mend.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    #[error("`{path}` cannot be read: {why}")]
    Unreadable { path: String, why: std::io::Error },
    #[error("`{path}`: {why}")]
    Form { path: String, why: String },
}

/// Variables that are not keys of the configuration.
const NOT_KEYS: &[&str] =
    &["FOREWARN_HOME", "FOREWARN_USER", "FOREWARN_URL", "FOREWARN_TOKEN", "FOREWARN_LOG"];

impl Config {
    /// Reads the file; variables `FOREWARN_SECTION_KEY` stand over its keys.
    pub fn read(
        path: &Path,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, BadConfig> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|why| BadConfig::Unreadable { path: name.clone(), why })?;
        Config::parse(&text, variables).map_err(|why| BadConfig::Form { path: name, why })
    }

    pub fn parse(
        text: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, String> {
        let mut table: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
        for (name, value) in variables.filter(|(name, _)| !NOT_KEYS.contains(&name.as_str())) {
            overlay(&mut table, &name, &value)?;
        }
        let config: Config = table.try_into().map_err(|e: toml::de::Error| e.to_string())?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        if !is_node_name(&self.node.name) {
            return Err(format!(
                "node.name `{}` must be of a-z, 0-9, dots, hyphens",
                self.node.name
            ));
        }
        if self.node.organisation.trim().is_empty() || self.node.organisation.contains('\n') {
            return Err("node.organisation must be one line that is not empty".to_owned());
        }
        if !self.node.url.starts_with("http://") && !self.node.url.starts_with("https://") {
            return Err(format!(
                "node.url `{}` must start with http:// or https://",
                self.node.url
            ));
        }
        for one in &self.collections {
            forewarn_stix::StixId::parse(&format!("collection--{}", one.id))
                .map_err(|_| format!("collection.id `{}` must be a UUID", one.id))?;
        }
        Ok(())
    }
}

fn overlay(table: &mut toml::Table, name: &str, value: &str) -> Result<(), String> {
    let Some(rest) = name.strip_prefix("FOREWARN_") else { return Ok(()) };
    let rest = rest.to_ascii_lowercase();
    let Some((section, key)) = rest.split_once('_') else {
        return Err(format!("the variable {name} names no key: FOREWARN_SECTION_KEY is wanted"));
    };
    let section = table
        .entry(section)
        .or_insert_with(|| toml::Value::Table(toml::Table::new()))
        .as_table_mut()
        .ok_or_else(|| format!("the variable {name} names a list; lists are set in the file"))?;
    let number = value.parse::<i64>().ok().map(toml::Value::Integer);
    section.insert(key.to_owned(), number.unwrap_or_else(|| value.into()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[node]\nname = \"a.example\"\norganisation = \"A\"\n\
                        url = \"http://127.0.0.1:7001\"\nlisten = \"127.0.0.1:7001\"\n";

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        Config::parse(text, variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn defaults_stand_and_variables_stand_over_the_file() {
        let config = parse(TEXT, &[("FOREWARN_CLOCKS_IMMEDIATE", "5"), ("FOREWARN_HOME", "/x")]);
        let config = config.unwrap();
        assert_eq!((config.clocks.immediate, config.clocks.expected), (5, 60));
    }

    #[test]
    fn unknown_keys_and_variables_are_refused_by_name() {
        assert!(parse(&format!("{TEXT}colour = \"red\"\n"), &[]).unwrap_err().contains("colour"));
        assert!(parse(TEXT, &[("FOREWARN_NODE_COLOUR", "red")]).unwrap_err().contains("colour"));
        assert!(parse(&TEXT.replace("a.example", "A B"), &[]).unwrap_err().contains("node.name"));
    }
}
