//! Many claims on programs become one, in both twins and in the guest.

mod differential {
    use leanvm_differential::canonical::Private;
    use leanvm_differential::generators::tiny::{self, Tiny};
    use leanvm_differential::recursion::{spec_claim, spec_element};
    use leanvm_differential::twins::FAST;
    use leanvm_fast::field::{EF, to_canonical};
    use leanvm_fast::isa::Program;
    use leanvm_fast::recursion::{Combination, ProgramClaim, combine, greatest_height, variables};
    use leanvm_fast::transcript::Sponge;
    use leanvm_fast::tuning::Tuning;
    use leanvm_spec::recursion as spec;
    use p3_field::PrimeCharacteristicRing;

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

    /// Programs as both twins have them.
    struct Programs {
        fast: Vec<Program>,
        spec: Vec<leanvm_spec::isa::Program>,
    }

    impl Programs {
        fn of(programs: &[&Tiny]) -> Self {
            let bytes: Vec<Vec<u8>> = programs.iter().map(|tiny| tiny.case().program).collect();
            let (fast, spec) = bytes
                .iter()
                .map(|bytes| {
                    let in_spec = leanvm_spec::isa::Program::decode(bytes).expect("decodes");
                    (Program::decode(bytes).expect("decodes"), in_spec)
                })
                .unzip();
            Self { fast, spec }
        }

        fn all(&self) -> Vec<&Program> {
            self.fast.iter().collect()
        }

        /// Whether a claim holds for all of them, in both twins.
        fn hold(&self, claim: &ProgramClaim) -> bool {
            let holds = claim.holds(&self.all());
            let in_spec: Vec<_> = self.spec.iter().collect();
            assert_eq!(spec_claim(claim).holds(&in_spec), holds);
            holds
        }

        /// Whether a claim holds for one of them alone, in both twins.
        fn holds(&self, number: usize, claim: &ProgramClaim) -> bool {
            let holds = claim.holds(&[&self.fast[number]]);
            assert_eq!(spec_claim(claim).holds(&[&self.spec[number]]), holds);
            holds
        }

        /// A claim on one of them as a claim on all, in both twins.
        fn lifted(&self, number: usize, claim: &ProgramClaim) -> ProgramClaim {
            let lifted = claim.of_program(number, &self.all());
            let in_spec: Vec<_> = self.spec.iter().collect();
            let spec_lifted = spec_claim(claim).of_program(number, &in_spec);
            assert_eq!(spec_lifted, spec_claim(&lifted));
            lifted
        }
    }

    /// What both twins make of claims, rounds and a value.
    fn result(claims: &[ProgramClaim], rounds: &[[EF; 2]], value: EF) -> Option<ProgramClaim> {
        let result = Combination::new(claims, rounds).result(claims, value);
        let in_spec: Vec<_> = claims.iter().map(spec_claim).collect();
        let spec_rounds: Vec<_> = rounds.iter().map(|round| round.map(spec_element)).collect();
        let of_spec = spec::combine(&in_spec, &spec_rounds, spec_element(value));
        assert_eq!(of_spec, result.as_ref().map(spec_claim));
        result
    }

    /// Claims that hold become one that holds, in both twins and in the guest; with one that does
    /// not, none of them leaves a claim that holds.
    fn check(programs: &Programs, claims: &[ProgramClaim]) {
        let tuning = Tuning::default();
        let (rounds, value) = combine(&programs.all(), claims, &tuning);
        let combined = result(claims, &rounds, value).expect("the claims hold");
        assert!(programs.hold(&combined));
        let guest = binary("combine", &[("VARIABLES", variables(&programs.all()))]);
        let run = |private: &Private| {
            let case = case(&guest, vec![0; 25], private.clone());
            FAST.execute(&case).map(|_| ())
        };
        let honest = private(claims, &rounds, value, &combined);
        assert_eq!(run(&honest), Ok(()));
        for name in ["claim", "proof", "program_value", "expected"] {
            assert!(run(&changed(&honest, name, 0, 0)).is_err(), "{name}");
        }

        // A claim that does not hold: the honest rounds do not fit, and those that fit lead to a
        // claim that does not hold.
        let mut lie = claims.to_vec();
        lie[claims.len() / 2].value += EF::ONE;
        assert_eq!(result(&lie, &rounds, value), None);
        let (rounds, value) = combine(&programs.all(), &lie, &tuning);
        assert_eq!(result(&lie, &rounds, value), None);
        // The guest would leave this claim.
        let point = challenges(&lie, &rounds);
        let left = ProgramClaim { point, value };
        assert!(run(&private(&lie, &rounds, value, &left)).is_err());
    }

    #[test]
    fn claims_become_one() {
        let mut random = Random(3);
        for (tiny, count) in [
            (&[&tiny::LINKED][..], 1),
            (&[&tiny::LINKED], 4),
            (&[&tiny::HASHES], 32),
            (&[&tiny::HALT, &tiny::HASHES], 3),
            (&[&tiny::HASHES, &tiny::ARITHMETIC], 5),
        ] {
            let programs = Programs::of(tiny);
            let variables = variables(&programs.all());
            let claims: Vec<ProgramClaim> = (0..count)
                .map(|_| ProgramClaim::at(&programs.all(), random.elements(variables)))
                .collect();
            check(&programs, &claims);
        }
    }

    /// A claim on a program is one on two programs, whatever their heights, and becomes one with
    /// claims on the other one.
    #[test]
    fn claims_on_one_program_are_claims_on_two() {
        let mut random = Random(4);
        for tiny in [[&tiny::LINKED, &tiny::HALT], [&tiny::HALT, &tiny::LINKED]] {
            let programs = Programs::of(&tiny);
            let heights: Vec<usize> = programs
                .all()
                .iter()
                .map(|program| greatest_height(&[program]))
                .collect();
            assert_ne!(heights[0], heights[1]);
            let mut lifted = Vec::new();
            for (number, height) in heights.into_iter().enumerate() {
                let point = random.elements(3 + height);
                let claim = ProgramClaim::at(&[&programs.fast[number]], point);
                assert!(programs.holds(number, &claim));
                let mut lie = claim.clone();
                lie.value += EF::ONE;
                assert!(!programs.holds(number, &lie));
                assert!(!programs.hold(&programs.lifted(number, &lie)));
                // Of the other program it is another claim.
                assert!(!programs.hold(&programs.lifted(1 - number, &claim)));
                lifted.push(programs.lifted(number, &claim));
                assert!(programs.hold(&lifted[number]));
            }
            check(&programs, &lifted);
        }
    }

    #[test]
    fn the_twins_agree_on_digests_of_claims() {
        let mut random = Random(5);
        for variables in 0..24 {
            let claim = ProgramClaim {
                point: random.elements(variables),
                value: random.element(),
            };
            let of_spec = spec_claim(&claim).digest().map(|x| x.value());
            assert_eq!(claim.digest().map(to_canonical), of_spec);
        }
    }
}
