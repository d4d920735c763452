//! What the crate promises: the verdicts of the public vectors, and that it stands alone.

mod alone;
mod vectors;
