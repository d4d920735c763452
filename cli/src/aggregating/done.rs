//! An aggregate or a merge that its own verifier accepts, and its files.

use std::time::{Duration, Instant};

use leanvm_fast::cost::Cost;

use crate::aggregating::refused::own_defect;
use crate::failure::Failure;
use crate::files::Output;
use crate::signature::claims::Claims;

/// The bytes, and what they show.
pub(crate) struct Done {
    pub(crate) claims: Claims,
    pub(crate) bytes: Vec<u8>,
    /// The file that has the claims beside the bytes, if it is wanted and the scheme has such.
    pub(crate) file: Option<Vec<u8>>,
    pub(crate) verifying: Duration,
    pub(crate) cost: Cost,
}

impl Done {
    /// Verifies that the bytes show the claims.
    pub(crate) fn of(claims: Claims, bytes: Vec<u8>, with_claims: bool) -> Result<Self, Failure> {
        let started = Instant::now();
        let cost = claims.verify(&bytes).map_err(own_defect)?;
        let verifying = started.elapsed();
        let file = if with_claims {
            claims.to_file(&bytes).map_err(own_defect)?
        } else {
            None
        };
        Ok(Self {
            claims,
            bytes,
            file,
            verifying,
            cost,
        })
    }

    /// Writes the bytes or the file, and the list of signers.
    pub(crate) fn write(&self, outputs: [Option<Output>; 2]) -> Result<(), Failure> {
        let bytes = self.file.as_ref().unwrap_or(&self.bytes);
        for (output, bytes) in outputs.into_iter().zip([bytes, &self.claims.to_json()]) {
            if let Some(output) = output {
                output.commit(bytes)?;
            }
        }
        Ok(())
    }
}
