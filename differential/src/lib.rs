//! What holds the twins equal: generators of cases, oracles that run both twins on a case and compare, and the vectors.
//!
//! Generators and oracles are ordinary functions: the tests of this crate and the fuzz targets call the same ones. An oracle panics
//! when the twins disagree and says where.

pub mod aggregation;
pub mod canonical;
pub mod encoding;
pub mod forgeries;
pub mod generators;
pub mod leansig;
pub mod lies;
pub mod oracles;
pub mod shape;
pub mod twins;
pub mod vectors;
pub mod xmss;
