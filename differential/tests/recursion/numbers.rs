//! The numbers that the guest has of tables and parameters: those of the verifier, for all sizes.

mod differential {
    use std::path::Path;

    use leanvm_fast::parameters::{ParameterSet, Parameters};
    use leanvm_fast::tables::{HashColumns, TableId};
    use serde_json::{Value, from_str, json};

    /// A list of a module of the guest.
    fn list(module: &str, name: &str) -> Value {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs/recursion");
        let text = std::fs::read_to_string(folder.join(format!("{module}.py"))).expect("a module");
        let begin = format!("{name} = ");
        let found = text.lines().find_map(|line| line.strip_prefix(&begin));
        let (numbers, _) = found.expect("a list").rsplit_once(']').expect("its end");
        from_str(&format!("{numbers}]")).expect("numbers")
    }

    #[test]
    fn numbers_of_tables_are_those_of_the_verifier() {
        let each = |of: fn(TableId) -> usize| json!(TableId::ALL.map(of));
        for (module, name, expected) in [
            ("sizes", "NUM_COLUMNS", each(TableId::num_columns)),
            ("sizes", "INTERACTIONS", each(TableId::num_interactions)),
            ("tables", "NUM_CONSTRAINTS", each(TableId::num_constraints)),
        ] {
            assert_eq!(list(module, name), expected, "{name}");
        }
        let hashes: Vec<(TableId, HashColumns)> = TableId::ALL
            .into_iter()
            .filter_map(|id| Some((id, id.hash()?)))
            .collect();
        for (number, (_, hash)) in hashes.iter().enumerate() {
            assert_eq!(hash.number, number);
        }
        let each = |of: fn(&(TableId, HashColumns)) -> usize| {
            json!(hashes.iter().map(of).collect::<Vec<usize>>())
        };
        for (module, name, expected) in [
            ("poseidon", "HASH_TABLES", each(|(id, _)| id.index())),
            ("poseidon", "WIDTHS", each(|(_, hash)| hash.width)),
            ("poseidon", "INPUTS", each(|(_, hash)| hash.inputs)),
            ("poseidon", "OUTPUTS", each(|(_, hash)| hash.y)),
            ("poseidon", "PARTIALS", each(|(_, hash)| hash.s)),
            ("zerocheck", "FIRST_INPUT", each(|(_, hash)| hash.first)),
        ] {
            assert_eq!(list(module, name), expected, "{name}");
        }
    }

    /// The sets, each at its rates.
    fn parameters() -> impl Iterator<Item = (usize, Parameters)> {
        let sets = [
            ParameterSet::Tiny,
            ParameterSet::Small,
            ParameterSet::Production,
        ];
        sets.into_iter().enumerate().flat_map(|(place, set)| {
            (1..=4).map(move |rate| (place, Parameters::new(set, rate).expect("a rate")))
        })
    }

    #[test]
    fn bounds_are_those_of_the_verifier() {
        let log2 = |number: usize| number.ilog2() as usize;
        for (set, parameters) in parameters() {
            for (module, name, expected) in [
                ("sizes", "MIN_LOG_CELLS", log2(parameters.min_cells())),
                ("sizes", "MAX_LOG_CELLS", log2(parameters.max_cells())),
                ("sizes", "MAX_LOG_LEAVES", parameters.max_log_leaves()),
                (
                    "verifier",
                    "MAX_LOG_INSTRUCTIONS",
                    log2(parameters.max_instructions()),
                ),
                ("stacking", "MIN_STACKS", parameters.min_stack()),
                ("stacking", "MAX_STACKS", parameters.max_stack()),
                ("stacking", "FIRST_FOLDS", parameters.first_fold()),
                ("opening", "ALL_LATER_FOLDS", parameters.fold()),
                ("opening", "FINAL_MAXES", parameters.final_max()),
                ("opening", "MAX_RATES", parameters.max_log_inv_rate()),
            ] {
                assert_eq!(list(module, name)[set], expected, "{name}");
            }
            assert_eq!(parameters.out_of_domain_samples(), 1);
        }
    }

    #[test]
    fn queries_and_grinding_are_those_of_the_verifier() {
        let (queries, pows) = (
            list("opening", "ALL_QUERIES"),
            list("opening", "ALL_QUERY_POWS"),
        );
        let fold_bits = list("opening", "FOLD_BITS");
        let least = list("opening", "ALL_MIN_LOG_ROWS");
        let mut rates = std::collections::BTreeSet::new();
        for (set, parameters) in parameters() {
            for variables in parameters.min_stack()..=parameters.max_stack() {
                for round in parameters.schedule(variables) {
                    let place = round.log_inv_rate - 1;
                    rates.insert((set, round.log_inv_rate));
                    assert_eq!(queries[set][place], round.queries);
                    assert_eq!(pows[set][place], round.query_pow);
                    assert!(least[set].as_u64() <= Some(round.log_rows as u64));
                    let bits = fold_bits[place].as_u64().expect("a number");
                    let pow = match parameters.set() {
                        ParameterSet::Production => 124 + round.log_rows as u64 - bits,
                        _ => 0,
                    };
                    assert_eq!(pow, round.fold_pow as u64, "{round:?}");
                }
            }
        }
        // All that there are.
        assert_eq!(rates.len(), 4 + 6 + 12, "{rates:?}");
    }
}
