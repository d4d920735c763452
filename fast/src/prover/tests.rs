//! SPEC §20 prover, §21 verifier: end to end.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;

use p3_field::PrimeCharacteristicRing;

use super::{ProveError, ProveOptions, Proved, prove};
use crate::assembly::assemble;
use crate::execution::{Execution, Input, Limits, execute};
use crate::field::{F, MODULUS, to_canonical};
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::proof::{HEADER_WORDS, bytes, words};
use crate::rejection::Rejection;
use crate::tables::TableId;
use crate::tuning::Tuning;
use crate::verifier::{VerifyOptions, verify};

const FIBONACCI: &str = ".frame 40
add m[fp-8], 0, m[fp]
add m[fp-7], 0, m[fp+1]
add m[fp], m[fp+1], m[fp+2]
add m[fp+1], m[fp+2], m[fp+3]
mul m[fp+2], m[fp+3], m[fp+4]
jump 1, end, fp
add 1, 1, 3
end: halt";

const ALL: &str = ".frame 300
poseidon8 0, 512
poseidon16 0, 512, 520, half
poseidon24 0, 8, 512, 528, permute
poseidon16_halves 4, 516, 512, fp+72, 4
dot_be 0, 0, fp+100, 20
dot_ee 0, 5, fp+105, 3
eq_be 7, 0, fp+110, 9
eq_ee 7, 0, fp+115, 4
deref m[fp-512], 4, 2
mul m[fp-512], 2, m[fp+120]
jump 0, 0, fp
hint bits m[fp+120], fp+130, 4
hint inverse m[fp+140], m[fp+120]
hint equal m[fp+141], m[fp+140], 2
mul m[fp+140], m[fp+120], 1
halt";

struct Case {
    program: Program,
    input: Input,
    execution: Execution,
}

impl Case {
    fn new(text: &str, public: usize) -> Self {
        let program = assemble(text).unwrap();
        let input = Input {
            public: vec![F::TWO; public],
            private: BTreeMap::new(),
        };
        let execution = execute(&program, &input, &Limits::default()).unwrap();
        Self {
            program,
            input,
            execution,
        }
    }

    fn public(&self) -> Vec<u32> {
        self.input.public.iter().map(|x| to_canonical(*x)).collect()
    }

    fn prove(&self, set: ParameterSet, log_inv_rate: u32, tuning: Tuning) -> Proved {
        let options = ProveOptions {
            set,
            log_inv_rate,
            record_events: true,
            tuning,
            observer: None,
        };
        prove(&self.program, &self.execution, &options).unwrap()
    }
}

fn cases() -> Vec<Case> {
    vec![
        Case::new("halt", 0),
        Case::new(FIBONACCI, 3),
        Case::new(ALL, 300),
    ]
}

fn options(set: ParameterSet) -> VerifyOptions {
    VerifyOptions {
        set,
        record_events: false,
    }
}

/// The rejection of the proof of `case`, a changed one, or 0 if it is accepted.
fn code(case: &Case, proof: &[u8], set: ParameterSet) -> u32 {
    verify(&case.program, &case.public(), proof, &options(set)).map_or_else(
        |error| {
            assert_ne!(error.detail, "", "{}", error.rejection);
            error.rejection.code()
        },
        |_| 0,
    )
}

#[test]
fn honest_proofs_are_accepted() {
    for case in cases() {
        for (set, rate) in [
            (ParameterSet::Tiny, 1),
            (ParameterSet::Tiny, 4),
            (ParameterSet::Small, 2),
            (ParameterSet::Production, 1),
        ] {
            let proved = case.prove(set, rate, Tuning::default());
            let options = VerifyOptions {
                set,
                record_events: true,
            };
            let verified = verify(&case.program, &case.public(), &proved.proof, &options);
            let mut summary = proved.summary.clone();
            assert!(!summary.phases.is_empty() && !proved.events.is_empty());
            summary.phases.clear();
            let verified = verified.unwrap();
            assert_eq!(verified.summary, summary);
            assert_eq!(verified.events, proved.events);
        }
    }
}

#[test]
fn bytes_do_not_depend_on_threads_or_tuning() {
    for case in cases() {
        let set = ParameterSet::Small;
        let expected = case.prove(set, 1, Tuning::default());
        for threads in [1, 2, 3, 7] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let all = |value| Tuning {
                parallel: value,
                packed: value,
                log_chunk: value,
                grind_chunk: value,
            };
            for tuning in [
                Tuning::default(),
                Tuning::smallest(),
                all(0),
                all(usize::MAX),
            ] {
                let proved = pool.install(|| case.prove(set, 1, tuning));
                let events = proved.events.iter().zip(&expected.events);
                for (i, (event, expected)) in events.enumerate() {
                    assert_eq!(event, expected, "event {i}, {threads} threads, {tuning:?}");
                }
                assert!(
                    proved
                        == Proved {
                            summary: proved.summary.clone(),
                            ..expected.clone()
                        }
                );
            }
        }
    }
}

#[test]
fn each_changed_word_is_rejected() {
    let case = Case::new(FIBONACCI, 3);
    let set = ParameterSet::Tiny;
    let proof = words(&case.prove(set, 1, Tuning::default()).proof).unwrap();
    let mut met = BTreeMap::new();
    for i in 0..proof.len() {
        let mut changed = proof.clone();
        changed[i] ^= 1 << (i % 5);
        let code = code(&case, &bytes(changed), set);
        assert_ne!(code, 0, "word {i}");
        *met.entry(code).or_insert(0) += 1;
    }
    for rejection in [
        Rejection::ProofMagic,
        Rejection::Parameters,
        Rejection::Grinding,
        Rejection::LookupRoot,
        Rejection::LookupLayer,
        Rejection::Constraint,
        Rejection::MerklePath,
        Rejection::CommitmentClaim,
    ] {
        assert!(met.contains_key(&rejection.code()), "{rejection} {met:?}");
    }
}

#[test]
fn each_length_is_rejected() {
    let case = Case::new("halt", 0);
    let set = ParameterSet::Tiny;
    let proof = case.prove(set, 1, Tuning::default()).proof;
    let truncated = Rejection::ProofTruncated.code();
    for length in (0..proof.len()).step_by(4) {
        assert_eq!(code(&case, &proof[..length], set), truncated);
    }
    assert_eq!(code(&case, &proof[..proof.len() - 1], set), truncated);
    let mut long = proof;
    long.extend([0; 4]);
    assert_eq!(code(&case, &long, set), Rejection::ProofLeftOver.code());
}

#[test]
fn each_element_must_be_canonical() {
    let case = Case::new("halt", 0);
    let set = ParameterSet::Tiny;
    let proof = words(&case.prove(set, 1, Tuning::default()).proof).unwrap();
    for i in HEADER_WORDS..proof.len() {
        let mut changed = proof.clone();
        changed[i] = MODULUS;
        let code = code(&case, &bytes(changed), set);
        assert_eq!(code, Rejection::ElementNotCanonical.code(), "word {i}");
    }
}

#[test]
fn statements_are_bound() {
    let case = Case::new(FIBONACCI, 3);
    let set = ParameterSet::Tiny;
    let proof = case.prove(set, 1, Tuning::default()).proof;
    let rejection = |program: &Program, public: &[u32], set| {
        verify(program, public, &proof, &options(set))
            .unwrap_err()
            .rejection
    };
    let public = case.public();
    // Another value, another length of the same cells, a word that is no element, too many.
    assert_eq!(
        rejection(&case.program, &[2, 2, 3], set),
        Rejection::LookupRoot
    );
    assert_eq!(
        rejection(&case.program, &[2, 2, 2, 0], set),
        Rejection::LookupRoot
    );
    assert_eq!(
        rejection(&case.program, &[MODULUS], set),
        Rejection::ElementNotCanonical
    );
    assert_eq!(
        rejection(&case.program, &vec![0; (1 << 20) + 1], set),
        Rejection::PublicInputTooLong
    );
    assert_eq!(
        rejection(&case.program, &vec![0; 4096], set),
        Rejection::SizeCap
    );
    // Another program of as many instructions, of another number; another set.
    let other = assemble(&FIBONACCI.replace("1, 1, 3", "1, 1, 2")).unwrap();
    assert_eq!(rejection(&other, &public, set), Rejection::LookupRoot);
    let halt = assemble("halt").unwrap();
    assert_ne!(rejection(&halt, &public, set), Rejection::ProofMagic);
    for other in [ParameterSet::Small, ParameterSet::Production] {
        assert_eq!(
            rejection(&case.program, &public, other),
            Rejection::Parameters
        );
    }
}

#[test]
fn announced_sizes_have_caps() {
    let case = Case::new(FIBONACCI, 3);
    let set = ParameterSet::Tiny;
    let proof = words(&case.prove(set, 1, Tuning::default()).proof).unwrap();
    let first = HEADER_WORDS + 1 - TableId::COUNT;
    for (word, value) in [
        (first, 0),
        (first, 31),
        (first, 513),
        (first, u32::MAX),
        (first + 1, (1 << 26) + 1),
        (first + 7, u32::MAX),
        (first + 11, 1 << 14),
        (first + 12, 1 << 14),
    ] {
        let mut changed = proof.clone();
        changed[word] = value;
        assert_eq!(
            code(&case, &bytes(changed), set),
            Rejection::SizeCap.code(),
            "{word} {value}"
        );
    }
}

#[test]
fn executions_outside_the_caps_are_refused() {
    let case = Case::new(".frame 5000\nhalt", 0);
    let options = ProveOptions {
        set: ParameterSet::Tiny,
        ..ProveOptions::default()
    };
    let rejection =
        |options: &ProveOptions<'_>| match prove(&case.program, &case.execution, options) {
            Err(ProveError::Refused(error)) => error.rejection,
            other => panic!("{other:?}"),
        };
    assert_eq!(rejection(&options), Rejection::SizeCap);
    let rate = ProveOptions {
        log_inv_rate: 5,
        ..options
    };
    assert_eq!(rejection(&rate), Rejection::Parameters);
}

#[test]
fn an_execution_is_proved_of_its_program_only() {
    let case = Case::new(FIBONACCI, 3);
    let other = assemble(&FIBONACCI.replace("1, 1, 3", "1, 1, 2")).unwrap();
    let longer = assemble(&FIBONACCI.replace("end:", "add 1, 1, 2\nend:")).unwrap();
    for program in [&other, &longer] {
        let refused = prove(program, &case.execution, &ProveOptions::default());
        assert_eq!(refused, Err(ProveError::OtherProgram));
    }
    // Of the same instructions with other hints and another frame it is one, and its proof is the
    // same.
    let same = FIBONACCI.replace(".frame 40", ".frame 48\nhint print 7");
    let same = assemble(&same).unwrap();
    assert_ne!(same, case.program);
    let options = ProveOptions {
        set: ParameterSet::Tiny,
        ..ProveOptions::default()
    };
    let proof = |program| prove(program, &case.execution, &options).map(|proved| proved.proof);
    assert_eq!(proof(&same), proof(&case.program));
}

#[test]
fn an_observer_ends_the_work_after_any_phase() {
    let case = Case::new(FIBONACCI, 3);
    let phases = Mutex::new(Vec::new());
    let prove_until = |last: Option<&'static str>| {
        let observer = |phase| {
            phases.lock().unwrap().push(phase);
            if Some(phase) == last {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = ProveOptions {
            set: ParameterSet::Tiny,
            observer: Some(&observer),
            ..ProveOptions::default()
        };
        prove(&case.program, &case.execution, &options)
    };
    let proved = prove_until(None).unwrap();
    let all = std::mem::take(&mut *phases.lock().unwrap());
    let measured: Vec<_> = proved.summary.phases.iter().map(|phase| phase.0).collect();
    assert_eq!((all.len(), &all), (7, &measured));
    for (i, phase) in all.iter().enumerate() {
        assert_eq!(
            prove_until(Some(phase)),
            Err(ProveError::Interrupted(phase))
        );
        assert_eq!(std::mem::take(&mut *phases.lock().unwrap()), all[..=i]);
    }
}

/// What a subscriber sees of spans: the names when they are made, and how many are entered.
#[derive(Clone, Default)]
struct Seen(std::sync::Arc<Mutex<(Vec<String>, i32)>>);

impl tracing::field::Visit for Seen {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        let mut seen = self.0.lock().unwrap();
        seen.0.push(format!("{} {value:?}", field.name()));
    }
}

impl tracing::Subscriber for Seen {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.name() == "phase"
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut self.clone());
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, _: &tracing::span::Id) {
        let mut seen = self.0.lock().unwrap();
        seen.1 += 1;
        assert_eq!(seen.1, 1, "a phase within another: {:?}", seen.0);
    }

    fn exit(&self, _: &tracing::span::Id) {
        self.0.lock().unwrap().1 -= 1;
    }
}

#[test]
fn each_phase_is_a_span() {
    let case = &cases()[0];
    let seen = Seen::default();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let proved = pool.expect("a thread").install(|| {
        let prove = || case.prove(ParameterSet::Tiny, 1, Tuning::default());
        tracing::subscriber::with_default(seen.clone(), prove)
    });
    let phases = proved.summary.phases.iter();
    let expected: Vec<String> = phases.map(|(name, _)| format!("name {name:?}")).collect();
    assert_eq!(*seen.0.lock().unwrap(), (expected, 0));
}
