//! Random programs with input, from one implementation of `Arbitrary` for the tests and for the
//! fuzz targets.

pub mod broken;
pub mod framed;
pub mod model;
pub mod tiny;
pub mod valid;

use arbitrary::{Arbitrary, Unstructured};

use crate::canonical::Case;

/// A case that should execute to HALT, and fit the parameter set `tiny`.
#[derive(Clone, Debug)]
pub struct Valid(pub Case);

/// A case that is broken somewhere: in its bytes, in an instruction, or in its input.
#[derive(Clone, Debug)]
pub struct Broken(pub Case);

/// A case with a second run, more often than not.
#[derive(Clone, Debug)]
pub struct Framed(pub Case);

impl<'a> Arbitrary<'a> for Framed {
    fn arbitrary(source: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        framed::case(source).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Valid {
    fn arbitrary(source: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        valid::case(source).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Broken {
    fn arbitrary(source: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        broken::case(source).map(Self)
    }
}

/// The case that a string of bytes stands for.
///
/// # Panics
/// Never: the generators take what bytes there are and go on with zeros.
#[must_use]
pub fn from_bytes<T: for<'a> Arbitrary<'a>>(bytes: &[u8]) -> T {
    T::arbitrary(&mut Unstructured::new(bytes))
        .expect("generators go on with zeros when the bytes end")
}
