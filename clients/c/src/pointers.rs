//! The caller's memory: all that follows a pointer is here.
//!
//! The constructors are unsafe: the caller of the library vouches that a pointer which is not null
//! is valid for the length beside it until the call returns, and that nobody else writes there
//! meanwhile. Alignment and overlap are not vouched for: what is read is copied or decoded before
//! anything is written, and values are read and written without alignment.

use std::ffi::{CStr, c_char};
use std::path::Path;
use std::ptr;
use std::slice;

use crate::claims::Claim;
use crate::options::Options;
use crate::status::{Failure, Status};

/// Elements that a call reads.
pub(crate) struct Input<T> {
    start: *const T,
    length: usize,
}

impl<T: Copy> Input<T> {
    /// # Safety
    /// `start` is null or valid for reads of `length` elements while this value lives, whose bytes
    /// are initialised, and every bit pattern is a value of T.
    pub(crate) const unsafe fn new(start: *const T, length: usize) -> Self {
        Self { start, length }
    }

    pub(crate) const fn is_none(&self) -> bool {
        self.start.is_null() && self.length == 0
    }

    /// Refuses what cannot be: no memory is read.
    fn check(&self, name: &str, most: usize) -> Result<(), Failure> {
        let Self { start, length } = *self;
        if start.is_null() && length > 0 {
            let text = format!("{name}: a null pointer with the length {length}");
            return Err(Failure::argument(text));
        }
        let bytes = length.checked_mul(size_of::<T>());
        let end = bytes.and_then(|bytes| start.addr().checked_add(bytes));
        if end.is_none() || bytes.is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) {
            let text = format!("{name}: the length {length} is beyond the memory");
            return Err(Failure::argument(text));
        }
        if length > most {
            let text = format!("{name}: the length is {length}, at most {most}");
            return Err(Failure::new(Status::OutOfRange, text));
        }
        Ok(())
    }

    /// A copy of the elements.
    pub(crate) fn to_vec(&self, name: &str, most: usize) -> Result<Vec<T>, Failure> {
        self.check(name, most)?;
        // SAFETY: the pointer is valid for the length, as the constructor asks; the pointer that is
        // read stays within.
        Ok((0..self.length)
            .map(|index| unsafe { self.start.add(index).read_unaligned() })
            .collect())
    }
}

impl Input<u8> {
    /// The bytes.
    pub(crate) fn bytes(&self, name: &str, most: usize) -> Result<&[u8], Failure> {
        self.check(name, most)?;
        if self.length == 0 {
            return Ok(&[]);
        }
        // SAFETY: the pointer is not null, valid for the length as the constructor asks, and the
        // length fits isize.
        Ok(unsafe { slice::from_raw_parts(self.start, self.length) })
    }
}

impl Input<Claim> {
    /// The claims, each with the bytes of its keys.
    pub(crate) fn with_keys(&self, most: usize) -> Result<Vec<(Claim, Input<u8>)>, Failure> {
        let claims = self.to_vec("claims", most)?;
        Ok(claims
            .into_iter()
            // SAFETY: what holds for the claims holds for the memory that they point to.
            .map(|claim| (claim, unsafe { Input::new(claim.keys, claim.keys_len) }))
            .collect())
    }
}

/// Elements that a call writes, and where it tells their number.
pub(crate) struct Output<T> {
    start: *mut T,
    capacity: usize,
    length: *mut usize,
}

impl<T: Copy> Output<T> {
    /// # Safety
    /// `start` is null or valid for writes of `capacity` elements while this value lives, `length`
    /// is null or valid for one.
    pub(crate) const unsafe fn new(start: *mut T, capacity: usize, length: *mut usize) -> Self {
        Self {
            start,
            capacity,
            length,
        }
    }

    fn tell(&self, needed: usize) {
        if !self.length.is_null() {
            // SAFETY: valid for writes as the constructor asks.
            unsafe { self.length.write_unaligned(needed) };
        }
    }

    /// Tells the length that is needed; whether elements are wanted, and not the length alone.
    pub(crate) fn wants(&self, needed: usize) -> Result<bool, Failure> {
        let Self {
            start, capacity, ..
        } = *self;
        self.tell(needed);
        if start.is_null() {
            if capacity > 0 {
                let text = format!("buffer: a null pointer with the capacity {capacity}");
                return Err(Failure::argument(text));
            }
            return Ok(false);
        }
        if capacity < needed {
            let text = format!("the buffer has a capacity of {capacity}, {needed} are needed");
            return Err(Failure::new(Status::BufferTooSmall, text));
        }
        Ok(true)
    }

    /// Writes all elements, or tells how many there are.
    pub(crate) fn write(&self, elements: &[T]) -> Result<(), Failure> {
        if self.wants(elements.len())? {
            self.copy(elements);
        }
        Ok(())
    }

    /// The elements fit.
    fn copy(&self, elements: &[T]) {
        let bytes = size_of_val(elements);
        // SAFETY: the buffer is not null and valid for the capacity, which is not exceeded; the
        // elements are in memory of the library.
        unsafe {
            let to = self.start.cast::<u8>();
            ptr::copy_nonoverlapping(elements.as_ptr().cast::<u8>(), to, bytes);
        }
    }

    /// Where the elements are written.
    pub(crate) const fn start(&self) -> *mut T {
        self.start
    }
}

impl Output<u8> {
    /// Writes a text with a terminating zero, or what fits of it.
    pub(crate) fn write_text(&self, text: &str) -> Result<(), Failure> {
        let needed = text.len() + 1;
        let outcome = self.wants(needed);
        let mut shown = text;
        match &outcome {
            Ok(true) => {}
            Err(failure) if failure.status == Status::BufferTooSmall && self.capacity > 0 => {
                shown = &text[..text.floor_char_boundary(self.capacity - 1)];
            }
            _ => return outcome.map(drop),
        }
        self.copy(&[shown.as_bytes(), &[0]].concat());
        outcome.map(drop)
    }
}

/// One value that a call writes.
pub(crate) struct Place<T>(*mut T);

impl<T: Copy> Place<T> {
    /// # Safety
    /// The pointer is null or valid for the write of a value while this value lives.
    pub(crate) const unsafe fn new(pointer: *mut T) -> Self {
        Self(pointer)
    }

    /// Refuses a null pointer.
    pub(crate) fn check(&self, name: &str) -> Result<(), Failure> {
        if self.0.is_null() {
            return Err(Failure::argument(format!("{name}: a null pointer")));
        }
        Ok(())
    }

    /// Writes the value, unless the pointer is null.
    pub(crate) fn set(&self, value: T) {
        if !self.0.is_null() {
            // SAFETY: valid for writes as the constructor asks.
            unsafe { self.0.write_unaligned(value) };
        }
    }

    /// Writes the value, and refuses a null pointer.
    pub(crate) fn write(&self, name: &str, value: T) -> Result<(), Failure> {
        self.check(name)?;
        self.set(value);
        Ok(())
    }
}

/// A path.
pub(crate) struct Text(*const c_char);

impl Text {
    /// # Safety
    /// The pointer is null or valid for reads up to a terminating zero while this value lives.
    pub(crate) const unsafe fn new(pointer: *const c_char) -> Self {
        Self(pointer)
    }

    /// The path, which is not empty.
    pub(crate) fn path(&self) -> Result<&Path, Failure> {
        if self.0.is_null() {
            return Err(Failure::argument("path: a null pointer"));
        }
        // SAFETY: not null, and with a terminating zero, as the constructor asks.
        let text = unsafe { CStr::from_ptr(self.0) };
        match text.to_str() {
            Ok("") => Err(Failure::argument("path: it is empty")),
            Ok(path) => Ok(Path::new(path)),
            Err(error) => Err(Failure::argument(format!("path: {error}"))),
        }
    }
}

/// Reads options of this version of the library, of the defaults where the pointer is null, or of a
/// later version that asks for nothing this one does not know.
///
/// # Safety
/// The pointer is null or valid for reads of as many bytes as its first field says.
pub(crate) unsafe fn read_options(pointer: *const Options) -> Result<Options, Failure> {
    const KNOWN: usize = size_of::<Options>();
    /// More than there will be.
    const MOST: usize = 1 << 12;
    if pointer.is_null() {
        return Ok(Options::default());
    }
    // SAFETY: the field is there whatever the size.
    let size = unsafe { (&raw const (*pointer).struct_size).read_unaligned() };
    if !(KNOWN..=MOST).contains(&size) {
        let text = format!(
            "options: struct_size is {size}, where it should be {KNOWN}: begin with \
             LEANVM_OPTIONS_INIT"
        );
        return Err(Failure::argument(text));
    }
    // SAFETY: valid for reads of the size, which is at least that of the known part; all bit
    // patterns are values.
    let (options, tail) = unsafe {
        let tail = pointer.cast::<u8>().add(KNOWN);
        (
            pointer.read_unaligned(),
            slice::from_raw_parts(tail, size - KNOWN),
        )
    };
    if tail.iter().any(|byte| *byte != 0) {
        let text = "options: one is set that this version of the library does not know";
        return Err(Failure::argument(text));
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_beyond_the_memory_are_refused_before_anything_is_read() {
        let bytes = [1_u8, 2, 3];
        let refused = |length| {
            // SAFETY: only lengths that are refused are given.
            let input = unsafe { Input::new(bytes.as_ptr(), length) };
            input.bytes("bytes", 3).expect_err("refused").status
        };
        for length in [usize::MAX, isize::MAX as usize + 1] {
            assert_eq!(refused(length), Status::InvalidArgument, "{length}");
        }
        assert_eq!(refused(isize::MAX as usize / 2), Status::OutOfRange);
        assert_eq!(refused(4), Status::OutOfRange);
        // The number of bytes overflows to 8.
        let wide = [0_u64; 1];
        // SAFETY: as above.
        let input = unsafe { Input::new(wide.as_ptr(), (1 << 61) + 1) };
        let failure = input.to_vec("wide", usize::MAX).expect_err("refused");
        assert_eq!(failure.status, Status::InvalidArgument);
    }

    #[test]
    fn texts_are_cut_between_characters() {
        let mut buffer = [9_u8; 8];
        let mut length = 0;
        let mut cut = |capacity| {
            buffer = [9; 8];
            // SAFETY: the capacity is at most that of the buffer.
            let output = unsafe { Output::new(buffer.as_mut_ptr(), capacity, &raw mut length) };
            let outcome = output.write_text("aä€").map_err(|failure| failure.status);
            (outcome, buffer, length)
        };
        let small = Err(Status::BufferTooSmall);
        assert_eq!(cut(7), (Ok(()), *b"a\xc3\xa4\xe2\x82\xac\0\x09", 7));
        assert_eq!(cut(6), (small, *b"a\xc3\xa4\0\x09\x09\x09\x09", 7));
        assert_eq!(cut(3), (small, *b"a\0\x09\x09\x09\x09\x09\x09", 7));
        assert_eq!(cut(1), (small, *b"\0\x09\x09\x09\x09\x09\x09\x09", 7));
        assert_eq!(cut(0), (small, [9; 8], 7));
    }
}
