//! `forewarn key`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::Subcommand;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::card::fingerprint;
use forewarn_node::Config;
use forewarn_view::answer::KeysAnnounced;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make new keys beside those that are there. They are used once they were announced and
    /// confirmed
    Add,
    /// Tell every partner of our newest keys, over the channel and signed by the old ones
    Announce,
}

pub(crate) fn add(target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    let config = Config::read(&home.config(), std::env::vars());
    let config = config.map_err(|e| Failed::internal(e.to_string()))?;
    let added = home.add_key().map_err(|e| Failed::refused(e.to_string()))?;
    let mut keys = added.keys();
    keys.mldsa44 = keys.mldsa44.filter(|_| config.node.second_signature);
    let words = fingerprint(&config.node.name, &keys);
    let value = json!({ "key": keys.ed25519, "fingerprint": words });
    let sentence = format!(
        "new keys are in {}; their words are: {words}\n\
         next: start the node again, then `forewarn key announce`",
        home.key().display(),
    );
    output::answer(target.json, &value, sentence)
}

pub(crate) async fn announce(context: &Context) -> Result<(), Failed> {
    let announced: KeysAnnounced = context.client.act(PartnerAct::AnnounceKeys {}).await?;
    let sentence = format!(
        "{}\nread the words of `forewarn card` aloud to each, by a line you trust; until a \
         partner has confirmed them, the old keys sign what goes to it",
        announced.words(),
    );
    output::answer(context.json, &announced, sentence)
}
