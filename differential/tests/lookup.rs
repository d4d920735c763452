//! SPEC §13 lookup.

mod differential {
    use leanvm_differential::oracles::proofs;

    #[test]
    fn events_and_their_number() {
        proofs::each_proof(|case, proved, shape, options| {
            let events = proofs::events_of(case, proved, options, "lookup.");
            let m = shape.log_leaves;
            let rounds = (1..m).sum::<usize>();
            assert!(m >= 6, "a lookup of 2^{m} leaves shows little");
            assert_eq!(proofs::count(&events, "lookup.alpha"), 1);
            assert_eq!(proofs::count(&events, "lookup.theta"), 4);
            assert_eq!(proofs::count(&events, "lookup.root"), 1);
            assert_eq!(proofs::count(&events, "lookup.lambda"), m - 1);
            assert_eq!(proofs::count(&events, "lookup.layer"), m - 1);
            assert_eq!(proofs::count(&events, "lookup.point"), m);
            assert_eq!(proofs::count(&events, "lookup.round"), rounds);
            assert_eq!(proofs::count(&events, "lookup.challenge"), rounds);
        });
    }
}
