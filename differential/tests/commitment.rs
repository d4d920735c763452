//! SPEC §17 commitment.

mod differential {
    use std::collections::BTreeSet;

    use leanvm_differential::canonical::{Case, Event, Private};
    use leanvm_differential::generators::tiny;
    use leanvm_differential::oracles::{proofs, prove::prove};
    use leanvm_differential::twins::{FAST, Options};

    #[test]
    fn events_and_their_number() {
        proofs::each_proof(|case, proved, shape, options| {
            let events = proofs::events_of(case, proved, options, "opening.");
            let committed = proofs::events_of(case, proved, options, "commitment.");
            assert_eq!(proofs::count(&committed, "commitment.root"), 1);
            assert_eq!(
                proofs::count(&committed, "commitment.ood_point"),
                shape.log_stack
            );
            assert_eq!(proofs::count(&committed, "commitment.ood_answer"), 1);
            // The schedule of tiny: folds of 2 down to at most 4 variables.
            let mut variables = shape.log_stack - 2;
            let mut rounds = 1;
            while variables > 4 {
                variables -= 2;
                rounds += 1;
            }
            assert_eq!(proofs::count(&events, "opening.round"), shape.log_stack);
            assert_eq!(proofs::count(&events, "opening.fold"), shape.log_stack);
            assert_eq!(proofs::count(&events, "opening.fold_nonce"), 0);
            assert_eq!(proofs::count(&events, "opening.root"), rounds - 1);
            assert_eq!(proofs::count(&events, "opening.ood_answer"), rounds - 1);
            for label in ["opening.query_nonce", "opening.queries", "opening.rows"] {
                assert_eq!(proofs::count(&events, label), rounds, "{label}");
            }
            assert_eq!(proofs::count(&events, "opening.combine"), rounds + 1);
            assert_eq!(proofs::count(&events, "opening.columns"), 13);
            let last = events.iter().find(|event| event.label == "opening.final");
            assert_eq!(last.map(|event| event.values.len()), Some(5 << variables));
            let chunks = case.public.len().div_ceil(8).next_power_of_two();
            assert_eq!(
                proofs::count(&events, "opening.public_point"),
                chunks.trailing_zeros() as usize
            );
            // The first rows have the width of the stack.
            let mut indices = events
                .iter()
                .find(|event| event.label == "opening.queries")
                .expect("queries")
                .values
                .clone();
            indices.sort_unstable();
            indices.dedup();
            let width = shape.cells.div_ceil(1 << (shape.log_stack - 2));
            let rows = events
                .iter()
                .find(|event| event.label == "opening.rows")
                .expect("rows");
            assert_eq!(rows.values.len(), indices.len() * width);
            assert!(
                indices.iter().all(|index| index
                    >> (shape.log_stack - 2 + options.log_inv_rate as usize)
                    == 0)
            );
        });
    }

    /// Rounds whose answers become claims, with an index that is sampled again.
    fn repeats(events: &[Event]) -> usize {
        let queries = events.iter().filter(|e| e.label == "opening.queries");
        let claims = events.iter().filter(|e| e.label == "opening.root").count();
        let again = |event: &&Event| {
            let distinct: BTreeSet<_> = event.values.iter().collect();
            distinct.len() < event.values.len()
        };
        queries.take(claims).filter(again).count()
    }

    #[test]
    fn an_index_that_is_sampled_again() {
        let halt = tiny::ALL[0].case();
        let case_of = |public: u32| Case::new(halt.program.clone(), vec![public], Private::new());
        let is_found = |case: &Case| {
            let proved = FAST.prove(case, &Options::TINY).expect("it halts");
            repeats(&proved.events) > 0
        };
        let case = (0..10_000).map(case_of).find(is_found).expect("a repeat");
        let proved = prove(&case, &Options::TINY).expect("both twins prove it");
        assert!(repeats(&proved.events) > 0);
    }
}
