//! `forewarn completions`, `forewarn man`: made from the same definitions as the help.

use crate::failure::Failed;
use crate::output;
use clap::{Args, Command};
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell
    shell: Shell,
}

/// For the whole program, as its own definitions have it.
pub(crate) fn completions(asked: &Completions, mut program: Command) -> Result<(), Failed> {
    let mut out = Vec::new();
    clap_complete::generate(asked.shell, &mut program, "forewarn", &mut out);
    output::bytes(&out)
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder that the pages are written to, one a command [default: the first page is printed]
    folder: Option<PathBuf>,
}

/// The same.
pub(crate) fn man(asked: &Man, mut program: Command) -> Result<(), Failed> {
    program.build();
    let Some(folder) = &asked.folder else {
        let mut page = Vec::new();
        let made = clap_mangen::Man::new(program).render(&mut page);
        made.map_err(|e| Failed::internal(e.to_string()))?;
        return output::bytes(&page);
    };
    let failed = |e: std::io::Error| Failed::internal(format!("`{}`: {e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(program, folder).map_err(failed)?;
    output::line(format!("written to {}", folder.display()))
}
