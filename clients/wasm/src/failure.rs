//! Why something is not accepted.

use std::fmt;

use leanvm_verifier::aggregation::{AggregateError, FormError};
use leanvm_verifier::rejection::Error;
use leanvm_verifier::{leansig, xmss};
use serde::Serialize;

/// Of what kind a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A rule of SPEC.md refuses it.
    Rejected,
    /// It cannot be read, and SPEC.md does not speak of it: JSON, digits, a file of another kind.
    Unusable,
}

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// A file whose kind is not known.
    File,
    /// An aggregate or a merge, alone or with its claims.
    Aggregate,
    /// A list of signers.
    Signers,
    /// A signature with its key, slot and message.
    Signature,
    /// A program.
    Program,
    /// The proof of a program.
    Proof,
    /// The public input of a program.
    Input,
}

/// A rejection of SPEC §2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// Its name.
    pub code: &'static str,
    /// Its number.
    pub number: u32,
    /// Place and values, for people.
    pub detail: String,
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self {
            code: error.rejection.name(),
            number: error.rejection.code(),
            detail: error.detail,
        }
    }
}

/// Why something is not accepted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// Of what kind it is.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// The section of SPEC.md whose code it is.
    pub section: Option<u32>,
    /// The name of the code.
    pub code: &'static str,
    /// The number of the code, where its section gives one.
    pub number: Option<u32>,
    /// The rejection of the proof inside, where the code says that this is refused.
    pub proof: Option<Box<Rejection>>,
    /// A sentence for people.
    pub message: String,
    /// The time that verifying took until it was refused.
    pub milliseconds: Option<f64>,
}

impl Failure {
    /// A rule of a section refuses it.
    fn rejected(subject: Subject, section: u32, code: &'static str, message: String) -> Self {
        Self {
            kind: Kind::Rejected,
            subject,
            section: Some(section),
            code,
            number: None,
            proof: None,
            message,
            milliseconds: None,
        }
    }

    /// It cannot be read.
    pub(crate) fn unusable(
        subject: Subject,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind: Kind::Unusable,
            section: None,
            ..Self::rejected(subject, 0, code, message.into())
        }
    }

    /// The program or its proof is refused.
    pub(crate) fn of_program(subject: Subject, error: Error) -> Self {
        let message = error.to_string();
        let rejection = Rejection::from(error);
        Self {
            number: Some(rejection.number),
            proof: Some(Box::new(rejection.clone())),
            ..Self::rejected(subject, 2, rejection.code, message)
        }
    }

    /// The bytes are no aggregate, merge, or file of either.
    pub(crate) fn of_form(section: u32, error: FormError) -> Self {
        Self {
            number: Some(error.code()),
            ..Self::rejected(Subject::Aggregate, section, error.name(), error.to_string())
        }
    }

    /// The aggregate or the merge is refused; the section is that of its kind.
    pub(crate) fn of_aggregate(section: u32, error: AggregateError) -> Self {
        let (code, number) = (error.name(), error.code());
        let message = error.to_string();
        let (subject, proof) = match error {
            AggregateError::Proof(error) => (Subject::Aggregate, Some(Box::new(error.into()))),
            AggregateError::Form(_) | AggregateError::ProgramClaim => (Subject::Aggregate, None),
            _ => (Subject::Signers, None),
        };
        Self {
            number: Some(number),
            proof,
            ..Self::rejected(subject, section, code, message)
        }
    }

    /// The aggregate of `leansig_dim64` is refused.
    pub(crate) fn of_leansig_aggregate(error: leansig::AggregateError) -> Self {
        let (code, message) = (error.name(), error.to_string());
        let (subject, proof) = match error {
            leansig::AggregateError::Proof(error) => {
                (Subject::Aggregate, Some(Box::new(error.into())))
            }
            leansig::AggregateError::Form(_) => (Subject::Aggregate, None),
            _ => (Subject::Signers, None),
        };
        Self {
            proof,
            ..Self::rejected(subject, 23, code, message)
        }
    }

    /// The signature of `leanxmss42` is refused.
    pub(crate) fn of_signature(error: xmss::VerificationError) -> Self {
        Self {
            number: Some(error.code()),
            ..Self::rejected(Subject::Signature, 22, error.name(), error.to_string())
        }
    }

    /// The signature of `leansig_dim64` is refused.
    pub(crate) fn of_leansig_signature(error: leansig::VerificationError) -> Self {
        Self::rejected(Subject::Signature, 23, error.name(), error.to_string())
    }

    /// It was found after so long.
    pub(crate) fn after(self, milliseconds: f64) -> Self {
        Self {
            milliseconds: Some(milliseconds),
            ..self
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Failure {}
