//! How to aggregate and merge.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use leanvm_fast::aggregation;

use crate::handles::{Cancel, Handle};
use crate::process;
use crate::status::Failure;

/// How to aggregate and merge. Begin with `LEANVM_OPTIONS_INIT`, which is the defaults. The struct
/// may grow: `struct_size` tells the library which version of it the caller was compiled with.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// `sizeof(leanvm_options)`.
    pub struct_size: usize,
    /// 1 to 4: 1 is fastest, 4 gives the smallest aggregates. 0 is 1.
    pub log_inv_rate: u32,
    /// Number of threads, of which no more are used than the machine runs at a time. 0: those that
    /// all calls share.
    pub threads: u32,
    /// 1 to go on without signatures that are not valid, or not the first of their key; 0 to refuse
    /// them. For signatures alone.
    pub skip_invalid: u32,
    /// 0.
    pub reserved: u32,
    /// Milliseconds from the call on, after which the work is given up. 0: as long as it takes.
    pub deadline_ms: u64,
    /// Most bytes that the work may need, by an estimate. 0: any. For signatures alone.
    pub memory_limit: u64,
    /// A flag by which another thread cancels the work, or none.
    pub cancel: Cancel,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            log_inv_rate: 0,
            threads: 0,
            skip_invalid: 0,
            reserved: 0,
            deadline_ms: 0,
            memory_limit: 0,
            cancel: Cancel::default(),
        }
    }
}

/// Options as the library takes them, and the flag that they borrow.
pub(crate) struct Prepared {
    options: aggregation::Options<'static>,
    cancel: Option<Arc<AtomicBool>>,
}

impl Prepared {
    pub(crate) fn options(&self) -> aggregation::Options<'_> {
        let mut options = self.options;
        options.cancel = self.cancel.as_deref();
        options
    }
}

impl Options {
    pub(crate) fn prepare(&self) -> Result<Prepared, Failure> {
        if self.reserved != 0 {
            return Err(Failure::argument("options: reserved is 0"));
        }
        if self.skip_invalid > 1 {
            return Err(Failure::argument("options: skip_invalid is 0 or 1"));
        }
        let limit = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let mut options = aggregation::Options::default();
        if self.log_inv_rate != 0 {
            options.log_inv_rate = self.log_inv_rate;
        }
        options.threads = process::threads(NonZeroUsize::new(limit(self.threads.into())));
        options.skip_invalid = self.skip_invalid == 1;
        options.memory_limit = (self.memory_limit != 0).then(|| limit(self.memory_limit));
        if self.deadline_ms != 0 {
            // A time that the clock does not reach is none.
            options.deadline = Instant::now().checked_add(Duration::from_millis(self.deadline_ms));
        }
        let cancel = match self.cancel {
            Cancel { id: 0 } => None,
            cancel => Some(cancel.get()?),
        };
        Ok(Prepared { options, cancel })
    }
}
