//! Names of hosts in the one form in which they are compared, whichever alphabet they are written
//! in (IDNA, UTS 46).

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::borrow::Cow;

/// Longest name that is looked at, in bytes: 253 signs of four bytes are longer than any.
const MAX_NAME: usize = 1_024;

/// A host's name in ASCII and lower case, without the dots around it: `Müller.Example.` as
/// `xn--mller-kva.example`. What IDNA does not allow keeps its letters, in lower case.
pub fn ascii(name: &str) -> Cow<'_, str> {
    let name = name.trim().trim_matches(['.', '。']);
    let is_plain = name.is_ascii() && !has_punycode(name);
    if is_plain || name.len() > MAX_NAME {
        let is_lower = !name.bytes().any(|b| b.is_ascii_uppercase());
        return if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_ascii_lowercase()) };
    }
    let read = Uts46::new().to_ascii(
        name.as_bytes(),
        AsciiDenyList::EMPTY,
        Hyphens::Allow,
        DnsLength::Ignore,
    );
    read.map_or_else(|_| Cow::Owned(name.to_lowercase()), |name| Cow::Owned(name.into_owned()))
}

fn has_punycode(name: &str) -> bool {
    let mut labels = name.split('.');
    labels.any(|label| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")))
}

/// An e-mail address in its one form: lower case, the host as [`ascii`] has it; of a mailbox (RFC
/// 5322 §3.4) or a `mailto` URL the address in it. `None` without an `@`.
pub fn email(address: &str) -> Option<String> {
    let (user, host) = addressed(address.trim()).rsplit_once('@')?;
    Some(format!("{}@{}", user.to_lowercase(), ascii(host)))
}

/// The address of `Ana <ana@acme.example>`, `ana@acme.example (Ana)` or `mailto:ana@acme.example`.
fn addressed(mailbox: &str) -> &str {
    let inner = mailbox.strip_suffix('>').and_then(|rest| rest.rsplit_once('<'));
    let address = match inner {
        // Several of them are no one address.
        Some((names, _)) if names.contains(['<', '>']) => mailbox,
        Some((_, address)) => address,
        None => mailbox
            .strip_suffix(')')
            .and_then(|rest| rest.split_once('('))
            .map_or(mailbox, |(address, _)| address),
    };
    let address = address.trim().trim_matches(['"', '\'']);
    match address.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => {
            rest.split('?').next().unwrap_or(rest)
        }
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_form_in_either_alphabet() {
        for (written, form) in [
            ("Müller.Example.", "xn--mller-kva.example"),
            ("MU\u{308}LLER。example", "xn--mller-kva.example"),
            ("XN--MLLER-KVA.example", "xn--mller-kva.example"),
            ("www.почта.рф", "www.xn--80a1acny.xn--p1ai"),
            ("Acme.Example", "acme.example"),
            ("_dmarc.acme.example", "_dmarc.acme.example"),
            ("a--b.example", "a--b.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("xn--a\u{0}.example", "xn--a\u{0}.example"),
        ] {
            assert_eq!(ascii(written), form, "{written}");
        }
        assert_eq!(email("Ana@Müller.example").as_deref(), Some("ana@xn--mller-kva.example"));
    }

    #[test]
    fn a_mailbox_is_its_address() {
        for mailbox in [
            "Ana <ana@acme.example>",
            "\"Acme, Ana\" <Ana@Acme.example>",
            "<ana@acme.example>",
            "Ana @ Acme <mailto:ana@acme.example>",
            "ana@acme.example (Ana)",
            "'ana@acme.example'",
            "MAILTO:ana@acme.example?subject=x",
        ] {
            assert_eq!(email(mailbox).as_deref(), Some("ana@acme.example"), "{mailbox}");
        }
        assert_eq!(email("Ana <ana>"), None);
        let several = email("A <a@x.example>, B <b@x.example>").unwrap();
        assert!(several.contains('<'), "{several}");
    }
}
