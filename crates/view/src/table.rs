//! Lists as tables: which columns a type has, and what stands in them.

/// A column: its title, and the cell of a row as a person reads it, on one line.
pub type Column<T> = (&'static str, fn(&T) -> String);

/// What is listed, one row each.
pub trait Row: Sized + 'static {
    /// The columns, from left to right.
    const COLUMNS: &'static [Column<Self>];
}
