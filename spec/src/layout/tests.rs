use super::*;
use crate::field::Felt;

#[test]
fn the_first_run_allocates_by_a_bump_with_alignment() {
    let mut layout = Layout::first(8, 3, 100).expect("the frame fits");
    assert_eq!(layout.allocate(2, 1), Ok(11));
    assert_eq!(layout.allocate(1, 8), Ok(16));
    assert_eq!(layout.allocate(0, 8), Ok(24));
    assert_eq!(layout.allocate(76, 1), Ok(24));
    assert_eq!(layout.allocate(0, 1), Ok(100));
    assert_eq!(
        layout.allocate(1, 1).map_err(|e| e.rejection),
        Err(Rejection::MemoryExhausted)
    );
    assert_eq!(
        layout.allocate(u32::MAX, 8).map_err(|e| e.rejection),
        Err(Rejection::MemoryExhausted)
    );
    let given: Vec<(u32, u32, u32)> = layout
        .allocations
        .iter()
        .map(|a| (a.address, a.size, a.alignment))
        .collect();
    assert_eq!(
        given,
        [(11, 2, 1), (16, 1, 8), (24, 0, 8), (24, 76, 1), (100, 0, 1)]
    );
    assert_eq!(layout.num_cells(7), 104);
    assert_eq!(layout.num_cells(105), 112);
    assert_eq!(naive_cells(8, 3, &layout.allocations), 8 + 4 + 2 + 1 + 128);
}

#[test]
fn the_frame_is_checked_likewise() {
    assert!(Layout::first(8, 92, 100).is_ok());
    assert_eq!(
        Layout::first(8, 93, 100).map(drop).map_err(|e| e.rejection),
        Err(Rejection::MemoryExhausted)
    );
}

#[test]
fn the_second_run_gives_what_is_planned() {
    let planned = Allocation {
        address: 40,
        size: 2,
        alignment: 8,
    };
    for (size, alignment) in [(3, 8), (2, 1)] {
        let mut layout = Layout::second(vec![planned]);
        assert_eq!(
            layout.allocate(size, alignment).map_err(|e| e.rejection),
            Err(Rejection::MemoryExhausted)
        );
    }
    let mut layout = Layout::second(vec![planned]);
    assert_eq!(layout.allocate(2, 8), Ok(40));
    assert_eq!(
        layout.allocate(2, 8).map_err(|e| e.rejection),
        Err(Rejection::MemoryExhausted)
    );
    assert_eq!(layout.allocations, [planned]);
    assert_eq!(layout.num_cells(9), 16);
}

fn cells(taken: impl IntoIterator<Item = u64>) -> Cells {
    let mut cells = Cells::new();
    for cell in taken {
        cells.take(cell);
    }
    cells
}

#[test]
fn holes_split() {
    let mut cells = cells((0..4).chain(8..10).chain([12, 12]));
    assert_eq!(
        Vec::from_iter(cells.holes.clone()),
        [(4, 8), (10, 12), (13, NO_END)]
    );
    cells.take(7);
    cells.take(5);
    cells.take(11);
    assert_eq!(
        Vec::from_iter(cells.holes.clone()),
        [(4, 5), (6, 7), (10, 11), (13, NO_END)]
    );
    assert_eq!(cells.top(), 13);
}

#[test]
fn the_first_base_whose_cells_are_free() {
    // Free: 4..8, 10..16, 18..
    let cells = cells((0..4).chain(8..10).chain(16..18));
    assert_eq!(cells.place(&[0, 1], 1), 4);
    assert_eq!(cells.place(&[0, 1], 8), 24);
    assert_eq!(cells.place(&[2, 3], 8), 8);
    assert_eq!(cells.place(&[0, 1, 2, 3, 4], 1), 10);
    // The longest run 3..6 is in 4..8 for bases 1 and 2, where offset 0 is taken.
    assert_eq!(cells.place(&[0, 3, 4, 5], 1), 7);
    // Runs in several holes: 5..8 and 10.
    assert_eq!(cells.place(&[1, 2, 3, 6], 1), 4);
    // A base may lie below the public region, never below 0.
    assert_eq!(cells.place(&[20, 21], 1), 0);
    assert_eq!(cells.place(&[15, 16, 17, 18, 19], 1), 3);
    assert_eq!(cells.place(&[], 1), 18);
    assert_eq!(cells.place(&[], 8), 24);
}

#[test]
fn the_search_ends_after_64_bases() {
    // Holes of one cell at 0, 3, 6, …, in which two cells at distance 2 do not fit until the holes
    // of two cells.
    let narrow = |holes: u64| {
        let taken = (0..holes).flat_map(|i| [3 * i + 1, 3 * i + 2]);
        cells(taken.chain([3 * holes + 1, 3 * holes + 3]))
    };
    assert_eq!(narrow(63).place(&[0, 2], 1), 3 * 63);
    assert_eq!(narrow(64).place(&[0, 2], 1), 3 * 64 + 4);
    // Holes too short for an aligned base count.
    let taken = (0..64).flat_map(|i| {
        [
            8 * i,
            8 * i + 2,
            8 * i + 3,
            8 * i + 4,
            8 * i + 5,
            8 * i + 6,
            8 * i + 7,
        ]
    });
    let holes = cells(taken.chain([513, 514, 515, 516, 517, 518, 519, 521]));
    assert_eq!(holes.place(&[0], 8), 528);
    assert_eq!(holes.place(&[1], 8), 0);
}

#[test]
fn the_longest_run_is_the_first_of_its_length() {
    for (offsets, run) in [
        (&[0][..], (0, 1)),
        (&[3, 4, 6, 7], (3, 2)),
        (&[1, 3, 4, 6, 7, 8], (6, 3)),
        (&[0, 1, 2, 9], (0, 3)),
    ] {
        assert_eq!(longest_run(offsets), run);
    }
}

/// A memory of which these cells are defined.
fn memory(defined: impl IntoIterator<Item = u32>) -> Memory {
    let mut memory = Memory::new(MAX_CELLS);
    for cell in defined {
        memory
            .define(Felt::new(u64::from(cell)), Felt::ONE)
            .expect("the cell is undefined");
    }
    memory
}

fn allocation(address: u32, size: u32, alignment: u32) -> Allocation {
    Allocation {
        address,
        size,
        alignment,
    }
}

fn bases(plan: Option<Vec<Allocation>>) -> Option<Vec<u32>> {
    plan.map(|plan| plan.iter().map(|a| a.address).collect())
}

#[test]
fn a_plan_fills_holes_and_keeps_what_is_fixed() {
    // The frame 8..20 has a hole 10..20; 500 is loose and defined; allocations of 100, 0, 8 and 300
    // cells.
    let mut memory = memory(
        [0..10, 24..30, 90..100, 128..136, 500..501]
            .into_iter()
            .flatten(),
    );
    let allocations = [
        allocation(24, 100, 8),
        allocation(124, 0, 1),
        allocation(128, 8, 8),
        allocation(136, 300, 1),
    ];
    let plan_of = |memory: &Memory| bases(plan(memory, 20, &allocations, 504));
    // Nothing above 500 can be spared.
    assert_eq!(plan_of(&memory), None);
    assert_eq!(
        bases(plan(&memory, 20, &allocations, 600)),
        Some(vec![16, 501, 24, 501])
    );
    // A loose cell that is only joined moves nothing, but counts for P.
    memory
        .join(Felt::new(9), Felt::new(598))
        .expect("defines the loose cell");
    assert_eq!(bases(plan(&memory, 20, &allocations, 600)), None);
}

#[test]
fn no_plan_where_it_does_not_pay() {
    let hole = |defined: u32, cells: u32| {
        let memory = memory(0..defined);
        let allocations = [allocation(16, cells - 16, 1)];
        bases(plan(&memory, 16, &allocations, cells))
    };
    assert_eq!(hole(100, 264), Some(vec![16]));
    assert_eq!(hole(100, 256), None);
    // 95% used.
    assert_eq!(hole(1900, 2000), None);
    assert_eq!(hole(1899, 2000), Some(vec![16]));
}

#[test]
fn joined_cells_are_touched() {
    let mut memory = memory(0..16);
    memory
        .join(Felt::new(20), Felt::new(900))
        .expect("both are undefined");
    let allocations = [allocation(16, 500, 1), allocation(516, 400, 1)];
    // T_0 = {4}, T_1 = {384}: both go to the least free cells.
    assert_eq!(
        bases(plan(&memory, 16, &allocations, 1000)),
        Some(vec![12, 0])
    );
    let mut touched = Vec::new();
    for cell in 0..1000 {
        if memory.is_touched(cell) {
            touched.push(cell);
        }
    }
    let expected: Vec<u32> = (0..16).chain([20, 900]).collect();
    assert_eq!(touched, expected);
}
