//! What a session may put into files, as for the component: the few functions of WASI by which something comes into being
//! are replaced by ones that count first. There are no links.

use super::host::Host;
use wasmtime::{Caller, Extern, Linker, error::Context};
use wasmtime_wasi::p1::wasi_snapshot_preview1::{
    WasiSnapshotPreview1, fd_filestat_set_size, fd_pwrite, fd_write, path_create_directory, path_open,
};
use wiggle::GuestMemory;

/// The module whose functions are replaced.
const WASI: &str = "wasi_snapshot_preview1";

/// WASI's numbers of errors.
const NO_SUCH_FILE: i32 = 44;
const DISK_FULL: i32 = 51;
const NOT_PERMITTED: i32 = 63;

/// The flags of `path_open` that ask for a new file.
const CREATE: i32 = 1;
const EXCLUSIVE: i32 = 4;

/// Calls WASI's own function in the place of which ours is.
macro_rules! original {
    ($caller:expr, $function:ident($($argument:expr),*)) => {{
        let memory = $caller.get_export("memory").and_then(Extern::into_memory).context("it has no memory")?;
        let fuel = wasmtime::AsContextMut::as_context_mut(&mut $caller).hostcall_fuel();
        let (bytes, host) = memory.data_and_store_mut(&mut $caller);
        host.wasi.set_hostcall_fuel(fuel);
        $function(&mut host.wasi, &mut GuestMemory::Unshared(bytes), $($argument),*).await
    }};
}

/// Puts the functions that count in the place of WASI's.
pub(super) fn add_to_linker(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    add_writes(linker)?;
    add_files(linker)?;
    linker.func_wrap(WASI, "path_link", |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32, _: i32| {
        NOT_PERMITTED
    })?;
    linker.func_wrap(WASI, "path_symlink", |_: i32, _: i32, _: i32, _: i32, _: i32| NOT_PERMITTED)?;
    linker.allow_shadowing(false);
    Ok(())
}

fn add_writes(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap_async(
        WASI,
        "fd_write",
        |mut caller: Caller<'_, Host>, (file, pieces, count, written)| {
            Box::new(async move {
                if !may_write(&mut caller, pieces, count)? {
                    return Ok(DISK_FULL);
                }
                original!(caller, fd_write(file, pieces, count, written))
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "fd_pwrite",
        |mut caller: Caller<'_, Host>, (file, pieces, count, offset, written)| {
            Box::new(async move {
                if !may_write(&mut caller, pieces, count)? {
                    return Ok(DISK_FULL);
                }
                original!(caller, fd_pwrite(file, pieces, count, offset, written))
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "fd_filestat_set_size",
        |mut caller: Caller<'_, Host>, (file, size): (i32, i64)| {
            Box::new(async move {
                // All of it, as if there had been nothing: a size below zero is one beyond all limits.
                if caller.data().allowance.take_bytes(size.cast_unsigned()).is_err() {
                    return Ok(DISK_FULL);
                }
                original!(caller, fd_filestat_set_size(file, size))
            })
        },
    )?;
    Ok(())
}

fn add_files(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap_async(
        WASI,
        "path_create_directory",
        |mut caller: Caller<'_, Host>, (folder, path, length)| {
            Box::new(async move {
                if caller.data().allowance.take_file().is_err() {
                    return Ok(DISK_FULL);
                }
                original!(caller, path_create_directory(folder, path, length))
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "path_open",
        |mut caller: Caller<'_, Host>, (folder, how, path, length, open, base, inheriting, flags, file)| {
            Box::new(async move {
                let open: i32 = open;
                if open & CREATE != 0 {
                    // First as if it were there: only a new file counts.
                    let plain = open & !CREATE;
                    let found = match open & EXCLUSIVE {
                        0 => original!(
                            caller,
                            path_open(folder, how, path, length, plain, base, inheriting, flags, file)
                        )?,
                        _ => NO_SUCH_FILE,
                    };
                    if found != NO_SUCH_FILE {
                        return Ok(found);
                    }
                    if caller.data().allowance.take_file().is_err() {
                        return Ok(DISK_FULL);
                    }
                }
                original!(caller, path_open(folder, how, path, length, open, base, inheriting, flags, file))
            })
        },
    )?;
    Ok(())
}

/// Takes what is about to be written from what is left.
fn may_write(caller: &mut Caller<'_, Host>, pieces: i32, count: i32) -> wasmtime::Result<bool> {
    let memory = caller.get_export("memory").and_then(Extern::into_memory).context("it has no memory")?;
    let (bytes, host) = memory.data_and_store_mut(caller);
    let (start, count) = (pieces.cast_unsigned() as usize, count.cast_unsigned() as usize);
    // Each piece is an address and a length, of four bytes each.
    let table =
        bytes.get(start..start.saturating_add(count.saturating_mul(8))).context("it writes from nowhere")?;
    let lengths = table.chunks_exact(8).filter_map(|piece| piece.last_chunk::<4>());
    let total = lengths.map(|length| u64::from(u32::from_le_bytes(*length))).sum();
    Ok(host.allowance.take_bytes(total).is_ok())
}
