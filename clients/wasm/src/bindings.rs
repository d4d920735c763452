//! What JavaScript calls: bytes in, JSON out, either `{"ok": …}` or `{"error": …}`.
//!
//! A panic, which would be a defect, becomes an exception of JavaScript with its text; `core.js`
//! starts the module anew after one.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Failure, inspect, verify};

#[wasm_bindgen]
extern "C" {
    /// The clock of the host, in milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// Called once, when the module starts.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        wasm_bindgen::throw_str(&panic.to_string());
    }));
}

/// What crosses.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Outcome<T> {
    Ok(T),
    Error(Failure),
}

fn json<T: Serialize>(result: Result<T, Failure>) -> String {
    let outcome = match result {
        Ok(value) => Outcome::Ok(value),
        Err(failure) => Outcome::Error(failure),
    };
    serde_json::to_string(&outcome).unwrap_or_default()
}

/// What a file is and claims.
#[wasm_bindgen(js_name = inspect)]
pub fn inspect_file(file: &[u8]) -> String {
    json(inspect(file))
}

/// An aggregate or a merge.
#[wasm_bindgen(js_name = verifyAggregate)]
pub fn verify_aggregate(aggregate: &[u8], signers: Option<Box<[u8]>>) -> String {
    json(verify::aggregate(aggregate, signers.as_deref(), now))
}

/// A signature.
#[wasm_bindgen(js_name = verifySignature)]
pub fn verify_signature(signature: &[u8]) -> String {
    json(verify::signature(signature, now))
}

/// A proof of a program.
#[wasm_bindgen(js_name = verifyProgram)]
pub fn verify_program(
    program: &[u8],
    proof: &[u8],
    input: Option<Box<[u8]>>,
    parameters: &str,
) -> String {
    let input = input.as_deref();
    json(verify::program(program, proof, input, parameters, now))
}

/// Panics, for the test that a panic is an error.
#[wasm_bindgen(js_name = panicForTest)]
pub fn panic_for_test() {
    defect();
}

#[expect(clippy::panic, reason = "it is what the test asks for")]
fn defect() {
    panic!("asked for by a test");
}
