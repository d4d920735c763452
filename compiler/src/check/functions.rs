//! What callers know of a function: its parameters and the number of its results.

use std::collections::BTreeMap;

use super::CheckedFunction;
use crate::ast::{Block, Expression, ExpressionKind, ParameterKind, StatementKind};
use crate::source::Symbol;

/// What a call needs to know.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub(super) inline: bool,
    pub(super) parameters: Vec<ParameterKind>,
    pub(super) results: usize,
}

pub(super) fn signatures(
    functions: &[CheckedFunction],
    by_name: &BTreeMap<Symbol, usize>,
) -> BTreeMap<Symbol, Signature> {
    by_name
        .iter()
        .map(|(name, index)| {
            let checked = &functions[*index];
            let parameters = checked.function.parameters.iter();
            let signature = Signature {
                inline: checked.function.inline,
                parameters: parameters.map(|parameter| parameter.kind).collect(),
                results: checked.results,
            };
            (name.clone(), signature)
        })
        .collect()
}

/// How many results a `return` gives.
enum Results {
    Count(usize),
    /// As many as this function.
    As(Symbol),
}

/// Sets the number of results of each function: that of a `return` that does not call, or else of a
/// function that one calls.
pub(super) fn count_results(functions: &mut [CheckedFunction], by_name: &BTreeMap<Symbol, usize>) {
    let returns: Vec<Vec<Results>> = functions
        .iter()
        .map(|checked| {
            let mut results = Vec::new();
            block_returns(&checked.function.body, by_name, &mut results);
            results
        })
        .collect();
    let mut counts: Vec<Option<usize>> = returns
        .iter()
        .map(|results| match results.as_slice() {
            [] => Some(0),
            results => results.iter().find_map(|result| match result {
                Results::Count(count) => Some(*count),
                Results::As(_) => None,
            }),
        })
        .collect();
    // The functions that wait for each; those of a settled one are settled after it.
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); functions.len()];
    for (index, results) in returns.iter().enumerate() {
        for result in results {
            if let Results::As(name) = result
                && counts[index].is_none()
            {
                waiting[by_name[name]].push(index);
            }
        }
    }
    let mut settled: Vec<usize> = (0..counts.len())
        .filter(|index| counts[*index].is_some())
        .collect();
    while let Some(index) = settled.pop() {
        for waiter in std::mem::take(&mut waiting[index]) {
            if counts[waiter].is_none() {
                counts[waiter] = counts[index];
                settled.push(waiter);
            }
        }
    }
    for (checked, count) in functions.iter_mut().zip(counts) {
        // A function that only ever calls itself gives nothing.
        checked.results = count.unwrap_or(0);
    }
}

fn block_returns(block: &Block, by_name: &BTreeMap<Symbol, usize>, out: &mut Vec<Results>) {
    for statement in block {
        match &statement.kind {
            StatementKind::Return { values } => out.push(match values.as_slice() {
                [value] => value_results(value, by_name),
                values => Results::Count(values.len()),
            }),
            StatementKind::If {
                then, otherwise, ..
            } => {
                block_returns(then, by_name, out);
                block_returns(otherwise, by_name, out);
            }
            StatementKind::For { body, .. } => block_returns(body, by_name, out),
            StatementKind::Match { arms, .. } => {
                for arm in arms {
                    block_returns(&arm.body, by_name, out);
                }
            }
            _ => {}
        }
    }
}

fn value_results(value: &Expression, by_name: &BTreeMap<Symbol, usize>) -> Results {
    match &value.kind {
        ExpressionKind::Call { function, .. } if by_name.contains_key(&function.name) => {
            Results::As(function.name.clone())
        }
        ExpressionKind::MatchRange { arms, .. } => arms
            .first()
            .map_or(Results::Count(1), |arm| value_results(&arm.body, by_name)),
        _ => Results::Count(1),
    }
}
