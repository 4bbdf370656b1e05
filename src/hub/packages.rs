//! Executors whose Python has the packages that shared tools need.

use super::ShareError;
use serde_json::{Map, Value};
use smol_core::exec::Executor;
use smol_exec::ExecutorKind;
use smol_hub::{Hub, HubError, folder::Requirements};
use std::sync::Arc;

/// An executor of this kind, with these options, that has `requirements`. They are installed once for each list of them, where no other Python
/// sees them, and only if `consent`, which is shown the list, agrees.
///
/// `process` gets a virtual environment, `docker` an image, and `wasm` a folder, which serves packages of pure Python; the
/// others have what their service has.
///
/// # Errors
/// [`ShareError::NoConsent`], [`ShareError::Packages`] where the executor cannot have them, [`ShareError::Hub`] where they
/// could not be installed, [`ShareError::Exec`].
pub async fn executor_with(
    kind: ExecutorKind,
    options: &Map<String, Value>,
    requirements: &Requirements,
    consent: impl FnOnce(&Requirements) -> bool,
) -> Result<Arc<dyn Executor>, ShareError> {
    if requirements.0.is_empty() {
        return Ok(kind.executor_with(options)?);
    }
    let hub = Hub::from_environment()?;
    let irregular = requirements.irregular();
    if !irregular.is_empty() {
        let lines = irregular.into_iter().map(str::to_owned).collect();
        return Err(HubError::Irregular { lines }.into());
    }
    if !hub.has_packages(requirements) && !consent(requirements) {
        return Err(ShareError::NoConsent { packages: requirements.to_string() });
    }
    let cannot = |cause: String| ShareError::Packages {
        packages: requirements.to_string(),
        executor: kind.to_string(),
        cause,
    };
    let (option, path) = match kind {
        ExecutorKind::Process => ("python", hub.virtual_environment(requirements).await?),
        ExecutorKind::Docker => ("dockerfile", hub.dockerfile(requirements).await?),
        ExecutorKind::Wasm => match hub.pure_packages(requirements).await {
            Ok(folder) => ("packages", folder),
            Err(error @ HubError::Package { .. }) => return Err(cannot(error.to_string())),
            Err(error) => return Err(error.into()),
        },
        _ => return Err(cannot("what it has is not ours to change".to_owned())),
    };
    let mut options = options.clone();
    options.insert(option.to_owned(), path.display().to_string().into());
    Ok(kind.executor_with(&options)?)
}
