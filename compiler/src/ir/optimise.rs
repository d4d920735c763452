//! Dead code: values that nothing uses are not computed. Assertions, stores, loads and hints always
//! stay. Chunks: an aligned array of an iteration of a loop that is only passed on as a pointer is
//! allocated, so that the frames of the iterations need no padding. Fusion: a value that is only
//! asserted to be equal to something is computed right there, so the assertion costs nothing.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Block, End, Function, HintKind, Operand, StatementKind, Value, Way};

/// Removes statements without effect whose value is not used, and fuses.
pub(crate) fn optimise(function: &mut Function) {
    let mut used = vec![0; function.value_levels.len()];
    block(&mut function.body, &mut used);
    fuse(&mut function.body, &used);
    allocate_chunks(function, 1);
}

fn mark(operands: &[Operand], used: &mut [u32]) {
    for operand in operands {
        if let Operand::Value(value) = operand {
            used[value.0 as usize] += 1;
        }
    }
}

/// Drops unused results of a branch from its arms.
fn filter(results: &mut Vec<Value>, arms: &mut [&mut Block], used: &[u32]) {
    let keep: Vec<bool> = results.iter().map(|v| used[v.0 as usize] > 0).collect();
    let mut at = 0;
    results.retain(|_| {
        at += 1;
        keep[at - 1]
    });
    for arm in arms {
        if let End::Yield(yields) = &mut arm.end {
            let mut at = 0;
            yields.retain(|_| {
                at += 1;
                keep[at - 1]
            });
        }
    }
}

fn block(block_: &mut Block, used: &mut [u32]) {
    match &block_.end {
        End::Yield(operands)
        | End::Iteration {
            carried: operands, ..
        }
        | End::Return(operands) => mark(operands, used),
        End::Never => {}
    }
    let mut kept = Vec::with_capacity(block_.statements.len());
    for mut statement in std::mem::take(&mut block_.statements).into_iter().rev() {
        if keep(&mut statement.kind, used) {
            kept.push(statement);
        }
    }
    kept.reverse();
    block_.statements = kept;
}

/// Whether a statement has an effect, or a value that what follows uses; then what it uses is
/// marked.
fn keep(kind: &mut StatementKind, used: &mut [u32]) -> bool {
    match kind {
        StatementKind::Relation {
            operands,
            defines,
            pure,
            ..
        } => {
            let unused = defines.is_some_and(|value| used[value.0 as usize] == 0);
            if *pure && unused {
                return false;
            }
            mark(operands, used);
        }
        StatementKind::Equal(a, b) => mark(&[*a, *b], used),
        StatementKind::Join { left, right, .. } => mark(&[*left, *right], used),
        StatementKind::FrameAddress(_) | StatementKind::Array(_) | StatementKind::Outer { .. } => {}
        StatementKind::Dereference { pointer, value, .. } => mark(&[*pointer, *value], used),
        StatementKind::Hint { operands, .. }
        | StatementKind::Machine(_, operands)
        | StatementKind::Exit {
            carried: operands, ..
        } => mark(operands, used),
        StatementKind::Call { arguments, .. } => mark(arguments, used),
        StatementKind::If {
            left,
            right,
            equal,
            otherwise,
            results,
            ..
        } => {
            filter(results, &mut [equal, otherwise], used);
            block(equal, used);
            block(otherwise, used);
            mark(&[*left, *right], used);
        }
        StatementKind::Switch { way, arms, results } => {
            let mut all: Vec<&mut Block> = arms.iter_mut().collect();
            filter(results, &mut all, used);
            for arm in arms {
                block(arm, used);
            }
            if let Way::Table { selector, .. } = way {
                mark(&[*selector], used);
            }
        }
        StatementKind::Loop(the_loop) => {
            block(&mut the_loop.body, used);
            mark(&[the_loop.initial, the_loop.iterations], used);
            for carried in &the_loop.carried {
                mark(&[carried.initial], used);
            }
        }
    }
    true
}

/// Moves the computation of a value that is used once, in an equality of its block, into that
/// equality.
fn fuse(block: &mut Block, used: &[u32]) {
    let mut made: HashMap<Value, usize> = HashMap::new();
    for at in 0..block.statements.len() {
        if block.statements[at].kind.may_return() {
            // A load also says that its address exists: it stays on the path that leaves here.
            made.retain(|_, from| {
                !matches!(
                    block.statements[*from].kind,
                    StatementKind::Dereference { .. }
                )
            });
        }
        match &mut block.statements[at].kind {
            StatementKind::Relation {
                defines: Some(value),
                pure: true,
                ..
            }
            | StatementKind::Dereference {
                defines: Some(value),
                ..
            } => {
                made.insert(*value, at);
            }
            StatementKind::If {
                equal, otherwise, ..
            } => {
                fuse(equal, used);
                fuse(otherwise, used);
            }
            StatementKind::Switch { arms, .. } => {
                for arm in arms {
                    fuse(arm, used);
                }
            }
            StatementKind::Loop(the_loop) => fuse(&mut the_loop.body, used),
            StatementKind::Equal(a, b) => {
                let (a, b) = (*a, *b);
                // The definition itself counts as one use.
                let found = [(a, b), (b, a)]
                    .into_iter()
                    .find_map(|(one, other)| match one {
                        Operand::Value(value) if used[value.0 as usize] == 2 && one != other => {
                            made.remove(&value).map(|from| (from, value, other))
                        }
                        _ => None,
                    });
                if let Some((from, value, other)) = found {
                    // What is left behind is an equality that holds.
                    let zero = Operand::Constant(0);
                    let nothing = StatementKind::Equal(zero, zero);
                    let kind = std::mem::replace(&mut block.statements[from].kind, nothing);
                    block.statements[at].kind = substitute(kind, value, other);
                }
            }
            _ => {}
        }
    }
    block
        .statements
        .retain(|statement| !matches!(statement.kind, StatementKind::Equal(a, b) if a == b));
}

/// The statement that makes a value, as an assertion about another operand.
fn substitute(mut kind: StatementKind, value: Value, other: Operand) -> StatementKind {
    let replace = |operand: &mut Operand| {
        if *operand == Operand::Value(value) {
            *operand = other;
        }
    };
    match &mut kind {
        StatementKind::Relation {
            operands,
            defines,
            pure,
            ..
        } => {
            operands.iter_mut().for_each(replace);
            *defines = None;
            *pure = false;
        }
        StatementKind::Dereference { value, defines, .. } => {
            replace(value);
            *defines = None;
        }
        _ => {}
    }
    kind
}

/// Calls `visit` on each operand of a block and of the blocks within.
pub(super) fn visit_operands(block: &mut Block, visit: &mut impl FnMut(&mut Operand)) {
    for statement in &mut block.statements {
        match &mut statement.kind {
            StatementKind::Relation { operands, .. } => operands.iter_mut().for_each(&mut *visit),
            StatementKind::Equal(a, b) => {
                visit(a);
                visit(b);
            }
            StatementKind::Join { left, right, .. } => {
                visit(left);
                visit(right);
            }
            StatementKind::Outer { inner, outer, .. } => {
                visit(inner);
                visit(outer);
            }
            StatementKind::Dereference { pointer, value, .. } => {
                visit(pointer);
                visit(value);
            }
            StatementKind::Hint { operands, .. }
            | StatementKind::Machine(_, operands)
            | StatementKind::Exit {
                carried: operands, ..
            } => {
                operands.iter_mut().for_each(&mut *visit);
            }
            StatementKind::Call { arguments, .. } => arguments.iter_mut().for_each(&mut *visit),
            StatementKind::If {
                left,
                right,
                equal,
                otherwise,
                ..
            } => {
                visit(left);
                visit(right);
                visit_operands(equal, visit);
                visit_operands(otherwise, visit);
            }
            StatementKind::Switch { way, arms, .. } => {
                if let Way::Table { selector, .. } = way {
                    visit(selector);
                }
                for arm in arms {
                    visit_operands(arm, visit);
                }
            }
            StatementKind::Loop(the_loop) => {
                visit(&mut the_loop.initial);
                visit(&mut the_loop.iterations);
                for carried in &mut the_loop.carried {
                    visit(&mut carried.initial);
                }
                visit_operands(&mut the_loop.body, visit);
            }
            StatementKind::FrameAddress(_) | StatementKind::Array(_) => {}
        }
    }
    if let End::Yield(operands)
    | End::Iteration {
        carried: operands, ..
    }
    | End::Return(operands) = &mut block.end
    {
        operands.iter_mut().for_each(visit);
    }
}

/// Calls `visit` on each operand of the notes in a block and in the blocks within.
pub(super) fn visit_notes(block: &mut Block, visit: &mut impl FnMut(&mut Operand)) {
    for statement in &mut block.statements {
        if let Some(note) = &mut statement.note {
            let values = Arc::make_mut(note).values.iter_mut();
            values.for_each(|(_, operand, _)| visit(operand));
        }
        if let StatementKind::Loop(the_loop) = &mut statement.kind {
            visit_notes(&mut the_loop.body, visit);
        }
        for arm in statement.kind.arms_mut() {
            visit_notes(arm, visit);
        }
    }
}

/// Allocates the aligned arrays, from a level on, whose cells are not operands.
pub(crate) fn allocate_chunks(function: &mut Function, least_level: u32) {
    let mut pointers: Vec<Option<Value>> = vec![None; function.arrays.len()];
    for (at, array) in function.arrays.clone().into_iter().enumerate() {
        if array.level >= least_level && array.size >= 8 {
            pointers[at] = Some(function.value(array.level));
        }
    }
    visit_operands(&mut function.body, &mut |operand| {
        if let Operand::Cell(array, _) | Operand::Address(array, 1..) = operand {
            pointers[array.0 as usize] = None;
        }
    });
    visit_operands(&mut function.body, &mut |operand| {
        if let Operand::Address(array, 0) = operand
            && let Some(pointer) = pointers[array.0 as usize]
        {
            *operand = Operand::Value(pointer);
        }
    });
    let sizes: Vec<u32> = function.arrays.iter().map(|array| array.size).collect();
    replace_arrays(&mut function.body, &sizes, &pointers);
}

fn replace_arrays(block: &mut Block, sizes: &[u32], pointers: &[Option<Value>]) {
    for statement in &mut block.statements {
        match &mut statement.kind {
            StatementKind::Array(array) => {
                if let Some(pointer) = pointers[array.0 as usize] {
                    let size = Operand::Constant(sizes[array.0 as usize]);
                    statement.kind = StatementKind::Hint {
                        kind: HintKind::Allocate(8),
                        operands: vec![Operand::Value(pointer), size],
                        defines: Some(pointer),
                    };
                }
            }
            StatementKind::If {
                equal, otherwise, ..
            } => {
                replace_arrays(equal, sizes, pointers);
                replace_arrays(otherwise, sizes, pointers);
            }
            StatementKind::Switch { arms, .. } => {
                for arm in arms {
                    replace_arrays(arm, sizes, pointers);
                }
            }
            StatementKind::Loop(the_loop) => replace_arrays(&mut the_loop.body, sizes, pointers),
            _ => {}
        }
    }
}
