//! Candidates of small files, and of one that is long.

use super::*;
use std::io::Cursor;

struct Text(&'static str, String);

impl File for Text {
    fn name(&self) -> String {
        self.0.to_owned()
    }

    fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        Ok(Box::new(Cursor::new(self.1.as_bytes())))
    }
}

fn of(value: &str, files: &[(&'static str, &str)]) -> (Vec<Candidate>, Vec<String>) {
    let files: Vec<Box<dyn File>> = files
        .iter()
        .map(|(name, text)| Box::new(Text(name, (*text).to_owned())) as Box<dyn File>)
        .collect();
    let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    find(&value.parse().unwrap(), &files, &now).unwrap()
}

const DUMP: &str = "% a dump\n\ninetnum:        192.0.2.0 - 192.0.2.255\nnetname:        EX-NET\n\
    descr:          Example\ncountry:        DE\norg:            ORG-EX1-TEST\nadmin-c: AA1-TEST\n\
    source: TEST\n\ninetnum: 192.0.0.0 - 192.255.255.255\nnetname: WIDE\nabuse-c: WW1-TEST\n\n\
    inetnum: 198.51.100.0 - 198.51.100.255\nnetname: OTHER\n\n\
    inet6num: 2001:db8::/32\nnetname: EX6\norg: ORG-EX1-TEST\n\n\
    aut-num: AS64496\nas-name: EX-AS\norg: ORG-EX1-TEST\n\n";
const ROLES: &str = "organisation: ORG-EX1-TEST\norg-name: Example Networks\n\
    abuse-c: EX1-TEST # by role\ne-mail: office@example.net\n\n\
    role: Example abuse\nnic-hdl: ex1-test\nabuse-mailbox: abuse@example.net\n\n\
    role: Wide\nnic-hdl: WW1-TEST\nabuse-mailbox:\n+              abuse@wide.example\n\n\
    person: Somebody\nnic-hdl: AA1-TEST\nphone: +49 30 1\n";

#[test]
fn an_address_leads_by_its_smallest_block_to_whoever_takes_complaints() {
    let (found, told) = of("192.0.2.7", &[("inetnum", DUMP), ("role", ROLES)]);
    assert!(told.is_empty());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].name, "Example Networks");
    assert_eq!(found[0].contacts, ["abuse-mailbox: abuse@example.net"]);
    assert_eq!(found[0].source, "inetnum, line 3");
    assert_eq!(found[1].contacts, ["abuse-mailbox: abuse@wide.example"]);
    let (six, _) = of("2001:db8::1", &[("a", DUMP), ("b", ROLES)]);
    assert_eq!(six[0].contacts, ["abuse-mailbox: abuse@example.net"]);
    let (system, _) = of("AS64496", &[("a", DUMP), ("b", ROLES)]);
    assert_eq!((system.len(), system[0].about.as_str()), (1, "aut-num AS64496"));
    assert!(of("203.0.113.1", &[("a", DUMP), ("b", ROLES)]).0.is_empty());
}

#[test]
fn a_site_says_itself_whom_to_tell_and_until_when() {
    let file = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n\
        Contact: mailto:security@example.org\nContact: https://example.org/report\n\
        Expires: 2025-12-31T00:00:00Z\nCanonical: https://example.org/.well-known/security.txt\n\
        -----BEGIN PGP SIGNATURE-----\nContact: mailto:evil@example.net\n";
    let (found, _) = of("www.example.org", &[("s.txt", file)]);
    assert_eq!(found[0].contacts, ["mailto:security@example.org", "https://example.org/report"]);
    assert!(found[0].notes[0].contains("does not hold any more"), "{:?}", found[0].notes);
    assert!(of("badexample.org", &[("s.txt", file)]).0.is_empty());
    let bare = "Contact: mailto:a@b.example\nExpires: 2027-01-01T00:00:00Z\n";
    assert_eq!(of("b.example", &[("x/b.example.txt", bare)]).0.len(), 1);
    assert!(of("b.example", &[("security.txt", bare)]).1[0].contains("Canonical"));
}

#[test]
fn a_table_of_ones_own_is_read_by_its_header() {
    let table = "# ours\nvalue,name,email,note\n192.0.2.0/24,Net,noc@net.example,by night\n\
        192.0.2.7,Host,host@net.example,\n*.example.org,Org,a@example.org,\nAS64496,As,b@as.example,\n\
        ???,x,y,z\n";
    let (found, told) = of("192.0.2.7", &[("c.csv", table)]);
    let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Host", "Net"]);
    assert_eq!(
        (found[1].contacts[0].as_str(), found[1].notes[0].as_str()),
        ("noc@net.example", "note: by night",)
    );
    assert!(told[0].contains("1 rows"), "{told:?}");
    assert_eq!(of("www.example.org", &[("c.csv", table)]).0[0].name, "Org");
    assert_eq!(of("AS64496", &[("c.csv", table)]).0[0].name, "As");
    // A quote that nobody closes takes nothing along but the rest of its file.
    let endless = format!("value,name\nexample.org,Org\n\"{}", "x\n".repeat(1 << 20));
    let (found, told) = of("example.org", &[("endless.csv", &endless), ("c.csv", table)]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(told[0].contains("endless.csv: the rest of it is not read"), "{told:?}");
    let many = format!("value,name\n{}", "example.org,Org\n".repeat(60));
    let (found, told) = of("example.org", &[("many.csv", &many)]);
    assert_eq!((found.len(), told[0].as_str()), (50, "10 more candidates, which are farther"));
    assert!(of("a.example", &[("c.csv", "x,y\n1,2\n")]).1[0].contains("no column"));
}

#[test]
fn hostile_files_are_read_within_bounds() {
    let long = format!("inetnum: 192.0.2.0 - 192.0.2.255\nremarks: {}\n", "x".repeat(1 << 20));
    let many = format!("inetnum: 192.0.2.0 - 192.0.2.255\n{}", "remarks: x\n".repeat(5_000));
    // Handles that lead to each other.
    let round = "role: a\nnic-hdl: A1\nabuse-c: B1\n\nrole: b\nnic-hdl: B1\nabuse-c: A1\n\n\
        inetnum: 192.0.2.0/24\nabuse-c: A1\n";
    for file in [long.as_str(), many.as_str(), round, "inetnum: 9 - 1\n", "inetnum:\n", ":\n\n:\n"]
    {
        of("192.0.2.7", &[("a", file)]);
    }
    assert_eq!(of("192.0.2.7", &[("a", round)]).0.len(), 1);
}

proptest::proptest! {
    #[test]
    fn whatever_stands_in_a_file_is_read_or_told(text in "\\PC{0,300}", value in 0_u8..3) {
        let value = ["192.0.2.7", "www.example.org", "AS1"][usize::from(value)];
        of(value, &[("any", &text)]);
    }
}
