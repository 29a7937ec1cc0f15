//! Small decision trees whose answers are added up (gradient boosting; Friedman, 2001): for a few measures
//! that mean something together only. A tree a line, as it is read aloud: `score<0.5?lead<1?-0.1:0.2:0.4`.
//! They are made by `make train`.

/// Trees over measures of a fixed order.
#[derive(Debug, Default)]
pub struct Trees {
    trees: Vec<Vec<Node>>,
}

#[derive(Debug, Clone, Copy)]
enum Node {
    Leaf(f32),
    /// Below the bound it goes on at the next node, else at that one.
    Fork {
        measure: usize,
        bound: f32,
        other: usize,
    },
}

/// Most nodes of a tree that is read: what is deeper is no tree of ours.
const MAX_NODES: usize = 64;

impl Trees {
    /// Reads trees over measures of these names; a line that is none is left out.
    pub fn parse(lines: &str, measures: &[&str]) -> Trees {
        let lines = lines.lines().filter(|line| !line.starts_with('#'));
        let trees = lines.filter_map(|line| {
            let mut nodes = Vec::new();
            let rest = node(line, measures, &mut nodes)?;
            rest.is_empty().then_some(nodes)
        });
        Trees { trees: trees.collect() }
    }

    /// The sum of all trees' answers, on the scale of log odds.
    pub fn score(&self, values: &[f32]) -> f32 {
        self.trees.iter().map(|tree| answer(tree, values)).sum()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }
}

fn answer(tree: &[Node], values: &[f32]) -> f32 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(Node::Leaf(value)) => return *value,
            Some(Node::Fork { measure, bound, other }) => {
                let value = values.get(*measure).copied().unwrap_or_default();
                at = if value < *bound { at + 1 } else { *other };
            }
            None => return 0.0,
        }
    }
}

/// Reads one node and those below it; what is left of the line.
fn node<'a>(text: &'a str, measures: &[&str], nodes: &mut Vec<Node>) -> Option<&'a str> {
    if nodes.len() >= MAX_NODES {
        return None;
    }
    let fork = text.split_once('?').and_then(|(test, rest)| {
        let (name, bound) = test.split_once('<')?;
        let measure = measures.iter().position(|known| *known == name)?;
        Some((measure, bound.parse().ok()?, rest))
    });
    let Some((measure, bound, rest)) = fork else {
        let end = text.find(':').unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        nodes.push(Node::Leaf(value.parse().ok()?));
        return Some(rest);
    };
    let at = nodes.len();
    nodes.push(Node::Leaf(0.0));
    let rest = node(rest, measures, nodes)?.strip_prefix(':')?;
    let other = nodes.len();
    let rest = node(rest, measures, nodes)?;
    if let Some(fork) = nodes.get_mut(at) {
        *fork = Node::Fork { measure, bound, other };
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_answers_as_it_is_read() {
        let text = "# trees\nscore<0.5?lead<1?-0.1:0.2:0.4\n1\nother<1?2:3\nscore<0.5?1\n";
        let trees = Trees::parse(text, &["score", "lead"]);
        assert_eq!(trees.len(), 2);
        for (values, sum) in [([0.0, 0.0], 0.9), ([0.0, 2.0], 1.2), ([0.5, 0.0], 1.4)] {
            assert!((trees.score(&values) - sum).abs() < 1e-6, "{values:?}");
        }
    }
}
