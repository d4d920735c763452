//! Options, and memory without alignment.

use super::*;

#[test]
fn options_are_checked() {
    let parts = &*PARTS;
    let with = |options: *const Options| {
        aggregate(&parts.message, &parts.keys, &parts.signatures, options).0
    };
    let argument = Status::InvalidArgument;
    let size = options().struct_size;
    for struct_size in [0, size - 1, 1 << 13, usize::MAX] {
        let options = Options {
            struct_size,
            ..options()
        };
        fails(with(&options), argument, "LEANVM_OPTIONS_INIT");
    }
    fails(
        with(&Options {
            reserved: 1,
            ..options()
        }),
        argument,
        "reserved is 0",
    );
    fails(
        with(&Options {
            skip_invalid: 2,
            ..options()
        }),
        argument,
        "skip_invalid is 0 or 1",
    );
    let five = Options {
        log_inv_rate: 5,
        ..options()
    };
    fails(
        with(&five),
        Status::OutOfRange,
        "log_inv_rate is 1, 2, 3 or 4, not 5",
    );
    let little = Options {
        memory_limit: 1,
        ..options()
    };
    fails(with(&little), Status::Limit, "MiB of memory");
    let soon = Options {
        deadline_ms: 1,
        ..options()
    };
    fails(with(&soon), Status::Limit, "the deadline passed");
    let none = Options {
        cancel: Cancel { id: 3 },
        ..options()
    };
    fails(with(&none), Status::InvalidHandle, "a cancel flag");

    // Of a later version, which asks for nothing more, then for something.
    #[repr(C)]
    struct Later {
        options: Options,
        more: [u64; 2],
    }
    let mut later = Later {
        options: options(),
        more: [0, 1],
    };
    later.options.struct_size = size_of::<Later>();
    later.options.memory_limit = 1;
    let start = (&raw const later).cast();
    fails(
        with(start),
        argument,
        "this version of the library does not know",
    );
    later.more = [0; 2];
    let start = (&raw const later).cast();
    fails(with(start), Status::Limit, "MiB of memory");
}

/// Arguments need no alignment.
#[test]
fn nothing_has_to_be_aligned() {
    let parts = &*PARTS;
    let mut bytes = [0_u8; 64];
    for offset in 0..8 {
        let place = &mut bytes[offset..];
        // SAFETY: within the array, which is large enough.
        unsafe {
            let handle = place.as_mut_ptr().cast::<Cancel>();
            ok(leanvm_cancel_new(handle));
            let with = Options {
                cancel: handle.read_unaligned(),
                log_inv_rate: 9,
                ..options()
            };
            let place = place.as_mut_ptr().cast::<Options>();
            place.write_unaligned(with);
            let (status, _) = aggregate(&parts.message, &parts.keys, &parts.signatures, place);
            fails(status, Status::OutOfRange, "not 9");
            ok(leanvm_cancel_free(with.cancel));
        }
    }
}
