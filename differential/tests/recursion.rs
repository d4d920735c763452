//! SPEC §25 recursion: the guest that verifies a proof.

mod combine;
mod numbers;
pub(crate) mod refused;
mod sizes;
mod tables;

pub(crate) use tables::Random;

mod differential {
    use leanvm_differential::generators::tiny::{self, Tiny};
    use leanvm_differential::recursion::{Shape, guest, spec_claim};
    use leanvm_fast::execution::{Execution, Input, Limits, execute};
    use leanvm_fast::field::{F, to_canonical};
    use leanvm_fast::isa::Program;
    use leanvm_fast::parameters::ParameterSet;
    use leanvm_fast::prover::{ProveOptions, prove};
    use leanvm_fast::recursion::{Witness, public_input, witness};
    use leanvm_fast::tables::log_height;
    use leanvm_fast::verifier::{VerifyOptions, verify};
    use leanvm_spec::field::Felt;
    use leanvm_spec::recursion as spec;
    use p3_field::PrimeCharacteristicRing;

    /// Elements of the public input of the proofs: four chunks.
    pub(super) const PUBLIC: usize = 32;

    fn run(guest: &Program, input: &Input) -> Result<Execution, &'static str> {
        execute(guest, input, &Limits::default()).map_err(|stopped| stopped.error.rejection.name())
    }

    /// The guest for proofs of programs of a height.
    fn guest_of(height: usize, set: ParameterSet) -> Program {
        let number = |number: usize| u32::try_from(number).expect("few");
        let shape = Shape {
            set: set.id(),
            public: number(PUBLIC),
            log_instructions: number(height),
        };
        Program::decode(&guest("verify_proof", &shape).program).expect("decodes")
    }

    /// The guest for proofs of a program.
    fn guest_for(program: &Program, set: ParameterSet) -> Program {
        guest_of(log_height(program.instructions().len()), set)
    }

    /// A tiny program with a public region of four chunks, and the proof of a run.
    pub(super) fn proof(
        tiny: &Tiny,
        set: ParameterSet,
        log_inv_rate: u32,
    ) -> (Program, Vec<u32>, Vec<u8>) {
        let case = tiny.case();
        let program = Program::decode(&case.program).expect("decodes");
        // Programs with little public input find it before their frame, others at its address.
        let mut public = vec![0; if case.public.len() <= 8 { 24 } else { 0 }];
        public.extend(&case.public);
        public.resize(PUBLIC, 0);
        let mut input = Input::new(&public).expect("canonical");
        for (name, lists) in &case.private {
            for list in lists {
                input = input.with_list(name, list).expect("canonical");
            }
        }
        let execution = execute(&program, &input, &Limits::default()).expect(tiny.name);
        let options = ProveOptions {
            set,
            log_inv_rate,
            ..ProveOptions::default()
        };
        let proof = prove(&program, &execution, &options).expect("a proof");
        (program, public, proof.proof)
    }

    fn told(tiny: &Tiny, set: ParameterSet, log_inv_rate: u32) -> (Program, Witness) {
        let (program, public, proof) = proof(tiny, set, log_inv_rate);
        let witness = witness(&program, &public, &proof, set).expect("an accepted proof");
        (program, witness)
    }

    #[test]
    fn accepted_proofs_are_accepted() {
        for (set, most, rates) in [
            (ParameterSet::Tiny, tiny::ALL.len(), 1..=4),
            (ParameterSet::Small, tiny::ALL.len(), 2..=3),
            (ParameterSet::Production, 1, 1..=4),
        ] {
            for tiny in &tiny::ALL[tiny::ALL.len() - most..] {
                for rate in rates.clone() {
                    let (program, witness) = told(tiny, set, rate);
                    let result = run(&guest_for(&program, set), &witness.input);
                    assert_eq!(result.err(), None, "{} at {set:?}, rate {rate}", tiny.name);
                }
            }
        }
    }

    #[test]
    fn the_twins_agree_on_claims_and_statements() {
        let set = ParameterSet::Tiny;
        for tiny in &tiny::ALL {
            let (program, Witness { input, claim }) = told(tiny, set, 1);
            let in_spec = leanvm_spec::isa::Program::decode(&tiny.case().program).expect("decodes");
            let mut other = claim.clone();
            other.value += leanvm_fast::field::EF::ONE;
            let mut short = claim.clone();
            short.point.pop();
            for (claim, holds) in [(&claim, true), (&other, false), (&short, false)] {
                assert_eq!(claim.holds(&[&program]), holds, "{}", tiny.name);
                assert_eq!(spec_claim(claim).holds(&[&in_spec]), holds, "{}", tiny.name);
            }
            let cells: Vec<Felt> = input.private["public"][0]
                .iter()
                .map(|x| Felt::new(u64::from(to_canonical(*x))))
                .collect();
            let expected = spec::public_input(&in_spec, &cells, &spec_claim(&claim));
            let public = input.public.iter().map(|x| to_canonical(*x));
            let expected = expected.into_iter().map(Felt::value);
            assert!(public.eq(expected), "{}", tiny.name);
        }
    }

    /// The positions of some elements of a list: the first, one in the middle, the last.
    fn some<T>(list: &[T]) -> Vec<usize> {
        let mut positions = vec![0, list.len() / 2, list.len().saturating_sub(1)];
        positions.dedup();
        positions
    }

    #[test]
    fn changed_values_are_refused() {
        let set = ParameterSet::Small;
        let (program, Witness { input: honest, .. }) = told(&tiny::LINKED, set, 2);
        let guest = guest_for(&program, set);
        assert_eq!(run(&guest, &honest).err(), None);
        let refused = |input: &Input, what: &str| assert!(run(&guest, input).is_err(), "{what}");
        for place in 0..honest.public.len() {
            let mut input = honest.clone();
            input.public[place] += F::ONE;
            refused(&input, &format!("public element {place}"));
        }
        let mut changed = 0;
        for (name, lists) in &honest.private {
            let lists_changed = match name.as_str() {
                "proof" => (0..lists.len()).collect(),
                _ => some(lists),
            };
            for list in lists_changed {
                for position in some(&lists[list]) {
                    let value = lists[list][position];
                    let values = match name.as_str() {
                        // Any other number than 0 means the same.
                        "split" => vec![F::ONE - value],
                        _ => vec![value + F::ONE, value - F::ONE],
                    };
                    for value in values {
                        let mut input = honest.clone();
                        let lists = input.private.get_mut(name).expect("there");
                        lists[list][position] = value;
                        refused(
                            &input,
                            &format!("list {list} of {name}, element {position}"),
                        );
                        changed += 1;
                    }
                }
            }
        }
        assert!(changed > 150, "{changed} changes");
    }

    /// Two rectangles of the same size may not change places.
    #[test]
    fn another_order_of_the_rectangles_is_refused() {
        let set = ParameterSet::Small;
        let (program, Witness { input: honest, .. }) = told(&tiny::LINKED, set, 1);
        let guest = guest_for(&program, set);
        let order = &honest.private["order"];
        let number = |rank: usize| F::from_usize(rank);
        let mut tried = 0;
        for rank in (1..order.len() - 1).filter(|rank| order[rank - 1][1] == order[*rank][1]) {
            let mut input = honest.clone();
            input
                .private
                .get_mut("order")
                .expect("there")
                .swap(rank - 1, rank);
            for place in input
                .private
                .get_mut("rank")
                .expect("there")
                .iter_mut()
                .flatten()
            {
                if *place == number(rank) {
                    *place = number(rank - 1);
                } else if *place == number(rank - 1) {
                    *place = number(rank);
                }
            }
            assert!(run(&guest, &input).is_err(), "{rank}");
            tried += 1;
        }
        assert!(tried > 5, "{tried} orders");
    }

    /// With one coordinate less of ρ in the claim, all else being right.
    #[test]
    fn another_height_of_the_program_is_refused() {
        let set = ParameterSet::Tiny;
        let (
            program,
            Witness {
                mut input,
                mut claim,
            },
        ) = told(&tiny::LINKED, set, 1);
        let _ = claim.point.remove(3);
        input.public = public_input(&program, &input.private["public"][0], &claim);
        let height = log_height(program.instructions().len()) - 1;
        assert!(run(&guest_of(height, set), &input).is_err());
    }

    /// A proof of a proof: the guest's own run is proven and verified.
    #[test]
    fn a_verification_is_proven() {
        let set = ParameterSet::Production;
        let (program, witness) = told(&tiny::ARITHMETIC, set, 4);
        let guest = guest_for(&program, set);
        let execution = run(&guest, &witness.input).expect("accepted");
        let proof = prove(&guest, &execution, &ProveOptions::default())
            .expect("a proof")
            .proof;
        let public: Vec<u32> = witness
            .input
            .public
            .iter()
            .map(|x| to_canonical(*x))
            .collect();
        verify(&guest, &public, &proof, &VerifyOptions::default()).expect("accepted");
        assert!(witness.claim.holds(&[&program]));
    }
}
