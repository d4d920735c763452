//! Warnings: each lint on programs that it is about, and on programs that only look so.

use std::collections::BTreeMap;

use leanvm_compiler::check::{LoadedText, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::diagnostics::{Lint, render_all};
use leanvm_compiler::source::SourceMap;

/// The lints and lines of the warnings about a program.
fn warnings(text: &str) -> Vec<(&'static str, u32)> {
    let mut sources = SourceMap::new();
    let entry = LoadedText {
        name: "main.py".into(),
        text: text.into(),
    };
    let mut modules = BTreeMap::from([(
        "library".to_owned(),
        "def from_library():\n    return\n".to_owned(),
    )]);
    let compiled = compile(entry, &mut modules, &Placeholders::new(), &mut sources);
    let compiled = compiled.unwrap_or_else(|errors| panic!("{}", render_all(&errors, &sources)));
    let line = |warning: &leanvm_compiler::diagnostics::Warning| {
        let file = sources.get(warning.span.file).expect("its file");
        file.position(warning.span.start).line
    };
    compiled
        .warnings
        .iter()
        .map(|warning| (warning.lint.name(), line(warning)))
        .collect()
}

/// `main` with these lines after the second.
fn main_with(lines: &str) -> String {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "def main():\n    p = 0\n{body}    return\ndef f(a):\n    return a[0]\ndef _g():\n    f(0)\n    return\n"
    )
}

#[track_caller]
fn warns(lines: &str, lint: Lint, line: u32) {
    assert_eq!(
        warnings(&main_with(lines)),
        [(lint.name(), line)],
        "{lines}"
    );
}

#[track_caller]
fn silent(lines: &str) {
    assert_eq!(warnings(&main_with(lines)), [], "{lines}");
}

#[test]
fn variables_and_functions() {
    let rest = "\nassert p[0] == f(p)";
    let with = |lines: &str| format!("{lines}{rest}");
    warns(&with("x = 1"), Lint::UnusedVariable, 3);
    warns(&with("x: Mut = 1\nx = 2\nx += 1"), Lint::UnusedVariable, 3);
    warns(
        &with("for i in range(0, 3):\n    x = i"),
        Lint::UnusedVariable,
        4,
    );
    warns(&with("x, _ = 1, 2"), Lint::UnusedVariable, 3);
    silent(&with("_x = 1\nfor i in range(0, 3):\n    print(1)"));
    silent(&with("x = Array(1)\nx[0] = 1"));
    silent(&with("x = 1\ny = DynArray([x])\nprint(len(y))"));
    silent(&with(
        "x: Mut = 1\nfor i in range(0, 3):\n    x += i\nprint(x)",
    ));
    silent(&with("x = 3  # allow: unused-variable"));
    silent(&with("# allow: unused-function, unused-variable\nx = 3"));
    assert_eq!(
        warnings(
            &with("x = 3  # allow: unused-function")
                .lines()
                .fold("def main():\n    p = 0\n".to_owned(), |text, line| text
                    + "    "
                    + line
                    + "\n")
                .replace("== f(p)", "== 1")
        ),
        [("unused-variable", 3)]
    );
    // Not called from `main`; recursion does not help, a library may have more.
    let text = "from library import *\ndef main():\n    return\ndef f():\n    f()\n    return\ndef _g():\n    return\n";
    assert_eq!(warnings(text), [("unused-function", 4)]);
}

/// Lines around a hint of two cells of `a`, and what `use_` makes of them.
fn hinted(hint: &str, use_: &str) -> String {
    format!("a = Array(2)\n{hint}\nassert p[0] == f(p)\n{use_}")
}

#[test]
fn hints_that_nothing_constrains() {
    let witness = "hint_witness(\"w\", a)";
    for (hint, use_) in [
        (witness, "print(a[0])"),
        (witness, "x = a[0] + 1\nprint(x, a[1] * x)"),
        (witness, "debug_assert(a[0] == 3)"),
        (
            witness,
            "hint_inverse(a[0], a + 1)\nprint(a[1])  # allow: x",
        ),
        ("hint_inverse(p[0], a)", "print(a[0])"),
        ("hint_inverse(p[0], a + 1)", "assert a[0] == 3"),
        ("hint_decompose_bits(p[0], a, 2)", "print(a[0])"),
    ] {
        let lines = hinted(hint, use_);
        let found = warnings(&main_with(&lines));
        assert_eq!(found.first(), Some(&("unconstrained-hint", 4)), "{lines}");
    }
    // Of three cells the one in the middle.
    let gap = "a = Array(3)\nhint_witness(\"w\", a)\nassert a[0] + a[2] == f(p)";
    warns(gap, Lint::UnconstrainedHint, 4);
    for use_ in [
        "assert a[0] == a[1]",
        "x = a[0] * 2\nassert x + a[1] == 4",
        "p[8] = a[0]\np[9] = a[1]",
        "b = Array(1)\nb[0] = a[0] + a[1]",
        "assert f(a) == 1",
        "poseidon2_8(a, a + 8)",
        "poseidon16_chain(p, p, 8, a, 1)",
        "poseidon16_path(a, p, p, p, 1)",
        "poseidon16_sponge(a, p, 4, p, 1)",
        "for i in range(0, 2):\n    assert a[i] == i",
        "if a[0] == a[1]:\n    print(1)",
        "x = match_range(a[0] + a[1], range(0, 3), lambda i: i)\nprint(x)",
        "assert a[0] < 10",
        "s: Mut = a[0]\nfor i in range(0, p[1]):\n    s = s + a[1]\nassert s == 3",
    ] {
        silent(&hinted(witness, use_).replace("Array(2)", "Array(8)"));
    }
}

#[test]
fn bits_that_may_be_anything() {
    let hint = "hint_decompose_bits(p[0], a, 2)";
    for use_ in [
        "assert 2 * a[0] + a[1] == p[0]",
        "assert a[0] * (1 - a[0]) == 0\nassert 2 * a[0] + a[1] == p[0]",
        "assert a[0] * (1 - a[1]) == 0\nassert 2 * a[0] + a[1] == p[0]",
    ] {
        warns(&hinted(hint, use_), Lint::UncheckedBits, 4);
    }
    let sum = "assert 2 * a[0] + a[1] == p[0]";
    for each in [
        "assert a[#] * (1 - a[#]) == 0",
        "assert a[#] * (a[#] - 1) == 0",
        "assert a[#] * a[#] == a[#]",
        "assert a[#] * a[#] - a[#] == 0",
        "assert a[#] < 2",
        "assert a[#] <= 1",
        "if a[#] == 0:\n    print(0)\nelse:\n    assert a[#] == 1",
        "match a[#]:\n    case 0:\n        print(0)\n    case 1:\n        print(1)",
        "boolean(a[#])",
    ] {
        let all: Vec<String> = (0..2).map(|i| each.replace('#', &i.to_string())).collect();
        let text = main_with(&hinted(hint, &format!("{}\n{sum}", all.join("\n"))));
        let boolean = "@inline\ndef boolean(b):\n    assert b * (1 - b) == 0\n    return\n";
        let uses = each.starts_with("boolean");
        let text = text + if uses { boolean } else { "" };
        assert_eq!(warnings(&text), [], "{text}");
    }
    silent(&hinted(
        hint,
        "for i in range(0, 2):\n    assert a[i] * (1 - a[i]) == 0",
    ));
    silent(&hinted(
        hint,
        "for i in unroll(0, 2):\n    assert a[i] * (1 - a[i]) == 0\nassert 2 * a[0] + a[1] == p[0]",
    ));
}

#[test]
fn a_hint_that_is_inlined_is_reported_if_all_its_places_are_alike() {
    let text = |other: &str| {
        format!(
            "@inline\ndef secret():\n    a = Array(1)\n    hint_witness(\"w\", a)\n    return a\ndef main():\n    x = secret()\n    print(x[0])\n    y = secret()\n    {other}\n    return\n"
        )
    };
    assert_eq!(warnings(&text("print(y[0])")), [("unconstrained-hint", 4)]);
    assert_eq!(warnings(&text("assert y[0] == 3")), []);
}
