//! Signature schemes.

use clap::ValueEnum;

/// A signature scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheme {
    /// SPEC.md section 22.
    #[default]
    Leanxmss42,
    /// SPEC.md section 23.
    LeansigDim64,
}

impl Scheme {
    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Leanxmss42 => "leanxmss42",
            Self::LeansigDim64 => "leansig-dim64",
        }
    }
}
