//! Messages, public keys and signatures: values, which are equal if their bytes are.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leanvm_fast::xmss::{self, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, VerificationError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::arguments::{Slot, bytes_of_digits, digits};
use crate::failures::Failure;
use crate::work::short;

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// What is signed: a hash of any bytes.
#[pyclass(frozen, module = "leanvm")]
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) message: xmss::Message,
    /// The bytes that it is of, if they are known.
    pub(crate) text: Option<Arc<[u8]>>,
}

#[pymethods]
impl Message {
    #[new]
    fn new(data: &[u8]) -> Result<Self, Failure> {
        Ok(Self {
            message: xmss::Message::from_bytes(data)?,
            text: Some(data.into()),
        })
    }

    #[staticmethod]
    fn from_canonical(data: &[u8]) -> Result<Self, Failure> {
        let message = xmss::Message::from_canonical_bytes(data);
        Ok(Self {
            message: message.map_err(|error| Failure::from(error).of("message"))?,
            text: None,
        })
    }

    #[getter]
    fn canonical(&self) -> [u8; xmss::MESSAGE_BYTES] {
        self.message.to_canonical_bytes()
    }

    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.text.as_ref().map(|text| PyBytes::new(py, text))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.message == other.message
    }

    fn __hash__(&self) -> u64 {
        hash_of(&self.message.to_canonical_bytes())
    }

    fn __repr__(&self) -> String {
        let canonical = digits(&self.message.to_canonical_bytes());
        format!("<leanvm.Message {canonical}>")
    }
}

/// A message, or the bytes that it is of.
pub(crate) struct AnyMessage(pub(crate) Message);

impl<'py> FromPyObject<'_, 'py> for AnyMessage {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(message) = value.cast::<Message>() {
            return Ok(Self(message.get().clone()));
        }
        let text = "a Message or bytes are expected";
        let bytes = value.cast::<PyBytes>();
        let bytes = bytes.map_err(|_| pyo3::exceptions::PyTypeError::new_err(text))?;
        Ok(Self(Message::new(bytes.as_bytes())?))
    }
}

/// Values of bytes differ in names alone.
macro_rules! value {
    ($(#[$documentation:meta])* $name:ident, $bytes:ident) => {
        $(#[$documentation])*
        #[pyclass(frozen, module = "leanvm")]
        #[derive(Clone, Debug)]
        pub(crate) struct $name(pub(crate) xmss::$name);

        #[pymethods]
        impl $name {
            #[new]
            fn new(data: &[u8]) -> Result<Self, Failure> {
                if data.len() != $bytes {
                    let text = format!(
                        concat!(stringify!($name), ": {} bytes, where there are {}"),
                        data.len(),
                        $bytes
                    );
                    let code = VerificationError::Malformed;
                    return Err(Failure::from(code).saying(text));
                }
                let value = xmss::$name::from_bytes(data);
                let of = |error| Failure::from(error).of(stringify!($name));
                value.map(Self).map_err(of)
            }

            #[staticmethod]
            fn from_hex(text: &str) -> Result<Self, Failure> {
                Self::new(&bytes_of_digits(text)?)
            }

            pub(crate) fn hex(&self) -> String {
                digits(&self.0.to_bytes())
            }

            fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
                PyBytes::new(py, &self.0.to_bytes())
            }

            /// For copies and pickles.
            fn __getnewargs__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>,) {
                (self.__bytes__(py),)
            }

            fn __eq__(&self, other: &Self) -> bool {
                self.0 == other.0
            }

            fn __hash__(&self) -> u64 {
                hash_of(&self.0.to_bytes())
            }

            fn __repr__(&self) -> String {
                let digits = self.hex();
                let shown = digits.get(..16).unwrap_or_default();
                format!(concat!("<leanvm.", stringify!($name), " {}...>"), shown)
            }
        }
    };
}

value!(
    /// A public key.
    PublicKey, PUBLIC_KEY_BYTES
);
value!(
    /// A signature of a message for a slot.
    Signature, SIGNATURE_BYTES
);

/// Verifies a signature.
#[pyfunction]
pub(crate) fn verify_signature(
    py: Python<'_>,
    key: &PublicKey,
    message: AnyMessage,
    slot: Slot,
    signature: &Signature,
) -> PyResult<()> {
    let (key, message, signature) = (&key.0, message.0.message, &signature.0);
    short(py, || Ok(xmss::verify(key, slot.0, &message, signature)?))
}
