//! `forewarn.toml`: one file, unknown keys refused, every key also an environment variable.

mod collections;
mod limits;
mod operating;
mod reloaded;
mod variables;

pub use collections::{
    CollectionSection, CreatorSection, OutletSection, ShelfSection, TaxiiSection,
};
pub use limits::{FeedsSection, LimitsSection, QuotaSection};
pub use operating::{
    AuditSection, BackupSection, JournalSection, KeptBy, MetricsSection, PolicySection,
    TimestampSection, WitnessSection, usual_silence,
};

pub(crate) use variables::variable_of;

use crate::notifier::{HeartbeatSection, NotifierSection};
use crate::oidc::section::OidcSection;
use forewarn_exchange::erasure::Retention;
use forewarn_exchange::gate::Withheld;
use forewarn_exchange::grading::Grading;
use forewarn_exchange::origin::{BadOrigin, Origin};
use forewarn_exchange::scale::{Clocks, Status};
use forewarn_exchange::waiver::WaiverRules;
use forewarn_stix::id::StixId;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::channel::is_node_name;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

/// What the file `forewarn.toml` says, with the environment's variables over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Who this node is, and where it is reached.
    pub node: NodeSection,
    /// How long each urgency gives for a decision.
    #[serde(default)]
    pub clocks: Clocks,
    /// On which grounds a duty to warn may be waived, and who may decide each.
    #[serde(default)]
    pub waivers: WaiverRules,
    /// How many release a draft.
    #[serde(default)]
    pub release: ReleaseSection,
    /// The organisation's own policy for what leaves.
    #[serde(default, skip_serializing_if = "PolicySection::is_default")]
    pub policy: PolicySection,
    /// How many days what is over is kept.
    #[serde(default, skip_serializing_if = "Retention::is_default")]
    pub retention: Retention,
    /// Where the signer runs.
    #[serde(default, skip_serializing_if = "SignerSection::is_default")]
    pub signer: SignerSection,
    /// How the node speaks to partners.
    #[serde(default, skip_serializing_if = "ChannelSection::is_default")]
    pub channel: ChannelSection,
    /// What TAXII clients are told.
    #[serde(default)]
    pub taxii: TaxiiSection,
    /// When it is there, the network is spoken to by TLS only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsSection>,
    /// How much one account may ask for.
    #[serde(default)]
    pub limits: LimitsSection,
    /// How much one partner's node may bring.
    #[serde(default, skip_serializing_if = "QuotaSection::is_default")]
    pub quota: QuotaSection,
    /// How much one feed may bring.
    #[serde(default, skip_serializing_if = "FeedsSection::is_default")]
    pub feeds: FeedsSection,
    /// How items are held against interests.
    #[serde(default, skip_serializing_if = "MatchingSection::is_default")]
    pub matching: MatchingSection,
    /// Whom the node trusts when it calls others.
    #[serde(default, skip_serializing_if = "EgressSection::is_default")]
    pub egress: EgressSection,
    /// Who may say who somebody is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oidc: Vec<OidcSection>,
    /// The TAXII collections that things are taken in by.
    #[serde(default, rename = "collection", skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<CollectionSection>,
    /// Who may revoke the objects of a creator.
    #[serde(default, rename = "creator", skip_serializing_if = "Vec::is_empty")]
    pub creators: Vec<CreatorSection>,
    /// The TAXII collections that partners fetch what was released to them from.
    #[serde(default, rename = "outlet", skip_serializing_if = "Vec::is_empty")]
    pub outlets: Vec<OutletSection>,
    /// The TAXII collections that our own tools take from what partners warned us of.
    #[serde(default, rename = "shelf", skip_serializing_if = "Vec::is_empty")]
    pub shelves: Vec<ShelfSection>,
    /// By what people are told of what needs them.
    #[serde(default, rename = "notifier", skip_serializing_if = "Vec::is_empty")]
    pub notifiers: Vec<NotifierSection>,
    /// Who is called as long as the node is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<HeartbeatSection>,
    /// Backups that the node makes by itself.
    #[serde(default, skip_serializing_if = "BackupSection::is_default")]
    pub backup: BackupSection,
    /// Who cosigns the checkpoints of our logs.
    #[serde(default, rename = "witness", skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<WitnessSection>,
    /// Who stamps the receipts for our logs.
    #[serde(default, rename = "timestamp", skip_serializing_if = "Vec::is_empty")]
    pub timestamps: Vec<TimestampSection>,
    /// The audit stream.
    #[serde(default, skip_serializing_if = "AuditSection::is_default")]
    pub audit: AuditSection,
    /// Where the journal is, when it is not in the node's own database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<JournalSection>,
    /// Figures for Prometheus.
    #[serde(default, skip_serializing_if = "MetricsSection::is_default")]
    pub metrics: MetricsSection,
}

/// How many persons release a draft, beside whoever wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseSection {
    /// From this marking on it takes two; one is enough, when nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_approvers: Option<Tlp>,
}

/// Files in PEM form; a path that is not absolute is one in the node's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// The certificate, followed by those between it and the authority's.
    pub certificate: String,
    /// The certificate's private key.
    pub key: String,
}

/// Whom the node trusts when it calls by TLS.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EgressSection {
    /// A file in PEM form with authorities that are trusted beside the public ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorities: Option<String>,
    /// Networks that are not open, such as `10.2.0.0/16`, in which partners' nodes may be called
    /// all the same. The URL of a partner's card leads to no other closed network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<IpNet>,
}

impl EgressSection {
    fn is_default(&self) -> bool {
        *self == EgressSection::default()
    }
}

/// How items are held against interests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchingSection {
    /// A new interest is tried against what was taken in during this many days before; with 0, only
    /// against what comes later.
    pub look_back_days: u32,
}

impl Default for MatchingSection {
    fn default() -> MatchingSection {
        MatchingSection { look_back_days: 30 }
    }
}

impl MatchingSection {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    fn is_default(&self) -> bool {
        *self == MatchingSection::default()
    }

    /// In microseconds.
    pub(crate) fn look_back_micros(self) -> i64 {
        i64::from(self.look_back_days).saturating_mul(24 * 60 * 60 * 1_000_000)
    }
}

/// Who this node is, and where it is reached.
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
    /// Whether what is signed on new channels is signed by ML-DSA-44 too, where the partner does
    /// the same.
    #[serde(default)]
    pub second_signature: bool,
    /// Whether one administrator is enough to give somebody a role that drafts or releases. Chosen
    /// when the node is made: a node that was made with two does not start with one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_administrator: bool,
}

impl NodeSection {
    /// Where partners reach this node, as its card says it.
    ///
    /// # Errors
    /// When `url` is not an origin; a slash at its end is passed over.
    pub fn origin(&self) -> Result<Origin, BadOrigin> {
        Origin::parse(self.url.trim_end_matches('/'))
    }
}

/// How partners' logs come here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelSection {
    /// Partners that cannot reach this node: their logs are fetched.
    pub fetch: Vec<String>,
}

impl ChannelSection {
    fn is_default(&self) -> bool {
        *self == ChannelSection::default()
    }
}

/// Who holds the node's keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignerSection {
    /// The socket of a signer that runs already (`forewarn signer --listen`), under another user
    /// perhaps; a path that is not absolute is one in the node's folder. Without it, the node
    /// starts a signer of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
}

impl SignerSection {
    fn is_default(&self) -> bool {
        *self == SignerSection::default()
    }
}

/// Why a configuration cannot be used: the operator's to mend.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The file cannot be read.
    #[error("`{path}` cannot be read: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        why: std::io::Error,
    },
    /// The file is not a configuration.
    #[error("`{path}`: {why}")]
    Form {
        /// The file.
        path: String,
        /// Which key is wrong, and what is expected.
        why: String,
    },
}

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

    /// Reads a configuration from a text; variables `FOREWARN_SECTION_KEY` override its keys.
    ///
    /// # Errors
    /// A sentence that names the key that is wrong, and what is expected.
    pub fn parse(
        text: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, String> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
        let table = variables::over(table, variables)?;
        let config: Config = table.try_into().map_err(|e: toml::de::Error| e.to_string())?;
        config.check()?;
        Ok(config)
    }

    /// What tells people.
    fn check_telling(&self) -> Result<(), String> {
        let mut notifiers = BTreeSet::new();
        for one in &self.notifiers {
            one.check()?;
            if !notifiers.insert(&one.name) {
                return Err(format!("notifier `{}`: its name is another's too", one.name));
            }
        }
        if let Some(one) = self.heartbeat.as_ref().filter(|one| !(1..=86_400).contains(&one.every))
        {
            return Err(format!("heartbeat.every {} must be 1 to 86400 seconds", one.every));
        }
        Ok(())
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
        self.node.origin().map_err(|e| format!("node.url: {e}"))?;
        for (name, value) in [
            ("connections", self.limits.connections),
            ("connections_per_address", self.limits.connections_per_address),
            ("first_request_seconds", self.limits.first_request_seconds as usize),
            ("body_memory", usize::try_from(self.limits.body_memory).unwrap_or(usize::MAX)),
        ] {
            if value == 0 {
                return Err(format!("limits.{name} must be above 0"));
            }
        }
        if self.taxii.max_content_length == 0 {
            return Err("taxii.max_content_length must be above 0".to_owned());
        }
        OidcSection::check_all(&self.oidc)?;
        self.backup.check()?;
        self.audit.check()?;
        WitnessSection::check_all(&self.witnesses)?;
        TimestampSection::check_all(&self.timestamps)?;
        self.check_telling()?;
        for one in &self.creators {
            if !matches!(StixId::type_of(&one.id), Ok("identity")) {
                return Err(format!("creator.id `{}` is no identity's id", one.id));
            }
            if one.accounts.is_empty() && one.sources.is_empty() {
                return Err(format!("creator `{}` needs accounts or sources", one.id));
            }
        }
        for one in &self.collections {
            if let Some(kind) =
                one.accepts.iter().find(|kind| !forewarn_stix::id::is_type_name(kind))
            {
                return Err(format!("collection.accepts `{kind}` is no STIX type"));
            }
            if let Some(source) = &one.source {
                Withheld::check_handle(source).map_err(|e| format!("collection.source: {e}"))?;
            }
            if let Some(Err(not)) = one.grade.as_deref().map(str::parse::<Grading>) {
                return Err(format!("collection.grade: {not}"));
            }
        }
        let inlets = self.collections.iter().map(|one| ("collection", &one.id, &one.alias));
        let outlets = self.outlets.iter().map(|one| ("outlet", &one.id, &one.alias));
        self.shelves.iter().try_for_each(ShelfSection::check)?;
        let shelves = self.shelves.iter().map(|one| ("shelf", &one.id, &one.alias));
        let mut names = BTreeSet::new();
        for (what, id, alias) in inlets.chain(outlets).chain(shelves) {
            forewarn_stix::StixId::parse(&format!("collection--{id}"))
                .map_err(|_| format!("{what}.id `{id}` must be a UUID"))?;
            // TAXII 2.1 §5.2.1: an alias is unique within its API root; it stands in URLs.
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
            if alias.is_empty() || alias.len() > 100 || !alias.chars().all(plain) {
                return Err(format!("{what}.alias `{alias}` must be of a-z, 0-9, - _ ."));
            }
            if !names.insert(id) || !names.insert(alias) {
                return Err(format!("{what} `{alias}`: its id or alias is another's too"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::variables::NOT_KEYS;
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
        assert_eq!((config.clocks.immediate, config.clocks.expected), (5, 20));
    }

    /// Only numbers and texts could be set by a variable: neither yes and no, nor a list; and a
    /// text of digits was taken for a number.
    #[test]
    fn a_variable_is_what_its_key_takes() {
        let config = parse(
            TEXT,
            &[
                ("FOREWARN_NODE_SECOND_SIGNATURE", "true"),
                ("FOREWARN_NODE_ORGANISATION", "112"),
                ("FOREWARN_TAXII_TITLE", "true"),
                ("FOREWARN_CHANNEL_FETCH", "[\"east.example\"]"),
                ("FOREWARN_QUOTA_OPEN_WARNINGS", "7"),
                ("FOREWARN_SIGNER_SOCKET", "a.sock"),
            ],
        );
        let config = config.unwrap();
        assert!(config.node.second_signature);
        assert_eq!(config.node.organisation, "112");
        assert_eq!(config.taxii.title.as_deref(), Some("true"));
        assert_eq!(config.channel.fetch, ["east.example"]);
        assert_eq!(config.quota.open_warnings, 7);
        let bad = parse(TEXT, &[("FOREWARN_LIMITS_CONNECTIONS", "many")]).unwrap_err();
        assert!(bad.contains("many"), "{bad}");
    }

    const DOCUMENT: &str = include_str!("../../../../docs/operating/configuration.md");

    /// The keys that there are, as the refusal of an unknown one names them.
    fn keys_of(section: &str, is_list: bool) -> BTreeSet<String> {
        let head = match (section, is_list) {
            ("", _) => String::new(),
            (name, false) => format!("[{name}]\n"),
            (name, true) => format!("[[{name}]]\n"),
        };
        let error = toml::from_str::<Config>(&format!("{head}no_such_key = 1\n")).unwrap_err();
        let message = error.message();
        let (_, expected) = message.split_once("expected").unwrap_or_else(|| panic!("{message}"));
        expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn each_key_is_documented_with_its_default() {
        let block = DOCUMENT.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let block = block.unwrap();
        let table: toml::Table = block.parse().unwrap();
        assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), keys_of("", false));
        for (name, section) in &table {
            let (section, is_list) = match section {
                toml::Value::Array(list) => (&list[0], true),
                one => (one, false),
            };
            let documented: BTreeSet<String> =
                section.as_table().unwrap().keys().cloned().collect();
            assert_eq!(documented, keys_of(name, is_list), "[{name}]");
        }
        let documented = parse(block, &[]).unwrap();
        let defaults = parse(TEXT, &[]).unwrap();
        assert_eq!(documented.clocks, defaults.clocks);
        assert_eq!(documented.waivers.profile, defaults.waivers.profile);
        assert_eq!(documented.limits, defaults.limits);
        assert_eq!(documented.quota, defaults.quota);
        assert_eq!(documented.feeds, defaults.feeds);
        assert_eq!(documented.matching, defaults.matching);
        assert_eq!(documented.taxii.max_content_length, defaults.taxii.max_content_length);
        assert_eq!(documented.node.status, defaults.node.status);
        assert_eq!(documented.node.second_signature, defaults.node.second_signature);
        for variable in NOT_KEYS {
            assert!(DOCUMENT.contains(&format!("| `{variable}` |")), "{variable}");
        }
    }

    #[test]
    fn ids_and_aliases_of_collections_are_unique() {
        let one = |id: &str, alias: &str| {
            format!("[[collection]]\nid = \"{id}\"\nalias = \"{alias}\"\ntitle = \"t\"\n")
        };
        let (a, b) =
            ("8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "9e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
        let with = |more: &[String]| parse(&format!("{TEXT}{}", more.concat()), &[]);
        assert_eq!(with(&[one(a, "x"), one(b, "y")]).unwrap().collections.len(), 2);
        assert!(with(&[one(a, "x"), one(a, "y")]).unwrap_err().contains("another's too"));
        assert!(with(&[one(a, "x"), one(b, "x")]).unwrap_err().contains("another's too"));
        assert!(with(&[one(a, "A b")]).unwrap_err().contains("collection.alias"));
        assert!(with(&[one("none", "x")]).unwrap_err().contains("must be a UUID"));
        let outlet = one(b, "x").replace("collection", "outlet");
        let outlet = format!("{outlet}partner = \"p\"\nreaders = []\n");
        assert!(with(&[one(a, "x"), outlet]).unwrap_err().contains("another's too"));
    }

    #[test]
    fn unknown_keys_and_variables_are_refused_by_name() {
        assert!(parse(&format!("{TEXT}colour = \"red\"\n"), &[]).unwrap_err().contains("colour"));
        assert!(parse(TEXT, &[("FOREWARN_NODE_COLOUR", "red")]).unwrap_err().contains("colour"));
        assert!(parse(&TEXT.replace("a.example", "A B"), &[]).unwrap_err().contains("node.name"));
    }
}
