//! Who decides about tool calls: rules where they can say it, a person where they cannot.
//!
//! A [`Policy`] is a [`Gate`](crate::Gate). Every call passes it, also one that comes from the middle of running
//! code: the code stands still until it is decided. The first [`Rule`] that fits says what becomes of the call: it is
//! allowed, an [`Approver`] is asked, or it is denied, and the model reads why.
//!
//! ```
//! use smolagents::{Decision, Effect, guard::{Policy, Rule, Test, Verdict}, prelude::*};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::new(Verdict::Allow)
//!     .rule(Rule::deny().tool("delete_*").because("nothing is deleted here: archive it"))
//!     .rule(Rule::allow().tool("pay").argument("amount", Test::passes(|amount| amount.as_f64() < Some(5.0))))
//!     .rule(Rule::ask().effect(Effect::Writes))
//!     .approver(|ask: smolagents::gate::Ask<'_>, why: &str| match ask.may_have_happened {
//!         true => Decision::Wait,
//!         false => Decision::Refuse(format!("nobody is here to say yes, and {why}")),
//!     });
//! # let model = smolagents::models::scripted::ScriptedModel::new([]);
//! let agent = CodeAgent::builder(model).gate(policy).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! The same as data, such as TOML:
//!
//! ```toml
//! otherwise = "allow"
//!
//! [[rules]]
//! verdict = "deny"
//! tool = "delete_*"
//! because = "nothing is deleted here: archive it"
//!
//! [[rules]]
//! verdict = "ask"
//! effect = "writes"
//! agent = "manager/*"
//! arguments = { to = { matches = "*@example.org" }, "/options/urgent" = { equals = true } }
//!
//! [[rules]]
//! verdict = "ask"
//! effect = "writes"
//! untrusted = "content"
//! ```
//!
//! [`Untrusted`] tells what the last of these can see, and what it cannot.

mod approver;
mod glob;
mod policy;
mod provenance;
mod rule;
mod test;

pub use approver::Approver;
pub use policy::{Policy, Verdict};
pub use provenance::Untrusted;
pub use rule::Rule;
pub use test::Test;
