//! One row of a list: fields, each of a column.

#[derive(Debug, Default, Clone)]
pub(crate) struct Row {
    pub(crate) line: u64,
    text: String,
    /// The column, and where the field ends.
    fields: Vec<(usize, usize)>,
}

impl Row {
    pub(crate) fn clear(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.fields.clear();
    }

    pub(crate) fn push(&mut self, column: usize, text: &str) {
        self.text.push_str(text);
        self.fields.push((column, self.text.len()));
    }

    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.fields.iter().map(move |(column, end)| {
            let text = self.text.get(start..*end).unwrap_or_default();
            start = *end;
            (*column, text)
        })
    }
}

/// What comes next of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// A row, which was put where it was asked for.
    Row,
    /// One that cannot be read: where, and why.
    Bad(String, String),
    /// Nothing more.
    End,
}
