//! SPEC §20 prover: the threads of long work.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

/// Does the work on a pool of so many threads, or on that of the calling thread. No more threads
/// are started than the machine runs at a time: more of them would wait for each other, a thousand
/// for a hundred times as long as one.
///
/// # Errors
/// The system refuses a thread.
pub fn install<T: Send>(
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, ThreadPoolBuildError> {
    let Some(threads) = threads else {
        return Ok(work());
    };
    let most = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads.min(most).get())
        .build()?;
    Ok(pool.install(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_threads_than_the_machine_runs() {
        let most = available_parallelism().unwrap().get();
        let used = |threads| {
            install(NonZeroUsize::new(threads), rayon::current_num_threads).expect("threads")
        };
        assert_eq!(used(1), 1);
        assert_eq!(used(most), most);
        assert_eq!(used(1000 * most), most);
    }
}
