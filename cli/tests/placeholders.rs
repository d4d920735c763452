//! Placeholders of guest programs get their values on the command line.

use crate::common::{Folder, leanvm, text};

const GUEST: &str = "\
N = N_PLACEHOLDER

def main():
    p = 0
    s: Mut = 0
    for i in unroll(0, len(L_PLACEHOLDER)):
        for j in unroll(0, len(L_PLACEHOLDER[i])):
            s += L_PLACEHOLDER[i][j]
    assert s + N == p[0]
    return
";

const N: &str = "--define=N_PLACEHOLDER=7";
const L: &str = "--define=L_PLACEHOLDER=[[1, 2], [-3], []]";

#[test]
fn every_command_takes_placeholders() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write("input.json", "{\"public\": [7]}");
    let (program, input) = (text(&program), text(&input));
    for command in ["run", "profile"] {
        leanvm([command, program, "-i", input, N, L]).accepted();
        let other = "--define=N_PLACEHOLDER=8";
        leanvm([command, program, "-i", input, other, L]).rejected("relation-violated (20)");
    }
    let (binary, proof) = (folder.path("guest.lvm"), folder.path("proof"));
    let compiled = leanvm(["compile", program, "-o", text(&binary), N, L, "--json"]).accepted();
    let digest = compiled.json()["digest"]
        .as_str()
        .expect("a digest")
        .to_owned();
    assert_eq!(digest.len(), 64);
    leanvm(["run", text(&binary), "-i", input]).accepted();
    let listing = leanvm(["disasm", program, N, L]).accepted().stdout;
    let listing = folder.write("listing.lasm", listing);
    let again = folder.path("again.lvm");
    leanvm(["asm", text(&listing), "-o", text(&again)]).accepted();
    assert_eq!(
        std::fs::read(&binary).unwrap(),
        std::fs::read(&again).unwrap()
    );

    let prove = [
        "prove",
        program,
        "-i",
        input,
        "-o",
        text(&proof),
        "--params",
        "tiny",
        N,
        L,
    ];
    leanvm(prove).accepted();
    let verify = |n: &str| {
        leanvm([
            "verify",
            program,
            text(&proof),
            "-i",
            input,
            "--params",
            "tiny",
            n,
            L,
        ])
    };
    verify(N).accepted();
    // Another value is another program.
    assert_eq!(verify("--define=N_PLACEHOLDER=8").code, 1);
}

#[test]
fn missing_unknown_and_malformed_values_are_unusable() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write("input.json", "{\"public\": [7]}");
    leanvm(["run", text(&program), "-i", text(&input), N])
        .unusable(&program)
        .mentions("error[MissingPlaceholder]: the placeholder `L_PLACEHOLDER` has no value")
        .mentions("guest.py:6:")
        .mentions("--define L_PLACEHOLDER=VALUE");
    for (define, expected) in [
        ("M_PLACEHOLDER=1", "the program has no such placeholder"),
        (
            "M_PLACEHOLDER=1",
            "its placeholders are L_PLACEHOLDER, N_PLACEHOLDER",
        ),
        ("N=1", "`N` is no placeholder"),
        ("N_PLACEHOLDER=8", "is given twice"),
        ("M_PLACEHOLDER", "there is no `=`"),
        ("M_PLACEHOLDER=", "--define M_PLACEHOLDER="),
        ("M_PLACEHOLDER=x", "--define M_PLACEHOLDER=x"),
        ("M_PLACEHOLDER=1 2", "--define M_PLACEHOLDER=1 2"),
        ("M_PLACEHOLDER=[1,", "--define M_PLACEHOLDER=[1,"),
        (
            "M_PLACEHOLDER=2130706433",
            "--define M_PLACEHOLDER=2130706433",
        ),
    ] {
        let arguments = [
            "run",
            text(&program),
            "-i",
            text(&input),
            N,
            L,
            "--define",
            define,
        ];
        let outcome = leanvm(arguments);
        assert_eq!(outcome.code, 2, "{define}: {outcome:?}");
        outcome.mentions(expected).mentions("\n  remedy: ");
    }
    let assembly = folder.write("p.lasm", "halt\n");
    let outcome = leanvm(["run", text(&assembly), "-i", text(&input), N]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    outcome.mentions("no guest program");
}
