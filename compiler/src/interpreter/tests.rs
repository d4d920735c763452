//! Field and memory of the interpreter.

use leanvm_spec::field::{Ext, Felt};

use super::Failure;
use super::field::{
    P, extension_add, extension_multiply, extension_subtract, inverse, log2_ceil, multiply, power,
};
use super::memory::{CELL_CAP, Memory};
use crate::source::Span;

#[test]
fn base_field() {
    for a in [1, 2, 12_345, P - 2, P - 1] {
        assert_eq!(multiply(a, inverse(a)), 1);
        assert_eq!(power(a, 0), 1);
        assert_eq!(power(a, 3), multiply(a, multiply(a, a)));
    }
    assert_eq!(inverse(0), 0);
    let logarithms: Vec<u64> = [0, 1, 2, 3, 4, 5, 8, 9, P - 1].map(log2_ceil).into();
    assert_eq!(logarithms, [0, 0, 1, 2, 2, 3, 3, 4, 31]);
}

#[test]
fn extension_agrees_with_the_specification() {
    let felt = |x: &[u64; 5]| Ext::new(x.map(Felt::new));
    let back = |x: Ext| x.coordinates().map(|felt| u64::from(felt.value()));
    let elements = [
        [0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
        [1, 2, 3, 4, 5],
        [P - 1, 7, P - 3, 0, P - 1],
        [123_456_789, 987_654_321, 2, P - 5, 1_000_000_007],
    ];
    for a in &elements {
        for b in &elements {
            assert_eq!(extension_multiply(*a, *b), back(felt(a) * felt(b)));
            assert_eq!(extension_add(*a, *b), back(felt(a) + felt(b)));
            assert_eq!(extension_subtract(*a, *b), back(felt(a) - felt(b)));
        }
    }
}

#[test]
fn public_region() {
    let mut memory = Memory::new(&[5; 9], 8);
    assert_eq!(memory.read(8), Ok(Some(5)));
    assert_eq!(memory.read(15), Ok(Some(0)));
    assert_eq!(memory.read(16), Ok(None));
    assert_eq!(memory.define(0, 6), Err(Failure::NotEqual));
    assert_eq!(Memory::new(&[], 8).read(7), Ok(Some(0)));
}

#[test]
fn classes() {
    let mut memory = Memory::new(&[], 8);
    let cells: Vec<u64> = (100..110).collect();
    assert_eq!(memory.join(100, 101), Ok(()));
    assert_eq!(memory.join(102, 103), Ok(()));
    assert_eq!(memory.join(101, 103), Ok(()));
    assert_eq!(memory.join(100, 102), Ok(()));
    assert_eq!(memory.define(102, 7), Ok(()));
    for cell in &cells[..4] {
        assert_eq!(memory.read(*cell), Ok(Some(7)));
    }
    assert_eq!(memory.read(104), Ok(None));
    assert_eq!(memory.join(104, 100), Ok(()));
    assert_eq!(memory.define(104, 8), Err(Failure::NotEqual));
    assert_eq!(memory.define(105, 8), Ok(()));
    assert_eq!(memory.join(105, 101), Err(Failure::NotEqual));
    assert_eq!(memory.read(CELL_CAP), Err(Failure::AddressOutOfRange));
}

#[test]
fn allocations() {
    let mut memory = Memory::new(&[1], 8);
    let first = memory.allocate(3, Span::default()).expect("room");
    let second = memory.allocate(1, Span::default()).expect("room");
    assert_eq!((first % 8, second % 8), (0, 0));
    assert!(second > first + 3);
    memory.define(first + 2, 9).expect("fresh");
    memory.join(first, second).expect("fresh");
    memory.define(second, 4).expect("undefined");
    assert_eq!(
        memory.allocate(CELL_CAP, Span::default()),
        Err(Failure::MemoryExhausted)
    );
    let cells: Vec<_> = memory.into_allocations();
    let cells: Vec<Vec<(u32, u32)>> = cells
        .into_iter()
        .map(|allocation| allocation.cells.into_iter().collect())
        .collect();
    assert_eq!(cells, [vec![(0, 4), (2, 9)], vec![(0, 4)]]);
}
