//! Random programs: the machine agrees with the interpreter, and every style of a program means the
//! same.

use leanvm_compiler::interpreter::{DEFAULT_STEPS, Input, Run, interpret};
use leanvm_compiler::source::SourceMap;

use super::generator::{Choices, PUBLIC, SMALL, Style, generate};
use super::{Case, SpecHasher, front_end, machine};

/// Number of programs, unless `LEANVM_RANDOM_PROGRAMS` says another.
const PROGRAMS: u64 = 400;

fn style(index: u64) -> Style {
    Style {
        inline: index & 1 != 0,
        unroll: index & 2 != 0,
        constant: index & 4 != 0,
    }
}

fn run(seed: u64, style: Style, input: &Input) -> Run {
    let text = generate(seed, style);
    let mut sources = SourceMap::new();
    let checked = front_end("random", &text, &Case::default(), &mut sources);
    let program = checked.unwrap_or_else(|diagnostics| {
        let errors = leanvm_compiler::diagnostics::render_all(&diagnostics, &sources);
        panic!("seed {seed}: {errors}\n{text}")
    });
    let run = interpret(&program, input, &SpecHasher, DEFAULT_STEPS);
    if let Err(difference) = machine::agrees(&program, input, &run) {
        panic!("seed {seed}: {}\n{text}", difference.describe(&sources));
    }
    run
}

#[test]
fn styles_mean_the_same() {
    let programs = std::env::var("LEANVM_RANDOM_PROGRAMS")
        .map_or(PROGRAMS, |number| number.parse().expect("a number"));
    let mut successes = 0;
    let mut prints = 0;
    for seed in 0..programs {
        let mut choices = Choices::new(seed);
        let input = Input {
            public: (0..PUBLIC).map(|_| choices.below(SMALL) as u32).collect(),
            ..Input::default()
        };
        let expected = run(seed, style(0), &input);
        successes += usize::from(expected.outcome.is_ok());
        let values = expected.prints();
        prints += values.len();
        let outcome = expected.outcome.map_err(|stop| stop.failure);
        // One metamorphic pair of each kind: inline against call, unroll against range, Const
        // against run-time; and all at once.
        for other in [1, 2, 4, 7] {
            let actual = run(seed, style(other), &input);
            assert_eq!(actual.prints(), values, "seed {seed}");
            assert_eq!(
                actual.outcome.map_err(|stop| stop.failure),
                outcome,
                "seed {seed}\n{}",
                generate(seed, style(other))
            );
        }
    }
    println!("{successes} of {programs} programs succeed, {prints} values printed");
    // Not vacuous.
    assert!(successes as u64 > programs / 2, "{successes} succeed");
    assert!(prints as u64 > 2 * programs, "{prints} values printed");
}
