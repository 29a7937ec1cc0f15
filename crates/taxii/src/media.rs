//! Media types (TAXII 2.1 §1.6.8, §3.1) in `Accept` and `Content-Type` headers.

/// The media type of every TAXII 2.1 request body and response.
pub const TAXII: &str = "application/taxii+json;version=2.1";

/// Whether an `Accept` header admits a TAXII 2.1 response. A range without a version does, and so
/// does a request without the header (RFC 9110 §12.5.1).
pub fn accepts(header: Option<&str>) -> bool {
    header.is_none_or(|header| header.split(',').any(|range| is_taxii(range, true)))
}

/// Whether a `Content-Type` header says TAXII 2.1, with the version or without. A request without
/// the header does not.
pub fn is_content(header: Option<&str>) -> bool {
    header.is_some_and(|header| is_taxii(header, false))
}

fn is_taxii(text: &str, wildcard: bool) -> bool {
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let fits = kind == "application/taxii+json"
        || (wildcard && (kind == "*/*" || kind == "application/*"));
    fits && parts.all(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "version" => value.trim().trim_matches('"') == "2.1",
            "q" => value.trim().parse::<f32>().is_ok_and(|q| q > 0.0),
            _ => true,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_send_is_accepted() {
        for header in [
            TAXII,
            "application/taxii+json; version=2.1",
            "application/taxii+json",
            "*/*",
            "text/html, application/taxii+json;version=\"2.1\";q=0.5",
            "application/*;q=0.1",
        ] {
            assert!(accepts(Some(header)), "{header}");
        }
        assert!(accepts(None));
    }

    #[test]
    fn another_type_or_version_is_not() {
        for header in
            ["text/html", "application/taxii+json;version=2.0", "application/json", "*/*;q=0"]
        {
            assert!(!accepts(Some(header)), "{header}");
        }
        assert!(!is_content(None));
        assert!(!is_content(Some("*/*")));
        assert!(is_content(Some("application/taxii+json; version=2.1")));
    }
}
