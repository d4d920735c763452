//! The command lines of `leanvm aggregate` and `leanvm verify-aggregate`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::arguments::whole;

/// Arguments of `aggregate`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("source").args(["signatures", "input"]).required(true)))]
pub(crate) struct Aggregate {
    /// Aggregate a sample: so many keys and signatures, made from --seed and kept for the next time.
    #[arg(long, value_name = "N", value_parser = whole::<usize>(1..=1 << 20))]
    pub(crate) signatures: Option<usize>,
    /// Aggregate a folder of signatures: its `.json` files, written by `leanvm xmss sign`, in the order of their names. Or one JSON file with an array of them.
    #[arg(short, long, value_name = "FOLDER|FILE")]
    pub(crate) input: Option<PathBuf>,
    /// The aggregate; written whole or not at all, and only if it verifies.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Also write the list of signers, which `leanvm verify-aggregate` reads: scheme, slot, message and public keys in order, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// log2 of the inverse rate of the first code: 1 is fastest, 4 gives the smallest aggregates.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    pub(crate) log_inv_rate: u32,
    /// Threads; all cores if left out. The aggregate does not depend on it.
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
    /// The list of signers that the aggregate must hold, as `leanvm aggregate --signers` writes it.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: PathBuf,
}
