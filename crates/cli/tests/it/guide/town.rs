//! The nodes of a chapter, and their people at machines of their own.

use super::chapter::{Chapter, Step};
use forewarn_testkit::{Authority, LIMIT, Node, befriend_up_to, pause};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const PASSWORD: &str = "seven copper fences";
/// Between two looks at what is still on its way.
const PAUSE: Duration = Duration::from_millis(50);

/// Nodes that are partners of each other, and people who have signed in.
pub(crate) struct Town {
    folder: tempfile::TempDir,
    /// They live as long as the chapter.
    nodes: Vec<Node>,
}

impl Town {
    /// Makes what the chapter needs: its nodes, each a partner of each, and its people, each with an
    /// account and a home of his or her own.
    pub(crate) fn found(chapter: &Chapter) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new();
        let start = |name: &String| {
            Node::start_secure(PROGRAM, &format!("{name}.example"), &authority, &chapter.config)
        };
        let nodes: Vec<Node> = chapter.nodes().iter().map(start).collect();
        for (n, one) in nodes.iter().enumerate() {
            for other in nodes.iter().skip(n + 1) {
                befriend_up_to(one, other, &chapter.ceiling);
            }
        }
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        let program = std::fs::canonicalize(PROGRAM).unwrap();
        std::os::unix::fs::symlink(program, folder.path().join("bin/forewarn")).unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        // A second approver and duty officer, for what takes one more.
        for node in &nodes {
            node.good(&["user", "add", "vera", "--role", "approver"]);
            node.good(&["user", "add", "hugo", "--role", "duty-officer"]);
        }
        let town = Town { folder, nodes };
        for (node, person) in chapter.people() {
            town.joins(&person, &node);
        }
        town
    }

    fn home(&self, person: &str, node: &str) -> PathBuf {
        self.folder.path().join(format!("{person}@{node}"))
    }

    /// Sets a password by an invitation of the folder's owner, and signs in by it.
    fn joins(&self, person: &str, name: &str) {
        let home = self.home(person, name);
        std::fs::create_dir(&home).unwrap();
        let node = self.nodes.iter().find(|node| node.name == format!("{name}.example")).unwrap();
        let invited = node.json(&["user", "invite", person]);
        let invitation = invited.first().and_then(|one| one.get("invitation")?.as_str()).unwrap();
        let authority = self.folder.path().join("ca.pem");
        let login = format!(
            "forewarn login {} --as {person} --authority {} --invited",
            node.secure_url(),
            authority.display()
        );
        let typed = format!("{invitation}\n{PASSWORD}\n");
        let (good, words) = self.shell(&home, &login, &typed);
        assert!(good, "{person} at {name}: {words}");
    }

    /// A person types a command at his or her own machine. What only looks is looked at again until
    /// it shows what the chapter says, since things need a while to cross. The words that the
    /// chapter reads off it come back.
    pub(crate) fn types(
        &self,
        step: &Step,
        command: &str,
    ) -> Result<BTreeMap<String, String>, String> {
        let home = self.home(&step.person, &step.node);
        let start = Instant::now();
        loop {
            let (good, words) = self.shell(&home, command, "");
            let read = if good == step.refused {
                let was = if good { "went well" } else { "was refused" };
                Err(format!("it {was}, and says:\n{words}"))
            } else {
                compare(&step.shown, &words)
            };
            match read {
                Ok(read) => return Ok(read),
                Err(why) if !only_looks(command) || start.elapsed() > LIMIT => return Err(why),
                Err(_) => pause(PAUSE),
            }
        }
    }

    /// Whether it went well, and all that it printed.
    fn shell(&self, home: &Path, command: &str, typed: &str) -> (bool, String) {
        let path =
            format!("{}:/usr/local/bin:/usr/bin:/bin", self.folder.path().join("bin").display());
        let mut bash = Command::new("bash");
        bash.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(home);
        let output =
            forewarn_testkit::fed(bash.env_clear().env("HOME", home).env("PATH", path), typed);
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Whether it changes nothing, so that it can be done again.
fn only_looks(command: &str) -> bool {
    let looks = ["list", "show", "status", "preview", "needs", "thanks", "reconcile"];
    command.split_whitespace().skip(1).take(2).any(|word| looks.contains(&word))
}

/// Holds what was printed against what the chapter shows: the same lines in this order, where `…`
/// alone stands for any lines, and within a line for any text.
fn compare(shown: &[String], printed: &str) -> Result<BTreeMap<String, String>, String> {
    let mut read = BTreeMap::new();
    if shown.is_empty() {
        return Ok(read);
    }
    let lines: Vec<&str> = printed.lines().map(str::trim).collect();
    let mut rest = lines.as_slice();
    let mut anywhere = false;
    for wanted in shown {
        if wanted.trim() == "…" {
            anywhere = true;
            continue;
        }
        let until = if anywhere { rest.len() } else { 1 };
        let at = rest.iter().take(until).position(|line| fits(wanted, line, &mut read));
        let Some(at) = at else {
            return Err(format!("it does not show\n{wanted}\nbut\n{printed}"));
        };
        rest = rest.get(at + 1..).unwrap_or_default();
        anywhere = false;
    }
    if rest.is_empty() || anywhere {
        return Ok(read);
    }
    Err(format!("it shows more:\n{printed}"))
}

/// Whether a line is as it is shown; the words in it that are to be read.
fn fits(wanted: &str, line: &str, read: &mut BTreeMap<String, String>) -> bool {
    let mut found = BTreeMap::new();
    let mut rest = line;
    let mut parts = wanted.trim().split('…').peekable();
    let mut first = true;
    while let Some(part) = parts.next() {
        let (fixed, word) = match part.split_once('<').filter(|(_, more)| is_word(more)) {
            Some((fixed, more)) => (fixed, more.split_once('>')),
            None => (part, None),
        };
        let at = if first { rest.starts_with(fixed).then_some(0) } else { rest.find(fixed) };
        let Some(at) = at else { return false };
        rest = rest.get(at + fixed.len()..).unwrap_or_default();
        first = false;
        if let Some((word, after)) = word {
            let next = after.chars().next();
            let ends = |c: char| c.is_whitespace() || Some(c) == next;
            let end = rest.find(ends).unwrap_or(rest.len());
            let (value, more) = rest.split_at(end);
            if value.is_empty() {
                return false;
            }
            found.insert(word.to_owned(), value.to_owned());
            if !more.starts_with(after) {
                return false;
            }
            rest = more.get(after.len()..).unwrap_or_default();
        }
        if parts.peek().is_none() && !part.is_empty() && !rest.is_empty() {
            // The last part stands at the end: it may stand there a second time.
            return word.is_none() && rest.ends_with(fixed);
        }
    }
    read.append(&mut found);
    true
}

/// `DIGEST>` and so on: what is read and typed again.
fn is_word(text: &str) -> bool {
    text.split_once('>').is_some_and(|(word, _)| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
    })
}
