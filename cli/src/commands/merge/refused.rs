//! Failures of merging.

use leanvm_fast::aggregation::{AggregateError, AggregationError};
use leanvm_fast::merging::{MAX_CHILDREN, MergeError};
use leanvm_fast::rejection::Rejection;

use crate::aggregating::refused::{ended, own_defect};
use crate::commands::merge::children::Part;
use crate::failure::Failure;
use crate::signature::claims::Refused;

/// The failure of a merge of parts.
pub(crate) fn refused(error: &MergeError, parts: &[Part]) -> Failure {
    match error {
        MergeError::Child { index, reason } => match parts.get(*index).map(|part| &part.file) {
            Some(Some(file)) => {
                let of_another_statement = matches!(
                    reason,
                    AggregateError::Proof(error) if error.rejection == Rejection::LookupRoot
                );
                let (summary, remedy) = if of_another_statement {
                    (
                        "an aggregate does not show the claims that are in its own file",
                        "get the file again; if it is the same, do not trust who made it",
                    )
                } else {
                    (
                        "an aggregate is damaged, or was made by another version of leanvm",
                        "get the file again, or make it again",
                    )
                };
                Failure::refused(reason.name(), reason.to_string(), Some(file))
                    .with_summary(summary)
                    .with_remedy(remedy)
            }
            _ => own_defect(Refused::from(reason.clone())),
        },
        MergeError::NoChildren => nothing(),
        MergeError::TooManyChildren { given } => too_many(*given, 0),
        MergeError::Claims(_) => Failure::usage(
            error.to_string(),
            "keep fewer claims by --keep, or make several merges",
        ),
        MergeError::TooLong { .. } => Failure::usage(error.to_string(), "raise --log-inv-rate"),
        MergeError::Work(error @ (AggregationError::Machine(_) | AggregationError::Prover(_))) => {
            Failure::usage(
                error.to_string(),
                "merge fewer aggregates at once, then the merges; if these are few, this is a defect of leanvm, please report it",
            )
        }
        MergeError::Work(error) => ended(error),
        _ => Failure::usage(
            error.to_string(),
            "this is a defect of leanvm, please report it",
        ),
    }
}

/// The failure of more parts than a merge has.
pub(crate) fn too_many(files: usize, groups: usize) -> Failure {
    let given = files + groups;
    let of = match groups {
        0 => String::new(),
        _ => format!(" ({files} files, {groups} made of signatures first)"),
    };
    Failure::usage(
        format!("{given} aggregates{of}, and a merge takes up to {MAX_CHILDREN}"),
        "merge some of them first, then the merges",
    )
}

/// The failure of nothing to merge.
pub(crate) fn nothing() -> Failure {
    Failure::usage(
        "there is nothing to merge",
        "name files that `leanvm aggregate` or `leanvm merge` wrote, or give signatures by --input",
    )
}
