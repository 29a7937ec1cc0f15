//! Lists as STIX.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod columns;
mod incidents;
mod out;
mod random;
mod rules;
mod tables;

use forewarn_lists::{Asked, Columns, Form, Meaning, Refused, convert};
use forewarn_stix::Timestamp;
use serde_json::Value;

/// What became of a list: its objects, each valid, and what is told of it.
struct Made {
    objects: Vec<Value>,
    told: Vec<String>,
}

impl Made {
    fn of(&self, kind: &str) -> Vec<&Value> {
        self.objects.iter().filter(|one| one["type"] == kind).collect()
    }

    fn patterns(&self) -> Vec<&str> {
        self.of("indicator").iter().map(|one| one["pattern"].as_str().unwrap()).collect()
    }
}

fn asked(text: &str, columns: &str) -> Asked {
    Asked {
        form: Form::of(text.as_bytes()).unwrap_or(Form::Table),
        columns: columns.parse().unwrap(),
        meaning: Meaning::Watched,
        dated: Timestamp::parse("2026-11-28T00:00:00.000Z").unwrap(),
    }
}

fn made_as(text: &str, asked: &Asked) -> Result<Made, Refused> {
    made_of(text.as_bytes(), asked)
}

fn made_of(list: &[u8], asked: &Asked) -> Result<Made, Refused> {
    let mut objects = Vec::new();
    let mut sink = |bytes: &[u8]| {
        let judged = forewarn_stix::judge(bytes);
        let errors: Vec<_> = judged.errors().collect();
        assert!(errors.is_empty(), "{}: {errors:?}", String::from_utf8_lossy(bytes));
        objects.push(serde_json::from_slice(bytes).unwrap());
    };
    let losses = convert(&mut || Ok(list), asked, &mut sink)?;
    let told = losses.list().iter().map(ToString::to_string).collect();
    Ok(Made { objects, told })
}

/// Converted as it is guessed.
fn made(text: &str) -> Made {
    made_as(text, &asked(text, "guessed")).unwrap()
}

fn refused(text: &str, columns: &str) -> String {
    let columns: Result<Columns, Refused> = columns.parse();
    let columns = match columns {
        Err(why) => return why.to_string(),
        Ok(columns) => columns,
    };
    let asked = Asked { columns, ..asked(text, "guessed") };
    made_as(text, &asked).err().unwrap().to_string()
}
