use crate::failure::Failed;
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {}
pub(crate) fn run(_d: Demo) -> Result<(), Failed> {
    Ok(())
}
