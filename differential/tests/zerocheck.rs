//! SPEC §15 zerocheck.

mod differential {
    use leanvm_differential::oracles::proofs;
    use leanvm_differential::shape::{COLUMNS, TABLES, ZEROCHECK_ROUND};

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
                expected.push(("zerocheck.round", 5 * ZEROCHECK_ROUND));
                expected.push(("zerocheck.challenge", 5));
            }
            let present = (0..TABLES).filter(|table| shape.rows[*table] > 0);
            expected.extend(present.map(|table| ("zerocheck.columns", 5 * COLUMNS[table])));
            assert_eq!(kinds, expected);
            let columns = events
                .iter()
                .filter(|event| event.label == "zerocheck.columns");
            assert!(
                columns
                    .flat_map(|event| &event.values)
                    .any(|word| *word != 0),
                "all columns are zero at the point"
            );
        });
    }
}
