//! For which level of a processor the module is built, and which of several modules to take.

use leanvm_fast::processor::Processor;
use pyo3::prelude::*;

use crate::failures::Failure;

/// What this build is for, and the vector instructions in use.
#[pyfunction]
pub(crate) fn level() -> (&'static str, &'static str) {
    let here = Processor::here();
    (here.level, here.used.name())
}

/// Which of the builds of a package is for this processor.
#[pyfunction]
#[pyo3(name = "_choose")]
pub(crate) fn choose() -> Result<&'static str, Failure> {
    #[cfg(target_arch = "x86_64")]
    {
        use leanvm_launcher::level::{VARIABLE, choose, detected};
        let variable = std::env::var_os(VARIABLE);
        let level = choose(variable.as_deref(), &detected());
        level.map(|level| level.name()).map_err(Failure::input)
    }
    #[cfg(not(target_arch = "x86_64"))]
    Ok("baseline")
}
