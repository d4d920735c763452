//! leanVM for programs that use it: all that most clients need, from one place. What is behind it,
//! `leanvm-verifier`, `leanvm-fast` and `leanvm-compiler`, has more.
//!
//! | to | take |
//! | --- | --- |
//! | make a program of a text | [`compile()`] (guest language), [`assemble()`] (assembly) |
//! | run it, prove the run | [`execute()`], [`prove()`] |
//! | verify the proof | [`verify()`] |
//! | make a key, sign | [`SecretKey`], or [`KeyFile`] on a disk |
//! | verify a signature | [`verify_signature()`] |
//! | make one proof of many signatures | [`aggregate`] |
//! | verify that | [`verify_aggregate()`] |
//! | make one proof of several of these, of any messages and slots | `merging::merge` |
//! | verify that, read and write files of it | [`merging::verify_claims`], [`merging::AggregateFile`] |
//!
//! ```
//! # #[cfg(all(feature = "prover", feature = "compiler"))] {
//! use leanvm_client::{Input, Limits, ProveOptions, VerifyOptions};
//! use leanvm_client::{compile, execute, prove, verify};
//!
//! // The second public element is the square of the first.
//! let program = compile("def main():\n    pub = 0\n    assert pub[1] == pub[0] * pub[0]\n    return\n")?;
//! let public = [5, 25];
//! let execution = execute(&program, &Input::new(&public)?, &Limits::default())?;
//! let proof = prove(&program, &execution, &ProveOptions::default())?.proof;
//!
//! // Elsewhere: the verifier has the program, the public input and the bytes.
//! verify(&program, &public, &proof, &VerifyOptions::default())?;
//! assert!(verify(&program, &[5, 26], &proof, &VerifyOptions::default()).is_err());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Signatures of one message for one slot, as one proof:
//!
//! ```
//! # #[cfg(feature = "prover")] {
//! use leanvm_client::{Aggregate, AggregationOptions, Message, SecretKey, Seed};
//! use leanvm_client::{aggregate, verify_aggregate};
//!
//! let (slot, message) = (7, Message::from_bytes(b"block 1")?);
//! let mut signed = Vec::new();
//! for _ in 0..2 {
//!     let mut key = SecretKey::generate(0..8, Seed::random()?)?;
//!     signed.push((*key.public_key(), key.sign(slot, &message)?));
//! }
//! let options = AggregationOptions::default();
//! let bytes = aggregate(&message, slot, &signed, &options)?.to_bytes();
//!
//! let keys: Vec<_> = signed.iter().map(|(key, _)| *key).collect();
//! verify_aggregate(&message, slot, &keys, &Aggregate::from_bytes(&bytes)?)?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! `default-features = false` leaves the verifiers, on the calling thread alone; `prover` adds
//! execution, proving, signing and aggregating, on threads of rayon; `compiler` adds [`compile()`].
//!
//! # Speed
//!
//! Set `RUSTFLAGS="-C target-cpu=native"`, or another processor than the compiler's default: it
//! makes proving about five times as fast. [`Processor::here`] tells what a build makes of its
//! processor, and `leanvm_fast` says more.
//!
//! # Threads and stacks
//!
//! Functions that prove, sign, make keys or aggregate run on threads of rayon, [`compile()`] runs
//! on a thread of its own: the stack of the caller does not matter. The verifiers run on the stack
//! of the caller, and need 64 KiB of it.

pub use leanvm_verifier::aggregation::{Aggregate, AggregateError, FormError, verify_aggregate};
pub use leanvm_verifier::assembly::{assemble, disassemble};
pub use leanvm_verifier::isa::Program;
#[cfg(not(feature = "prover"))]
pub use leanvm_verifier::merging;
pub use leanvm_verifier::parameters::ParameterSet;
pub use leanvm_verifier::rejection::{Error, Rejection};
pub use leanvm_verifier::verifier::{Verified, VerifyOptions, verify};
pub use leanvm_verifier::xmss::{
    Message, PublicKey, Signature, VerificationError, verify as verify_signature,
};

#[cfg(feature = "prover")]
pub use leanvm_fast::{
    aggregation::{
        AggregationError, InvalidSignature, Options as AggregationOptions, Progress,
        Report as AggregationReport, Stop, aggregate, aggregate_with_report, memory_needed,
    },
    allocator::give_back_memory,
    execution::{Execution, Input, Limits, execute},
    merging,
    processor::{Processor, VectorInstructions},
    prover::{Observer, ProveError, ProveOptions, Proved, prove},
    xmss::keyfile::KeyFile,
    xmss::{KeyError, SecretKey, Seed, SigningError},
};

#[cfg(feature = "compiler")]
mod compile;

#[cfg(feature = "compiler")]
pub use compile::{CompileError, compile};

/// The example of README.md, compiled and run as a test.
#[cfg(all(doctest, feature = "prover", feature = "compiler"))]
#[doc = include_str!("../../README.md")]
struct Readme;
