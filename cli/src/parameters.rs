//! The parameters that the accounting of security refers to.

#[cfg(test)]
pub(crate) use leanvm_fast::parameters::{MAX_LOG_DOMAIN, ParameterSet};
pub(crate) use leanvm_fast::parameters::{Parameters, Round};
