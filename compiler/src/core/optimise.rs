//! Dead code: values that nothing uses are not computed. Assertions, stores, loads and hints always stay.

use super::{Block, End, Function, Operand, StatementKind};

/// Removes statements without effect whose value is not used.
pub(crate) fn remove_dead_code(function: &mut Function) {
    let mut used = vec![false; function.value_levels.len()];
    block(&mut function.body, &mut used);
}

fn mark(operands: &[Operand], used: &mut [bool]) {
    for operand in operands {
        if let Operand::Value(value) = operand {
            used[value.0 as usize] = true;
        }
    }
}

/// Drops unused results of a branch from its arms.
fn filter(results: &mut Vec<super::Value>, arms: &mut [&mut Block], used: &[bool]) {
    let keep: Vec<bool> = results.iter().map(|v| used[v.0 as usize]).collect();
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

fn block(block_: &mut Block, used: &mut [bool]) {
    match &block_.end {
        End::Yield(operands) | End::Return(operands) => mark(operands, used),
        End::Never => {}
    }
    let mut kept = Vec::with_capacity(block_.statements.len());
    for mut statement in std::mem::take(&mut block_.statements).into_iter().rev() {
        match &mut statement.kind {
            StatementKind::Relation {
                operands,
                defines,
                pure,
                ..
            } => {
                let unused = defines.is_some_and(|value| !used[value.0 as usize]);
                if *pure && unused {
                    continue;
                }
                mark(operands, used);
            }
            StatementKind::Equal(a, b) => mark(&[*a, *b], used),
            StatementKind::Join { left, right, .. } => mark(&[*left, *right], used),
            StatementKind::FrameAddress(_)
            | StatementKind::Array(_)
            | StatementKind::Outer { .. } => {}
            StatementKind::Dereference { pointer, value, .. } => mark(&[*pointer, *value], used),
            StatementKind::Hint { operands, .. } | StatementKind::Machine(_, operands) => {
                mark(operands, used);
            }
            StatementKind::Call { arguments, .. } => mark(arguments, used),
            StatementKind::If {
                difference,
                equal,
                otherwise,
                results,
                ..
            } => {
                filter(results, &mut [equal, otherwise], used);
                block(equal, used);
                block(otherwise, used);
                mark(&[*difference], used);
            }
            StatementKind::Switch {
                selector,
                arms,
                results,
                ..
            } => {
                let mut all: Vec<&mut Block> = arms.iter_mut().collect();
                filter(results, &mut all, used);
                for arm in arms {
                    block(arm, used);
                }
                mark(&[*selector], used);
            }
            StatementKind::Loop(turns) => {
                block(&mut turns.body, used);
                mark(&[turns.initial, turns.turns], used);
                for carried in &turns.carried {
                    mark(&[carried.initial], used);
                }
            }
        }
        kept.push(statement);
    }
    kept.reverse();
    block_.statements = kept;
}
