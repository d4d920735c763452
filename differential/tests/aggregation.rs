//! SPEC §24 aggregation.

use leanvm_differential::aggregation::{
    CLOSE_SEEDS, CLOSE_SLOT, aggregate, aggregate_of, changed, fast_verdict, same, spec_verdict,
    stranger, verdict,
};

mod differential {
    use super::*;

    #[test]
    fn spec_verifies_the_aggregates_of_fast() {
        for (number, slot, rate) in [(2, 0xffff_0001, 1), (1, 0, 3)] {
            let question = aggregate(number, slot, rate);
            assert_eq!(spec_verdict(&question), Ok(()), "{number} signers");
            assert_eq!(fast_verdict(&question), Ok(()), "{number} signers");
        }
    }

    #[test]
    fn the_order_of_the_keys_does_not_matter() {
        let question = aggregate(3, 5, 4);
        for (name, same) in same(&question) {
            assert_ne!(same.keys, question.keys, "{name}");
            assert_eq!(verdict(&same), Ok(()), "{name}");
        }
    }

    /// The keys that the vectors have: a later word than the first decides the order of two, and
    /// by its bytes.
    #[test]
    fn close_keys_are_ordered_by_a_later_word() {
        let question = aggregate_of(&CLOSE_SEEDS, CLOSE_SLOT, 4);
        let [.., one, other] = question.keys.as_slice() else {
            panic!("four keys");
        };
        assert_eq!(one[..4], other[..4]);
        let second = |key: &[u8]| key[4..8].try_into().expect("four bytes");
        let (one, other): ([u8; 4], [u8; 4]) = (second(one), second(other));
        assert!(other < one, "by bytes");
        assert!(u32::from_le_bytes(one) < u32::from_le_bytes(other));
        for (name, same) in same(&question) {
            assert_eq!(verdict(&same), Ok(()), "{name}");
        }
    }

    #[test]
    fn both_refuse_with_one_reason() {
        let question = aggregate(2, 77, 2);
        let mut names: Vec<&str> = Vec::new();
        let mut many = question.clone();
        many.keys = vec![stranger(); (1 << 16) + 1];
        for (name, question) in changed(&question)
            .into_iter()
            .chain([("too many keys", many)])
        {
            let error = verdict(&question).expect_err(name);
            println!("{name}: {} {}", error.name, error.rejection);
            names.push(error.name);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(
            names,
            [
                "duplicate-key",
                "no-signers",
                "proof",
                "scheme",
                "too-long",
                "too-many-signers",
                "truncated",
                "version"
            ]
        );
    }

    /// Any byte of the proof counts: a sample of places, in all parts of it.
    #[test]
    fn flipped_bits_are_refused_alike() {
        let question = aggregate(1, 3, 4);
        let length = question.aggregate.len();
        for part in 0..12 {
            let place = 2 + (length - 2) * part / 12 + part;
            let mut question = question.clone();
            question.aggregate[place] ^= 1 << (part % 8);
            let error = verdict(&question).expect_err("a flipped bit");
            assert_eq!(error.name, "proof", "byte {place}");
            println!("byte {place}: {}", error.rejection);
        }
    }
}
