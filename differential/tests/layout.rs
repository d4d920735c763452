//! SPEC §7 layout.

use std::collections::BTreeMap;

use leanvm_differential::canonical::{Case, Executed, Outcome};
use leanvm_differential::oracles::decode::assemble;
use leanvm_differential::oracles::execute::{execute, tables};
use leanvm_differential::twins::Options;

fn case(text: &str) -> Case {
    Case::new(
        assemble(text).expect("the text is right"),
        vec![],
        BTreeMap::new(),
    )
}

fn run(text: &str) -> Outcome<Executed> {
    execute(&case(text))
}

mod differential {
    use super::*;

    #[test]
    fn allocations_follow_the_frame() {
        let text = ".frame 3\nhint alloc m[fp], 2\nhint alloc8 m[fp+1], 9\nhint alloc m[fp+2], 0\nadd 0, 0, 0\nhalt";
        let executed = run(text).expect("runs");
        assert_eq!(executed.allocations, [(11, 2), (16, 9), (25, 0)]);
        assert_eq!(executed.memory[8..11], [11, 16, 25]);
        assert_eq!(executed.memory.len(), 32);
    }

    #[test]
    fn the_number_of_cells_is_a_multiple_of_eight() {
        for (text, cells) in [
            ("halt", 8),
            (".frame 1\nhalt", 16),
            (".frame 8\nhalt", 16),
            (".frame 9\nhalt", 24),
            // What is read counts, defined or not.
            ("jump 0, m[fp+8], fp\nhalt", 24),
            ("add 1, 0, m[fp+16]\nhalt", 32),
            ("poseidon8 0, 16, half\nhalt", 24),
            ("dot_be 0, 0, 12, 1\nhalt", 24),
            ("poseidon16_halves 0, 4, 0, 16\nhalt", 24),
        ] {
            assert_eq!(
                run(text).map(|executed| executed.memory.len()),
                Ok(cells),
                "{text}"
            );
        }
    }

    #[test]
    fn allocation_up_to_the_cap_and_beyond() {
        assert_eq!(
            run("hint alloc m[fp], 4088\nadd 0, 0, 0\nhalt").map(|e| e.memory.len()),
            Ok(4096)
        );
        for text in [
            "hint alloc m[fp], 4089\nadd 0, 0, 0\nhalt",
            "hint alloc m[fp], -1\nadd 0, 0, 0\nhalt",
            ".frame 4087\nhint alloc8 m[fp], 1\nadd 0, 0, 0\nhalt",
            ".frame 4089\nhalt",
            ".frame 4194304\nhalt",
        ] {
            assert_eq!(run(text).err(), Some(30), "{text}");
        }
    }

    #[test]
    fn proving_takes_at_least_the_cells_of_the_set() {
        let trace = tables(&case("halt"), &Options::TINY).expect("tiny takes it");
        assert_eq!(trace[1].rows, 256 / 8);
        let trace = tables(&case(".frame 249\nhalt"), &Options::TINY).expect("tiny takes it");
        assert_eq!(trace[1].rows, 264 / 8);
    }
}
