//! `leanvm profile`: its sums are those of the execution, its stacks those of the program, its
//! files of their kinds.

use std::path::{Path, PathBuf};

use crate::common::{Folder, leanvm, text};
use serde_json::Value;

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs")
}

/// All programs that have an input.
fn all() -> Vec<(PathBuf, PathBuf)> {
    let mut found: Vec<_> = std::fs::read_dir(programs())
        .expect("the programs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "py" || e == "lasm"))
        .map(|path| (path.clone(), path.with_extension("json")))
        .filter(|(_, input)| input.exists())
        .collect();
    found.sort();
    assert!(found.len() >= 14, "{found:?}");
    found
}

fn sum(rows: &Value, field: &str) -> u64 {
    let rows = rows.as_array().expect("a list");
    rows.iter()
        .map(|row| row[field].as_u64().expect("a count"))
        .sum()
}

/// Stacks and their cycles.
fn folded(path: &Path) -> Vec<(String, u64)> {
    let text = std::fs::read_to_string(path).expect("the folded file");
    text.lines()
        .map(|line| line.rsplit_once(' ').expect("a stack and a number"))
        .map(|(stack, cycles)| (stack.to_owned(), cycles.parse().expect("a number")))
        .collect()
}

struct Profile {
    json: Value,
    stacks: Vec<(String, u64)>,
    picture: String,
}

#[track_caller]
fn profile(folder: &Folder, program: &Path, input: &Path) -> Profile {
    let stacks = folder.path("out.folded");
    let flames = folder.path("flames.svg");
    let picture = folder.path("memory.svg");
    let outcome = leanvm([
        "profile",
        text(program),
        "--input",
        text(input),
        "--json",
        "--folded",
        text(&stacks),
        "--flame-graph",
        text(&flames),
        "--memory-picture",
        text(&picture),
    ])
    .accepted();
    let json = outcome.json();
    assert_eq!(json["written"].as_array().map(Vec::len), Some(3));
    let flames = std::fs::read_to_string(flames).expect("the flame graph");
    assert!(flames.contains("<svg") && flames.trim_end().ends_with("</svg>"));
    Profile {
        json,
        stacks: folded(&stacks),
        picture: std::fs::read_to_string(picture).expect("the picture"),
    }
}

/// The profile's sums are the cycles, hash calls and used cells of the execution.
#[track_caller]
fn check_sums(program: &Path, input: &Path, profile: &Profile) {
    let run = leanvm(["run", text(program), "--input", text(input), "--json"])
        .accepted()
        .json();
    let name = program.display();
    let json = &profile.json;
    let cycles = run["cycles"].as_u64().expect("cycles");
    assert!(cycles > 0, "{name}");
    assert_eq!(json["cycles"], run["cycles"], "{name}");
    assert_eq!(sum(&json["functions"], "cycles"), cycles, "{name}");
    assert_eq!(sum(&json["lines"], "cycles"), cycles, "{name}");
    let stacks: u64 = profile.stacks.iter().map(|(_, cycles)| cycles).sum();
    assert_eq!(stacks, cycles, "{name}");
    for table in ["functions", "lines"] {
        assert_eq!(
            json["hash_calls"],
            sum(&json[table], "hash_calls"),
            "{name}"
        );
        let cells = sum(&json[table], "cells") + json["public_cells"].as_u64().expect("cells");
        assert_eq!(run["used_cells"], cells, "{name}");
    }
    for field in ["memory_cells", "used_cells"] {
        assert_eq!(json[field], run[field], "{name}");
    }
    for function in json["functions"].as_array().expect("functions") {
        let (own, all) = (
            function["cycles"].as_u64(),
            function["cycles_with_callees"].as_u64(),
        );
        assert!(own <= all && all <= Some(cycles), "{name}: {function}");
        assert!(function["calls"].as_u64() > Some(0), "{name}: {function}");
    }
    // The legend of the picture counts every cell.
    let legend: u64 = profile
        .picture
        .lines()
        .filter_map(|line| line.split("stroke-width").nth(1))
        .filter_map(|line| {
            line.rsplit_once(": ")?
                .1
                .split(' ')
                .next()?
                .replace(',', "")
                .parse::<u64>()
                .ok()
        })
        .sum();
    assert_eq!(run["memory_cells"], legend, "{name}");
    let svg = &profile.picture;
    assert!(
        svg.starts_with("<svg ") && svg.ends_with("</svg>\n"),
        "{name}"
    );
    assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
}

#[test]
fn sums_are_those_of_the_execution() {
    let folder = Folder::new();
    for (program, input) in all() {
        let shown = profile(&folder, &program, &input);
        check_sums(&program, &input, &shown);
        if program.extension().is_some_and(|e| e == "py") {
            let functions = shown.json["functions"].as_array().expect("functions");
            let main = functions
                .iter()
                .find(|function| function["name"] == "main")
                .expect("main");
            assert_eq!(main["cycles_with_callees"], shown.json["cycles"]);
            assert!(
                shown
                    .stacks
                    .iter()
                    .all(|(stack, _)| stack == "main" || stack.starts_with("main;"))
            );
        }
    }
}

const GUEST: &str = "\
from snark_lib import *

def main():
    p = 0
    for i in range(0, 4):
        x = outer(p[0] + i)
    y = outer(p[1])
    z = down(p[2])
    h = Array(8)
    poseidon2_8(0, h)
    return

def outer(x):
    a = square(x)
    s: Mut = a
    for i in unroll(0, 3):
        s = leaf(s)
    return s

@inline
def square(x):
    y = twice(x)
    return y * y

@inline
def twice(x):
    return x * 3

def leaf(x):
    return x * x + 1

def down(n):
    r: Imu
    if n == 0:
        r = 1
    else:
        s = down(n - 1)
        r = s * 5
    return r
";

#[test]
fn stacks_and_calls_are_those_of_the_program() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write("input.json", "{\"public\": [1, 2, 3]}");
    let shown = profile(&folder, &program, &input);
    check_sums(&program, &input, &shown);
    let stacks: Vec<&str> = shown
        .stacks
        .iter()
        .map(|(stack, _)| stack.as_str())
        .collect();
    assert_eq!(
        stacks,
        [
            "main",
            "main;down",
            "main;down;down",
            "main;down;down;down",
            "main;down;down;down;down",
            "main;outer",
            "main;outer;leaf",
            "main;outer;square [inline]",
            "main;outer;square [inline];twice [inline]",
        ]
    );
    let functions = shown.json["functions"].as_array().expect("functions");
    let of = |name: &str, field: &str| {
        let row = functions.iter().find(|row| row["name"] == name);
        row.expect("a function")[field].as_u64().expect("a count")
    };
    for (name, calls) in [("main", 1), ("outer", 5), ("leaf", 15), ("down", 4)] {
        assert_eq!(of(name, "calls"), calls, "{name}");
    }
    // One multiplication each time, wherever the inline calls stand.
    assert_eq!((of("square", "cycles"), of("twice", "cycles")), (5, 5));
    assert_eq!(of("square", "cycles_with_callees"), 10);
    // A recursive function counts once while it is on the stack.
    assert_eq!(of("down", "cycles_with_callees"), of("down", "cycles"));
    assert_eq!(
        of("outer", "cycles_with_callees"),
        of("outer", "cycles") + of("leaf", "cycles") + of("square", "cycles_with_callees")
    );
    let total: u64 = ["down", "outer"]
        .iter()
        .map(|name| of(name, "cycles_with_callees"))
        .sum();
    assert_eq!(
        of("main", "cycles_with_callees"),
        of("main", "cycles") + total
    );
    // The one hash call, and its eight cells.
    let lines = shown.json["lines"].as_array().expect("lines");
    let hash = lines
        .iter()
        .find(|line| line["line"] == 10)
        .expect("the line");
    assert_eq!(
        (&hash["text"], &hash["hash_calls"]),
        (&"poseidon2_8(0, h)".into(), &1.into())
    );
    assert!(hash["cells"].as_u64() >= Some(8));
    // Each turn of the loop is counted at the line of its header too.
    let header = lines
        .iter()
        .find(|line| line["line"] == 5)
        .expect("the line");
    assert!(header["cycles"].as_u64() >= Some(4), "{header}");
}

#[test]
fn binary_programs_are_profiled_by_the_lines_of_their_disassembly() {
    let folder = Folder::new();
    let program = programs().join("merkle_path.lasm");
    let input = programs().join("merkle_path.json");
    let binary = folder.path("merkle_path.lvm");
    leanvm(["asm", text(&program), "-o", text(&binary)]).accepted();
    let (of_text, of_binary) = (
        profile(&folder, &program, &input),
        profile(&folder, &binary, &input),
    );
    check_sums(&binary, &input, &of_binary);
    for field in ["cycles", "hash_calls", "used_cells", "public_cells"] {
        assert_eq!(of_text.json[field], of_binary.json[field]);
    }
    let listing = leanvm(["disasm", text(&binary)]).accepted().stdout;
    let listing: Vec<&str> = listing.lines().collect();
    for line in of_binary.json["lines"].as_array().expect("lines") {
        let number = line["line"].as_u64().expect("a number") as usize;
        assert_eq!(listing[number - 1], line["text"]);
    }
}

#[test]
fn every_hash_instruction_is_a_hash_call() {
    let folder = Folder::new();
    let source = "poseidon8 0, 16\nposeidon16 0, 8, 24, half\nposeidon24 0, 8, 0, 32, permute\nposeidon16_halves 0, 4, 8, 28\nhalt\n";
    let program = folder.write("hashes.lasm", source);
    let numbers = vec!["7"; 16].join(",");
    let input = folder.write("input.json", format!("{{\"public\": [{numbers}]}}"));
    let shown = profile(&folder, &program, &input);
    check_sums(&program, &input, &shown);
    let lines = shown.json["lines"].as_array().expect("lines");
    let cost = |line: &Value| (line["hash_calls"].as_u64(), line["cells"].as_u64());
    let costs: Vec<_> = lines.iter().map(cost).collect();
    let expected = [8, 4, 24, 4].map(|cells| (Some(1), Some(cells)));
    assert_eq!(costs, expected);
}

/// The hash calls and cells of the line that has a text.
#[track_caller]
fn cost_of(profile: &Profile, part: &str) -> (u64, u64) {
    let lines = profile.json["lines"].as_array().expect("lines");
    let has = |line: &&Value| {
        line["text"]
            .as_str()
            .is_some_and(|text| text.contains(part))
    };
    let line = lines.iter().find(has).expect("the line");
    let field = |name: &str| line[name].as_u64().expect("a number");
    (field("hash_calls"), field("cells"))
}

#[test]
fn a_run_of_hashes_is_as_many_hash_calls() {
    let folder = Folder::new();
    let program = programs().join("winternitz.py");
    let input = programs().join("winternitz.json");
    let shown = profile(&folder, &program, &input);
    check_sums(&program, &input, &shown);
    // Eight chains of seven steps, of which the signature leaves 28; eight ends and a sum.
    assert_eq!(cost_of(&shown, "_chain("), (28, 33));
    // Four blocks, onto the public key.
    assert_eq!(cost_of(&shown, "_sponge("), (4, 0));

    let source = "def main():\n    k = Array(8)\n    for i in unroll(4, 8):\n        k[i] = 0\n    poseidon16_path(k, 0, 0, 8, 2)\n    return\n";
    let program = folder.write("path.py", source);
    let zeros = vec!["0"; 32].join(",");
    let input = folder.write("path.json", format!("{{\"public\": [{zeros}]}}"));
    let shown = profile(&folder, &program, &input);
    check_sums(&program, &input, &shown);
    assert_eq!(cost_of(&shown, "_path("), (2, 4));
}

#[test]
fn the_table_names_functions_and_lines() {
    let program = programs().join("merkle_path.py");
    let input = programs().join("merkle_path.json");
    let arguments = ["profile", text(&program), "--input", text(&input)];
    let table = leanvm(arguments).accepted().stdout;
    for expected in [
        "  climb\n",
        "  main\n",
        "(public input)",
        "hash calls",
        "poseidon2_16(",
    ] {
        assert!(table.contains(expected), "{expected} in {table}");
    }
}

#[test]
fn nothing_is_written_when_the_execution_is_rejected() {
    let folder = Folder::new();
    let program = programs().join("sort.py");
    let input = programs().join("sort.fail.json");
    let before = folder.names();
    let outcome = leanvm([
        "profile",
        text(&program),
        "--input",
        text(&input),
        "--folded",
        text(&folder.path("a")),
        "--flame-graph",
        text(&folder.path("b")),
        "--memory-picture",
        text(&folder.path("c")),
    ]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert_eq!(folder.names(), before);
    let outcome = outcome
        .mentions("stack, innermost first:")
        .mentions("sort.py:");
    assert!(outcome.stdout.is_empty());
    let absent = folder.path("absent/out.folded");
    let input = programs().join("sort.json");
    let arguments = [
        "profile",
        text(&program),
        "-i",
        text(&input),
        "--folded",
        text(&absent),
    ];
    leanvm(arguments).unusable(&absent);
}

#[test]
fn flame_graphs_are_calm_and_their_base_has_its_name() {
    let folder = Folder::new();
    let (flames, program) = (folder.path("flames.svg"), programs().join("merkle_path.py"));
    let input = program.with_extension("json");
    let arguments = [
        "profile",
        text(&program),
        "-i",
        text(&input),
        "--flame-graph",
        text(&flames),
    ];
    leanvm(arguments).accepted();
    let svg = std::fs::read_to_string(flames).expect("the flame graph");
    let (_, base) = svg.split_once("<title>all (").expect("a base");
    let (base, _) = base.split_once("</g>").expect("its end");
    assert!(base.contains(">all</text>"), "{base}");
    assert!(base.contains("fill=\"rgb(228,230,232)\""), "{base}");
    let mut frames = 0;
    for frame in svg.split("<title>").skip(1) {
        let (_, fill) = frame.split_once("fill=\"rgb(").expect("a colour");
        let (fill, _) = fill.split_once(')').expect("its end");
        let parts: Vec<i32> = fill
            .split(',')
            .map(|part| part.parse().expect("a number"))
            .collect();
        let (least, most) = (parts.iter().min(), parts.iter().max());
        let (Some(least), Some(most)) = (least, most) else {
            panic!("{fill}");
        };
        assert!(*least > 150 && most - least < 60, "rgb({fill}) is loud");
        frames += 1;
    }
    assert!(frames >= 3, "{frames}");
}

/// A range check dereferences one cell far above all others: what lies between is not drawn.
#[test]
fn pictures_end_where_what_is_allocated_ends() {
    let folder = Folder::new();
    let source = "def main():\n    p = 0\n    a = Array(4)\n    for i in unroll(0, 4):\n        a[i] = i + p[1]\n    assert p[0] < 60000\n    assert a[3] == 3\n    return\n";
    let program = folder.write("guest.py", source);
    let input = folder.write("input.json", "{\"public\": [5]}");
    let picture = profile(&folder, &program, &input).picture;
    let (_, note) = picture.split_once("Not drawn: the ").expect("a note");
    let (note, _) = note.split_once("</text>").expect("its end");
    let words: Vec<&str> = note.split(' ').collect();
    let number = |at: usize| {
        words[at]
            .replace(',', "")
            .parse::<usize>()
            .expect("a number")
    };
    assert!(number(0) > 59_000 && number(3) < 100, "{note}");
    assert!(
        note.ends_with("behind all that is allocated; 0 of them are used."),
        "{note}"
    );
    // Few tiles, each a cell.
    assert!(picture.contains("a tile is a cell"), "{picture}");

    let program = programs().join("merkle_path.py");
    let input = program.with_extension("json");
    assert!(
        !profile(&folder, &program, &input)
            .picture
            .contains("Not drawn")
    );
}
