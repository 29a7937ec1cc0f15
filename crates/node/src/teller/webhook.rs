//! A POST signed by Standard Webhooks: the receiver knows whose it is, and drops what it has.

use super::words::Sender;
use super::{Failed, secret_of};
use crate::clock;
use crate::egress::Egress;
use crate::notifier::NotifierSection;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::telling::Delivery;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::path::Path;

/// What a secret begins with (Standard Webhooks 1.0, "Signature scheme").
const PREFIX: &str = "whsec_";
/// Fewest and most bytes of a key (Standard Webhooks 1.0).
const KEY: std::ops::RangeInclusive<usize> = 24..=64;

/// Sends it; the far side has taken it when it answers with a status of success.
pub(super) async fn send(
    notifier: &NotifierSection,
    secrets: &Path,
    (egress, sender): (&Egress, &Sender),
    delivery: &Delivery,
) -> Result<(), Failed> {
    let url = notifier.url.as_deref().unwrap_or_default();
    let body = sender.json(delivery).to_string();
    let time = clock::seconds(&clock::now());
    let signature = signature(&secret_of(notifier, secrets)?, &delivery.id, time, &body)?;
    let headers = [
        ("webhook-id", delivery.id.clone()),
        ("webhook-timestamp", time.to_string()),
        ("webhook-signature", format!("v1,{signature}")),
    ];
    let answer = egress.call(url, &headers, body.into_bytes()).await;
    let answer = answer.map_err(|e| Failed(e.to_string()))?;
    match answer.status {
        200..=299 => Ok(()),
        status => Err(Failed(format!("the receiver answered {status}"))),
    }
}

/// HMAC-SHA256 of id, time and body, in base64.
fn signature(secret: &str, id: &str, time: u64, body: &str) -> Result<String, Failed> {
    let wrong = || {
        Failed(format!(
            "its secret must be {PREFIX} and {} to {} bytes in base64",
            KEY.start(),
            KEY.end()
        ))
    };
    let key = STANDARD.decode(secret.strip_prefix(PREFIX).ok_or_else(wrong)?);
    let key = key.ok().filter(|key| KEY.contains(&key.len())).ok_or_else(wrong)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| wrong())?;
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn a_signature_is_that_of_the_reference_libraries() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let made = signature(
            secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(made.unwrap(), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        for bad in ["", "whsec_", "whsec_YQ==", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(signature(bad, "1", 1, "").is_err(), "{bad}");
        }
    }
}
