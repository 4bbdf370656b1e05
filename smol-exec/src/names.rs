//! Executors by name, as the command line and configuration files give them.

use smol_core::exec::{ExecError, Executor};
use std::sync::Arc;

/// The names that [`executor`] knows in this build.
pub const NAMES: &[&str] = &[
    #[cfg(feature = "wasm")]
    "wasm",
    #[cfg(feature = "wasm")]
    "local",
    #[cfg(all(unix, feature = "process"))]
    "process",
    #[cfg(feature = "e2b")]
    "e2b",
    #[cfg(feature = "modal")]
    "modal",
];

/// The executor called `name`, with its default limits. Fails with the nearest name as a hint if there is none.
pub fn executor(name: &str) -> Result<Arc<dyn Executor>, ExecError> {
    match name {
        #[cfg(feature = "wasm")]
        "wasm" | "local" => Ok(Arc::new(crate::Wasm::new())),
        #[cfg(all(unix, feature = "process"))]
        "process" => Ok(Arc::new(crate::Process::new())),
        #[cfg(feature = "e2b")]
        "e2b" => Ok(Arc::new(crate::E2B::new())),
        #[cfg(feature = "modal")]
        "modal" => Ok(Arc::new(crate::Modal::new())),
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> ExecError {
    let lower = name.to_lowercase();
    let nearest = NAMES.iter().min_by_key(|known| strsim::levenshtein(&lower, known));
    let listed = NAMES.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
    let guess = nearest.map(|known| format!("did you mean `{known}`? ")).unwrap_or_default();
    ExecError::Start {
        executor: name.to_owned(),
        cause: "there is no executor of this name".to_owned(),
        hint: format!("{guess}This build has {listed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_resolves() {
        for name in NAMES {
            assert!(executor(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_gets_the_nearest_as_hint() {
        fn check(name: &str, nearest: &str) {
            let message = executor(name).err().expect(name).to_string();
            assert!(message.contains(&format!("did you mean `{nearest}`?")), "{message}");
        }
        for name in NAMES {
            check(&format!("{name}x"), name);
            check(&name.to_uppercase(), name);
        }
    }
}
