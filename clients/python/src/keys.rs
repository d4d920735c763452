//! Keys that sign: in memory, or in a file that records what was signed.

use std::path::PathBuf;
use std::process;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard};

use leanvm_fast::xmss;
use leanvm_fast::xmss::keyfile::{KeyFile, KeyFileError};
use leanvm_fast::xmss::{KeyError, Seed};
use pyo3::prelude::*;

use crate::arguments::{Number, Slot};
use crate::failures::{Failure, Kind};
use crate::messages::{AnyMessage, PublicKey, Signature};
use crate::work::{Bounds, go_on, long, short};

/// A key that signs, for one thread at a time, until it is closed.
#[pyclass(frozen, module = "leanvm")]
pub(crate) struct SecretKey {
    public_key: xmss::PublicKey,
    first: u32,
    last: u32,
    /// The one that made or opened it: in the child of a fork there is the same key again.
    process: u32,
    held: Mutex<Option<Held>>,
}

enum Held {
    Memory(xmss::SecretKey),
    File(KeyFile),
}

impl Held {
    const fn key(&self) -> &xmss::SecretKey {
        match self {
            Self::Memory(key) => key,
            Self::File(file) => file.key(),
        }
    }

    fn sign(&mut self, slot: u32, message: &xmss::Message) -> Result<xmss::Signature, Failure> {
        Ok(match self {
            Self::Memory(key) => key.sign(slot, message)?,
            Self::File(file) => file.sign(slot, message)?,
        })
    }
}

fn closed() -> Failure {
    Failure::input("the key is closed")
}

impl SecretKey {
    fn of(held: Held) -> Self {
        let key = held.key();
        let (first, last) = key.slots().into_inner();
        Self {
            public_key: *key.public_key(),
            first,
            last,
            process: process::id(),
            held: Mutex::new(Some(held)),
        }
    }

    fn held(&self) -> Result<MutexGuard<'_, Option<Held>>, Failure> {
        let poisoned = |_| {
            let text = "the key met a defect while it signed: close it and open its file again";
            Failure::new(Kind::InternalError, text)
        };
        self.held.lock().map_err(poisoned)
    }

    fn sign_here(&self, slot: u32, message: &xmss::Message) -> Result<xmss::Signature, Failure> {
        if self.process != process::id() {
            let text = "the key is of the process that this one was forked from, which may sign \
                        with it: open or make a key here";
            return Err(Failure::new(Kind::Refused, text));
        }
        self.held()?
            .as_mut()
            .ok_or_else(closed)?
            .sign(slot, message)
    }
}

/// A new key of the system's random bytes.
fn generated(first: u64, count: u64, give_up: &AtomicBool) -> Result<xmss::SecretKey, Failure> {
    let slots = first..first.saturating_add(count);
    let seed = Seed::random()?;
    let progress = |_| go_on(give_up);
    Ok(xmss::SecretKey::generate_while(slots, seed, &progress)?)
}

/// The signer of a file that is made or opened.
fn of_file(
    py: Python<'_>,
    path: PathBuf,
    open: impl FnOnce(&PathBuf, &AtomicBool) -> Result<Result<KeyFile, KeyFileError>, Failure>
    + Send
    + 'static,
) -> PyResult<SecretKey> {
    let file = long(py, &Bounds::default(), move |give_up| {
        let failed = |error| Failure::from(error).of(path.display());
        open(&path, give_up)?.map_err(failed)
    })?;
    Ok(SecretKey::of(Held::File(file)))
}

#[pymethods]
impl SecretKey {
    #[staticmethod]
    #[pyo3(signature = (first, count))]
    fn generate(py: Python<'_>, first: Number, count: Number) -> PyResult<Self> {
        let key = long(py, &Bounds::default(), move |give_up| {
            generated(first.0, count.0, give_up)
        })?;
        Ok(Self::of(Held::Memory(key)))
    }

    #[staticmethod]
    #[pyo3(signature = (path, first, count))]
    fn create(py: Python<'_>, path: PathBuf, first: Number, count: Number) -> PyResult<Self> {
        of_file(py, path, move |path, give_up| {
            let key = generated(first.0, count.0, give_up)?;
            // Whoever has given up finds no file later on.
            if go_on(give_up).is_break() {
                return Err(KeyError::Cancelled.into());
            }
            Ok(KeyFile::create(path, key))
        })
    }

    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        of_file(py, path, |path, _| Ok(KeyFile::open(path)))
    }

    #[staticmethod]
    fn recover(py: Python<'_>, path: PathBuf, skip_to: Number) -> PyResult<Self> {
        of_file(py, path, move |path, _| {
            Ok(KeyFile::recover(path, skip_to.0, &|_, _| ()))
        })
    }

    #[getter]
    const fn public_key(&self) -> PublicKey {
        PublicKey(self.public_key)
    }

    #[getter]
    fn slots<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let end = u64::from(self.last) + 1;
        py.get_type::<pyo3::types::PyRange>()
            .call1((self.first, end))
    }

    fn is_used(&self, py: Python<'_>, slot: Slot) -> PyResult<bool> {
        short(py, || {
            let held = self.held()?;
            let held = held.as_ref().ok_or_else(closed)?;
            Ok(held.key().used().contains(slot.0))
        })
    }

    fn sign(&self, py: Python<'_>, message: AnyMessage, slot: Slot) -> PyResult<Signature> {
        let message = message.0.message;
        short(py, || self.sign_here(slot.0, &message).map(Signature))
    }

    /// Forgets the secret, which is overwritten, and unlocks the file.
    fn close(&self, py: Python<'_>) {
        py.detach(|| {
            let mut held = self
                .held
                .lock()
                .unwrap_or_else(|poison| poison.into_inner());
            let held = held.take();
            drop(held);
        });
    }

    fn __enter__(this: Py<Self>) -> Py<Self> {
        this
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        let (key, first, last) = (self.public_key().hex(), self.first, self.last);
        let shown = key.get(..16).unwrap_or_default();
        format!("<leanvm.SecretKey of {shown}..., slots {first} to {last}>")
    }
}
