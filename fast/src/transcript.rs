//! SPEC §10 transcript.
//!
//! A duplex sponge of width 16 and rate 8, the prover's and the verifier's half of the transcript over it, and the log of events that both
//! halves record alike. The verifier takes words from a proof of any content; the order of its calls is the format of the proof.

use rayon::prelude::*;

use p3_field::{PackedValue, PrimeCharacteristicRing};
use p3_symmetric::Permutation;

use crate::field::{
    DIMENSION, EF, F, PackedF, coordinates, from_canonical, from_coordinates, to_canonical,
};
use crate::permutation::{permute_16, poseidon2_16};
use crate::rejection::{Error, Rejection};
use crate::tuning::{LANES, Tuning};

/// Elements that one permutation absorbs or squeezes.
pub const RATE: usize = 8;
const WIDTH: usize = 16;
/// Greatest number of low bits of an element that are used.
pub const MAX_BITS: usize = 24;

/// What an [`Event`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A list appended to the proof and absorbed.
    Send,
    /// A list appended to the proof, not absorbed.
    Opening,
    /// A list absorbed that both sides know.
    Absorb,
    /// One challenge of E.
    Sample,
    /// A list of query indices.
    Indices,
    /// A nonce: values are the bits and the nonce.
    Grind,
}

/// One step of a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is.
    pub kind: EventKind,
    /// The label of SPEC.md.
    pub label: &'static str,
    /// Canonical words.
    pub values: Vec<u32>,
}

/// The duplex sponge.
#[derive(Clone, Debug)]
pub struct Sponge {
    state: [F; WIDTH],
    squeezed: bool,
}

impl Default for Sponge {
    fn default() -> Self {
        Self::new()
    }
}

impl Sponge {
    /// The sponge of the zero state.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: [F::ZERO; WIDTH],
            squeezed: false,
        }
    }

    /// *absorb(list)*.
    pub fn absorb(&mut self, list: &[F]) {
        for chunk in list.chunks(RATE) {
            let (rate, _) = self.state.split_at_mut(RATE);
            rate.fill(F::ZERO);
            for (to, from) in rate.iter_mut().zip(chunk) {
                *to = *from;
            }
            permute_16(&mut self.state);
            self.squeezed = false;
        }
    }

    /// *squeeze*.
    pub fn squeeze(&mut self) -> [F; RATE] {
        if self.squeezed {
            permute_16(&mut self.state);
        }
        self.squeezed = true;
        let mut result = [F::ZERO; RATE];
        for (to, from) in result.iter_mut().zip(&self.state) {
            *to = *from;
        }
        result
    }

    fn sample(&mut self) -> EF {
        let mut first = [F::ZERO; DIMENSION];
        for (to, from) in first.iter_mut().zip(self.squeeze()) {
            *to = from;
        }
        from_coordinates(first)
    }

    fn indices(&mut self, count: usize, bits: usize) -> Vec<usize> {
        let mut result = Vec::with_capacity(count);
        while result.len() < count {
            let left = count - result.len();
            result.extend(
                self.squeeze()
                    .iter()
                    .take(left)
                    .map(|element| usize::try_from(low_bits(*element, bits)).unwrap_or(0)),
            );
        }
        result
    }

    /// Absorbs a nonce and tells whether the next element has `bits` zero bits.
    fn nonce_is_valid(&mut self, nonce: F, bits: usize) -> bool {
        self.absorb(&[nonce]);
        let [first, ..] = self.squeeze();
        low_bits(first, bits) == 0
    }

    /// The smallest nonce in first..first + count that is valid, by packed permutations.
    fn search(&self, first: u32, count: u32, bits: usize) -> Option<u32> {
        let lanes: [u32; LANES] = std::array::from_fn(|lane| lane as u32);
        let mut start = first;
        let end = first.checked_add(count)?.min(crate::field::MODULUS);
        while start < end {
            let mut state: [PackedF; WIDTH] = std::array::from_fn(|i| {
                if i < RATE {
                    PackedF::ZERO
                } else {
                    PackedF::from(self.state[i])
                }
            });
            // Nonces from the modulus on only fill the last lanes; they are not smaller than any valid one.
            state[0] = PackedF::from_fn(|lane| F::from_u32(start + lanes[lane]));
            poseidon2_16().permute_mut(&mut state);
            let found = state[0]
                .as_slice()
                .iter()
                .zip(start..end)
                .find(|(element, _)| low_bits(**element, bits) == 0);
            if let Some((_, nonce)) = found {
                return Some(nonce);
            }
            start = start.saturating_add(LANES as u32);
        }
        None
    }

    /// The smallest valid nonce: the tasks of a block run in parallel, blocks one after another, the first find in order wins.
    fn grind(&self, bits: usize, tuning: &Tuning) -> u32 {
        let chunk = u32::try_from(tuning.grind_chunk.next_multiple_of(LANES)).unwrap_or(1 << 10);
        if !tuning.is_parallel(1 << bits) {
            return self
                .search(0, crate::field::MODULUS, bits)
                .expect("a nonce exists");
        }
        (0..crate::field::MODULUS.div_ceil(chunk))
            .step_by(BLOCK)
            .find_map(|block| {
                (block..block + BLOCK as u32)
                    .into_par_iter()
                    .find_map_first(|task| self.search(task.checked_mul(chunk)?, chunk, bits))
            })
            .expect("a nonce exists")
    }
}

/// Tasks of one block of a parallel grind.
const BLOCK: usize = 16;

fn low_bits(element: F, bits: usize) -> u32 {
    to_canonical(element) & ((1 << bits.min(MAX_BITS)) - 1)
}

#[derive(Clone, Debug, Default)]
struct Log(Option<Vec<Event>>);

impl Log {
    fn new(record: bool) -> Self {
        Self(record.then(Vec::new))
    }

    fn list(&mut self, kind: EventKind, label: &'static str, values: &[F]) {
        if let Some(events) = &mut self.0
            && !values.is_empty()
        {
            events.push(Event {
                kind,
                label,
                values: values.iter().map(|x| to_canonical(*x)).collect(),
            });
        }
    }

    fn words(&mut self, kind: EventKind, label: &'static str, values: Vec<u32>) {
        if let Some(events) = &mut self.0
            && !values.is_empty()
        {
            events.push(Event {
                kind,
                label,
                values,
            });
        }
    }
}

/// What both halves do alike.
macro_rules! common {
    () => {
        /// Absorbs a list that both sides know.
        pub fn absorb(&mut self, label: &'static str, list: &[F]) {
            self.sponge.absorb(list);
            self.log.list(EventKind::Absorb, label, list);
        }

        /// One challenge of E.
        pub fn sample(&mut self, label: &'static str) -> EF {
            let value = self.sponge.sample();
            self.log.list(EventKind::Sample, label, &coordinates(value));
            value
        }

        /// A point of `count` coordinates.
        pub fn sample_point(&mut self, label: &'static str, count: usize) -> Vec<EF> {
            (0..count).map(|_| self.sample(label)).collect()
        }

        /// *indices(q, b)*: `count` indices of `bits` bits, in the order sampled.
        pub fn indices(&mut self, label: &'static str, count: usize, bits: usize) -> Vec<usize> {
            let list = self.sponge.indices(count, bits);
            self.log.words(
                EventKind::Indices,
                label,
                list.iter()
                    .map(|index| u32::try_from(*index).unwrap_or(u32::MAX))
                    .collect(),
            );
            list
        }
    };
}

/// The prover's half.
#[derive(Clone, Debug)]
pub struct ProverTranscript {
    sponge: Sponge,
    proof: Vec<F>,
    log: Log,
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
            sponge: Sponge::new(),
            proof: Vec::new(),
            log: Log::new(record),
            tuning,
        }
    }

    common!();

    /// Appends a list to the proof and absorbs it.
    pub fn send(&mut self, label: &'static str, list: &[F]) {
        self.proof.extend_from_slice(list);
        self.sponge.absorb(list);
        self.log.list(EventKind::Send, label, list);
    }

    /// Sends a list of elements of E.
    pub fn send_extension(&mut self, label: &'static str, list: &[EF]) {
        let flat: Vec<F> = list.iter().flat_map(|x| coordinates(*x)).collect();
        self.send(label, &flat);
    }

    /// Appends a list to the proof without absorbing it.
    pub fn opening(&mut self, label: &'static str, list: &[F]) {
        self.proof.extend_from_slice(list);
        self.log.list(EventKind::Opening, label, list);
    }

    /// *grind(b)*: the smallest valid nonce.
    pub fn grind(&mut self, label: &'static str, bits: usize) {
        if bits == 0 {
            return;
        }
        assert!(bits <= MAX_BITS, "a grind has at most {MAX_BITS} bits");
        let nonce = self.sponge.grind(bits, &self.tuning);
        let valid = self.sponge.nonce_is_valid(F::new(nonce), bits);
        debug_assert!(valid, "packed and scalar permutation agree");
        self.proof.push(F::new(nonce));
        self.log.words(
            EventKind::Grind,
            label,
            vec![u32::try_from(bits).unwrap_or(u32::MAX), nonce],
        );
    }

    /// The elements of the proof and the events.
    #[must_use]
    pub fn finish(self) -> (Vec<F>, Vec<Event>) {
        (self.proof, self.log.0.unwrap_or_default())
    }
}

/// The verifier's half, over the words of a proof after its header.
#[derive(Clone, Debug)]
pub struct VerifierTranscript<'a> {
    sponge: Sponge,
    left: &'a [u32],
    log: Log,
}

impl<'a> VerifierTranscript<'a> {
    /// A transcript over the words of a proof; `record` keeps its events.
    #[must_use]
    pub fn new(words: &'a [u32], record: bool) -> Self {
        Self {
            sponge: Sponge::new(),
            left: words,
            log: Log::new(record),
        }
    }

    common!();

    fn take(&mut self, label: &'static str, count: usize) -> Result<Vec<F>, Error> {
        // The end of the proof comes before the form of its elements, and before any allocation.
        let (taken, left) = self
            .left
            .split_at_checked(count)
            .ok_or_else(|| Rejection::ProofTruncated.at(label))?;
        let elements = taken
            .iter()
            .map(|word| from_canonical(*word))
            .collect::<Option<Vec<F>>>()
            .ok_or_else(|| Rejection::ElementNotCanonical.at(label))?;
        self.left = left;
        Ok(elements)
    }

    /// Takes a sent list of `count` elements.
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`.
    pub fn receive(&mut self, label: &'static str, count: usize) -> Result<Vec<F>, Error> {
        let list = self.take(label, count)?;
        self.sponge.absorb(&list);
        self.log.list(EventKind::Send, label, &list);
        Ok(list)
    }

    /// Takes a sent list of `count` elements of E.
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`.
    pub fn receive_extension(
        &mut self,
        label: &'static str,
        count: usize,
    ) -> Result<Vec<EF>, Error> {
        let words = count
            .checked_mul(DIMENSION)
            .ok_or_else(|| Rejection::ProofTruncated.at(label))?;
        let list = self.receive(label, words)?;
        let (elements, _) = list.as_chunks::<DIMENSION>();
        Ok(elements.iter().map(|x| from_coordinates(*x)).collect())
    }

    /// Takes an opening of `count` elements.
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`.
    pub fn opening(&mut self, label: &'static str, count: usize) -> Result<Vec<F>, Error> {
        let list = self.take(label, count)?;
        self.log.list(EventKind::Opening, label, &list);
        Ok(list)
    }

    /// *grind(b)*.
    ///
    /// # Errors
    /// `grinding`, and those of [`Self::receive`].
    pub fn grind(&mut self, label: &'static str, bits: usize) -> Result<(), Error> {
        if bits == 0 {
            return Ok(());
        }
        for nonce in self.take(label, 1)? {
            self.log.words(
                EventKind::Grind,
                label,
                vec![u32::try_from(bits).unwrap_or(u32::MAX), to_canonical(nonce)],
            );
            if !self.sponge.nonce_is_valid(nonce, bits) {
                return Err(Rejection::Grinding.at(label));
            }
        }
        Ok(())
    }

    /// Ends the proof; the events.
    ///
    /// # Errors
    /// `proof-left-over`.
    pub fn finish(self) -> Result<Vec<Event>, Error> {
        if self.left.is_empty() {
            Ok(self.log.0.unwrap_or_default())
        } else {
            Err(Rejection::ProofLeftOver.at(format!("{} words", self.left.len())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                .find(|nonce| sponge.clone().nonce_is_valid(F::new(*nonce), 6))
                .unwrap();
            for tuning in [Tuning::default(), Tuning::smallest()] {
                for threads in [1, 2, 3, 7] {
                    let pool = rayon::ThreadPoolBuilder::new()
                        .num_threads(threads)
                        .build()
                        .unwrap();
                    assert_eq!(pool.install(|| sponge.grind(6, &tuning)), expected);
                }
            }
        }
    }

    #[test]
    fn rejections() {
        let rejection = |result: Result<Vec<F>, Error>| result.unwrap_err().rejection;
        let words = [1, crate::field::MODULUS, 3];
        let mut verifier = VerifierTranscript::new(&words, false);
        assert_eq!(
            rejection(verifier.clone().receive("x", usize::MAX)),
            Rejection::ProofTruncated
        );
        assert_eq!(
            verifier
                .receive_extension("x", usize::MAX)
                .unwrap_err()
                .rejection,
            Rejection::ProofTruncated
        );
        verifier.receive("x", 1).unwrap();
        assert_eq!(
            rejection(verifier.opening("x", 1)),
            Rejection::ElementNotCanonical
        );
        assert_eq!(
            verifier.finish().unwrap_err().rejection,
            Rejection::ProofLeftOver
        );
        let mut verifier = VerifierTranscript::new(&words[..1], false);
        assert_eq!(
            rejection(verifier.receive("x", 2)),
            Rejection::ProofTruncated
        );
    }

    #[test]
    fn wrong_nonce() {
        let valid = (0..16u32)
            .map(|nonce| VerifierTranscript::new(&[nonce], false).grind("n", 3))
            .filter(Result::is_ok)
            .count();
        assert!(valid < 16);
        for nonce in 0..16u32 {
            if let Err(error) = VerifierTranscript::new(&[nonce], false).grind("n", 3) {
                assert_eq!(error.rejection, Rejection::Grinding);
            }
        }
    }
}
