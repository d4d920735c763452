//! SPEC §5 memory.

use std::collections::BTreeMap;

use leanvm_differential::canonical::{Case, Executed, Outcome};
use leanvm_differential::oracles::decode::assemble;
use leanvm_differential::oracles::execute::execute;

fn run(body: &str, public: &[u32]) -> Outcome<Executed> {
    let program = assemble(&format!(".frame 16\n{body}\nhalt\n")).expect("the text is right");
    execute(&Case::new(program, public.to_vec(), BTreeMap::new()))
}

/// The cells of the main frame after a program that runs.
fn frame(body: &str) -> Vec<u32> {
    let executed = run(body, &[]).unwrap_or_else(|name| panic!("rejected, {name}: {body}"));
    executed.memory[executed.fp_0 as usize..].to_vec()
}

mod differential {
    use super::*;

    #[test]
    fn a_cell_is_written_once() {
        assert_eq!(frame("add 1, 2, m[fp]\nadd 1, 2, m[fp]")[0], 3);
        assert_eq!(
            run("add 1, 2, m[fp]\nadd 1, 3, m[fp]", &[]).err(),
            Some("relation-violated")
        );
        assert_eq!(run("add 1, 2, m[fp-8]", &[3]).map(|e| e.memory[0]), Ok(3));
        assert_eq!(
            run("add 1, 2, m[fp-8]", &[4]).err(),
            Some("relation-violated")
        );
        assert_eq!(
            run("add 1, 2, m[fp-1]", &[]).err(),
            Some("relation-violated"),
            "padding of the public region is 0"
        );
    }

    #[test]
    fn joined_cells_are_defined_at_once() {
        let join = "add fp, 0, m[fp]\nderef m[fp], 1, m[fp+2]\nderef m[fp], 3, m[fp+4]\n";
        // Two classes of two, joined to one of four, then defined.
        let all = frame(&format!(
            "{join}deref m[fp], 2, m[fp+3]\nadd 5, 0, m[fp+4]\nadd m[fp+1], 1, 6"
        ));
        assert_eq!(all[1..5], [5; 4]);
        assert_eq!(
            run(&format!("{join}add 5, 0, m[fp+1]\nadd 6, 0, m[fp+2]"), &[]).err(),
            Some("relation-violated")
        );
        // Joining a defined and an undefined cell defines the whole class of the latter.
        let all = frame(&format!(
            "{join}add 7, 0, m[fp+5]\nderef m[fp], 1, m[fp+5]\nderef m[fp], 5, m[fp+4]"
        ));
        assert_eq!(all[1..6], [7; 5]);
        // Joining two defined cells is an assertion.
        let defined = "add fp, 0, m[fp]\nadd 1, 0, m[fp+1]\nadd 2, 0, m[fp+2]\n";
        assert_eq!(
            run(&format!("{defined}deref m[fp], 1, m[fp+2]"), &[]).err(),
            Some("relation-violated")
        );
        assert_eq!(
            run(&format!("{defined}deref m[fp], 1, 1"), &[]).map(|_| ()),
            Ok(())
        );
        // A cell joined with itself, and twice.
        let all = frame(
            "add fp, 0, m[fp]\nderef m[fp], 1, m[fp+1]\nderef m[fp], 1, m[fp+2]\nderef m[fp], 2, m[fp+1]\nadd m[fp+2], 0, 9",
        );
        assert_eq!(all[1..3], [9; 2]);
        // Joined and never defined: 0 at HALT, but undefined before.
        assert_eq!(frame(join)[1..5], [0; 4]);
        assert_eq!(
            run(&format!("{join}jump m[fp+1], 0, fp"), &[]).err(),
            Some("operand-undefined")
        );
    }

    #[test]
    fn cells_that_are_never_defined_are_zero_and_not_used() {
        let executed = run("add 1, 0, m[fp+9]", &[]).expect("runs");
        assert_eq!((executed.used_cells, executed.memory.len()), (9, 24));
        let joined = run("add fp, 0, m[fp]\nderef m[fp], 1, m[fp+2]", &[]).expect("runs");
        assert_eq!(joined.used_cells, 9);
    }

    #[test]
    fn addresses_beyond_the_cap() {
        for body in [
            "add 1, 0, m[fp+4088]",
            "add m[fp-9], m[fp-10], 0",
            "add 8, 0, m[fp]\nderef m[fp], 4088, 1",
        ] {
            assert_eq!(run(body, &[]).err(), Some("address-out-of-range"), "{body}");
        }
        assert_eq!(
            run("add 1, 0, m[fp+4087]", &[]).map(|e| e.memory.len()),
            Ok(4096)
        );
        assert_eq!(
            run("poseidon8 4096, fp", &[]).err(),
            Some("address-out-of-range")
        );
        assert_eq!(
            run("poseidon8 0, 4096", &[]).err(),
            Some("address-out-of-range")
        );
        assert_eq!(
            run("dot_be 0, 0, 4092, 1", &[]).err(),
            Some("address-out-of-range")
        );
        assert_eq!(
            run("jump 0, 0, m[fp-9]", &[]).err(),
            Some("address-out-of-range"),
            "the address of a frame that is not taken is checked"
        );
    }

    #[test]
    fn the_public_region_has_a_power_of_two_of_chunks() {
        for (length, cells) in [
            (0, 8),
            (1, 8),
            (8, 8),
            (9, 16),
            (16, 16),
            (17, 32),
            (33, 64),
        ] {
            let executed = run("add 0, 0, 0", &vec![1; length]).expect("runs");
            assert_eq!(
                (executed.public_cells, executed.fp_0),
                (cells, cells),
                "{length} elements"
            );
            assert_eq!(executed.memory[..length], vec![1; length]);
        }
    }
}
