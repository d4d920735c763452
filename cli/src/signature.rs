//! What the commands on signatures and aggregates share.

pub(crate) mod bytes;
pub(crate) mod claims;
pub(crate) mod record;
pub(crate) mod scheme;
pub(crate) mod shown;
pub(crate) mod stored;
