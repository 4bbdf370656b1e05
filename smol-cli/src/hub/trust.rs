//! Before something of somebody else is used for the first time, its user sees what it is and is asked.

use crate::{Usage, approve::visible, keyboard};
use anstream::{eprint, eprintln};
use smolagents::hub::{Hub, Review};
use std::io::BufRead;

/// Shows a review and asks, unless this very commit was found good before. `trusted` is the answer given beforehand.
pub async fn look_at(review: &mut Review, trusted: bool) -> anyhow::Result<()> {
    let hub = Hub::from_environment()?;
    if review.is_trusted(&hub) {
        return Ok(());
    }
    review.compare(&hub).await?;
    eprintln!("{}", visible(&review.to_string()));
    let commit = review.commit.clone().unwrap_or_default();
    if !trusted && !agreed("its code will run in a sandbox. Use it?") {
        let repo = review.repo.as_ref().map(ToString::to_string).unwrap_or_default();
        let text = format!(
            "`{repo}` at {commit} was not used, because nobody said yes\n\nhint: look at it by `smolagent hub info {repo}`, and \
             give `--trust` where nobody can be asked"
        );
        return Err(Usage(text).into());
    }
    Ok(review.trust(&hub)?)
}

/// Asks the person at the terminal, if there is one.
pub fn agreed(question: &str) -> bool {
    if !keyboard::is_there() {
        return false;
    }
    eprint!("{question} y: yes, n: no ▸ ");
    // What is typed ahead stays where the `Keyboard` reads on.
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.is_ok() && matches!(line.trim(), "y" | "yes")
}
