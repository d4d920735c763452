//! The named lies and odd truths of SPEC.md, appendix A: lies are refused by both verifiers for one
//! reason, odd truths are accepted by both.

use std::collections::{BTreeMap, BTreeSet};

use leanvm_differential::canonical::{Case, Name, Outcome, Private};
use leanvm_differential::lies::named::{Named, lies, lies_of_openings, truths};
use leanvm_differential::lies::{Liar, prover};
use leanvm_differential::oracles::code_of;
use leanvm_differential::oracles::prove::verify;
use leanvm_differential::twins::spec::Spec;
use leanvm_differential::twins::{BOTH, Options, SPEC};
use leanvm_spec::field::Felt;
use leanvm_spec::poseidon::HashTable;
use leanvm_spec::tables::{Bus, TableId, evaluate};

/// The set `small` at rate 1/4.
const SMALL: Options = Options {
    set: 2,
    log_inv_rate: 2,
    ..Options::TINY
};

/// As many memory cells as `small` asks for.
const SMALL_CELLS: usize = 1 << 10;

fn named(name: &str) -> Named {
    let mut all = lies().into_iter().chain(truths());
    all.find(|named| named.name == name)
        .unwrap_or_else(|| panic!("nothing is named {name}"))
}

/// The rejection on which both verifiers agree, none if they accept.
fn rejection(liar: &Liar, proof: Outcome<Vec<u8>>, set: u32) -> Option<Name> {
    let proof = proof.unwrap_or_else(|name| panic!("not a proof: {name}"));
    let (program, public) = (liar.program_bytes(), liar.public_words());
    verify(&program, &public, &proof, set).err()
}

/// The proofs of the dishonest prover, and of both twins where they can make one.
fn proofs(liar: &Liar, options: &Options) -> Vec<Outcome<Vec<u8>>> {
    let mut proofs = vec![prover::prove(liar, options)];
    if let Some(tables) = liar.honest_but_for_tables() {
        let (program, public) = (liar.program_bytes(), liar.public_words());
        proofs.extend(BOTH.map(|twin| {
            let proved = twin.prove_tables(&program, &public, &tables, options);
            proved.map(|proved| proved.proof)
        }));
    }
    proofs
}

/// The verdict on each of these proofs.
fn check(name: &str, liar: &Liar, options: &Options, expected: Option<Name>) {
    for proof in proofs(liar, options) {
        assert_eq!(rejection(liar, proof, options.set), expected, "{name}");
    }
}

/// The verifier of `fast` with other beliefs than the statement: all its steps, and nothing left
/// out but what is believed.
mod believer {
    use leanvm_fast::commitment::{Claims, receive_commitment, verify_opening};
    use leanvm_fast::field::F;
    use leanvm_fast::isa::Program;
    use leanvm_fast::lookup::{self, Boundary};
    use leanvm_fast::parameters::ParameterSet;
    use leanvm_fast::proof::{Header, PublicCells, Sizes, Statement, public_elements, words};
    use leanvm_fast::rejection::Error;
    use leanvm_fast::transcript::VerifierTranscript;
    use leanvm_fast::{poseidon, zerocheck};

    use super::Liar;

    /// What it takes to be true in place of the statement.
    pub(super) struct Belief {
        /// The first (pc, fp).
        pub(super) start: (u32, u32),
        /// The last (pc, fp).
        pub(super) end: (u32, u32),
        /// The public cells.
        pub(super) public_cells: Vec<u32>,
    }

    impl Belief {
        /// The belief of the verifier.
        pub(super) fn honest(liar: &Liar) -> Self {
            let mut public_cells = liar.public_words();
            public_cells.resize(
                public_cells.len().div_ceil(8).max(1).next_power_of_two() * 8,
                0,
            );
            let fp = public_cells.len() as u32;
            Self {
                start: (0, fp),
                end: (liar.program.halt_pc(), fp),
                public_cells,
            }
        }
    }

    /// The rejection, none if the proof is accepted.
    pub(super) fn rejection(liar: &Liar, belief: &Belief, proof: &[u8]) -> Option<&'static str> {
        let verdict = verify(liar, belief, proof);
        verdict.err().map(|error| error.rejection.name())
    }

    fn verify(liar: &Liar, belief: &Belief, proof: &[u8]) -> Result<(), Error> {
        let program = Program::decode(&liar.program_bytes())?;
        let public = PublicCells::new(&public_elements(&liar.public_words())?)?;
        let words = words(proof)?;
        let (header, elements) = Header::decode(&words, ParameterSet::Tiny)?;
        let sizes = Sizes::new(&header, &program, public.cells.len())?;
        let parameters = &header.parameters;
        let mut transcript = VerifierTranscript::new(elements, false);
        let statement = Statement {
            program: &program,
            public: &public,
        };
        for (label, list) in statement.absorbed(&header) {
            transcript.absorb(label, &list);
        }
        let commitment = receive_commitment(parameters, &sizes.stacking, &mut transcript)?;
        let fingerprint = lookup::fingerprint(&mut transcript)?;
        let state = |(pc, fp)| fingerprint.state(F::new(pc), F::new(fp));
        let boundary = Boundary {
            start: state(belief.start),
            end: state(belief.end),
        };
        let log_leaves = sizes.leaves.log_leaves;
        let leaves = lookup::verify(log_leaves, &boundary, &mut transcript)?;
        let permutations = poseidon::verify(&sizes.rows, &leaves.point, &mut transcript)?;
        let columns = zerocheck::verify(
            &program,
            &sizes.rows,
            &sizes.leaves,
            &fingerprint,
            &leaves,
            &permutations,
            &mut transcript,
        )?;
        let claims = Claims {
            point: &columns.point,
            column_values: &columns.values,
            public_cells: &public_elements(&belief.public_cells)?,
        };
        let stacking = &sizes.stacking;
        verify_opening(parameters, stacking, &commitment, &claims, &mut transcript)?;
        transcript.finish().map(drop)
    }
}

mod differential {
    use super::believer::Belief;
    use super::*;

    /// How a belief comes about.
    type Believe = fn(&mut Belief);

    #[test]
    fn without_a_lie_the_dishonest_provers_are_the_honest_ones() {
        for (options, cells) in [(Options::TINY, 0), (SMALL, SMALL_CELLS)] {
            for name in ["row_fewer in eq", "rows_on_closed_walks"] {
                let named = named(name);
                let mut liar = named.start();
                liar.extend_memory(cells);
                let (program, public) = (liar.program_bytes(), named.public);
                let case = Case::new(program, public, Private::new());
                let honest = SPEC.prove(&case, &options).map(|proved| proved.proof);
                let proofs = proofs(&liar, &options);
                assert_eq!(proofs.len(), 3);
                assert!(proofs.iter().all(|proof| *proof == honest), "{name}");
            }
        }
    }

    #[test]
    fn lies_are_refused() {
        let mut honest = BTreeSet::new();
        for named in lies() {
            if honest.insert((named.text.clone(), named.public.clone())) {
                check(&named.name, &named.start(), &Options::TINY, None);
            }
            check(&named.name, &named.liar(), &Options::TINY, named.rejection);
        }
    }

    #[test]
    fn lies_of_openings_are_refused_at_small() {
        for named in lies_of_openings() {
            let mut liar = named.liar();
            liar.extend_memory(SMALL_CELLS);
            check(&named.name, &liar, &SMALL, named.rejection);
        }
    }

    #[test]
    fn odd_truths_are_accepted() {
        for named in truths() {
            let liar = named.liar();
            check(&named.name, &liar, &Options::TINY, None);
            let honest = prover::prove(&named.start(), &Options::TINY);
            let odd = prover::prove(&liar, &Options::TINY);
            assert!(odd != honest, "{} is not odd", named.name);
        }
    }

    /// A lie about a run is one about its links, or about the digit or the side: the buses that do
    /// not balance, and how many constraints do not hold. Every hash is one.
    #[test]
    fn lies_of_runs_are_consistent_in_all_else() {
        let cases: [(&str, &[Bus], usize); 8] = [
            ("chain_runs_swapped", &[Bus::StepLink], 0),
            ("chain_step_twice", &[Bus::StepLink], 0),
            ("chain_step_missing", &[Bus::StepLink], 0),
            ("chain_digit_below_zero", &[Bus::Memory], 0),
            ("path_level_missing", &[Bus::PathLink], 0),
            ("path_side_two", &[], 1),
            ("sponge_blocks_swapped", &[Bus::SpongeLink], 0),
            ("sponge_owners_swapped", &[Bus::SpongeLink], 0),
        ];
        for (name, buses, broken) in cases {
            let liar = named(name).liar();
            let mut balance: BTreeMap<Vec<u32>, Felt> = BTreeMap::new();
            let mut constraints = 0;
            for (table, id) in liar.tables.iter().zip(TableId::ALL) {
                for row in 0..table.num_rows {
                    let cells = table.row(row);
                    let program = liar.program.instructions().get(row);
                    let program = program.map_or([Felt::ZERO; 6], |found| found.fields());
                    let evaluation = evaluate(id, &cells, Felt::new(row as u64), &program);
                    let is_broken = |value: &&Felt| **value != Felt::ZERO;
                    constraints += evaluation.constraints.iter().filter(is_broken).count();
                    for interaction in evaluation.interactions {
                        let tuple = interaction.slots.iter().map(|slot| slot.value());
                        let sum = balance.entry(tuple.collect()).or_insert(Felt::ZERO);
                        *sum += interaction.numerator;
                    }
                    if let Some(hash) = HashTable::of(id) {
                        let (s, y) = hash.permutation(&cells[hash.input.clone()]);
                        assert_eq!(cells[hash.s.start..hash.y.end], [s, y].concat(), "{name}");
                    }
                }
            }
            assert_eq!(constraints, broken, "{name}");
            let unbalanced: BTreeSet<u32> = balance
                .iter()
                .filter(|(_, sum)| **sum != Felt::ZERO)
                .map(|(tuple, _)| tuple[0])
                .collect();
            // The verifier sends the first state and receives the last.
            let expected = buses.iter().copied().chain([Bus::State]);
            let expected: BTreeSet<u32> = expected.map(|bus| bus as u32).collect();
            assert_eq!(unbalanced, expected, "{name}");
        }
    }

    /// A lie about the ends or the public cells is refused for nothing else: who believes it
    /// accepts its proof.
    #[test]
    fn who_believes_a_lie_accepts_its_proof() {
        let beliefs: [(&str, Believe); 6] = [
            ("halt_in_another_frame", |belief| belief.end.1 = 16),
            ("start_in_another_frame", |belief| belief.start.1 = 16),
            ("start_at_pc_one", |belief| belief.start.0 = 1),
            ("stop_before_halt", |belief| belief.end.0 -= 1),
            ("public_padding_not_zero", |belief| {
                belief.public_cells[7] = 9
            }),
            ("another_public_input", |belief| belief.public_cells[0] = 3),
        ];
        for (name, believe) in beliefs {
            let named = named(name);
            let liar = named.liar();
            let mut belief = Belief::honest(&liar);
            let rejections = |belief: &Belief| -> BTreeSet<Option<Name>> {
                let of = |proof: Outcome<Vec<u8>>| {
                    believer::rejection(&liar, belief, &proof.expect("it has a proof"))
                };
                proofs(&liar, &Options::TINY).into_iter().map(of).collect()
            };
            assert_eq!(
                rejections(&belief),
                BTreeSet::from([named.rejection]),
                "{name}"
            );
            believe(&mut belief);
            assert_eq!(rejections(&belief), BTreeSet::from([None]), "{name}");
        }
    }

    /// JUMP's own constraint is all that refuses a condition 2: without it the proof is accepted.
    #[test]
    fn without_its_constraint_a_jump_may_have_condition_two() {
        const CONDITION: [(usize, usize); 1] = [(5, 9)];
        let liar = named("jump_with_condition_two").liar();
        let tables = liar.honest_but_for_tables().expect("a lie of tables");
        let (program, public) = (liar.program_bytes(), liar.public_words());
        let proved =
            Spec.prove_tables_without(&program, &public, &tables, &Options::TINY, &CONDITION);
        let proof = proved.expect("it has a proof").proof;
        let verdict = |waived| Spec.verify_without(&program, &public, &proof, 1, waived);
        assert_eq!(verdict(&CONDITION), Ok(()));
        assert_eq!(verdict(&[]), Err("constraint"));
    }

    #[test]
    fn the_appendix_names_them_all_with_their_codes() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../SPEC.md");
        let text = std::fs::read_to_string(path).expect("SPEC.md is readable");
        let (_, list) = text.split_once("**Named lies.**").expect("the list");
        let (list, _) = list.split_once("## Appendix B").expect("the end");
        let of_text: BTreeSet<(String, u32)> = list
            .lines()
            .filter_map(|line| {
                let (name, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
                let (code, _) = rest.split_once(" |")?;
                Some((name.to_owned(), code.parse().ok()?))
            })
            .collect();
        let all = lies().into_iter().chain(truths());
        let of_code: BTreeSet<(String, u32)> = all
            .map(|named| (named.kind().to_owned(), named.rejection.map_or(0, code_of)))
            .collect();
        assert_eq!(of_text, of_code);
    }
}
