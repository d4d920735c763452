//! Tests of the encodings.

mod known;
mod malformed;
mod real;
mod round_trips;
mod values;
