//! One machine, from asking for it until the Jupyter server in it answers. The wire is that of the vendor's own package for
//! Python, version 0.4.24.

use super::Settings;
use crate::jupyter::{self, Farewells, Remote, Site};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use smol_core::exec::ExecError;
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How long one answer may take: a machine is made before the first one comes.
const ANSWER: Duration = Duration::from_secs(120);

/// How long a machine may take until its server answers.
const START: Duration = Duration::from_secs(240);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// The port of the Jupyter server.
const PORT: u16 = 8888;

#[derive(Deserialize)]
struct Machine {
    #[serde(default)]
    status: String,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    url: String,
}

/// Makes a machine and waits until its Jupyter server answers, which is the site that is returned.
pub(super) async fn make(
    site: &Site,
    settings: &Settings,
    farewells: &Arc<Farewells>,
) -> Result<(Site, Remote), ExecError> {
    let deadline = Instant::now() + START;
    let gone = |error: tokio::task::JoinError| site.error(error.to_string(), "");
    let making = create(site.clone(), settings.clone(), farewells.clone());
    let (mut machine, remote) = jupyter::make(making, gone).await?;
    while machine.status != "DEPLOYED" {
        if matches!(machine.status.as_str(), "FAILED" | "TERMINATED" | "DEACTIVATED" | "DELETING") {
            return Err(site.error(format!("its machine is `{}`", machine.status), ""));
        }
        pause(site, deadline, &format!("its machine is still `{}`", machine.status)).await?;
        machine = site.ask(Method::GET, remote.path(), &Value::Null, ANSWER).await?;
    }
    let inside = inside(site, &machine.metadata.url)?;
    while let Err(error) = inside.ask::<Value>(Method::GET, "/api/kernelspecs", &Value::Null, ANSWER).await {
        pause(site, deadline, &error.to_string()).await?;
    }
    Ok((inside, remote))
}

async fn create(
    site: Site,
    settings: Settings,
    farewells: Arc<Farewells>,
) -> Result<(Machine, Remote), ExecError> {
    // A hasher's keys are random, and that is all a name must be.
    let name = format!("smolagents-{:016x}", RandomState::new().build_hasher().finish());
    let idle =
        json!({"action": "delete", "type": "ttl-idle", "value": format!("{}s", settings.idle.as_secs())});
    let mut order = json!({
        "metadata": {"name": name},
        "spec": {
            "runtime": {
                "image": settings.image,
                "memory": settings.machine_memory,
                "ports": [{"target": PORT, "protocol": "HTTP"}],
            },
            "lifecycle": {"expirationPolicies": [idle]},
        },
    });
    if let Some(region) = &settings.region {
        order["spec"]["region"] = region.as_str().into();
    }
    // From now on there may be one, also if the answer does not come.
    let remote = Remote::new(&site, format!("/sandboxes/{name}"), &farewells);
    let machine = site.ask(Method::POST, "/sandboxes?createIfNotExist=false", &order, ANSWER).await;
    Ok((machine?, remote))
}

/// The Jupyter server of a machine at `url`, which gets the same keys.
fn inside(site: &Site, url: &str) -> Result<Site, ExecError> {
    let inside = site.at(&format!("{}/port/{PORT}", url.trim_end_matches('/')))?;
    if inside.is_open() && !site.is_open() {
        return Err(site.error("its machine has an address where the key could be read on the way", ""));
    }
    Ok(inside)
}

async fn pause(site: &Site, deadline: Instant, state: &str) -> Result<(), ExecError> {
    if Instant::now() + PAUSE > deadline {
        return Err(site.error(format!("it was not ready after {} s: {state}", START.as_secs()), ""));
    }
    sleep(PAUSE).await;
    Ok(())
}
