//! Compiled programs run on the machine: what they print, how they fail, what they cost.

use std::collections::BTreeMap;

use leanvm_compiler::check::{CheckedProgram, LoadedText, Placeholders, front_end};
use leanvm_compiler::compile::{Compiled, compile_checked};
use leanvm_compiler::diagnostics::{render_all, shown_values};
use leanvm_compiler::source::SourceMap;
use leanvm_fast::execution::{Execution, Input, Limits, Stopped, execute};
use leanvm_fast::field::F;
use leanvm_fast::isa::Program;

/// The front end on one text.
fn check(text: &str) -> CheckedProgram {
    let entry = LoadedText {
        name: "main.py".to_owned(),
        text: text.to_owned(),
    };
    let mut sources = SourceMap::new();
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    match front_end(entry, &mut modules, &Placeholders::new(), &mut sources) {
        Ok(program) => program,
        Err(errors) => panic!("{}", render_all(&errors, &sources)),
    }
}

fn compile(text: &str) -> Compiled {
    compile_checked(&check(text)).expect("compiles")
}

fn run(linked: &Compiled, input: &Input) -> Result<Execution, Stopped> {
    let program = Program::decode(&linked.program).expect("decodes");
    execute(&program, input, &Limits::default())
}

/// Cycles of `main` with this body after `public = 0` and the loads `x, y, z = public[0..3]`.
fn cycles(functions: &str, body: &str, public: &[u32]) -> usize {
    let lines: String = body.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "{functions}\ndef main():\n    public = 0\n    x = public[0]\n    y = public[1]\n    z = public[2]\n{lines}    return\n"
    );
    let input = Input {
        public: public.iter().copied().map(F::new).collect(),
        ..Input::default()
    };
    match run(&compile(&text), &input) {
        Ok(execution) => execution.cycles().len(),
        Err(error) => panic!("{error} in {text}"),
    }
}

/// Cycles that a body costs beyond an empty one.
fn cost(functions: &str, body: &str, public: &[u32]) -> usize {
    cycles(functions, body, public) - cycles(functions, "", public)
}

#[test]
fn costs_of_assertions() {
    for (body, expected) in [
        ("assert x * y == z", 1),
        ("assert x + y == z", 1),
        ("assert public[3] == z", 1),
        ("assert x != y", 2),
        ("assert x < 10", 3),
        ("assert x <= y", 3),
    ] {
        let z = if body.contains('*') { 2 } else { 3 };
        assert_eq!(cost("", body, &[1, 2, z, z]), expected, "{body}");
    }
}

/// The cycles of a branch whose arms have one addition, on equal and on different values.
#[test]
fn costs_of_branches() {
    for (head, expected) in [
        ("if x == 0:", (3, 2)),
        ("if x != 0:", (3, 2)),
        ("if x == y:", (3, 3)),
        ("if x == 7:", (3, 3)),
    ] {
        let body = format!("{head}\n    assert z * z == 4\nelse:\n    assert z * z == 4");
        let (equal, different) = if head.contains('7') { (7, 8) } else { (0, 1) };
        let measured = (
            cost("", &body, &[equal, 0, 2]) - 1,
            cost("", &body, &[different, 0, 2]) - 1,
        );
        assert_eq!(measured, expected, "{head}");
    }
    let body = "if x == 0:\n    assert z * z == 4";
    assert_eq!(cost("", body, &[0, 0, 2]) - 1, 3);
    assert_eq!(cost("", body, &[1, 0, 2]), 2);
    let body = "if x != 0:\n    assert z * z == 4";
    assert_eq!(cost("", body, &[0, 0, 2]), 3);
    assert_eq!(cost("", body, &[1, 0, 2]) - 1, 2);
}

/// A call costs 4 cycles (return pc, return fp, entry, return); arguments that are made for it are
/// made in place.
#[test]
fn costs_of_calls() {
    let product = "def product(a, b):\n    return a * b\n";
    let called = cost(product, "assert product(x + 1, y + 1) == z", &[1, 2, 6]);
    let inline = cost("", "assert (x + 1) * (y + 1) == z", &[1, 2, 6]);
    assert_eq!(called, inline + 4);
}

/// An iteration of a loop costs 2 cycles beyond its body, plus 1 for each variable that it reads
/// from outside; 1 more where the number of turns is not constant, for the address of the frame to
/// return to.
#[test]
fn costs_of_loops() {
    let costs = |body: &str| {
        let iterations = |n: u32| {
            let text = format!("s: Mut = 1\nfor i in range(0, {n}):\n    {body}");
            cost("", &text, &[2, 3, 0])
        };
        let at_run_time = |n: u32| {
            let text = format!("s: Mut = 1\nfor i in range(0, x):\n    {body}");
            cost("", &text, &[n, 3, 0])
        };
        (
            iterations(21) - iterations(20),
            at_run_time(21) - at_run_time(20),
        )
    };
    assert_eq!(costs("s *= s"), (2 + 1, 3 + 1));
    assert_eq!(costs("s = s * s + 1"), (2 + 2, 3 + 2));
    assert_eq!(costs("s *= y"), (2 + 1 + 1, 3 + 1 + 1));
}

/// A run checks a `debug_assert`, by hints alone.
#[test]
fn debug_assertions() {
    use leanvm_fast::rejection::Rejection::{HintConflict, HintFailed};
    for (condition, holds, fails, code) in [
        ("x == y", [5, 5, 0], [5, 6, 0], HintConflict),
        ("x != y", [5, 6, 0], [5, 5, 0], HintConflict),
        ("x == 5", [5, 0, 0], [0, 0, 0], HintConflict),
        ("x < 8", [7, 0, 0], [8, 0, 0], HintFailed),
        ("x <= 8", [8, 0, 0], [9, 0, 0], HintFailed),
        ("x < 11", [10, 0, 0], [2_130_706_432, 0, 0], HintFailed),
        ("x <= 0", [0, 0, 0], [1, 0, 0], HintFailed),
    ] {
        let text = format!(
            "def main():\n    p = 0\n    x = p[0]\n    y = p[1]\n    debug_assert({condition})\n    return\n"
        );
        let compiled = compile(&text);
        let on = |public: [u32; 3]| {
            let public = public.map(F::new).to_vec();
            let input = Input {
                public,
                ..Input::default()
            };
            run(&compiled, &input)
        };
        assert!(on(holds).is_ok(), "{condition}: {:?}", on(holds).err());
        assert_eq!(
            on(fails).err().map(|stopped| stopped.error.rejection),
            Some(code),
            "{condition}"
        );
    }
    assert_eq!(cost("", "debug_assert(x == y)", &[1, 1, 0]), 0);
    assert_eq!(cost("", "debug_assert(x < 8)", &[1, 1, 0]), 0);
}

/// A program that is accepted on one public input is refused on each other.
#[test]
fn perturbed_inputs_are_rejected() {
    let programs: [(&str, &[u32]); 6] = [
        (
            "def main():\n    p = 0\n    assert p[0] * p[1] == p[2]\n    return\n",
            &[3, 5, 15],
        ),
        (
            "def f(n):\n    if n == 0:\n        return 0, 1\n    a, b = f(n - 1)\n    return b, a + b\n\ndef main():\n    p = 0\n    a, b = f(p[0])\n    assert a == p[1]\n    assert b == p[2]\n    return\n",
            &[10, 55, 89],
        ),
        (
            "def main():\n    p = 0\n    s: Mut = 0\n    for i in range(0, p[0]):\n        s += i * i\n    assert s == p[1]\n    return\n",
            &[7, 91],
        ),
        (
            "def main():\n    p = 0\n    y: Imu\n    match p[0]:\n        case 1:\n            y = 10\n        case 2:\n            y = 30\n        case 3:\n            y = 70\n    assert y == p[1]\n    return\n",
            &[2, 30],
        ),
        (
            "def main():\n    p = 0\n    bits = Array(4)\n    hint_decompose_bits(p[0], bits, 4)\n    sum: Mut = 0\n    for i in unroll(0, 4):\n        assert bits[i] * (bits[i] - 1) == 0\n        sum = 2 * sum + bits[i]\n    assert sum == p[0]\n    assert bits[1] == p[1]\n    assert p[0] < 14\n    assert 12 < p[0]\n    return\n",
            &[13, 1],
        ),
        (
            "def main():\n    p = 0\n    a = Array(8)\n    for i in unroll(0, 8):\n        a[i] = p[i]\n    out = Array(8)\n    poseidon2_8(a, out)\n    t = out[0] - p[8]\n    assert t != 0\n    assert p[0] == p[1] + 1\n    for i in range(1, 8):\n        assert p[i + 1] == p[i] + 3\n    return\n",
            &[2, 1, 4, 7, 10, 13, 16, 19, 22],
        ),
    ];
    for (text, public) in programs {
        let compiled = compile(text);
        let run_on = |public: &[u32]| {
            let input = Input {
                public: public.iter().copied().map(F::new).collect(),
                ..Input::default()
            };
            run(&compiled, &input)
        };
        assert!(run_on(public).is_ok(), "{:?}: {text}", run_on(public).err());
        for at in 0..public.len() {
            for change in [1, 2, 1000] {
                let mut changed = public.to_vec();
                changed[at] += change;
                assert!(run_on(&changed).is_err(), "{changed:?}: {text}");
            }
        }
    }
}

/// The same text gives the same bytes, and each instruction has a place in the text.
#[test]
fn reproducible_with_a_source_map() {
    let text = include_str!("programs/loop_nested.py");
    let (one, two) = (compile(text), compile(text));
    assert_eq!(one, two);
    let program = Program::decode(&one.program).expect("decodes");
    assert_eq!(program.instructions().len(), one.spans.len());
    assert!(
        one.spans
            .iter()
            .all(|span| span.end > span.start && span.end as usize <= text.len())
    );
    assert_eq!(&*one.functions[0].name, "main");
    assert_eq!(one.functions[0].start, 0);
}

/// A program of 5,000 lines compiles quickly.
#[test]
fn compile_time() {
    let mut text = String::new();
    for f in 0..250 {
        text.push_str(&format!("def f{f}(x, y):\n    s: Mut = x\n"));
        for i in 0..8 {
            text.push_str(&format!("    if s == {i}:\n        s = s * y + {f}\n"));
        }
        text.push_str("    return s\n\n");
    }
    text.push_str("def main():\n    p = 0\n    s: Mut = p[0]\n");
    for f in 0..250 {
        text.push_str(&format!("    s = f{f}(s, s)\n"));
    }
    text.push_str("    return\n");
    let start = std::time::Instant::now();
    let compiled = compile(&text);
    assert!(text.lines().count() > 5000);
    assert!(compiled.spans.len() > 10_000);
    println!("{} lines in {:?}", text.lines().count(), start.elapsed());
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    let execution = run(&compiled, &Input::default()).expect("runs");
    assert!(execution.cycles().len() > 250 * (8 * 2 + 4));
}

/// Texts that are almost programs give diagnostics or programs that decode, never a panic.
#[test]
fn mutated_texts() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("programs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    paths.sort();
    let texts: Vec<String> = paths
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a text"))
        .collect();
    let words: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.split_inclusive([' ', '(', ')', '[', ']', ',']))
        .collect();
    let mut state = 1u64;
    let mut below = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound.max(1)
    };
    let (mut accepted, mut refused) = (0, 0);
    let rounds = std::env::var("LEANVM_MUTATIONS").map_or(2000, |n| n.parse().expect("a number"));
    for _ in 0..rounds {
        let text = &texts[below(texts.len())];
        let mut parts: Vec<&str> = text
            .split_inclusive([' ', '(', ')', '[', ']', ','])
            .collect();
        for _ in 0..=below(3) {
            let at = below(parts.len());
            match below(4) {
                0 => drop(parts.remove(at)),
                1 => parts.insert(at, words[below(words.len())]),
                2 => parts[at] = words[below(words.len())],
                _ => {
                    let other = below(parts.len());
                    parts.swap(at, other);
                }
            }
        }
        let entry = LoadedText {
            name: "main.py".to_owned(),
            text: parts.concat(),
        };
        let mut modules: BTreeMap<String, String> = BTreeMap::new();
        let mut sources = SourceMap::new();
        match leanvm_compiler::compile::compile(
            entry,
            &mut modules,
            &Placeholders::new(),
            &mut sources,
        ) {
            Ok(compiled) => {
                accepted += 1;
                if let Err(error) = Program::decode(&compiled.program) {
                    panic!("{error} in\n{}", parts.concat());
                }
            }
            Err(errors) => {
                refused += 1;
                assert!(!errors.is_empty() && !render_all(&errors, &sources).is_empty());
            }
        }
    }
    assert!(
        accepted > rounds / 100 && refused > rounds / 100,
        "{accepted} {refused}"
    );
}

/// At least 95% of the cells of a long hash chain are used.
#[test]
fn memory_share_of_a_hash_chain() {
    let text = "def main():\n    p = 0\n    first = Array(8)\n    for i in unroll(0, 8):\n        first[i] = i\n    state: Mut = first\n    for i in range(0, p[0]):\n        next = Array(8)\n        poseidon2_16(state, state, next)\n        state = next\n    print(state[0])\n    return\n";
    let input = Input {
        public: vec![F::new(1000)],
        ..Input::default()
    };
    let execution = run(&compile(text), &input).expect("runs");
    assert!(execution.memory().len() > 10_000);
    assert!(
        execution.used_cells() * 100 >= execution.memory().len() * 95,
        "{} of {}",
        execution.used_cells(),
        execution.memory().len()
    );
    println!(
        "{} {} {}",
        execution.used_cells(),
        execution.memory().len(),
        execution.cycles().len()
    );
}

/// Large and deep programs compile, or are refused; none exhausts the stack or the memory.
#[test]
fn large_programs() {
    let main = |body: &str| format!("def main():\n    p = 0\n    x = p[0]\n{body}    return\n");
    let mut returns = String::from("def f(x):\n");
    for i in 0..1000 {
        returns.push_str(&format!("    if x == {i}:\n        return {i}\n"));
    }
    returns.push_str("    return 7\n\n");
    let mut chain = String::from("def f0(x):\n    return x + 1\n\n");
    for i in 1..3000 {
        chain.push_str(&format!(
            "def f{i}(x):\n    return f{}(x) + f{}(x)\n\n",
            i - 1,
            i - 1
        ));
    }
    let mut cases = String::from("    match x:\n");
    for i in 0..3000 {
        cases.push_str(&format!("        case {i}:\n            print({i})\n"));
    }
    let mut nested = String::new();
    for depth in 1..200 {
        nested.push_str(&format!("{}if x == {depth}:\n", "    ".repeat(depth)));
    }
    nested.push_str(&format!("{}print(1)\n", "    ".repeat(200)));
    let deep_list =
        "    d = DynArray([])\n    for i in unroll(0, 100000):\n        e = DynArray([d])\n";
    let accepted = [
        format!("{returns}{}", main("    print(f(x))\n")),
        format!("{chain}{}", main("    print(f2999(x))\n")),
        main(&cases),
        main(&nested),
        main(deep_list),
        main("    for i in range(0, 2 ** 30):\n        print(i)\n"),
        main("    for i in range(5, 3):\n        a = Array(8)\n        a[0] = i\n"),
    ];
    for text in accepted {
        let compiled = compile(&text);
        assert!(Program::decode(&compiled.program).is_ok());
    }
    let refused = [
        main("    for i in unroll(0, 1000):\n        a = Array(65536)\n        a[i] = i\n"),
        main(
            "    for i in unroll(0, 1000000):\n        for j in unroll(0, 1000000):\n            print(j)\n",
        ),
        main("    for i in unroll(0, 1000000):\n        if x == i:\n            print(i)\n"),
    ];
    for text in refused {
        let checked = check(&text);
        assert!(compile_checked(&checked).is_err(), "{text}");
    }
}

/// The naive layout counts each call, each iteration and each array, with every local of every
/// branch, rounded up to powers of two.
#[test]
fn naive_layout() {
    let naive = |text: &str, public: &[u32]| {
        let input = Input {
            public: public.iter().copied().map(F::new).collect(),
            ..Input::default()
        };
        let compiled = compile(text);
        let execution = run(&compiled, &input).expect("runs");
        compiled.naive.cells(
            execution.fp_0(),
            execution.cycles().iter().map(|cycle| cycle.pc),
            execution
                .allocations()
                .iter()
                .map(|allocation| allocation.size),
        )
    };
    // `main` has return pc, return fp and n.
    let main = "def main():\n    p = 0\n    n = p[0]\n";
    let empty = naive(&format!("{main}    return\n"), &[9]);
    assert_eq!(empty, 8 + 4);
    let arrays = "    a = Array(9)\n    a[n - 8] = 1\n    b = Array(n)\n    b[0] = 1\n";
    let with_arrays = naive(&format!("{main}{arrays}    return\n"), &[9]);
    let iterations = |n: u32| {
        let body = "    for i in range(0, n):\n        if i == 3:\n            assert i * i * i != 7\n        else:\n            assert i * i * i * i != 8\n";
        naive(&format!("{main}{body}    return\n"), &[n])
    };
    assert_eq!(with_arrays, 8 + 8 + 16 + 16);
    // An iteration has five cells of the loop, three of the branch, four of one arm and five of the
    // other.
    assert_eq!(
        (
            iterations(10) - iterations(9),
            iterations(9) - iterations(3)
        ),
        (32, 6 * 32)
    );
}

/// Frames of recursive calls that take short and long arms: the second run of SPEC §7 closes the
/// holes.
#[test]
fn memory_share_of_a_recursion() {
    let text = "def main():\n    p = 0\n    print(walk(p[0], 1))\n    return\n\n\ndef walk(n, state):\n    p = 0\n    if n == 0:\n        return state\n    if p[n] == 0:\n        short = walk(n - 1, state + 1)\n        return short\n    x: Mut = state\n    for i in unroll(0, 24):\n        x = x * x + n\n    long = walk(n - 1, x)\n    return long\n";
    let public = (0..501).map(|i| {
        if i == 0 {
            500
        } else {
            u32::from(i * i % 7 > 2)
        }
    });
    let input = Input {
        public: public.map(F::new).collect(),
        ..Input::default()
    };
    let execution = run(&compile(text), &input).expect("runs");
    let share = |used: usize, cells: usize| used * 100 / cells;
    println!(
        "{} of {}, before {} of {}",
        execution.used_cells(),
        execution.memory().len(),
        execution.first_used_cells(),
        execution.first_cells()
    );
    assert!(execution.memory().len() > 10_000);
    assert!(share(execution.first_used_cells(), execution.first_cells()) < 80);
    assert!(share(execution.used_cells(), execution.memory().len()) >= 95);
    assert_eq!(execution.used_cells(), execution.first_used_cells());
}

#[test]
fn diagnostics_name_the_values_of_compile_time_variables() {
    for (text, expected) in [
        (
            "def f(n: Const, x):\n    a = Array(n)\n    a[3] = x\n    return\ndef main():\n    for i in unroll(2, 9):\n        f(i, 1)\n    return\n",
            "n = 2",
        ),
        (
            "L = [1]\n@inline\ndef g(list, k: Const):\n    for i in unroll(0, k):\n        print(list[i])\n    return\ndef main():\n    for j in unroll(4, 5):\n        g(L, j)\n    return\n",
            "i = 1, k = 4, j = 4",
        ),
        (
            "def main():\n    p = 0\n    d = DynArray([3])\n    print(match_range(p[0], range(0, 3), lambda i: d[i]))\n    return\n",
            "i = 1",
        ),
        // Loops that have ended do not count.
        (
            "def f(n: Const):\n    a = Array(4)\n    for i in unroll(0, 3):\n        print(i)\n    a[n] = 1\n    return\ndef main():\n    f(9)\n    return\n",
            "n = 9",
        ),
        (
            "L = [1]\n@inline\ndef last(list):\n    return list[5]\ndef main():\n    for i in unroll(0, 3):\n        print(i)\n    if len(L) == 1:\n        print(last(L))\n    return\n",
            "",
        ),
    ] {
        let errors = compile_checked(&check(text)).expect_err(text);
        assert_eq!(shown_values(&errors[0].values), expected, "{text}");
        let shown = errors[0].render(&SourceMap::new());
        assert!(shown.contains("help: "), "{shown}");
    }
}
