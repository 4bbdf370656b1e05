//! What a session may put into files. WASI keeps code inside its folders but lets it fill the disk, so the few functions
//! by which something comes into being are replaced by ones that count first. What is counted is all that is written, also
//! over what was there: nothing needs to look through the folder, which may be a user's own.

use super::host::Host;
use bytes::Bytes;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use wasmtime::component::{ComponentNamedList, Lift, Linker, LinkerInstance, Lower, Resource};
use wasmtime_wasi::{
    filesystem::WasiFilesystemView,
    p2::{
        DynOutputStream, FsResult, OutputStream, Pollable, StreamError, StreamResult,
        bindings::filesystem::types::{
            Descriptor, DescriptorFlags, ErrorCode, HostDescriptor, OpenFlags, PathFlags,
        },
    },
};

/// The interface whose functions are replaced, as wasmtime names it.
const TYPES: &str = "wasi:filesystem/types@0.2.12";

/// The system's number for a full disk.
const DISK_FULL: i32 = if cfg!(windows) { 112 } else { 28 };

/// How many files and folders a session may make.
const FILES: u64 = 10_000;

/// What is left of it.
#[derive(Debug, Clone)]
pub(super) struct Allowance {
    bytes: Arc<AtomicU64>,
    files: Arc<AtomicU64>,
}

impl Allowance {
    /// So many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        Self { bytes: Arc::new(AtomicU64::new(bytes)), files: Arc::new(AtomicU64::new(FILES)) }
    }

    pub(super) fn take_bytes(&self, count: u64) -> Result<(), ErrorCode> {
        take(&self.bytes, count)
    }

    pub(super) fn take_file(&self) -> Result<(), ErrorCode> {
        take(&self.files, 1)
    }
}

fn take(left: &AtomicU64, count: u64) -> Result<(), ErrorCode> {
    let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(count));
    taken.map(drop).map_err(|_| ErrorCode::InsufficientSpace)
}

/// A file's stream that counts.
struct Counted {
    stream: DynOutputStream,
    allowance: Allowance,
}

#[async_trait::async_trait]
impl Pollable for Counted {
    async fn ready(&mut self) {
        self.stream.ready().await;
    }
}

#[async_trait::async_trait]
impl OutputStream for Counted {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.allowance
            .take_bytes(bytes.len() as u64)
            .map_err(|_| StreamError::LastOperationFailed(io::Error::from_raw_os_error(DISK_FULL).into()))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.stream.flush()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.stream.check_write()
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}

impl Host {
    /// The same stream, counted.
    fn counted(&mut self, stream: Resource<DynOutputStream>) -> FsResult<Resource<DynOutputStream>> {
        let counted = Counted { stream: self.table.delete(stream)?, allowance: self.allowance.clone() };
        Ok(self.table.push(Box::new(counted) as DynOutputStream)?)
    }

    fn write_via_stream(
        &mut self,
        file: Resource<Descriptor>,
        offset: u64,
    ) -> FsResult<Resource<DynOutputStream>> {
        let stream = self.filesystem().write_via_stream(file, offset)?;
        self.counted(stream)
    }

    fn append_via_stream(&mut self, file: Resource<Descriptor>) -> FsResult<Resource<DynOutputStream>> {
        let stream = self.filesystem().append_via_stream(file)?;
        self.counted(stream)
    }

    async fn write_bytes(
        &mut self,
        file: Resource<Descriptor>,
        bytes: Vec<u8>,
        offset: u64,
    ) -> FsResult<u64> {
        self.allowance.take_bytes(bytes.len() as u64)?;
        self.filesystem().write(file, bytes, offset).await
    }

    async fn set_size(&mut self, file: Resource<Descriptor>, size: u64) -> FsResult<()> {
        let before = self.filesystem().stat(Resource::new_own(file.rep())).await?.size;
        self.allowance.take_bytes(size.saturating_sub(before))?;
        self.filesystem().set_size(file, size).await
    }

    async fn open_at(
        &mut self,
        folder: Resource<Descriptor>,
        how: PathFlags,
        path: String,
        open: OpenFlags,
        flags: DescriptorFlags,
    ) -> FsResult<Resource<Descriptor>> {
        if open.contains(OpenFlags::CREATE) {
            let found = self.filesystem().stat_at(Resource::new_own(folder.rep()), how, path.clone()).await;
            if found.is_err() {
                self.allowance.take_file()?;
            }
        }
        self.filesystem().open_at(folder, how, path, open, flags).await
    }

    async fn create_directory_at(&mut self, folder: Resource<Descriptor>, path: String) -> FsResult<()> {
        self.allowance.take_file()?;
        self.filesystem().create_directory_at(folder, path).await
    }
}

/// Puts the functions that count in the place of WASI's. There are no links: those inside of the folder could mean
/// something else to whoever follows them outside.
pub(super) fn add_to_linker(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    let types = &mut linker.instance(TYPES)?;
    types.func_wrap("[method]descriptor.write-via-stream", |mut store, (file, offset)| {
        told(store.data_mut().write_via_stream(file, offset))
    })?;
    types.func_wrap("[method]descriptor.append-via-stream", |mut store, (file,)| {
        told(store.data_mut().append_via_stream(file))
    })?;
    types.func_wrap_async("[method]descriptor.write", |mut store, (file, bytes, offset)| {
        Box::new(async move { told(store.data_mut().write_bytes(file, bytes, offset).await) })
    })?;
    types.func_wrap_async("[method]descriptor.set-size", |mut store, (file, size)| {
        Box::new(async move { told(store.data_mut().set_size(file, size).await) })
    })?;
    types.func_wrap_async("[method]descriptor.open-at", |mut store, (folder, how, path, open, flags)| {
        Box::new(async move { told(store.data_mut().open_at(folder, how, path, open, flags).await) })
    })?;
    types.func_wrap_async("[method]descriptor.create-directory-at", |mut store, (folder, path)| {
        Box::new(async move { told(store.data_mut().create_directory_at(folder, path).await) })
    })?;
    refuse::<(Resource<Descriptor>, String, String)>(types, "[method]descriptor.symlink-at")?;
    refuse::<(Resource<Descriptor>, PathFlags, String, Resource<Descriptor>, String)>(
        types,
        "[method]descriptor.link-at",
    )?;
    linker.allow_shadowing(false);
    Ok(())
}

fn refuse<P: ComponentNamedList + Lift + 'static>(
    types: &mut LinkerInstance<'_, Host>,
    name: &str,
) -> wasmtime::Result<()> {
    types.func_wrap(name, |_, _: P| told::<()>(Err(ErrorCode::NotPermitted.into())))
}

/// A result as the component takes it; what no code can be told ends the instance.
fn told<T>(result: FsResult<T>) -> wasmtime::Result<(Result<T, ErrorCode>,)>
where
    (Result<T, ErrorCode>,): Lower,
{
    match result {
        Ok(value) => Ok((Ok(value),)),
        Err(error) => Ok((Err(error.downcast()?),)),
    }
}
