//! Envelopes (TAXII 2.1 §3.7), written around objects that are already bytes.

/// An envelope around these objects; `next` is there when there is more (§3.7).
pub fn write<'a>(objects: impl Iterator<Item = &'a [u8]>, next: Option<&str>) -> Vec<u8> {
    let mut out = match next {
        // A cursor is of our own making: digits only, so it needs no escaping.
        Some(next) => format!("{{\"more\":true,\"next\":\"{next}\",\"objects\":[").into_bytes(),
        None => b"{\"more\":false,\"objects\":[".to_vec(),
    };
    let mut any = false;
    for object in objects {
        if any {
            out.push(b',');
        }
        out.extend_from_slice(object);
        any = true;
    }
    if !any {
        // §3.7: an envelope without objects is an empty object.
        return b"{}".to_vec();
    }
    out.extend_from_slice(b"]}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_stand_in_it_byte_for_byte() {
        let objects: [&[u8]; 2] = [b"{\"a\" : 1}", b"{}"];
        assert_eq!(
            write(objects.into_iter(), Some("17")),
            b"{\"more\":true,\"next\":\"17\",\"objects\":[{\"a\" : 1},{}]}"
        );
        assert_eq!(write(std::iter::empty(), None), b"{}");
    }
}
