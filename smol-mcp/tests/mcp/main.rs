//! The client against servers of others, against servers that misbehave, and the server against a client of others.

#[cfg(test)]
mod common;
#[cfg(test)]
mod everything;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod http;
#[cfg(test)]
#[path = "../oracle/mod.rs"]
mod oracle;
#[cfg(test)]
mod others;
#[cfg(test)]
mod served;
