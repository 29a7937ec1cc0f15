//! Writes envelopes (TAXII 2.1 §3.7) around objects that are already bytes.

/// The text of an envelope before and after its objects, so that these need not be copied.
///
/// `any` says whether there are objects: without any, the list is left out (§3.7). With `next`, the
/// envelope says `more: true`. `next` is written without escaping: it must be a value of
/// [`Cursor`](crate::Cursor), which is all digits.
pub fn around(any: bool, next: Option<&str>) -> (String, &'static str) {
    // Our own cursor has digits only, so it needs no escaping.
    match (any, next) {
        (true, None) => ("{\"more\":false,\"objects\":[".to_owned(), "]}"),
        (true, Some(next)) => (format!("{{\"more\":true,\"next\":\"{next}\",\"objects\":["), "]}"),
        (false, None) => ("{".to_owned(), "}"),
        (false, Some(next)) => (format!("{{\"more\":true,\"next\":\"{next}\""), "}"),
    }
}

/// A whole envelope around `objects`, which are the JSON texts of the objects separated by commas;
/// none when empty. `next` as in [`around`].
pub fn write(objects: &[u8], next: Option<&str>) -> Vec<u8> {
    let (head, tail) = around(!objects.is_empty(), next);
    [head.as_bytes(), objects, tail.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_stand_in_it_byte_for_byte() {
        assert_eq!(
            write(b"{\"a\" : 1},{}", Some("17")),
            b"{\"more\":true,\"next\":\"17\",\"objects\":[{\"a\" : 1},{}]}"
        );
        assert_eq!(write(b"{}", None), b"{\"more\":false,\"objects\":[{}]}");
    }

    #[test]
    fn without_objects_the_list_is_left_out() {
        assert_eq!(write(b"", None), b"{}");
        assert_eq!(write(b"", Some("17")), b"{\"more\":true,\"next\":\"17\"}");
    }
}
