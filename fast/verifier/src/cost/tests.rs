//! What verifying the proofs and aggregates of the vectors takes, phase by phase.

use std::fmt::Write;

use serde_json::Value;

use super::counted::{Count, by_phase};
use super::{Cost, Permutations};
use crate::aggregation::{self, Aggregate, verify_aggregate_with_cost};
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::permutation::Digest;
use crate::verifier::{VerifyOptions, verify};
use crate::xmss::{Message, PublicKey};

/// A verification: its name, its own account, and what has happened before the end of each phase.
type Case = (String, Cost, Vec<Count>);

fn measured(case: &Value, verify: impl FnOnce() -> Cost) -> Case {
    let (cost, phases) = by_phase(verify);
    (case["id"].as_str().unwrap().to_owned(), cost, phases)
}

fn bytes(hexadecimal: &Value) -> Vec<u8> {
    let digits = hexadecimal.as_str().unwrap();
    let places = (0..digits.len()).step_by(2);
    let byte = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).unwrap();
    places.map(byte).collect()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// The cases that are accepted and have bytes of their own.
fn accepted(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    let mut cases = file["cases"].as_array().unwrap().clone();
    cases.retain(|case| case["result"] == "accepted" && case["base"] == "");
    assert!(cases.len() > 1);
    cases
}

fn proof(case: &Value) -> Case {
    let program = Program::decode(&bytes(&case["program"])).unwrap();
    assert_ne!(program.digest(), Digest::default());
    let public = case["public"].as_array().unwrap().iter().map(number);
    let zeros = number(&case["public_zeros"]) as usize;
    let public: Vec<u32> = public.chain(std::iter::repeat_n(0, zeros)).collect();
    let options = VerifyOptions {
        set: ParameterSet::from_id(number(&case["set"])).unwrap(),
        record_events: false,
    };
    let proof = bytes(&case["proof"]);
    measured(case, || {
        verify(&program, &public, &proof, &options).unwrap().cost
    })
}

fn aggregate(case: &Value) -> Case {
    let program = aggregation::program().unwrap();
    assert_ne!(program.digest(), Digest::default());
    let message = Message::from_canonical_bytes(&bytes(&case["message"])).unwrap();
    let keys = case["public_keys"].as_array().unwrap().iter();
    let keys: Vec<PublicKey> = keys
        .map(|key| PublicKey::from_bytes(&bytes(key)).unwrap())
        .collect();
    let aggregate = Aggregate::from_bytes(&bytes(&case["aggregate"])).unwrap();
    let slot = number(&case["slot"]);
    measured(case, || {
        verify_aggregate_with_cost(&message, slot, &keys, &aggregate).unwrap()
    })
}

fn cases() -> Vec<Case> {
    let proofs = accepted(include_str!("../../../../vectors/proof.json"));
    let aggregates = accepted(include_str!("../../../../vectors/aggregation.json"));
    let aggregates = aggregates.iter().map(aggregate);
    proofs.iter().map(proof).chain(aggregates).collect()
}

#[test]
fn permutations_are_those_that_happen() {
    let mut lists = 0;
    for (id, cost, phases) in cases() {
        let mut expected: Vec<Permutations> = cost.phases.iter().map(|(_, all)| *all).collect();
        // Hashing the list comes before the first end of a phase, the trees before the last.
        if cost.phases[0].0 == "list" {
            let list = expected.remove(0);
            expected[0] += list;
            lists += 1;
        }
        let trees = expected.pop().unwrap();
        *expected.last_mut().unwrap() += trees;
        let actual: Vec<_> = phases.iter().map(|phase| phase.permutations).collect();
        assert_eq!(actual, expected, "{id}");
        assert!(trees.width_16 > 0 && trees.width_24 > 0, "{id}");
    }
    assert!(lists > 0);
}

/// A change of the protocol shows here what it does to the cost of verifying.
#[test]
fn products_of_the_vectors() {
    let mut text = "Products of two elements of E, and of one of E and one of F.\n\n".to_owned();
    let names =
        ["lookup", "permutations", "zerocheck", "opening"].map(|name| format!("{name:>17}"));
    writeln!(text, "{:24}{}", "", names.concat()).unwrap();
    for (id, _, phases) in cases() {
        let [statement, commitment, others @ ..] = phases.as_slice() else {
            panic!("{id}: two phases without products");
        };
        for phase in [statement, commitment] {
            assert_eq!((phase.extension, phase.base), (0, 0), "{id}");
        }
        let others = others.iter();
        let others = others.map(|phase| format!("{:>9}{:>8}", phase.extension, phase.base));
        writeln!(text, "{id:24}{}", others.collect::<String>()).unwrap();
    }
    println!("{text}");
    insta::assert_snapshot!(text);
}
