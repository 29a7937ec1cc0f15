//! Where a feed's URL leads: to a collection, or to an API root that is asked for its collections.

/// The folder of an API root that its collections are in.
const COLLECTIONS: &str = "/collections/";

/// A URL that people write for a feed, in the one form that is kept: a collection's, or that of an
/// API root or discovery resource; with a slash at its end. What stands below a collection, such as
/// `objects/`, is left out.
///
/// Errs with why it leads to neither.
pub(super) fn understood(url: &str) -> Result<String, &'static str> {
    let url = format!("{}/", url.trim_end_matches('/'));
    let Some(at) = place_of_collections(&url) else { return Ok(url) };
    let (root, rest) = url.split_at(at + COLLECTIONS.len());
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let Some(id) = parts.next() else {
        return Ok(root.trim_end_matches("collections/").to_owned());
    };
    match (parts.next(), parts.next()) {
        (None | Some("objects" | "manifest"), None) => Ok(format!("{root}{id}/")),
        _ => Err("it leads to something within a collection, not to the collection"),
    }
}

/// Whether a URL that is understood is a collection's.
pub(super) fn is_collection(url: &str) -> bool {
    place_of_collections(url).is_some()
}

/// Where [`COLLECTIONS`] begins in the path; a host may have that name.
fn place_of_collections(url: &str) -> Option<usize> {
    let path = url.find("://").map_or(0, |at| at + "://".len());
    url.get(path..)?.find(COLLECTIONS).map(|at| path + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever copied the URL of the objects had a feed that was told 404 for ever.
    #[test]
    fn each_url_of_a_collection_is_the_collections() {
        for end in ["", "/", "/objects", "/objects/", "//objects//", "/manifest/"] {
            let url = format!("https://a.example/root/collections/1{end}");
            let understood = understood(&url).unwrap();
            assert_eq!(understood, "https://a.example/root/collections/1/");
            assert!(is_collection(&understood));
        }
    }

    #[test]
    fn other_urls_are_an_api_roots_or_refused() {
        for (url, expected) in [
            ("https://a.example", "https://a.example/"),
            ("https://a.example/taxii2", "https://a.example/taxii2/"),
            ("https://a.example/root/collections", "https://a.example/root/"),
            ("https://a.example/root/collections/", "https://a.example/root/"),
            ("http://collections/", "http://collections/"),
        ] {
            let understood = understood(url).unwrap();
            assert_eq!(understood, expected);
            assert!(!is_collection(&understood));
        }
        for end in ["/objects/indicator--1/", "/x/", "/objects/a/versions/"] {
            assert!(understood(&format!("https://a.example/r/collections/1{end}")).is_err());
        }
    }
}
