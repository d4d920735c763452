//! Why a value has no encoding, and why bytes are not the encoding of a value.

use std::fmt;

use leanvm_verifier::aggregation::{AggregateError, FormError};
use leanvm_verifier::xmss::VerificationError;
use libssz::DecodeError;

/// What is wrong with a value or with bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SszError {
    /// The bytes are not an SSZ encoding of the type: a length, an offset, a limit.
    Encoding(DecodeError),
    /// A key, a message or a signature has a word that is not below p.
    Element(VerificationError),
    /// The bytes of an aggregate are not those of an aggregate or a merge.
    Aggregate(FormError),
    /// The numbers of claims and keys are not within those of SPEC.md, or a claim or a key of a
    /// claim is there twice.
    Claims(AggregateError),
    /// An entry does not come after the one before it, in canonical order.
    Order {
        /// Its index.
        index: usize,
    },
    /// A list has more entries than its limit.
    TooMany {
        /// The number of entries.
        given: usize,
        /// The limit.
        most: usize,
    },
    /// What is wrong with a field.
    Field {
        /// The name of the field in the schema.
        name: &'static str,
        /// What is wrong.
        error: Box<SszError>,
    },
    /// What is wrong with an entry of a list.
    Entry {
        /// The index of the entry.
        index: usize,
        /// What is wrong.
        error: Box<SszError>,
    },
}

impl SszError {
    /// That this is wrong with a field.
    pub(crate) fn of_field(self, name: &'static str) -> Self {
        let error = Box::new(self);
        Self::Field { name, error }
    }

    /// That this is wrong with an entry.
    pub(crate) fn of_entry(self, index: usize) -> Self {
        let error = Box::new(self);
        Self::Entry { index, error }
    }
}

impl fmt::Display for SszError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(error) => write!(formatter, "no SSZ encoding of the type: {error}"),
            Self::Element(error) => write!(formatter, "{error}"),
            Self::Aggregate(error) => write!(formatter, "{error}"),
            Self::Claims(error) => write!(formatter, "{error}"),
            Self::Order { index } => write!(
                formatter,
                "entry {index} does not come after the one before it"
            ),
            Self::TooMany { given, most } => write!(formatter, "{given} entries, at most {most}"),
            Self::Field { name, error } => write!(formatter, "{name}: {error}"),
            Self::Entry { index, error } => write!(formatter, "entry {index}: {error}"),
        }
    }
}

impl std::error::Error for SszError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Encoding(error) => Some(error),
            Self::Element(error) => Some(error),
            Self::Aggregate(error) => Some(error),
            Self::Claims(error) => Some(error),
            Self::Field { error, .. } | Self::Entry { error, .. } => Some(error.as_ref()),
            Self::Order { .. } | Self::TooMany { .. } => None,
        }
    }
}
