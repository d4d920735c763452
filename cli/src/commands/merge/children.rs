//! The aggregates that are merged, from files.

use std::path::{Path, PathBuf};

use leanvm_fast::leansig;
use leanvm_fast::merging::{AnyAggregate, Claim, KIND};

use crate::failure::Failure;
use crate::files::{self, Kind};
use crate::signature::claims::Signed;
use crate::signature::stored::Stored;

/// An aggregate or a merge with its claims.
pub(crate) struct Part {
    /// None for one that this command made of signatures.
    pub(crate) file: Option<PathBuf>,
    pub(crate) aggregate: AnyAggregate,
    pub(crate) signed: Vec<Signed>,
    /// The same claims, as the library takes them.
    pub(crate) claims: Vec<Claim>,
}

impl Part {
    /// Of claims that it should show.
    pub(crate) fn new(file: Option<PathBuf>, aggregate: AnyAggregate, signed: Vec<Signed>) -> Self {
        let claims = signed.iter().map(|one| one.claim.clone()).collect();
        Self {
            file,
            aggregate,
            signed,
            claims,
        }
    }

    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read(path, Kind::Aggregate)?;
        let second = bytes.get(1).copied();
        let malformed = |error: &dyn std::fmt::Display| {
            let remedy = "get the file again, or make it again with this version of leanvm";
            Failure::unusable(path, format!("not an aggregate: {error}"), remedy)
        };
        if second == Some(leansig::SCHEME) {
            return Err(Failure::unusable(
                path,
                "an aggregate of leansig-dim64 signatures, which cannot be merged",
                "give aggregates of leanxmss42 signatures",
            ));
        }
        let stored = Stored::of(bytes).map_err(|error| malformed(&error))?;
        let aggregate =
            AnyAggregate::from_bytes(&stored.bytes).map_err(|error| malformed(&error))?;
        let Some(claims) = stored.claims else {
            let made_by = if second == Some(KIND) {
                "leanvm merge"
            } else {
                "leanvm aggregate"
            };
            return Err(Failure::unusable(
                path,
                "the bytes of an aggregate alone, which carry neither messages nor keys",
                format!("give the file that `{made_by}` writes without --bytes-only"),
            ));
        };
        Ok(Self::new(Some(path.to_owned()), aggregate, claims))
    }
}
