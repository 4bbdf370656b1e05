//! `smolagent hub`: what people share, from the looking for it to the sharing of one's own.

mod check;
mod info;
mod inspect;
mod pull;
mod push;
mod search;
mod shared;
mod trust;

pub use shared::Shared;
use trust::{agreed, look_at};

use crate::arguments::HubCommand;
use anstream::eprintln;
use smolagents::hub::Progress;
use std::cell::Cell;

/// Does what `command` asks for.
pub async fn dispatch(command: HubCommand) -> anyhow::Result<u8> {
    match command {
        HubCommand::Search { words, tag, author, sort, limit } => {
            search::search(&words, tag, author, sort.into(), limit).await
        }
        HubCommand::Info { repo } => info::info(&repo).await,
        HubCommand::Pull { repo, folder } => pull::pull(&repo, folder).await,
        HubCommand::Push(arguments) => push::push(arguments).await,
        HubCommand::Check { folder, executor, install, no_page } => {
            check::check(&folder, &executor, install, !no_page).await
        }
        HubCommand::Inspect { folder, json } => inspect::inspect(&folder, json),
    }
}

/// Shows on one line how far a download of many files is.
fn bar() -> impl Fn(Progress) {
    let shown = Cell::new(None);
    move |progress| {
        let percent = progress.received * 100 / progress.total.max(1);
        if shown.replace(Some(percent)) != Some(percent) && percent < 100 {
            eprintln!("fetching: {percent}%");
        }
    }
}
