//! What an instance looks like in which the guest program is loaded. The module has one table that does not grow and one
//! variable besides its memory, the stack's pointer, which is back where it began between two calls. So the memory says it
//! all, and of that only what differs from a new instance's: a few megabytes.

use wasmtime::{AsContextMut, Memory};

/// How finely memories are compared, in bytes.
const PIECE: usize = 4096;

/// The bytes of a page of WebAssembly's.
const PAGE: usize = 1 << 16;

/// The difference between two memories.
pub(super) struct Image {
    size: usize,
    /// Offset and content.
    pieces: Vec<(usize, Vec<u8>)>,
}

impl Image {
    /// What turns `new` into `loaded`.
    pub(super) fn between(new: &[u8], loaded: &[u8]) -> Self {
        let mut pieces: Vec<(usize, Vec<u8>)> = Vec::new();
        for (number, piece) in loaded.chunks(PIECE).enumerate() {
            let at = number * PIECE;
            let is_same = match new.get(at..at + piece.len()) {
                Some(before) => before == piece,
                None => piece.iter().all(|byte| *byte == 0),
            };
            match pieces.last_mut() {
                _ if is_same => {}
                Some((start, content)) if *start + content.len() == at => content.extend_from_slice(piece),
                _ => pieces.push((at, piece.to_vec())),
            }
        }
        Self { size: loaded.len(), pieces }
    }

    /// Makes a new instance's memory such.
    pub(super) async fn write<T: Send>(
        &self,
        memory: Memory,
        mut store: impl AsContextMut<Data = T>,
    ) -> wasmtime::Result<()> {
        let missing = self.size.saturating_sub(memory.data_size(&store)).div_ceil(PAGE);
        memory.grow_async(&mut store, missing as u64).await?;
        for (at, content) in &self.pieces {
            memory.write(&mut store, *at, content)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_kept() {
        #[track_caller]
        fn check(new: usize, loaded: usize, changed: &[usize], expect: &[(usize, usize)]) {
            let (new, mut memory) = (vec![0; new], vec![0; loaded]);
            for at in changed {
                memory[*at] = 1;
            }
            let image = Image::between(&new, &memory);
            assert_eq!(image.size, loaded);
            let found: Vec<_> = image.pieces.iter().map(|(at, content)| (*at, content.len())).collect();
            assert_eq!(found, expect);
        }
        check(3 * PIECE, 3 * PIECE, &[], &[]);
        check(3 * PIECE, 3 * PIECE, &[5], &[(0, PIECE)]);
        check(3 * PIECE, 3 * PIECE, &[5, PIECE], &[(0, 2 * PIECE)]);
        check(2 * PIECE, 4 * PIECE, &[0, 3 * PIECE + 1], &[(0, PIECE), (3 * PIECE, PIECE)]);
    }
}
