//! What is around the node: the machine's clock, what tells people, a signer that runs apart.

use super::{Check, Variables, config, read};
use crate::audit;
use crate::clock as time;
use crate::config::Config;
use crate::home::Home;
use crate::notifier::{NotifierKind, NotifierSection};
use crate::outside::{self, Lacking};
use forewarn_store::StoreError;
use forewarn_store::outside::Outside;
use forewarn_transcript::WitnessKey;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;

/// A clock that stands so many minutes behind what it once showed was set back.
const BACK_MINUTES: i64 = 1;
/// A command stands in the audit stream within moments; one that does not after so many minutes will not.
const LATE_MINUTES: i64 = 1;
/// Where systemd says that it has set the clock by others.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// Whether the journal apart answers, and has what was applied here; `None` when there is none apart.
pub fn journal(home: &Home, variables: &Variables) -> Option<Check> {
    let section = config(home, variables).ok()?.journal?;
    let at = read(home, |db| -> Result<_, StoreError> { forewarn_engine::reached::reached(&db) });
    let found = match at {
        Err(why) => Err(why),
        Ok(None) => Err("this database has a journal of its own".to_owned()),
        Ok(Some(at)) => crate::apart::asked(&section, home, at),
    };
    let check = Check::of("journal", found);
    Some(if check.good {
        check
    } else {
        check.fix("look at the servers of `journal.url`, in the order in which they stand there; reads go on meanwhile")
    })
}

/// Whether the machine's clock goes on from what is on record. Deadlines, receipts and the ends of
/// warnings are by this clock, and partners compare them with theirs.
pub fn clock(home: &Home) -> Check {
    let now = time::now();
    let newest = read(home, |db| -> Result<_, StoreError> {
        Ok(db.record_at(db.journal_index()?)?.map(|record| record.time))
    });
    match newest {
        Err(why) => Check::wrong(
            "clock",
            format!("it shows {now}; what it once showed is not known: {why}"),
        ),
        Ok(Some(newest)) if now < newest.plus_minutes(-BACK_MINUTES) => {
            let words =
                format!("it shows {now}, and showed {newest} when the newest command was done");
            Check::wrong("clock", words).fix(
                "set the clock, and have it set by others: apt install chrony; `chronyc tracking` shows by how \
                 much it is wrong",
            )
        }
        Ok(_) if Path::new(SYNCHRONISED).exists() => {
            Check::good("clock", format!("it shows {now}, and systemd sets it by others"))
        }
        Ok(_) => Check::good(
            "clock",
            format!(
                "it shows {now}; whether it is set by others is not known here: `chronyc tracking` shows it"
            ),
        ),
    }
}

/// How far the processes in which documents are read are kept from everything else.
pub fn readers() -> Check {
    Check::good("documents", crate::reader::confinement())
}

/// Whether each notifier has what it needs, and whether what it was to tell last was taken.
pub fn notifiers(home: &Home, variables: &Variables) -> Check {
    let what = "notifiers";
    let Ok(Config { notifiers, .. }) = config(home, variables) else {
        return Check::wrong(what, "forewarn.toml cannot be read, so that none is known");
    };
    if notifiers.is_empty() {
        return Check::good(
            what,
            "none: nobody is told of what needs somebody, unless he looks (people.md)",
        );
    }
    let mut wrong = Vec::new();
    for one in &notifiers {
        let found = equipped(home, variables, one).and_then(|()| {
            match read(home, |db| db.notifier_fails(&one.name))? {
                Some((since, why)) => Err(format!("it fails since {since}: {why}")),
                None => Ok(()),
            }
        });
        wrong.extend(found.err().map(|why| format!("`{}`: {why}", one.name)));
    }
    if wrong.is_empty() {
        return Check::good(
            what,
            format!("{} of them have what they need, and none fails", notifiers.len()),
        );
    }
    Check::wrong(what, wrong.join("; "))
        .fix("correct [[notifier]] in forewarn.toml, start the node again, and try it: forewarn notify test NAME")
}

/// Whether what a notifier needs of this machine is there.
fn equipped(home: &Home, variables: &Variables, one: &NotifierSection) -> Result<(), String> {
    if let Some(file) = &one.secret_file {
        crate::secret::read(&home.secrets().join(file))?;
    }
    if let Some(name) = &one.secret_env
        && !variables.iter().any(|(known, _)| known == name)
    {
        return Err(format!("the variable {name} is not set here; it may be for the node itself"));
    }
    match one.kind {
        NotifierKind::Command => {
            let program = one.command.first().map(String::as_str).unwrap_or_default();
            let runs = |path: &Path| {
                std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
            };
            // A name without a slash is looked up by the system, in its own folders.
            if program.contains('/') && !runs(Path::new(program)) {
                return Err(format!("`{program}` is not there, or is no program"));
            }
        }
        NotifierKind::Syslog => {
            let socket = one.socket.as_deref().unwrap_or("/dev/log");
            if !Path::new(socket).exists() {
                return Err(format!("the socket `{socket}` is not there"));
            }
        }
        NotifierKind::Mail | NotifierKind::Webhook => {}
    }
    Ok(())
}

/// Whether a signer that runs apart can be reached; nothing where the node starts its own.
pub fn signer_apart(home: &Home, variables: &Variables) -> Option<Check> {
    let socket = config(home, variables).ok()?.signer.socket?;
    let path = home.path().join(&socket);
    let words = format!("`{}`", path.display());
    Some(match UnixStream::connect(&path) {
        Ok(_) => Check::good("signer's socket", format!("{words} answers")),
        Err(why) => Check::wrong("signer's socket", format!("{words} does not answer: {why}")).fix(
            "start the signer: forewarn signer --home … --listen …; nothing is signed until it runs",
        ),
    })
}

/// Whether the audit stream holds, and says what the journal says; nothing where none is configured.
pub fn audit(home: &Home, variables: &Variables) -> Option<Check> {
    let what = "audit";
    let section = config(home, variables).ok()?.audit;
    let folder = section.folder?;
    let (looked, missing) = match audit::compare(home, Path::new(&folder)) {
        Ok(found) => found,
        Err(why) => {
            return Some(Check::wrong(what, why).fix(
                "keep the file, move it out of the folder, and find out who changed it; the running node goes \
                 on after the file before it (docs/operating/audit.md)",
            ));
        }
    };
    let audit::Looked { lines, last, head, again, .. } = looked;
    let mut words = format!("{lines} lines hold, up to command {last}; the head is {head}");
    let mut is_late = false;
    if let Some(audit::Missing { commands, since }) = missing {
        words = format!("{words}; {commands} commands are not in it yet, the first of {since}");
        is_late = time::now().micros() - since.micros() > LATE_MINUTES * 60_000_000;
    }
    if !again.is_empty() {
        words = format!("{words}; {} times it begins again after a restore", again.len());
    }
    if let Some(socket) = section.syslog.filter(|socket| !Path::new(socket).exists()) {
        let words = format!("{words}; `{socket}`, the system's log, is not there");
        return Some(Check::wrong(what, words).fix(
            "start what listens there (systemd-journald, rsyslog), or name another socket in audit.syslog",
        ));
    }
    if is_late {
        return Some(Check::wrong(what, words).fix(
            "a running node writes them by itself, and `forewarn status` says why it does not; when lines were taken \
             off the end, a start writes them anew (docs/operating/audit.md)",
        ));
    }
    Some(Check::good(what, words))
}

/// Whether each witness has cosigned our logs up to their newest receipts; nothing where none is
/// configured.
pub fn witnesses(home: &Home, variables: &Variables) -> Option<Check> {
    let what = "witnesses";
    let sections = config(home, variables).ok()?.witnesses;
    let names = sections.iter().filter_map(|one| one.key.parse::<WitnessKey>().ok());
    let names: Vec<String> = names.map(|key| key.name).collect();
    if names.is_empty() {
        return None;
    }
    let clocks = (names.as_slice(), Outside::newest as Newest);
    Some(seen_by(home, clocks, (what, "cosigned", "a witness does not cosign", "witnesses.md")))
}

/// Whether each authority has stamped the newest receipts of our logs; nothing where none is configured.
pub fn stamps(home: &Home, variables: &Variables) -> Option<Check> {
    let what = "timestamps";
    let sections = config(home, variables).ok()?.timestamps;
    if sections.is_empty() {
        return None;
    }
    let wrong = sections.iter().find_map(|one| one.authority(home.path()).err());
    if let Some(why) = wrong {
        let fix =
            "`timestamp.root` names the authority's root certificate in PEM, had by other means";
        return Some(Check::wrong(what, why).fix(fix));
    }
    let names: Vec<String> = sections.into_iter().map(|one| one.name).collect();
    let clocks = (names.as_slice(), Outside::newest_stamp as Newest);
    Some(seen_by(home, clocks, (what, "stamped", "an authority does not stamp", "timestamps.md")))
}

/// How far a clock of this name, the last, has seen a log.
type Newest = fn(&Outside, &str, &str) -> Result<u64, StoreError>;

/// Whether each clock outside has seen our logs up to their newest receipts: what it does to them, what one does not
/// that lacks some, and which document says more.
fn seen_by(
    home: &Home,
    (names, newest): (&[String], Newest),
    (what, done, not_done, document): (&'static str, &str, &str, &str),
) -> Check {
    let kept = Outside::at(&home.outside());
    let lacking = read(home, |db| -> Result<Vec<String>, StoreError> {
        let mut all = Vec::new();
        for name in names {
            let lacking = outside::lacking(&db, |log| newest(&kept, log, name))?;
            all.extend(lacking.into_iter().map(|Lacking { log, size, newest, .. }| {
                format!("{name} has {done} {newest} of {size} entries of {log}")
            }));
        }
        Ok(all)
    });
    match lacking.as_deref() {
        Err(why) => Check::wrong(what, why.clone()),
        Ok([]) => Check::good(what, format!("{} {done} all that has a receipt", names.join(", "))),
        Ok(all) => Check::wrong(what, all.join("; ")).fix(format!(
            "a running node asks by itself, and its log says why {not_done}; warnings do not wait for it \
             (docs/operating/{document})"
        )),
    }
}
