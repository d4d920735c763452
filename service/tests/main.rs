//! The service from outside, over loopback.

mod common;
mod journal;
mod life;
mod limits;
mod refusals;
