//! Many claims on a program become one, in both twins and in the guest.

mod differential {
    use leanvm_differential::canonical::Private;
    use leanvm_differential::generators::tiny;
    use leanvm_differential::twins::FAST;
    use leanvm_fast::field::EF;
    use leanvm_fast::isa::Program;
    use leanvm_fast::recursion::{Combination, ProgramClaim, combine};
    use leanvm_fast::tables::log_height;
    use leanvm_fast::transcript::Sponge;
    use leanvm_fast::tuning::Tuning;
    use leanvm_spec::recursion as spec;
    use p3_field::PrimeCharacteristicRing;

    use crate::recursion::differential::{spec_claim, spec_element};
    use crate::recursion::tables::{Random, binary, case, changed, words};

    /// The private input of `combine.main.py`.
    fn private(
        claims: &[ProgramClaim],
        rounds: &[[EF; 2]],
        value: EF,
        expected: &ProgramClaim,
    ) -> Private {
        let list = |claim: &ProgramClaim| words(&[&claim.point[..], &[claim.value]].concat());
        let count = u32::try_from(claims.len()).expect("few");
        Private::from([
            ("count".to_owned(), vec![vec![count]]),
            ("claim".to_owned(), claims.iter().map(list).collect()),
            (
                "proof".to_owned(),
                rounds.iter().map(|round| words(round)).collect(),
            ),
            ("program_value".to_owned(), vec![words(&[value])]),
            ("expected".to_owned(), vec![list(expected)]),
        ])
    }

    /// ρ.
    fn challenges(claims: &[ProgramClaim], rounds: &[[EF; 2]]) -> Vec<EF> {
        let mut sponge = Sponge::new();
        let _ = Combination::challenge(claims, &mut sponge);
        let rounds = rounds.iter();
        rounds
            .map(|round| Combination::round(round, &mut sponge))
            .collect()
    }

    #[test]
    fn claims_become_one() {
        let mut random = Random(3);
        for (tiny, count) in [(&tiny::LINKED, 1), (&tiny::LINKED, 4), (&tiny::HASHES, 32)] {
            let bytes = tiny.case().program;
            let program = Program::decode(&bytes).expect("decodes");
            let in_spec = leanvm_spec::isa::Program::decode(&bytes).expect("decodes");
            let variables = 3 + log_height(program.instructions().len());
            let claims: Vec<ProgramClaim> = (0..count)
                .map(|_| ProgramClaim::at(&program, random.elements(variables)))
                .collect();
            let (rounds, value) = combine(&program, &claims, &Tuning::default());
            let combined = Combination::new(&claims, &rounds).result(&claims, value);
            let combined = combined.expect("the claims hold");
            assert!(combined.holds(&program), "{}", tiny.name);
            // The same in spec.
            let in_spec_claims: Vec<_> = claims.iter().map(spec_claim).collect();
            let spec_rounds: Vec<_> = rounds.iter().map(|round| round.map(spec_element)).collect();
            let result = spec::combine(&in_spec_claims, &spec_rounds, spec_element(value));
            assert_eq!(result, Some(spec_claim(&combined)), "{}", tiny.name);
            assert!(result.is_some_and(|claim| claim.holds(&in_spec)));
            // And in the guest.
            let guest = binary("combine", &[("VARIABLES", variables)]);
            let honest = private(&claims, &rounds, value, &combined);
            let run = |private: &Private| {
                let case = case(&guest, vec![0; 25], private.clone());
                FAST.execute(&case).map(|_| ())
            };
            assert_eq!(run(&honest), Ok(()), "{}", tiny.name);
            for name in ["claim", "proof", "program_value", "expected"] {
                let other = changed(&honest, name, 0, 0);
                assert!(run(&other).is_err(), "{name}");
            }

            // A claim that does not hold: the honest rounds do not fit, and those that fit lead to
            // a claim that does not hold.
            let mut lie = claims.clone();
            lie[count / 2].value += EF::ONE;
            let refused = Combination::new(&lie, &rounds).result(&lie, value);
            assert_eq!(refused, None, "{}", tiny.name);
            let (rounds, value) = combine(&program, &lie, &Tuning::default());
            let refused = Combination::new(&lie, &rounds).result(&lie, value);
            assert_eq!(refused, None, "{}", tiny.name);
            // The guest would leave this claim.
            let point = challenges(&lie, &rounds);
            let left = ProgramClaim { point, value };
            assert!(run(&private(&lie, &rounds, value, &left)).is_err());
            let spec_lie: Vec<_> = lie.iter().map(spec_claim).collect();
            let spec_rounds: Vec<_> = rounds.iter().map(|round| round.map(spec_element)).collect();
            let result = spec::combine(&spec_lie, &spec_rounds, spec_element(value));
            assert_eq!(result, None, "{}", tiny.name);
        }
    }
}
