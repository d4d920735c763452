//! leanVM for C: the functions of `include/leanvm.h`, which is made of the comments here.
//!
//! What can be wrong in a call is found as far as it can be:
//!
//! - A handle is a number, never used again, in a table (`handles`): one that is freed twice, used
//!   after it was freed, of another kind or never made is an error, and no memory is touched. What
//!   another thread frees lives until the calls that use it end.
//! - Every function goes through `status::guard`, which turns a panic into a status.
//! - Pointers are followed in `pointers` alone. No reference to the caller's memory is used after
//!   an argument is read, so that arguments may overlap; no more is written than is said; alignment
//!   does not matter.
//! - There is no state but the table, the message of the last error of each thread and the threads
//!   that prove, which start by themselves: nothing to set up, and nothing to forget.
#![expect(
    clippy::missing_safety_doc,
    reason = "the rules for pointers are those at the head of the header, for all functions alike"
)]

mod aggregates;
mod cancel;
mod claims;
mod failures;
mod handles;
mod keys;
mod options;
mod pointers;
mod process;
mod status;
mod verification;
mod version;

pub use aggregates::*;
pub use cancel::*;
pub use claims::Claim;
pub use handles::{Aggregate, Cancel, Key};
pub use keys::*;
pub use options::Options;
pub use status::*;
pub use verification::*;
pub use version::*;
