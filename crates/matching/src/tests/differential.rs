//! The index beside the naive evaluator, over random interests and items, with changes in between.
//! `CASES=1000000` for as many items; `SEED=` for others.

use super::super::naive;
use super::*;
use crate::interest::area::{Circle, Point, Polygon};
use crate::scale::Urgency;
use forewarn_stix::Timestamp;
use serde_json::{Value, json};

/// Small worlds, so that things meet.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % below
    }

    fn of<'t, T: ?Sized>(&mut self, list: &[&'t T]) -> &'t T {
        list[self.next(list.len())]
    }

    fn domain(&mut self) -> String {
        let labels = ["a", "b", "mail", "c2"];
        let depth = self.next(3);
        let mut name = vec![self.of(&["x", "y"]), self.of(&["example", "org"])];
        for _ in 0..depth {
            name.insert(0, self.of(&labels));
        }
        name.join(".")
    }

    fn block(&mut self) -> String {
        match self.next(3) {
            0 => format!("2001:db8:{}::/{}", self.next(3), 32 + self.next(97)),
            _ => format!("198.51.{}.{}/{}", self.next(2), self.next(8), 14 + self.next(19)),
        }
    }

    fn words(&mut self) -> String {
        let count = 1 + self.next(3);
        let words =
            ["drone", "pipeline", "rail", "Москва", "Müller", "AT&T", "kite-x", "北京", "Acme"];
        (0..count).map(|_| self.of(&words)).collect::<Vec<_>>().join(self.of(&[" ", "-", ", "]))
    }

    fn point(&mut self) -> (f64, f64) {
        let degrees = |n: usize| f64::from(u32::try_from(n).unwrap());
        (degrees(self.next(9)) * 20.0 - 80.0, degrees(self.next(19)) * 20.0 - 180.0)
    }

    fn path(&mut self) -> String {
        let path = ["", "/", "/log", "/login", "/login/x", "/?q=1", "/?q=1&r=2"];
        format!("{}{}", self.domain(), self.of(&path))
    }

    fn hash(&mut self) -> String {
        self.of(&["a", "b", "C"]).repeat(if self.next(2) == 0 { 32 } else { 64 })
    }

    fn cpe(&mut self) -> String {
        let version = self.of(&["", ":1.0", ":*:sp1", ":1.0:sp1", ":2"]);
        format!("cpe:2.3:a:{}:{}{version}", self.of(&["acme", "b"]), self.of(&["app", "lib"]))
    }

    fn pattern(&mut self) -> String {
        let (domain, hash) = (self.domain(), self.hash());
        let one = [
            format!("domain-name:value = '{domain}'"),
            format!("file:hashes.MD5 = '{hash}'"),
            "file:name LIKE 'a%'".to_owned(),
            format!("domain-name:value IN ('{domain}', 'b.example')"),
            "domain-name:value != 'x.example'".to_owned(),
            format!("file:id = 'file--00000000-0000-4000-8000-00000000000{}'", self.next(3)),
            "file:type = 'file'".to_owned(),
            "domain-name:spec_version = '2.1'".to_owned(),
            format!("email-message:to_refs[*].value = 'b@{domain}'"),
            format!("domain-name:value = '{}'", domain.replace('.', "[.]")),
            format!("domain-name:value = 'MÜ.{domain}'"),
            format!("ipv4-addr:value ISSUBSET '{}'", self.block()),
        ];
        let (a, b) = (&one[self.next(12)], &one[self.next(12)]);
        match self.next(5) {
            0 => format!("[{a} OR {b}]"),
            1 => format!("[{a}] AND [{b}]"),
            2 => format!("[{a}] OR [{b}]"),
            3 => format!("[{a} AND {b}]"),
            _ => format!("[{a}]"),
        }
    }

    fn clause(&mut self) -> Clause {
        match self.next(25) {
            0 => Clause::Country(self.of(&["RU", "UA", "FR"]).into()),
            1 => Clause::Place(
                self.of(&["Moscow", "Kyiv", "Saint Petersburg", "Kazan Cathedral"]).into(),
            ),
            2 => {
                let (y, x) = self.point();
                Clause::Circle(
                    Circle::new(Point::new(y, x).unwrap(), [1.0, 900.0, 3900.0][self.next(3)])
                        .unwrap(),
                )
            }
            3 => {
                let corners = (0..3 + self.next(3)).map(|_| self.point());
                let corners: Vec<Point> = corners.map(|(y, x)| Point::new(y, x).unwrap()).collect();
                Polygon::new(corners).map_or(Clause::AsNumber(1), Clause::Polygon)
            }
            4 => Clause::Site(Named::from(self.words().as_str())),
            5 => Clause::Nationality(self.of(&["RU", "FR"]).into()),
            6 => Clause::Group(Named::from(self.of(&["drones", "drone", "rails"]))),
            7 => {
                let aliases = vec![self.words()];
                Clause::Organisation(Named { name: self.words(), aliases })
            }
            8 => Clause::Person(Named::from(self.words().as_str())),
            9 => Clause::Sector(self.of(&["government", "government-local", "energy"]).into()),
            10 => Clause::Domain(self.domain()),
            11 => Clause::Block(self.block().parse().unwrap()),
            12 => Clause::AsNumber(u32::try_from(self.next(3)).unwrap()),
            13 => Clause::Email(format!("{}@{}", self.of(&["a", "B"]), self.domain())),
            14 => Clause::EmailDomain(self.domain()),
            15 => Clause::Hash(self.hash()),
            16 => Clause::Url(format!("{}{}", self.of(&["", "https://", "http://"]), self.path())),
            17 => Clause::Product(Named::from(self.words().as_str())),
            18 => Clause::Cpe(self.cpe()),
            19 => Clause::Cve(self.of(&["CVE-2017-0144", "CVE-2020-0001"]).into()),
            20 => Clause::Threat(self.of(&["destruction", "wiper", "compromise", "botnet"]).into()),
            21 => Clause::Malware(Named::from(self.words().as_str())),
            22 => Clause::Id(
                self.of(&["G0034", "S0604", "malware--00000000-0000-4000-8000-000000000001"])
                    .into(),
            ),
            23 => Clause::Words(self.words()),
            _ => Clause::Pattern(self.pattern()),
        }
    }

    fn expression(&mut self, depth: usize) -> Expression {
        let list = |chance: &mut Chance| -> Vec<Expression> {
            (0..=chance.next(3)).map(|_| chance.expression(depth + 1)).collect()
        };
        match if depth > 2 { 9 } else { self.next(10) } {
            0 => Expression::Any(list(self)),
            1 => Expression::All(list(self)),
            2 => Expression::Not(Box::new(self.expression(depth + 1))),
            3 => {
                let of = list(self);
                Expression::AtLeast(1 + self.next(of.len()), of)
            }
            _ => self.clause().into(),
        }
    }

    fn interest(&mut self, id: usize) -> Option<Interest> {
        let count = 1 + self.next(3);
        let any = (0..count).map(|_| self.expression(0)).collect();
        let mut interest = Interest::of(format!("i{id}"), Urgency::Expected, any);
        interest.all = (0..self.next(2)).map(|_| self.expression(0)).collect();
        interest.not = (0..self.next(2)).map(|_| self.expression(1)).collect();
        interest.id = format!("interest--{id}");
        interest.threshold = [10, 30, 30, 30, 65, 95][self.next(6)];
        interest.concern = [0, 0, 0, 0, 30, 90][self.next(6)];
        let time = |n: usize| Timestamp::from_micros(i64::try_from(n).unwrap());
        if self.next(8) == 0 {
            interest.valid_from = time(self.next(10));
        }
        if self.next(8) == 0 {
            interest.valid_until = time(10 + self.next(10));
        }
        if self.next(8) == 0 {
            interest.credibility = Grade::parse(self.of(&["A1", "C3", "F5"])).ok();
        }
        // What would concern everything is refused, and no case.
        interest.checked().ok()
    }

    fn prose(&mut self) -> String {
        let parts = (0..=self.next(6)).map(|_| match self.next(11) {
            0 => {
                self.of(&["Moscow", "Kyiv", "the French", "Kazan Cathedral", "Франция"]).to_owned()
            }
            1 => self.domain(),
            2 => format!("https://{}", self.path()),
            3 => format!("a@{}", self.domain()),
            4 => "CVE-2017-0144".to_owned(),
            5 => self.hash(),
            6 => format!("(Citation: {} 2017)", self.words()),
            7 => "198.51.0.3".to_owned(),
            8 => self.of(&["bombed", "phishing", "."]).to_owned(),
            _ => self.words(),
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    fn object(&mut self) -> Value {
        let mut object = match self.next(13) {
            0 => {
                json!({"type": "identity", "name": self.words(), "sectors": [self.of(&["government-local", "energy"])]})
            }
            1 => {
                let (y, x) = self.point();
                json!({"type": "location", "name": self.of(&["Moscow", "Nowhere"]), "latitude": y, "longitude": x})
            }
            2 => {
                json!({"type": "indicator", "pattern_type": "stix", "pattern": self.asking(), "name": self.prose()})
            }
            3 => {
                json!({"type": "malware", "name": self.words(), "malware_types": [self.of(&["wiper", "spyware"])],
                        "external_references": [{"source_name": "x", "external_id": self.of(&["S0604", "CVE-2020-0001"]),
                                                 "url": format!("https://{}", self.path())}]})
            }
            4 => {
                json!({"type": "file", "name": self.of(&["a.exe", "b"]), "hashes": {"MD5": self.hash()}})
            }
            5 => json!({"type": "domain-name", "value": self.domain()}),
            6 => json!({"type": "software", "name": self.words(), "cpe": self.cpe()}),
            7 => json!({"type": "autonomous-system", "number": self.next(3)}),
            8 => json!({"type": "process", "command_line": self.prose()}),
            9 => {
                json!({"type": "x-thing", "x_value": self.domain(), "x_mail": format!("B@{}", self.domain())})
            }
            10 => {
                json!({"type": "url", "value": format!("hxxp://{}", self.path().replace('.', "[.]"))})
            }
            11 => json!({"type": "domain-name", "value": format!("mü.{}", self.domain())}),
            _ => json!({"type": "report", "name": self.words(), "description": self.prose()}),
        };
        object["id"] = format!(
            "{}--00000000-0000-4000-8000-00000000000{}",
            object["type"].as_str().unwrap(),
            self.next(3)
        )
        .into();
        if self.next(6) == 0 {
            object["confidence"] = self.next(101).into();
        }
        object
    }

    fn asking(&mut self) -> String {
        let value = match self.next(13) {
            7 => format!("email-message:to_refs[*].value = 'b@{}'", self.domain()),
            8 => format!("domain-name:value LIKE '%.{}'", self.domain()),
            9 => format!("url:value MATCHES '^https?://(www\\\\.)?{}/'", self.domain()),
            10 => format!("hostname:value = '{}'", self.domain()),
            11 => format!("domain-name:value = '{}'", self.domain().replace('.', "[.]")),
            12 => format!("domain-name:value = 'xn--m-xka.{}'", self.domain()),
            0 => format!("domain-name:value = '{}'", self.domain()),
            1 => format!("ipv4-addr:value = '{}'", self.block()),
            2 => format!("url:value = 'http://{}'", self.path()),
            3 => format!("email-addr:value = 'b@{}'", self.domain()),
            4 => format!("file:hashes.MD5 = '{}'", self.hash()),
            5 => format!("software:cpe = '{}'", self.cpe()),
            _ => format!("autonomous-system:number = {}", self.next(3)),
        };
        match self.next(3) {
            0 => format!("[{value} AND domain-name:value != '{}']", self.domain()),
            1 => format!("[{value} AND domain-name:value = '{}']", self.domain()),
            _ => format!("[{value}]"),
        }
    }
}

fn compare(index: &Index, known: &[(String, Interest)], item: &Item<'_>, what: &str) -> usize {
    let fast = Window::new(index, [*item]).matches().remove(0);
    let mut fast: Vec<(String, String, u8)> =
        fast.into_iter().map(|found| (found.partner, found.interest, found.strength)).collect();
    let slow = known.iter().filter_map(|(partner, interest)| {
        let strength = naive::strength(interest, item)?;
        Some((partner.clone(), interest.id.clone(), strength))
    });
    let mut slow: Vec<(String, String, u8)> = slow.collect();
    fast.sort();
    slow.sort();
    assert_eq!(fast, slow, "{what}\n{}", String::from_utf8_lossy(item.bytes));
    fast.len()
}

#[test]
fn the_index_meets_what_the_naive_evaluator_meets() {
    let number = |name: &str, usual: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let (cases, seed) = (number("CASES", 4_000), number("SEED", 1));
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut done, mut met) = (0, 0);
    let mut index = Index::default();
    let mut known: Vec<(String, Interest)> = Vec::new();
    while done < cases {
        for _ in 0..4 {
            let (id, partner) = (chance.next(12), chance.of(&["east", "west"]).to_owned());
            known.retain(|(whose, interest)| {
                *whose != partner || interest.id != format!("interest--{id}")
            });
            match chance.interest(id).filter(|_| id != 0) {
                Some(interest) => {
                    index.set(&partner, &interest);
                    known.push((partner, interest));
                }
                None => {
                    index.remove(&partner, &format!("interest--{id}"));
                }
            }
        }
        for _ in 0..4 {
            let bytes = match chance.next(3) {
                0 => chance.prose(),
                _ => chance.object().to_string(),
            };
            let format = if bytes.starts_with('{') { Format::Stix } else { Format::Text };
            let grade = match chance.next(3) {
                0 => Grade::parse(chance.of(&["A1", "B4", "E2"])).ok(),
                _ => None,
            };
            let added = i64::try_from(chance.next(20)).unwrap();
            let item = Item { bytes: bytes.as_bytes(), format, added, grade, corrected: None };
            met += compare(&index, &known, &item, &format!("seed {seed}, case {done}"));
            done += 1;
        }
    }
    // A comparison of nothing with nothing would prove nothing.
    assert!(met as u64 > cases / 4, "only {met} matches in {cases} cases");
    for (partner, interest) in known {
        index.remove(&partner, &interest.id);
    }
    assert!(index.is_empty() && index.is_clean(), "what was taken out has left something");
}
