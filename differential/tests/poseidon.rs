//! SPEC §14 poseidon.

mod differential {
    use std::cell::RefCell;

    use leanvm_differential::oracles::proofs;
    use leanvm_differential::shape::{HASHES, log2ceil};

    #[test]
    fn events_and_their_number() {
        let with_hashes = RefCell::new(0);
        proofs::each_proof(|case, proved, shape, options| {
            let present: Vec<(usize, [usize; 4])> = HASHES
                .into_iter()
                .filter(|(table, _)| shape.rows[*table] > 0)
                .collect();
            let heights = present
                .iter()
                .map(|(table, _)| log2ceil(shape.rows[*table]).max(3));
            let Some(height) = heights.max() else {
                return;
            };
            *with_hashes.borrow_mut() += 1;
            let lists = |label: &'static str, number: fn([usize; 4]) -> usize| {
                let list = move |(_, numbers): &(usize, [usize; 4])| (label, 5 * number(*numbers));
                present.iter().map(list).collect::<Vec<_>>()
            };
            let mut expected = lists("poseidon.outputs", |[_, _, y, _]| y);
            for layer in (0..8).rev() {
                expected.push(("poseidon.delta", 5));
                expected.push(("poseidon.skip", 5 * 21));
                expected.push(("poseidon.skip_challenge", 5));
                for _ in 3..height {
                    expected.push(("poseidon.round", 15));
                    expected.push(("poseidon.challenge", 5));
                }
                let number: fn([usize; 4]) -> usize = match layer {
                    0 => |[input, _, _, _]| input,
                    3 => |[_, s, _, width]| s + width,
                    _ => |[_, _, _, width]| width,
                };
                expected.extend(lists("poseidon.values", number));
            }
            let events = proofs::events_of(case, proved, options, "poseidon.");
            let kinds: Vec<(&str, usize)> = events
                .iter()
                .map(|event| (event.label.as_str(), event.values.len()))
                .collect();
            assert_eq!(kinds, expected);
        });
        assert!(with_hashes.into_inner() >= 3, "hardly a proof has hashes");
    }
}
