//! `permutation.json`: the constants of SPEC §3 and known answers.

use leanvm_spec::permutation::constants;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{File, parse, value};
use crate::canonical::MODULUS;
use crate::twins::{BOTH, SPEC, Twin};

#[derive(Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    function: String,
    input: Vec<u32>,
    output: Vec<u32>,
    result: String,
}

fn apply(twin: &dyn Twin, function: &str, input: &[u32]) -> Vec<u32> {
    match function {
        "permute" => {
            let mut state = input.to_vec();
            twin.permute(&mut state);
            state
        }
        "compress" => twin.compress(input),
        "hash" => twin.hash(input),
        other => panic!("unknown function {other}"),
    }
}

fn constants_object() -> Map<String, Value> {
    let mut object = Map::new();
    object.insert(
        "initial_external_16".to_owned(),
        value(&constants::EXTERNAL_INITIAL_16.map(|row| row.to_vec())),
    );
    object.insert(
        "internal_16".to_owned(),
        value(&constants::INTERNAL_16.to_vec()),
    );
    object.insert(
        "final_external_16".to_owned(),
        value(&constants::EXTERNAL_FINAL_16.map(|row| row.to_vec())),
    );
    object.insert(
        "diagonal_16".to_owned(),
        value(&constants::DIAGONAL_16.to_vec()),
    );
    object.insert(
        "initial_external_24".to_owned(),
        value(&constants::EXTERNAL_INITIAL_24.map(|row| row.to_vec())),
    );
    object.insert(
        "internal_24".to_owned(),
        value(&constants::INTERNAL_24.to_vec()),
    );
    object.insert(
        "final_external_24".to_owned(),
        value(&constants::EXTERNAL_FINAL_24.map(|row| row.to_vec())),
    );
    object.insert(
        "diagonal_24".to_owned(),
        value(&constants::DIAGONAL_24.to_vec()),
    );
    object
}

pub(super) fn file() -> File {
    let mut cases = Vec::new();
    let mut add = |id: String, flag: &str, function: &str, input: Vec<u32>| {
        let output = apply(SPEC, function, &input);
        let (flags, function) = (vec![flag.to_owned()], function.to_owned());
        cases.push(value(&Case {
            id,
            flags,
            function,
            input,
            output,
            result: "accepted".to_owned(),
        }));
    };
    for width in [16_u32, 24] {
        for function in ["permute", "compress"] {
            add(
                format!("{function}_{width}_zero"),
                "edge",
                function,
                vec![0; width as usize],
            );
            add(
                format!("{function}_{width}_greatest"),
                "edge",
                function,
                vec![MODULUS - 1; width as usize],
            );
            add(
                format!("{function}_{width}_counting"),
                "ordinary",
                function,
                (0..width).collect(),
            );
        }
    }
    for length in [0_u32, 1, 15, 16, 17, 32, 33] {
        let flag = if length % 16 == 0 {
            "ordinary"
        } else {
            "padded"
        };
        add(
            format!("hash_{length}"),
            flag,
            "hash",
            (1..=length).collect(),
        );
    }
    add("hash_one_zero".to_owned(), "padded", "hash", vec![0]);
    add("hash_two_zeros".to_owned(), "padded", "hash", vec![0, 0]);
    File {
        format: "permutation",
        section: "3 permutation",
        flags: &[
            ("ordinary", "nothing special"),
            ("edge", "an input of zeros or of the greatest element"),
            ("padded", "a hash whose last block is padded by zeros"),
        ],
        extra: vec![("constants", constants_object())],
        cases,
    }
}

pub(super) fn replay(of_file: &Value, cases: &[Value]) {
    use leanvm_fast::field::to_canonical;
    use leanvm_fast::permutation::constants as fast;
    assert_eq!(
        *of_file,
        Value::Object(constants_object()),
        "the constants of spec"
    );
    let of_fast = json!({
        "initial_external_16": fast::EXTERNAL_INITIAL_16.map(|row| row.map(to_canonical).to_vec()),
        "internal_16": fast::INTERNAL_16.map(to_canonical).to_vec(),
        "final_external_16": fast::EXTERNAL_FINAL_16.map(|row| row.map(to_canonical).to_vec()),
        "diagonal_16": fast::DIAGONAL_16.map(to_canonical).to_vec(),
        "initial_external_24": fast::EXTERNAL_INITIAL_24.map(|row| row.map(to_canonical).to_vec()),
        "internal_24": fast::INTERNAL_24.map(to_canonical).to_vec(),
        "final_external_24": fast::EXTERNAL_FINAL_24.map(|row| row.map(to_canonical).to_vec()),
        "diagonal_24": fast::DIAGONAL_24.map(to_canonical).to_vec(),
    });
    assert_eq!(*of_file, of_fast, "the constants of fast");
    for case in cases {
        let case: Case = parse(case);
        for twin in BOTH {
            assert_eq!(
                apply(twin, &case.function, &case.input),
                case.output,
                "{}, {}",
                case.id,
                twin.name()
            );
        }
    }
}
