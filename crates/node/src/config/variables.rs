//! Variables of the environment, `FOREWARN_SECTION_KEY`, that stand over keys of the file.

use super::Config;
use crate::oidc::section::OidcSection;
use serde::Deserialize as _;

/// Variables that are not keys of the configuration.
pub(super) const NOT_KEYS: &[&str] = &[
    "FOREWARN_HOME",
    "FOREWARN_USER",
    "FOREWARN_URL",
    "FOREWARN_TOKEN",
    "FOREWARN_LOG",
    "FOREWARN_AUTHORITY",
    "FOREWARN_CREDENTIALS",
];

/// The variable that stands over a key.
pub(crate) fn variable_of(section: &str, key: &str) -> String {
    format!("FOREWARN_{}_{}", section.to_uppercase(), key.to_uppercase())
}

/// The table with each variable in it that is one of a key.
///
/// # Errors
/// A variable that names no key.
pub(super) fn over(
    mut table: toml::Table,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<toml::Table, String> {
    let ours = |(name, _): &(String, String)| {
        name.starts_with("FOREWARN_")
            && !NOT_KEYS.contains(&name.as_str())
            && !OidcSection::is_variable(name)
    };
    for (name, value) in variables.filter(ours) {
        table = with_variable(&table, &name, &value)?;
    }
    Ok(table)
}

/// The table with a variable in it. A text that looks like a number, or like yes or no, may be meant
/// as a text: the key says what it takes.
fn with_variable(table: &toml::Table, name: &str, value: &str) -> Result<toml::Table, String> {
    let is_read = |table: &toml::Table| Config::deserialize(table.clone()).is_ok();
    let mut as_literal = table.clone();
    overlay(&mut as_literal, name, literal(value))?;
    if literal(value).is_str() || is_read(&as_literal) {
        return Ok(as_literal);
    }
    let mut as_text = table.clone();
    overlay(&mut as_text, name, value.into())?;
    Ok(if is_read(&as_text) { as_text } else { as_literal })
}

/// The value that a variable's text is: a number, yes or no, a list as in the file, or else itself.
fn literal(text: &str) -> toml::Value {
    let listed = || {
        let table: toml::Table = format!("list = {text}").parse().ok()?;
        table.get("list").filter(|value| value.is_array()).cloned()
    };
    if let Ok(number) = text.parse::<i64>() {
        toml::Value::Integer(number)
    } else if let Ok(yes) = text.parse::<bool>() {
        toml::Value::Boolean(yes)
    } else {
        listed().unwrap_or_else(|| text.into())
    }
}

fn overlay(table: &mut toml::Table, name: &str, value: toml::Value) -> Result<(), String> {
    let rest = name.strip_prefix("FOREWARN_").unwrap_or(name);
    let rest = rest.to_ascii_lowercase();
    let Some((section, key)) = rest.split_once('_') else {
        return Err(format!("the variable {name} names no key: write FOREWARN_SECTION_KEY"));
    };
    let section = table
        .entry(section)
        .or_insert_with(|| toml::Value::Table(toml::Table::new()))
        .as_table_mut()
        .ok_or_else(|| format!("the variable {name} names a list; lists are set in the file"))?;
    section.insert(key.to_owned(), value);
    Ok(())
}
