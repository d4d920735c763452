//! What a call returns, and the message of the last error.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::pointers::Output;

/// What a call returns. Later versions may add numbers, and give none another meaning.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Ok = 0,
    /// A null pointer, a length that does not fit, a path that is not UTF-8, an option of unknown
    /// value, an entry that stands in a list twice.
    InvalidArgument = 1,
    /// A handle that was never made, is freed already, or is of another kind.
    InvalidHandle = 2,
    /// The buffer is too small. Nothing is written but the length that is needed, nothing is done.
    BufferTooSmall = 3,
    /// Bytes are not the encoding of what they should be.
    Malformed = 4,
    /// A number is beyond what there is: slots, signatures, keys, claims, an index, a rate.
    OutOfRange = 5,
    /// The key or its file refuses: the slot is used, the file is locked, open to others, older
    /// than its record, there already.
    Refused = 6,
    /// A signature or an aggregate does not show what it should.
    NotValid = 7,
    /// The cancel handle of the options is set.
    Cancelled = 8,
    /// The deadline or the limit of memory of the options is reached.
    Limit = 9,
    /// The system refuses a file, a thread or random bytes.
    System = 10,
    /// A defect of the library. The process is as before the call, but for the key of a call that
    /// signs: open its file again.
    Internal = 11,
}

#[cfg(panic = "abort")]
compile_error!("a panic is a status: leanvm-c is built with panic = \"unwind\"");

/// Why a call does not return [`Status::Ok`].
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(status: Status, message: impl ToString) -> Self {
        let message = message.to_string();
        Self { status, message }
    }

    pub(crate) fn argument(message: impl ToString) -> Self {
        Self::new(Status::InvalidArgument, message)
    }

    /// With what is to blame before the message.
    pub(crate) fn of(mut self, name: impl std::fmt::Display) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    fn panic(payload: Box<dyn Any + Send>) -> Self {
        let text = if let Some(text) = payload.downcast_ref::<&str>() {
            (*text).to_owned()
        } else if let Some(text) = payload.downcast_ref::<String>() {
            text.clone()
        } else {
            // What is dropped could panic again.
            std::mem::forget(payload);
            "an unknown panic".to_owned()
        };
        Self::new(
            Status::Internal,
            format!("a defect of leanvm, please report it: {text}"),
        )
    }
}

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The boundary that every function goes through: nothing unwinds beyond it.
pub(crate) fn guard(work: impl FnOnce() -> Result<(), Failure>) -> Status {
    // What a panic leaves half done is behind a lock, which is poisoned, or dropped.
    let failure = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => return Status::Ok,
        Ok(Err(failure)) => failure,
        Err(payload) => Failure::panic(payload),
    };
    // A thread that is ending has no message any more.
    let _ = LAST.try_with(|last| last.replace(failure.message));
    failure.status
}

/// The message of the last call on this thread that did not return `LEANVM_STATUS_OK`, in UTF-8
/// with a terminating zero. It stays until the next such call, whatever succeeds between. This
/// function leaves it as it is.
///
/// `length` counts the terminating zero. Of a message that does not fit the beginning is written,
/// with a terminating zero, and `LEANVM_STATUS_BUFFER_TOO_SMALL` is returned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_last_error(
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let output = unsafe { Output::new(buffer.cast::<u8>(), capacity, length) };
    let message = LAST.try_with(|last| last.borrow().replace('\0', " "));
    match output.write_text(&message.unwrap_or_default()) {
        Ok(()) => Status::Ok,
        Err(failure) => failure.status,
    }
}

/// The name of a status, "ok" or "malformed"; "unknown" for a number that is none. It is static.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_status_name(status: c_int) -> *const c_char {
    let name = match status {
        0 => c"ok",
        1 => c"invalid argument",
        2 => c"invalid handle",
        3 => c"buffer too small",
        4 => c"malformed",
        5 => c"out of range",
        6 => c"refused",
        7 => c"not valid",
        8 => c"cancelled",
        9 => c"limit",
        10 => c"system",
        11 => c"internal",
        _ => c"unknown",
    };
    name.as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_status_with_a_message() {
        let last = || LAST.with(|last| last.borrow().clone());
        let formatted = std::hint::black_box(7);
        assert_eq!(guard(|| panic!("number {formatted}")), Status::Internal);
        assert_eq!(last(), "a defect of leanvm, please report it: number 7");
        assert_eq!(guard(|| panic!("plain")), Status::Internal);
        assert!(last().ends_with(": plain"));
        struct PanicsWhenDropped;
        impl Drop for PanicsWhenDropped {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        let status = guard(|| std::panic::panic_any(PanicsWhenDropped));
        assert_eq!(status, Status::Internal);
        assert!(last().ends_with(": an unknown panic"));
        assert_eq!(guard(|| Ok(())), Status::Ok);
        assert!(last().ends_with(": an unknown panic"), "it stays");
    }
}
