//! Bad guest programs, and bad input of good ones: each ends with its exit code, its diagnostic,
//! its place and a remedy.

use crate::common::{Folder, Outcome, leanvm, text};

/// The body of `main` around lines of it.
fn main_with(lines: &str) -> String {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("def main():\n    p = 0\n{body}    return\n")
}

fn run(folder: &Folder, source: &[u8], input: &str) -> Outcome {
    let program = folder.write("guest.py", source);
    let input = folder.write("input.json", input);
    leanvm(["run", text(&program), "--input", text(&input)])
}

/// The program is refused with a diagnostic that has this code and stands at this line.
#[track_caller]
fn refused(source: &str, code: &str, line: usize) {
    let folder = Folder::new();
    let outcome = run(&folder, source.as_bytes(), "{}");
    outcome
        .unusable(&folder.path("guest.py"))
        .mentions(&format!("error[{code}]: "))
        .mentions(&format!("guest.py:{line}:"))
        .mentions("= help: ");
}

#[track_caller]
fn accepted(source: &str, public: &str) -> Outcome {
    let folder = Folder::new();
    run(
        &folder,
        source.as_bytes(),
        &format!("{{\"public\": {public}}}"),
    )
    .accepted()
}

#[test]
fn layout_and_characters() {
    refused("def main():\n    x = 1\n\ty = 2\n", "TabIndentation", 3);
    refused("def main():\n    x = 1\n  \t  y = 2\n", "TabIndentation", 3);
    refused("def main():\n    x = 1\n  y = 2\n", "BadIndentation", 3);
    refused(&main_with("print(\"no end)"), "UnterminatedString", 3);
    refused(&main_with("assert False, 'no end"), "UnterminatedString", 3);
    refused(&main_with("größe = 1"), "NonAsciiName", 3);
    refused(&main_with("x = 1 $ 2"), "UnexpectedCharacter", 3);
    refused(&main_with("x = (1"), "UnbalancedBracket", 3);
    // `#` and brackets in strings are text.
    accepted(
        &main_with("assert p[0] == 5, \"# ([{ is no comment\"\nprint(\"#)]}\", p[0])"),
        "[5]",
    );
    // Lines may end as elsewhere.
    accepted(
        &main_with("x = (1 +\n    2)\nassert x == 3").replace('\n', "\r\n"),
        "[]",
    );
}

#[test]
fn text_that_is_not_utf_8() {
    let folder = Folder::new();
    run(&folder, b"def main():\n    \xff\n", "{}")
        .unusable(&folder.path("guest.py"))
        .mentions("UTF-8");
}

#[test]
fn a_file_of_ten_megabytes() {
    let folder = Folder::new();
    let line = "    x = 1\n";
    let source = format!("def main():\n{}", line.repeat((10 << 20) / line.len()));
    run(&folder, source.as_bytes(), "{}")
        .unusable(&folder.path("guest.py"))
        .mentions("error[SourceTooLarge]");
}

#[test]
fn ten_thousand_nested_brackets() {
    let (open, close) = ("(".repeat(10_000), ")".repeat(10_000));
    refused(
        &main_with(&format!("x = {open}1{close}")),
        "NestingTooDeep",
        3,
    );
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    refused(
        &format!("L = {open}1{close}\n\ndef main():\n    return\n"),
        "NestingTooDeep",
        1,
    );
    refused(&main_with(&"[".repeat(10_000)), "NestingTooDeep", 3);
    refused(
        &main_with(&format!("x = p{}", "[0]".repeat(10_000))),
        "NestingTooDeep",
        3,
    );
}

#[test]
fn numbers_and_indices() {
    refused(&main_with("x = 2130706433"), "IntegerTooLarge", 3);
    refused(&main_with("x = 0x7f000001"), "IntegerTooLarge", 3);
    refused(
        "A = 1 // 0\n\ndef main():\n    return\n",
        "DivisionByZero",
        1,
    );
    refused(&main_with("x = 1 / 0"), "DivisionByZero", 3);
    refused(&main_with("a = Array(2)\na[2] = 1"), "IndexOutOfBounds", 4);
    refused(
        "A = [[1], [2, 3]]\n\ndef main():\n    print(A[0][1])\n    return\n",
        "IndexOutOfBounds",
        4,
    );
    // A range check above 2^16.
    refused(&main_with("assert p[0] < 65537"), "RangeCheckBound", 3);
}

#[test]
fn calls_and_assignments() {
    let with = |function: &str, call: &str| format!("{function}\n{}", main_with(call));
    let plain = "def f(a, b):\n    return a + b\n";
    refused(&with(plain, "x = f(1)"), "WrongArity", 6);
    refused(
        &with(&format!("@inline\n{plain}"), "x = f(1, 2, 3)"),
        "WrongArity",
        7,
    );
    let constant = plain.replace("b)", "b: Const)");
    refused(&with(&constant, "x = f(1)"), "WrongArity", 6);
    refused(&with(&constant, "x = f(1, p[0])"), "NotConstant", 6);
    refused(&with(plain, "x, y = f(1, 2)"), "WrongResultCount", 6);
    refused(&main_with("x: Imu\nx = 1\nx = 2"), "AssignedTwice", 5);
    refused(&main_with("x = 1\nx = 2"), "AssignedTwice", 4);
    refused(
        "def f(a):\n    if a == 0:\n        return 1\n\ndef main():\n    x = f(0)\n    return\n",
        "MissingReturn",
        1,
    );
    let recursive =
        "def f(n: Const):\n    if n == 1000000000:\n        return 0\n    return f(n + 1)\n";
    refused(&with(recursive, "x = f(0)"), "RecursionTooDeep", 4);
    let inline = recursive.replace(": Const", "");
    refused(
        &with(&format!("@inline\n{inline}"), "x = f(p[0])"),
        "RecursionTooDeep",
        5,
    );
}

#[test]
fn loops_that_are_too_long() {
    // 2^40 is an integer above p where it is written out.
    refused(
        &main_with("for i in unroll(0, 1099511627776):\n    print(i)"),
        "IntegerTooLarge",
        3,
    );
    refused(
        &main_with("for i in unroll(0, 2 ** 30):\n    print(i)"),
        "UnrollTooLarge",
        3,
    );
    let nested = "for i in unroll(0, 2 ** 20):\n    for j in unroll(0, 2 ** 20):\n        print(j)";
    refused(&main_with(nested), "ProgramTooLarge", 4);
}

#[test]
fn imports() {
    let folder = Folder::new();
    folder.write("a.py", "from b import *\n");
    folder.write("b.py", "from a import *\n");
    let cycle = format!("from a import *\n{}", main_with("x = 1"));
    run(&folder, cycle.as_bytes(), "{}")
        .unusable(&folder.path("guest.py"))
        .mentions("error[ImportCycle]")
        .mentions("b.py:1:");
    let itself = format!("from guest import *\n{}", main_with("x = 1"));
    run(&folder, itself.as_bytes(), "{}")
        .unusable(&folder.path("guest.py"))
        .mentions("error[ImportCycle]");
    refused(
        &format!("from nowhere import *\n{}", main_with("x = 1")),
        "MissingImport",
        1,
    );
}

#[test]
fn a_match_outside_its_cases_is_rejected() {
    let folder = Folder::new();
    let cases =
        main_with("match p[0]:\n    case 0:\n        print(10)\n    case 1:\n        print(11)");
    run(&folder, cases.as_bytes(), "{\"public\": [1]}").accepted();
    for value in [2, 3, 77, 2_130_706_432] {
        let input = format!("{{\"public\": [{value}]}}");
        let outcome = run(&folder, cases.as_bytes(), &input);
        assert_eq!(outcome.code, 1, "{value}: {outcome:?}");
        let ranges = main_with("x = match_range(p[0], range(0, 2), lambda i: i + 1)\nprint(x)");
        let outcome = run(&folder, ranges.as_bytes(), &input);
        assert_eq!(outcome.code, 1, "{value}: {outcome:?}");
    }
}

#[test]
fn missing_and_left_over_hint_data_are_faults_of_the_input() {
    let folder = Folder::new();
    let source = main_with("a = Array(1)\nhint_witness(\"left\", a)\nassert a[0] == 1");
    let input = folder.path("input.json");
    run(
        &folder,
        source.as_bytes(),
        "{\"private\": {\"left\": [[1]]}}",
    )
    .accepted();
    run(
        &folder,
        source.as_bytes(),
        "{\"private\": {\"other\": [[1]]}}",
    )
    .unusable(&input)
    .mentions("witness-missing (31)")
    .mentions("guest.py:4:5 in main");
    run(
        &folder,
        source.as_bytes(),
        "{\"private\": {\"left\": [[1], [2]]}}",
    )
    .unusable(&input)
    .mentions("witness-left-over (32)");
    run(
        &folder,
        source.as_bytes(),
        "{\"private\": {\"left\": [[2]]}}",
    )
    .rejected("relation-violated (20)");
}
