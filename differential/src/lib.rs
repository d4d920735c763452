//! What holds the twins equal: generators of cases, oracles that run both twins on a case and
//! compare, and the vectors.
//!
//! Generators and oracles are ordinary functions: the tests of this crate and the fuzz targets call
//! the same ones. An oracle panics when the twins disagree and says where.
//!
//! | to | begin at |
//! | --- | --- |
//! | compare the twins on a case | [`oracles`]; [`twins::Twin`] is what a twin can do |
//! | make cases | [`generators`]: valid, broken and tiny programs |
//! | see what each constraint refuses | [`forgeries`], one for each rule of each table |
//! | see what dishonest provers do | [`lies`] |
//! | write the public vectors | [`vectors`] |
//! | compile the verifier as a guest | [`recursion`] |
//! | run it on what the verifiers refuse | [`replay`], then [`stops`] |

pub mod aggregation;
pub mod canonical;
pub mod encoding;
pub mod forgeries;
pub mod generators;
pub mod leansig;
pub mod lies;
pub mod merging;
pub mod oracles;
pub mod recursion;
pub mod replay;
pub mod shape;
pub mod stops;
pub mod twins;
pub mod vectors;
pub mod xmss;
