//! Names of files that may lie in a folder: none leads out of it, on any system.

use crate::HubError;

/// Windows takes these for devices, whatever their extension.
const DEVICES: [&str; 6] = ["aux", "con", "nul", "prn", "conin$", "conout$"];

/// The longest name of one file or folder that all systems take, in bytes.
const LONGEST_NAME: usize = 255;

/// How deep folders may lie in each other.
const DEEPEST: usize = 16;

/// Refuses a path that is not plainly inside: absolute, with `..`, or read otherwise by another system.
pub(crate) fn check_path(path: &str) -> Result<(), HubError> {
    let refuse = |cause: &str| Err(HubError::Path { path: path.to_owned(), cause: cause.to_owned() });
    let parts: Vec<&str> = path.split('/').collect();
    if parts.len() > DEEPEST {
        return refuse("it lies too deep");
    }
    if path.chars().any(|letter| letter.is_control() || "\\:*?\"<>|".contains(letter)) {
        return refuse("it has characters that not all systems take");
    }
    for part in parts {
        if part.is_empty() || part == "." || part == ".." {
            return refuse("it leads out of the folder");
        }
        if part.len() > LONGEST_NAME || part.ends_with([' ', '.']) || is_device(part) {
            return refuse("not all systems take such a name");
        }
    }
    Ok(())
}

/// `con`, `com1` and their like, also with an extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let is_port =
        |port: &str| stem.strip_prefix(port).is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']));
    DEVICES.contains(&stem.as_str()) || is_port("com") || is_port("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out() {
        let check = |path: &str, expect: bool| assert_eq!(check_path(path).is_ok(), expect, "{path:?}");
        check("tool.py", true);
        check("managed_agents/a b/tools/ä.py", true);
        check(".gitattributes", true);
        check("console.py", true);
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a/./b",
            "a//b",
            "a/",
            "..\\x",
            "C:/x",
            "a:b",
            "a\0b",
            "a\nb",
            "nul",
            "NUL.txt",
            "a/com1.py",
            "lpt9",
            "a./b",
            "a /b",
        ] {
            check(path, false);
        }
        check(&"a/".repeat(20), false);
        check(&"a".repeat(256), false);
    }
}
