//! Which executor suits what: the rules of thumb of the guide to the original, as a function.

use crate::ExecutorKind;
use serde::Deserialize;

/// What code is to be run for. What is left out counts as not said. From JSON: `{"stage": "production", "trust":
/// "untrusted", "budget": "medium"}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Requirements {
    /// How far the program is.
    pub stage: Option<Stage>,
    /// Who decides what the code does.
    pub trust: Option<Trust>,
    /// What a sandbox may cost.
    pub budget: Option<Spending>,
    /// Where the code is to run.
    pub location: Option<Location>,
    /// How many sandboxes there will be.
    pub scale: Option<Scale>,
}

/// How far a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It is being written.
    Development,
    /// People use it.
    Production,
}

/// Who decides what code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// A model that reads only what its user gives it.
    Trusted,
    /// A model that reads what strangers wrote, too.
    Untrusted,
}

/// What sandboxes may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spending {
    /// Nothing.
    Low,
    /// A machine of one's own.
    Medium,
    /// A service that bills by use.
    High,
}

/// Where code is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// At the user's, where nothing can be installed.
    Client,
    /// On a machine of one's own.
    Server,
}

/// How many sandboxes there will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// About as many as now.
    Fixed,
    /// As many as are asked for at the moment.
    Auto,
}

/// The executor that suits these requirements: the embedded one while a program is being written and at its users', a
/// service for strangers' code where it may cost something and for load that comes and goes, else containers.
///
/// ```
/// use smol_exec::{ExecutorKind, choose_sandbox};
///
/// let requirements = serde_json::from_str(r#"{"stage": "production", "trust": "untrusted", "budget": "medium"}"#)?;
/// assert_eq!(choose_sandbox(&requirements), ExecutorKind::Docker);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn choose_sandbox(requirements: &Requirements) -> ExecutorKind {
    match requirements {
        Requirements { stage: Some(Stage::Development), .. } => ExecutorKind::Wasm,
        Requirements { trust: Some(Trust::Untrusted), budget: Some(Spending::High), .. } => ExecutorKind::E2b,
        Requirements { trust: Some(Trust::Untrusted), .. } => ExecutorKind::Docker,
        Requirements { location: Some(Location::Client), .. } => ExecutorKind::Wasm,
        Requirements { scale: Some(Scale::Auto), .. } => ExecutorKind::Modal,
        _ => ExecutorKind::Docker,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_guides_rules_hold() {
        #[track_caller]
        fn check(requirements: serde_json::Value, expect: ExecutorKind) {
            let requirements = serde_json::from_value(requirements).expect("requirements");
            assert_eq!(choose_sandbox(&requirements), expect, "{requirements:?}");
        }
        check(json!({}), ExecutorKind::Docker);
        check(json!({"stage": "development", "trust": "untrusted"}), ExecutorKind::Wasm);
        check(json!({"stage": "production", "trust": "untrusted", "budget": "medium"}), ExecutorKind::Docker);
        check(json!({"trust": "untrusted", "budget": "high"}), ExecutorKind::E2b);
        check(json!({"location": "client"}), ExecutorKind::Wasm);
        check(json!({"scale": "auto"}), ExecutorKind::Modal);
        check(
            json!({"trust": "trusted", "budget": "high", "location": "server", "scale": "fixed"}),
            ExecutorKind::Docker,
        );
    }
}
