//! Each kind of unusable or rejected input ends with its exit code, its rejection code, and nothing written.

use std::path::{Path, PathBuf};

use crate::common::{Folder, Outcome, leanvm, text};

/// A program that adds its two public inputs into the third, as words of a binary program.
const ADDER: &str = ".frame 5\nadd 0, 0, m[fp]\nderef m[fp], 0, m[fp+1]\nderef m[fp], 1, m[fp+2]\nadd m[fp+1], m[fp+2], m[fp+3]\nderef m[fp], 2, m[fp+3]\nhalt\n";

struct Case {
    folder: Folder,
    program: PathBuf,
    input: PathBuf,
}

impl Case {
    fn new(program: impl AsRef<[u8]>, input: &str) -> Self {
        let folder = Folder::new();
        let program = folder.write("program", program);
        let input = folder.write("input.json", input);
        Self {
            folder,
            program,
            input,
        }
    }

    fn run(&self, extra: &[&str]) -> Outcome {
        self.folder.run_both(&self.program, &self.input, extra)
    }
}

/// Runs assembly text without input.
fn run_text(program: &str) -> Outcome {
    Case::new(program, "{}").run(&[])
}

/// The program is refused, as a fault of its file.
#[track_caller]
fn refused(program: impl AsRef<[u8]>, rejection: &str) -> Outcome {
    let case = Case::new(program, "{}");
    case.run(&[]).unusable(&case.program).mentions(rejection)
}

/// A binary program of instructions without operands' hints.
fn binary(frame_size: u32, instructions: &[[u32; 6]]) -> Vec<u8> {
    let count = u32::try_from(instructions.len()).expect("a short program");
    let words = [0x314d_564c, 1, frame_size, count, 0];
    words
        .iter()
        .chain(instructions.iter().flatten())
        .flat_map(|word| word.to_le_bytes())
        .collect()
}

const HALT: [u32; 6] = [1, 0, 0, 0, 0, 0];

#[test]
fn programs_that_are_not_programs() {
    refused("", "program-empty (3)");
    refused("; nothing but a comment\n", "program-empty (3)");
    refused(binary(0, &[]), "program-empty (3)");
    refused(&binary(0, &[HALT])[..23], "program-truncated (1)");
    refused(
        [binary(0, &[HALT]), vec![0]].concat(),
        "program-truncated (1)",
    );
    refused([0xff, 0xfe, 0, 1, 2, 3, 4, 5], "program-magic (2)");
    refused(binary(1 << 23, &[HALT]), "program-too-long (4)");
    refused(
        binary(0, &[[31, 0, 0, 0, 0, 0], HALT]),
        "opcode-unknown (5)",
    );
    refused(
        binary(0, &[[11, 0, 0, 0, 0, 0], HALT]),
        "opcode-reserved (6)",
    );
    refused(
        binary(0, &[[2 + (3 << 5), 0, 0, 0, 0, 0], HALT]),
        "operand-mode (7)",
    );
    refused(
        binary(0, &[[2, 2_130_706_433, 0, 0, 0, 0], HALT]),
        "element-not-canonical (8)",
    );
    refused(binary(0, &[[2, 0, 0, 0, 0, 0]]), "halt-missing (9)");
    refused("add 1, 2, 3\n", "halt-missing (9)");
    refused("halt\nhalt\n", "halt-missing (9)");
    refused("jump 1, 2, fp\nhalt\n", "jump-outside (10)");
    refused("dot_ee 0, 0, 0, 0\nhalt\n", "length-zero (12)");
    refused("frobnicate 1\nhalt\n", "assembly-syntax (13)").mentions("line 1");
    refused("add 1, 2\nhalt\n", "assembly-syntax (13)").mentions("line 1");
    refused("halt\nadd 2130706433, 0, 0\n", "assembly-syntax (13)").mentions("line 2");
    refused("jump 1, nowhere, fp\nhalt\n", "assembly-syntax (13)").mentions("nowhere");
}

#[test]
fn a_program_announcing_a_million_instructions_in_a_short_file_is_truncated() {
    let words: [u32; 5] = [0x314d_564c, 1, 0, 1 << 20, 1 << 20];
    refused(
        words.map(u32::to_le_bytes).concat(),
        "program-truncated (1)",
    );
}

#[test]
fn executions_that_are_rejected() {
    run_text("add 1, 1, 3\nhalt\n").rejected("relation-violated (20)");
    // Two values to one cell.
    run_text("add 1, 0, m[fp]\nadd 2, 0, m[fp]\nhalt\n").rejected("relation-violated (20)");
    // A cell that nobody has given a value.
    run_text("add m[fp], m[fp+1], 3\nhalt\n").rejected("operand-undefined (21)");
    run_text("deref m[fp], 0, 1\nhalt\n").rejected("operand-undefined (21)");
    run_text("mul m[fp], 0, 1\nhalt\n").rejected("division-by-zero (22)");
    run_text("mul m[fp], 0, 0\nhalt\n").rejected("factor-undetermined (23)");
    run_text("add 0, -1, m[fp]\nderef m[fp], 0, 1\nhalt\n").rejected("address-out-of-range (24)");
    run_text("poseidon8 4, 8\nhalt\n").rejected("chunk-unaligned (25)");
    run_text("poseidon8 0, 9\nhalt\n").rejected("chunk-unaligned (25)");
    run_text("jump 2, 0, fp\nhalt\n").rejected("jump-condition (26)");
    // A destination that only the execution knows.
    run_text("add 100, 0, m[fp]\njump 1, m[fp], fp\nhalt\n").rejected("pc-out-of-range (27)");
    run_text("jump 1, 1, fp+1\nhalt\n").rejected("final-frame (28)");
    run_text("hint bits 4, fp, 2\nadd 0, 0, 0\nhalt\n").rejected("hint-failed (33)");
    run_text("add 1, 0, m[fp+1]\nhint bits 2, fp, 2\nadd 0, 0, 0\nhalt\n")
        .rejected("hint-conflict (34)");
}

#[test]
fn an_endless_loop_ends_at_the_cap_of_cycles() {
    let case = Case::new("again: jump 1, again, fp\nhalt\n", "{}");
    case.run(&["--max-cycles", "1000"])
        .rejected("cycle-limit (29)")
        .mentions("--max-cycles");
    // The cap that holds if none is given.
    let arguments = ["run", text(&case.program), "-i", text(&case.input)];
    leanvm(arguments).rejected("cycle-limit (29)");
}

#[test]
fn memory_is_exhausted_at_the_cap_of_cells() {
    let program = ".frame 1\nstep: hint alloc m[fp], 1000\njump 1, step, m[fp]\nhalt\n";
    let case = Case::new(program, "{}");
    case.run(&["--max-cells", "10000"])
        .rejected("memory-exhausted (30)")
        .mentions("--max-cells");
    case.run(&[]).rejected("memory-exhausted (30)");
    run_text("hint alloc m[fp], -1\nadd 0, 0, 0\nhalt\n").rejected("memory-exhausted (30)");
}

#[test]
fn input_files_that_cannot_be_used() {
    for (input, place) in [
        (
            "{\"public\": [1, 2, 2130706433]}",
            "place: public[2] reason: 2130706433 is",
        ),
        (
            "{\"public\": [1, 2, 4294967299]}",
            "place: public[2] reason: 4294967299 is",
        ),
        (
            "{\"private\": {\"a\": [[0], [1, 2130706433]]}}",
            "place: private.a[1][1] reason: 2130706433 is",
        ),
        ("{\"public\": [1, 2, -3]}", "line 1 column"),
        ("{\"public\": [1, 2, 3.0]}", "line 1 column"),
        ("{\"public\": [1,\n 2, x]}", "line 2 column"),
        ("{\"public\": [1, 2, 3], \"more\": 1}", "no field `more`"),
        (
            "{\"private\": {\"a\": [], \"a\": []}}",
            "the name `a` is given twice",
        ),
        ("[1, 2, 3]", "sequence, where an object is expected"),
        ("", "in the middle of a value"),
    ] {
        let case = Case::new(ADDER, input);
        case.run(&[]).unusable(&case.input).mentions(place);
    }
}

#[test]
fn private_input_that_is_missing_or_left_over() {
    let program = "hint witness \"a\", fp\nadd m[fp], 0, 5\nhalt\n";
    let case = Case::new(program, "{\"private\": {\"b\": [[5]]}}");
    case.run(&[])
        .unusable(&case.input)
        .mentions("witness-missing (31)")
        .mentions("\"private\"");
    let case = Case::new(program, "{\"private\": {\"a\": [[5], [6]]}}");
    case.run(&[])
        .unusable(&case.input)
        .mentions("witness-left-over (32)")
        .mentions("\"private\"");
    Case::new(program, "{\"private\": {\"a\": [[5]]}}")
        .run(&[])
        .accepted();
}

#[test]
fn public_input_beyond_its_cap() {
    let numbers = vec!["0"; (1 << 20) + 1].join(",");
    let case = Case::new("halt\n", &format!("{{\"public\": [{numbers}]}}"));
    case.run(&[])
        .unusable(&case.input)
        .mentions("public-input-too-long (35)");
}

#[test]
fn files_that_are_not_there() {
    let case = Case::new(ADDER, "{\"public\": [1, 2, 3]}");
    let (program, input, absent) = (
        text(&case.program),
        text(&case.input),
        case.folder.path("absent"),
    );
    let absent_text = text(&absent);
    let output = case.folder.path("out");
    let output_text = text(&output);
    for arguments in [
        vec!["asm", absent_text, "-o", output_text],
        vec!["disasm", absent_text],
        vec!["run", absent_text, "-i", input],
        vec!["run", program, "-i", absent_text],
        vec!["prove", absent_text, "-i", input, "-o", output_text],
        vec!["prove", program, "-i", absent_text, "-o", output_text],
        vec!["verify", absent_text, program, "-i", input],
        vec!["verify", program, absent_text, "-i", input],
        vec!["verify", program, program, "-i", absent_text],
    ] {
        leanvm(&arguments).unusable(&absent);
    }
    assert_eq!(case.folder.names(), ["input.json", "program"]);
    // A directory where a file should be.
    let directory = case
        .folder
        .path("input.json")
        .parent()
        .expect("a folder")
        .to_owned();
    leanvm(["run", program, "-i", text(&directory)]).unusable(&directory);
}

#[test]
fn an_output_directory_that_is_not_there() {
    let case = Case::new(ADDER, "{\"public\": [1, 2, 3]}");
    let (program, input) = (text(&case.program), text(&case.input));
    let output = case.folder.path("absent/out");
    leanvm(["asm", program, "-o", text(&output)])
        .unusable(&output)
        .mentions("does not exist");
    leanvm([
        "prove",
        program,
        "-i",
        input,
        "-o",
        text(&output),
        "--params",
        "tiny",
    ])
    .unusable(&output)
    .mentions("does not exist");
    let directory = case
        .folder
        .path("input.json")
        .parent()
        .expect("a folder")
        .to_owned();
    leanvm(["asm", program, "-o", text(&directory)])
        .unusable(&directory)
        .mentions("is a directory");
}

#[test]
fn an_output_file_stays_as_it_is_when_the_command_fails() {
    let case = Case::new(ADDER, "{\"public\": [1, 2, 4]}");
    let output = case.folder.write("out", "as before");
    leanvm([
        "prove",
        text(&case.program),
        "-i",
        text(&case.input),
        "-o",
        text(&output),
    ])
    .rejected("relation-violated (20)");
    let broken = case.folder.write("broken.lasm", "add 1\nhalt\n");
    leanvm(["asm", text(&broken), "-o", text(&output)]).unusable(&broken);
    assert_eq!(std::fs::read(&output).expect("it is there"), b"as before");
    assert_eq!(
        case.folder.names(),
        ["broken.lasm", "input.json", "out", "program"]
    );
    leanvm(["asm", text(&case.program), "-o", text(&output)]).accepted();
    assert!(
        std::fs::read(&output)
            .expect("it is there")
            .starts_with(b"LVM1")
    );
}

/// A proof of ADDER on 1 + 2 = 3 at `small`.
struct Proven {
    case: Case,
    proof: Vec<u8>,
}

impl Proven {
    fn new() -> Self {
        let case = Case::new(ADDER, "{\"public\": [1, 2, 3]}");
        let path = case.folder.path("proof");
        leanvm([
            "prove",
            text(&case.program),
            "-i",
            text(&case.input),
            "-o",
            text(&path),
            "--params",
            "small",
        ])
        .accepted();
        let proof = std::fs::read(&path).expect("the proof is written");
        Self { case, proof }
    }

    /// The outcome of verifying other bytes, the same from both engines.
    #[track_caller]
    fn verify(&self, program: &Path, input: &Path, proof: &[u8], params: &str) -> Outcome {
        let proof = self.case.folder.write("tampered", proof);
        let verify = |engine| {
            leanvm([
                "verify",
                text(program),
                text(&proof),
                "-i",
                text(input),
                "--params",
                params,
                "--engine",
                engine,
            ])
        };
        let (fast, spec) = (verify("fast"), verify("spec"));
        assert_eq!((fast.code, fast.rejection()), (spec.code, spec.rejection()));
        fast
    }

    #[track_caller]
    fn tampered(&self, proof: &[u8]) -> Outcome {
        self.verify(&self.case.program, &self.case.input, proof, "small")
    }

    /// The proof with one word replaced.
    fn with_word(&self, index: usize, word: u32) -> Vec<u8> {
        let mut proof = self.proof.clone();
        proof[4 * index..4 * index + 4].copy_from_slice(&word.to_le_bytes());
        proof
    }
}

#[test]
fn proofs_cut_or_extended() {
    let proven = Proven::new();
    proven.tampered(&proven.proof).accepted();
    for length in [
        0,
        3,
        4,
        63,
        64,
        100,
        proven.proof.len() / 2 / 4 * 4,
        proven.proof.len() - 4,
        proven.proof.len() - 1,
    ] {
        let code = proven.tampered(&proven.proof[..length]).code;
        assert_eq!(code, 1, "length {length}");
    }
    proven
        .tampered(&proven.proof[..proven.proof.len() - 4])
        .rejected("proof-truncated (40)");
    proven
        .tampered(&proven.proof[..proven.proof.len() - 1])
        .rejected("proof-truncated (40)");
    for no_proof in [&b""[..], b"halt\n", &[0; 64]] {
        let outcome = proven.tampered(no_proof);
        assert!(outcome.rejection().is_some(), "{outcome:?}");
        outcome.mentions("rejected: this file is no proof");
    }
    proven
        .tampered(&[proven.proof.as_slice(), &[0; 4]].concat())
        .rejected("proof-left-over (41)");
}

#[test]
fn proofs_with_a_flipped_bit() {
    let proven = Proven::new();
    let mut rejections = std::collections::BTreeSet::new();
    for i in 0..40 {
        let mut proof = proven.proof.clone();
        let position = i * (proof.len() - 1) / 39;
        proof[position] ^= 1 << (i % 8);
        let outcome = proven.tampered(&proof);
        assert_eq!(outcome.code, 1, "byte {position}: {outcome:?}");
        rejections.extend(outcome.rejection().map(str::to_owned));
    }
    assert!(rejections.len() >= 4, "{rejections:?}");
}

#[test]
fn proofs_with_a_wrong_header() {
    let proven = Proven::new();
    proven
        .tampered(&proven.with_word(0, 0))
        .rejected("proof-magic (42)");
    proven
        .tampered(&proven.with_word(1, 2))
        .rejected("proof-magic (42)");
    proven
        .tampered(&proven.with_word(2, 9))
        .rejected("parameters (43)");
    proven
        .tampered(&proven.with_word(3, 5))
        .rejected("parameters (43)");
    // Other parameters than those asked for.
    proven
        .verify(
            &proven.case.program,
            &proven.case.input,
            &proven.proof,
            "tiny",
        )
        .rejected("parameters (43)")
        .mentions("--params");
    proven
        .verify(
            &proven.case.program,
            &proven.case.input,
            &proven.proof,
            "production",
        )
        .rejected("parameters (43)");
    // Sizes beyond the caps; nothing is allocated for them, or this test would not end.
    for table in 1..=13 {
        proven
            .tampered(&proven.with_word(3 + table, u32::MAX))
            .rejected("size-cap (44)");
        proven
            .tampered(&proven.with_word(3 + table, 1 << 26))
            .rejected("size-cap (44)");
    }
    proven
        .tampered(&proven.with_word(17, 2_130_706_433))
        .rejected("element-not-canonical (8)");
}

#[test]
fn proofs_of_another_statement() {
    let proven = Proven::new();
    let folder = &proven.case.folder;
    let other_program = folder.write("other", ADDER.replace("deref m[fp], 2", "deref m[fp], 3"));
    assert_eq!(
        proven
            .verify(&other_program, &proven.case.input, &proven.proof, "small")
            .code,
        1
    );
    let other_input = folder.write("other.json", "{\"public\": [2, 1, 3]}");
    let outcome = proven.verify(&proven.case.program, &other_input, &proven.proof, "small");
    assert_eq!(outcome.code, 1);
    let program = text(&proven.case.program);
    outcome.mentions(&format!(
        "rejected: this proof does not show that {program} accepts this public input"
    ));
    // The same cells, but another number of public elements.
    let longer_input = folder.write("longer.json", "{\"public\": [1, 2, 3, 0]}");
    assert_eq!(
        proven
            .verify(&proven.case.program, &longer_input, &proven.proof, "small")
            .code,
        1
    );
    // Private input is not of the statement.
    let with_private = folder.write(
        "private.json",
        "{\"public\": [1, 2, 3], \"private\": {\"a\": [[1]]}}",
    );
    proven
        .verify(&proven.case.program, &with_private, &proven.proof, "small")
        .accepted();
}

#[test]
fn executions_beyond_the_caps_of_a_parameter_set() {
    let program = ".frame 100000\nhalt\n";
    let case = Case::new(program, "{}");
    let output = case.folder.path("proof");
    let prove = |params| {
        leanvm([
            "prove",
            text(&case.program),
            "-i",
            text(&case.input),
            "-o",
            text(&output),
            "--params",
            params,
        ])
    };
    prove("tiny").rejected("size-cap (44)").mentions("--params");
    prove("small").rejected("size-cap (44)");
    assert_eq!(case.folder.names(), ["input.json", "program"]);
}

#[test]
fn files_of_another_kind_are_named() {
    let proven = Proven::new();
    let folder = &proven.case.folder;
    let (program, input) = (text(&proven.case.program), text(&proven.case.input));
    let alice = folder.path("alice");
    leanvm(["xmss", "keygen", "--slots", "0..2", "-o", text(&alice)]).accepted();
    let path = |name: &str| text(&folder.path(name)).to_owned();
    let (binary, signature, picture) = (path("p.lvm"), path("s.json"), path("flames.svg"));
    leanvm(["asm", program, "-o", &binary]).accepted();
    let key = path("alice.key");
    let sign = [
        "xmss",
        "sign",
        "--key",
        &key,
        "--slot",
        "1",
        "--message",
        "00",
        "-o",
    ];
    leanvm(sign.iter().copied().chain([signature.as_str()])).accepted();
    leanvm(["profile", program, "-i", input, "--flame-graph", &picture]).accepted();
    let signers =
        "{\"scheme\": \"leanxmss42\", \"slot\": 1, \"message\": \"00\", \"public_keys\": []}";
    folder.write("signers.json", signers);
    folder.write("signatures.json", "[{\"signature\": \"00\"}]");
    folder.write("aggregate", [&[1_u8, 42][..], &[0; 1 << 14]].concat());
    let kinds = [
        ("p.lvm", "this is a program,"),
        ("proof", "this is a program proof,"),
        ("aggregate", "this is an aggregate,"),
        ("alice.key", "this is a secret key,"),
        ("alice.key.cache", "this is the cache of a secret key,"),
        (
            "alice.key.lock",
            "this is the record of the uses of a secret key,",
        ),
        ("s.json", "this is a signature with its key,"),
        ("signatures.json", "this is a signature with its key,"),
        ("signers.json", "this is a list of signers,"),
        ("input.json", "this is an input of a program,"),
        ("flames.svg", "this is a picture,"),
    ];
    let (list, aggregate) = (path("signers.json"), path("aggregate"));
    let output = path("out");
    for (name, is) in kinds {
        let file = path(name);
        let commands: [(&[&str], &[&str]); 7] = [
            (&["run", &file], &["p.lvm"]),
            (&["disasm", &file], &["p.lvm"]),
            (&["run", program, "-i", &file], &["input.json"]),
            (&["verify", program, &file, "-i", input], &["proof"]),
            (&["verify-aggregate", &file, "-i", &list], &["aggregate"]),
            (
                &["verify-aggregate", &aggregate, "-i", &file],
                &["signers.json"],
            ),
            (
                &["aggregate", "-i", &file, "-o", &output],
                &["s.json", "signatures.json"],
            ),
        ];
        for (command, fit) in commands {
            if !fit.contains(&name) {
                leanvm(command).unusable(Path::new(&file)).mentions(is);
            }
        }
    }
}

#[test]
fn files_without_an_end_are_read_up_to_a_cap() {
    let case = Case::new(ADDER, "{}");
    let program = text(&case.program);
    let signers =
        "{\"scheme\": \"leanxmss42\", \"slot\": 1, \"message\": \"00\", \"public_keys\": []}";
    let signers = case.folder.write("signers.json", signers);
    // Longer than any file may be, without taking space.
    let long = case.folder.path("long");
    let file = std::fs::File::create(&long).expect("the folder is writable");
    file.set_len(1 << 40).expect("files may have holes");
    let endless = [
        Some(long.as_path()),
        Some(Path::new("/dev/zero")).filter(|path| path.exists()),
    ];
    for path in endless.into_iter().flatten() {
        let file = text(path);
        for (command, cap) in [
            (&["verify", program, file][..], "longer than 16 MiB"),
            (
                &["verify-aggregate", file, "-i", text(&signers)],
                "longer than 1 MiB",
            ),
            (&["xmss", "inspect", file], "longer than 128 MiB"),
        ] {
            leanvm(command).unusable(path).mentions(cap);
        }
    }
}

#[test]
fn a_program_may_be_run_without_an_input() {
    let folder = Folder::new();
    let program = folder.write("p.lasm", "halt\n");
    let proof = folder.path("proof");
    let prove = [
        "prove",
        text(&program),
        "-o",
        text(&proof),
        "--params",
        "tiny",
    ];
    leanvm(["run", text(&program)]).accepted();
    leanvm(["profile", text(&program)]).accepted();
    leanvm(prove).accepted();
    leanvm(["verify", text(&program), text(&proof), "--params", "tiny"]).accepted();
    // What it lacks is asked for.
    let witness = folder.write("w.lasm", "hint witness \"a\", fp\nadd m[fp], 0, 5\nhalt\n");
    let outcome = leanvm(["run", text(&witness)]).mentions("witness-missing (31)");
    assert_eq!(outcome.code, 2);
    outcome.mentions("add `a` under \"private\"");
}
