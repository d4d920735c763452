//! SPEC §15 zerocheck.

mod differential {
    use leanvm_differential::oracles::proofs;

    #[test]
    fn events_and_their_number() {
        proofs::each_proof(|case, proved, shape, options| {
            let events = proofs::events_of(case, proved, options, "zerocheck.");
            let kinds: Vec<(&str, usize)> = events
                .iter()
                .map(|event| (event.label.as_str(), event.values.len()))
                .collect();
            let mut expected = vec![("zerocheck.lambda", 5), ("zerocheck.gamma", 5)];
            for _ in 0..shape.log_height {
                expected.push(("zerocheck.round", 5 * (2 + shape.degree)));
                expected.push(("zerocheck.challenge", 5));
            }
            expected.push(("zerocheck.columns", 5 * shape.columns));
            assert_eq!(kinds, expected);
            let columns = events
                .last()
                .map(|event| event.values.iter().filter(|word| **word != 0).count());
            assert!(columns > Some(0), "all columns are zero at the point");
        });
    }
}
