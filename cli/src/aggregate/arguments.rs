//! The command lines of `leanvm aggregate` and `leanvm verify-aggregate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args};

use crate::xmss::Scheme;

use crate::arguments::whole;

/// Arguments of `aggregate`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("source").args(["signatures", "input"]).required(true)))]
pub(crate) struct Aggregate {
    /// Aggregate a sample: so many keys and signatures, made from --seed and kept for the next time.
    #[arg(long, value_name = "N", value_parser = whole::<usize>(1..=1 << 20))]
    pub(crate) signatures: Option<usize>,
    /// Aggregate a folder of signatures: its `.json` files, as `leanvm xmss sign` writes them. Or one JSON file with an array of them.
    #[arg(short, long, value_name = "FOLDER|FILE")]
    pub(crate) input: Option<PathBuf>,
    /// The aggregate; written whole or not at all, and only if it verifies.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Scheme of the signatures: those of leanxmss42 are of one message and slot, those of leansig-dim64 of any.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) scheme: Scheme,
    /// Go on without the signatures that cannot be used or are not valid, and name them; the list of --signers is without them too.
    #[arg(long)]
    pub(crate) skip_invalid: bool,
    /// Give up when so many seconds are past, at the end of a phase of the work. Nothing is written then.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) deadline: Option<Duration>,
    /// Do not begin work that would need more MiB of memory, by an estimate from the number of signatures.
    #[arg(long, value_name = "MIB", value_parser = mebibytes)]
    pub(crate) memory_limit: Option<usize>,
    /// Also write the list of signers, which `leanvm verify-aggregate` reads: who has signed which message for which slot, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// log2 of the inverse rate of the first code: 1 is fastest, 4 gives the smallest aggregates.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    pub(crate) log_inv_rate: u32,
    /// Threads, of which no more than the machine has cores are started; all cores if left out. The aggregate does not depend on it.
    #[arg(long, value_name = "N", value_parser = whole::<u16>(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// What the keys of a sample are made from: they are as secret as this text.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "leanvm",
        conflicts_with = "input"
    )]
    pub(crate) seed: String,
    /// Neither read nor write the kept sample.
    #[arg(long, conflicts_with = "input")]
    pub(crate) no_cache: bool,
}

/// Arguments of `verify-aggregate`.
#[derive(Debug, Args)]
pub(crate) struct VerifyAggregate {
    /// Aggregate written by `leanvm aggregate`.
    pub(crate) aggregate: PathBuf,
    /// The list of signers that the aggregate must hold, in any order, as `leanvm aggregate --signers` writes it. It names the scheme.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: PathBuf,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse()
        .map_err(|error| format!("`{text}` is not a number of seconds: {error}"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn mebibytes(text: &str) -> Result<usize, String> {
    let number: usize = text
        .parse()
        .map_err(|error| format!("`{text}` is not a number of MiB: {error}"))?;
    number
        .checked_mul(1 << 20)
        .ok_or_else(|| format!("{number} MiB are more than there can be"))
}
