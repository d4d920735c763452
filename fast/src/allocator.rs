//! SPEC §20 prover: what the allocator of the process keeps, and large vectors.

use rayon::prelude::*;

/// Vectors of so many bytes are large.
const LARGE: usize = 4 << 20;

/// The same vector; if it is large, the system is asked to back what is not yet written of it by
/// large pages. Clearing 4 KiB at a time costs more than much of what the prover then computes.
pub(crate) fn large<T>(vector: Vec<T>) -> Vec<T> {
    #[cfg(target_os = "linux")]
    {
        /// A multiple of the page size of every architecture.
        const PAGE: usize = 1 << 16;
        let bytes = vector.capacity() * size_of::<T>();
        if bytes >= LARGE {
            let start = vector.as_ptr().cast::<u8>();
            let skipped = start.addr().next_multiple_of(PAGE) - start.addr();
            let length = (bytes - skipped) / PAGE * PAGE;
            // SAFETY: these pages are within the allocation of the vector, and the advice does not
            // change what they hold. Whether it is taken does not matter.
            unsafe {
                let first = start.add(skipped).cast_mut().cast();
                libc::madvise(first, length, libc::MADV_HUGEPAGE);
            }
        }
    }
    vector
}

/// The items of a parallel iterator, in a [`large`] vector.
pub(crate) fn collect<I: IndexedParallelIterator>(items: I) -> Vec<I::Item> {
    let mut vector = large(Vec::with_capacity(items.len()));
    items.collect_into_vec(&mut vector);
    vector
}

/// From now on freed memory goes back to the system; whether the allocator could be told.
///
/// The prover frees all that it takes. But the allocator of glibc, the standard one on Linux,
/// raises by itself the size from which it gives freed blocks back, to as much as 32 MiB, so that
/// after large work tens of MiB stay with the process, though nobody uses them. This call fixes
/// that size at 1 MiB for the whole process. A process that lives long makes it once, before it
/// aggregates or proves; the price is a few per cent of the prover's time, since memory that is
/// taken again has to be cleared again. With another allocator it does nothing.
pub fn give_back_memory() -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// Blocks of so many bytes are given back when they are freed.
        const THRESHOLD: libc::c_int = 1 << 20;
        // SAFETY: the call may be made at any time and from any thread; it takes and returns
        // integers.
        unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, THRESHOLD) == 1 }
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    false
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use std::hint::black_box;
    use std::process::Command;

    use super::*;

    const CHILD: &str = "LEANVM_TEST_ALLOCATOR";

    /// Resident memory of this process in MiB.
    fn resident() -> usize {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
        (pages * 4096) >> 20
    }

    /// MiB that stay after 32 MiB were taken in blocks of 4 MiB, and freed.
    fn left_of_work() -> usize {
        let before = resident();
        let blocks: Vec<_> = (1_u8..9).map(|i| black_box(vec![i; 4 << 20])).collect();
        assert!(resident() >= before + 30);
        drop(blocks);
        resident() - before
    }

    /// In processes of their own, where nothing else takes memory.
    #[test]
    fn freed_memory_goes_back() {
        let Ok(mode) = std::env::var(CHILD) else {
            for mode in ["kept", "given back"] {
                let child = Command::new(std::env::current_exe().unwrap())
                    .args(["--exact", "allocator::tests::freed_memory_goes_back"])
                    .env(CHILD, mode)
                    .status()
                    .unwrap();
                assert!(child.success(), "{mode}");
            }
            return;
        };
        // A large block that is freed raises the size.
        drop(black_box(vec![1_u8; 24 << 20]));
        if mode == "kept" {
            let left = left_of_work();
            assert!(left >= 24, "{left} MiB: the call is not needed");
        } else {
            assert!(give_back_memory());
            let left = left_of_work();
            assert!(left <= 8, "{left} MiB stay");
        }
    }
}
