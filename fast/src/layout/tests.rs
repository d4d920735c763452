use p3_field::PrimeCharacteristicRing;

use super::*;
use crate::field::F;
use crate::memory::MAX_CELLS;

fn triples(allocations: &[Allocation]) -> Vec<(u32, u32, u32)> {
    allocations
        .iter()
        .map(|a| (a.address, a.size, a.alignment))
        .collect()
}

#[test]
fn bump() {
    let mut allocator = Allocator::bump(8, 3, 40).unwrap();
    assert_eq!(allocator.allocate(2, 1), Ok(11));
    assert_eq!(allocator.allocate(9, 8), Ok(16));
    assert_eq!(allocator.allocate(0, 1), Ok(25));
    assert_eq!(allocator.cells(20), 32);
    assert_eq!(allocator.cells(33), 40);
    for size in [u32::MAX, 16] {
        assert_eq!(
            allocator.allocate(size, 1).unwrap_err().rejection,
            Rejection::MemoryExhausted
        );
    }
    assert_eq!(allocator.allocate(15, 1), Ok(25));
    assert_eq!(
        triples(&allocator.allocations),
        [(11, 2, 1), (16, 9, 8), (25, 0, 1), (25, 15, 1)]
    );
    assert_eq!(
        naive_cells(8, 3, &allocator.allocations),
        8 + 4 + 2 + 16 + 16
    );
    assert_eq!(
        Allocator::bump(8, 33, 40).err().unwrap().rejection,
        Rejection::MemoryExhausted
    );
}

#[test]
fn a_second_run_allocates_as_the_first_one() {
    let planned = Allocation {
        address: 40,
        size: 2,
        alignment: 8,
    };
    for (size, alignment) in [(3, 8), (2, 1)] {
        let mut allocator = Allocator::planned(vec![planned]);
        assert!(allocator.allocate(size, alignment).is_err());
    }
    let mut allocator = Allocator::planned(vec![planned]);
    assert_eq!(allocator.allocate(2, 8), Ok(40));
    assert!(allocator.allocate(2, 8).is_err());
    assert_eq!(allocator.allocations, [planned]);
    assert_eq!(allocator.cells(9), 16);
}

/// Whether a frame touches an offset.
type Touched = fn(u32, u32) -> bool;

/// A memory of `frames` allocations of `size` cells behind a frame that ends at 16, of which
/// `touched` offsets are defined.
fn framed(
    frames: u32,
    size: u32,
    alignment: u32,
    touched: impl Fn(u32, u32) -> bool,
) -> (Memory, Vec<Allocation>) {
    let mut memory = Memory::new(MAX_CELLS);
    for cell in 0..16 {
        memory
            .define(cell, F::ONE, Rejection::RelationViolated)
            .unwrap();
    }
    let mut allocator = Allocator::bump(8, 8, MAX_CELLS).unwrap();
    for frame in 0..frames {
        let address = allocator.allocate(size, alignment).unwrap();
        for offset in (0..size).filter(|offset| touched(frame, *offset)) {
            memory
                .define(address + offset, F::ONE, Rejection::RelationViolated)
                .unwrap();
        }
    }
    (memory, allocator.allocations)
}

/// No two allocations share a touched cell.
fn check_disjoint(memory: &Memory, first: &[Allocation], second: &[Allocation]) -> usize {
    let mut cells: Vec<u32> = (0..16).collect();
    for (before, after) in first.iter().zip(second) {
        assert_eq!(after.address % after.alignment, 0);
        cells.extend(
            (0..before.size)
                .filter(|offset| memory.is_touched(before.address + offset))
                .map(|offset| after.address + offset),
        );
    }
    let number = cells.len();
    cells.sort_unstable();
    cells.dedup();
    assert_eq!(cells.len(), number);
    cells.last().map_or(0, |last| *last as usize + 1)
}

#[test]
fn frames_with_holes_are_interleaved() {
    // The odd frames fit into the holes of the even ones.
    let (memory, first) = framed(1000, 40, 1, |frame, offset| {
        if frame % 2 == 0 {
            !(4..20).contains(&offset)
        } else {
            offset < 16
        }
    });
    let cells = 16 + 40_000;
    let second = plan(&memory, 16, &first, cells).unwrap();
    let top = check_disjoint(&memory, &first, &second);
    assert_eq!((memory.used_cells(), top), (20_016, 20_016));
}

#[test]
fn a_hundred_thousand_frames_are_quick() {
    let touched: [(&str, Touched); 4] = [
        ("holes of all lengths", |frame, offset| {
            offset % (2 + frame % 50) < 2
        }),
        ("runs that fit nowhere", |frame, offset| {
            offset == 0 || offset > frame % 97 + 3
        }),
        ("growing", |frame, offset| {
            offset <= frame / 1000 || offset == 199
        }),
        ("shrinking", |frame, offset| {
            offset + frame / 1000 <= 100 || offset == 199
        }),
    ];
    for (name, touched) in touched {
        for alignment in [1, 8] {
            let (memory, first) = framed(100_000, 200, alignment, touched);
            let cells = 16 + 200 * 100_000;
            if let Some(second) = plan(&memory, 16, &first, cells) {
                let top = check_disjoint(&memory, &first, &second);
                assert!(top < cells as usize, "{name}");
            } else {
                assert_eq!(name, "runs that fit nowhere");
            }
        }
    }
}

#[test]
fn what_does_not_pay_is_not_planned() {
    // All but one cell in twenty used.
    let (memory, first) = framed(100, 20, 1, |_, offset| offset > 0);
    assert_eq!(memory.used_cells() * 20, 2016 * 19 + 4 * 4);
    assert_eq!(plan(&memory, 16, &first, 2016), None);
    assert!(plan(&memory, 16, &first, 2040).is_some());
    // A cell far above that no allocation contains.
    let (mut memory, first) = framed(100, 20, 1, |_, offset| offset > 10);
    assert!(plan(&memory, 16, &first, 2016).is_some());
    memory.join(5000, 5001).unwrap();
    assert_eq!(plan(&memory, 16, &first, 5008), None);
    // Small memory.
    let (memory, first) = framed(1, 240, 1, |_, offset| offset == 239);
    assert_eq!(plan(&memory, 16, &first, 256), None);
    assert_eq!(
        plan(&memory, 16, &first, 264).map(|plan| triples(&plan)),
        Some(vec![(0, 240, 1)])
    );
}
