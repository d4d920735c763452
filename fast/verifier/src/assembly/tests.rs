use super::*;

const EVERYTHING: &str = "\
.frame 12
L0:
hint alloc m[fp+1], 20
hint alloc8 m[fp], fp+3
hint witness \"name_1\", m[fp+1]
add m[fp], m[fp+1], 5
mul fp, fp+2, m[fp+2130706432]
hint bits m[fp+1], fp+7, 31
hint inverse m[fp+8], 0
hint print 2130706432
deref m[fp+1], 2130706432, fp+4
jump 1, L0, fp
poseidon8 8, 16
poseidon16 8, 16, 24, half
poseidon24 8, 16, 24, m[fp+3], permute
poseidon16_halves 4, fp+8, 24, m[fp]
poseidon16_halves 4, fp+8, m[fp+1], m[fp], 2130706429
hint equal m[fp+3], 2130706432, m[fp+1]
dot_ee 0, 5, 10, 65536
dot_be fp, 5, m[fp], 1
eq_ee 0, 5, 10, 2
eq_be 0, 5, 10, 3
halt
";

#[test]
fn canonical_text_is_a_fixed_point() {
    let program = assemble(EVERYTHING).unwrap();
    assert_eq!(disassemble(&program), EVERYTHING);
    assert_eq!(Program::decode(&program.encode()), Ok(program));
}

#[test]
fn other_spellings() {
    let text =
        " start: ; a label\n\tadd\tm[fp-1] ,end,-1;comment\n\nx:hint print end\ny_:\nend: halt\n;";
    let expected = ".frame 0\nadd m[fp+2130706432], 1, 2130706432\nhint print 1\nhalt\n";
    assert_eq!(disassemble(&assemble(text).unwrap()), expected);
    assert_eq!(
        assemble("jump 0, h, m[fp]\nh: halt").unwrap(),
        assemble("jump 0, 1, m[fp+0]\nhalt").unwrap()
    );
}

#[test]
fn rejections() {
    for text in [
        "add 1, 2\nhalt",
        "add 1, 2, 3, 4\nhalt",
        "add 1,, 2, 3\nhalt",
        "add 1 2, 3\nhalt",
        "halt 1",
        "HALT",
        "halt\r\n",
        "nop\nhalt",
        "add 2130706433, 0, 0\nhalt",
        "add 99999999999999999999999999, 0, 0\nhalt",
        "add -0, 0, 0\nhalt",
        "add --1, 0, 0\nhalt",
        "add +1, 0, 0\nhalt",
        "add fp*2, 0, 0\nhalt",
        "add fp+, 0, 0\nhalt",
        "add fp-0, 0, 0\nhalt",
        "add m[fp + 1], 0, 0\nhalt",
        "add m[3], 0, 0\nhalt",
        "add m[fp, 0, 0\nhalt",
        "add m[label], 0, 0\nlabel: halt",
        "add nowhere, 0, 0\nhalt",
        "add 1é, 0, 0\nhalt",
        "fp: halt",
        "m: halt",
        "1a: halt",
        ": halt",
        "a : halt",
        "a: b: halt",
        "a: halt\na:",
        "a: .frame 3\nhalt",
        "halt\nend:",
        ".frame\nhalt",
        ".frame 1\n.frame 1\nhalt",
        ".frame -1\nhalt",
        ".size 1\nhalt",
        "poseidon8 0, 8, quarter\nhalt",
        "poseidon8 0\nhalt",
        "poseidon16_halves 0, 0, 0\nhalt",
        "poseidon16_halves 0, 0, 0, 0, half\nhalt",
        "poseidon16_halves 0, 0, 0, 0, fp\nhalt",
        "poseidon16_halves 0, 0, 0, 0, 0, 0\nhalt",
        "dot_ee 0, 0, 0\nhalt",
        "dot_ee 0, 0, 0, -1\nhalt",
        "deref m[fp], fp, 0\nhalt",
        "hint\nhalt",
        "hint nothing 1\nhalt",
        "hint witness name, 0\nhalt",
        "hint witness \"a\"b\", 0\nhalt",
        "hint print\nhalt",
        "hint equal m[fp], 1\nhalt",
    ] {
        assert_eq!(
            assemble(text).map_err(|error| error.rejection),
            Err(Rejection::AssemblySyntax),
            "{text}"
        );
    }
    for (text, expected) in [
        ("", Rejection::ProgramEmpty),
        ("add 0, 0, 0", Rejection::HaltMissing),
        (".frame 4194305\nhalt", Rejection::ProgramTooLong),
        ("deref fp, 0, 0\nhalt", Rejection::OperandMode),
        ("jump 0, 2, fp\nhalt", Rejection::JumpOutside),
        ("dot_ee 0, 0, 0, 0\nhalt", Rejection::LengthZero),
        ("hint bits 0, 0, 32\nhalt", Rejection::HintMalformed),
        ("hint equal 1, 2, 3\nhalt", Rejection::HintMalformed),
        ("hint witness \"\", 0\nhalt", Rejection::HintMalformed),
        ("hint witness \"a-b\", 0\nhalt", Rejection::HintMalformed),
        ("halt\nhint print 0", Rejection::HintMalformed),
    ] {
        assert_eq!(
            assemble(text).map_err(|error| error.rejection),
            Err(expected),
            "{text}"
        );
    }
    assert_eq!(
        assemble("halt\nnop").unwrap_err().to_string(),
        "assembly-syntax (13): line 2: nop is not an instruction"
    );
}
