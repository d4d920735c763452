//! SPEC §7 layout.

use std::cell::Cell;
use std::collections::BTreeMap;

use leanvm_differential::canonical::{Case, Executed, Outcome};
use leanvm_differential::generators::{Framed, from_bytes};
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
            ("hint bits 0, 15, 1\nchain 0, 0, 1, 15, 1\nhalt", 24),
            ("hint bits 0, 20, 4\npath 16, 0, 0, 0, 1\nhalt", 24),
            ("sponge 0, 0, 4, 16, 1\nhalt", 24),
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
            run("hint alloc m[fp], 4088\nadd 0, 0, 0\nhalt")
                .map(|e| (e.first_cells, e.memory.len())),
            Ok((4096, 16))
        );
        for text in [
            "hint alloc m[fp], 4089\nadd 0, 0, 0\nhalt",
            "hint alloc m[fp], -1\nadd 0, 0, 0\nhalt",
            ".frame 4087\nhint alloc8 m[fp], 1\nadd 0, 0, 0\nhalt",
            ".frame 4089\nhalt",
            ".frame 4194304\nhalt",
        ] {
            assert_eq!(run(text).err(), Some("memory-exhausted"), "{text}");
        }
    }

    /// 40 frames of 16 cells, of which the even ones touch 12 and the odd ones 4, after what
    /// `before` does.
    fn frames(before: &str, after: &str) -> Outcome<Executed> {
        let mut text = format!(".frame 64\n{before}");
        for frame in 0..40 {
            text += &format!("hint alloc m[fp+{frame}], 16\n");
            let touched = if frame % 2 == 0 { 4..16 } else { 0..4 };
            for offset in touched {
                text += &format!("deref m[fp+{frame}], {offset}, {offset}\n");
            }
        }
        run(&format!("{text}{after}add 0, 0, 0\nhalt"))
    }

    #[test]
    fn a_second_run_fills_holes() {
        let executed = frames("", "").expect("runs");
        assert_eq!((executed.first_cells, executed.memory.len()), (712, 368));
        assert_eq!((executed.first_used_cells, executed.used_cells), (368, 368));
        assert_eq!(executed.naive_cells, 8 + 64 + 40 * 16);
        // The frame ends at 48, where the first allocation touches offset 4; the second one follows
        // it.
        let allocations: Vec<(u32, u32)> = (0..40)
            .map(|i| (if i % 2 == 0 { 44 + 8 * i } else { 52 + 8 * i }, 16))
            .collect();
        assert_eq!(executed.allocations, allocations);
        assert_eq!(executed.memory[8..10], [44, 60]);
    }

    #[test]
    fn the_first_run_stands_where_the_second_would_differ() {
        for (before, after, reason) in [
            ("", "hint print m[fp+3]\n", "a printed address"),
            ("", "add m[fp+1], -88, 0\n", "an address that is checked"),
            (
                "",
                "add m[fp+1], -88, m[fp+60]\nmul m[fp+60], m[fp+61], 0\njump m[fp+61], 0, fp\n",
                "a rejection",
            ),
            (
                "",
                "hint alloc m[fp+60], m[fp+1]\nadd 0, 0, 0\n",
                "the size of an allocation",
            ),
            (
                "",
                "add 89, 0, m[fp+62]\nderef m[fp+62], 0, m[fp+63]\nadd m[fp+63], 0, 1\n",
                "the value at an absolute address",
            ),
        ] {
            let executed = frames(before, after);
            if let Ok(executed) = &executed {
                assert_eq!(executed.memory.len(), executed.first_cells, "{reason}");
                assert_eq!(executed.allocations[1], (88, 16), "{reason}");
            }
            assert_eq!(executed.is_err(), reason == "a rejection", "{reason}");
        }
    }

    #[test]
    fn range_checks_stay_where_they_are() {
        // Inside the allocations of the first run, above all of the second.
        let executed =
            frames("", "add 600, 0, m[fp+62]\nderef m[fp+62], 0, m[fp+63]\n").expect("runs");
        assert_eq!((executed.first_cells, executed.memory.len()), (712, 608));
        // Above everything: M is what it is.
        let executed =
            frames("", "add 2000, 0, m[fp+62]\nderef m[fp+62], 0, m[fp+63]\n").expect("runs");
        assert_eq!((executed.first_cells, executed.memory.len()), (2008, 2008));
        assert_eq!(executed.allocations[1], (88, 16));
        // A loose cell with a value: the allocations go around it.
        let executed = frames("", "add 712, 0, m[fp+62]\nderef m[fp+62], 0, 7\n").expect("runs");
        assert_eq!((executed.first_cells, executed.memory.len()), (720, 720));
    }

    /// An allocation with holes of one cell and, behind them, one of five; then one whose two cells
    /// at distance 2 fit only into the latter.
    #[test]
    fn the_search_ends_after_64_bases() {
        for (holes, base) in [(63, 10 + 3 * 63), (64, 10 + 3 * 64), (65, 10 + 3 * 65 + 12)] {
            let size = 3 * holes + 12;
            let mut text = format!(".frame 3\nhint alloc m[fp], {size}\n");
            for offset in (0..size).filter(|o| o % 3 > 0 && *o < 3 * holes || *o >= 3 * holes + 5) {
                text += &format!("deref m[fp], {offset}, 1\n");
            }
            text += "hint alloc m[fp+1], 3\nderef m[fp+1], 0, 1\nderef m[fp+1], 2, 1\n";
            text += "hint alloc m[fp+2], 300\nderef m[fp+2], 0, 1\nhalt";
            let executed = run(&text).expect("runs");
            assert_eq!(
                executed.allocations,
                [(10, size), (base, 3), (13, 300)],
                "{holes} holes"
            );
        }
    }

    #[test]
    fn random_layouts_are_alike() {
        let (runs, second, wild) = (Cell::new(0), Cell::new(0), Cell::new(0));
        crate::common::for_each(600, 1500, |bytes| {
            let case = from_bytes::<Framed>(bytes).0;
            if let Ok(executed) = execute(&case) {
                runs.set(runs.get() + 1);
                if executed.memory.len() < executed.first_cells {
                    second.set(second.get() + 1);
                } else if executed.first_used_cells * 2 < executed.first_cells {
                    wild.set(wild.get() + 1);
                }
            }
        });
        let (runs, second, wild) = (runs.get(), second.get(), wild.get());
        println!("{runs} ran, {second} with a second run that stands, {wild} half empty without");
        assert!(
            runs > 500 && second > 200 && wild > 10,
            "{runs} {second} {wild}"
        );
    }

    #[test]
    fn proving_takes_at_least_the_cells_of_the_set() {
        let trace = tables(&case("halt"), &Options::TINY).expect("tiny takes it");
        assert_eq!(trace[1].rows, 256 / 8);
        let trace = tables(&case(".frame 249\nhalt"), &Options::TINY).expect("tiny takes it");
        assert_eq!(trace[1].rows, 264 / 8);
    }
}
