use std::collections::BTreeMap;

use super::{Layout, decide, layout};
use crate::check::{LoadedText, Placeholders, front_end};
use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{self, Block, HintKind, Loop, Program, StatementKind};
use crate::source::SourceMap;

/// A program with its layouts, whose functions have been decided.
fn decided(text: &str) -> Result<(Program, Vec<Layout>), Diagnostic> {
    let entry = LoadedText {
        name: "main.py".into(),
        text: text.into(),
    };
    let mut sources = SourceMap::new();
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    let checked = front_end(entry, &mut modules, &Placeholders::new(), &mut sources);
    let mut program = ir::elaborate(&checked.expect(text))?;
    program.functions.iter_mut().for_each(ir::optimise);
    for function in &mut program.functions {
        ir::localise(function)?;
    }
    let layouts = decide(&mut program)?;
    is_laid_out(&program, &layouts);
    Ok((program, layouts))
}

/// The layouts are those of the functions as they are after all changes.
fn is_laid_out(program: &Program, layouts: &[Layout]) {
    let known: Vec<Option<Layout>> = layouts.iter().cloned().map(Some).collect();
    for (index, function) in program.functions.iter().enumerate() {
        let mut found = Vec::new();
        super::callees(&function.body, &mut found);
        // Of a recursive call the layout was not known.
        if found.iter().all(|callee| *callee > index) {
            let again = layout::plan(function, index == 0, &known);
            assert_eq!(again, layouts[index], "{}", function.name);
        }
    }
}

/// `main` with these lines, which may use the pointer p to the public input and its first cell n.
fn main_with(lines: &str) -> (Program, Vec<Layout>) {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!("def main():\n    p = 0\n    n = p[0]\n{body}    return\n");
    decided(&text).expect("frames")
}

/// The first loop of a block.
fn first_loop(block: &Block) -> &Loop {
    let found = block
        .statements
        .iter()
        .find_map(|statement| match &statement.kind {
            StatementKind::Loop(the_loop) => Some(&**the_loop),
            kind => kind
                .arms()
                .into_iter()
                .find(|arm| {
                    arm.statements
                        .iter()
                        .any(|inner| matches!(inner.kind, StatementKind::Loop(_)))
                })
                .map(first_loop),
        });
    found.expect("a loop")
}

fn count(block: &Block, is_counted: &impl Fn(&StatementKind) -> bool) -> usize {
    let statements = block.statements.iter();
    statements
        .map(|statement| {
            let mut within: Vec<&Block> = statement.kind.arms();
            if let StatementKind::Loop(the_loop) = &statement.kind {
                within.push(&the_loop.body);
            }
            let within = within.into_iter().map(|block| count(block, is_counted));
            usize::from(is_counted(&statement.kind)) + within.sum::<usize>()
        })
        .sum()
}

#[test]
fn an_even_iteration_is_left_as_it_is() {
    let (program, layouts) =
        main_with("s: Mut = n\nfor i in range(0, n):\n    s = s * i\nprint(s)");
    let the_loop = first_loop(&program.functions[0].body);
    assert_eq!(the_loop.unrolled, 1);
    assert!(!the_loop.body.ends_iteration());
    assert!(layouts[0].strides.is_empty());
    assert!(layouts[0].uneven_loops.is_empty() && layouts[0].padded_loops.is_empty());
}

/// Behind a small arm the next frame follows at once.
#[test]
fn an_uneven_iteration_is_split() {
    let arm: String = (0..24)
        .map(|i| format!("        p[i + {i}] = (i + {i}) * (n + {i})\n"))
        .collect();
    let lines = format!("for i in range(0, n):\n    if p[i] == 0:\n{arm}    p[i + 99] = 1");
    let (program, layouts) = main_with(&lines);
    let the_loop = first_loop(&program.functions[0].body);
    assert!(the_loop.body.ends_iteration());
    let mut strides: Vec<u32> = layouts[0].strides.values().copied().collect();
    strides.sort_unstable();
    assert_eq!(strides.len(), 2, "{strides:?}");
    assert!(strides[0] + 20 < strides[1], "{strides:?}");
    assert_eq!(strides[1], layouts[0].frames[&the_loop.level].size);
}

/// With an array of eight cells and a few more, most of a second row of eight would be empty.
#[test]
fn padded_iterations_share_a_frame() {
    let lines = "for i in range(0, n):\n    a = Array(8)\n    a[0] = i\n    poseidon2_8(a, p + 8)";
    let (program, layouts) = main_with(lines);
    let the_loop = first_loop(&program.functions[0].body);
    // Two are enough.
    assert_eq!(the_loop.unrolled, 2);
    assert!(the_loop.bound.is_some());
    let exits = |kind: &StatementKind| matches!(kind, StatementKind::Exit { .. });
    assert_eq!(count(&the_loop.body, &exits), 1);
    let frame = &layouts[0].frames[&the_loop.level];
    assert!(frame.aligned && frame.size.is_multiple_of(8) && frame.size < 8 * 16);
    assert!(layouts[0].padded_loops.is_empty());
    // A loop of fewer iterations than a shared frame has stays as it is.
    let (program, _) = main_with(&lines.replace("range(0, n)", "range(0, 1)"));
    assert_eq!(first_loop(&program.functions[0].body).unrolled, 1);
}

/// A chunk that is only passed on lies elsewhere, so that the frame of the function is as large as
/// it is used.
#[test]
fn chunks_of_a_padded_function_are_allocated() {
    let text = |body: &str| {
        format!(
            "def f(x, q):\n    a = Array(8)\n    hint_witness(\"w\", a)\n    poseidon2_8(a, q)\n{body}    return x * x\n\
             def main():\n    p = 0\n    print(f(p[0], p + 8))\n    return\n"
        )
    };
    let allocations = |kind: &StatementKind| {
        matches!(
            kind,
            StatementKind::Hint {
                kind: HintKind::Allocate(8),
                ..
            }
        )
    };
    let (program, layouts) = decided(&text("")).expect("frames");
    assert_eq!(count(&program.functions[1].body, &allocations), 1);
    assert!(!layouts[1].frame().aligned);
    // A cell of it that is an operand must be in the frame.
    let (program, layouts) = decided(&text("    assert a[1] == x\n")).expect("frames");
    assert_eq!(count(&program.functions[1].body, &allocations), 0);
    assert!(layouts[1].frame().aligned);
}

#[test]
fn the_frame_of_a_call_lies_within_that_of_its_caller() {
    let text = "def small(x):\n    return x * x\n\
                def down(x):\n    if x == 0:\n        return small(x)\n    y = down(x - 1)\n    return y\n\
                def main():\n    p = 0\n    print(small(p[0]) + down(p[1]))\n    return\n";
    let (program, layouts) = decided(text).expect("frames");
    let index = |name: &str| {
        let named = |function: &ir::Function| &*function.name == name;
        program.functions.iter().position(named).expect(name)
    };
    // Return pc, return fp, parameter and result.
    assert_eq!(layouts[index("small")].frame().size, 4);
    // Of the two calls in `down` the recursive one has a frame elsewhere.
    assert_eq!(layouts[index("down")].areas.len(), 1);
    assert!(!layouts[0].areas.is_empty());
}

#[test]
fn arms_share_cells() {
    let arm = |factor: u32| -> String {
        (0..20)
            .map(|i| format!("    p[{i}] = (n + {i}) * {factor}\n"))
            .collect()
    };
    let one = main_with(&format!("if n == 0:\n{}", arm(3))).1[0].frame();
    let both = main_with(&format!("if n == 0:\n{}else:\n{}", arm(3), arm(5))).1[0].frame();
    assert!(one.size > 20, "{}", one.size);
    assert!(both.size <= one.size + 2, "{} {}", both.size, one.size);
}

#[test]
fn a_frame_that_is_too_large_is_refused() {
    let text = |arrays: u32| {
        let arrays: String = (0..arrays)
            .map(|i| format!("    a{i} = Array(65536)\n    a{i}[0] = 1\n"))
            .collect();
        format!("def main():\n{arrays}    return\n")
    };
    assert!(decided(&text(63)).is_ok());
    let refused = decided(&text(65)).map(|_| ()).expect_err("too large");
    assert_eq!(refused.code, Code::ArrayTooLarge);
}
