//! What the commands that make aggregates and merges share.

pub(crate) mod batch;
pub(crate) mod done;
pub(crate) mod made;
pub(crate) mod refused;
pub(crate) mod schemes;
