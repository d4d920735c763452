//! What every command has.

use crate::failure::Failure;
use crate::files::Paths;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// A command; its arguments are the fields of the type that implements this.
pub(crate) trait Command {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// Its files, as they are named on the command line.
    fn paths(&self) -> Paths<'_>;

    /// Whether it proves, which is slow where `leanvm` was built without the processor's vector
    /// instructions.
    fn proves(&self) -> bool {
        false
    }

    /// Whether it compiles a program in order to use it, and so has warnings to give.
    fn warns(&self) -> bool {
        false
    }

    /// Runs the command.
    fn execute(&self, warnings: &mut Warnings) -> Result<Report, Failure>;
}
