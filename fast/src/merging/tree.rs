//! Any number of children become one merge.

use rayon::prelude::*;

use super::prover::{kept, merge_here};
use super::{
    AnyAggregate, Child, Claim, MAX_CHILDREN, MergeError, Merged, check_numbers, union,
    verify_claims,
};
use crate::aggregation::{AggregationError, Options};
use crate::threads;

/// A child that was given, or what was made of some.
enum Node<'a> {
    Given(Child<'a>),
    Made(AnyAggregate, Vec<Claim>),
}

impl Node<'_> {
    const fn child(&self) -> Child<'_> {
        match self {
            Self::Given(child) => *child,
            Self::Made(aggregate, claims) => Child {
                aggregate,
                claims: claims.as_slice(),
            },
        }
    }
}

/// Merges as [`merge`](super::merge) does, `arity` children at a time, level by level, until one
/// merge is left. The merges of a level are made at the same time, on the threads that there are,
/// and need their memory at the same time.
///
/// # Errors
/// Those of [`merge`](super::merge), but that there may be any number of children; where they are
/// more than the arity, [`MergeError::Claims`] also if all their claims are too many for one merge.
///
/// # Panics
/// If the arity is not 2 to [`MAX_CHILDREN`].
pub fn merge_tree(
    children: &[Child<'_>],
    arity: usize,
    keep: Option<&[Claim]>,
    options: &Options<'_>,
) -> Result<Merged, MergeError> {
    assert!((2..=MAX_CHILDREN).contains(&arity), "an arity of {arity}");
    threads::install(options.threads, || {
        check(children, keep)?;
        if children.len() > arity {
            // Whatever is kept at the end, the merges below the last one keep all.
            check_numbers(&held(children)).map_err(MergeError::Claims)?;
        }
        let mut nodes: Vec<_> = children.iter().copied().map(Node::Given).collect();
        while nodes.len() > arity {
            nodes = level_above(nodes, arity, options)?;
        }
        merge_nodes(&nodes, keep, options)
    })
    .map_err(|error| AggregationError::Threads(error.to_string()))?
}

/// Refuses before the first proof what a merge further up would refuse.
fn check(children: &[Child<'_>], keep: Option<&[Claim]>) -> Result<(), MergeError> {
    let verified: Vec<_> = children
        .par_iter()
        .map(|child| verify_claims(child.claims, child.aggregate))
        .collect();
    for (index, verified) in verified.into_iter().enumerate() {
        verified.map_err(|reason| MergeError::Child { index, reason })?;
    }
    if children.is_empty() {
        return Err(MergeError::NoChildren);
    }
    kept(&held(children), keep).map(drop)
}

/// All claims of the children.
fn held(children: &[Child<'_>]) -> Vec<Claim> {
    union(children.iter().flat_map(|child| child.claims))
}

fn level_above<'a>(
    nodes: Vec<Node<'a>>,
    arity: usize,
    options: &Options<'_>,
) -> Result<Vec<Node<'a>>, MergeError> {
    let mut groups: Vec<Vec<Node<'a>>> = Vec::new();
    for node in nodes {
        match groups.last_mut() {
            Some(group) if group.len() < arity => group.push(node),
            _ => groups.push(vec![node]),
        }
    }
    groups
        .into_par_iter()
        .map(|mut group| {
            // A node that is left alone waits for the next level.
            if group.len() == 1 {
                return Ok(group.swap_remove(0));
            }
            let merged = merge_nodes(&group, None, options)?;
            Ok(Node::Made(merged.merge.into(), merged.claims))
        })
        .collect()
}

fn merge_nodes(
    nodes: &[Node<'_>],
    keep: Option<&[Claim]>,
    options: &Options<'_>,
) -> Result<Merged, MergeError> {
    let children: Vec<Child<'_>> = nodes.iter().map(Node::child).collect();
    merge_here(&children, keep, options)
}
