//! Converts files of MISP or STIX to the other, as the tests do.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::fs;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().unwrap_or_default();
    for path in arguments {
        let Ok(bytes) = fs::read(&path) else { continue };
        match mode.as_str() {
            "stix" => match forewarn_misp::to_stix(&bytes) {
                Ok(made) => {
                    let bundle = serde_json::json!({"type": "bundle", "id": "bundle--6f5d1c3e-4a6c-4c1e-9d3e-0d8c1f2b3a4d", "objects": made.objects});
                    println!("{bundle:#}");
                    for loss in made.losses.list() {
                        eprintln!("{path}: lost {loss}");
                    }
                }
                Err(why) => eprintln!("{path}: {why}"),
            },
            "judge" => match forewarn_misp::to_stix(&bytes) {
                Ok(made) => {
                    for object in &made.objects {
                        let judged = forewarn_stix::judge(object.to_string().as_bytes());
                        for finding in &judged.findings {
                            eprintln!(
                                "{path}: usable {} {} {finding:?}",
                                judged.usable, object["id"]
                            );
                        }
                    }
                    for loss in made.losses.list() {
                        eprintln!("{path}: lost {loss}");
                    }
                    println!("{path}: {} objects", made.objects.len());
                }
                Err(why) => eprintln!("{path}: refused {why}"),
            },
            _ => {}
        }
    }
}
