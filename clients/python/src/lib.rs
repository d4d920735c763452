//! leanVM for Python: the extension module `leanvm._native`, of which the package `leanvm` shows
//! what is meant for others.
//!
//! - Nothing long is done while the interpreter is held. Work of more than some milliseconds is
//!   done on a thread of its own, while the caller looks for signals (`work`).
//! - A panic is an exception (`work::guarded`).
//! - Each error of the library is an exception of `leanvm._errors` (`failures`).

mod aggregates;
mod arguments;
mod claims;
mod command;
mod failures;
mod keys;
mod messages;
mod processor;
mod programs;
mod work;

/// What the package takes its names from.
#[pyo3::pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::aggregates::{Aggregate, aggregate, merge, verify};
    #[pymodule_export]
    use crate::claims::{Claim, Equivocation, equivocations, union};
    #[pymodule_export]
    use crate::command::main;
    #[pymodule_export]
    use crate::keys::SecretKey;
    #[pymodule_export]
    use crate::messages::{Message, PublicKey, Signature, verify_signature};
    #[pymodule_export]
    use crate::processor::{choose, level};
    #[pymodule_export]
    use crate::programs::{Execution, Program, assemble, compile, prove, run, verify_program};
    #[pymodule_export]
    use crate::work::{Cancel, panics};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
