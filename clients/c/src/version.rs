//! What the library is, and constants of its encodings.

use std::ffi::c_char;

use leanvm_fast::allocator;
use leanvm_fast::merging::{MAX_CHILDREN, MAX_CLAIMS};
use leanvm_fast::xmss;

use crate::status::{Failure, Status, guard};

/// The version of this interface: a greater one adds, and takes nothing away.
pub const LEANVM_ABI_VERSION: u32 = 1;
/// Bytes of a public key.
pub const LEANVM_PUBLIC_KEY_BYTES: usize = 32;
/// Bytes of a message.
pub const LEANVM_MESSAGE_BYTES: usize = 32;
/// Bytes of a signature.
pub const LEANVM_SIGNATURE_BYTES: usize = 1208;
/// Most children of a merge.
pub const LEANVM_MAX_CHILDREN: usize = 16;
/// Most claims of an aggregate.
pub const LEANVM_MAX_CLAIMS: usize = 256;

const _: () = assert!(
    LEANVM_PUBLIC_KEY_BYTES == xmss::PUBLIC_KEY_BYTES
        && LEANVM_MESSAGE_BYTES == xmss::MESSAGE_BYTES
        && LEANVM_SIGNATURE_BYTES == xmss::SIGNATURE_BYTES
        && LEANVM_MAX_CHILDREN == MAX_CHILDREN
        && LEANVM_MAX_CLAIMS == MAX_CLAIMS
);

/// The version of the interface that the library has, to compare with `LEANVM_ABI_VERSION`, which
/// is that of the header.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_abi_version() -> u32 {
    LEANVM_ABI_VERSION
}

/// The version of the library, as "0.1.0". It is static.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// Tells the allocator of the process, if it is that of glibc, to give freed blocks back to the
/// system at once. The library frees all that it takes, but glibc keeps tens of MiB after large
/// work. This changes the allocator for the whole process, so it is left to the caller, who may
/// never call it; it costs a few per cent of time. `LEANVM_STATUS_REFUSED` with another allocator.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_give_back_memory() -> Status {
    guard(|| {
        if allocator::give_back_memory() {
            return Ok(());
        }
        let text = "the allocator cannot be told to give memory back";
        Err(Failure::new(Status::Refused, text))
    })
}
