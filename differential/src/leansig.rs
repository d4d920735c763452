//! Signatures of scheme `leansig_dim64`: both verifiers in words and bytes, a signer for tests, and
//! the signatures of others that were given with the project.

use std::path::PathBuf;

use leanvm_fast::leansig as fast;
use leanvm_spec::field::Felt;
use leanvm_spec::leansig as spec;
use leanvm_spec::permutation::hash;

use crate::canonical::{bytes_of, bytes_of_hex};

/// A public key, a slot, a message and a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The public key.
    pub public_key: Vec<u8>,
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: [u8; 32],
    /// The signature.
    pub signature: Vec<u8>,
}

impl Signed {
    /// What the executable specification says: the name of the refusal, or nothing.
    #[must_use]
    pub fn refusal_of_spec(&self) -> Option<&'static str> {
        spec::verify(&self.public_key, self.slot, &self.message, &self.signature)
            .err()
            .map(spec::VerificationError::name)
    }

    /// What the production verifier says.
    #[must_use]
    pub fn refusal_of_fast(&self) -> Option<&'static str> {
        fast::verify(&self.public_key, self.slot, &self.message, &self.signature)
            .err()
            .map(fast::VerificationError::name)
    }

    /// What both verifiers say.
    ///
    /// # Panics
    /// If they disagree.
    #[must_use]
    pub fn refusal(&self) -> Option<&'static str> {
        let (spec, fast) = (self.refusal_of_spec(), self.refusal_of_fast());
        assert_eq!(
            spec,
            fast,
            "spec and fast on slot {} of key {}",
            self.slot,
            crate::canonical::hex_of(&self.public_key)
        );
        spec
    }
}

/// The signatures of others in the folder that `LEANVM_VECTORS` names, or beside the repository.
/// `None`, with a line that says so, where they are absent; where `CI` is `true` they must not be.
///
/// # Panics
/// If the file is not of its form, or absent where it must not be.
#[must_use]
pub fn real_signatures() -> Option<Vec<Signed>> {
    let folder = std::env::var_os("LEANVM_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors")),
        PathBuf::from,
    );
    let path = folder.join("leansig_dim64.json");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            assert!(
                std::env::var_os("CI").is_none_or(|value| value != "true"),
                "{}: {error}",
                path.display()
            );
            println!("SKIPPED: {}: {error}", path.display());
            return None;
        }
    };
    let file: serde_json::Value = serde_json::from_str(&text).expect("the file is JSON");
    let bytes = |value: &serde_json::Value| {
        bytes_of_hex(value.as_str().expect("a string")).expect("hexadecimal digits")
    };
    let cases = file["cases"].as_array().expect("cases");
    assert!(!cases.is_empty(), "no signature");
    Some(
        cases
            .iter()
            .map(|case| {
                assert_eq!(case["valid"], true, "case {}", case["id"]);
                Signed {
                    public_key: bytes(&case["public_key"]),
                    slot: u32::try_from(case["slot"].as_u64().expect("a slot")).expect("32 bits"),
                    message: bytes(&case["message"]).try_into().expect("32 bytes"),
                    signature: bytes(&case["signature"]),
                }
            })
            .collect(),
    )
}

/// Elements that depend on a seed and a counter, all distinct.
struct Source {
    seed: u64,
    drawn: u64,
}

impl Source {
    fn draw<const N: usize>(&mut self) -> [Felt; N] {
        let mut elements = Vec::new();
        while elements.len() < N {
            let counter = [
                self.seed & 0xffff_ffff,
                self.seed >> 32,
                self.drawn,
                0x6c65_616e,
            ];
            elements.extend(hash(&counter.map(Felt::new)));
            self.drawn += 1;
        }
        std::array::from_fn(|i| elements[i])
    }
}

/// Signs a message under a key that is made for the purpose: everything that a signature is free to
/// choose, the path included, is drawn from the seed, and the root is computed from it. So a key
/// has one signature only, and is for tests.
#[must_use]
pub fn sign(seed: u64, slot: u32, message: &[u8; 32]) -> Signed {
    sign_in_full(seed, slot, message).0
}

/// As [`sign`], with the first values of the 64 chains, which a signature keeps secret.
#[must_use]
pub fn sign_in_full(seed: u64, slot: u32, message: &[u8; 32]) -> (Signed, Vec<[Felt; 8]>) {
    let mut source = Source { seed, drawn: 0 };
    let mut key = spec::PublicKey {
        root: [Felt::ZERO; 8],
        parameter: source.draw(),
    };
    let (randomness, vector) = loop {
        let randomness = source.draw();
        if let Ok(vector) = spec::encode(&key, slot, message, &randomness) {
            break (randomness, vector);
        }
    };
    let mut hashes = Vec::new();
    let mut starts = Vec::new();
    let mut ends = Vec::new();
    for (i, digit) in vector.into_iter().enumerate() {
        let start = source.draw();
        let value = spec::chain(&key.parameter, slot, i, &start, 0, digit);
        ends.push(spec::chain(
            &key.parameter,
            slot,
            i,
            &value,
            digit,
            spec::GREATEST,
        ));
        hashes.push(value);
        starts.push(start);
    }
    let path: Vec<[Felt; 8]> = (0..spec::LEVELS).map(|_| source.draw()).collect();
    let leaf = spec::leaf(&key.parameter, slot, &ends);
    key.root = spec::root(&key.parameter, slot, &leaf, &path);

    let words = |list: &[Felt]| -> Vec<u32> { list.iter().map(|x| x.value()).collect() };
    let signature = [
        vec![36],
        words(&randomness),
        vec![1064, 4],
        words(path.as_flattened()),
        words(hashes.as_flattened()),
    ];
    let signed = Signed {
        public_key: bytes_of(&[words(&key.root), words(&key.parameter)].concat()),
        slot,
        message: *message,
        signature: bytes_of(&signature.concat()),
    };
    (signed, starts)
}
