//! Decoding, encoding, disassembly, assembly and digest.

use super::{code_of, same, same_rejection};
use crate::canonical::{Decoded, Outcome, hex_of};
use crate::twins::{FAST, SPEC};

/// Both twins decode the bytes alike; what they decode encodes to the same bytes, and its text
/// assembles to them.
///
/// # Errors
/// The name of the rejection on which both agree.
///
/// # Panics
/// If the twins disagree, or a round trip fails.
pub fn decode(program: &[u8]) -> Outcome<Decoded> {
    let context = hex_of(program);
    let (spec, fast) = (SPEC.decode(program), FAST.decode(program));
    if let Some(name) = same_rejection("decoding", &context, &spec, &fast) {
        let code = code_of(name);
        assert!(
            (1..=13).contains(&code),
            "{name} is not a rejection of decoding: {context}"
        );
        return Err(name);
    }
    let (spec, fast) = (spec?, fast?);
    assert_eq!(
        spec.bytes, program,
        "encoding what was decoded gives other bytes"
    );
    assert_eq!(spec.text, fast.text, "the disassembly differs of {context}");
    let decoded = same("the decoded program", &context, spec, fast);
    assert_eq!(
        assemble(&decoded.text).as_ref(),
        Ok(&decoded.bytes),
        "the disassembly assembles to another program"
    );
    Ok(decoded)
}

/// Both twins assemble the text alike.
///
/// # Errors
/// The name of the rejection on which both agree.
///
/// # Panics
/// If the twins disagree.
pub fn assemble(text: &str) -> Outcome<Vec<u8>> {
    same(
        "the assembled program",
        &text,
        SPEC.assemble(text),
        FAST.assemble(text),
    )
}
