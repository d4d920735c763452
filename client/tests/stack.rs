//! Each function of the client on a thread of 64 KiB.

#![cfg(all(feature = "prover", feature = "compiler"))]

use leanvm_client::{
    Aggregate, AggregationOptions, Input, Limits, Message, ParameterSet, ProveOptions, SecretKey,
    Seed, VerifyOptions, aggregate, compile, execute, prove, verify, verify_aggregate,
    verify_signature,
};

/// The smallest stack that a caller may have.
const STACK_BYTES: usize = 64 << 10;

fn on_a_small_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .expect("a thread")
            .join()
            .expect("no panic")
    })
}

/// As many blocks within each other as the text says.
fn nested(depth: usize) -> String {
    let mut text = String::from("def main():\n    pub = 0\n    x = pub[0]\n");
    for level in 1..=depth {
        let indent = "    ".repeat(level);
        text += &format!("{indent}if x == 0:\n");
    }
    text + &format!("{}print(x)\n    return\n", "    ".repeat(depth + 1))
}

#[test]
fn programs_on_a_small_stack() {
    let text = "def main():\n    pub = 0\n    assert pub[1] == pub[0] * pub[0]\n    return\n";
    let program = on_a_small_stack(|| compile(text)).expect("compiles");
    let public = [5, 25];
    let input = Input::new(&public).expect("elements");
    let execution = on_a_small_stack(|| execute(&program, &input, &Limits::default()));
    let execution = execution.expect("runs");
    for set in [ParameterSet::Tiny, ParameterSet::Production] {
        let options = ProveOptions {
            set,
            ..ProveOptions::default()
        };
        let proved = on_a_small_stack(|| prove(&program, &execution, &options)).expect("proves");
        let options = VerifyOptions {
            set,
            ..VerifyOptions::default()
        };
        let proof = &proved.proof;
        on_a_small_stack(|| verify(&program, &public, proof, &options)).expect("is accepted");
    }
}

#[test]
fn deeply_nested_texts_on_a_small_stack() {
    on_a_small_stack(|| compile(&nested(250))).map_or_else(|error| panic!("{error}"), drop);
    // Beyond what the language allows: an error, no overflow.
    on_a_small_stack(|| compile(&nested(5000))).expect_err("too deep");
    on_a_small_stack(|| compile(&format!("def main():\n    x = {}1\n", "(".repeat(100_000))))
        .expect_err("too deep");
}

#[test]
fn signatures_on_a_small_stack() {
    let (slot, message) = (7, Message::from_bytes(b"block 1").expect("a message"));
    let sign = || {
        let mut key = SecretKey::generate(0..8, Seed::random()?)?;
        let signature = key.sign(slot, &message)?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((*key.public_key(), signature))
    };
    let (key, signature) = on_a_small_stack(sign).expect("signs");
    on_a_small_stack(|| verify_signature(&key, slot, &message, &signature)).expect("is valid");
    let signed = [(key, signature)];
    let aggregate = on_a_small_stack(|| {
        let options = AggregationOptions::default();
        aggregate(&message, slot, &signed, &options)
    });
    let bytes = aggregate.expect("aggregates").to_bytes();
    let received = on_a_small_stack(|| Aggregate::from_bytes(&bytes)).expect("is an aggregate");
    on_a_small_stack(|| verify_aggregate(&message, slot, &[key], &received)).expect("is accepted");
}
