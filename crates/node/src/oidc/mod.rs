//! Providers that say who somebody is (OpenID Connect Core 1.0): those of the configuration, and no
//! other. What they answer is a stranger's until a signature is checked.

pub(crate) mod id_token;
pub(crate) mod pending;
pub(crate) mod provider;
pub mod section;

use forewarn_exchange::Refusal;
use forewarn_exchange::link::Issuer;
use pending::AllPending;
use provider::Provider;
use section::OidcSection;
use std::collections::HashMap;
use std::path::Path;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Most questions to providers at the same time: strangers cause them.
const MAX_ASKING: usize = 4;

/// All of them, and the sign-ins that wait there.
pub(crate) struct Providers {
    pub(crate) all: Vec<Provider>,
    pub(crate) pending: AllPending,
    pub(crate) asking: Semaphore,
}

impl Providers {
    /// Those of the configuration, with the folder of secrets and the variables.
    pub(crate) fn open(
        sections: &[OidcSection],
        secrets: &Path,
        variables: &HashMap<String, String>,
    ) -> Result<Providers, Refusal> {
        let mut all = Vec::new();
        for section in sections {
            all.push(Provider {
                issuer: Issuer::parse(&section.issuer)?,
                secret_file: section.secret_file.as_ref().map(|file| secrets.join(file)),
                secret: variables.get(&section.variable()).cloned().map(Zeroizing::new),
                section: section.clone(),
            });
        }
        let (pending, asking) = (AllPending::default(), Semaphore::new(MAX_ASKING));
        Ok(Providers { all, pending, asking })
    }

    /// The one of that name; the only one, when none is named.
    pub(crate) fn find(&self, name: Option<&str>) -> Option<(usize, &Provider)> {
        let mut named = self.all.iter().enumerate();
        match name {
            Some(name) => named.find(|(_, one)| one.section.name == name),
            None if self.all.len() == 1 => named.next(),
            None => None,
        }
    }
}
