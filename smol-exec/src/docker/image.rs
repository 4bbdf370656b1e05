//! The image that containers are made of. One that is made here is named by what it is made of, so it is made once.

use super::{
    engine::{Engine, root_cause},
    start_error,
};
use bollard::{
    body_full, body_try_stream,
    errors::Error,
    query_parameters::{BuildImageOptionsBuilder, CreateImageOptionsBuilder},
};
use futures::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use smol_core::exec::{ExecError, Progress};
use std::{
    fmt::Write as _,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// How much of a file is read at once, in bytes.
const PIECE: usize = 1 << 20;

/// The largest folder that a Dockerfile may be in, in bytes: it is sent from memory.
const LARGEST_FOLDER: usize = 512 << 20;

/// Where an image comes from.
#[derive(Debug, Clone)]
pub(super) enum Image {
    Named(String),
    Dockerfile(PathBuf),
    RootFileSystem(PathBuf),
}

impl Default for Image {
    fn default() -> Self {
        Self::Named("python:3.14-slim".to_owned())
    }
}

impl Image {
    /// Sees to it that the engine has it, and returns its name.
    pub(super) async fn prepare(&self, engine: &Engine, progress: Progress<'_>) -> Result<String, ExecError> {
        match self {
            Self::Named(name) => named(name, engine, progress).await,
            Self::Dockerfile(path) => build(path, engine, progress).await,
            Self::RootFileSystem(path) => import(path, engine, progress).await,
        }
    }
}

async fn is_there(engine: &Engine, name: &str) -> Result<bool, ExecError> {
    match engine.client.inspect_image(name).await {
        Ok(_) => Ok(true),
        Err(Error::DockerResponseServerError { status_code: 404, .. }) => Ok(false),
        Err(error) => Err(start_error(format!("the image `{name}`: {}", root_cause(&error)), "")),
    }
}

async fn named(name: &str, engine: &Engine, progress: Progress<'_>) -> Result<String, ExecError> {
    if is_there(engine, name).await? {
        return Ok(name.to_owned());
    }
    progress(format!("pulling the image `{name}`"));
    let options = CreateImageOptionsBuilder::new().from_image(&with_tag(name)).build();
    let mut pulling = engine.client.create_image(Some(options), None, None);
    let failed = |cause: String| {
        let hint = "check its name and the network; `docker login` and `docker pull` fetch what is private; without a registry, make an image by `Docker::dockerfile` or `Docker::root_file_system`";
        start_error(format!("the image `{name}` is not there and could not be pulled: {cause}"), hint)
    };
    while let Some(said) = pulling.try_next().await.map_err(|error| failed(root_cause(&error)))? {
        if let Some(cause) = said.error_detail.and_then(|detail| detail.message) {
            return Err(failed(cause));
        }
        // Counts of bytes come many times a second.
        let has_counts = said.progress_detail.is_some_and(|detail| detail.current.is_some());
        if let Some(status) = said.status.filter(|_| !has_counts) {
            progress(said.id.map_or_else(|| status.clone(), |id| format!("{id}: {status}")));
        }
    }
    Ok(name.to_owned())
}

/// Without a tag, an engine would pull every one there is.
fn with_tag(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains([':', '@']) { name.to_owned() } else { format!("{name}:latest") }
}

async fn build(path: &Path, engine: &Engine, progress: Progress<'_>) -> Result<String, ExecError> {
    let failed = |cause: String| start_error(format!("`{}`: {cause}", path.display()), "");
    let packed = path.to_owned();
    let packed = tokio::task::spawn_blocking(move || pack(&packed)).await;
    let (context, dockerfile) =
        packed.map_err(io::Error::other).flatten().map_err(|error| failed(error.to_string()))?;
    let mut digest = Sha256::new();
    digest.update(dockerfile.as_bytes());
    digest.update(&context);
    let name = name_of("built", digest);
    if is_there(engine, &name).await? {
        return Ok(name);
    }
    progress(format!("building an image from `{}`", path.display()));
    let options =
        BuildImageOptionsBuilder::new().dockerfile(&dockerfile).t(&name).rm(true).forcerm(true).build();
    let mut building = engine.client.build_image(options, None, Some(body_full(context.into())));
    while let Some(said) = building.try_next().await.map_err(|error| failed(root_cause(&error)))? {
        if let Some(cause) = said.error_detail.and_then(|detail| detail.message) {
            return Err(failed(cause));
        }
        if let Some(text) = said.stream.as_deref().map(str::trim_end).filter(|text| !text.is_empty()) {
            progress(text.to_owned());
        }
    }
    Ok(name)
}

/// The folder of a Dockerfile as tar, the same bytes for the same content, and the Dockerfile's name in it.
fn pack(path: &Path) -> io::Result<(Vec<u8>, String)> {
    let path = path.canonicalize()?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::other("it is no file"));
    };
    let mut builder = tar::Builder::new(Bounded(Vec::new()));
    builder.mode(tar::HeaderMode::Deterministic);
    builder.follow_symlinks(false);
    append_sorted(&mut builder, folder, Path::new(""))?;
    Ok((builder.into_inner()?.0, name.to_string_lossy().into_owned()))
}

/// Adds all that is in `folder`, in the order of names, under `inside`.
fn append_sorted(builder: &mut tar::Builder<Bounded>, folder: &Path, inside: &Path) -> io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let inside = inside.join(entry.file_name());
        builder.append_path_with_name(entry.path(), &inside)?;
        if entry.file_type()?.is_dir() {
            append_sorted(builder, &entry.path(), &inside)?;
        }
    }
    Ok(())
}

/// Bytes in memory, up to [`LARGEST_FOLDER`].
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LARGEST_FOLDER {
            let limit = LARGEST_FOLDER >> 20;
            return Err(io::Error::other(format!(
                "its folder, all of which is sent to the engine, holds more than {limit} MiB\n\nhint: put it in a folder of its own"
            )));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn import(path: &Path, engine: &Engine, progress: Progress<'_>) -> Result<String, ExecError> {
    let failed = |cause: String| start_error(format!("`{}`: {cause}", path.display()), "");
    let hashed = path.to_owned();
    let name = tokio::task::spawn_blocking(move || name_of_file(&hashed)).await;
    let name = name.map_err(io::Error::other).flatten().map_err(|error| failed(error.to_string()))?;
    if is_there(engine, &name).await? {
        return Ok(name);
    }
    progress(format!("making an image from `{}`", path.display()));
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    let (repository, tag) = name.split_once(':').unwrap_or((&name, "latest"));
    let options = CreateImageOptionsBuilder::new().from_src("-").repo(repository).tag(tag).build();
    let content = body_try_stream(stream::iter(Pieces(file)).map(|piece| piece.map(Into::into)));
    let mut importing = engine.client.create_image(Some(options), Some(content), None);
    while let Some(said) = importing.try_next().await.map_err(|error| failed(root_cause(&error)))? {
        if let Some(cause) = said.error_detail.and_then(|detail| detail.message) {
            return Err(failed(cause));
        }
    }
    Ok(name)
}

/// A file in pieces.
struct Pieces(File);

impl Iterator for Pieces {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&mut self.0).take(PIECE as u64).read_to_end(&mut piece);
        match read {
            Ok(0) => None,
            Ok(_) => Some(Ok(piece)),
            Err(error) => Some(Err(error)),
        }
    }
}

fn name_of_file(path: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    for piece in Pieces(File::open(path)?) {
        digest.update(piece?);
    }
    Ok(name_of("imported", digest))
}

/// The name of an image that was made of this content.
fn name_of(how: &str, digest: Sha256) -> String {
    let mut name = format!("smolagents-{how}:");
    for byte in digest.finalize().iter().take(16) {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_tag_means_the_latest() {
        fn check(name: &str, expect: &str) {
            assert_eq!(with_tag(name), expect);
        }
        check("python", "python:latest");
        check("python:3.14-slim", "python:3.14-slim");
        check("localhost:5000/python", "localhost:5000/python:latest");
        check("localhost:5000/python:3", "localhost:5000/python:3");
        check("python@sha256:00", "python@sha256:00");
    }

    #[test]
    fn the_same_folder_is_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("Dockerfile", "FROM scratch");
        write("b", "2");
        std::fs::create_dir(folder.path().join("a")).unwrap();
        write("a/c", "3");
        let packed = || pack(&folder.path().join("Dockerfile")).unwrap();
        let first = packed();
        assert_eq!(first.1, "Dockerfile");
        write("b", "2");
        assert_eq!(packed(), first, "when a file was written does not count");
        write("a/c", "4");
        assert_ne!(packed(), first);
    }
}
