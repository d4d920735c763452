//! `leanvm xmss recover`: a key file that was restored from a backup is made usable again.

use std::path::PathBuf;

use clap::Args;
use leanvm_fast::xmss::keyfile::KeyFile;

use crate::command::Command;
use crate::commands::xmss::key::{measure_slots, open_with_bar};
use crate::failure::Failure;
use crate::files::Paths;
use crate::measurements::Measurements;
use crate::options::whole;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `xmss recover`.
#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Key file that `leanvm xmss sign` refuses, since it is older than NAME.key.lock or has none.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The first slot that the key may sign for from now on. It must be beyond every slot that the
    /// key, or a copy of it, has ever signed for.
    #[arg(long, value_name = "SLOT", value_parser = whole::<u64>(0..=1 << 32))]
    skip_to: u64,
}

impl Command for Recover {
    fn name(&self) -> &'static str {
        "xmss recover"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.key)], [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let file = open_with_bar(&self.key, |progress| {
            KeyFile::recover(&self.key, self.skip_to, progress)
        })?;
        let key = file.key();
        let mut list = Measurements::default();
        measure_slots(&mut list, key.public_key(), key.slots(), key.used());
        Ok(list.report())
    }
}
