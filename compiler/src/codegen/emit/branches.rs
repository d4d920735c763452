//! Emission of branches. A jump is on a hint or on an address in a table; the arms themselves
//! assert what they rely on.

use super::{Deferred, Emitter, HERE, ONE};
use crate::codegen::encode::{ADD, Argument, EQUAL, JUMP};
use crate::ir::{Block, End, Operand, Value, Way};

impl<'a> Emitter<'a> {
    /// Jumps to the arm `equal` if the sides are equal, which `same` says. The prover chooses
    /// `same`; each arm asserts what it relies on.
    pub(super) fn branch(
        &mut self,
        same: Value,
        sides: [Operand; 2],
        [equal, otherwise]: [&'a Block; 2],
        results: &[Value],
    ) {
        let [left, right] = sides.map(|side| self.argument(side));
        let same = self.cell(same);
        self.hint(EQUAL, vec![same, left, right], 0, String::new());
        let targets: Vec<Argument> = results.iter().map(|value| self.cell(*value)).collect();
        let (label, join) = (self.label(), self.label());
        let span = self.span;
        self.jump(same, label, HERE);
        self.block(otherwise, &targets);
        self.span = span;
        if matches!(otherwise.end, End::Yield(_)) {
            self.deferred.push(Deferred {
                label,
                block: equal,
                targets,
                join,
                size: self.size,
                span,
            });
        } else {
            self.bind(label);
            self.block(equal, &targets);
            self.span = span;
        }
        self.bind(join);
    }

    pub(super) fn switch(&mut self, way: Way, arms: &'a [Block], results: &[Value]) {
        let targets: Vec<Argument> = results.iter().map(|value| self.cell(*value)).collect();
        let join = self.label();
        match way {
            Way::Table {
                selector,
                destination,
            } => self.table(selector, destination, arms, &targets, join),
            Way::Bits { bits, first } => {
                let size = self.program.functions[self.function].arrays[bits.0 as usize].size;
                let place = |bit| self.argument(Operand::Cell(bits, size - 1 - bit));
                let bits: Vec<Argument> = (0..size).map(place).collect();
                self.tree(&bits, first, arms, &targets, join, true);
            }
        }
        self.bind(join);
    }

    /// The arms of first, first + 1, …; `bits` are those of the value, least significant first, and
    /// jumped on where two of the arms differ. The last arm falls through to `join`.
    fn tree(
        &mut self,
        bits: &[Argument],
        first: u32,
        arms: &'a [Block],
        targets: &[Argument],
        join: usize,
        falls: bool,
    ) {
        let span = self.span;
        if let [arm] = arms {
            self.block(arm, targets);
            self.span = span;
            if matches!(arm.end, End::Yield(_)) && !falls {
                self.jump(ONE, join, HERE);
            }
            return;
        }
        let last = first + arms.len() as u32 - 1;
        let bit = (first ^ last).ilog2();
        let middle = last >> bit << bit;
        let high = self.label();
        self.jump(bits[bit as usize], high, HERE);
        let (low_arms, high_arms) = arms.split_at((middle - first) as usize);
        self.tree(bits, first, low_arms, targets, join, false);
        self.bind(high);
        self.tree(bits, middle, high_arms, targets, join, falls);
    }

    fn table(
        &mut self,
        selector: Operand,
        destination: Value,
        arms: &'a [Block],
        targets: &[Argument],
        join: usize,
    ) {
        let span = self.span;
        let destination = self.cell(destination);
        let table = self.label();
        let selector = self.argument(selector);
        self.emit(ADD, &[selector, Argument::Label(table), destination]);
        self.emit(JUMP, &[ONE, destination, HERE]);
        self.bind(table);
        let labels: Vec<usize> = arms.iter().map(|_| self.label()).collect();
        for label in &labels {
            self.jump(ONE, *label, HERE);
        }
        for (label, arm) in labels.into_iter().zip(arms) {
            self.span = span;
            self.bind(label);
            self.block(arm, targets);
            if matches!(arm.end, End::Yield(_)) {
                self.jump(ONE, join, HERE);
            }
        }
    }
}
