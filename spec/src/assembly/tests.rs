use super::*;

fn refusal(text: &str) -> Option<Rejection> {
    assemble(text).err().map(|error| error.rejection)
}

const EVERYTHING: &str = "\
.frame 12
hint alloc m[fp], 3
hint alloc8 m[fp+2130706432], m[fp+1]
hint witness \"name_0\", fp+4
add m[fp], 1, fp+2
mul 2, 3, 6
L2:
deref m[fp+1], 2130706432, fp
jump m[fp], L2, m[fp+3]
jump 0, m[fp], 0
poseidon8 m[fp], 8
poseidon8 m[fp], 8, half
poseidon16 8, 16, 24, permute
poseidon24 8, 16, 24, 32
poseidon16_halves 4, fp+8, 24, m[fp]
poseidon16_halves 4, fp+8, m[fp+1], m[fp], 2130706429
hint equal m[fp+3], 2130706432, m[fp+1]
hint bits m[fp+1], fp+5, 31
hint inverse m[fp+9], 7
dot_ee 8, 16, 24, 1
dot_be 8, 16, 24, 65536
eq_ee 8, 16, 24, 2
eq_be 8, 16, 24, 3
hint print fp
halt
";

#[test]
fn disassembly_is_canonical() {
    let program = assemble(EVERYTHING).expect("the text is well formed");
    assert_eq!(disassemble(&program), EVERYTHING);
}

#[test]
fn all_spellings() {
    let text =
        "\t start: add\tm[fp-1] ,-1,end ; a comment: \"x\"\n\nlast:\n hint print last\nend: halt;";
    let program = assemble(text).expect("the text is well formed");
    assert_eq!(
        disassemble(&program),
        ".frame 0\nadd m[fp+2130706432], 2130706432, 1\nhint print 1\nhalt\n"
    );
    assert_eq!(refusal("add 00001, fp+0, 2130706432\nhalt"), None);
}

#[test]
fn anything_else_is_refused() {
    for text in [
        "hal",
        "Halt",
        "halt 0",
        "halt,",
        ".frame",
        ".frame -1",
        ".frame 1, 2",
        ".frame 1\n.frame 1\nhalt",
        ".size 1\nhalt",
        "add 1, 2",
        "add 1, 2, 3, 4",
        "add 1 2 3",
        "add 1, 2,",
        "add 1, 2, 2130706433",
        "add 1, 2, -0",
        "add 1, 2, -2130706433",
        "add 1, 2, +3",
        "add 1, 2, 0x3",
        "add 1, 2, m",
        "add 1, 2, m[3]",
        "add 1, 2, m[fp",
        "add 1, 2, m[fp ]",
        "add 1, 2, fp + 1",
        "add 1, 2, fp1",
        "add 1, 2, fp-0",
        "add 1, 2, fp+-1",
        "add 1, 2, fp*2",
        "add 1, 2, nowhere",
        "add 1, 2, m[m[fp]]",
        "x: halt\nx: halt",
        "fp: halt",
        "m: halt",
        "1x: halt",
        ": halt",
        "x : halt",
        "x: y: halt",
        "x: .frame 1\nhalt",
        "poseidon8 0, 0, whole",
        "poseidon8 0, 0 half",
        "poseidon8 0",
        "poseidon8 0, 0, half, permute",
        "poseidon16_halves 0, 0, 0",
        "poseidon16_halves 0, 0, 0, 0, half",
        "poseidon16_halves 0, 0, 0, 0, fp",
        "poseidon16_halves 0, 0, 0, 0, 0, 0",
        "deref m[fp], 1",
        "deref m[fp], fp, 1",
        "deref m[fp], 1, 1, 1",
        "dot_ee 1, 2, 3",
        "dot_ee 1, 2, 3, -1",
        "dot 1, 2, 3, 4",
        "hint",
        "hint frob 1",
        "hint alloc m[fp]",
        "hint witness name, fp",
        "hint witness \"a\"b\", fp",
        "hint witness",
        "hint witness \"a\"",
        "hint bits 1, 2",
        "hint bits",
        "hint print",
        "hint equal m[fp], 1",
        "halt\r\n",
        "add\u{a0}1, 2, 3",
    ] {
        assert_eq!(refusal(text), Some(Rejection::AssemblySyntax), "{text}");
        assert_eq!(
            refusal(&format!("{text}\nhalt")),
            Some(Rejection::AssemblySyntax),
            "{text}"
        );
    }
}

#[test]
fn a_label_needs_an_instruction() {
    assert_eq!(refusal("halt\nx:"), Some(Rejection::AssemblySyntax));
    assert_eq!(
        refusal("halt\nx: hint print 1"),
        Some(Rejection::AssemblySyntax)
    );
}

#[test]
fn the_checks_of_decoding_apply() {
    for (text, expected) in [
        ("", Rejection::ProgramEmpty),
        (".frame 4194305\nhalt", Rejection::ProgramTooLong),
        ("deref 1, 2, 3\nhalt", Rejection::OperandMode),
        ("dot_ee 1, 2, 3, 0\nhalt", Rejection::LengthZero),
        ("add 1, 2, 3", Rejection::HaltMissing),
        ("jump 1, 2, fp\nhalt", Rejection::JumpOutside),
        ("halt\nhint print 1", Rejection::HintMalformed),
        ("hint bits 1, 2, 32\nhalt", Rejection::HintMalformed),
        ("hint witness \"a b\", 2\nhalt", Rejection::HintMalformed),
        ("hint witness \"\", 2\nhalt", Rejection::HintMalformed),
        ("hint alloc 1, 2\nhalt", Rejection::HintMalformed),
        ("hint equal 1, 2, 3\nhalt", Rejection::HintMalformed),
    ] {
        assert_eq!(refusal(text), Some(expected), "{text}");
    }
}
