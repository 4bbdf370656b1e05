//! `smolagent runs`: what can be done with recorded runs.

mod again;
mod find;
mod list;
mod show;
mod test;

use crate::arguments::{RunsCommand, RunsFolder};
use smolagents::runs::RunFile;

pub async fn dispatch(command: RunsCommand, folder: &RunsFolder) -> anyhow::Result<u8> {
    let find = |name: &str| find::run(folder, name);
    match command {
        RunsCommand::List { json } => list::list(folder, json),
        RunsCommand::Show { run, detailed } => show::show(&RunFile::load(find(&run.name)?)?, detailed),
        RunsCommand::Resume { run, overrides } => again::resume(&find(&run.name)?, overrides).await,
        RunsCommand::Replay { run } => again::replay(&RunFile::load(find(&run.name)?)?).await,
        RunsCommand::Fork { run, at, edit_code, message, overrides } => {
            let change = again::change(edit_code, message)?;
            again::fork(&RunFile::load(find(&run.name)?)?, folder, at, change, overrides).await
        }
        RunsCommand::Test { run, path } => test::write(&RunFile::load(find(&run.name)?)?, path),
    }
}
