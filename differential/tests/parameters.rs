//! SPEC §18 parameters.

use leanvm_fast::parameters as fast;
use leanvm_spec::parameters as spec;

/// (variables, fold, log_inv_rate, log_rows, fold_pow, queries, query_pow) of each round.
type Schedule = Vec<[usize; 7]>;

fn spec_schedule(parameters: &spec::Parameters, log_stack: usize) -> Schedule {
    let rounds = parameters.schedule(log_stack as u32);
    let row = |round: &spec::Round| {
        let spec::Round {
            variables,
            fold,
            log_inv_rate,
            log_rows,
            fold_pow,
            queries,
            query_pow,
        } = *round;
        let [variables, fold, rate, rows, fold_pow, query_pow] =
            [variables, fold, log_inv_rate, log_rows, fold_pow, query_pow]
                .map(|number| number as usize);
        [variables, fold, rate, rows, fold_pow, queries, query_pow]
    };
    rounds.iter().map(row).collect()
}

fn fast_schedule(parameters: &fast::Parameters, log_stack: usize) -> Schedule {
    let rounds = parameters.schedule(log_stack);
    let row = |round: &fast::Round| {
        [
            round.variables,
            round.fold,
            round.log_inv_rate,
            round.log_rows,
            round.fold_pow,
            round.queries,
            round.query_pow,
        ]
    };
    rounds.iter().map(row).collect()
}

mod differential {
    use super::*;

    #[test]
    fn sets_and_their_caps() {
        for id in 0..5 {
            let (spec, fast) = (
                spec::ParameterSet::from_id(id),
                fast::ParameterSet::from_id(id),
            );
            assert_eq!(
                spec.map(spec::ParameterSet::name),
                fast.map(fast::ParameterSet::name),
                "set {id}"
            );
            let (Some(spec), Some(fast)) = (spec, fast) else {
                assert!(id == 0 || id > 3, "set {id} exists");
                continue;
            };
            assert_eq!((spec.id(), fast.id()), (id, id));
            for rate in 0..6 {
                let (of_spec, of_fast) = (
                    spec::Parameters::new(spec, rate),
                    fast::Parameters::new(fast, rate),
                );
                assert_eq!(
                    of_spec.as_ref().err().map(|error| error.rejection.code()),
                    of_fast.as_ref().err().map(|error| error.rejection.code())
                );
                let (Ok(_), Ok(parameters)) = (of_spec, of_fast) else {
                    assert!(rate == 0 || rate > 4);
                    continue;
                };
                assert_eq!(spec.min_cells(), parameters.min_cells());
                assert_eq!(spec.max_cells(), parameters.max_cells());
                assert_eq!(spec.max_instructions(), parameters.max_instructions());
                assert_eq!(spec.max_log_leaves() as usize, parameters.max_log_leaves());
                assert_eq!(spec.min_stack() as usize, parameters.min_stack());
                assert_eq!(spec.max_stack() as usize, parameters.max_stack());
                assert_eq!(spec.first_fold() as usize, parameters.first_fold());
                assert_eq!(spec.fold() as usize, parameters.fold());
                assert_eq!(spec.final_max() as usize, parameters.final_max());
                assert_eq!(
                    spec.out_of_domain_samples(),
                    parameters.out_of_domain_samples()
                );
            }
        }
    }

    #[test]
    fn schedules_of_all_stacks() {
        let mut grinding = 0;
        for id in 1..=3 {
            let spec_set = spec::ParameterSet::from_id(id).expect("three sets");
            let fast_set = fast::ParameterSet::from_id(id).expect("three sets");
            for rate in 1..=4 {
                let spec = spec::Parameters::new(spec_set, rate).expect("four rates");
                let fast = fast::Parameters::new(fast_set, rate).expect("four rates");
                for log_stack in fast.min_stack()..=fast.max_stack() {
                    let schedule = spec_schedule(&spec, log_stack);
                    assert_eq!(
                        schedule,
                        fast_schedule(&fast, log_stack),
                        "set {id}, rate {rate}, stack {log_stack}"
                    );
                    let folded: usize = schedule.iter().map(|round| round[1]).sum();
                    assert!(log_stack - folded <= fast.final_max());
                    grinding += schedule.iter().filter(|round| round[4] > 0).count();
                }
            }
        }
        assert!(grinding > 0, "no schedule grinds a fold");
    }
}
