//! Flags that cancel work.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::handles::{Cancel, Handle};
use crate::pointers::Place;
use crate::status::{Status, guard};

/// Makes a flag for the options of work that another thread may cancel. It is not set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_cancel_new(cancel: *mut Cancel) -> Status {
    // SAFETY: by the rules for pointers.
    let place = unsafe { Place::new(cancel) };
    guard(|| Cancel::make(place, || Ok(AtomicBool::new(false))))
}

/// Sets a flag, for good: all work that has it in its options returns `LEANVM_STATUS_CANCELLED`
/// when it next looks, between signatures and between phases.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_cancel_set(cancel: Cancel) -> Status {
    guard(|| {
        cancel.get()?.store(true, Ordering::Relaxed);
        Ok(())
    })
}

/// Frees a flag. Work that has it goes on as if it had none, if it is not set.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_cancel_free(cancel: Cancel) -> Status {
    guard(|| cancel.free())
}
