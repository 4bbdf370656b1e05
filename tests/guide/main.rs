//! What the original's guide shows of agents, in its Rust form, on the real sandbox. Each test is named by its row in
//! the list of what the guide promises.

#[cfg(test)]
mod agents;
#[cfg(test)]
mod common;
#[cfg(test)]
mod media;
#[cfg(test)]
mod models;
#[cfg(test)]
mod results;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod tools;
