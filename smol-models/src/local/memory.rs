//! Whether a model fits into memory, asked before any of it is taken.

use super::{
    block::COLUMNS,
    gguf::setup,
    options::{Bits, Dtype, Placement, is_quantised},
    source::BlockReader,
    tensors::{Place, Tensors},
};
use smol_core::model::ModelError;
use std::path::Path;

/// An error where the tensors of the model at `path` do not fit into the memory that is free.
pub(super) fn check(path: &Path, tensors: &Tensors, placement: &Placement) -> Result<(), ModelError> {
    let needed = tensors.places().map(|place| bytes(place, placement)).fold(0, u64::saturating_add);
    fits(path, needed, available())
}

/// The same for `needed` bytes with `available` ones free, if that is known.
fn fits(path: &Path, needed: u64, available: Option<u64>) -> Result<(), ModelError> {
    let Some(available) = available.filter(|available| needed > *available) else { return Ok(()) };
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    let what = format!(
        "the model `{}` needs {:.1} GB of memory, but {:.1} GB are free",
        path.display(),
        gigabytes(needed),
        gigabytes(available)
    );
    Err(setup(what, "load it with `load_in_4bit`, take a file of fewer bits a weight, or a smaller model"))
}

/// What a tensor will take.
fn bytes(place: &Place, placement: &Placement) -> u64 {
    let numbers = place.dims.iter().fold(1u64, |count, size| count.saturating_mul(*size as u64));
    match placement.bits {
        _ if place.dims.len() < 2 => numbers.saturating_mul(4),
        bits if bits.is_some() || is_quantised(place.kind) => {
            let format = BlockReader::new(place.kind, bits == Some(Bits::Four)).format();
            (numbers / COLUMNS as u64).saturating_mul(format.bytes())
        }
        _ => numbers.saturating_mul(if placement.held(place.kind) == Dtype::F32 { 4 } else { 2 }),
    }
}

/// Bytes of memory that are free for us: those of the machine, or of the container where that has fewer. None where the
/// system does not tell.
fn available() -> Option<u64> {
    let system = sysinfo::System::new_with_specifics(
        sysinfo::RefreshKind::nothing().with_memory(sysinfo::MemoryRefreshKind::nothing().with_ram()),
    );
    let machine = Some(system.available_memory()).filter(|bytes| *bytes > 0);
    let container = system.cgroup_limits().map(|limits| limits.free_memory);
    machine.map(|machine| container.map_or(machine, |container| machine.min(container)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, quantized::GgmlDType};

    #[test]
    fn what_does_not_fit_is_said_with_both_figures() {
        let path = Path::new("large.gguf");
        assert_eq!(fits(path, 5, Some(5)), Ok(()));
        assert_eq!(fits(path, 5, None), Ok(()));
        let message = fits(path, 14_200_000_000, Some(8_000_000_000)).unwrap_err().to_string();
        assert!(message.contains("`large.gguf` needs 14.2 GB of memory, but 8.0 GB are free"), "{message}");
        assert!(message.contains("hint: "), "{message}");
    }

    #[test]
    fn bytes_follow_the_precision() {
        let check = |kind, dims: &[usize], bits, dtype, expect| {
            let place = Place { file: 0, start: 0, kind, dims: dims.to_vec() };
            assert_eq!(bytes(&place, &Placement::new(Device::Cpu, dtype, bits)), expect, "{place:?}");
        };
        check(GgmlDType::F32, &[64], Some(Bits::Four), None, 256);
        check(GgmlDType::BF16, &[4, 64], None, None, 512);
        check(GgmlDType::BF16, &[4, 64], None, Some(Dtype::F32), 1024);
        check(GgmlDType::BF16, &[4, 64], Some(Bits::Eight), None, 288);
        check(GgmlDType::BF16, &[4, 64], Some(Bits::Four), None, 160);
        check(GgmlDType::Q4K, &[4, 256], None, None, 640);
        check(GgmlDType::Q6K, &[4, 256], Some(Bits::Eight), None, 896);
        check(GgmlDType::Q5K, &[4, 256], None, None, 768);
        check(GgmlDType::Q8_0, &[4, 256], None, None, 1152);
        check(GgmlDType::F32, &[usize::MAX, usize::MAX], None, None, u64::MAX);
    }

    #[test]
    fn this_machine_has_memory() {
        assert!(available().is_none_or(|bytes| bytes > 1 << 20));
    }
}
