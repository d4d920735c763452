//! Bounded, deterministic random cases.

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Calls `check` with `cases` strings of at most `length` random bytes, the same in each run;
/// shrinks a failing one.
pub(crate) fn for_each(cases: u32, length: usize, check: impl Fn(&[u8])) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome =
        TestRunner::new_with_rng(config, random).run(&vec(any::<u8>(), 0..=length), |bytes| {
            check(&bytes);
            Ok(())
        });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
