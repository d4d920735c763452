//! The table of costs in LANGUAGE.md is what compiled micro-programs cost. `UPDATE_COSTS=1` writes
//! it anew.

use std::fmt::Write as _;

use leanvm_compiler::compile::compile_checked;
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use leanvm_fast::execution::{Limits, execute};
use leanvm_fast::isa::Program;

use super::machine::machine_input;
use super::{Case, Input, chapter, chapter_path, front_end};

const BEGIN: &str = "<!-- costs: begin -->\n";
const END: &str = "<!-- costs: end -->\n";

/// Functions that the bodies call.
const FUNCTIONS: &str = "
def one(x):
    return x + 1

def two(x, y):
    return x + y, x * y
";

/// What is measured: the construct, and bodies of `main` with and without it. `x`, `y`, `z`, `w`
/// are 2, 3, 3, 0 at run time.
const CONSTRUCTS: [(&str, &str, &str); 28] = [
    ("`x + y`, `x - y`, `x * y`", "r = x * y; print(r)", ""),
    ("`x / y`", "r = x / y; print(r)", ""),
    (
        "`a[2]`, a in the frame",
        "a = Array(4); a[2] = x; r = a[2]; print(r)",
        "a = Array(4); a[2] = x",
    ),
    ("`p[x]`, the pointer p + x", "r = public[x]; print(r)", ""),
    ("`p[x] = 0`", "public[z] = 0", ""),
    ("`Array(4)`", "a = Array(4)", ""),
    ("`Array(x)`, used by index 0", "a = Array(x); a[0] = y", ""),
    ("`assert x == y`", "assert y == z", ""),
    ("`assert x != y`", "assert x != y", ""),
    ("`assert x < 16`", "assert x < 16", ""),
    ("`assert x <= y`", "assert x <= y", ""),
    (
        "`if x == y`, with `else`, equal",
        "if y == z:\n        public[0] = x\n    else:\n        public[0] = x",
        "public[0] = x",
    ),
    (
        "`if x == y`, with `else`, not equal",
        "if x == y:\n        public[0] = x\n    else:\n        public[0] = x",
        "public[0] = x",
    ),
    (
        "`if x == 0`, with `else`, equal",
        "if w == 0:\n        public[0] = x\n    else:\n        public[0] = x",
        "public[0] = x",
    ),
    (
        "`if x == 0`, with `else`, not equal",
        "if x == 0:\n        public[0] = x\n    else:\n        public[0] = x",
        "public[0] = x",
    ),
    (
        "`match x` of four cases",
        "match x:\n        case 0:\n            print(0)\n        case 1:\n            print(1)\n        case 2:\n            print(2)\n        case 3:\n            print(3)",
        "",
    ),
    (
        "`match_range` of sixteen cases, with the result",
        "print(match_range(x, range(0, 16), lambda i: i))",
        "",
    ),
    (
        "`match_range` of seventeen cases, with the result",
        "print(match_range(x, range(0, 17), lambda i: i))",
        "",
    ),
    (
        "call with one argument and one result, with its addition",
        "r = one(x); print(r)",
        "",
    ),
    (
        "call with two arguments and two results, with their two operations",
        "r, s = two(x, y); print(r, s)",
        "",
    ),
    (
        "an iteration of `range`",
        "for i in range(0, 11):\n        print(i)",
        "for i in range(0, 10):\n        print(i)",
    ),
    (
        "an iteration of `range` that carries a sum, with its addition",
        "s: Mut = x\n    for i in range(0, 11):\n        s += i\n    print(s)",
        "s: Mut = x\n    for i in range(0, 10):\n        s += i\n    print(s)",
    ),
    (
        "an iteration of `unroll`",
        "for i in unroll(0, 11):\n        print(i)",
        "for i in unroll(0, 10):\n        print(i)",
    ),
    (
        "`poseidon2_16(l, r, out)`",
        "out = Array(8); poseidon2_16(public, public + 8, out)",
        "out = Array(8)",
    ),
    (
        "`poseidon16_halves(f, s, c, out)`",
        "out = Array(8); poseidon16_halves(public, public + 4, public + 8, out)",
        "out = Array(8)",
    ),
    (
        "`poseidon16_chain(c, e, 8, d, 2)`",
        "e = Array(16)\n    for i in unroll(0, 4):\n        e[i] = x; e[8 + i] = y\n    d = Array(3); d[0] = 10; d[1] = 1; poseidon16_chain(public, e, 8, d, 2)",
        "e = Array(16)\n    for i in unroll(0, 4):\n        e[i] = x; e[8 + i] = y\n    d = Array(3); d[0] = 10; d[1] = 1",
    ),
    (
        "`poseidon16_path(k, n, s, t, 2)`",
        "k = Array(8)\n    for i in unroll(4, 8):\n        k[i] = x\n    poseidon16_path(k, public, public, public + 8, 2)",
        "k = Array(8)\n    for i in unroll(4, 8):\n        k[i] = x",
    ),
    (
        "`poseidon16_sponge(s, b, 4, out, 2)`",
        "out = Array(8); poseidon16_sponge(public, public + 8, 4, out, 2)",
        "out = Array(8)",
    ),
];

/// Cycles and used cells of a body.
fn measure(body: &str) -> (usize, usize) {
    let text = format!(
        "{FUNCTIONS}
def main():
    public = 0
    x = public[0]
    y = public[1]
    z = public[2]
    w = public[3]
    print(x, y, z, w)
    {body}
    return
"
    );
    let mut sources = SourceMap::new();
    let program = front_end("costs", &text, &Case::default(), &mut sources)
        .and_then(|checked| compile_checked(&checked))
        .unwrap_or_else(|errors| panic!("{}", render_all(&errors, &sources)));
    let program = Program::decode(&program.program).expect("a program");
    let mut public = vec![0; 32];
    public[..3].copy_from_slice(&[2, 3, 3]);
    let input = Input {
        public,
        ..Input::default()
    };
    let execution =
        execute(&program, &machine_input(&input), &Limits::default()).expect("it succeeds");
    (execution.cycles().len(), execution.used_cells())
}

fn table() -> String {
    let mut text = "| construct | cycles | cells |\n| --- | --- | --- |\n".to_owned();
    for (name, with, without) in CONSTRUCTS {
        let without = if without.is_empty() { "pass" } else { without };
        let (cycles, cells) = measure(with);
        let (base_cycles, base_cells) = measure(without);
        let _ = writeln!(
            text,
            "| {name} | {} | {} |",
            cycles as i64 - base_cycles as i64,
            cells as i64 - base_cells as i64
        );
    }
    text
}

#[test]
fn the_table_of_costs_is_measured() {
    let chapter = chapter();
    let (before, rest) = chapter
        .split_once(BEGIN)
        .expect("the beginning of the table");
    let (present, after) = rest.split_once(END).expect("the end of the table");
    let measured = table();
    if std::env::var_os("UPDATE_COSTS").is_some() {
        let text = [before, BEGIN, &measured, END, after].concat();
        std::fs::write(chapter_path(), text).expect("the chapter is writable");
    } else {
        assert_eq!(present, measured, "set UPDATE_COSTS=1 to write it anew");
    }
}
