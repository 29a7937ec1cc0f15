//! A plain page: notices, tables, sheets and forms, in this order.

use super::form::FormShown;
use super::frame::Frame;
use super::paper::Sheet;
use super::show::cut;
use askama::Template;

/// A table; each row may lead to a page of its own.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) heading: String,
    pub(crate) note: String,
    pub(crate) heads: Vec<&'static str>,
    pub(crate) rows: Vec<Row>,
    /// What is said where there is no row.
    pub(crate) none: &'static str,
    /// The query of the next page.
    pub(crate) next: Option<String>,
}

/// Most bytes of all cells of a table: beyond it each is cut, and its own page has the whole.
const MAX_CELLS: usize = 30_000;

impl Table {
    /// A cell as it is shown.
    pub(crate) fn cell(&self, cell: &str) -> String {
        let cells = || self.rows.iter().flat_map(|row| &row.cells);
        let most = MAX_CELLS / cells().count().max(1);
        let all: usize = cells().map(String::len).sum();
        if all <= MAX_CELLS / 5 { cell.to_owned() } else { cut(cell, most.max(40)) }
    }

    /// The name of a column, for where cells stand one below the other.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template hands it over so")]
    pub(crate) fn head(&self, column: &usize) -> &'static str {
        self.heads.get(*column).copied().unwrap_or_default()
    }
}

/// A row: where it leads, and its cells, of which the first is its name.
pub(crate) struct Row {
    pub(crate) at: Option<String>,
    pub(crate) cells: Vec<String>,
}

/// A form below a heading.
pub(crate) struct Act {
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) form: FormShown,
}

#[derive(Template)]
#[template(path = "desk/plain.html")]
pub(crate) struct Plain {
    pub(crate) f: Frame,
    pub(crate) over: String,
    pub(crate) heading: String,
    pub(crate) lead: String,
    /// Where the page belongs: a link and its words.
    pub(crate) crumb: Option<(&'static str, &'static str)>,
    pub(crate) notices: Vec<String>,
    pub(crate) tables: Vec<Table>,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) acts: Vec<Act>,
}

impl Plain {
    /// A page with nothing on it yet.
    pub(crate) fn new(f: Frame, heading: impl Into<String>) -> Plain {
        Plain {
            f,
            over: String::new(),
            heading: heading.into(),
            lead: String::new(),
            crumb: None,
            notices: Vec::new(),
            tables: Vec::new(),
            sheets: Vec::new(),
            acts: Vec::new(),
        }
    }
}
