//! Images: pulled by name, imported, built, and what is told where there is none.

use super::Engine;
use crate::common::{feed, open, text};
use bollard::query_parameters::ListImagesOptions;
use smol_core::exec::{ExecError, Executor, Input, SandboxSpec};
use smol_exec::Docker;
use std::{fs, sync::Mutex};

pub(super) async fn all(engine: &Engine) {
    a_root_file_system_is_imported_once(engine).await;
    a_dockerfile_is_built_once(engine).await;
    what_cannot_be_had_is_told(engine).await;
    an_image_without_python_is_told(engine).await;
}

/// What is told meanwhile.
async fn told_by(executor: &Docker) -> Result<Vec<String>, ExecError> {
    let told = Mutex::new(Vec::new());
    let mut sandbox = executor.open(SandboxSpec::default(), &|said| told.lock().unwrap().push(said)).await?;
    sandbox.feed(Input::Code("1".to_owned())).await?;
    Ok(told.into_inner().unwrap())
}

async fn a_root_file_system_is_imported_once(engine: &Engine) {
    let first = told_by(&engine.executor()).await.unwrap();
    assert_eq!(first, [format!("making an image from `{}`", engine.root_file_system().display())]);
    assert_eq!(told_by(&engine.executor()).await.unwrap(), [""; 0]);
}

/// The name of the image that the last test made.
async fn imported(engine: &Engine) -> String {
    let images = engine.client.list_images(None::<ListImagesOptions>).await.unwrap();
    images.into_iter().flat_map(|image| image.repo_tags).find(|name| name.contains("imported")).unwrap()
}

async fn a_dockerfile_is_built_once(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let dockerfile = folder.path().join("Python.dockerfile");
    fs::write(&dockerfile, format!("FROM {}\nCOPY word.txt /word\n", imported(engine).await)).unwrap();
    fs::write(folder.path().join("word.txt"), "built").unwrap();
    let executor = Docker::new().engine(engine.address()).dockerfile(&dockerfile);
    let told = told_by(&executor).await.unwrap();
    assert!(told.iter().any(|said| said.contains("COPY word.txt")), "{told:?}");
    assert_eq!(told_by(&executor.clone().network(false)).await.unwrap(), [""; 0]);
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    assert_eq!(text(&feed(&mut *sandbox, "open('/word').read()").await), "'built'");
}

async fn what_cannot_be_had_is_told(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("Dockerfile");
    fs::write(&broken, "FORM nothing").unwrap();
    let missing = folder.path().join("missing");
    let docker = || Docker::new().engine(engine.address());
    for (executor, cause, hint) in [
        (
            docker().image("registry.invalid/none"),
            "`registry.invalid/none` is not there and could not be pulled",
            "check its name",
        ),
        (docker().image("No Such Name"), "No Such Name", ""),
        (docker().dockerfile(&broken), "FORM", ""),
        (docker().dockerfile(&missing), "missing", ""),
        (docker().root_file_system(&missing), "missing", ""),
        (docker().root_file_system(&broken), "Dockerfile", ""),
        (engine.executor().working_folder(&missing), "missing", "must be there"),
        (engine.executor().read_only(&missing), "missing", "must be there"),
        (engine.executor().runtime("none-such"), "none-such", "`none-such`"),
    ] {
        match told_by(&executor).await {
            Err(error @ ExecError::Start { .. }) => {
                let message = error.to_string();
                assert!(message.contains(cause) && message.contains(hint), "{message}");
            }
            other => panic!("{cause}: {other:?}"),
        }
    }
    engine.is_empty().await;
}

async fn an_image_without_python_is_told(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty"), "").unwrap();
    let dockerfile = folder.path().join("Dockerfile");
    fs::write(&dockerfile, "FROM scratch\nCOPY empty /empty\n").unwrap();
    let error = told_by(&Docker::new().engine(engine.address()).dockerfile(dockerfile)).await.unwrap_err();
    assert!(error.to_string().contains("hint: the image needs Python 3.11"), "{error}");
    engine.is_empty().await;
}
