//! What options take.

use serde_json::Value;
use std::{path::PathBuf, time::Duration};

/// A value that can be read from JSON, in the forms in which people write it.
pub(super) trait Readable: Sized + 'static {
    /// What it takes, for people.
    const TAKES: &'static str;

    /// The value, unless it is of another kind.
    fn read(value: &Value) -> Option<Self>;
}

impl Readable for String {
    const TAKES: &'static str = "a text";

    /// A number is a text, too: on a command line `3.12` may be a name.
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

impl Readable for bool {
    const TAKES: &'static str = "`true` or `false`";

    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Readable for f64 {
    const TAKES: &'static str = "a number";

    fn read(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

impl Readable for u32 {
    const TAKES: &'static str = "a whole number";

    fn read(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl Readable for u64 {
    const TAKES: &'static str = u32::TAKES;

    fn read(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}

impl Readable for Duration {
    const TAKES: &'static str = "a number of seconds";

    fn read(value: &Value) -> Option<Self> {
        Self::try_from_secs_f64(value.as_f64()?).ok()
    }
}

impl Readable for PathBuf {
    const TAKES: &'static str = "a path";

    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(Self::from)
    }
}

impl Readable for Vec<PathBuf> {
    const TAKES: &'static str = "a path, or a list of paths";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Array(paths) => paths.iter().map(PathBuf::read).collect(),
            path => Some(vec![PathBuf::read(path)?]),
        }
    }
}

#[cfg(all(unix, feature = "process"))]
impl Readable for crate::Confinement {
    const TAKES: &'static str = "`bubblewrap`, `landlock` or `none`";

    fn read(value: &Value) -> Option<Self> {
        match value.as_str()? {
            "bubblewrap" => Some(Self::Bubblewrap),
            "landlock" => Some(Self::Landlock),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}
