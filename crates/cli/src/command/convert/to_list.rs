//! From objects to a list.

use super::{Convert, Input, Source, objects, told};
use crate::failure::Failed;
use crate::output;
use forewarn_lists::out::{About, Entry, Output, write};
use forewarn_node::clock;
use serde::Deserialize;
use serde_json::json;

/// Whether an object is marked.
#[derive(Deserialize)]
struct Marked {
    #[serde(default)]
    object_marking_refs: Vec<String>,
}

pub(super) fn run(
    asked: &Convert,
    (source, input): (&Source, &Input),
    output: Output,
    json: bool,
) -> Result<(), Failed> {
    let now = clock::now();
    let (mut entries, mut not_listed, mut count, mut marked) =
        (Vec::new(), Vec::new(), 0_u64, 0_u64);
    let mut sink = |object: &[u8]| {
        let at = format!("/objects/{count}");
        count += 1;
        match Entry::of(object) {
            Ok(entry) if !entry.holds(&now) => {
                not_listed.push((at, "does not hold now".to_owned()));
            }
            Ok(entry) => entries.push(entry),
            Err(why) => not_listed.push((at, why.to_string())),
        }
        let read = serde_json::from_slice::<Marked>(object);
        marked += u64::from(read.is_ok_and(|one| !one.object_marking_refs.is_empty()));
    };
    let mut losses = objects(asked, source, input, &mut sink)?;
    for (at, why) in not_listed {
        losses.add(at, why);
    }
    let title = asked.file.display().to_string();
    let written = write(output, &About { title: &title, kinds: &[] }, entries.iter());
    for value in &written.left_out {
        losses.add(value, format!("cannot be said as {}", output.word()));
    }
    if marked > 0 {
        losses.add("/objects", format!("the markings of {marked} objects: a list says none"));
    }
    if json {
        let text = String::from_utf8_lossy(&written.bytes);
        return told(asked, &losses, Some(&json!(text)));
    }
    told(asked, &losses, None)?;
    output::bytes(&written.bytes)
}
