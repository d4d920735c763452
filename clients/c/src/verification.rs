//! Messages, signatures, and what verifiers call.

use leanvm_fast::aggregation::MAX_BYTES;
use leanvm_fast::merging::{AnyAggregate, verify_claims};
use leanvm_fast::xmss::{
    self, MAX_BYTES_OF_MESSAGE, MESSAGE_BYTES, Message, PUBLIC_KEY_BYTES, PublicKey,
    SIGNATURE_BYTES, Signature, VerificationError,
};

use crate::claims::{self, Claim};
use crate::pointers::{Input, Output};
use crate::status::{Failure, Status, guard};

/// The one encoding of these bytes.
pub(crate) fn decode<T>(
    name: &str,
    input: &Input<u8>,
    length: usize,
    decode: impl Fn(&[u8]) -> Result<T, VerificationError>,
) -> Result<T, Failure> {
    let bytes = input.bytes(name, usize::MAX)?;
    if bytes.len() != length {
        let text = format!("{name}: {} bytes, where there are {length}", bytes.len());
        return Err(Failure::argument(text));
    }
    decode(bytes).map_err(|error| Failure::from(error).of(name))
}

pub(crate) fn message(input: &Input<u8>) -> Result<Message, Failure> {
    decode(
        "message",
        input,
        MESSAGE_BYTES,
        Message::from_canonical_bytes,
    )
}

/// The aggregate of these bytes.
pub(crate) fn aggregate(bytes: &Input<u8>) -> Result<AnyAggregate, Failure> {
    // One more than there may be: the library says it in its own words.
    let bytes = bytes.bytes("bytes", MAX_BYTES + 1)?;
    AnyAggregate::from_bytes(bytes)
        .map_err(|error| Failure::new(Status::Malformed, error).of("aggregate"))
}

/// The message, of `LEANVM_MESSAGE_BYTES`, that stands for any bytes, fewer than 2^25: a hash of
/// them. What is signed is a message; a hash or a root of another kind is bytes like any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_message_of_bytes(
    bytes: *const u8,
    bytes_len: usize,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (bytes, output) = unsafe {
        (
            Input::new(bytes, bytes_len),
            Output::new(buffer, capacity, length),
        )
    };
    guard(|| {
        let bytes = bytes.bytes("bytes", MAX_BYTES_OF_MESSAGE - 1)?;
        let message = Message::from_bytes(bytes)?;
        output.write(&message.to_canonical_bytes())
    })
}

/// Verifies a signature of a message for a slot. `LEANVM_STATUS_NOT_VALID` if it is not one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_verify_signature(
    public_key: *const u8,
    public_key_len: usize,
    slot: u32,
    message: *const u8,
    message_len: usize,
    signature: *const u8,
    signature_len: usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let [key, message, signature] = unsafe {
        [
            Input::new(public_key, public_key_len),
            Input::new(message, message_len),
            Input::new(signature, signature_len),
        ]
    };
    guard(|| {
        let key = decode("public_key", &key, PUBLIC_KEY_BYTES, PublicKey::from_bytes)?;
        let message = self::message(&message)?;
        let signature = decode(
            "signature",
            &signature,
            SIGNATURE_BYTES,
            Signature::from_bytes,
        )?;
        Ok(xmss::verify(&key, slot, &message, &signature)?)
    })
}

/// Verifies that each key of each claim has signed the message of its claim for the slot of its
/// claim: the bytes are an aggregate of signatures, of one claim, or a merge. If they do not show
/// that, it is `LEANVM_STATUS_NOT_VALID`. Neither the order of the claims nor that of the keys
/// matters. It needs no handle, no other thread, and 64 KiB of stack.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_verify(
    claims: *const Claim,
    claims_len: usize,
    bytes: *const u8,
    bytes_len: usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (claims, bytes) = unsafe { (Input::new(claims, claims_len), Input::new(bytes, bytes_len)) };
    guard(|| {
        let aggregate = aggregate(&bytes)?;
        Ok(verify_claims(&claims::read(&claims)?, &aggregate)?)
    })
}
