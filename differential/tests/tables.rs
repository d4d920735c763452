//! SPEC §9 tables.

use std::cell::RefCell;
use std::sync::LazyLock;

use leanvm_differential::canonical::Name;
use leanvm_differential::forgeries::{self, Forgery, Implied, Kind, Rule};
use leanvm_differential::generators::{Broken, Valid, from_bytes, tiny};
use leanvm_differential::oracles::execute::tables;
use leanvm_differential::oracles::prove::verify;
use leanvm_differential::oracles::same;
use leanvm_differential::shape::{COLUMNS, HASHES, NAMES, TABLES, cover};
use leanvm_differential::twins::spec::Spec;
use leanvm_differential::twins::{BOTH, FAST, Options, SPEC, Twin};

/// Of each table, the constraints that some forgery breaks alone, the others, and the interactions.
const RULES: [(usize, usize, usize); TABLES] = [
    (0, 0, 1),
    (0, 0, 11),
    (7, 3, 6),
    (7, 3, 6),
    (4, 2, 6),
    (7, 3, 6),
    (6, 3, 8),
    (8, 4, 10),
    (10, 5, 13),
    (6, 4, 13),
    (0, 1, 12),
    (6, 4, 13),
    (0, 1, 12),
    (8, 4, 11),
    (8, 4, 11),
    (0, 0, 7),
    (0, 0, 2),
    (8, 4, 11),
    (1, 0, 4),
    (8, 4, 11),
    (0, 0, 4),
    (0, 0, 8),
];

/// The constraints whose forgeries are proven and verified: of each table that has some those of an
/// operand and its own, of hashes half.
const PROVEN_CONSTRAINTS: [(usize, &[usize]); 14] = [
    (2, &[0, 1, 9]),
    (3, &[3, 4, 9]),
    (4, &[0, 1, 3]),
    (5, &[6, 7, 9]),
    (6, &[4, 6]),
    (7, &[7, 9]),
    (8, &[10, 12]),
    (9, &[0, 1]),
    (11, &[3, 4]),
    (13, &[9, 10]),
    (14, &[6]),
    (17, &[9]),
    (18, &[0]),
    (19, &[1]),
];

/// The interactions whose forgeries are proven and verified: of each table one at least, of each
/// bus both directions.
const PROVEN_INTERACTIONS: [(usize, &[usize]); TABLES] = [
    (0, &[0]),
    (1, &[0, 8, 9]),
    (2, &[0]),
    (3, &[1]),
    (4, &[5]),
    (5, &[1, 2]),
    (6, &[5]),
    (7, &[8]),
    (8, &[12]),
    (9, &[6, 11]),
    (10, &[0, 3]),
    (11, &[5, 12]),
    (12, &[1, 7]),
    (13, &[7, 10]),
    (14, &[7, 8, 10]),
    (15, &[0, 1, 2, 3, 4, 5, 6]),
    (16, &[0, 1]),
    (17, &[8, 9]),
    (18, &[0, 1, 2, 3]),
    (19, &[8, 10]),
    (20, &[0, 1, 2]),
    (21, &[0, 1, 2, 7]),
];

/// The constraints on permute and base.
const LARGE: [(usize, usize); 7] = [(6, 7), (7, 10), (8, 13), (9, 9), (10, 0), (11, 9), (12, 0)];

const OPERAND_MODE: Name = "operand-mode";
const LOOKUP_ROOT: Name = "lookup-root";
const CONSTRAINT: Name = "constraint";
const POSEIDON_LAYER: Name = "poseidon-layer";

static FORGERIES: LazyLock<Vec<Forgery>> = LazyLock::new(forgeries::all);

/// The forgeries that are proven.
fn proven() -> Vec<&'static Forgery> {
    let chosen = |rule: &Rule| {
        let lists: &[(usize, &[usize])] = match rule.kind {
            Kind::Constraint => &PROVEN_CONSTRAINTS,
            Kind::Interaction => &PROVEN_INTERACTIONS,
            Kind::Permutation => &[],
        };
        lists
            .iter()
            .any(|(table, numbers)| *table == rule.table && numbers.contains(&rule.number))
    };
    let list = FORGERIES.iter();
    list.filter(|forgery| chosen(&forgery.rule)).collect()
}

mod differential {
    use super::*;

    #[test]
    fn every_column_of_every_table() {
        let present = RefCell::new([0_u32; TABLES]);
        crate::common::for_each(250, 600, |bytes| {
            let trace = tables(&from_bytes::<Valid>(bytes).0, &Options::TINY)
                .expect("valid cases fit tiny");
            for (number, table) in trace.iter().enumerate() {
                present.borrow_mut()[number] += u32::from(table.rows > 0);
                if table.rows > 0 {
                    assert_eq!(table.columns.len(), COLUMNS[number], "table {number}");
                }
                assert!(
                    table
                        .columns
                        .iter()
                        .all(|column| column.len() == table.rows),
                    "table {number}"
                );
            }
        });
        println!("cases of 250 with each table: {:?}", present.borrow());
        assert!(
            present.borrow().iter().all(|cases| *cases >= 25),
            "a table is hardly ever present: {present:?}"
        );
    }

    #[test]
    fn tables_of_the_tiny_programs() {
        for tiny in &tiny::ALL {
            for set in [1, 2] {
                assert!(
                    tables(
                        &tiny.case(),
                        &Options {
                            set,
                            threads: 3,
                            ..Options::TINY
                        }
                    )
                    .is_ok(),
                    "{}",
                    tiny.name
                );
            }
        }
    }

    #[test]
    fn broken_cases_have_no_tables() {
        let rejected = RefCell::new(0_u32);
        crate::common::for_each(300, 400, |bytes| {
            let outcome = tables(&from_bytes::<Broken>(bytes).0, &Options::TINY);
            *rejected.borrow_mut() += u32::from(outcome.is_err());
        });
        assert!(
            *rejected.borrow() >= 100,
            "only {} of 300 broken cases are rejected",
            rejected.borrow()
        );
    }

    /// The rules take the terms of a quad one by one as well.
    #[test]
    fn a_quad_is_as_good_as_its_terms() {
        let other = forgeries::quads_as_terms();
        let rows = other
            .trace
            .columns()
            .iter()
            .map(|table| table.rows)
            .collect::<Vec<_>>();
        assert_eq!((rows[10], rows[21]), (8, 0));
        for twin in BOTH {
            assert_eq!(other.violations(twin, &[]), [], "{}", twin.name());
        }
    }

    /// Each constraint and each interaction refuses rows that satisfy all others, and the rows are
    /// accepted where it is missing.
    #[test]
    fn each_rule_refuses_what_no_other_refuses() {
        let expected = RULES.map(|(alone, implied, interactions)| (alone + implied, interactions));
        for twin in BOTH {
            let mut counts = [(0, 0); TABLES];
            for rule in Rule::all(twin) {
                match rule.kind {
                    Kind::Constraint => counts[rule.table].0 += 1,
                    Kind::Interaction => counts[rule.table].1 += 1,
                    Kind::Permutation => unreachable!("no rule of a table"),
                }
            }
            assert_eq!(counts, expected, "the rules of {}", twin.name());
        }
        let rules: Vec<Rule> = FORGERIES.iter().map(|forgery| forgery.rule).collect();
        assert_eq!(rules, Rule::all(SPEC), "a forgery for each rule");
        for twin in BOTH {
            for forgery in FORGERIES.iter() {
                let place = format!("{}: {:?}", twin.name(), forgery.rule);
                assert_eq!(forgery.violations(twin, &[]), forgery.expected(), "{place}");
                assert_eq!(forgery.violations(twin, &forgery.broken()), [], "{place}");
            }
        }
    }

    /// Which rules no forgery breaks alone, and how many rules there are of each table.
    #[test]
    fn rules_that_others_imply() {
        let mut counts = [(0, 0, 0); TABLES];
        for forgery in FORGERIES.iter() {
            let rule = forgery.rule;
            let (alone, implied, interactions) = &mut counts[rule.table];
            match (rule.kind, forgery.implied) {
                (Kind::Permutation, _) => unreachable!("no rule of a table"),
                (Kind::Interaction, _) => *interactions += 1,
                (Kind::Constraint, None) => *alone += 1,
                (Kind::Constraint, Some(_)) => *implied += 1,
            }
            // The program of a forgery is one, unless decoding refuses what the constraint refuses.
            for twin in BOTH {
                let decoded = twin.decode(&forgery.trace.program()).map(|_| ());
                let by_decoding = forgery.implied == Some(Implied::ByDecoding);
                let expected = if by_decoding {
                    Err(OPERAND_MODE)
                } else {
                    Ok(())
                };
                assert_eq!(decoded, expected, "{}: {rule:?}", twin.name());
            }
            // The flags permute and base can only be forged in a large memory, within the cap.
            let large = LARGE.contains(&(rule.table, rule.number)) && rule.kind == Kind::Constraint;
            let cells = forgery.trace.cells();
            assert!(cells <= 1 << 26, "{rule:?} in {cells} cells");
            assert_eq!(cells > 1 << 22, large, "{rule:?} in {cells} cells");
        }
        for (name, counts) in NAMES.iter().zip(counts) {
            println!("{name}: constraints alone, constraints implied, interactions: {counts:?}");
        }
        assert_eq!(counts, RULES);
    }

    /// From forged tables both provers make the same proof, which both verifiers reject for the
    /// rule, and the proof of a prover whose tables lack the constraint is accepted by the verifier
    /// whose tables lack it.
    #[test]
    fn proofs_of_forged_tables() {
        let list = proven();
        for forgery in list.iter().copied() {
            let (rule, trace) = (forgery.rule, &forgery.trace);
            let (program, public, tables) = (trace.program(), trace.public(), trace.columns());
            let prove = |twin: &dyn Twin| {
                let proved = twin.prove_tables(&program, &public, &tables, &Options::TINY);
                proved.expect("the tables fit").proof
            };
            let proof = same("the forged proof", &rule, prove(SPEC), prove(FAST));
            let rejected = verify(&program, &public, &proof, 1).map(drop);
            if rule.kind == Kind::Interaction {
                assert_eq!(rejected, Err(LOOKUP_ROOT), "{rule:?}");
                continue;
            }
            assert_eq!(rejected, Err(CONSTRAINT), "{rule:?}");
            let lacking = [(rule.table, rule.number)];
            let proof = Spec
                .prove_tables_without(&program, &public, &tables, &Options::TINY, &lacking)
                .expect("the tables fit")
                .proof;
            let rejected = verify(&program, &public, &proof, 1).map(drop);
            assert_eq!(rejected, Err(CONSTRAINT), "{rule:?}");
            let accepted = Spec.verify_without(&program, &public, &proof, 1, &lacking);
            assert_eq!(accepted, Ok(()), "{rule:?}");
        }
        let numbers = |lists: &[(usize, &[usize])]| -> usize {
            lists.iter().map(|(_, numbers)| numbers.len()).sum()
        };
        let expected = numbers(&PROVEN_CONSTRAINTS) + numbers(&PROVEN_INTERACTIONS);
        assert_eq!(list.len(), expected, "a chosen rule is not one");
    }

    /// Each column s and y of the hash tables that is not the permutation's: the tables allow it,
    /// both provers make the same proof, which the check of one layer refuses.
    #[test]
    fn proofs_of_forged_permutations() {
        let list = forgeries::permutations();
        let columns: Vec<usize> = HASHES.iter().map(|(_, [_, s, y, _])| s + y).collect();
        assert_eq!(list.len(), columns.iter().sum::<usize>());
        let mut proven = 0;
        for forgery in &list {
            let Rule { table, number, .. } = forgery.rule;
            for twin in BOTH {
                assert_eq!(forgery.violations(twin, &[]), [], "{}", twin.name());
            }
            let hash = HASHES.iter().find(|(id, _)| *id == table);
            let (_, [_, s, y, _]) = hash.expect("a hash table");
            if ![0, s - 1, *s, s + y - 1].contains(&number) {
                continue;
            }
            proven += 1;
            let trace = &forgery.trace;
            let (program, public, tables) = (trace.program(), trace.public(), trace.columns());
            let prove = |twin: &dyn Twin| {
                let proved = twin.prove_tables(&program, &public, &tables, &Options::TINY);
                proved.expect("the tables fit").proof
            };
            let proof = same("the forged proof", &number, prove(SPEC), prove(FAST));
            let rejected = verify(&program, &public, &proof, 1).map(drop);
            assert_eq!(rejected, Err(POSEIDON_LAYER), "{:?}", forgery.rule);
            for layer in 0..8 {
                let outcome = Spec.verify_without_layer(&program, &public, &proof, 1, layer);
                let expected = if layer == if number < *s { 3 } else { 7 } {
                    Ok(())
                } else {
                    Err(POSEIDON_LAYER)
                };
                assert_eq!(outcome, expected, "{:?} without {layer}", forgery.rule);
            }
        }
        assert_eq!(proven, 28);
    }

    /// Rows from n_T on are inert, whatever they hold: a row that is refused below n_T is accepted
    /// there.
    #[test]
    fn padding_rows_take_part_in_nothing() {
        let case = tiny::ARITHMETIC.case();
        let honest = tables(&case, &Options::TINY).expect("the tiny programs have tables");
        let mut padded = honest.clone();
        for table in &mut padded {
            for (k, column) in table.columns.iter_mut().enumerate() {
                let value = |row: usize| (7919 * (row + 3) * (k + 5)) as u32;
                column.extend((table.rows..cover(table.rows)).map(value));
            }
        }
        let add = &mut padded[2];
        assert!(add.rows < add.columns[0].len(), "no row of padding");
        let prove = |tables: &[_]| {
            let proved = SPEC.prove_tables(&case.program, &case.public, tables, &Options::TINY);
            proved.expect("the tables fit").proof
        };
        let proof = prove(&padded);
        assert_ne!(proof, prove(&honest), "the padding is not in the proof");
        assert!(verify(&case.program, &case.public, &proof, 1).is_ok());
        padded[2].rows += 1;
        let proof = prove(&padded);
        let rejected = verify(&case.program, &case.public, &proof, 1).map(drop);
        assert_eq!(rejected, Err(LOOKUP_ROOT));
    }
}
