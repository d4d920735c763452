//! Fuzz target over the oracle of the same name.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leanvm_differential::oracles::fuzz::merging(bytes));
