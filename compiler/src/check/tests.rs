mod modules;

use std::collections::BTreeMap;

use super::{CheckedProgram, LoadedText, Placeholders, front_end};
use crate::ast::ConstantValue;
use crate::diagnostics::{Code, Diagnostic, render_all};
use crate::source::SourceMap;

fn entry(text: &str) -> LoadedText {
    LoadedText {
        name: "main.py".into(),
        text: text.into(),
    }
}

fn modules(modules: &[(&str, &str)]) -> BTreeMap<String, String> {
    modules
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn run(
    text: &str,
    others: &[(&str, &str)],
    placeholders: &Placeholders,
) -> Result<CheckedProgram, (Vec<Diagnostic>, SourceMap)> {
    let mut sources = SourceMap::new();
    front_end(
        entry(text),
        &mut modules(others),
        placeholders,
        &mut sources,
    )
    .map_err(|errors| (errors, sources))
}

fn checked(text: &str) -> CheckedProgram {
    run(text, &[], &Placeholders::new())
        .unwrap_or_else(|(errors, sources)| panic!("{}", render_all(&errors, &sources)))
}

fn errors(text: &str) -> Vec<(Code, u32, u32)> {
    let (errors, sources) = run(text, &[], &Placeholders::new()).expect_err(text);
    errors
        .into_iter()
        .map(|error| {
            let file = sources.get(error.span.file).expect("a file");
            let position = file.position(error.span.start);
            (error.code, position.line, position.column)
        })
        .collect()
}

fn in_main(lines: &str) -> String {
    let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "N = 4\nL = [1, [2, 3], []]\ndef g(a):\n    return a\ndef h(a, n: Const):\n    return a, n\n\
         @inline\ndef k(a):\n    return a\ndef z():\n    pass\ndef main():\n{indented}"
    )
}

/// Lines of `main` before which [`in_main`] puts twelve.
const LINES_BEFORE: u32 = 12;

/// The kinds and lines of the errors of the body of `main`.
fn body_errors(lines: &str) -> Vec<(Code, u32)> {
    errors(&in_main(lines))
        .into_iter()
        .map(|(code, line, _)| (code, line - LINES_BEFORE))
        .collect()
}

fn accepts(lines: &str) {
    checked(&in_main(lines));
}

#[track_caller]
fn refuses(lines: &str, code: Code, line: u32) {
    assert_eq!(body_errors(lines), [(code, line)], "{lines}");
}

#[test]
fn names() {
    accepts(
        "a = 1\nb = a\nif a == b:\n    c = 1\nelse:\n    c = 2\nfor c in range(0, 3):\n    d = c\nfor c in unroll(0, 3):\n    d = c",
    );
    accepts("for _ in range(0, 2):\n    for _ in unroll(0, 2):\n        a = 1");
    accepts("i = 1\nx = match_range(i, range(0, 2), lambda i: g(i), range(2, 3), lambda i: i)");
    refuses("a = b", Code::UnknownName, 1);
    refuses("a = _", Code::UnknownName, 1);
    refuses("if N == 4:\n    a = 1\nb = a", Code::UnknownName, 3);
    refuses(
        "for i in range(0, 2):\n    a = 1\nb = i",
        Code::UnknownName,
        3,
    );
    refuses(
        "x = match_range(1, range(0, 2), lambda i: i)\ny = i",
        Code::UnknownName,
        2,
    );
    refuses("a = X_PLACEHOLDER", Code::MissingPlaceholder, 1);
    refuses("a = f(1)", Code::UnknownFunction, 1);
    refuses("a = 1\nb = a(1)", Code::UnknownFunction, 2);
    refuses("N = 1", Code::Shadowing, 1);
    refuses("N: Mut", Code::Shadowing, 1);
    refuses("N += 1", Code::Shadowing, 1);
    refuses("a, N = h(1, 2)", Code::Shadowing, 1);
    refuses("for N in range(0, 2):\n    pass", Code::Shadowing, 1);
    refuses(
        "for i in range(0, 2):\n    i: Mut = 1",
        Code::DuplicateName,
        2,
    );
    refuses(
        "x = match_range(1, range(0, 2), lambda N: 1)",
        Code::Shadowing,
        1,
    );
    accepts("a: Mut = 1\na: Mut = 2");
    accepts("a: Mut = 1\nif N == 4:\n    a: Mut = 2");
    refuses("a: Imu = 1\na: Mut = 2", Code::DuplicateName, 2);
    refuses("a: Mut = 1\na: Imu = 2", Code::DuplicateName, 2);
    refuses(
        "a: Mut = 1\nfor i in parallel_range(0, 2):\n    a: Mut = 2",
        Code::MutInParallelLoop,
        3,
    );
    refuses("a: Imu\na: Imu = 2", Code::DuplicateName, 2);
    refuses("a = 1\na: Mut", Code::DuplicateName, 2);
    let main = "def main():\n    return\n";
    for (text, expected) in [
        ("def f(a, a):\n    return\n", (Code::DuplicateName, 1, 10)),
        (
            "def f():\n    return\ndef f():\n    return\n",
            (Code::DuplicateName, 3, 5),
        ),
        ("N = 1\ndef f(N):\n    return\n", (Code::Shadowing, 2, 7)),
        ("def len(a):\n    return\n", (Code::ReservedName, 1, 5)),
        ("def unroll(a):\n    return\n", (Code::ReservedName, 1, 5)),
        (
            "def poseidon2_16(a):\n    return\n",
            (Code::ReservedName, 1, 5),
        ),
    ] {
        assert_eq!(errors(&format!("{text}{main}")), [expected], "{text}");
    }
}

#[test]
fn arity() {
    accepts("a = g(1)\nb, c = h(a, 2)\n_, d = h(a, N)\ng(3)\nz()\ne = k(L)[0]");
    refuses("a = g()", Code::WrongArity, 1);
    refuses("a = k(1, 2)", Code::WrongArity, 1);
    refuses("a, b = h(1)", Code::WrongArity, 1);
    refuses("a = Array(1, 2)", Code::WrongArity, 1);
    refuses("poseidon2_16(1, 2)", Code::WrongArity, 1);
    refuses("poseidon16_halves(0, 4, 0)", Code::WrongArity, 1);
    refuses(
        "a = poseidon16_halves(0, 4, 0, 8)",
        Code::WrongResultCount,
        1,
    );
    for (name, arguments) in [
        ("poseidon16_chain", "0, 8, 8, 16"),
        ("poseidon16_path", "0, 8, 16, 24"),
        ("poseidon16_sponge", "0, 8, 4, 16"),
    ] {
        accepts(&format!("{name}({arguments}, 2)"));
        refuses(&format!("{name}({arguments})"), Code::WrongArity, 1);
        refuses(&format!("{name}({arguments}, 2, 3)"), Code::WrongArity, 1);
        refuses(
            &format!("a = {name}({arguments}, 2)"),
            Code::WrongResultCount,
            1,
        );
    }
    refuses("hint_inverse(1)", Code::WrongArity, 1);
    refuses("a = h(1, 2)", Code::WrongResultCount, 1);
    refuses("a, b = g(1)", Code::WrongResultCount, 1);
    refuses("a, b, c = h(1, 2)", Code::WrongResultCount, 1);
    refuses("a = z()", Code::WrongResultCount, 1);
    refuses("a = 1 + h(1, 2)", Code::WrongResultCount, 1);
    refuses("a = 1, 2", Code::WrongResultCount, 1);
    refuses("a, b = 1, 2, 3", Code::WrongResultCount, 1);
    refuses("a, b = 1", Code::WrongResultCount, 1);
    refuses("a = poseidon2_8(0, 8)", Code::WrongResultCount, 1);
    refuses(
        "a = match_range(1, range(0, 1), lambda i: g(i), range(1, 2), lambda i: h(1, i))",
        Code::WrongResultCount,
        1,
    );
}

#[test]
fn results() {
    let results = |text: &str, name: &str| checked(text).function(name).expect(name).results;
    let main = "def main():\n    return\n";
    let text = format!(
        "def a(x):\n    return b(x)\ndef b(x):\n    if x == 0:\n        return b(x)\n    return x, 1\n\
         def c():\n    return c()\ndef d(x):\n    assert False\ndef e(x):\n    return match_range(x, range(0, 2), lambda i: b(i))\n{main}"
    );
    for (name, count) in [("a", 2), ("b", 2), ("c", 0), ("d", 0), ("e", 2)] {
        assert_eq!(results(&text, name), count, "{name}");
    }
    let uneven = format!("def a(x):\n    if x == 0:\n        return 1\n    return 1, 2\n{main}");
    assert_eq!(errors(&uneven), [(Code::WrongResultCount, 4, 5)]);
}

#[test]
fn assigned_once() {
    accepts("a: Imu\nb = 1\nif b == 0:\n    a = 1\nelse:\n    a = 2\nc = a");
    accepts(
        "a: Imu\nb = 1\np = 0\nif p[0] == 0:\n    a = 1\nelif p[0] == 1:\n    a = 2\nelse:\n    assert False\nc = a",
    );
    accepts(
        "a: Imu\np = 0\nmatch p[0]:\n    case 0:\n        a = 1\n    case 1:\n        a = 2\nc = a",
    );
    accepts("a: Imu\na = 1\nfor i in range(0, 2):\n    b: Imu\n    b = a");
    // Only the elaboration knows how often.
    accepts("a: Imu\nfor i in unroll(0, 4):\n    if i == 2:\n        a = i\nb = a");
    accepts("a: Imu\nif N == 4:\n    a = 1\nif N != 4:\n    a = 2\nb = a");
    accepts("a: Imu\nfor i in unroll(0, 1):\n    a = i\nb = a");
    refuses("a = 1\na = 2", Code::AssignedTwice, 2);
    refuses("a: Imu\na = 1\na = 2", Code::AssignedTwice, 3);
    refuses("a = 1\na += 2", Code::AssignedTwice, 2);
    refuses("a, a = h(1, 2)", Code::AssignedTwice, 1);
    refuses(
        "a = 1\np = 0\nif p[0] == 0:\n    a = 2",
        Code::AssignedTwice,
        4,
    );
    refuses(
        "a: Imu\nfor i in range(0, 1):\n    a = i",
        Code::AssignedTwice,
        3,
    );
    refuses(
        "a: Imu\nfor i in unroll(0, 2):\n    a = i",
        Code::AssignedTwice,
        2,
    );
    refuses(
        "a: Imu\np = 0\nif p[0] == 0:\n    a = 1\nb = a",
        Code::NotAssigned,
        3,
    );
    refuses(
        "a: Imu\np = 0\nif p[0] == 0:\n    b = 1\nelse:\n    a = 1",
        Code::NotAssigned,
        3,
    );
    refuses("a: Imu\nb = a\na = 1", Code::NotAssigned, 2);
    refuses("a: Imu", Code::NotAssigned, 1);
    refuses(
        "p = 0\nmatch p[0]:\n    case 0:\n        a: Imu",
        Code::NotAssigned,
        4,
    );
}

#[test]
fn mutable() {
    accepts("a: Mut = 1\na = 2\na += 3\nfor i in range(0, 2):\n    a = a + i\nb = a");
    accepts("a: Mut\np = 0\nif p[0] == 0:\n    a = 1\nelse:\n    a = 2\nb = a");
    accepts("for i in parallel_range(0, 2):\n    a: Mut = i\n    a += 1");
    accepts("a: Mut = 0\nfor i in dynamic_unroll(0, 2, 3):\n    a += 1");
    refuses("a: Mut\nb = a", Code::NotAssigned, 2);
    refuses("a: Mut\na += 1", Code::NotAssigned, 2);
    refuses(
        "a: Mut\np = 0\nif p[0] == 0:\n    a = 1\nb = a",
        Code::NotAssigned,
        5,
    );
    refuses(
        "a: Mut\nfor i in range(0, 2):\n    a = 1",
        Code::NotAssigned,
        3,
    );
    refuses(
        "a: Mut = 0\nfor i in parallel_range(0, 2):\n    a += 1",
        Code::MutInParallelLoop,
        3,
    );
    refuses(
        "a: Mut = 0\nfor i in parallel_range(0, 2):\n    for j in range(0, 2):\n        a = j",
        Code::MutInParallelLoop,
        4,
    );
    refuses("for i in range(0, 2):\n    i = 1", Code::NotAssignable, 2);
    refuses("L[0] = 1", Code::NotAssignable, 1);
    refuses("L[1][0] = 1", Code::NotAssignable, 1);
    refuses("L.push(1)", Code::NotAssignable, 1);
    refuses("a = Array(2)\na[0] += 1", Code::NotAssignable, 2);
    let main = "def main():\n    return\n";
    assert_eq!(
        errors(&format!("def f(a):\n    a = 1\n    return\n{main}")),
        [(Code::NotAssignable, 2, 5)]
    );
    checked(&format!(
        "def f(a: Mut):\n    a = 1\n    a += 1\n    return\n{main}"
    ));
}

#[test]
fn returns() {
    let function = |body: &str| {
        let indented: String = body.lines().map(|line| format!("    {line}\n")).collect();
        format!("def f(a, n: Const):\n{indented}def main():\n    return\n")
    };
    for body in [
        "return 1",
        "if a == 0:\n    return 1\nreturn 2",
        "if a == 0:\n    return 1\nelse:\n    return 2",
        "if a == 0:\n    return 1\nelse:\n    assert False",
        "match a:\n    case 0:\n        return 1\n    case 1:\n        return 2",
        // Decided when the function is specialised.
        "if n == 0:\n    return 1\nif n == 1:\n    return 2",
        "for i in unroll(0, n):\n    if i == n - 1:\n        return i",
        "for i in unroll(0, 3):\n    return i",
        "assert False\nreturn 1",
        "return 1\nreturn 2",
    ] {
        checked(&function(body));
    }
    for body in [
        "if a == 0:\n    return 1",
        "if a == 0:\n    return 1\nelse:\n    b = 1",
        "match a:\n    case 0:\n        return 1\n    case 1:\n        b = 2",
        "if n == 0:\n    if a == 0:\n        return 1\nelse:\n    b = 1",
    ] {
        let found = errors(&function(body));
        assert_eq!(found, [(Code::MissingReturn, 1, 1)], "{body}");
    }
    for body in [
        "for i in range(0, 3):\n    return i\nreturn 1",
        "for i in parallel_range(0, 3):\n    if i == a:\n        return i\nreturn 1",
    ] {
        let found: Vec<_> = errors(&function(body)).into_iter().map(|e| e.0).collect();
        assert_eq!(found, [Code::ReturnInLoop], "{body}");
    }
}

#[test]
fn compile_time() {
    accepts(
        "a = N * 2\nb = Array(a // 3)\nb[a // 8] = a % 3\nfor i in unroll(0, len(L[1])):\n    c, d = h(L[1][i], i ** 2)",
    );
    accepts("m: Mut = 2\nfor i in unroll(0, 3):\n    m = m * 2\na = m // 2");
    accepts(
        "d = DynArray([1, [2], L])\nd.push(5)\nx = d.pop()\nd[0] = 4\nd[0] += 2\ny = len(d) + d[1][0]",
    );
    accepts("for i in range(0, 2):\n    d = DynArray([i])\n    d.push(i)\n    d[0] = 2");
    refuses(
        "d = DynArray([1])\nfor i in range(0, 2):\n    d.push(i)",
        Code::NotConstant,
        3,
    );
    refuses(
        "d = DynArray([1])\nfor i in parallel_range(0, 2):\n    d[0] = i",
        Code::NotConstant,
        3,
    );
    accepts("p = 0\nx = k(p[0])\ny = k(L)[0]");
    // What is not reached may be wrong.
    accepts("if N == 3:\n    a = L[7]\nelse:\n    a = 1 / N");
    refuses("p = 0\na = p[0] // 2", Code::NotConstant, 2);
    refuses("p = 0\na = 2 ** p[0]", Code::NotConstant, 2);
    refuses(
        "p = 0\nfor i in unroll(0, p[0]):\n    a = 1",
        Code::NotConstant,
        2,
    );
    refuses("p = 0\na, b = h(1, p[0])", Code::NotConstant, 2);
    refuses(
        "for i in range(0, 4):\n    a, b = h(1, i)",
        Code::NotConstant,
        2,
    );
    refuses("a, b = h(1, g(1))", Code::NotConstant, 1);
    refuses("for i in range(0, 2):\n    a = L[i]", Code::NotConstant, 2);
    refuses("p = 0\na = log2_ceil(p[0])", Code::NotConstant, 2);
    refuses(
        "p = 0\nmatch p[0]:\n    case p[1]:\n        a = 1",
        Code::NotConstant,
        3,
    );
    refuses(
        "p = 0\nhint_decompose_bits(1, p, p[0])",
        Code::NotConstant,
        2,
    );
    refuses("a = 1 / (N - 4)", Code::DivisionByZero, 1);
    refuses("p = 0\na = p[0] / 0", Code::DivisionByZero, 2);
    refuses("a: Mut = 6\na /= 0", Code::DivisionByZero, 2);
    refuses("a = L[3]", Code::IndexOutOfBounds, 1);
    refuses("a = L[1][2]", Code::IndexOutOfBounds, 1);
    refuses("a = Array(4)\na[4] = 1", Code::IndexOutOfBounds, 2);
    refuses("a = Array(N)\nb = a[-1]", Code::IndexOutOfBounds, 2);
    refuses("hint_decompose_bits(1, 0, 32)", Code::IndexOutOfBounds, 1);
    refuses("dot_product_ee(0, 0, 0, 0)", Code::IndexOutOfBounds, 1);
    refuses("eq_be(0, 0, 0, 65537)", Code::IndexOutOfBounds, 1);
    for call in [
        "poseidon16_chain(0, 8, 8, 16, {})",
        "poseidon16_path(0, 8, 16, 24, {})",
        "poseidon16_sponge(0, 8, 4, 16, {})",
    ] {
        accepts(&call.replace("{}", "65536"));
        for length in ["0", "65537"] {
            refuses(&call.replace("{}", length), Code::IndexOutOfBounds, 1);
        }
        let at_run_time = format!("p = 0\n{}", call.replace("{}", "p[0]"));
        refuses(&at_run_time, Code::NotConstant, 2);
    }
    accepts("poseidon16_chain(0, 8, 1, 16, 2)\nposeidon16_chain(0, 8, 256, 16, 2)");
    refuses(
        "poseidon16_chain(0, 8, 0, 16, 2)",
        Code::IndexOutOfBounds,
        1,
    );
    refuses(
        "poseidon16_chain(0, 8, 257, 16, 2)",
        Code::IndexOutOfBounds,
        1,
    );
    refuses(
        "p = 0\nposeidon16_chain(0, 8, p[0], 16, 2)",
        Code::NotConstant,
        2,
    );
    accepts("p = 0\nposeidon16_sponge(0, 8, p[0], 16, 2)");
    refuses("a = Array(2 ** 26 + 1)", Code::ArrayTooLarge, 1);
    refuses(
        "for i in unroll(0, 2 ** 20 + 1):\n    a = i",
        Code::UnrollTooLarge,
        1,
    );
    refuses(
        "for i in unroll(0, 1099511627776):\n    a = i",
        Code::IntegerTooLarge,
        1,
    );
    refuses(
        "for i in unroll(0, 2 ** 40):\n    a = i",
        Code::UnrollTooLarge,
        1,
    );
    refuses(
        "for i in dynamic_unroll(0, 1, 32):\n    a = i",
        Code::UnrollTooLarge,
        1,
    );
}

#[test]
fn types() {
    refuses("a = L + 1", Code::TypeMismatch, 1);
    refuses("a = -L", Code::TypeMismatch, 1);
    refuses("a = g(L)", Code::TypeMismatch, 1);
    refuses("a, b = h(1, L)", Code::TypeMismatch, 1);
    refuses("assert L == 1", Code::TypeMismatch, 1);
    refuses("a = Array(1)\na[0] = L", Code::TypeMismatch, 2);
    refuses("a = Array(1)\nb = len(a)", Code::TypeMismatch, 2);
    refuses("a = DynArray(3)", Code::TypeMismatch, 1);
    refuses("a = 1\na.push(2)", Code::TypeMismatch, 2);
    refuses("a = DynArray([])\na.sort()", Code::UnknownFunction, 2);
    refuses("a = \"text\"", Code::TypeMismatch, 1);
    refuses("hint_witness(N, 0)", Code::TypeMismatch, 1);
    refuses("hint_witness(\"a b\", 0)", Code::TypeMismatch, 1);
    refuses("hint_witness(\"\", 0)", Code::TypeMismatch, 1);
    accepts("print(\"text\", N)\nhint_witness(\"a_1\", 0)\nassert N == 4, \"text\"");
}

#[test]
fn matches() {
    accepts("p = 0\nmatch p[0]:\n    case 3:\n        a = 1\n    case N:\n        a = 2");
    accepts(
        "p = 0\na = match_range(p[0], range(1, 3), lambda i: L[1][i - 1], range(3, N), lambda i: i)",
    );
    let text = |second: &str| {
        format!("p = 0\nmatch p[0]:\n    case 0:\n        a = 1\n    case {second}:\n        a = 2")
    };
    for second in ["0", "2", "-1"] {
        refuses(&text(second), Code::MatchNotConsecutive, 5);
    }
    for ranges in [
        "range(0, 2), lambda i: i, range(3, 4), lambda i: i",
        "range(2, 0), lambda i: i",
    ] {
        refuses(
            &format!("p = 0\na = match_range(p[0], {ranges})"),
            Code::MatchNotConsecutive,
            2,
        );
    }
}

#[test]
fn assertions() {
    accepts(
        "p = 0\nassert p[0] < 65536\nassert p[0] <= 65535\nassert p[0] < p[1]\nassert N < 2 ** 20\ndebug_assert(p[0] < 2 ** 20)",
    );
    refuses("p = 0\nassert p[0] < 65537", Code::RangeCheckBound, 2);
    refuses("p = 0\nassert p[0] <= 2 ** 16", Code::RangeCheckBound, 2);
    refuses("p = 0\nassert p[0] <= -1", Code::RangeCheckBound, 2);
    refuses("p = 0\nif p[0] < 3:\n    a = 1", Code::UnsupportedSyntax, 2);
    accepts("if N < 3:\n    a = 1");
}

#[test]
fn several_errors_in_the_order_of_the_text() {
    assert_eq!(
        body_errors("a = b\nc = f(d)\na = 1"),
        [
            (Code::UnknownName, 1),
            (Code::UnknownFunction, 2),
            (Code::UnknownName, 2),
            (Code::AssignedTwice, 3)
        ]
    );
}

#[test]
fn rendering() {
    let (errors, sources) =
        run("def main():\n    a = bc + 1\n", &[], &Placeholders::new()).expect_err("an error");
    assert_eq!(
        render_all(&errors, &sources),
        "error[UnknownName]: `bc` means nothing here\n --> main.py:2:9\n  |\n2 |     a = bc + 1\n  |         ^^\n  \
         = help: assign it before, define a constant, or import its module\n"
    );
}

#[test]
fn long_programs() {
    // One function of many lines, and many functions.
    let mut text = String::from("def main():\n    p = 0\n    s: Mut = 0\n");
    for i in 0..2500 {
        text.push_str(&format!(
            "    if p[{i}] == {i}:\n        s += f{i}(p[0])\n    v{i} = s * {i}\n"
        ));
    }
    for i in 0..2500 {
        text.push_str(&format!(
            "def f{i}(a):\n    b = a + {i}\n    return b * a\n"
        ));
    }
    let program = checked(&text);
    assert_eq!(program.functions.len(), 2501);
    let list = format!("L = [{}]\ndef main():\n    return\n", "1, ".repeat(500_000));
    assert_eq!(checked(&list).functions.len(), 1);
}

#[test]
fn every_builtin_is_listed() {
    for name in super::Builtin::NAMES {
        assert!(super::Builtin::from_name(name).is_some(), "{name}");
    }
    // Two names of one built-in would be listed once only.
    let distinct: std::collections::HashSet<_> = super::Builtin::NAMES
        .iter()
        .filter_map(|name| super::Builtin::from_name(name))
        .collect();
    assert_eq!(distinct.len(), super::Builtin::NAMES.len());
}

/// The remedy of the only error of the body of `main`.
fn remedy(lines: &str) -> String {
    let (errors, _) = run(&in_main(lines), &[], &Placeholders::new()).expect_err(lines);
    assert_eq!(errors.len(), 1, "{lines}");
    errors[0].remedy.clone()
}

#[test]
fn misspelt_names() {
    for (lines, meant) in [
        ("total = 1\nprint(totl)", "did you mean `total`?"),
        ("SIZE = 1\nprint(SIZ)", "did you mean `SIZE`?"),
        ("x = gg(1)", "did you mean `g`?"),
        ("hint_witnes(\"a\", N)", "did you mean `hint_witness`?"),
        ("x = array(3)", "did you mean `Array`?"),
        ("x = poseidon_16(N, N, N)", "did you mean `poseidon2_16`?"),
        ("for_each(N)", "the program has: `g`, `h`, `k`, `z`"),
        ("value = 1\nprint(other)", "there are: `L`, `N`, `value`"),
        ("print(g)", "`g` is a function: call it"),
        ("value = 1\nx = value(3)", "`value` is a variable"),
    ] {
        let remedy = remedy(lines);
        assert!(remedy.contains(meant), "{lines}: {remedy}");
    }
    let placeholders =
        Placeholders::from([("LOG_SIZE_PLACEHOLDER".into(), ConstantValue::Integer(6))]);
    let text = "def main():\n    print(LOGSIZE_PLACEHOLDER)\n    return\n";
    let (errors, _) = run(text, &[], &placeholders).expect_err("no value");
    assert!(
        errors[0]
            .remedy
            .contains("`LOG_SIZE_PLACEHOLDER` has a value"),
        "{errors:?}"
    );
}
