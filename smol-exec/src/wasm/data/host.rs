//! What one instance sees of the world: one function that carries frames both ways, and WASI's files, clocks and random.

use crate::{
    guest::MAX_FRAME,
    limits::Limits,
    wasm::{
        allowance::Allowance,
        files::Places,
        host::{Bounds, Shared, lock, wasi},
    },
};
use smol_core::exec::SandboxSpec;
use std::sync::Arc;
use wasmtime::{Caller, Linker, Memory, bail, error::Context};
use wasmtime_wasi::p1::WasiP1Ctx;

/// An instance's side of the world.
pub(super) struct Host {
    pub(super) wasi: WasiP1Ctx,
    pub(super) bounds: Bounds,
    pub(super) allowance: Allowance,
    /// The frame that the guest is to take.
    pub(super) inbox: String,
    /// The frame with which its turn ended.
    pub(super) outbox: Option<String>,
    /// Last: a folder goes once nothing holds it open.
    _places: Places,
}

impl Host {
    pub(super) fn new(
        spec: &SandboxSpec,
        limits: &Limits,
        shared: Arc<Shared>,
        places: Places,
    ) -> wasmtime::Result<Self> {
        let mut wasi = wasi(spec, Some(&places))?;
        wasi.arg("/usr/local/bin/python.wasm")
            .env("PYTHONTZPATH", "")
            .env("TMPDIR", "/tmp")
            .env("HOME", "/tmp");
        let bounds = Bounds { memory: limits.memory, shared };
        let (inbox, outbox, allowance) = (String::new(), None, places.allowance.clone());
        Ok(Self { wasi: wasi.build_p1(), bounds, allowance, inbox, outbox, _places: places })
    }
}

/// Lets the guest call the host.
pub(super) fn add_to_linker(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap_async(
        "host",
        "call",
        |mut caller: Caller<'_, Host>, (at, length, answer_at, answer_length): (u32, u32, u32, u32)| {
            Box::new(async move {
                let frame = frame(&mut caller, at, length)?;
                let answer = answer(&mut caller, frame).await?;
                put(&mut caller, answer.as_bytes(), [answer_at, answer_length]).await?;
                Ok(0_i32)
            })
        },
    )?;
    Ok(())
}

/// The frame that the guest sends, its kind first.
fn frame(caller: &mut Caller<'_, Host>, at: u32, length: u32) -> wasmtime::Result<String> {
    let (at, length) = (at as usize, length as usize);
    if length > MAX_FRAME + 1 {
        bail!("it sent a frame of {length} bytes, limit {MAX_FRAME}");
    }
    let memory = memory(caller)?;
    let bytes = memory.data(caller).get(at..at.saturating_add(length)).context("the frame is nowhere")?;
    Ok(str::from_utf8(bytes)?.to_owned())
}

async fn answer(caller: &mut Caller<'_, Host>, frame: String) -> wasmtime::Result<String> {
    let host = caller.data_mut();
    let text = frame.get(1..).unwrap_or_default();
    match frame.as_bytes().first() {
        Some(b'<') => return Ok(std::mem::take(&mut host.inbox)),
        Some(b'?') => return Ok(host.bounds.shared.ask(text.to_owned()).await),
        Some(b'>') => lock(&host.bounds.shared.logs).push(text),
        Some(b'=') => host.outbox = Some(text.to_owned()),
        _ => bail!("it sent a frame of no known kind"),
    }
    Ok(String::new())
}

/// Puts an answer into the guest's memory, and its address and length where the guest wants them.
async fn put(caller: &mut Caller<'_, Host>, answer: &[u8], told: [u32; 2]) -> wasmtime::Result<()> {
    let memory = memory(caller)?;
    let allocate = caller.get_export("host_alloc").and_then(|found| found.into_func());
    let allocate = allocate.context("it has no `host_alloc`")?.typed::<u32, u32>(&caller)?;
    let length = u32::try_from(answer.len())?;
    let at = allocate.call_async(&mut *caller, length).await?;
    if at == 0 {
        bail!("it has no memory for an answer of {length} bytes");
    }
    memory.write(&mut *caller, at as usize, answer)?;
    for (place, number) in told.into_iter().zip([at, length]) {
        memory.write(&mut *caller, place as usize, &number.to_le_bytes())?;
    }
    Ok(())
}

fn memory(caller: &mut Caller<'_, Host>) -> wasmtime::Result<Memory> {
    caller.get_export("memory").and_then(|found| found.into_memory()).context("it has no memory")
}
