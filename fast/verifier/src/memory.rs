//! SPEC §5 memory, what a verifier knows of it: the sizes.

/// log2 of the cells of a chunk.
pub const LOG_CHUNK: usize = 3;
/// Cells of a chunk, as a distance between addresses.
pub const CHUNK: u32 = 1 << LOG_CHUNK;
/// Cells of a chunk, as a length.
pub const CHUNK_CELLS: usize = 1 << LOG_CHUNK;
/// Cells of a half, as a distance between addresses.
pub const HALF: u32 = CHUNK / 2;
/// Cells of a half, as a length.
pub const HALF_CELLS: usize = CHUNK_CELLS / 2;
/// Greatest number of elements of the public input.
pub const MAX_PUBLIC_INPUT: usize = 1 << 20;
