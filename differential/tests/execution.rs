//! SPEC §6 execution.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use leanvm_differential::canonical::{Case, Executed, Outcome, Private};
use leanvm_differential::generators::{Broken, Valid, from_bytes, tiny};
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

/// Bodies that are rejected, with the code.
const REJECTED: [(&str, u32); 48] = [
    ("add 1, 1, 3", 20),
    ("mul 2, 2, 5", 20),
    ("add m[fp], m[fp+1], 1", 21),
    ("add m[fp], m[fp], 2", 21),
    ("mul m[fp], 1, m[fp]", 21),
    ("mul m[fp], 0, 1", 22),
    ("mul 0, m[fp], 1", 22),
    ("mul m[fp], 0, 0", 23),
    ("deref m[fp], 0, 1", 21),
    ("jump m[fp], 0, fp", 21),
    ("jump 2, 0, fp", 26),
    ("jump -1, 0, fp", 26),
    ("jump 1, m[fp], fp", 21),
    ("jump 1, 0, m[fp]", 21),
    ("add 5, 0, m[fp]\njump 1, m[fp], fp", 27),
    ("add -1, 0, m[fp]\njump 1, m[fp], fp", 27),
    ("jump 1, end, fp+1\nend: add 0, 0, 0", 28),
    ("jump 1, end, 0\nend: add 0, 0, 0", 28),
    ("loop: jump 1, loop, fp", 29),
    ("poseidon8 m[fp], fp", 21),
    ("poseidon8 1, fp", 25),
    ("poseidon8 0, fp+1", 25),
    ("poseidon8 fp, fp+8", 21),
    ("poseidon8 0, 0", 20),
    ("poseidon16 0, fp, fp+1", 25),
    (
        "poseidon8 0, fp\nposeidon8 fp, fp+8\nposeidon8 fp, fp+8, permute",
        20,
    ),
    ("poseidon16_halves m[fp], 1, 1, 1", 21),
    ("poseidon16_halves 2, 0, 0, fp", 25),
    ("poseidon16_halves 0, 6, 1, fp", 25),
    ("poseidon16_halves 0, 0, 4, fp", 25),
    ("poseidon16_halves 0, 0, 0, fp+1", 25),
    ("poseidon16_halves 0, 4, fp, fp", 21),
    ("poseidon16_halves 0, 0, 0, 4", 20),
    ("poseidon16_halves 0, 4, 0, 8, -4", 20),
    ("poseidon16_halves 0, 0, 0, fp, 2", 25),
    ("poseidon16_halves 0, 2, 0, fp, 2", 25),
    ("poseidon16_halves 0, 0, 0, 1, -1", 24),
    ("dot_ee fp, 0, fp+8, 1", 21),
    ("dot_be 0, 0, 0, 2", 21),
    ("dot_be 0, 0, m[fp], 1", 21),
    ("eq_be 0, 0, 0, 1", 20),
    ("hint print m[fp]\nadd 0, 0, 0", 21),
    ("hint alloc m[fp], 4090\nadd 0, 0, 0", 30),
    ("hint witness \"none\", fp\nadd 0, 0, 0", 31),
    ("hint bits 8, fp, 3\nadd 0, 0, 0", 33),
    ("add 1, 0, m[fp]\nhint bits 1, fp, 2\nadd 0, 0, 0", 34),
    ("hint inverse m[fp-1], 2\nadd 0, 0, 0", 34),
    ("hint equal m[fp-1], 2, 2\nadd 0, 0, 0", 34),
];

mod differential {
    use super::*;

    #[test]
    fn valid_programs_run_alike() {
        const CASES: u32 = 1500;
        let (halted, cycles) = (Cell::new(0), Cell::new(0));
        let rejected = RefCell::new(BTreeMap::<u32, u32>::new());
        crate::common::for_each(CASES, 600, |bytes| {
            match execute(&from_bytes::<Valid>(bytes).0) {
                Ok(executed) => {
                    halted.set(halted.get() + 1);
                    cycles.set(cycles.get() + executed.steps.len());
                }
                Err(code) => *rejected.borrow_mut().entry(code).or_default() += 1,
            }
        });
        let halted = halted.get();
        println!(
            "valid programs that halt: {halted} of {CASES}, {} cycles; others by code: {:?}",
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
        let seen = RefCell::new(BTreeMap::<u32, u32>::new());
        crate::common::for_each(4000, 600, |bytes| {
            let outcome = execute(&from_bytes::<Broken>(bytes).0);
            *seen
                .borrow_mut()
                .entry(outcome.err().unwrap_or(0))
                .or_default() += 1;
        });
        let seen = seen.into_inner();
        println!("broken programs, cases by code: {seen:?}");
        let of_execution = seen.keys().filter(|code| (20..=35).contains(*code)).count();
        assert!(
            of_execution >= 12,
            "few codes of execution are reached: {seen:?}"
        );
        assert!(
            seen.get(&0).is_some_and(|runs| *runs < 2400),
            "most broken programs run: {seen:?}"
        );
    }

    #[test]
    fn rejected_bodies() {
        for (body, code) in REJECTED {
            assert_eq!(run(body).err(), Some(code), "{body}");
        }
    }

    #[test]
    fn private_and_public_input() {
        let body = "hint witness \"a\", fp\nhint witness \"a\", fp+4\nadd m[fp], m[fp+4], 3";
        assert!(execute(&case(body, &[], &[("a", &[&[1], &[2]])])).is_ok());
        assert_eq!(execute(&case(body, &[], &[("a", &[&[1]])])).err(), Some(31));
        assert_eq!(
            execute(&case(body, &[], &[("a", &[&[1], &[2], &[]])])).err(),
            Some(32)
        );
        assert_eq!(
            execute(&case(body, &[], &[("a", &[&[1], &[2]]), ("b", &[&[1]])])).err(),
            Some(32)
        );
        assert_eq!(
            execute(&case(body, &[], &[("a", &[&[1], &[2_130_706_433]])])).err(),
            Some(8)
        );
        assert_eq!(
            execute(&case("add 0, 0, 0", &[u32::MAX], &[])).err(),
            Some(8)
        );
        assert_eq!(
            execute(&case("add 0, 0, 0", &vec![0; (1 << 20) + 1], &[])).err(),
            Some(35)
        );
        let conflict = "hint witness \"a\", fp-8\nadd 0, 0, 0";
        assert_eq!(
            execute(&case(conflict, &[1], &[("a", &[&[1]])])).map(|_| ()),
            Ok(())
        );
        assert_eq!(
            execute(&case(conflict, &[2], &[("a", &[&[1]])])).err(),
            Some(34)
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
        assert_eq!(execute(&looping).err(), Some(29));
        let mut small = case("add 0, 0, 0", &[], &[]);
        small.cells = 71;
        assert_eq!(execute(&small).err(), Some(30));
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
