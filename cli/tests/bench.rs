//! `leanvm bench`.

use serde_json::Value;

use crate::common::{Folder, leanvm, text};

#[test]
fn medians_of_sizes_are_measured_side_by_side() {
    let arguments = ["bench", "--signatures", "2,1", "--repeat", "2", "--json"];
    let json = leanvm(arguments).accepted().json();
    let sizes = json["sizes"].as_array().expect("a list");
    let numbers: Vec<&Value> = sizes.iter().map(|size| &size["signatures"]).collect();
    assert_eq!(numbers, [2, 1]);
    for size in sizes {
        for path in [
            "seconds/aggregate",
            "seconds/cpu",
            "seconds/phases/zerocheck",
            "seconds/verify",
            "signatures_per_second",
            "hash_rows",
            "hash_rows_per_second",
            "peak_memory_bytes",
            "aggregate_bytes",
            "committed_cells",
        ] {
            let spread = size.pointer(&format!("/{path}")).expect(path);
            let [least, median, greatest] = ["least", "median", "greatest"].map(|name| {
                spread[name]
                    .as_f64()
                    .unwrap_or_else(|| panic!("{path}: {size}"))
            });
            assert!(
                0.0 < least && least <= median && median <= greatest,
                "{path}: {size}"
            );
        }
        let [rows, committed] =
            ["row_cells", "committed_cells"].map(|name| size[name]["median"].as_f64());
        assert!(
            rows <= committed && committed < rows.map(|rows| 2.0 * rows),
            "{size}"
        );
        let bytes = &size["aggregate_bytes"];
        assert_eq!(bytes["least"], bytes["greatest"], "the sample is the same");
    }
    let permutations = |size: usize, phase: &str| {
        let median = &sizes[size]["verifier_permutations"][phase]["width_16"]["median"];
        median.as_f64().expect(phase)
    };
    for size in 0..2 {
        let phases = [
            "list",
            "statement",
            "commitment",
            "lookup",
            "permutations",
            "zerocheck",
            "opening",
            "trees",
        ];
        let medians = phases.map(|phase| permutations(size, phase));
        assert!(medians.iter().all(|median| *median > 0.0), "{medians:?}");
    }
    let lists = [permutations(0, "list"), permutations(1, "list")];
    assert_eq!(lists, [2.0, 1.0]);
    let cells = |index: usize| sizes[index]["cycles"]["median"].as_f64();
    assert!(cells(0) > cells(1), "two signatures take more than one");
}

#[test]
fn the_table_has_a_column_for_each_size() {
    let arguments = [
        "bench",
        "--signatures",
        "1,2",
        "--repeat",
        "1",
        "--threads",
        "1",
    ];
    let table = leanvm(arguments).accepted().stdout;
    let row = |label: &str| -> Vec<String> {
        let line = table
            .lines()
            .find(|line| line.trim_start().starts_with(label));
        let words = line.expect(label).split_whitespace();
        words.map(str::to_owned).collect()
    };
    assert_eq!(row("signatures"), ["signatures", "1", "2"]);
    assert_eq!(row("zerocheck").len(), 5, "two times with a unit: {table}");
    assert_eq!(row("aggregate bytes").len(), 4, "{table}");
    assert_eq!(row("list of keys"), ["list", "of", "keys", "1", "2"]);
    assert_eq!(row("verifier permutations").len(), 4, "{table}");
    assert!(table.contains("threads: 1"), "{table}");
    assert!(
        table.lines().all(|line| line.chars().count() <= 80),
        "{table}"
    );
}

#[test]
fn medians_are_drawn() {
    let folder = Folder::new();
    let plot = folder.path("plot.svg");
    let arguments = ["bench", "--signatures", "1,2", "--repeat", "1", "--plot"];
    leanvm(arguments.iter().copied().chain([text(&plot)])).accepted();
    let picture = std::fs::read_to_string(&plot).expect("the picture");
    assert!(picture.starts_with("<svg") && picture.trim_end().ends_with("</svg>"));
    for expected in ["milliseconds a signature", "checking", "zerocheck", "MiB"] {
        assert!(picture.contains(expected), "{expected}");
    }
    // A bar of nine phases for each size, and a legend.
    assert!(picture.matches("<rect").count() >= 3 * 9, "{picture}");
    assert!(!picture.contains("NaN"), "{picture}");
    let nowhere = folder.path("no/plot.svg");
    let refused = leanvm(arguments.iter().copied().chain([text(&nowhere)]));
    assert_eq!(refused.code, 2);
    refused.mentions("does not exist");
}

#[test]
fn what_cannot_be_measured_is_named() {
    for (arguments, expected) in [
        (&["--signatures", "0"][..], "0"),
        (&["--signatures", "1,x"], "x"),
        (&["--signatures", ""], "--signatures"),
        (&["--repeat", "0"], "--repeat"),
        (&["--log-inv-rate", "5"], "--log-inv-rate"),
        (&["--signatures", "1,1,1,1,1,1,1"], "at most 6"),
        // Before anything is measured, and with the reason of `leanvm aggregate`.
        (
            &["--signatures", "1000000", "--repeat", "1"],
            "1000000 signatures:",
        ),
    ] {
        let outcome = leanvm(["bench"].iter().chain(arguments));
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:?}");
        assert!(outcome.mentions(expected).stdout.is_empty());
    }
}
