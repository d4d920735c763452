//! SPEC §10 transcript.
//!
//! A duplex [`Sponge`] of width 16 and rate 8 over Poseidon2. [`ProverTranscript`] writes the
//! elements of a proof, [`VerifierTranscript`] takes them one after another; both record the same
//! [`Event`]s in the same order.

use crate::field::{DEGREE, Ext, Felt, MODULUS};
use crate::permutation::permute_16;
use crate::rejection::{Error, Rejection};

/// The number of elements that one absorption or one squeeze moves.
pub const RATE: usize = 8;

/// What a transcript did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// A list was appended to the proof and absorbed.
    Send,
    /// A list was appended to the proof and not absorbed.
    Opening,
    /// A list that both sides know was absorbed.
    Absorb,
    /// An element of E was sampled; the values are its coordinates.
    Sample,
    /// Indices were sampled; the values are the indices.
    Indices,
    /// A proof of work; the values are the number of bits and the nonce.
    Grind,
}

/// One step of a transcript, for comparison in lockstep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The label that SPEC gives to the step.
    pub label: &'static str,
    /// The canonical words that were moved.
    pub values: Vec<u32>,
}

/// The coordinates of elements of E, one after another.
pub fn flatten(elements: &[Ext]) -> Vec<Felt> {
    elements.iter().flat_map(|x| x.coordinates()).collect()
}

/// The elements of E whose coordinates these are; an incomplete last element is left out.
pub fn unflatten(coordinates: &[Felt]) -> Vec<Ext> {
    coordinates
        .chunks_exact(DEGREE)
        .map(|chunk| Ext::new(core::array::from_fn(|i| chunk[i])))
        .collect()
}

/// The duplex sponge.
#[derive(Clone, Debug, Default)]
pub struct Sponge {
    state: [Felt; 16],
    squeezed: bool,
}

impl Sponge {
    /// The sponge whose state is zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Absorbs a list, padded by zeros to a multiple of 8.
    pub fn absorb(&mut self, list: &[Felt]) {
        for chunk in list.chunks(RATE) {
            for i in 0..RATE {
                self.state[i] = chunk.get(i).copied().unwrap_or(Felt::ZERO);
            }
            permute_16(&mut self.state);
            self.squeezed = false;
        }
    }

    /// The next eight elements.
    pub fn squeeze(&mut self) -> [Felt; RATE] {
        if self.squeezed {
            permute_16(&mut self.state);
        }
        self.squeezed = true;
        core::array::from_fn(|i| self.state[i])
    }

    /// An element of E: the first five elements of one squeeze.
    pub fn sample(&mut self) -> Ext {
        let block = self.squeeze();
        Ext::new(core::array::from_fn(|i| block[i]))
    }

    /// `number` indices below 2^bits, unsorted. Precondition: bits ≤ 24.
    pub fn indices(&mut self, number: usize, bits: u32) -> Vec<usize> {
        let mut list = Vec::new();
        for _ in 0..number.div_ceil(RATE) {
            for element in self.squeeze() {
                list.push(element.value() as usize % (1 << bits));
            }
        }
        list.truncate(number);
        list
    }

    /// Whether a nonce fits: absorbs it; whether the first element of the next squeeze is 0 modulo
    /// 2^bits.
    pub fn fits(&mut self, nonce: Felt, bits: u32) -> bool {
        self.absorb(&[nonce]);
        u64::from(self.squeeze()[0].value()) % (1 << bits) == 0
    }
}

/// The events of a transcript, if they are wanted.
#[derive(Clone, Debug)]
struct Record(Option<Vec<Event>>);

impl Record {
    fn new(record: bool) -> Self {
        Self(record.then(Vec::new))
    }

    fn push(&mut self, kind: EventKind, label: &'static str, values: Vec<u32>) {
        if values.is_empty() {
            return;
        }
        if let Some(events) = &mut self.0 {
            events.push(Event {
                kind,
                label,
                values,
            });
        }
    }

    fn push_elements(&mut self, kind: EventKind, label: &'static str, elements: &[Felt]) {
        self.push(kind, label, elements.iter().map(|x| x.value()).collect());
    }

    fn push_indices(&mut self, label: &'static str, indices: &[usize]) {
        let words = indices.iter().map(|&i| i as u32).collect();
        self.push(EventKind::Indices, label, words);
    }
}

/// The transcript of the prover.
#[derive(Clone, Debug)]
pub struct ProverTranscript {
    sponge: Sponge,
    proof: Vec<Felt>,
    record: Record,
}

impl ProverTranscript {
    /// An empty transcript; `record` asks for the events.
    pub fn new(record: bool) -> Self {
        Self {
            sponge: Sponge::new(),
            proof: Vec::new(),
            record: Record::new(record),
        }
    }

    /// Absorbs a list that the verifier knows.
    pub fn absorb(&mut self, label: &'static str, list: &[Felt]) {
        self.sponge.absorb(list);
        self.record.push_elements(EventKind::Absorb, label, list);
    }

    /// Appends a list to the proof and absorbs it.
    pub fn send(&mut self, label: &'static str, list: &[Felt]) {
        self.proof.extend_from_slice(list);
        self.sponge.absorb(list);
        self.record.push_elements(EventKind::Send, label, list);
    }

    /// Sends a list of elements of E.
    pub fn send_extension(&mut self, label: &'static str, list: &[Ext]) {
        self.send(label, &flatten(list));
    }

    /// Appends a list to the proof without absorbing it.
    pub fn opening(&mut self, label: &'static str, list: &[Felt]) {
        self.proof.extend_from_slice(list);
        self.record.push_elements(EventKind::Opening, label, list);
    }

    /// Samples an element of E.
    pub fn sample(&mut self, label: &'static str) -> Ext {
        let element = self.sponge.sample();
        self.record
            .push_elements(EventKind::Sample, label, &element.coordinates());
        element
    }

    /// Samples a point of `num_coordinates` coordinates.
    pub fn sample_point(&mut self, label: &'static str, num_coordinates: usize) -> Vec<Ext> {
        (0..num_coordinates).map(|_| self.sample(label)).collect()
    }

    /// Samples `number` indices below 2^bits, unsorted.
    pub fn indices(&mut self, label: &'static str, number: usize, bits: u32) -> Vec<usize> {
        let indices = self.sponge.indices(number, bits);
        self.record.push_indices(label, &indices);
        indices
    }

    /// §10.4: finds and sends the smallest nonce that gives `bits` zero bits.
    ///
    /// # Panics
    /// If there is none; there is one for bits ≤ 24.
    pub fn grind(&mut self, label: &'static str, bits: u32) {
        if bits == 0 {
            return;
        }
        for candidate in 0..MODULUS {
            let nonce = Felt::new(candidate);
            let mut sponge = self.sponge.clone();
            if sponge.fits(nonce, bits) {
                self.sponge = sponge;
                self.proof.push(nonce);
                let values = vec![bits, nonce.value()];
                self.record.push(EventKind::Grind, label, values);
                return;
            }
        }
        panic!("no nonce gives {bits} zero bits");
    }

    /// The elements of the proof and the events.
    pub fn finish(self) -> (Vec<Felt>, Vec<Event>) {
        (self.proof, self.record.0.unwrap_or_default())
    }
}

/// The transcript of the verifier: a position in the words of a proof, after its header.
#[derive(Clone, Debug)]
pub struct VerifierTranscript<'a> {
    sponge: Sponge,
    words: &'a [u32],
    record: Record,
}

impl<'a> VerifierTranscript<'a> {
    /// The transcript of a proof of these words; `record` asks for the events.
    pub fn new(words: &'a [u32], record: bool) -> Self {
        Self {
            sponge: Sponge::new(),
            words,
            record: Record::new(record),
        }
    }

    /// The next `number` elements of the proof (§10.1, §10.2).
    fn take(&mut self, label: &'static str, number: usize) -> Result<Vec<Felt>, Error> {
        let Some((words, rest)) = self.words.split_at_checked(number) else {
            let detail = format!("{label}: {number} elements, {} left", self.words.len());
            return Err(Error::new(Rejection::ProofTruncated, detail));
        };
        self.words = rest;
        let mut elements = Vec::new();
        for &word in words {
            let element = Felt::from_canonical(word).ok_or_else(|| {
                Error::new(Rejection::ElementNotCanonical, format!("{label}: {word}"))
            })?;
            elements.push(element);
        }
        Ok(elements)
    }

    /// Absorbs a list that the verifier knows.
    pub fn absorb(&mut self, label: &'static str, list: &[Felt]) {
        self.sponge.absorb(list);
        self.record.push_elements(EventKind::Absorb, label, list);
    }

    /// Takes a list from the proof and absorbs it (§10.3).
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`.
    pub fn receive(&mut self, label: &'static str, number: usize) -> Result<Vec<Felt>, Error> {
        let list = self.take(label, number)?;
        self.sponge.absorb(&list);
        self.record.push_elements(EventKind::Send, label, &list);
        Ok(list)
    }

    /// Receives a list of elements of E.
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`.
    pub fn receive_extension(
        &mut self,
        label: &'static str,
        number: usize,
    ) -> Result<Vec<Ext>, Error> {
        let list = self.receive(label, number.saturating_mul(DEGREE))?;
        Ok(unflatten(&list))
    }

    /// Takes a list from the proof without absorbing it.
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`.
    pub fn opening(&mut self, label: &'static str, number: usize) -> Result<Vec<Felt>, Error> {
        let list = self.take(label, number)?;
        self.record.push_elements(EventKind::Opening, label, &list);
        Ok(list)
    }

    /// Samples an element of E.
    pub fn sample(&mut self, label: &'static str) -> Ext {
        let element = self.sponge.sample();
        self.record
            .push_elements(EventKind::Sample, label, &element.coordinates());
        element
    }

    /// Samples a point of `num_coordinates` coordinates.
    pub fn sample_point(&mut self, label: &'static str, num_coordinates: usize) -> Vec<Ext> {
        (0..num_coordinates).map(|_| self.sample(label)).collect()
    }

    /// Samples `number` indices below 2^bits, unsorted.
    pub fn indices(&mut self, label: &'static str, number: usize, bits: u32) -> Vec<usize> {
        let indices = self.sponge.indices(number, bits);
        self.record.push_indices(label, &indices);
        indices
    }

    /// §10.4, §10.5: takes a nonce and checks that it gives `bits` zero bits; any that does will
    /// do, not only the smallest.
    ///
    /// # Errors
    /// `proof-truncated`, `element-not-canonical`, `grinding`.
    pub fn grind(&mut self, label: &'static str, bits: u32) -> Result<(), Error> {
        if bits == 0 {
            return Ok(());
        }
        for nonce in self.take(label, 1)? {
            let values = vec![bits, nonce.value()];
            self.record.push(EventKind::Grind, label, values);
            if !self.sponge.fits(nonce, bits) {
                return Err(Error::new(Rejection::Grinding, label));
            }
        }
        Ok(())
    }

    /// §10.6: the events, after the last element.
    ///
    /// # Errors
    /// `proof-left-over`.
    pub fn finish(self) -> Result<Vec<Event>, Error> {
        if !self.words.is_empty() {
            let detail = format!("{} elements", self.words.len());
            return Err(Error::new(Rejection::ProofLeftOver, detail));
        }
        Ok(self.record.0.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
