//! Guest programs in the reference interpreter of the compiler, which runs the text itself.

use std::collections::BTreeSet;
use std::path::Path;

use leanvm_compiler::check::CheckedProgram;
use leanvm_compiler::interpreter::{self, Failure as Outcome, Hasher, Stop, interpret};
use leanvm_compiler::source::SourceMap;
use leanvm_fast::field::{F, from_canonical, to_canonical};
use leanvm_fast::permutation::{permute_16, permute_24};

use crate::failure::Failure;
use crate::options::Limits;
use crate::program::blame;
use crate::program::guest;
use crate::program::input::Input;
use crate::program::places::trace_of_spans;
use crate::program::printed::Prints;
use crate::trace::{Function, Trace};

/// The permutations of the production twin.
struct FastHasher;

fn permuted<const N: usize>(state: &mut [u32; N], permutation: fn(&mut [F; N])) {
    let mut elements = state.map(|word| from_canonical(word).unwrap_or_default());
    permutation(&mut elements);
    *state = elements.map(to_canonical);
}

impl Hasher for FastHasher {
    fn permute_16(&self, state: &mut [u32; 16]) {
        permuted(state, permute_16);
    }

    fn permute_24(&self, state: &mut [u32; 24]) {
        permuted(state, permute_24);
    }
}

/// A guest program that the interpreter has run.
pub(crate) struct Interpreted {
    program: CheckedProgram,
    sources: SourceMap,
    run: interpreter::Run,
}

impl Interpreted {
    /// Runs a program.
    pub(crate) fn new(
        program: CheckedProgram,
        sources: SourceMap,
        input: &Input,
        limits: Limits,
    ) -> Self {
        let input = interpreter::Input {
            public: input.public.clone(),
            private: input.private.clone(),
        };
        let run = interpret(&program, &input, &FastHasher, limits.max_cycles);
        Self {
            program,
            sources,
            run,
        }
    }

    /// What was printed.
    pub(crate) fn prints(&self) -> Prints {
        Prints::of_guest(&self.sources, &self.run.lines)
    }

    /// The failure that ended the run, if one did.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.run.outcome.as_ref().err().map(|stop| stop.failure)
    }

    /// The failure of the command, if the run failed. It reads as that of a compiled program, with
    /// the outcome in place of a code.
    pub(crate) fn failure(
        &self,
        program: &Path,
        input: &Input,
        input_path: Option<&Path>,
    ) -> Option<Failure> {
        let stop = self.run.outcome.as_ref().err()?;
        let names: BTreeSet<String> = guest::witness_names(&self.sources);
        let blame = match stop.failure {
            Outcome::WitnessMissing => {
                let mut asked = self.run.asked.iter();
                let given = |name: &str| input.private.get(name).map_or(0, Vec::len);
                let name = asked.find(|(name, number)| **number > given(name));
                name.map(|(name, _)| blame::missing(name, input, &names))
            }
            Outcome::WitnessLeftOver => blame::left_over(input, &self.run.asked, &names),
            _ => None,
        };
        let blames_input = matches!(
            stop.failure,
            Outcome::InputRefused | Outcome::WitnessMissing | Outcome::WitnessLeftOver
        );
        let failure = Failure::interpreted(
            stop.failure,
            if blames_input {
                input_path
            } else {
                Some(program)
            },
            blames_input,
        );
        let failure = match blame {
            Some(blame) => failure.with_blame(blame),
            None => failure,
        };
        let trace = (stop.failure != Outcome::WitnessLeftOver).then(|| self.trace(stop));
        Some(
            failure
                .with_output(self.prints().report())
                .with_trace(trace),
        )
    }

    fn trace(&self, stop: &Stop) -> Trace {
        let mut at = stop.span;
        let mut entries = Vec::new();
        for (name, call) in &stop.calls {
            let function = self.program.function(name);
            let function = Function {
                name: name.to_string(),
                inline: function.is_some_and(|checked| checked.function.inline),
            };
            entries.push((function, at));
            at = *call;
        }
        trace_of_spans(&self.sources, stop.message.as_deref(), entries)
    }
}
