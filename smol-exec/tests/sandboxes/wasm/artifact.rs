//! The embedded component is the one its manifest describes, made from the sources beside it.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{fs, path::Path};

fn read(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_manifest_is_true() {
    let manifest: Value = serde_json::from_slice(&read("artifact/manifest.json")).expect("JSON");
    assert_eq!(manifest["artifact"]["sha256"], sha256(&read("artifact/python.wasm.xz")));
    let sources = manifest["sources"].as_object().expect("sources");
    assert_eq!(sources.len(), 2);
    for (path, hash) in sources {
        assert_eq!(*hash, sha256(&read(path)), "`{path}` changed: run `cargo xtask python-wasm`");
    }
}
