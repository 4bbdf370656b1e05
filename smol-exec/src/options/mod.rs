//! What of an executor can be set by name, where it is a command line, a configuration file or an agent's folder that sets
//! it. Keys and tokens cannot: they come from the environment, or from code.

mod settings;
mod values;

use crate::ExecutorKind;
use serde_json::{Map, Value};
use smol_core::exec::{ExecError, Executor};
use std::sync::Arc;
use values::Readable;

/// An executor with options.
pub(crate) trait Configurable: Executor + Sized + 'static {
    fn settings() -> Vec<Setting<Self>>;
}

/// One option: what it is called, what it takes, and how it is set.
pub(crate) struct Setting<E> {
    name: &'static str,
    takes: &'static str,
    set: Set<E>,
}

/// Sets an option, unless the value is of another kind.
type Set<E> = Box<dyn FnOnce(E, &Value) -> Option<E>>;

fn setting<E, V: Readable>(name: &'static str, set: impl FnOnce(E, V) -> E + 'static) -> Setting<E> {
    let set = Box::new(|executor, value: &Value| Some(set(executor, V::read(value)?)));
    Setting { name, takes: V::TAKES, set }
}

/// `executor` as `options` want it.
pub(crate) fn configured<E: Configurable>(
    kind: ExecutorKind,
    executor: E,
    options: &Map<String, Value>,
) -> Result<Arc<dyn Executor>, ExecError> {
    let set = |executor, (name, value): (&String, &Value)| {
        let mut settings = E::settings();
        let Some(place) = settings.iter().position(|setting| setting.name == name) else {
            return Err(unknown(kind, name, &settings));
        };
        let setting = settings.swap_remove(place);
        (setting.set)(executor, value).ok_or_else(|| mistaken(kind, name, setting.takes, value))
    };
    Ok(Arc::new(options.iter().try_fold(executor, set)?))
}

/// The options of an executor, each with what it takes.
pub(crate) fn listed<E: Configurable>(_: &E) -> Vec<(&'static str, &'static str)> {
    E::settings().iter().map(|setting| (setting.name, setting.takes)).collect()
}

fn unknown<E>(kind: ExecutorKind, name: &str, settings: &[Setting<E>]) -> ExecError {
    let names = settings.iter().map(|setting| format!("`{}`", setting.name)).collect::<Vec<_>>().join(", ");
    error(kind, format!("it has no option `{name}`"), format!("its options are {names}"))
}

fn mistaken(kind: ExecutorKind, name: &str, takes: &str, value: &Value) -> ExecError {
    error(kind, format!("its option `{name}` cannot be `{value}`"), format!("it takes {takes}"))
}

fn error(kind: ExecutorKind, cause: String, hint: String) -> ExecError {
    ExecError::Start { executor: kind.name().to_owned(), cause, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[cfg(feature = "docker")]
    #[test]
    fn an_option_is_set_or_explained() {
        fn check(kind: &str, options: Value, expected: Result<(), &str>) {
            let Value::Object(options) = options else { panic!("options are an object") };
            let made = kind.parse::<ExecutorKind>().unwrap().executor_with(&options);
            match (made, expected) {
                (Ok(_), Ok(())) => {}
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (made, _) => panic!("{kind} {options:?}: {:?}", made.err()),
            }
        }
        check("docker", json!({}), Ok(()));
        check("docker", json!({"image": "python:3.13", "network": true, "cpus": 0.5}), Ok(()));
        check("docker", json!({"image": 3.13, "read_only": "/srv", "processes": 9}), Ok(()));
        check("docker", json!({"read_only": ["/srv", "/opt"]}), Ok(()));
        check("docker", json!({"read_only": ["/srv", 1]}), Err("it takes a path, or a list of paths"));
        check("docker", json!({"network": "yes"}), Err("its option `network` cannot be `\"yes\"`"));
        check("docker", json!({"processes": -1}), Err("it takes a whole number"));
        check("docker", json!({"imag": "x"}), Err("it has no option `imag`\n\nhint: its options are `cpus`"));
    }

    #[test]
    fn every_option_is_listed_once() {
        for kind in ExecutorKind::all() {
            let mut names: Vec<_> = kind.options().into_iter().map(|(name, _)| name).collect();
            let count = names.len();
            names.dedup();
            assert!(names.is_sorted() && names.len() == count, "{kind}: {names:?}");
        }
    }
}
