//! SPEC §10 transcript.
//!
//! A duplex sponge of width 16 and rate 8, what both halves of a transcript do alike over it, with
//! the log of events, and the verifier's half. The verifier takes words from a proof of any
//! content; the order of its calls is the format of the proof.

use p3_field::PrimeCharacteristicRing;

use crate::cost::{Cost, Permutations};
use crate::field::{DIMENSION, EF, F, coordinates, from_canonical, from_coordinates, to_canonical};
use crate::permutation::permute_16;
use crate::rejection::{Error, Rejection};

/// Elements that one permutation absorbs or squeezes.
pub const RATE: usize = 8;
/// Elements of the state.
pub const WIDTH: usize = 16;
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
    permutations: usize,
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
            permutations: 0,
        }
    }

    fn permute(&mut self) {
        permute_16(&mut self.state);
        self.permutations = self.permutations.wrapping_add(1);
    }

    /// *absorb(list)*.
    pub fn absorb(&mut self, list: &[F]) {
        for chunk in list.chunks(RATE) {
            let (rate, _) = self.state.split_at_mut(RATE);
            rate.fill(F::ZERO);
            for (to, from) in rate.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.permute();
            self.squeezed = false;
        }
    }

    /// *squeeze*.
    pub fn squeeze(&mut self) -> [F; RATE] {
        if self.squeezed {
            self.permute();
        }
        self.squeezed = true;
        let mut result = [F::ZERO; RATE];
        for (to, from) in result.iter_mut().zip(&self.state) {
            *to = *from;
        }
        result
    }

    /// The state; a search for a nonce starts from it.
    pub const fn state(&self) -> &[F; WIDTH] {
        &self.state
    }

    /// One challenge of E.
    pub fn sample(&mut self) -> EF {
        let [first, second, third, fourth, fifth, ..] = self.squeeze();
        from_coordinates([first, second, third, fourth, fifth])
    }

    /// *indices(q, b)*: `count` indices of `bits` bits, in the order sampled.
    pub fn indices(&mut self, count: usize, bits: usize) -> Vec<usize> {
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
    pub fn fits(&mut self, nonce: F, bits: usize) -> bool {
        self.absorb(&[nonce]);
        let [first, ..] = self.squeeze();
        low_bits(first, bits) == 0
    }
}

/// The low bits of the canonical form of an element, at most [`MAX_BITS`].
#[inline]
#[must_use]
pub fn low_bits(element: F, bits: usize) -> u32 {
    to_canonical(element) & ((1 << bits.min(MAX_BITS)) - 1)
}

/// What both halves of a transcript do alike: the sponge, and the events if they are kept.
#[derive(Clone, Debug)]
pub struct Common {
    sponge: Sponge,
    events: Option<Vec<Event>>,
}

impl Common {
    /// Nothing absorbed; `record` keeps the events.
    #[must_use]
    pub fn new(record: bool) -> Self {
        Self {
            sponge: Sponge::new(),
            events: record.then(Vec::new),
        }
    }

    /// The sponge.
    #[must_use]
    pub const fn sponge(&self) -> &Sponge {
        &self.sponge
    }

    /// Keeps an event, but for an empty list.
    fn record<W: IntoIterator<Item = u32>>(
        &mut self,
        kind: EventKind,
        label: &'static str,
        words: W,
    ) {
        if let Some(events) = &mut self.events {
            let values: Vec<u32> = words.into_iter().collect();
            if !values.is_empty() {
                events.push(Event {
                    kind,
                    label,
                    values,
                });
            }
        }
    }

    /// Absorbs a list that both sides know.
    pub fn absorb(&mut self, label: &'static str, list: &[F]) {
        self.sponge.absorb(list);
        self.record(
            EventKind::Absorb,
            label,
            list.iter().map(|x| to_canonical(*x)),
        );
    }

    /// Absorbs a list that is part of the proof.
    pub fn send(&mut self, label: &'static str, list: &[F]) {
        self.sponge.absorb(list);
        self.record(
            EventKind::Send,
            label,
            list.iter().map(|x| to_canonical(*x)),
        );
    }

    /// A list that is part of the proof and not absorbed.
    pub fn opening(&mut self, label: &'static str, list: &[F]) {
        self.record(
            EventKind::Opening,
            label,
            list.iter().map(|x| to_canonical(*x)),
        );
    }

    /// One challenge of E.
    pub fn sample(&mut self, label: &'static str) -> EF {
        let value = self.sponge.sample();
        self.record(
            EventKind::Sample,
            label,
            coordinates(value).map(to_canonical),
        );
        value
    }

    /// A point of `count` coordinates.
    pub fn sample_point(&mut self, label: &'static str, count: usize) -> Vec<EF> {
        (0..count).map(|_| self.sample(label)).collect()
    }

    /// *indices(q, b)*: `count` indices of `bits` bits, in the order sampled.
    pub fn indices(&mut self, label: &'static str, count: usize, bits: usize) -> Vec<usize> {
        let list = self.sponge.indices(count, bits);
        let word = |index: &usize| u32::try_from(*index).unwrap_or(u32::MAX);
        self.record(EventKind::Indices, label, list.iter().map(word));
        list
    }

    /// Absorbs a nonce and tells whether it gives `bits` zero bits.
    pub fn fits(&mut self, label: &'static str, nonce: F, bits: usize) -> bool {
        let words = [u32::try_from(bits).unwrap_or(u32::MAX), to_canonical(nonce)];
        self.record(EventKind::Grind, label, words);
        self.sponge.fits(nonce, bits)
    }

    /// The events, none if they are not kept.
    #[must_use]
    pub fn into_events(self) -> Vec<Event> {
        self.events.unwrap_or_default()
    }
}

fn truncated(label: &str, count: usize, left: usize) -> Error {
    Rejection::ProofTruncated.at(format!(
        "{label}: {count} words are needed, {left} are left"
    ))
}

/// The verifier's half, over the words of a proof after its header.
#[derive(Clone, Debug)]
pub struct VerifierTranscript<'a> {
    common: Common,
    left: &'a [u32],
    phases: Vec<(&'static str, Permutations)>,
    trees: Permutations,
}

impl<'a> VerifierTranscript<'a> {
    /// A transcript over the words of a proof; `record` keeps its events.
    #[must_use]
    pub fn new(words: &'a [u32], record: bool) -> Self {
        Self {
            common: Common::new(record),
            left: words,
            phases: Vec::new(),
            trees: Permutations::default(),
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

    fn take(&mut self, label: &'static str, count: usize) -> Result<Vec<F>, Error> {
        // §10.1, then §10.2: the end of the proof comes before the form of its elements, and before
        // any allocation.
        let (taken, left) = self
            .left
            .split_at_checked(count)
            .ok_or_else(|| truncated(label, count, self.left.len()))?;
        let elements = taken
            .iter()
            .enumerate()
            .map(|(i, word)| {
                from_canonical(*word).ok_or_else(|| {
                    Rejection::ElementNotCanonical.at(format!(
                        "{label}: word {i} of {count} is {word}, not below p"
                    ))
                })
            })
            .collect::<Result<Vec<F>, Error>>()?;
        self.left = left;
        Ok(elements)
    }

    /// Takes a sent list of `count` elements (§10.1 to §10.3).
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`.
    pub fn receive(&mut self, label: &'static str, count: usize) -> Result<Vec<F>, Error> {
        let list = self.take(label, count)?;
        self.common.send(label, &list);
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
            .ok_or_else(|| truncated(label, count, self.left.len()))?;
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
        self.common.opening(label, &list);
        Ok(list)
    }

    /// §10.4, §10.5: any nonce that fits is taken, not only the smallest.
    ///
    /// # Errors
    /// `grinding`, and those of [`Self::receive`].
    pub fn grind(&mut self, label: &'static str, bits: usize) -> Result<(), Error> {
        if bits == 0 {
            return Ok(());
        }
        for nonce in self.take(label, 1)? {
            if !self.common.fits(label, nonce, bits) {
                return Err(Rejection::Grinding.at(format!(
                    "{label}: the nonce {nonce} does not give {bits} zero bits"
                )));
            }
        }
        Ok(())
    }

    /// Counts what checking an opening has taken.
    pub(crate) fn count_trees(&mut self, permutations: Permutations) {
        self.trees += permutations;
    }

    /// Ends a phase of the verification.
    pub(crate) fn end_phase(&mut self, name: &'static str) {
        #[cfg(test)]
        crate::cost::counted::end_phase();
        let permutations = Permutations {
            width_16: std::mem::take(&mut self.common.sponge.permutations),
            width_24: 0,
        };
        self.phases.push((name, permutations));
    }

    /// The permutations of the phases that have ended, and of the trees.
    pub(crate) fn cost(&self) -> Cost {
        let mut phases = self.phases.clone();
        phases.push(("trees", self.trees));
        Cost { phases }
    }

    /// §10.6: ends the proof; the events.
    ///
    /// # Errors
    /// `proof-left-over`.
    pub fn finish(self) -> Result<Vec<Event>, Error> {
        if self.left.is_empty() {
            Ok(self.common.into_events())
        } else {
            Err(Rejection::ProofLeftOver.at(format!(
                "{} words behind the end of the proof",
                self.left.len()
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
