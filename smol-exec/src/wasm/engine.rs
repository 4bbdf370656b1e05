//! What all sandboxes of a process share: the engine, the compiled component, the compiled guest program.

use super::{
    Wasm, allowance,
    cache::{Cache, hex},
    clock,
    host::{Host, Sandbox, SandboxPre, Shared},
    interpreter::Guest,
    start_error,
    ticker::Ticker,
};
use crate::guest::PROGRAM;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use smol_core::exec::{ExecError, Progress, SandboxSpec};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::Read,
    path::Path,
    sync::Arc,
};
use tokio::sync::OnceCell;
use wasmtime::{
    Config, Store,
    component::{Component, HasSelf, Linker},
};

/// CPython, its standard library and the bootstrap; made by `cargo xtask python-wasm`.
const ARTIFACT: &[u8] = include_bytes!("../../artifact/python.wasm.xz");

/// What the artifact was made of.
const MANIFEST: &str = include_str!("../../artifact/manifest.json");

#[derive(Deserialize)]
struct Manifest {
    program: Part,
}

#[derive(Deserialize)]
struct Part {
    sha256: String,
}

/// Ready to make instances.
pub(super) struct Engine {
    engine: wasmtime::Engine,
    component: SandboxPre<Host>,
    /// The guest program as the guest's `load` takes it, if it is another than the baked one.
    program: Option<Vec<u8>>,
    pub(super) ticker: Arc<Ticker>,
}

/// An instance with its memory.
pub(super) struct Instance {
    pub(super) store: Store<Host>,
    pub(super) exports: Sandbox,
}

impl Guest for Instance {
    async fn feed(&mut self, frame: &str) -> wasmtime::Result<String> {
        self.store.set_epoch_deadline(1);
        self.exports.call_feed(&mut self.store, frame).await
    }

    fn tell(&self, milliseconds: u64) {
        self.store.data().clocks.tell(milliseconds);
    }
}

impl Engine {
    /// The process's engine, made on first use.
    pub(super) async fn shared(progress: Progress<'_>) -> Result<Arc<Self>, ExecError> {
        static SHARED: OnceCell<Arc<Engine>> = OnceCell::const_new();
        SHARED.get_or_try_init(|| Self::make(Cache::of_user(), progress)).await.cloned()
    }

    async fn make(cache: Cache, progress: Progress<'_>) -> Result<Arc<Self>, ExecError> {
        let engine = wasmtime::Engine::new(&config()).map_err(start_error)?;
        let component = component(&engine, &cache, progress).await?;
        let ticker = Arc::new(Ticker::start(&engine).map_err(start_error)?);
        let component = link(&engine, &component).map_err(start_error)?;
        let mut made = Self { engine, component, program: None, ticker };
        made.program = made.newer_program().await.map_err(start_error)?;
        Ok(Arc::new(made))
    }

    /// A new instance without the guest program.
    async fn bare(&self, host: Host) -> wasmtime::Result<Instance> {
        let mut store = Store::new(&self.engine, host);
        store.limiter(|host| &mut host.bounds);
        store.epoch_deadline_async_yield_and_update(1);
        store.set_epoch_deadline(1);
        let exports = self.component.instantiate_async(&mut store).await?;
        Ok(Instance { store, exports })
    }

    /// A new instance that was given its `open` frame.
    pub(super) async fn instance(&self, host: Host, open: &str) -> wasmtime::Result<Instance> {
        let mut instance = self.bare(host).await?;
        if let Some(program) = &self.program {
            instance.exports.call_load(&mut instance.store, program).await?;
        }
        instance.feed(open).await?;
        Ok(instance)
    }

    /// The compiled guest program, if it was changed since the artifact was made.
    async fn newer_program(&self) -> wasmtime::Result<Option<Vec<u8>>> {
        let sources = serde_json::to_string(&guest_modules())?;
        let manifest: Manifest = serde_json::from_str(MANIFEST)?;
        if manifest.program.sha256 == hex(&Sha256::digest(&sources)) {
            return Ok(None);
        }
        self.compile_program(&sources).await.map(Some)
    }

    async fn compile_program(&self, sources: &str) -> wasmtime::Result<Vec<u8>> {
        let mut instance = self.bare(idle_host()?).await?;
        instance.exports.call_compile(&mut instance.store, sources).await
    }
}

/// The host of an instance that serves no session.
fn idle_host() -> wasmtime::Result<Host> {
    Host::new(&SandboxSpec::default(), &Wasm::new().limits, Shared::new(0), None)
}

/// The guest program, and what is this sandbox's own: last the module that carries frames over the component's functions.
pub(super) fn guest_modules() -> Vec<(&'static str, &'static str)> {
    let own = [
        ("guest_threadless", include_str!("../../guest/program/threadless.py")),
        ("guest_wasm", include_str!("../../guest/program/wasm.py")),
    ];
    PROGRAM.into_iter().chain(own).collect()
}

/// The settings of an engine, whatever Python it runs.
pub(super) fn config() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    // Python's own recursion limit must come first, and it allows deep stacks.
    config.max_wasm_stack(8 << 20).async_stack_size(10 << 20);
    config
}

fn link(engine: &wasmtime::Engine, component: &Component) -> wasmtime::Result<SandboxPre<Host>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    clock::add_to_linker(&mut linker)?;
    allowance::add_to_linker(&mut linker)?;
    Sandbox::add_to_linker::<_, HasSelf<_>>(&mut linker, |host| host)?;
    SandboxPre::new(linker.instantiate_pre(component)?)
}

/// The component as machine code, from the cache or compiled now.
async fn component(
    engine: &wasmtime::Engine,
    cache: &Cache,
    progress: Progress<'_>,
) -> Result<Component, ExecError> {
    if let Some(component) = on_thread(engine, cache, load).await? {
        return Ok(component);
    }
    progress("compiling the Python sandbox (once, about 10 s)".to_owned());
    on_thread(engine, cache, compile).await?.map_err(start_error)
}

/// Runs what takes long and cannot wait in between.
async fn on_thread<T: Send + 'static>(
    engine: &wasmtime::Engine,
    cache: &Cache,
    work: fn(&wasmtime::Engine, &Cache) -> T,
) -> Result<T, ExecError> {
    let (engine, cache) = (engine.clone(), cache.clone());
    tokio::task::spawn_blocking(move || work(&engine, &cache)).await.map_err(start_error)
}

fn load(engine: &wasmtime::Engine, cache: &Cache) -> Option<Component> {
    deserialize(engine, &cache.find(&cache_name(engine))?)
}

fn compile(engine: &wasmtime::Engine, cache: &Cache) -> wasmtime::Result<Component> {
    let _alone = cache.lock();
    // Another process may have compiled it while this one waited for the lock.
    if let Some(component) = load(engine, cache) {
        return Ok(component);
    }
    let mut wasm = Vec::new();
    lzma_rust2::XzReader::new(ARTIFACT, false).read_to_end(&mut wasm)?;
    let component = Component::new(engine, &wasm)?;
    cache.keep(&cache_name(engine), &component.serialize()?);
    Ok(component)
}

/// Names machine code by all it depends on: the artifact, wasmtime's version and settings, the processor.
fn cache_name(engine: &wasmtime::Engine) -> String {
    let mut hasher = DefaultHasher::new();
    Sha256::digest(ARTIFACT).hash(&mut hasher);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("python-{:016x}.cwasm", hasher.finish())
}

#[expect(unsafe_code, reason = "machine code is loaded from our own cache instead of being compiled anew")]
fn deserialize(engine: &wasmtime::Engine, path: &Path) -> Option<Component> {
    // SAFETY: the file holds what `Component::serialize` gave: `Cache::find` returns only a file that this user alone
    // can write, in a folder that this user alone can write, whose content has the digest noted when it was written.
    // Should it stem from another engine, wasmtime compares versions and settings itself and refuses it.
    unsafe { Component::deserialize_file(engine, path) }
        .inspect_err(
            |error| tracing::warn!(%error, "the cached Python sandbox does not load and is compiled anew"),
        )
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folder that the integration tests use, so that the component is compiled once for all tests.
    fn test_cache() -> Cache {
        let program = std::env::current_exe().expect("the test's path");
        Cache::at(&program.ancestors().nth(3).expect("the target folder").join("tmp/cache"))
    }

    #[tokio::test]
    async fn a_program_newer_than_the_baked_one_takes_its_place() {
        let engine = Engine::make(test_cache(), &|_| ()).await.expect("an engine");
        let sources = r#"[["guest_wasm", "def feed(request):\n    return 'newer ' + request"]]"#;
        let program = engine.compile_program(sources).await.expect("it compiles");
        let mut instance = engine.bare(idle_host().expect("a host")).await.expect("an instance");
        instance.exports.call_load(&mut instance.store, &program).await.expect("it loads");
        let answer = instance.exports.call_feed(&mut instance.store, "frame").await.expect("it answers");
        assert_eq!(answer, "newer frame");
    }

    #[test]
    fn the_name_of_compiled_code_is_one_that_pruning_knows() {
        let engine = wasmtime::Engine::new(&config()).expect("an engine");
        assert!(super::super::prune::is_compiled(&cache_name(&engine)));
    }

    #[test]
    fn a_foreign_file_with_a_true_digest_is_not_loaded() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = wasmtime::Engine::new(&config()).expect("an engine");
        let cache = Cache::at(folder.path());
        for content in [&b""[..], b"not machine code", ARTIFACT] {
            cache.keep(&cache_name(&engine), content);
            assert!(cache.find(&cache_name(&engine)).is_some());
            assert!(load(&engine, &cache).is_none());
        }
    }
}
