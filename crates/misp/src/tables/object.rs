//! Templates of objects.

use super::{object_others, object_rows};
use hashbrown::HashMap;
use std::sync::LazyLock;

/// What an object of a template becomes.
#[derive(Debug)]
pub(crate) struct ObjectRow {
    /// The template.
    pub(crate) name: &'static str,
    pub(crate) to: ObjectTo,
    /// Relations of its attributes, and the property of each.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    /// Relations of which the bytes are kept too, and where.
    pub(crate) data: &'static [(&'static str, &'static str)],
    /// Properties that it has whatever it says.
    pub(crate) fixed: &'static [(&'static str, &'static str)],
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ObjectTo {
    /// Something observed; and a pattern of those attributes that are signs of an attack.
    Observed,
    /// An object of this type.
    Domain(&'static str),
    /// An indicator in the language of its rule; `fields` says which attribute is the pattern.
    Rule(&'static str),
}

/// A row without what is rare.
pub(super) const fn row(
    name: &'static str,
    to: ObjectTo,
    fields: &'static [(&'static str, &'static str)],
) -> ObjectRow {
    ObjectRow { name, to, fields, data: &[], fixed: &[] }
}

impl ObjectRow {
    pub(super) const fn data(self, data: &'static [(&'static str, &'static str)]) -> ObjectRow {
        ObjectRow { data, ..self }
    }

    pub(super) const fn fixed(self, fixed: &'static [(&'static str, &'static str)]) -> ObjectRow {
        ObjectRow { fixed, ..self }
    }

    /// The property of a relation.
    pub(crate) fn path(&self, relation: &str) -> Option<&'static str> {
        self.fields.iter().find(|(known, _)| *known == relation).map(|(_, path)| *path)
    }

    /// Where the bytes of a relation go.
    pub(crate) fn data_path(&self, relation: &str) -> Option<&'static str> {
        self.data.iter().find(|(known, _)| *known == relation).map(|(_, path)| *path)
    }
}

static BY_NAME: LazyLock<HashMap<&'static str, &'static ObjectRow, foldhash::fast::RandomState>> =
    LazyLock::new(|| rows().map(|row| (row.name, row)).collect());

/// All rows.
pub(crate) fn rows() -> impl Iterator<Item = &'static ObjectRow> {
    object_rows::ROWS.iter().chain(object_others::ROWS)
}

/// The row of a template; `None` when it has none.
pub(crate) fn find(name: &str) -> Option<&'static ObjectRow> {
    BY_NAME.get(name).copied()
}
