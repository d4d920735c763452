//! The status of each error of the library.

use std::fmt::Display;

use leanvm_fast::aggregation::{AggregateError, AggregationError, Stop};
use leanvm_fast::merging::MergeError;
use leanvm_fast::xmss::keyfile::KeyFileError;
use leanvm_fast::xmss::{KeyError, SigningError, VerificationError};

use crate::status::{Failure, Status};

impl From<VerificationError> for Failure {
    fn from(error: VerificationError) -> Self {
        let status = match error {
            VerificationError::Malformed | VerificationError::ElementNotCanonical => {
                Status::Malformed
            }
            _ => Status::NotValid,
        };
        Self::new(status, error)
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let status = match error {
            KeyError::NoSlots
            | KeyError::SlotsOutOfRange { .. }
            | KeyError::TooManySlots { .. } => Status::OutOfRange,
            KeyError::NoRandomness(_) => Status::System,
            _ => Status::InvalidArgument,
        };
        Self::new(status, error)
    }
}

impl From<SigningError> for Failure {
    fn from(error: SigningError) -> Self {
        let status = match error {
            SigningError::NotActive { .. } => Status::OutOfRange,
            _ => Status::Refused,
        };
        Self::new(status, error)
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        let status = match &error {
            KeyFileError::Signing(error) => return Self::from(*error),
            KeyFileError::SkipTo { .. } => Status::OutOfRange,
            KeyFileError::Io { .. } => Status::System,
            KeyFileError::Invalid(_) => Status::Malformed,
            KeyFileError::FaultySignature => Status::Internal,
            _ => Status::Refused,
        };
        Self::new(status, error)
    }
}

/// The status of why an aggregate is not accepted.
const fn of_aggregate(error: &AggregateError) -> Status {
    match error {
        AggregateError::Form(_) => Status::Malformed,
        AggregateError::NoSigners
        | AggregateError::NoSignersOfClaim { .. }
        | AggregateError::TooManySigners { .. }
        | AggregateError::NoClaims
        | AggregateError::TooManyClaims { .. } => Status::OutOfRange,
        AggregateError::DuplicateKey { .. }
        | AggregateError::DuplicateKeyOfClaim { .. }
        | AggregateError::DuplicateClaim { .. } => Status::InvalidArgument,
        _ => Status::NotValid,
    }
}

impl From<AggregateError> for Failure {
    fn from(error: AggregateError) -> Self {
        Self::new(of_aggregate(&error), error)
    }
}

/// The status of why there is no proof.
const fn of_aggregation<R>(error: &AggregationError<R>) -> Status {
    match error {
        AggregationError::NoSignatures
        | AggregationError::LogInvRate(_)
        | AggregationError::TooMany { .. } => Status::OutOfRange,
        AggregationError::Duplicate { .. } => Status::InvalidArgument,
        AggregationError::Invalid(_) => Status::NotValid,
        AggregationError::Stopped {
            cause: Stop::Cancelled,
            ..
        } => Status::Cancelled,
        AggregationError::Stopped { .. } | AggregationError::Memory { .. } => Status::Limit,
        AggregationError::Threads(_) => Status::System,
        _ => Status::Internal,
    }
}

impl<R: Display> From<AggregationError<R>> for Failure {
    fn from(error: AggregationError<R>) -> Self {
        Self::new(of_aggregation(&error), error)
    }
}

impl From<MergeError> for Failure {
    fn from(error: MergeError) -> Self {
        let status = match &error {
            MergeError::NoChildren
            | MergeError::TooManyChildren { .. }
            | MergeError::TooLong { .. } => Status::OutOfRange,
            MergeError::Child { reason, .. } | MergeError::Claims(reason) => of_aggregate(reason),
            MergeError::ClaimNotHeld { .. } | MergeError::KeyNotHeld { .. } => {
                Status::InvalidArgument
            }
            MergeError::Work(error) => of_aggregation(error),
            _ => Status::Internal,
        };
        Self::new(status, error)
    }
}
