//! `leanvm xmss`: keys and signatures.

mod inspect;
mod key;
mod keygen;
mod recover;
mod sign;
mod signed;
mod verify;

use clap::Subcommand;

use crate::command::Command;

/// What to do with keys and signatures.
#[derive(Debug, Subcommand)]
pub(crate) enum Xmss {
    /// Make a key of the scheme leanxmss42: NAME.key, which is secret, and NAME.pub.
    Keygen(keygen::Keygen),
    /// Sign a message for a slot, which the key file records before the signature is written.
    Sign(sign::Sign),
    /// Go on with a key file that was restored from a backup: the slots below a given one count as
    /// used.
    Recover(recover::Recover),
    /// Verify a signature.
    Verify(verify::Verify),
    /// Print what a key file, a public key or a signature is.
    Inspect(inspect::Inspect),
}

impl Xmss {
    /// The command that was chosen.
    pub(crate) fn chosen(&self) -> &dyn Command {
        match self {
            Self::Keygen(command) => command,
            Self::Sign(command) => command,
            Self::Recover(command) => command,
            Self::Verify(command) => command,
            Self::Inspect(command) => command,
        }
    }
}
