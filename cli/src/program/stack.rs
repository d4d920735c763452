//! The call stack of an execution, recovered from its path.
//!
//! A jump to the first instruction of a function is a call. The call returns when a jump leads to
//! the instruction after it with the frame of the caller. A function that is called in tail
//! position returns to a caller further out; until then it stays on the stack above the function
//! that called it. The iterations of a loop are part of the function that contains the loop. In
//! assembly, which has no table of functions, the stack is the label before the instruction.

use leanvm_fast::isa::{Instruction, Opcode, Operand};

use crate::program::places::Places;

/// A function that was called and has not returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Activation {
    /// The function.
    pub(crate) function: usize,
    /// The jump that called it; none for the first function.
    pub(crate) call_pc: Option<u32>,
    /// The frame of its caller.
    caller_fp: u32,
}

/// The functions that are active, outermost first; never empty.
pub(crate) struct CallStack<'a> {
    places: &'a Places,
    instructions: &'a [Instruction],
    active: Vec<Activation>,
}

impl<'a> CallStack<'a> {
    /// Before the first cycle.
    pub(crate) fn new(places: &'a Places, instructions: &'a [Instruction]) -> Self {
        let first = Activation {
            function: places.function(0),
            call_pc: None,
            caller_fp: 0,
        };
        Self {
            places,
            instructions,
            active: vec![first],
        }
    }

    /// The active functions.
    pub(crate) fn active(&self) -> &[Activation] {
        &self.active
    }

    /// Goes from a (pc, fp) to the next.
    pub(crate) fn advance(&mut self, (pc, fp): (u32, u32), (next_pc, next_fp): (u32, u32)) {
        let Some(instruction) = self.instructions.get(pc as usize) else {
            return;
        };
        if instruction.opcode() == Opcode::Jump && (next_pc, next_fp) != (pc + 1, fp) {
            match (instruction.operand(1), instruction.operand(2)) {
                (Operand::Constant(_), _) => {
                    if let Some(function) = self.places.entry(next_pc) {
                        self.active.push(Activation {
                            function,
                            call_pc: Some(pc),
                            caller_fp: fp,
                        });
                    }
                }
                (Operand::Memory(_), Operand::Memory(_)) => {
                    let returns = |activation: &Activation| {
                        activation.call_pc.is_some_and(|pc| pc + 1 == next_pc)
                            && activation.caller_fp == next_fp
                    };
                    if let Some(called) = self.active.iter().rposition(returns) {
                        self.active.truncate(called);
                    }
                }
                _ => {}
            }
        }
        if let Some(top) = self.active.last_mut() {
            top.function = self.places.function(next_pc);
        }
    }

    /// The pc in each active function, the innermost first; `pc` is the one in that function.
    pub(crate) fn pcs(&self, pc: u32) -> Vec<u32> {
        let calls = self.active.iter().rev().filter_map(|call| call.call_pc);
        std::iter::once(pc).chain(calls).collect()
    }
}

#[cfg(test)]
mod tests {
    use leanvm_fast::assembly::assemble;

    use super::*;

    #[test]
    fn calls_tail_calls_and_returns() {
        let text = "jump 1, 2, 100\njump 1, 4, fp\njump 1, 3, 200\njump 1, m[fp], m[fp+1]\nhalt";
        let program = assemble(text).expect("a program");
        // `main` is at 0 and 1, `f` at 2, `g` at 3 and 4.
        let places = Places::with_functions(&["main", "f", "g"], &[0, 2, 3], 5);
        let mut stack = CallStack::new(&places, program.instructions());
        let functions = |stack: &CallStack<'_>| {
            let active = stack.active().iter();
            active.map(|call| call.function).collect::<Vec<_>>()
        };
        assert_eq!(functions(&stack), [0]);
        stack.advance((0, 8), (2, 100));
        assert_eq!((functions(&stack), stack.pcs(2)), (vec![0, 1], vec![2, 0]));
        stack.advance((2, 100), (3, 200));
        assert_eq!(functions(&stack), [0, 1, 2]);
        assert_eq!(stack.pcs(3), [3, 2, 0]);
        // A jump to a frame that is not a caller's is no return.
        let mut elsewhere = CallStack::new(&places, program.instructions());
        elsewhere.active.clone_from(&stack.active);
        elsewhere.advance((3, 200), (1, 9));
        assert_eq!(functions(&elsewhere), [0, 1, 0]);
        // `g` returns to `main`, which called `f`.
        stack.advance((3, 200), (1, 8));
        assert_eq!((functions(&stack), stack.pcs(1)), (vec![0], vec![1]));
    }
}
