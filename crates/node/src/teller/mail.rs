//! Mail by SMTP: with TLS, but within this machine.

use super::words::Sender;
use super::{Failed, secret_of};
use crate::notifier::NotifierSection;
use forewarn_exchange::feed::is_private;
use forewarn_exchange::telling::Delivery;
use lettre::message::{Mailbox, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::path::Path;
use std::time::Duration;

/// The port on which TLS begins with the first byte (RFC 8314 §3.3).
const TLS_PORT: u16 = 465;
/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends it; the far side has taken it when there is no failure.
pub(super) async fn send(
    notifier: &NotifierSection,
    (secrets, authorities): (&Path, Option<&Path>),
    sender: &Sender,
    delivery: &Delivery,
) -> Result<(), Failed> {
    let address = |text: &str| {
        let parsed = text.parse::<Address>();
        parsed.map_err(|e| Failed(format!("`{}` is not an address: {e}", text.escape_debug())))
    };
    let to = delivery.means.address.as_deref();
    let to = to.ok_or_else(|| Failed("the person has no address for mail".to_owned()))?;
    let from = notifier.from.as_deref().unwrap_or_default();
    let message = Message::builder()
        .from(Mailbox::new(None, address(from)?))
        .to(Mailbox::new(None, address(to)?))
        .subject(sender.subject(delivery))
        // The same for each try: a mailbox shows it once.
        .message_id(Some(format!("<{}@{}>", delivery.id, sender.node)))
        .header(header::ContentType::TEXT_PLAIN)
        .body(sender.text(delivery))
        .map_err(|e| Failed(format!("the message cannot be written: {e}")))?;
    let (host, port) = server(notifier)?;
    let tls = if is_here(&host) {
        Tls::None
    } else {
        let mut parameters = TlsParameters::builder(host.clone());
        if let Some(path) = authorities {
            let pem = std::fs::read(path).map_err(|e| Failed(e.to_string()))?;
            let authority = Certificate::from_pem(&pem).map_err(|e| Failed(e.to_string()))?;
            parameters = parameters.add_root_certificate(authority);
        }
        let parameters = parameters.build_rustls().map_err(|e| Failed(e.to_string()))?;
        if port == TLS_PORT { Tls::Wrapper(parameters) } else { Tls::Required(parameters) }
    };
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(port)
        .timeout(Some(PATIENCE))
        .tls(tls);
    if let Some(user) = &notifier.user {
        let secret = secret_of(notifier, secrets)?;
        transport = transport.credentials(Credentials::new(user.clone(), secret.to_string()));
    }
    transport.build().send(message).await.map(drop).map_err(|e| Failed(e.to_string()))
}

/// Whether a server is on this machine, by what it is called: mail to it needs no TLS.
fn is_here(host: &str) -> bool {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    is_private(&format!("http://{host}"))
}

fn server(notifier: &NotifierSection) -> Result<(String, u16), Failed> {
    let text = notifier.server.as_deref().unwrap_or_default();
    let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let (host, port) = parts.ok_or_else(|| Failed(format!("`{text}` is not HOST:PORT")))?;
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_goes_in_the_clear_within_this_machine_only() {
        for host in ["127.0.0.1", "::1", "localhost"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["smtp.west.example", "10.0.0.1", "192.0.2.1", "2001:db8::1", "localhost.x"] {
            assert!(!is_here(host), "{host}");
        }
    }
}
