//! Hosts files, as lists of names to be blocked have them: an address of nowhere, and names.

use crate::comments::Comments;
use crate::lines::{Line, Lines};
use crate::refused::Refused;
use crate::row::{Next, Row};
use forewarn_stix::loss::Losses;
use std::io::Read;

/// Addresses that lead nowhere or back.
const NOWHERE: &[&str] = &["0.0.0.0", "127.0.0.1", "127.0.1.1", "::", "::1", "fe80::1%lo0"];

/// Names that every machine has for itself and its network.
const OWN: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "local",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
    "0.0.0.0",
];

/// Whether a line leads names nowhere.
pub(crate) fn is_line(line: &str) -> bool {
    let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
    let is_address = words.next().is_some_and(|word| NOWHERE.contains(&word));
    is_address
        && words
            .next()
            .is_some_and(|name| name.contains(char::is_alphabetic) || OWN.contains(&name))
}

pub(crate) struct Hosts<R> {
    lines: Lines<R>,
    pub(crate) comments: Comments,
    /// Of the line that is being read: its number, the names that are left, and its comment.
    waiting: (u64, Vec<String>, String),
}

impl<R: Read> Hosts<R> {
    pub(crate) fn open(input: R) -> Hosts<R> {
        Hosts {
            lines: Lines::new(input),
            comments: Comments::default(),
            waiting: (0, Vec::new(), String::new()),
        }
    }

    /// The next name, and the comment of its line.
    pub(crate) fn read(&mut self, row: &mut Row, lost: &mut Losses) -> Result<Next, Refused> {
        loop {
            let (line, names, comment) = &mut self.waiting;
            if let Some(name) = names.pop() {
                row.clear(*line);
                row.push(0, &name);
                if !comment.is_empty() {
                    row.push(1, comment);
                }
                return Ok(Next::Row);
            }
            let (number, text) = match self.lines.read()? {
                None => return Ok(Next::End),
                Some(Line::Bad(number, why)) => {
                    return Ok(Next::Bad(format!("line {number}"), why));
                }
                Some(Line::Text(number, text)) => (number, text),
            };
            let (entry, comment) = text.split_once('#').unwrap_or((&text, ""));
            let mut words = entry.split_whitespace();
            let Some(address) = words.next() else {
                if !comment.is_empty() {
                    self.comments.add(number, comment, lost)?;
                }
                continue;
            };
            let names: Vec<String> =
                words.filter(|name| !OWN.contains(name)).map(str::to_owned).collect();
            if names.is_empty() || address.contains('%') {
                // What a machine calls itself: no list of ours.
                self.comments.add(number, &text, lost)?;
                continue;
            }
            self.comments.is_late = true;
            if !NOWHERE.contains(&address) {
                let why = format!("leads names to `{address}`, not to nowhere: that is not read");
                return Ok(Next::Bad(format!("line {number}"), why));
            }
            let names = names.into_iter().rev().collect();
            self.waiting = (number, names, comment.trim().to_owned());
        }
    }
}
