//! SPEC §19 proof.

use std::sync::LazyLock;

use leanvm_differential::canonical::{EventKind, Outcome, bytes_of, words_of};
use leanvm_differential::generators::tiny;
use leanvm_differential::oracles::prove::{prove, verify};
use leanvm_differential::oracles::tamper::HEADER;
use leanvm_differential::shape::TABLES;
use leanvm_differential::twins::Options;

/// The words of an honest proof of ARITHMETIC.
static PROOF: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let proved = prove(&tiny::ARITHMETIC.case(), &Options::TINY).expect("the tiny programs prove");
    words_of(&proved.proof)
});

fn with(changes: &[(usize, u32)], set: u32) -> Outcome<()> {
    let case = tiny::ARITHMETIC.case();
    let mut words = PROOF.clone();
    for (place, word) in changes {
        words[*place] = *word;
    }
    verify(&case.program, &case.public, &bytes_of(&words), set).map(|_| ())
}

mod differential {
    use leanvm_differential::oracles::proofs;

    use super::*;

    #[test]
    fn the_header_says_what_was_proven() {
        proofs::each_proof(|case, proved, shape, options| {
            let words = words_of(&proved.proof);
            assert_eq!(
                words[..4],
                [0x3150_4d4c, 1, options.set, options.log_inv_rate]
            );
            assert_eq!(shape.rows[0], words_of(&case.program)[3] as usize);
            let statement = &proved.events[0];
            assert_eq!(
                (statement.kind, statement.label.as_str()),
                (EventKind::Absorb, "statement")
            );
            let sizes = [shape.rows[0] as u32, case.public.len() as u32];
            assert_eq!(
                statement.values[..5],
                [&[1, options.set, options.log_inv_rate][..], &sizes].concat()
            );
            assert_eq!(statement.values[5..], words[4..HEADER]);
        });
    }

    #[test]
    fn words_of_the_header() {
        assert_eq!(with(&[], 1), Ok(()));
        assert_eq!(with(&[(0, 0)], 1), Err("proof-magic"));
        assert_eq!(with(&[(1, 2)], 1), Err("proof-magic"));
        assert_eq!(
            with(&[(0, 0), (2, 0)], 1),
            Err("proof-magic"),
            "the magic comes before the set"
        );
        assert_eq!(with(&[(2, 2)], 1), Err("parameters"));
        assert_eq!(
            with(&[(2, 2)], 2),
            Err("size-cap"),
            "tiny memory is below the caps of small"
        );
        assert_eq!(with(&[(2, 0)], 1), Err("parameters"));
        assert_eq!(with(&[(2, 4)], 1), Err("parameters"));
        for rate in [0, 5, u32::MAX] {
            assert_eq!(with(&[(3, rate)], 1), Err("parameters"));
        }
        for set in [2, 3] {
            assert_eq!(
                with(&[], set),
                Err("parameters"),
                "an honest proof of another set"
            );
        }
    }

    #[test]
    fn sizes_beyond_the_caps() {
        assert_eq!(with(&[(4, 0)], 1), Err("size-cap"), "no memory");
        assert_eq!(
            with(&[(4, 31)], 1),
            Err("size-cap"),
            "less memory than the set has at least"
        );
        assert_eq!(with(&[(4, (1 << 9) + 1)], 1), Err("size-cap"));
        for table in 1..TABLES {
            for rows in [u32::MAX, (1 << 26) + 1, 1 << 26, 1 << 20] {
                assert_eq!(
                    with(&[(3 + table, rows)], 1),
                    Err("size-cap"),
                    "{rows} rows of table {table}"
                );
            }
        }
    }
}
