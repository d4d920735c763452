//! Signatures of scheme `leansig_dim64`: both verifiers in words and bytes, and a signer for tests.

use leanvm_fast::leansig as fast;
use leanvm_spec::field::Felt;
use leanvm_spec::leansig as spec;
use leanvm_spec::permutation::hash;

use crate::canonical::bytes_of;

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
            .map(spec::Refusal::name)
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

/// Signs a message under a key that is made for the purpose: everything that a signature is free to choose, the path included, is drawn
/// from the seed, and the root is computed from it. So a key has one signature only, and is for tests.
#[must_use]
pub fn sign(seed: u64, slot: u32, message: &[u8; 32]) -> Signed {
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
    Signed {
        public_key: bytes_of(&[words(&key.root), words(&key.parameter)].concat()),
        slot,
        message: *message,
        signature: bytes_of(&signature.concat()),
    }
}
