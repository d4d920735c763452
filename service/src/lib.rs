//! A service for those who aggregate signatures of the scheme `leanxmss42`: it takes signatures
//! over HTTP, verifies each, and makes an aggregate of those of a message and slot when it is asked
//! to. `leanvm serve` runs it.
//!
//! What is answered with success is on the disk before: the [`Service`] keeps a journal, from which
//! it goes on after a stop or a crash. Proofs are made one at a time by a thread of their own,
//! never on those that answer.

#![warn(clippy::too_many_lines)]

pub mod hex;
pub mod record;

mod change;
mod connections;
mod http;
mod jobs;
mod journal;
mod metrics;
mod pool;
mod prover;
mod service;
mod settings;
mod shared;
mod state;
mod writer;

pub use journal::OpenError;
pub use service::{Recovered, Service, StartError, Stopper};
pub use settings::Settings;
pub use shared::Listener;
