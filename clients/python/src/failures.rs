//! The exception of each error of the library.

use std::any::Any;
use std::fmt::Display;

use leanvm_client::CompileError;
use leanvm_fast::aggregation::{
    AggregateError, AggregationError, FormError, InvalidSignature, Stop,
};
use leanvm_fast::execution::Stopped;
use leanvm_fast::field::to_canonical;
use leanvm_fast::merging::MergeError;
use leanvm_fast::prover::ProveError;
use leanvm_fast::rejection::Error;
use leanvm_fast::xmss::keyfile::KeyFileError;
use leanvm_fast::xmss::{KeyError, SigningError, VerificationError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The class of an exception, of `leanvm._errors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    InvalidInput,
    Rejected,
    Refused,
    Cancelled,
    LimitReached,
    SystemFailure,
    InternalError,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::InvalidInput => "InvalidInput",
            Self::Rejected => "Rejected",
            Self::Refused => "Refused",
            Self::Cancelled => "Cancelled",
            Self::LimitReached => "LimitReached",
            Self::SystemFailure => "SystemFailure",
            Self::InternalError => "InternalError",
        }
    }
}

/// Why a call does not return.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
    /// Code and name of a rejection, by SPEC.md.
    code: Option<(u32, &'static str)>,
    /// What a program has printed.
    printed: Vec<u32>,
    /// Which signatures are to blame.
    indices: Vec<usize>,
    /// The number of an error of the system.
    number: Option<i32>,
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl ToString) -> Self {
        Self {
            kind,
            message: message.to_string(),
            code: None,
            printed: Vec::new(),
            indices: Vec::new(),
            number: None,
        }
    }

    pub(crate) fn input(message: impl ToString) -> Self {
        Self::new(Kind::InvalidInput, message)
    }

    /// Bytes or a text that are no program, or no input of one.
    pub(crate) fn malformed(error: Error) -> Self {
        Self {
            kind: Kind::InvalidInput,
            ..Self::from(error)
        }
    }

    /// An error of the system.
    pub(crate) fn system(error: &std::io::Error) -> Self {
        Self {
            number: error.raw_os_error(),
            ..Self::new(Kind::SystemFailure, error)
        }
    }

    /// With the code and the name of a rejection.
    const fn coded(mut self, code: u32, name: &'static str) -> Self {
        self.code = Some((code, name));
        self
    }

    /// With what is to blame before the message.
    pub(crate) fn of(mut self, name: impl Display) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    /// With another message.
    pub(crate) fn saying(mut self, message: String) -> Self {
        self.message = message;
        self
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.kind == Kind::Cancelled
    }

    /// A defect.
    pub(crate) fn panic(payload: Box<dyn Any + Send>) -> Self {
        let text = if let Some(text) = payload.downcast_ref::<&str>() {
            (*text).to_owned()
        } else if let Some(text) = payload.downcast_ref::<String>() {
            text.clone()
        } else {
            // What is dropped could panic again.
            std::mem::forget(payload);
            "an unknown panic".to_owned()
        };
        let message = format!("a defect of leanvm, please report it: {text}");
        Self::new(Kind::InternalError, message)
    }

    fn exception(&self, py: Python<'_>) -> PyResult<PyErr> {
        let class = py.import("leanvm._errors")?.getattr(self.kind.class())?;
        let details = PyDict::new(py);
        if let Some((code, name)) = self.code {
            details.set_item("code", code)?;
            details.set_item("name", name)?;
        }
        if !self.printed.is_empty() {
            details.set_item("printed", self.printed.clone())?;
        }
        if !self.indices.is_empty() {
            details.set_item("indices", self.indices.clone())?;
        }
        if self.number.is_some() {
            details.set_item("errno", self.number)?;
        }
        let exception = class.call((self.message.as_str(),), Some(&details))?;
        Ok(PyErr::from_value(exception))
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        Python::attach(|py| failure.exception(py).unwrap_or_else(|error| error))
    }
}

impl From<Error> for Failure {
    /// A program, a run or a proof that is rejected.
    fn from(error: Error) -> Self {
        let rejection = error.rejection;
        Self::new(Kind::Rejected, &error).coded(rejection.code(), rejection.name())
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        let printed = stopped.printed.iter().map(|one| to_canonical(*one));
        let printed = printed.collect();
        Self {
            printed,
            ..Self::from(stopped.error)
        }
    }
}

impl From<ProveError> for Failure {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Refused(error) => Self::from(error),
            ProveError::OtherProgram => Self::input(error),
            ProveError::Interrupted(_) => Self::new(Kind::Cancelled, error),
            _ => Self::new(Kind::InternalError, error),
        }
    }
}

impl From<CompileError> for Failure {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Text(_) => Self::input(error),
            _ => Self::new(Kind::SystemFailure, error),
        }
    }
}

impl From<VerificationError> for Failure {
    fn from(error: VerificationError) -> Self {
        let kind = match error {
            VerificationError::Malformed | VerificationError::ElementNotCanonical => {
                Kind::InvalidInput
            }
            _ => Kind::Rejected,
        };
        Self::new(kind, error).coded(error.code(), error.name())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let kind = match error {
            KeyError::NoRandomness(_) => Kind::SystemFailure,
            KeyError::Cancelled => Kind::Cancelled,
            _ => Kind::InvalidInput,
        };
        Self::new(kind, error)
    }
}

impl From<SigningError> for Failure {
    fn from(error: SigningError) -> Self {
        let kind = match error {
            SigningError::NotActive { .. } => Kind::InvalidInput,
            _ => Kind::Refused,
        };
        Self::new(kind, error)
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        let kind = match &error {
            KeyFileError::Signing(error) => return Self::from(*error),
            KeyFileError::Io { error: reason, .. } => {
                return Self {
                    message: error.to_string(),
                    ..Self::system(reason)
                };
            }
            KeyFileError::SkipTo { .. } | KeyFileError::Invalid(_) => Kind::InvalidInput,
            KeyFileError::FaultySignature => Kind::InternalError,
            _ => Kind::Refused,
        };
        Self::new(kind, error)
    }
}

impl From<FormError> for Failure {
    fn from(error: FormError) -> Self {
        Self::input(error).coded(error.code(), error.name())
    }
}

/// The class of why an aggregate is not accepted.
const fn of_aggregate(error: &AggregateError) -> Kind {
    match error {
        AggregateError::Proof(_)
        | AggregateError::ProgramClaim
        | AggregateError::ClaimCount { .. } => Kind::Rejected,
        _ => Kind::InvalidInput,
    }
}

impl From<AggregateError> for Failure {
    fn from(error: AggregateError) -> Self {
        Self::new(of_aggregate(&error), &error).coded(error.code(), error.name())
    }
}

/// The class of why there is no proof.
const fn of_aggregation<R>(error: &AggregationError<R>) -> Kind {
    match error {
        AggregationError::NoSignatures
        | AggregationError::LogInvRate(_)
        | AggregationError::TooMany { .. }
        | AggregationError::Duplicate { .. } => Kind::InvalidInput,
        AggregationError::Invalid(_) => Kind::Rejected,
        AggregationError::Stopped {
            cause: Stop::Cancelled,
            ..
        } => Kind::Cancelled,
        AggregationError::Stopped { .. } | AggregationError::Memory { .. } => Kind::LimitReached,
        AggregationError::Threads(_) => Kind::SystemFailure,
        _ => Kind::InternalError,
    }
}

impl From<AggregationError> for Failure {
    fn from(error: AggregationError) -> Self {
        let failure = Self::new(of_aggregation(&error), &error);
        let AggregationError::Invalid(invalid) = &error else {
            return failure;
        };
        let indices = invalid.iter().map(|one| one.index).collect();
        let failure = Self { indices, ..failure };
        match invalid.first() {
            Some(InvalidSignature { reason, .. }) => failure.coded(reason.code(), reason.name()),
            None => failure,
        }
    }
}

impl From<MergeError> for Failure {
    fn from(error: MergeError) -> Self {
        let kind = match &error {
            MergeError::NoChildren
            | MergeError::TooManyChildren { .. }
            | MergeError::TooLong { .. }
            | MergeError::ClaimNotHeld { .. }
            | MergeError::KeyNotHeld { .. } => Kind::InvalidInput,
            MergeError::Child { reason, .. } | MergeError::Claims(reason) => {
                let failure = Self::new(of_aggregate(reason), &error);
                return failure.coded(reason.code(), reason.name());
            }
            MergeError::Work(error) => of_aggregation(error),
            _ => Kind::InternalError,
        };
        Self::new(kind, error)
    }
}
