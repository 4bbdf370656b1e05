//! What the tools may read.

use crate::parts::serve;
use axum::{Router, routing::get};
use serde_json::{Value, json};
use smol_tools::Access;
use std::fs;

async fn load(access: &Access, source: Value) -> Result<String, String> {
    let loaded = access.load(&source).await.map_err(|error| error.to_string())?;
    Ok(String::from_utf8(loaded.content.to_vec()).unwrap())
}

#[tokio::test]
async fn files_are_read_from_granted_folders_and_from_nowhere_else() {
    let granted = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    fs::write(granted.path().join("a.wav"), "sound").unwrap();
    fs::write(other.path().join("secret"), "secret").unwrap();
    fs::create_dir(granted.path().join("folder")).unwrap();
    let secret = other.path().join("secret");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, granted.path().join("link")).unwrap();
    let access = Access::new().folder(granted.path());
    let whole = granted.path().join("a.wav");
    for path in [
        "a.wav",
        "./a.wav",
        "folder/../a.wav",
        whole.to_str().unwrap(),
        &format!("file://{}", whole.display()),
    ] {
        assert_eq!(load(&access, json!(path)).await.as_deref(), Ok("sound"), "{path}");
    }
    let climbing = format!("../{}/secret", other.path().file_name().unwrap().to_str().unwrap());
    for path in [secret.to_str().unwrap(), &climbing, "link", "../missing", "/etc/passwd"] {
        let error = load(&access, json!(path)).await.unwrap_err();
        assert!(error.contains("is not a file that this tool may read"), "{path}: {error}");
    }
    assert!(load(&access, json!("missing.wav")).await.unwrap_err().contains("could not read `missing.wav`"));
    assert!(load(&access, json!("folder")).await.unwrap_err().contains("it is no file"));
    assert!(load(&Access::new(), json!("a.wav")).await.unwrap_err().contains("it was granted no folder"));
}

#[tokio::test]
async fn bytes_come_as_values_and_as_data_addresses() {
    let access = Access::new().most_bytes(6);
    assert_eq!(
        load(&access, json!({"__type__": "bytes", "base64": "c291bmQ="})).await.as_deref(),
        Ok("sound")
    );
    assert_eq!(load(&access, json!("data:audio/wav;base64,c291bmQ=")).await.as_deref(), Ok("sound"));
    let check = async |source: Value, expect: &str| {
        let error = load(&access, source).await.unwrap_err();
        assert!(error.contains(expect), "{error}");
    };
    check(json!({"base64": "?"}), "what was given as base64").await;
    check(json!({"other": 1}), "neither a path").await;
    check(json!("data:,plain"), "neither a path").await;
    check(json!({"base64": "c291bmQgc291bmQ="}), "larger than the limit of 6 bytes").await;
}

#[tokio::test]
async fn addresses_are_fetched_unless_they_are_private_or_too_much_comes() {
    let app =
        Router::new().route("/a.wav", get(async || "sound")).route("/large", get(async || "x".repeat(1000)));
    let base = serve(app).await;
    let access = Access::new().most_bytes(100);
    let address = |path: &str| json!(format!("{base}{path}"));
    let error = load(&access, address("/a.wav")).await.unwrap_err();
    assert!(error.contains("not on the public Internet"), "{error}");
    let access = access.allow_private(true);
    assert_eq!(load(&access, address("/a.wav")).await.as_deref(), Ok("sound"));
    assert!(
        load(&access, address("/large")).await.unwrap_err().contains("larger than the limit of 100 bytes")
    );
    assert!(load(&access, address("/none")).await.unwrap_err().contains("404"));
    assert!(load(&access, json!("http://")).await.unwrap_err().contains("could not fetch"));
}
