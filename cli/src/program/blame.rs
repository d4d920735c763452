//! What a rejected execution has to do with the private lists of its input: which is missing, left
//! over, too short, too long.

use std::collections::{BTreeMap, BTreeSet};

use leanvm_compiler::check::closest;
use leanvm_fast::execution::{Cycle, RejectedAt};
use leanvm_fast::field::{F, to_canonical};
use leanvm_fast::isa::{HintKind, Opcode, Operand, Program};
use leanvm_fast::layout::Allocation;
use leanvm_fast::rejection::Rejection;

use crate::failure::Blame;
use crate::program::cells::{Accesses, add};
use crate::program::file::ProgramFile;
use crate::program::input::Input;
use crate::program::places::Places;

/// Most names, and most faults, that a message lists.
const LISTED: usize = 12;

/// The first of many texts, and how many more there are.
fn listed(texts: impl Iterator<Item = String>, separator: &str) -> String {
    let texts: Vec<String> = texts.collect();
    let more = texts.len().saturating_sub(LISTED);
    let mut list = texts[..texts.len() - more].join(separator);
    if more > 0 {
        list.push_str(&format!("{separator}and {more} more"));
    }
    list
}

/// A name as it is shown: in an input file it may have any characters.
fn shown(name: &str) -> String {
    name.escape_debug().to_string()
}

/// "2 values", "1 value".
fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// The program takes a list `name` that the input does not have.
pub(crate) fn missing(name: &str, input: &Input, names: &BTreeSet<String>) -> Blame {
    if let Some(lists) = input.private.get(name) {
        return Blame {
            detail: format!(
                "the program takes list {} of `{name}`, of which the input has {}",
                lists.len() + 1,
                lists.len()
            ),
            remedy: format!("add a list to `{name}` under \"private\""),
            has_place: false,
        };
    }
    let given: Vec<&str> = input.private.keys().map(String::as_str).collect();
    let has = match given.as_slice() {
        [] => "it has no private lists".to_owned(),
        given => {
            let names = given.iter().map(|name| shown(name));
            format!("its private lists are {}", listed(names, ", "))
        }
    };
    // A name that the program takes too is not a misspelling of this one.
    let unknown = given.into_iter().filter(|other| !names.contains(*other));
    Blame {
        detail: format!(
            "the program takes a list of `{name}`, which the input does not have; {has}"
        ),
        remedy: match closest(name, unknown) {
            Some(other) => {
                let other = shown(other);
                format!("did you mean `{name}` where the input has `{other}`?")
            }
            None => format!("add `{name}` under \"private\" of the file given by --input"),
        },
        has_place: false,
    }
}

/// The program takes fewer lists than the input has; `taken` has the number that it took, by name.
pub(crate) fn left_over(
    input: &Input,
    taken: &BTreeMap<String, usize>,
    names: &BTreeSet<String>,
) -> Option<Blame> {
    let mut details = Vec::new();
    let mut remedy = None;
    for (name, lists) in &input.private {
        let taken = taken.get(name).copied().unwrap_or(0);
        let Some(list) = lists.get(taken) else {
            continue;
        };
        if names.contains(name) {
            details.push(format!(
                "the program takes {taken} of the {} of `{name}`: list {}, {}, is the first that is left",
                count(lists.len(), "list"),
                taken + 1,
                count(list.len(), "value")
            ));
        } else {
            details.push(format!(
                "the program has no private list `{}`; it has {}",
                shown(name),
                if names.is_empty() {
                    "none".to_owned()
                } else {
                    listed(names.iter().cloned(), ", ")
                }
            ));
            let other = closest(name, names.iter().map(String::as_str));
            remedy = remedy.or(other.map(|other| format!("did you mean `{other}`?")));
        }
    }
    if details.is_empty() {
        return None;
    }
    let detail = listed(details.into_iter(), "; ");
    let remedy = remedy.unwrap_or_else(|| {
        "remove from \"private\" what the program does not take, or let it take more".to_owned()
    });
    Some(Blame {
        detail,
        remedy,
        has_place: false,
    })
}

/// A list of the private input that a hint has taken.
struct Taken<'a> {
    hint: usize,
    name: &'a str,
    /// Counted from 1.
    number: usize,
    values: &'a [F],
    address: u32,
    /// One past the last cell of the array that it was written to, as far as that is known.
    end: u32,
}

impl Taken<'_> {
    fn named(&self) -> String {
        format!(
            "list {} of `{}` has {}",
            self.number,
            self.name,
            count(self.values.len(), "value")
        )
    }
}

/// The allocations of an execution that are arrays of the program, rather than frames.
fn arrays(file: &ProgramFile, cycles: &[Cycle], at: &RejectedAt) -> Vec<Allocation> {
    let Some(guest) = &file.guest else {
        return at.allocations.clone();
    };
    let pcs = cycles.iter().map(|cycle| cycle.pc);
    let allocations = at.allocations.iter().copied();
    allocations
        .zip(guest.compiled.naive.arrays(pcs))
        .filter_map(|(allocation, is_array)| is_array.then_some(allocation))
        .collect()
}

/// A rejected execution.
pub(crate) struct Scene<'a> {
    /// The file of the program.
    file: &'a ProgramFile,
    /// The program.
    program: &'a Program,
    /// Its places.
    places: &'a Places,
    /// The private input.
    private: &'a BTreeMap<String, Vec<Vec<F>>>,
    /// The cycles that were begun.
    cycles: &'a [Cycle],
    /// The state at the end.
    at: &'a RejectedAt,
    arrays: Vec<Allocation>,
}

impl<'a> Scene<'a> {
    /// The rejected execution of a program on a private input.
    pub(crate) fn new(
        file: &'a ProgramFile,
        program: &'a Program,
        places: &'a Places,
        private: &'a BTreeMap<String, Vec<Vec<F>>>,
        cycles: &'a [Cycle],
        at: &'a RejectedAt,
    ) -> Self {
        Self {
            file,
            program,
            places,
            private,
            cycles,
            at,
            arrays: arrays(file, cycles, at),
        }
    }

    /// The lists that hints have taken, in order, including that of the rejected hint.
    fn taken(&self) -> Vec<Taken<'a>> {
        let hints = self.program.hints();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut taken = Vec::new();
        for (i, Cycle { pc, fp }) in self.cycles.iter().enumerate() {
            let first = hints.partition_point(|hint| hint.pc < *pc);
            let here = (first..).zip(&hints[first..]);
            for (index, hint) in here.take_while(|(_, hint)| hint.pc == *pc) {
                let last = i + 1 == self.cycles.len();
                if last && self.at.hint.is_some_and(|failed| index > failed) {
                    break;
                }
                if hint.kind != HintKind::Witness {
                    continue;
                }
                let number = counts.entry(&hint.name).or_default();
                *number += 1;
                let list = self.private.get(&hint.name);
                let Some(list) = list.and_then(|lists| lists.get(*number - 1)) else {
                    continue;
                };
                let Some(address) = self.pointer(hint.operands[0], to_canonical(*fp)) else {
                    continue;
                };
                taken.push(Taken {
                    hint: index,
                    name: &hint.name,
                    number: *number,
                    values: list,
                    address,
                    end: self.end(index, address),
                });
            }
        }
        taken
    }

    fn pointer(&self, operand: Operand, fp: u32) -> Option<u32> {
        let k = to_canonical(operand.k());
        match operand {
            Operand::Constant(_) => Some(k),
            Operand::Frame(_) => Some(add(fp, k)),
            Operand::Memory(_) => self.at.memory.get(add(fp, k)).map(to_canonical),
        }
    }

    /// The end of the array to which a hint writes from an address on: from the compiler if it
    /// knows, else the end of the allocation.
    fn end(&self, hint: usize, address: u32) -> u32 {
        let rooms = self
            .file
            .guest
            .as_ref()
            .map(|guest| &guest.compiled.witness_rooms);
        if let Some(room) = rooms.and_then(|rooms| rooms.get(&hint)) {
            return address + room;
        }
        // A rejection is one of the first run, in which each array lies behind the ones before.
        let behind = self
            .arrays
            .partition_point(|array| array.address <= address);
        let array = self.arrays[..behind].last();
        array.map_or(address, |array| address.max(array.address + array.size))
    }

    /// The list of the private input that is to blame for a rejection, if one is.
    pub(crate) fn blame(&self, code: u32, input: &Input) -> Option<Blame> {
        let hints = self.program.hints().iter();
        let names = hints
            .filter(|hint| hint.kind == HintKind::Witness)
            .map(|hint| hint.name.clone())
            .collect();
        let is = |rejection: Rejection| rejection.code() == code;
        if is(Rejection::WitnessMissing) {
            Some(missing(self.asked()?, input, &names))
        } else if is(Rejection::WitnessLeftOver) {
            left_over(input, &self.counts(), &names)
        } else if is(Rejection::OperandUndefined) {
            self.short()
        } else {
            self.long()
        }
    }

    /// Whether a cell of the public region was accessed: the region ends where the first frame
    /// begins.
    pub(crate) fn reads_public_input(&self) -> bool {
        let Some(Cycle { fp: fp_0, .. }) = self.cycles.first() else {
            return false;
        };
        let get = |address| self.at.memory.get(address);
        let mut accesses = Accesses::new(self.program, self.private, &get);
        let mut reads = false;
        for Cycle { pc, fp } in self.cycles {
            accesses.cycle(*pc, to_canonical(*fp), &mut |_, start, length| {
                reads |= length > 0 && start < to_canonical(*fp_0);
            });
        }
        reads
    }

    /// How many lists of each name were taken.
    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for taken in self.taken() {
            counts.insert(taken.name.to_owned(), taken.number);
        }
        counts
    }

    /// The name of the list that the rejected hint takes.
    fn asked(&self) -> Option<&'a str> {
        let hint = self.program.hints().get(self.at.hint?)?;
        (hint.kind == HintKind::Witness).then_some(hint.name.as_str())
    }

    /// The list that ends before a cell that was needed and has no value.
    fn short(&self) -> Option<Blame> {
        let taken = self.taken();
        for cell in self.undefined() {
            let joined = self.at.memory.joined(cell);
            let behind = taken.iter().rev().find_map(|taken| {
                let after = taken.address + taken.values.len() as u32..taken.end;
                let found = joined
                    .iter()
                    .chain([&cell])
                    .find(|cell| after.contains(cell))?;
                Some((taken, found - taken.address + 1))
            });
            if let Some((taken, needed)) = behind {
                return Some(Blame {
                    detail: format!("{}, and value {needed} is needed here", taken.named()),
                    remedy: format!(
                        "give that list under \"private\" at least {needed} values; it is taken at {}",
                        self.place(taken.hint)
                    ),
                    has_place: true,
                });
            }
        }
        None
    }

    /// A list that is longer than the array to which it was written.
    fn long(&self) -> Option<Blame> {
        let taken = self.taken();
        let long = taken.iter().find(|taken| {
            taken.end > taken.address && taken.address + taken.values.len() as u32 > taken.end
        })?;
        let room = (long.end - long.address) as usize;
        Some(Blame {
            detail: format!(
                "{}, its array {}: the values behind it went into cells of others",
                long.named(),
                count(room, "cell")
            ),
            remedy: format!(
                "give that list under \"private\" no more values than its array has cells; it is taken at {}",
                self.place(long.hint)
            ),
            has_place: true,
        })
    }

    fn place(&self, hint: usize) -> String {
        self.places
            .hint(hint)
            .map_or_else(String::new, |(_, line)| {
                let line = &self.places.lines[line];
                format!("{}:{}", line.file, line.number)
            })
    }

    /// The cells without a value that the rejected hint or instruction accesses; the first one
    /// alone if it reads cells in order, before it writes to others.
    fn undefined(&self) -> Vec<u32> {
        let Some(Cycle { pc, fp }) = self.cycles.last() else {
            return Vec::new();
        };
        let mut cells = Vec::new();
        let get = |address| self.at.memory.get(address);
        let mut accesses = Accesses::new(self.program, self.private, &get);
        accesses.cycle(*pc, to_canonical(*fp), &mut |hint, start, length| {
            if hint == self.at.hint {
                let range = start..start.saturating_add(length);
                cells.extend(range.filter(|cell| get(*cell).is_none()));
            }
        });
        let opcode = self.program.instructions()[*pc as usize].opcode();
        let solves = matches!(
            opcode,
            Opcode::Add | Opcode::Mul | Opcode::Deref | Opcode::Jump
        );
        if self.at.hint.is_none() && !solves {
            cells.truncate(1);
        }
        cells
    }
}
