//! Aggregates of signatures, and merges of aggregates.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leanvm_fast::aggregation::{self, MAX_BYTES, MAX_SIGNERS};
use leanvm_fast::merging::{
    self, AggregateFile, AnyAggregate, Child, FileClaim, MAX_CHILDREN, MAX_CLAIMS,
    MAX_MESSAGE_BYTES, verify_claims,
};
use leanvm_fast::xmss::{self, PUBLIC_KEY_BYTES};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::arguments::{Number, Slot};
use crate::claims::{Claim, Given, Texts};
use crate::failures::Failure;
use crate::messages::{AnyMessage, PublicKey, Signature};
use crate::work::{Bounds, Cancel, long, short};

/// Most bytes of an aggregate file: what its claims and its aggregate may have.
const MAX_FILE_BYTES: usize =
    6 + MAX_CLAIMS * (12 + MAX_MESSAGE_BYTES) + MAX_SIGNERS * PUBLIC_KEY_BYTES + MAX_BYTES;

/// An aggregate, or a merge, with the claims that it states.
#[pyclass(frozen, module = "leanvm")]
#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    stated: Arc<Stated>,
}

#[derive(Debug)]
pub(crate) struct Stated {
    aggregate: AnyAggregate,
    /// In canonical order.
    claims: Vec<merging::Claim>,
    texts: Texts,
    /// Indices of signatures that were given and are not in it.
    skipped: Vec<usize>,
}

impl Aggregate {
    fn new(
        aggregate: AnyAggregate,
        claims: Vec<merging::Claim>,
        texts: Texts,
        skipped: Vec<usize>,
    ) -> Self {
        let stated = Arc::new(Stated {
            aggregate,
            claims,
            texts,
            skipped,
        });
        Self { stated }
    }

    fn of_file(bytes: &[u8]) -> Result<Self, Failure> {
        let file = AggregateFile::from_bytes(bytes)?;
        let mut texts = Texts::default();
        let mut claims = Vec::new();
        for one in file.claims() {
            claims.push(one.claim().clone());
            texts.add(&crate::messages::Message {
                message: one.claim().message,
                text: Some(one.message_bytes().into()),
            });
        }
        Ok(Self::new(
            file.aggregate().clone(),
            claims,
            texts,
            Vec::new(),
        ))
    }

    fn file_bytes(&self) -> Result<Vec<u8>, Failure> {
        let stated = &self.stated;
        let claims = stated.claims.iter().enumerate().map(|(index, claim)| {
            let message = stated.texts.claim(claim).message;
            let text = message.text.ok_or_else(|| {
                let text = "a file has the bytes of messages, which are not known: give a Message \
                            that is made of them";
                Failure::input(text).of(format!("claim {index}"))
            })?;
            Ok(FileClaim::new(
                claim.slot,
                text.to_vec(),
                claim.keys.clone(),
            )?)
        });
        let claims = claims.collect::<Result<Vec<_>, Failure>>()?;
        Ok(AggregateFile::new(claims, stated.aggregate.clone())?.to_bytes())
    }
}

/// Reads a file of at most so many bytes.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MAX_FILE_BYTES as u64 + 1;
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file whole or not at all: beside it, and then in its place.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // The errors of `tempfile` do not say what the system has said; this is the likely one.
    File::open(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for other new files: the mask of the process takes from it.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[pymethods]
impl Aggregate {
    #[staticmethod]
    fn from_bytes(data: &[u8], claims: Given) -> Result<Self, Failure> {
        let aggregate = AnyAggregate::from_bytes(data);
        let aggregate = aggregate.map_err(|error| Failure::from(error).of("aggregate"))?;
        let canonical = claims.canonical()?;
        Ok(Self::new(aggregate, canonical, claims.texts, Vec::new()))
    }

    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        short(py, || {
            let named = |failure: Failure| failure.of(path.display());
            let bytes = read(&path).map_err(|error| named(Failure::system(&error)))?;
            Self::of_file(&bytes).map_err(named)
        })
    }

    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        short(py, || {
            let bytes = self.file_bytes()?;
            let named = |error| Failure::system(&error).of(path.display());
            write(&path, &bytes).map_err(named)
        })
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.stated.aggregate.to_bytes())
    }

    #[getter]
    fn claims(&self) -> Vec<Claim> {
        let stated = &self.stated;
        stated
            .claims
            .iter()
            .map(|claim| stated.texts.claim(claim))
            .collect()
    }

    #[getter]
    fn skipped(&self) -> Vec<usize> {
        self.stated.skipped.clone()
    }

    fn verify(&self, py: Python<'_>) -> PyResult<()> {
        let stated = &self.stated;
        short(py, || Ok(verify_claims(&stated.claims, &stated.aggregate)?))
    }

    fn __repr__(&self) -> String {
        let claims = self.stated.claims.len();
        let keys: usize = self
            .stated
            .claims
            .iter()
            .map(|claim| claim.keys.len())
            .sum();
        format!("<leanvm.Aggregate of {claims} claims, {keys} keys>")
    }
}

/// The options of the library.
fn options(log_inv_rate: u32) -> aggregation::Options<'static> {
    aggregation::Options::default().log_inv_rate(log_inv_rate)
}

/// Pairs of a key and its signature.
pub(crate) struct Pairs(Vec<(xmss::PublicKey, xmss::Signature)>);

impl<'py> FromPyObject<'_, 'py> for Pairs {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let pairs = value.try_iter()?.enumerate().map(|(index, pair)| {
            let pair = pair?;
            let refused = || {
                let text = "a pair of a PublicKey and a Signature is expected";
                PyTypeError::new_err(format!("signature {index}: {text}"))
            };
            let pair = pair.extract::<(Bound<'_, PublicKey>, Bound<'_, Signature>)>();
            let (key, signature) = pair.map_err(|_| refused())?;
            Ok((key.get().0, signature.get().0.clone()))
        });
        pairs.collect::<PyResult<_>>().map(Self)
    }
}

/// Makes one proof of many signatures of one message for one slot.
#[pyfunction]
#[pyo3(signature = (message, slot, signatures, *, log_inv_rate = Number(1), threads = None,
    skip_invalid = false, timeout = None, memory_limit = None, cancel = None),
    text_signature = "(message, slot, signatures, *, log_inv_rate=1, threads=None, \
    skip_invalid=False, timeout=None, memory_limit=None, cancel=None)")]
#[expect(
    clippy::too_many_arguments,
    reason = "they have names where it is called"
)]
pub(crate) fn aggregate(
    py: Python<'_>,
    message: AnyMessage,
    slot: Slot,
    signatures: Pairs,
    log_inv_rate: Number,
    threads: Option<Number>,
    skip_invalid: bool,
    timeout: Option<f64>,
    memory_limit: Option<Number>,
    cancel: Option<&Bound<'_, Cancel>>,
) -> PyResult<Aggregate> {
    let bounds = Bounds::new(timeout, cancel, threads)?;
    let (message, slot, signed) = (message.0, slot.0, signatures.0);
    let mut made = options(rate(log_inv_rate));
    made.skip_invalid = skip_invalid;
    made.memory_limit =
        memory_limit.map(|Number(most)| usize::try_from(most).unwrap_or(usize::MAX));
    let mut texts = Texts::default();
    texts.add(&message);
    let message = message.message;
    long(py, &bounds, move |give_up| {
        let made = made.cancel(give_up);
        let (aggregate, report) =
            aggregation::aggregate_with_report(&message, slot, &signed, &made)?;
        let mut is_in = vec![true; signed.len()];
        let mut skipped: Vec<usize> = report.skipped.iter().map(|one| one.index).collect();
        skipped.iter().for_each(|index| is_in[*index] = false);
        let keys = is_in.iter().zip(&signed).filter(|(is_in, _)| **is_in);
        let claim = merging::Claim {
            slot,
            message,
            keys: keys.map(|(_, (key, _))| *key).collect(),
        };
        skipped.extend(report.repeated.iter().map(|one| one.second));
        skipped.sort_unstable();
        let claims = merging::union([&claim]);
        Ok(Aggregate::new(aggregate.into(), claims, texts, skipped))
    })
}

/// A rate as the library takes it, which says what is wrong with it.
fn rate(Number(log_inv_rate): Number) -> u32 {
    u32::try_from(log_inv_rate).unwrap_or(u32::MAX)
}

/// The aggregates of a list.
pub(crate) struct Children(Vec<Arc<Stated>>);

impl<'py> FromPyObject<'_, 'py> for Children {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let children = value.try_iter()?.enumerate().map(|(index, child)| {
            let child = child?;
            let child = child.cast::<Aggregate>();
            let refused =
                |_| PyTypeError::new_err(format!("child {index}: an Aggregate is expected"));
            Ok(child.map_err(refused)?.get().stated.clone())
        });
        children.collect::<PyResult<_>>().map(Self)
    }
}

/// Makes one proof of the claims of several aggregates.
#[pyfunction]
#[pyo3(signature = (children, keep = None, *, arity = None, log_inv_rate = Number(1),
    threads = None, timeout = None, cancel = None),
    text_signature = "(children, keep=None, *, arity=None, log_inv_rate=1, threads=None, \
    timeout=None, cancel=None)")]
#[expect(
    clippy::too_many_arguments,
    reason = "they have names where it is called"
)]
pub(crate) fn merge(
    py: Python<'_>,
    children: Children,
    keep: Option<Given>,
    arity: Option<Number>,
    log_inv_rate: Number,
    threads: Option<Number>,
    timeout: Option<f64>,
    cancel: Option<&Bound<'_, Cancel>>,
) -> PyResult<Aggregate> {
    let bounds = Bounds::new(timeout, cancel, threads)?;
    let arity = arity.map(check_arity).transpose()?;
    let kept = keep.as_ref().map(Given::canonical).transpose()?;
    let mut texts = Texts::default();
    children
        .0
        .iter()
        .for_each(|child| texts.add_all(&child.texts));
    if let Some(keep) = &keep {
        texts.add_all(&keep.texts);
    }
    long(py, &bounds, move |give_up| {
        let options = options(rate(log_inv_rate)).cancel(give_up);
        let children: Vec<Child<'_>> = children
            .0
            .iter()
            .map(|stated| Child {
                aggregate: &stated.aggregate,
                claims: &stated.claims,
            })
            .collect();
        let merged = match arity {
            None => merging::merge(&children, kept.as_deref(), &options)?,
            Some(arity) => merging::merge_tree(&children, arity, kept.as_deref(), &options)?,
        };
        let merge = merged.merge.into();
        Ok(Aggregate::new(merge, merged.claims, texts, Vec::new()))
    })
}

fn check_arity(Number(arity): Number) -> Result<usize, Failure> {
    let arity = usize::try_from(arity).unwrap_or(usize::MAX);
    if (2..=MAX_CHILDREN).contains(&arity) {
        return Ok(arity);
    }
    Err(Failure::input(format!(
        "arity: from 2 to {MAX_CHILDREN}, not {arity}"
    )))
}

/// An aggregate, or the bytes of one.
pub(crate) enum AnyBytes {
    Made(Arc<Stated>),
    Bytes(AnyAggregate),
}

impl<'py> FromPyObject<'_, 'py> for AnyBytes {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(aggregate) = value.cast::<Aggregate>() {
            return Ok(Self::Made(aggregate.get().stated.clone()));
        }
        let refused = |_| PyTypeError::new_err("an Aggregate or bytes are expected");
        let bytes = value.cast::<PyBytes>().map_err(refused)?;
        let aggregate = AnyAggregate::from_bytes(bytes.as_bytes());
        let aggregate = aggregate.map_err(|error| Failure::from(error).of("aggregate"))?;
        Ok(Self::Bytes(aggregate))
    }
}

/// Verifies that an aggregate shows claims.
#[pyfunction]
pub(crate) fn verify(py: Python<'_>, claims: Given, aggregate: AnyBytes) -> PyResult<()> {
    short(py, || {
        let aggregate = match &aggregate {
            AnyBytes::Made(stated) => &stated.aggregate,
            AnyBytes::Bytes(aggregate) => aggregate,
        };
        Ok(verify_claims(&claims.claims, aggregate)?)
    })
}
