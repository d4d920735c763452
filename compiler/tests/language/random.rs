//! Random programs: the machine agrees with the interpreter, and every style of a program means the same.

use leanvm_compiler::interpreter::{DEFAULT_STEPS, Input, Run, interpret};
use leanvm_compiler::source::SourceMap;

use super::generator::{Choices, PUBLIC, SMALL, Style, generate};
use super::{Case, SpecHasher, front_end, machine};

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
    let mut successes = 0;
    let mut prints = 0;
    for seed in 0..PROGRAMS {
        let mut choices = Choices::new(seed);
        let input = Input {
            public: (0..PUBLIC).map(|_| choices.below(SMALL) as u32).collect(),
            ..Input::default()
        };
        let expected = run(seed, style(0), &input);
        successes += usize::from(expected.outcome.is_ok());
        prints += expected.prints.len();
        let other = 1 + seed % 7;
        let actual = run(seed, style(other), &input);
        assert_eq!(
            actual.outcome.map_err(|stop| stop.failure),
            expected.outcome.map_err(|stop| stop.failure),
            "seed {seed}\n{}",
            generate(seed, style(other))
        );
        assert_eq!(actual.prints, expected.prints, "seed {seed}");
    }
    println!("{successes} of {PROGRAMS} programs succeed, {prints} values printed");
    // Not vacuous.
    assert!(successes as u64 > PROGRAMS / 2, "{successes} succeed");
    assert!(prints > 1000, "{prints} values printed");
}
