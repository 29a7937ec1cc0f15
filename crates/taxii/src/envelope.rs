//! Envelopes (TAXII 2.1 §3.7), written around objects that are already bytes.

/// An envelope around objects that stand there with commas between them; `next` is there when there
/// is more (§3.7). Without objects the list is left out.
pub fn write(objects: &[u8], next: Option<&str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(objects.len() + 64);
    out.push(b'{');
    if let Some(next) = next {
        // A cursor is of our own making: digits only, so it needs no escaping.
        out.extend_from_slice(b"\"more\":true,\"next\":\"");
        out.extend_from_slice(next.as_bytes());
        out.extend_from_slice(if objects.is_empty() { b"\"" } else { b"\"," });
    } else if !objects.is_empty() {
        out.extend_from_slice(b"\"more\":false,");
    }
    if !objects.is_empty() {
        out.extend_from_slice(b"\"objects\":[");
        out.extend_from_slice(objects);
        out.push(b']');
    }
    out.push(b'}');
    out
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
