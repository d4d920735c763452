//! The security of each step of the protocol (SPEC Appendix B), for display.
use crate::arguments::*;
use crate::engine::Sizes;
use crate::failure::Failure;
use crate::report::Report;
pub(crate) struct Bits {
    pub(crate) weakest: f64,
}
impl Bits {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::json!(null)
    }
}
pub(crate) fn bits(_: ParameterSet, _: u32, _: &Sizes) -> Result<Bits, Failure> {
    Err(Failure::usage("", ""))
}
pub(crate) fn report(_: &Security) -> Result<Report, Failure> {
    Err(Failure::usage("", ""))
}
