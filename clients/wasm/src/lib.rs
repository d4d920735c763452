//! leanVM's verifiers for JavaScript: what a file is and claims, and whether it shows that.
//!
//! All of it works on bytes and returns plain structs, so that it is tested without a browser;
//! `bindings` hands these over as JSON. [`inspect()`] looks without verifying, [`verify`] decides.
//! A refusal is a [`Failure`] with the code of SPEC.md, where there is one.

#![cfg_attr(
    not(test),
    deny(
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![deny(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod bindings;
pub mod failure;
mod hex;
pub mod inspect;
pub mod read;
pub mod verify;

pub use failure::{Failure, Kind};
pub use inspect::inspect;
