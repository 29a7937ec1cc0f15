//! A chapter, read: who types what, and what is shown.

use std::collections::BTreeSet;

/// What a chapter's blocks of `console` tell.
pub(crate) struct Chapter {
    /// In the order of the text.
    pub(crate) steps: Vec<Step>,
    /// The most that the nodes let each other have: amber, where the chapter says nothing.
    pub(crate) ceiling: String,
    /// What the chapter's nodes have in their configuration beside what is usual.
    pub(crate) config: String,
}

/// One command, with what it shows.
pub(crate) struct Step {
    /// Of the chapter's file, counted from 1.
    pub(crate) line: usize,
    /// Who types it.
    pub(crate) person: String,
    /// At which node.
    pub(crate) node: String,
    /// For the shell.
    pub(crate) command: String,
    /// The lines that are shown below it: `…` stands for any text, and alone for any lines;
    /// `<WORD>` for a word that is typed later.
    pub(crate) shown: Vec<String>,
    /// Whether it is refused: its block says so.
    pub(crate) refused: bool,
}

impl Chapter {
    /// A block begins with ```` ```console ```` or, where its last command is refused, with
    /// ```` ```console refused ````. A line `ana@west$ …` is typed; lines that begin with `> ` go
    /// on with it. `<!-- ceiling: red -->` and `<!-- config … -->` set the nodes up.
    pub(crate) fn read(text: &str) -> Chapter {
        let mut steps: Vec<Step> = Vec::new();
        let mut block = None;
        for (n, line) in text.lines().enumerate() {
            match (block, line) {
                (None, "```console") => block = Some(false),
                (None, "```console refused") => block = Some(true),
                (None, _) => {}
                (Some(refused), "```") => {
                    if let Some(last) = steps.last_mut() {
                        last.refused = refused;
                    }
                    block = None;
                }
                (Some(_), line) => take(&mut steps, n + 1, line),
            }
        }
        assert!(block.is_none(), "a block does not end");
        let hidden = |start: &str| {
            let (_, rest) = text.split_once(start)?;
            Some(rest.split_once("-->")?.0.trim().to_owned())
        };
        let ceiling = hidden("<!-- ceiling:").unwrap_or_else(|| "amber".to_owned());
        Chapter { steps, ceiling, config: hidden("<!-- config\n").unwrap_or_default() }
    }

    /// Who types at which node.
    pub(crate) fn people(&self) -> BTreeSet<(String, String)> {
        self.steps.iter().map(|step| (step.node.clone(), step.person.clone())).collect()
    }

    /// Every node of the chapter, by name.
    pub(crate) fn nodes(&self) -> BTreeSet<String> {
        self.steps.iter().map(|step| step.node.clone()).collect()
    }
}

fn take(steps: &mut Vec<Step>, line: usize, text: &str) {
    if let Some((person, node, command)) = prompt(text) {
        let (person, node) = (person.to_owned(), node.to_owned());
        let (command, shown) = (command.to_owned(), Vec::new());
        return steps.push(Step { line, person, node, command, shown, refused: false });
    }
    let step = steps.last_mut().expect("a block begins with a command");
    match text.strip_prefix("> ").filter(|_| step.shown.is_empty()) {
        Some(more) => step.command.extend(["\n", more]),
        None => step.shown.push(text.to_owned()),
    }
}

/// `ana@west$ forewarn …`
fn prompt(line: &str) -> Option<(&str, &str, &str)> {
    let (who, command) = line.split_once("$ ")?;
    let (person, node) = who.split_once('@')?;
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    (is_name(person) && is_name(node)).then_some((person, node, command))
}
