//! SPEC §10 transcript, the prover's half.
//!
//! The sponge, the events and the verifier's half are those of [`leanvm_verifier::transcript`].

use rayon::prelude::*;

use p3_field::{PackedValue, PrimeCharacteristicRing};
use p3_symmetric::Permutation;

use crate::field::{EF, F, MODULUS, PackedF, coordinates};
use crate::permutation::poseidon2_16;
use crate::tuning::{LANES, Tuning};

pub use leanvm_verifier::transcript::*;

/// A search for a nonce.
struct Search<'a> {
    /// The state of the sponge before the nonce.
    state: &'a [F; WIDTH],
    bits: usize,
}

impl Search<'_> {
    /// The smallest nonce in first..first + count that is valid, by packed permutations.
    fn range(&self, first: u32, count: u32) -> Option<u32> {
        let lanes: [u32; LANES] = std::array::from_fn(|lane| lane as u32);
        let mut start = first;
        let end = first.checked_add(count)?.min(MODULUS);
        while start < end {
            let mut state: [PackedF; WIDTH] = std::array::from_fn(|i| {
                if i < RATE {
                    PackedF::ZERO
                } else {
                    PackedF::from(self.state[i])
                }
            });
            // Nonces from the modulus on only fill the last lanes; they are not smaller than any
            // valid one.
            state[0] = PackedF::from_fn(|lane| F::from_u32(start + lanes[lane]));
            poseidon2_16().permute_mut(&mut state);
            let found = state[0]
                .as_slice()
                .iter()
                .zip(start..end)
                .find(|(element, _)| low_bits(**element, self.bits) == 0);
            if let Some((_, nonce)) = found {
                return Some(nonce);
            }
            start = start.saturating_add(LANES as u32);
        }
        None
    }

    /// The smallest valid nonce: the tasks of a block run in parallel, blocks one after another,
    /// the first find in order wins.
    fn smallest(&self, tuning: &Tuning) -> u32 {
        let chunk = tuning.grind_chunk.clamp(1, 1 << 20);
        let chunk = u32::try_from(chunk.next_multiple_of(LANES)).expect("at most 2^20");
        if !tuning.is_parallel(1 << self.bits) {
            return self.range(0, MODULUS).expect("a nonce exists");
        }
        (0..MODULUS.div_ceil(chunk))
            .step_by(BLOCK)
            .find_map(|block| {
                (block..block + BLOCK as u32)
                    .into_par_iter()
                    .find_map_first(|task| self.range(task.checked_mul(chunk)?, chunk))
            })
            .expect("a nonce exists")
    }
}

/// Tasks of one block of a parallel grind.
const BLOCK: usize = 16;

/// The prover's half.
#[derive(Clone, Debug)]
pub struct ProverTranscript {
    common: Common,
    proof: Vec<F>,
    tuning: Tuning,
}

impl ProverTranscript {
    /// An empty transcript; `record` keeps its events.
    #[must_use]
    pub fn new(record: bool) -> Self {
        Self::with_tuning(record, Tuning::default())
    }

    /// As [`Self::new`], with the tuning of the grinds.
    #[must_use]
    pub fn with_tuning(record: bool, tuning: Tuning) -> Self {
        Self {
            common: Common::new(record),
            proof: Vec::new(),
            tuning,
        }
    }

    /// Absorbs a list that both sides know.
    pub fn absorb(&mut self, label: &'static str, list: &[F]) {
        self.common.absorb(label, list);
    }

    /// One challenge of E.
    pub fn sample(&mut self, label: &'static str) -> EF {
        self.common.sample(label)
    }

    /// A point of `count` coordinates.
    pub fn sample_point(&mut self, label: &'static str, count: usize) -> Vec<EF> {
        self.common.sample_point(label, count)
    }

    /// *indices(q, b)*: `count` indices of `bits` bits, in the order sampled.
    pub fn indices(&mut self, label: &'static str, count: usize, bits: usize) -> Vec<usize> {
        self.common.indices(label, count, bits)
    }

    /// Appends a list to the proof and absorbs it.
    pub fn send(&mut self, label: &'static str, list: &[F]) {
        self.proof.extend_from_slice(list);
        self.common.send(label, list);
    }

    /// Sends a list of elements of E.
    pub fn send_extension(&mut self, label: &'static str, list: &[EF]) {
        let flat: Vec<F> = list.iter().flat_map(|x| coordinates(*x)).collect();
        self.send(label, &flat);
    }

    /// Appends a list to the proof without absorbing it.
    pub fn opening(&mut self, label: &'static str, list: &[F]) {
        self.proof.extend_from_slice(list);
        self.common.opening(label, list);
    }

    /// *grind(b)*: the smallest valid nonce.
    ///
    /// # Panics
    /// If b is more than 24.
    pub fn grind(&mut self, label: &'static str, bits: usize) {
        if bits == 0 {
            return;
        }
        assert!(bits <= MAX_BITS, "a grind has at most {MAX_BITS} bits");
        let state = self.common.sponge().state();
        let nonce = F::new(Search { state, bits }.smallest(&self.tuning));
        let valid = self.common.fits(label, nonce, bits);
        debug_assert!(valid, "packed and scalar permutation agree");
        self.proof.push(nonce);
    }

    /// The elements of the proof and the events.
    #[must_use]
    pub fn finish(self) -> (Vec<F>, Vec<Event>) {
        (self.proof, self.common.into_events())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::to_canonical;

    #[test]
    fn halves_agree() {
        let mut prover = ProverTranscript::new(true);
        prover.absorb("a", &[F::ONE; 3]);
        prover.send("b", &[F::TWO; 9]);
        let point = prover.sample_point("c", 3);
        prover.send_extension("d", &point);
        prover.opening("e", &[F::NEG_ONE; 4]);
        prover.send("empty", &[]);
        prover.grind("f", 0);
        prover.grind("g", 7);
        let indices = prover.indices("h", 11, 5);
        let (proof, events) = prover.finish();
        assert_eq!(events.len(), 9);

        let words: Vec<u32> = proof.iter().map(|x| to_canonical(*x)).collect();
        let mut verifier = VerifierTranscript::new(&words, true);
        verifier.absorb("a", &[F::ONE; 3]);
        assert_eq!(verifier.receive("b", 9).unwrap(), [F::TWO; 9]);
        assert_eq!(verifier.sample_point("c", 3), point);
        assert_eq!(verifier.receive_extension("d", 3).unwrap(), point);
        assert_eq!(verifier.opening("e", 4).unwrap(), [F::NEG_ONE; 4]);
        assert_eq!(verifier.receive("empty", 0).unwrap(), []);
        verifier.grind("f", 0).unwrap();
        verifier.grind("g", 7).unwrap();
        assert_eq!(verifier.indices("h", 11, 5), indices);
        assert_eq!(verifier.finish().unwrap(), events);
    }

    #[test]
    fn grind_finds_the_smallest_nonce() {
        for seed in 0..6 {
            let mut sponge = Sponge::new();
            sponge.absorb(&[F::from_u32(seed)]);
            let expected = (0..)
                .find(|nonce| sponge.clone().fits(F::new(*nonce), 6))
                .unwrap();
            for tuning in [Tuning::default(), Tuning::smallest()] {
                for threads in [1, 2, 3, 7] {
                    let pool = rayon::ThreadPoolBuilder::new()
                        .num_threads(threads)
                        .build()
                        .unwrap();
                    let (state, bits) = (sponge.state(), 6);
                    let found = pool.install(|| Search { state, bits }.smallest(&tuning));
                    assert_eq!(found, expected);
                }
            }
        }
    }
}
