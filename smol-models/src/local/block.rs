//! How quantised weights lie in memory: blocks of 16 rows by 32 columns, made of lines of 64 bytes.
//!
//! A block starts with one line of scales. Then each line holds, for each of the 16 rows, four neighbouring weights (or
//! twice four, as low and high halves of its bytes). One vector instruction multiplies such a line by four activations
//! and adds up within each row, so no sum across lanes is ever needed. What a weight has beyond four bits lies in lines
//! after those, so that no format takes much more room than it has bits: reading one new token is as slow as memory.

/// Rows of a block.
pub(super) const ROWS: usize = 16;
/// Columns of a block.
pub(super) const COLUMNS: usize = 32;

/// 64 bytes, one cache line and one AVX-512 register.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Line(pub(super) [u8; 64]);

/// How a block is laid out. Half bytes, in four lines, are the lowest four bits of two quads of columns each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// 16 scales then 16 minima, as f16; half bytes 0–15. weight = scale * n + minimum.
    Four,
    /// The same with a line of fifth bits: bit `q` of a byte belongs to quad `q`.
    Five,
    /// 16 scales for the first 16 columns, then 16 for the others, as f16; half bytes; two lines of pairs of bits, each for
    /// four quads. weight = scale * (n - 32).
    Six,
    /// 16 scales, as f32; eight lines of bytes. weight = scale * (n - 128).
    Eight,
}

impl Format {
    /// Lines of a block.
    pub(super) const fn lines(self) -> usize {
        match self {
            Self::Four => 5,
            Self::Five => 6,
            Self::Six => 7,
            Self::Eight => 9,
        }
    }

    /// Bytes that one row's part of a block takes.
    pub(super) const fn bytes(self) -> u64 {
        (self.lines() * size_of::<Line>() / ROWS) as u64
    }

    /// The stored number that stands for no weight at all, before the minimum is added.
    pub(super) const fn zero(self) -> i32 {
        match self {
            Self::Four | Self::Five => 0,
            Self::Six => 32,
            Self::Eight => 128,
        }
    }
}

/// One row's part of a block, before it is laid out.
pub(super) struct RowBlock {
    /// Of the first and the last 16 columns; they differ only in [`Format::Six`].
    pub(super) scales: [f32; 2],
    pub(super) minimum: f32,
    pub(super) weights: [u8; COLUMNS],
}

impl RowBlock {
    /// Writes this as row `row` of the block `lines`, which must be zero there.
    pub(super) fn store(&self, format: Format, lines: &mut [Line], row: usize) {
        let Some((head, lines)) = lines.split_first_mut() else { return };
        let [first, last] = self.scales;
        match format {
            Format::Four | Format::Five => store_halves(head, row, [first, self.minimum]),
            Format::Six => store_halves(head, row, [first, last]),
            Format::Eight => {
                if let Some(cell) = cells(head, row) {
                    *cell = first.to_le_bytes();
                }
            }
        }
        for (index, quad) in self.weights.as_chunks::<4>().0.iter().enumerate() {
            let low = quad.map(|weight| (weight & 15) << (index % 2 * 4));
            match format {
                Format::Four | Format::Five | Format::Six => add_bits(lines, index / 2, row, low),
                Format::Eight => add_bits(lines, index, row, *quad),
            }
            match format {
                Format::Four | Format::Eight => {}
                Format::Five => add_bits(lines, 4, row, quad.map(|weight| weight >> 4 << index)),
                Format::Six => {
                    add_bits(lines, 4 + index / 4, row, quad.map(|weight| weight >> 4 << (index % 4 * 2)));
                }
            }
        }
    }
}

/// The bytes that belong to `row` in a line of weights.
fn cells(line: &mut Line, row: usize) -> Option<&mut [u8; 4]> {
    line.0.as_chunks_mut::<4>().0.get_mut(row)
}

fn add_bits(lines: &mut [Line], line: usize, row: usize, bits: [u8; 4]) {
    if let Some(cell) = lines.get_mut(line).and_then(|line| cells(line, row)) {
        cell.iter_mut().zip(bits).for_each(|(cell, bits)| *cell |= bits);
    }
}

fn store_halves(head: &mut Line, row: usize, numbers: [f32; 2]) {
    for (half_line, number) in head.0.as_chunks_mut::<32>().0.iter_mut().zip(numbers) {
        if let Some(cell) = half_line.as_chunks_mut::<2>().0.get_mut(row) {
            *cell = half::f16::from_f32(number).to_le_bytes();
        }
    }
}

/// A block taken out of its lines: what the portable kernel and row look-up work on.
pub(super) struct BlockTable {
    /// Of the first and the last 16 columns, by row.
    pub(super) scales: [[f32; ROWS]; 2],
    pub(super) minima: [f32; ROWS],
    /// By quad of columns, then by row, four weights each.
    pub(super) weights: [[u8; 64]; COLUMNS / 4],
}

impl Default for BlockTable {
    fn default() -> Self {
        Self { scales: [[0.0; ROWS]; 2], minima: [0.0; ROWS], weights: [[0; 64]; COLUMNS / 4] }
    }
}

impl BlockTable {
    #[inline(always)]
    pub(super) fn fill(&mut self, format: Format, lines: &[Line]) {
        let Some((head, lines)) = lines.split_first() else { return };
        self.fill_scales(format, head);
        if format == Format::Eight {
            self.weights.iter_mut().zip(lines).for_each(|(weights, line)| *weights = line.0);
            return;
        }
        let (halves, rest) = lines.split_at_checked(4).unwrap_or_default();
        for ([low, high], line) in self.weights.as_chunks_mut::<2>().0.iter_mut().zip(halves) {
            *low = line.0.map(|byte| byte & 15);
            *high = line.0.map(|byte| byte >> 4);
        }
        // Fifth bits are one for each of eight quads; pairs are for four.
        let (width, mask) = if format == Format::Six { (2, 3) } else { (1, 1) };
        for (line, quads) in rest.iter().zip(self.weights.chunks_mut(8 / width)) {
            for (weights, shift) in quads.iter_mut().zip((0..8).step_by(width)) {
                weights
                    .iter_mut()
                    .zip(line.0)
                    .for_each(|(weight, byte)| *weight |= (byte >> shift & mask) << 4);
            }
        }
    }

    #[inline(always)]
    fn fill_scales(&mut self, format: Format, head: &Line) {
        if format == Format::Eight {
            for (scale, bytes) in self.scales[0].iter_mut().zip(head.0.as_chunks::<4>().0) {
                *scale = f32::from_le_bytes(*bytes);
            }
            self.scales[1] = self.scales[0];
            return;
        }
        let number = |bytes: &[u8; 2]| half::f16::from_le_bytes(*bytes).to_f32();
        let (first, last) = head.0.as_chunks::<2>().0.split_at(ROWS);
        self.scales[0].iter_mut().zip(first).for_each(|(scale, bytes)| *scale = number(bytes));
        let others = if format == Format::Six { &mut self.scales[1] } else { &mut self.minima };
        others.iter_mut().zip(last).for_each(|(other, bytes)| *other = number(bytes));
        if format != Format::Six {
            self.scales[1] = self.scales[0];
        }
    }

    /// Row `row` in f32.
    pub(super) fn row(&self, format: Format, row: usize) -> [f32; COLUMNS] {
        let minimum = self.minima.get(row).copied().unwrap_or_default();
        let quads = self.weights.iter().filter_map(|line| line.as_chunks::<4>().0.get(row)).flatten();
        let scales = self.scales.iter().filter_map(|scales| scales.get(row));
        let scales = scales.flat_map(|scale| std::iter::repeat_n(scale, COLUMNS / 2));
        let mut values = [0.0; COLUMNS];
        for ((value, weight), scale) in values.iter_mut().zip(quads).zip(scales) {
            *value = scale * (i32::from(*weight) - format.zero()) as f32 + minimum;
        }
        values
    }
}
