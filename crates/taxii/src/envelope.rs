//! Envelopes (TAXII 2.1 §3.7), written around objects that are already bytes.

/// What stands before and behind the objects of an envelope: they are not copied for it. `next` is
/// there when there is more (§3.7). Without objects the list is left out.
pub fn around(any: bool, next: Option<&str>) -> (String, &'static str) {
    // A cursor is of our own making: digits only, so it needs no escaping.
    match (any, next) {
        (true, None) => ("{\"more\":false,\"objects\":[".to_owned(), "]}"),
        (true, Some(next)) => (format!("{{\"more\":true,\"next\":\"{next}\",\"objects\":["), "]}"),
        (false, None) => ("{".to_owned(), "}"),
        (false, Some(next)) => (format!("{{\"more\":true,\"next\":\"{next}\""), "}"),
    }
}

/// An envelope around objects that stand there with commas between them.
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
