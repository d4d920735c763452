//! An aggregate or a merge as a file has it.

use leanvm_fast::aggregation::FormError;
use leanvm_fast::merging::{AggregateFile, FILE_KIND};

use crate::signature::claims::Signed;

/// The bytes of an aggregate or a merge, and the claims that the file has beside them.
pub(crate) struct Stored {
    /// Of any scheme, if there are no claims.
    pub(crate) bytes: Vec<u8>,
    pub(crate) claims: Option<Vec<Signed>>,
}

impl Stored {
    /// The content of a file.
    pub(crate) fn of(bytes: Vec<u8>) -> Result<Self, FormError> {
        if bytes.get(1) != Some(&FILE_KIND) {
            let claims = None;
            return Ok(Self { bytes, claims });
        }
        let file = AggregateFile::from_bytes(&bytes)?;
        Ok(Self {
            bytes: file.aggregate().to_bytes(),
            claims: Some(file.claims().iter().map(Signed::from).collect()),
        })
    }
}
