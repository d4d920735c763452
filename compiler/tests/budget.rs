//! Whatever a text repeats, copies or nests, its compilation ends, in bounded memory, with a
//! diagnostic that names the construct and the place.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use leanvm_compiler::check::{LoadedText, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::diagnostics::{Code, Diagnostic, render_all};
use leanvm_compiler::source::SourceMap;

/// Most bytes that a compilation of these texts takes.
const MAX_BYTES: usize = 512 << 20;

/// The allocator of the system, with the bytes that are in use and the most that ever were.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: both functions pass on to the allocator of the system what they get.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(in_use, Ordering::Relaxed);
        // SAFETY: as the caller of this function promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller of this function promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One compilation at a time, so that what is in use is that of one.
static ALONE: Mutex<()> = Mutex::new(());

/// Compiles and gives the size of the program, or the first diagnostic and its line.
fn compiled(text: &str, modules: &[(&str, String)]) -> Result<usize, (Diagnostic, u32)> {
    let modules = modules.iter();
    compiled_with(text, modules.map(|(name, text)| (*name, text.as_str())))
}

/// The same, of modules that may share a text: what is in use outside is not counted for somebody
/// else.
fn compiled_with<'a>(
    text: &str,
    modules: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<usize, (Diagnostic, u32)> {
    let _alone = ALONE
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    MOST.store(IN_USE.load(Ordering::Relaxed), Ordering::Relaxed);
    let before = IN_USE.load(Ordering::Relaxed);
    let mut sources = SourceMap::new();
    let entry = LoadedText {
        name: "main.py".into(),
        text: text.into(),
    };
    let mut modules: BTreeMap<String, String> = modules
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let result = compile(entry, &mut modules, &Placeholders::new(), &mut sources);
    let most = MOST.load(Ordering::Relaxed) - before;
    assert!(
        most < MAX_BYTES,
        "{most} bytes\n{}",
        &text[..text.len().min(500)]
    );
    match result {
        Ok(compiled) => Ok(compiled.program.len()),
        Err(diagnostics) => {
            let shown = render_all(&diagnostics, &sources);
            let first = diagnostics.into_iter().next().expect("a diagnostic");
            assert!(shown.contains("-->"), "{shown}");
            let file = sources.get(first.span.file).expect("its file");
            let line = file.position(first.span.start).line;
            Err((first, line))
        }
    }
}

/// Refused with this code, in words that name the construct, at a line of which `place` is a part.
#[track_caller]
fn refused(text: &str, code: Code, construct: &str, place: &str) {
    match compiled(text, &[]) {
        Ok(bytes) => panic!("accepted, {bytes} bytes"),
        Err((diagnostic, line)) => {
            assert_eq!(diagnostic.code, code, "{diagnostic:?}");
            assert!(diagnostic.message.contains(construct), "{diagnostic:?}");
            let line = text.lines().nth(line as usize - 1).expect("a line");
            assert!(line.contains(place), "{line}\n{diagnostic:?}");
        }
    }
}

/// Functions f1 … f39, each of which is inlined in the next one as `body` says of its number, and a
/// call of the last.
fn inlined(first: &str, body: impl Fn(usize) -> String) -> String {
    let mut text = format!("@inline\ndef f0(x):\n{first}");
    for i in 1..40 {
        text.push_str(&format!("@inline\ndef f{i}(x):\n{}", body(i)));
    }
    text + "def main():\n    p = 0\n    y = f39(p[0])\n    print(y)\n    return\n"
}

/// `main` with `count` blocks within each other, and a body.
fn nested(count: usize, header: &str, body: &str) -> String {
    let mut text = "def main():\n    p = 0\n    x = p[0]\n    s: Mut = 0\n".to_owned();
    for depth in 0..count {
        let indent = " ".repeat(4 + depth);
        text.push_str(&format!(
            "{indent}{}\n",
            header.replace('#', &depth.to_string())
        ));
    }
    let indent = " ".repeat(4 + count);
    for line in body.lines() {
        text.push_str(&format!("{indent}{line}\n"));
    }
    text + "    print(s)\n    return\n"
}

#[test]
fn inline_calls_that_double() {
    let twice = |i: usize| format!("    y = f{}(x)\n    return f{}(x)\n", i - 1, i - 1);
    refused(
        &inlined("    return 1\n", twice),
        Code::ProgramTooLarge,
        "most of it is an inline call of `f",
        "f",
    );
}

#[test]
fn inline_calls_as_arguments() {
    let of_itself = |i: usize| format!("    return f{}(f{}(x))\n", i - 1, i - 1);
    refused(
        &inlined("    return x\n", of_itself),
        Code::ProgramTooLarge,
        "most of it is",
        "return f",
    );
}

#[test]
fn inline_calls_in_loops_of_growing_size() {
    let factorial = |i: usize| {
        format!(
            "    for i in unroll(0, {i}):\n        y = f{}(x)\n    return x\n",
            i - 1
        )
    };
    refused(
        &inlined("    return x\n", factorial),
        Code::ProgramTooLarge,
        "most of it is",
        "unroll",
    );
}

#[test]
fn inline_calls_in_cases() {
    let cases = |i: usize| {
        format!(
            "    return match_range(x, range(0, 2), lambda i: f{}(x))\n",
            i - 1
        )
    };
    refused(
        &inlined("    return x\n", cases),
        Code::ProgramTooLarge,
        "a `match_range`",
        "match_range",
    );
}

#[test]
fn inline_calls_in_branches() {
    let branches = |i: usize| {
        format!(
            "    if x == {i}:\n        return f{}(x)\n    return f{}(x + 1)\n",
            i - 1,
            i - 1
        )
    };
    refused(
        &inlined("    return x\n", branches),
        Code::ProgramTooLarge,
        "most of it is",
        "f",
    );
}

#[test]
fn what_follows_a_return_is_copied() {
    let mut text = "@inline\ndef g(x):\n    y: Mut = 0\n".to_owned();
    for i in 0..60 {
        text.push_str(&format!(
            "    if x == {i}:\n        if y == {i}:\n            return {i}\n        y = x * {i}\n"
        ));
    }
    text.push_str("    return y\ndef main():\n    p = 0\n    print(g(p[0]))\n    return\n");
    refused(&text, Code::ProgramTooLarge, "an `if`", "if ");
}

#[test]
fn unrolled_loops_within_each_other() {
    let text = nested(40, "for i# in unroll(0, 16):", "pass");
    refused(
        &text,
        Code::ProgramTooLarge,
        "most of it is a loop over `unroll`",
        "unroll",
    );
}

#[test]
fn unrolled_loops_of_statements_without_code() {
    let dead = "    if i0 == 0:\n        pass\n".repeat(500);
    let text = nested(1, "for i# in unroll(0, 1048576):", &dead);
    refused(
        &text,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll",
    );
}

#[test]
fn unrolled_expressions() {
    let sum = ["(1 + 1 * 2)"; 100].join(" + ");
    let text = nested(1, "for i# in unroll(0, 1048576):", &format!("y = {sum}"));
    refused(
        &text,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll",
    );
}

#[test]
fn unrolled_loops_around_text_that_is_never_compiled() {
    let mut dead = "for j in range(0, x):\n    if 0 == 1:\n".to_owned();
    for j in 0..10_000 {
        dead.push_str(&format!("        a{j} = 1\n"));
    }
    let text = nested(1, "for i# in unroll(0, 100000):", &dead);
    refused(
        &text,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll",
    );
}

#[test]
fn cases_within_each_other() {
    let mut value = "1".to_owned();
    for i in 0..60 {
        value = format!("match_range(x, range(0, 2), lambda i{i}: {value})");
    }
    let text = nested(0, "", &format!("print({value})"));
    refused(
        &text,
        Code::ProgramTooLarge,
        "most of it is a `match_range`",
        "match_range",
    );
}

#[test]
fn many_cases_within_many_cases() {
    let text = nested(
        0,
        "",
        "print(match_range(x, range(0, 65536), lambda i: match_range(x, range(0, 65536), lambda j: i + j)))",
    );
    refused(
        &text,
        Code::ProgramTooLarge,
        "most of it is a `match_range`",
        "match_range",
    );
}

#[test]
fn specialisations() {
    for (body, last) in [
        ("f(n + 1)\n    f(2 * n)", "f(n = "),
        ("f(n + 1)", "f(n = 16"),
    ] {
        let text = format!(
            "def f(n: Const):\n    {body}\n    return\ndef main():\n    f(1)\n    return\n"
        );
        refused(&text, Code::RecursionTooDeep, last, "f(");
    }
    let text = "def f(n: Const):\n    for i in unroll(0, 100000):\n        pass\n    return\n\
                def main():\n    for i in unroll(0, 10000):\n        f(i)\n    return\n";
    refused(
        text,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll(0, 100000)",
    );
}

/// Lists that hold the one before twice, however they get there.
#[test]
fn lists_of_lists() {
    let doubling = |twice: &dyn Fn(usize) -> String| {
        let lines: String = (1..60).map(twice).collect();
        format!("def main():\n    d0 = DynArray([1])\n{lines}    print(len(d59))\n    return\n")
    };
    let written = |i: usize| format!("    d{i} = DynArray([d{0}, d{0}])\n", i - 1);
    let pushed = |i: usize| {
        format!(
            "    d{i} = DynArray([])\n    d{i}.push(d{0})\n    d{i}.push(d{0})\n",
            i - 1
        )
    };
    let pushed_below = |i: usize| {
        format!(
            "    d{i} = DynArray([[]])\n    d{i}[0].push(d{0})\n    d{i}[0].push(d{0})\n",
            i - 1
        )
    };
    let ways: [(&dyn Fn(usize) -> String, &str); 3] =
        [(&written, "d19"), (&pushed, "d19"), (&pushed_below, "d18")];
    for (twice, place) in ways {
        refused(&doubling(twice), Code::ArrayTooLarge, "a list of", place);
    }
}

/// Lists that hold the one before, however it gets there.
#[test]
fn lists_within_lists() {
    for (next, place) in [
        ("DynArray([d])", "[d]"),
        ("DynArray([])\n        e.push(d)", "e.push(d)"),
        ("DynArray([[]])\n        e[0].push(d)", "e[0].push(d)"),
    ] {
        let text = |number: usize| {
            format!(
                "def main():\n    d: Mut = DynArray([])\n    for i in unroll(0, {number}):\n        e = {next}\n        d = e\n    return\n"
            )
        };
        assert!(compiled(&text(100), &[]).is_ok(), "{next}");
        refused(
            &text(1000),
            Code::ArrayTooLarge,
            "lists within each other",
            place,
        );
    }
}

#[test]
fn lists_that_grow() {
    let text = nested(
        2,
        "for i# in unroll(0, 1000000):",
        "d = DynArray([])\nfor j in unroll(0, 1000):\n    d.push(j)",
    );
    refused(
        &text,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll",
    );
    let copies = "def main():\n    d = DynArray([])\n    for i in unroll(0, 100000):\n        d.push(i)\n    \
                  for i in unroll(0, 100000):\n        e = DynArray(d)\n    return\n";
    refused(
        copies,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll(0, 100000)",
    );
}

#[test]
fn constants() {
    let mut text = "A0 = [1]\n".to_owned();
    for i in 1..40 {
        text.push_str(&format!("A{i} = [A{0}, A{0}]\n", i - 1));
    }
    text.push_str("def main():\n    return\n");
    refused(&text, Code::ArrayTooLarge, "a list of more than", "A19");
    // A constant is not copied where it is named.
    let table = format!("A = [{}]\n", vec!["1"; 65_536].join(", "));
    let reads = "def main():\n    s: Mut = 0\n    for i in unroll(0, 65536):\n        s = s + A[i]\n    print(s)\n    return\n";
    compiled(&(table + reads), &[]).expect("a program");
}

#[test]
fn arrays_of_constant_size() {
    let text = nested(1, "for i# in unroll(0, 1000000):", "a = Array(9)");
    refused(
        &text,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll",
    );
    let text = "def main():\n    for i in unroll(0, 1000):\n        a = Array(65536)\n        a[i] = 1\n    return\n";
    refused(text, Code::ArrayTooLarge, "the frame of `main`", "def main");
}

#[test]
fn hints_prints_and_assertions() {
    for body in [
        "print(x, 1, 2, 3)",
        "assert p[i0] != i0",
        "hint_inverse(x, p + i0)",
        "poseidon2_8(p, p + 8 * i0)",
    ] {
        let text = nested(1, "for i# in unroll(0, 1000000):", body);
        refused(
            &text,
            Code::ProgramTooLarge,
            "a loop over `unroll`",
            "unroll",
        );
    }
}

#[test]
fn results_that_are_passed_on() {
    let ones = vec!["1"; 20_000].join(", ");
    let text = format!(
        "def f():\n    return {ones}\n@inline\ndef g():\n    return f()\ndef main():\n    for i in unroll(0, 100000):\n        g()\n    return\n"
    );
    refused(
        &text,
        Code::ProgramTooLarge,
        "a loop over `unroll`",
        "unroll",
    );
}

#[test]
fn variables_carried_through_loops() {
    let mut text = "def main():\n    p = 0\n".to_owned();
    for i in 0..5000 {
        text.push_str(&format!("    x{i}: Mut = p[{i}]\n"));
    }
    for depth in 0..230 {
        text.push_str(&format!(
            "{}for i{depth} in range(0, p[0]):\n",
            " ".repeat(4 + depth)
        ));
    }
    for i in 0..5000 {
        text.push_str(&format!("{}x{i} = 1\n", " ".repeat(234)));
    }
    text.push_str("    return\n");
    refused(&text, Code::ProgramTooLarge, "a loop over `range`", "range");
    let text = text
        .replace(": Mut = p", " = p")
        .replace(" = 1\n", "\n")
        .replace("         x", "         p[0] = x");
    refused(&text, Code::ProgramTooLarge, "in `main`", "def main");
}

#[test]
fn loops_within_each_other_compile() {
    for kind in ["range(0, x)", "range(0, 3)", "dynamic_unroll(0, x, 20)"] {
        let text = nested(60, &format!("for i# in {kind}:"), "s = s + 1");
        assert!(compiled(&text, &[]).is_ok(), "{kind}");
    }
    let text = nested(60, "for i# in parallel_range(0, x):", "p[x + i3] = i59");
    assert!(compiled(&text, &[]).is_ok());
}

#[test]
fn frames_that_double() {
    let mut text = "def f0(x):\n    a = Array(9)\n    a[0] = x\n    return x\n".to_owned();
    for i in 1..60 {
        text.push_str(&format!(
            "def f{i}(x):\n    return f{0}(x) + f{0}(x)\n",
            i - 1
        ));
    }
    text.push_str("def main():\n    print(f59(1))\n    return\n");
    let bytes = compiled(&text, &[]).expect("a program");
    assert!(bytes < 1 << 16, "{bytes}");
}

#[test]
fn many_loops_of_constant_size() {
    let text = nested(
        1,
        "for i# in unroll(0, 30000):",
        "for j in range(0, 3):\n    p[j] = i0",
    );
    assert!(compiled(&text, &[]).is_ok());
}

#[test]
fn imports() {
    let module = format!("# {}\n", "text ".repeat(500)).repeat(700);
    let names: Vec<String> = (0..100).map(|i| format!("m{i}")).collect();
    let modules = names.iter().map(|name| (name.as_str(), module.as_str()));
    let imports: String = names
        .iter()
        .map(|name| format!("from {name} import *\n"))
        .collect();
    let text = format!("{imports}def main():\n    return\n");
    let (diagnostic, line) = compiled_with(&text, modules).expect_err("too much text");
    assert_eq!((diagnostic.code, line), (Code::TooManyModules, 3));
    // A module that is imported many times is looked up once by each that imports it.
    let again = "from m import *\n".repeat(100_000) + "def main():\n    return\n";
    let module = format!("A = [{}]\n", vec!["1"; 600_000].join(","));
    assert!(compiled(&again, &[("m", module)]).is_ok());
}
