//! The compiled program on the machine against the interpreter.

use leanvm_compiler::check::CheckedProgram;
use leanvm_compiler::compile::compile_checked;
use leanvm_compiler::diagnostics::{Diagnostic, render_all};
use leanvm_compiler::interpreter::{Failure, Input, Run};
use leanvm_compiler::prints::Line;
use leanvm_compiler::source::SourceMap;
use leanvm_fast::execution::{self, Limits, execute};
use leanvm_fast::field::{F, from_canonical, to_canonical};
use leanvm_fast::isa::Program;
use leanvm_fast::rejection::Error;

/// How the two differ.
#[derive(Debug)]
pub(crate) enum Difference {
    /// The program is not compiled.
    Refused(Vec<Diagnostic>),
    /// What is compiled is no program.
    Malformed(Error),
    /// One fails and the other does not, or in another way.
    Outcome(Option<Failure>, Option<Error>),
    /// Other lines are printed.
    Prints(Vec<Line>, Vec<Line>),
}

impl Difference {
    /// For people.
    pub(crate) fn describe(&self, sources: &SourceMap) -> String {
        match self {
            Self::Refused(diagnostics) => format!("refused\n{}", render_all(diagnostics, sources)),
            Self::Malformed(error) => format!("malformed: {error}"),
            Self::Outcome(interpreter, machine) => {
                let machine = machine.as_ref().map(ToString::to_string);
                format!("interpreter {interpreter:?}, machine {machine:?}")
            }
            Self::Prints(interpreter, machine) => {
                format!("interpreter prints {interpreter:?}, machine {machine:?}")
            }
        }
    }
}

fn elements(words: &[u32]) -> Vec<F> {
    words
        .iter()
        .map(|word| from_canonical(*word).expect("canonical"))
        .collect()
}

/// The input of the interpreter as the machine takes it.
pub(crate) fn machine_input(input: &Input) -> execution::Input {
    let lists = |lists: &Vec<Vec<u32>>| lists.iter().map(|list| elements(list)).collect();
    execution::Input {
        public: elements(&input.public),
        private: input
            .private
            .iter()
            .map(|(name, values)| (name.clone(), lists(values)))
            .collect(),
    }
}

/// Compiles, runs, and compares outcome and prints.
pub(crate) fn agrees(
    program: &CheckedProgram,
    input: &Input,
    run: &Run,
) -> Result<(), Box<Difference>> {
    let linked = compile_checked(program).map_err(|error| Box::new(Difference::Refused(error)))?;
    let binary =
        Program::decode(&linked.program).map_err(|error| Box::new(Difference::Malformed(error)))?;
    let failure = run.outcome.as_ref().err().map(|stop| stop.failure);
    match (
        execute(&binary, &machine_input(input), &Limits::default()),
        failure,
    ) {
        // The run goes on where only the interpreter checks the condition.
        (_, Some(Failure::DebugAssertion)) => Ok(()),
        (Ok(execution), None) => {
            let pcs = execution.cycles().iter().map(|cycle| cycle.pc);
            let values = execution.printed().iter().map(|x| to_canonical(*x));
            let lines = linked.prints.lines(pcs, values, None);
            if lines != run.lines {
                return Err(Box::new(Difference::Prints(run.lines.clone(), lines)));
            }
            Ok(())
        }
        (Err(stopped), Some(failure)) if failure.allows(stopped.error.rejection.code()) => Ok(()),
        (result, failure) => {
            let error = result.err().map(Error::from);
            Err(Box::new(Difference::Outcome(failure, error)))
        }
    }
}
