//! What callers give: numbers, words, texts of digits.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyInt, PyString};

use crate::failures::Failure;

/// Most bytes that a text of digits is shown of.
const SHOWN: usize = 20;

/// A number from 0 to 2^64 - 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(pub(crate) u64);

/// A slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot(pub(crate) u32);

/// A number that is not bounded by what Python has numbers for.
fn number<'py, T>(value: Borrowed<'_, 'py, PyAny>, most: u64) -> PyResult<T>
where
    T: TryFrom<u64>,
{
    // What has `__index__`, as the numbers of numpy, is a number; true and false are none here.
    if value.is_instance_of::<PyBool>() {
        return Err(PyTypeError::new_err("a number is expected, not a bool"));
    }
    let refused = || {
        let shown = value.str().map(|text| text.to_string());
        let shown: String = shown.unwrap_or_default().chars().take(SHOWN).collect();
        Failure::input(format!(
            "a number from 0 to {most} is expected, not {shown}"
        ))
    };
    let is_integer = value.is_instance_of::<PyInt>();
    match value.extract::<u64>() {
        Ok(number) if number <= most => T::try_from(number).map_err(|_| refused().into()),
        Ok(_) => Err(refused().into()),
        Err(error) if !is_integer && error.is_instance_of::<PyTypeError>(value.py()) => Err(error),
        Err(_) => Err(refused().into()),
    }
}

impl<'py> FromPyObject<'_, 'py> for Number {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        number(value, u64::MAX).map(Self)
    }
}

impl<'py> FromPyObject<'_, 'py> for Slot {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        number(value, u32::MAX.into()).map(Self)
    }
}

/// A list of words; whether they are elements is for the library to say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(pub(crate) Vec<u32>);

impl<'py> FromPyObject<'_, 'py> for Words {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        // Digits and bytes can be gone through as well.
        let is_text = value.is_instance_of::<PyString>();
        if is_text || value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
            let text = "a list of numbers is expected, not a text or bytes";
            return Err(PyTypeError::new_err(text));
        }
        let words = value.try_iter()?.map(|word| {
            let word = word?;
            number(word.as_borrowed(), u32::MAX.into())
        });
        words.collect::<PyResult<_>>().map(Self)
    }
}

/// The bytes of hexadecimal digits.
pub(crate) fn bytes_of_digits(text: &str) -> Result<Vec<u8>, Failure> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |&[high, low]: &[u8; 2]| u8::try_from(digit(high)? << 4 | digit(low)?).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    bytes.filter(|_| rest.is_empty()).ok_or_else(|| {
        let shown: String = text.chars().take(SHOWN).collect();
        Failure::input(format!(
            "pairs of hexadecimal digits are expected, not {shown:?}"
        ))
    })
}

/// The hexadecimal digits of bytes.
pub(crate) fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
