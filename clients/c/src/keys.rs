//! Keys: in memory, or in a file that records what was signed.

use std::ffi::c_char;
use std::path::Path;
use std::process;
use std::sync::{Mutex, MutexGuard};

use leanvm_fast::xmss::keyfile::{KeyFile, KeyFileError};
use leanvm_fast::xmss::{Message, PublicKey, SIGNATURE_BYTES, SecretKey, Seed, Signature};

use crate::handles::{Handle, Key};
use crate::pointers::{Input, Output, Place, Text};
use crate::process::on_threads;
use crate::status::{Failure, Status, guard};
use crate::verification;

/// A key that signs, for one thread at a time.
pub(crate) struct Signer {
    public_key: PublicKey,
    first: u32,
    last: u32,
    /// The one that made or opened it: in the child of a fork there is the same key again.
    process: u32,
    held: Mutex<Held>,
}

enum Held {
    Memory(SecretKey),
    File(KeyFile),
}

impl Held {
    const fn key(&self) -> &SecretKey {
        match self {
            Self::Memory(key) => key,
            Self::File(file) => file.key(),
        }
    }

    fn sign(&mut self, slot: u32, message: &Message) -> Result<Signature, Failure> {
        Ok(match self {
            Self::Memory(key) => key.sign(slot, message)?,
            Self::File(file) => file.sign(slot, message)?,
        })
    }
}

impl Signer {
    fn new(held: Held) -> Self {
        let key = held.key();
        let (first, last) = key.slots().into_inner();
        Self {
            public_key: *key.public_key(),
            first,
            last,
            process: process::id(),
            held: Mutex::new(held),
        }
    }

    fn sign(&self, slot: u32, message: &Message) -> Result<Signature, Failure> {
        if self.process != process::id() {
            let text = "the key is of the process that this one was forked from, which may sign \
                        with it: open or make a key here";
            return Err(Failure::new(Status::Refused, text));
        }
        self.held()?.sign(slot, message)
    }

    fn held(&self) -> Result<MutexGuard<'_, Held>, Failure> {
        let poisoned = |_| {
            let text = "the key met a defect while it signed: free it and open its file again";
            Failure::new(Status::Internal, text)
        };
        self.held.lock().map_err(poisoned)
    }
}

/// A new key of the system's random bytes.
fn generate(first: u64, count: u64) -> Result<SecretKey, Failure> {
    let slots = first..first.saturating_add(count);
    let seed = Seed::random()?;
    on_threads(|| Ok(SecretKey::generate(slots, seed)?))
}

/// Makes a key that signs for the slots `first` to `first + count - 1`, at most 2^26 of them, in
/// time and memory in proportion to `count`. It is in memory alone and never leaves it: what it has
/// signed is known to this handle, and when the handle is freed, the key is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_generate(first: u64, count: u64, key: *mut Key) -> Status {
    // SAFETY: by the rules for pointers.
    let place = unsafe { Place::new(key) };
    guard(|| {
        Key::make(place, || {
            Ok(Signer::new(Held::Memory(generate(first, count)?)))
        })
    })
}

/// As `leanvm_key_generate`, in a new file. Beside the file there is a second one, `.lock`, that
/// belongs to it: never copy both. The file is locked for others until the handle is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_create(
    path: *const c_char,
    first: u64,
    count: u64,
    key: *mut Key,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (place, path) = unsafe { (Place::new(key), Text::new(path)) };
    guard(|| {
        Key::make(place, || {
            let path = path.path()?;
            let key = generate(first, count)?;
            of_file(path, || KeyFile::create(path, key))
        })
    })
}

/// Opens a key file for signing. `LEANVM_STATUS_REFUSED` where it could sign for a slot twice: it
/// is open elsewhere, or older than its record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_open(path: *const c_char, key: *mut Key) -> Status {
    // SAFETY: by the rules for pointers.
    let (place, path) = unsafe { (Place::new(key), Text::new(path)) };
    guard(|| {
        Key::make(place, || {
            let path = path.path()?;
            of_file(path, || KeyFile::open(path))
        })
    })
}

/// Opens a key file that is older than its record or has none, as after a restored backup. All
/// slots below `skip_to` count as used from now on. The caller knows that the key has not signed
/// for `skip_to` and later slots.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_recover(
    path: *const c_char,
    skip_to: u64,
    key: *mut Key,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (place, path) = unsafe { (Place::new(key), Text::new(path)) };
    guard(|| {
        Key::make(place, || {
            let path = path.path()?;
            of_file(path, || KeyFile::recover(path, skip_to, &|_, _| ()))
        })
    })
}

/// The signer of a file that is made or opened, which may compute leaves.
fn of_file(
    path: &Path,
    open: impl FnOnce() -> Result<KeyFile, KeyFileError> + Send,
) -> Result<Signer, Failure> {
    let failed = |error| Failure::from(error).of(path.display());
    let file = on_threads(|| open().map_err(failed))?;
    Ok(Signer::new(Held::File(file)))
}

/// The public key, of `LEANVM_PUBLIC_KEY_BYTES`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_public(
    key: Key,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let output = unsafe { Output::new(buffer, capacity, length) };
    guard(|| output.write(&key.get()?.public_key.to_bytes()))
}

/// The first and the last slot that the key may sign for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_slots(key: Key, first: *mut u32, last: *mut u32) -> Status {
    // SAFETY: by the rules for pointers.
    let [first, last] = unsafe { [Place::new(first), Place::new(last)] };
    guard(|| {
        let key = key.get()?;
        first.write("first", key.first)?;
        last.write("last", key.last)
    })
}

/// Whether the key has signed for a slot, or counts it as used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_is_used(key: Key, slot: u32, used: *mut bool) -> Status {
    // SAFETY: by the rules for pointers.
    let used = unsafe { Place::new(used) };
    guard(|| {
        let key = key.get()?;
        let is_used = key.held()?.key().used().contains(slot);
        used.write("used", is_used)
    })
}

/// Signs a message for a slot, in `LEANVM_SIGNATURE_BYTES`. A key of a file records slot and
/// message on the disk before the signature is written to the buffer. The same message may be
/// signed again, another one is `LEANVM_STATUS_REFUSED`. Asking for the length, or a buffer that is
/// too small, signs nothing and uses no slot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_key_sign(
    key: Key,
    slot: u32,
    message: *const u8,
    message_len: usize,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (message, output) = unsafe {
        (
            Input::new(message, message_len),
            Output::new(buffer, capacity, length),
        )
    };
    guard(|| {
        let key = key.get()?;
        let message = verification::message(&message)?;
        if !output.wants(SIGNATURE_BYTES)? {
            return Ok(());
        }
        let signature = key.sign(slot, &message)?;
        output.write(&signature.to_bytes())
    })
}

/// Frees a key: its secret is overwritten, its file is unlocked.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_key_free(key: Key) -> Status {
    guard(|| key.free())
}
