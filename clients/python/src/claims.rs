//! Claims: who has signed what.

use std::collections::BTreeMap;
use std::sync::Arc;

use leanvm_fast::merging::{self, canonical_claims, check_numbers};
use leanvm_fast::xmss;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::arguments::Slot;
use crate::failures::Failure;
use crate::messages::{AnyMessage, Message, PublicKey};

/// That each of some keys has signed a message for a slot.
#[pyclass(frozen, module = "leanvm")]
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) message: Message,
    pub(crate) slot: u32,
    pub(crate) keys: Vec<xmss::PublicKey>,
}

#[pymethods]
impl Claim {
    #[new]
    fn new(message: AnyMessage, slot: Slot, keys: &Bound<'_, PyAny>) -> PyResult<Self> {
        let keys = keys.try_iter()?.enumerate().map(|(index, key)| {
            let key = key?;
            let key = key.cast::<PublicKey>();
            let refused = |_| PyTypeError::new_err(format!("key {index}: a PublicKey is expected"));
            key.map(|key| key.get().0).map_err(refused)
        });
        Ok(Self {
            message: message.0,
            slot: slot.0,
            keys: keys.collect::<PyResult<_>>()?,
        })
    }

    #[getter]
    fn message(&self) -> Message {
        self.message.clone()
    }

    #[getter]
    const fn slot(&self) -> u32 {
        self.slot
    }

    #[getter]
    fn keys(&self) -> Vec<PublicKey> {
        self.keys.iter().copied().map(PublicKey).collect()
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.to_library() == other.to_library()
    }

    fn __repr__(&self) -> String {
        let (slot, keys) = (self.slot, self.keys.len());
        format!("<leanvm.Claim of {keys} keys, slot {slot}>")
    }
}

impl Claim {
    /// The claim of the library.
    fn to_library(&self) -> merging::Claim {
        merging::Claim {
            slot: self.slot,
            message: self.message.message,
            keys: self.keys.clone(),
        }
    }
}

/// The bytes of messages, as far as they are known, which are not in the claims of the library.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(BTreeMap<[u8; xmss::MESSAGE_BYTES], Arc<[u8]>>);

impl Texts {
    pub(crate) fn add(&mut self, message: &Message) {
        if let Some(text) = &message.text {
            let canonical = message.message.to_canonical_bytes();
            self.0.insert(canonical, text.clone());
        }
    }

    pub(crate) fn add_all(&mut self, other: &Self) {
        self.0
            .extend(other.0.iter().map(|(key, text)| (*key, text.clone())));
    }

    fn message(&self, message: xmss::Message) -> Message {
        let text = self.0.get(&message.to_canonical_bytes()).cloned();
        Message { message, text }
    }

    /// The claim for callers.
    pub(crate) fn claim(&self, claim: &merging::Claim) -> Claim {
        Claim {
            message: self.message(claim.message),
            slot: claim.slot,
            keys: claim.keys.clone(),
        }
    }
}

/// Claims as they are given: one, or several.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) claims: Vec<merging::Claim>,
    pub(crate) texts: Texts,
}

impl<'py> FromPyObject<'_, 'py> for Given {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let mut given = Self::default();
        if let Ok(claim) = value.cast::<Claim>() {
            given.add(claim.get());
            return Ok(given);
        }
        for (index, claim) in value.try_iter()?.enumerate() {
            let claim = claim?;
            let refused = |_| PyTypeError::new_err(format!("claim {index}: a Claim is expected"));
            given.add(claim.cast::<Claim>().map_err(refused)?.get());
        }
        Ok(given)
    }
}

impl Given {
    fn add(&mut self, claim: &Claim) {
        self.claims.push(claim.to_library());
        self.texts.add(&claim.message);
    }

    /// The claims in canonical order.
    pub(crate) fn canonical(&self) -> Result<Vec<merging::Claim>, Failure> {
        check_numbers(&self.claims)?;
        Ok(canonical_claims(&self.claims)?)
    }

    fn for_callers(&self, claims: &[merging::Claim]) -> Vec<Claim> {
        claims.iter().map(|claim| self.texts.claim(claim)).collect()
    }
}

/// All claims, those of one slot and message united.
#[pyfunction]
pub(crate) fn union(claims: Given) -> Vec<Claim> {
    claims.for_callers(&merging::union(&claims.claims))
}

/// A key that has signed several messages for one slot.
#[pyclass(frozen, module = "leanvm")]
#[derive(Debug)]
pub(crate) struct Equivocation {
    key: xmss::PublicKey,
    slot: u32,
    messages: Vec<Message>,
}

#[pymethods]
impl Equivocation {
    #[getter]
    const fn key(&self) -> PublicKey {
        PublicKey(self.key)
    }

    #[getter]
    const fn slot(&self) -> u32 {
        self.slot
    }

    #[getter]
    fn messages(&self) -> Vec<Message> {
        self.messages.clone()
    }

    fn __repr__(&self) -> String {
        let (slot, messages) = (self.slot, self.messages.len());
        format!("<leanvm.Equivocation of {messages} messages, slot {slot}>")
    }
}

/// The keys that stand in claims of one slot and several messages.
#[pyfunction]
pub(crate) fn equivocations(claims: Given) -> Vec<Equivocation> {
    let found = merging::equivocations(&claims.claims).into_iter();
    let for_callers = |one: merging::Equivocation| Equivocation {
        key: one.key,
        slot: one.slot,
        messages: one
            .messages
            .into_iter()
            .map(|one| claims.texts.message(one))
            .collect(),
    };
    found.map(for_callers).collect()
}
