//! SPEC §6 execution.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use leanvm_differential::canonical::{Case, Executed, Name, Outcome, Private, verdict};
use leanvm_differential::generators::{Broken, Valid, from_bytes, tiny};
use leanvm_differential::oracles::code_of;
use leanvm_differential::oracles::decode::assemble;
use leanvm_differential::oracles::execute::{execute, printed};

fn case(body: &str, public: &[u32], private: &[(&str, &[&[u32]])]) -> Case {
    let program = assemble(&format!(".frame 64\n{body}\nhalt\n")).expect("the text is right");
    let mut lists = Private::new();
    for (name, of_name) in private {
        lists.insert(
            (*name).to_owned(),
            of_name.iter().map(|list| list.to_vec()).collect(),
        );
    }
    Case::new(program, public.to_vec(), lists)
}

fn run(body: &str) -> Outcome<Executed> {
    execute(&case(body, &[], &[]))
}

/// Bodies that are rejected, with the rejection.
const REJECTED: [(&str, Name); 89] = [
    ("add 1, 1, 3", "relation-violated"),
    ("mul 2, 2, 5", "relation-violated"),
    ("add m[fp], m[fp+1], 1", "operand-undefined"),
    ("add m[fp], m[fp], 2", "operand-undefined"),
    ("mul m[fp], 1, m[fp]", "operand-undefined"),
    ("mul m[fp], 0, 1", "division-by-zero"),
    ("mul 0, m[fp], 1", "division-by-zero"),
    ("mul m[fp], 0, 0", "factor-undetermined"),
    ("deref m[fp], 0, 1", "operand-undefined"),
    ("jump m[fp], 0, fp", "operand-undefined"),
    ("jump 2, 0, fp", "jump-condition"),
    ("jump -1, 0, fp", "jump-condition"),
    ("jump 1, m[fp], fp", "operand-undefined"),
    ("jump 1, 0, m[fp]", "operand-undefined"),
    ("add 5, 0, m[fp]\njump 1, m[fp], fp", "pc-out-of-range"),
    ("add -1, 0, m[fp]\njump 1, m[fp], fp", "pc-out-of-range"),
    ("jump 1, end, fp+1\nend: add 0, 0, 0", "final-frame"),
    ("jump 1, end, 0\nend: add 0, 0, 0", "final-frame"),
    ("loop: jump 1, loop, fp", "cycle-limit"),
    ("poseidon8 m[fp], fp", "operand-undefined"),
    ("poseidon8 1, fp", "chunk-unaligned"),
    ("poseidon8 0, fp+1", "chunk-unaligned"),
    ("poseidon8 fp, fp+8", "operand-undefined"),
    ("poseidon8 0, 0", "relation-violated"),
    ("poseidon16 0, fp, fp+1", "chunk-unaligned"),
    (
        "poseidon8 0, fp\nposeidon8 fp, fp+8\nposeidon8 fp, fp+8, permute",
        "relation-violated",
    ),
    ("poseidon16_halves m[fp], 1, 1, 1", "operand-undefined"),
    ("poseidon16_halves 2, 0, 0, fp", "chunk-unaligned"),
    ("poseidon16_halves 0, 6, 1, fp", "chunk-unaligned"),
    ("poseidon16_halves 0, 0, 4, fp", "chunk-unaligned"),
    ("poseidon16_halves 0, 0, 0, fp+1", "chunk-unaligned"),
    ("poseidon16_halves 0, 4, fp, fp", "operand-undefined"),
    ("poseidon16_halves 0, 0, 0, 4", "relation-violated"),
    ("poseidon16_halves 0, 4, 0, 8, -4", "relation-violated"),
    ("poseidon16_halves 0, 0, 0, fp, 2", "chunk-unaligned"),
    ("poseidon16_halves 0, 2, 0, fp, 2", "chunk-unaligned"),
    ("poseidon16_halves 0, 0, 0, 1, -1", "address-out-of-range"),
    ("dot_ee fp, 0, fp+8, 1", "operand-undefined"),
    ("dot_be 0, 0, 0, 2", "operand-undefined"),
    ("dot_be 0, 0, m[fp], 1", "operand-undefined"),
    ("eq_be 0, 0, 0, 1", "relation-violated"),
    ("chain m[fp], 1, 4, 0, 1", "operand-undefined"),
    ("chain 4, m[fp], 4, 0, 1", "operand-undefined"),
    ("chain 0, 0, 4, m[fp], 1", "operand-undefined"),
    ("chain 4, 0, 4, 0, 1", "chunk-unaligned"),
    ("chain fp, 4, 4, 0, 1", "chunk-unaligned"),
    ("chain fp, 0, 4, 0, 1", "operand-undefined"),
    ("chain 0, 0, 4, fp, 1", "operand-undefined"),
    (
        "add 4, 0, m[fp]\nchain 0, fp, 4, fp, 1",
        "operand-undefined",
    ),
    ("add 4, 0, m[fp]\nchain 0, 0, 4, fp, 1", "relation-violated"),
    (
        "add -1, 0, m[fp]\nchain 0, 0, 4, fp, 1",
        "relation-violated",
    ),
    ("add 2, 0, m[fp]\nchain 0, 0, 4, fp, 1", "relation-violated"),
    (
        "add 3, 0, m[fp]\nadd 2, 0, m[fp+1]\nchain 0, 0, 4, fp, 1",
        "relation-violated",
    ),
    ("chain 0, -1, 4, 0, 1", "address-out-of-range"),
    ("chain 0, 0, 4, -1, 1", "address-out-of-range"),
    ("path 4, 2, 2, m[fp], 1", "operand-undefined"),
    ("path 4, 0, 0, 0, 1", "chunk-unaligned"),
    ("path fp, 2, 0, 0, 1", "chunk-unaligned"),
    ("path fp, 0, 2, 0, 1", "chunk-unaligned"),
    ("path fp, 0, 0, 4, 1", "chunk-unaligned"),
    ("path fp, 0, 0, 0, 1", "operand-undefined"),
    ("path 0, fp, 0, 0, 1", "operand-undefined"),
    ("path 0, 0, 0, fp, 1", "operand-undefined"),
    (
        "hint bits 0, fp, 7\npath 0, 0, 0, fp, 1",
        "operand-undefined",
    ),
    (
        "hint bits 1, fp, 8\npath 0, 0, fp+8, fp, 1",
        "relation-violated",
    ),
    (
        "hint bits 0, fp, 4\nhint bits 0, fp+5, 3\nadd 2, 0, m[fp+4]\npath 0, 0, 0, fp, 1",
        "relation-violated",
    ),
    ("path 0, 0, fp, 0, 1", "operand-undefined"),
    ("path 0, 0, 4, 0, 2", "operand-undefined"),
    ("path 0, 0, 0, 0, 1", "relation-violated"),
    ("path 0, 0, -1, 0, 1", "address-out-of-range"),
    ("path -1, 0, 0, fp, 1", "operand-undefined"),
    ("sponge 4, 0, m[fp], 4, 1", "operand-undefined"),
    ("sponge 4, 0, 4, fp, 1", "chunk-unaligned"),
    ("sponge fp, 0, 4, fp+4, 1", "chunk-unaligned"),
    ("sponge fp, 2, 0, fp+8, 1", "operand-undefined"),
    ("sponge 0, 2, 4, fp, 1", "chunk-unaligned"),
    ("sponge 0, 0, 2, fp, 1", "chunk-unaligned"),
    ("sponge 0, fp, 2, fp+8, 1", "operand-undefined"),
    ("sponge 0, 4, 4, fp+8, 1", "operand-undefined"),
    ("sponge 0, 0, 4, fp, 2", "operand-undefined"),
    ("sponge 0, 0, 4, 0, 1", "relation-violated"),
    ("sponge 0, 4, -5, fp, 1", "address-out-of-range"),
    ("hint print m[fp]\nadd 0, 0, 0", "operand-undefined"),
    ("hint alloc m[fp], 4090\nadd 0, 0, 0", "memory-exhausted"),
    ("hint witness \"none\", fp\nadd 0, 0, 0", "witness-missing"),
    ("hint bits 8, fp, 3\nadd 0, 0, 0", "hint-failed"),
    (
        "add 1, 0, m[fp]\nhint bits 1, fp, 2\nadd 0, 0, 0",
        "hint-conflict",
    ),
    ("hint inverse m[fp-1], 2\nadd 0, 0, 0", "hint-conflict"),
    ("hint equal m[fp-1], 2, 2\nadd 0, 0, 0", "hint-conflict"),
];

mod differential {
    use super::*;

    #[test]
    fn valid_programs_run_alike() {
        const CASES: u32 = 1500;
        let (halted, cycles) = (Cell::new(0), Cell::new(0));
        let rejected = RefCell::new(BTreeMap::<Name, u32>::new());
        crate::common::for_each(CASES, 600, |bytes| {
            match execute(&from_bytes::<Valid>(bytes).0) {
                Ok(executed) => {
                    halted.set(halted.get() + 1);
                    cycles.set(cycles.get() + executed.steps.len());
                }
                Err(name) => *rejected.borrow_mut().entry(name).or_default() += 1,
            }
        });
        let halted = halted.get();
        println!(
            "valid programs that halt: {halted} of {CASES}, {} cycles; others by rejection: {:?}",
            cycles.get(),
            rejected.borrow()
        );
        assert!(
            halted * 10 >= CASES * 9,
            "only {halted} of {CASES} valid programs halt: {:?}",
            rejected.borrow()
        );
        assert!(
            cycles.get() >= 8 * CASES as usize,
            "the programs are short: {} cycles",
            cycles.get()
        );
    }

    #[test]
    fn a_rejected_execution_has_printed_what_came_before() {
        let body = "hint print 7\nadd 0, 0, 0\nhint print m[fp-8]\nhint print 8\n";
        for (end, expected) in [
            ("add 0, 0, 0\nhint print 9\nadd 0, 0, 0", vec![7, 5, 8, 9]),
            ("add 0, 0, 1\nhint print 9\nadd 0, 0, 0", vec![7, 5, 8]),
            ("hint print m[fp]\nhint print 9\nadd 0, 0, 0", vec![7, 5, 8]),
            ("jump 1, 0, fp+1", vec![7, 5, 8, 7]),
        ] {
            let case = case(&format!("{body}{end}"), &[5], &[]);
            let case = Case { cycles: 3, ..case };
            assert_eq!(printed(&case), Ok(expected), "{end}");
        }
    }

    #[test]
    fn broken_programs_fail_alike() {
        let seen = RefCell::new(BTreeMap::<Name, u32>::new());
        crate::common::for_each(4000, 600, |bytes| {
            let outcome = execute(&from_bytes::<Broken>(bytes).0);
            *seen.borrow_mut().entry(verdict(&outcome)).or_default() += 1;
        });
        let seen = seen.into_inner();
        println!("broken programs, cases by rejection: {seen:?}");
        let of_execution = seen
            .keys()
            .filter(|name| **name != "accepted" && (20..=35).contains(&code_of(name)))
            .count();
        assert!(
            of_execution >= 12,
            "few rejections of execution are reached: {seen:?}"
        );
        assert!(
            seen.get("accepted").is_some_and(|runs| *runs < 2400),
            "most broken programs run: {seen:?}"
        );
    }

    #[test]
    fn rejected_bodies() {
        for (body, name) in REJECTED {
            assert_eq!(run(body).err(), Some(name), "{body}");
        }
    }

    /// Addresses and strides that are unaligned, undefined, at the cap or near p, in all operands.
    #[test]
    fn operands_at_the_edges() {
        let values = [
            "0", "2", "4", "16", "fp+16", "56", "4088", "4092", "4096", "-1", "-4", "-5", "m[fp]",
        ];
        let bases = ["1", "4", "256"];
        let mut seen = BTreeMap::<Name, u32>::new();
        for number in 0..values.len().pow(4) {
            let operand = |place| values[number / values.len().pow(place) % values.len()];
            let base = bases[number % bases.len()];
            let [a, b, c, d] = [0, 1, 2, 3].map(operand);
            let length = 1 + number % 2;
            for text in [
                format!("chain {a}, {b}, {base}, {d}, {length}"),
                format!("path {a}, {b}, {c}, {d}, {length}"),
                format!("sponge {a}, {b}, {c}, {d}, {length}"),
            ] {
                let hints = "hint bits 8, fp+8, 8\nhint bits 0, fp+16, 31\nhint bits 0, fp+52, 4";
                let outcome = run(&format!("{hints}\n{text}"));
                *seen.entry(verdict(&outcome)).or_default() += 1;
            }
        }
        println!("operands at the edges, cases by outcome: {seen:?}");
        for name in ["accepted", "address-out-of-range", "chunk-unaligned"] {
            assert!(seen.get(name).is_some_and(|cases| *cases > 50), "{seen:?}");
        }
    }

    #[test]
    fn runs_at_their_limits() {
        for body in [
            // Bases 1 and 256, no step and all of them.
            "chain 0, 0, 1, 0, 1",
            "poseidon8 0, fp+8, half\nadd 0, 0, m[fp]\nchain 0, fp+8, 256, fp, 1",
            "add 255, 0, m[fp]\nchain 0, 0, 256, fp, 1",
            // Strides 0 and −4.
            "sponge 0, 0, 0, fp, 3",
            "sponge 0, 4, -4, fp, 1",
            // Every level has the same tweak; the siblings are the cells before.
            "hint bits 8, fp, 8\nhint bits 8, fp+8, 8\npath fp+16, 0, 0, fp, 2",
        ] {
            let body = format!("hint bits 0, fp+20, 4\nadd 0, 0, 0\n{body}");
            assert_eq!(run(&body).map(drop), Ok(()), "{body}");
        }
    }

    #[test]
    fn private_and_public_input() {
        let body = "hint witness \"a\", fp\nhint witness \"a\", fp+4\nadd m[fp], m[fp+4], 3";
        assert!(execute(&case(body, &[], &[("a", &[&[1], &[2]])])).is_ok());
        assert_eq!(
            execute(&case(body, &[], &[("a", &[&[1]])])).err(),
            Some("witness-missing")
        );
        assert_eq!(
            execute(&case(body, &[], &[("a", &[&[1], &[2], &[]])])).err(),
            Some("witness-left-over")
        );
        assert_eq!(
            execute(&case(body, &[], &[("a", &[&[1], &[2]]), ("b", &[&[1]])])).err(),
            Some("witness-left-over")
        );
        assert_eq!(
            execute(&case(body, &[], &[("a", &[&[1], &[2_130_706_433]])])).err(),
            Some("element-not-canonical")
        );
        assert_eq!(
            execute(&case("add 0, 0, 0", &[u32::MAX], &[])).err(),
            Some("element-not-canonical")
        );
        assert_eq!(
            execute(&case("add 0, 0, 0", &vec![0; (1 << 20) + 1], &[])).err(),
            Some("public-input-too-long")
        );
        let conflict = "hint witness \"a\", fp-8\nadd 0, 0, 0";
        assert_eq!(
            execute(&case(conflict, &[1], &[("a", &[&[1]])])).map(|_| ()),
            Ok(())
        );
        assert_eq!(
            execute(&case(conflict, &[2], &[("a", &[&[1]])])).err(),
            Some("hint-conflict")
        );
    }

    #[test]
    fn caps_of_the_runner() {
        let mut looping = tiny::LOOP.case();
        let steps = execute(&looping).expect("runs").steps.len() as u64;
        looping.cycles = steps;
        assert!(
            execute(&looping).is_ok(),
            "the cycle that halts is not counted"
        );
        looping.cycles = steps - 1;
        assert_eq!(execute(&looping).err(), Some("cycle-limit"));
        let mut small = case("add 0, 0, 0", &[], &[]);
        small.cells = 71;
        assert_eq!(execute(&small).err(), Some("memory-exhausted"));
        small.cells = 72;
        assert!(execute(&small).is_ok());
    }

    #[test]
    fn hints_at_halt_do_not_run() {
        let text = "hint witness \"none\", fp\nhalt\n";
        let program = assemble(text).expect("the text is right");
        assert!(execute(&Case::new(program, vec![], Private::new())).is_ok());
    }

    #[test]
    fn tiny_programs_run() {
        for tiny in &tiny::ALL {
            let outcome = execute(&tiny.case());
            assert!(outcome.is_ok(), "{}: {:?}", tiny.name, outcome.err());
        }
        assert_eq!(
            execute(&tiny::HINTS.case()).map(|executed| executed.printed),
            Ok(vec![11])
        );
    }
}
