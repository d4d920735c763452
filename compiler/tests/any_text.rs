//! No text makes the front end panic, and errors lie in the text.

use std::collections::BTreeMap;

use leanvm_compiler::check::{LoadedText, Placeholders, front_end};
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use proptest::prelude::*;

/// Parts of programs, of which random texts are made.
const PARTS: &[&str] = &[
    "def ",
    "main",
    "f",
    "(",
    ")",
    "[",
    "]",
    ":",
    ",",
    "\n",
    "\n    ",
    "\n        ",
    "\t",
    " ",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "+=",
    ".",
    "a",
    "b",
    "N",
    "x",
    "_",
    "0",
    "1",
    "7",
    "2130706432",
    "2130706433",
    "if ",
    "elif ",
    "else",
    "for ",
    " in ",
    "range",
    "unroll",
    "parallel_range",
    "dynamic_unroll",
    "match ",
    "case ",
    "match_range",
    "lambda i: ",
    "return ",
    "assert ",
    "False",
    "debug_assert",
    "print",
    "Array",
    "DynArray",
    "len",
    "push",
    "pop",
    "log2_ceil",
    "Const",
    "Mut",
    "Imu",
    "@inline\n",
    "from ",
    "import *",
    "snark_lib",
    "\"text\"",
    "\"",
    "'",
    "#",
    "\\",
    "\r\n",
    "é",
    "hint_witness",
    "hint_decompose_bits",
    "poseidon2_16",
    "poseidon16_halves",
    "dot_product_be",
    "poseidon16_chain",
    "poseidon16_path",
    "poseidon16_sponge",
    "X_PLACEHOLDER",
];

const PROGRAM: &str = r#"from snark_lib import *
N = 4
L = [[1, 2], [3]]

@inline
def g(a, b: Const):
    return a + b

def f(x, n: Const):
    r: Imu
    if n == 0:
        r = x
    else:
        r = f(x, n - 1)
    return r

def main():
    p = 0
    s: Mut = 0
    for i in range(0, N):
        s += p[i]
    for j in unroll(0, len(L)):
        s = s * L[j][0] + g(s, j)
    a = Array(N)
    a[0] = f(s, 3)
    match a[0]:
        case 0:
            s = 1
        case 1:
            assert s != 0, "zero"
    t, u = match_range(s, range(0, 2), lambda i: h(i))
    return

def h(v):
    return v, v / 3
"#;

/// Runs the front end; every error can be shown.
fn front_end_of(text: &str) {
    let mut sources = SourceMap::new();
    let mut modules = BTreeMap::from([("f".to_owned(), "Q = 1\n".to_owned())]);
    let entry = LoadedText {
        name: "any.py".into(),
        text: text.into(),
    };
    if let Err(errors) = front_end(entry, &mut modules, &Placeholders::new(), &mut sources) {
        assert!(!errors.is_empty());
        assert!(render_all(&errors, &sources).contains("help: "));
        for error in errors {
            let file = sources.get(error.span.file).expect("the file of an error");
            assert!(error.span.start <= error.span.end);
            assert!(error.span.end as usize <= file.text().len());
        }
    }
}

#[test]
fn the_program_is_accepted() {
    let mut sources = SourceMap::new();
    let entry = LoadedText {
        name: "any.py".into(),
        text: PROGRAM.into(),
    };
    let checked = front_end(
        entry,
        &mut BTreeMap::new(),
        &Placeholders::new(),
        &mut sources,
    );
    let shown = checked.map_err(|errors| render_all(&errors, &sources));
    assert_eq!(shown.map(|program| program.functions.len()), Ok(4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        front_end_of(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_parts(parts in prop::collection::vec(prop::sample::select(PARTS), 0..80)) {
        front_end_of(&parts.concat());
    }

    #[test]
    fn random_statements(parts in prop::collection::vec(prop::sample::select(PARTS), 0..30)) {
        front_end_of(&format!("N = 3\ndef f(a, b: Const):\n    return a, b\ndef main():\n    x: Mut = 1\n    {}\n", parts.concat()));
    }

    #[test]
    fn mutated_programs(
        changes in prop::collection::vec((0..PROGRAM.len(), 0..12usize, prop::sample::select(PARTS)), 1..6)
    ) {
        let mut text = PROGRAM.to_owned();
        for (at, length, part) in changes {
            let start = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, part);
        }
        front_end_of(&text);
    }
}
