//! Made inputs: the same for the same number.

/// An indicator of about 1 kB; each number gives another id, domain and address.
pub fn indicator(number: u64) -> String {
    let id = format!("{:08x}-0000-4000-8000-{:012x}", number >> 32, number & 0xffff_ffff);
    let description = "A host that was seen to take part. ".repeat(14);
    format!(
        concat!(
            r#"{{"type":"indicator","spec_version":"2.1","id":"indicator--{id}","#,
            r#""created":"2024-01-26T21:28:21.013Z","modified":"2024-01-26T21:28:21.013Z","#,
            r#""name":"Host {number}","description":"{description}","#,
            r#""indicator_types":["malicious-activity"],"pattern":"[domain-name:value = "#,
            r#"'h{number}.example.net' OR ipv4-addr:value = '198.18.{a}.{b}']","#,
            r#""pattern_type":"stix","pattern_version":"2.1","#,
            r#""valid_from":"2024-01-26T21:28:21.013Z","labels":["made","for-tests"]}}"#
        ),
        id = id,
        number = number,
        description = description,
        a = (number >> 8) & 0xff,
        b = number & 0xff,
    )
}

/// An indicator, and a malware in place of each hundredth.
pub fn object(number: u64) -> String {
    if !number.is_multiple_of(100) {
        return indicator(number);
    }
    let description = "What was seen on the host. ".repeat(25);
    let id = format!("{:08x}-0000-4000-8000-{:012x}", number >> 32, number & 0xffff_ffff);
    format!(
        concat!(
            r#"{{"type":"malware","spec_version":"2.1","id":"malware--{id}","#,
            r#""created":"2024-01-26T21:28:21.013Z","modified":"2024-01-26T21:28:21.013Z","#,
            r#""name":"Malware {number}","description":"{description}","is_family":false}}"#
        ),
        id = id,
        number = number,
        description = description,
    )
}

/// An envelope around objects.
pub fn envelope(objects: &[String]) -> String {
    format!("{{\"objects\":[{}]}}", objects.join(","))
}
