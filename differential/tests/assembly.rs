//! SPEC §8 assembly.

use leanvm_differential::canonical::Name;
use leanvm_differential::generators::tiny;
use leanvm_differential::oracles::decode::{assemble, decode};

/// A line of each form, with spaces, comments, labels and signs where they may be.
const EVERY_FORM: &str = "\
 ; a comment
.frame 12
start:
\tadd 1, -2, m[fp+3] ; a sum
mul m[fp], fp, fp-1
mul m[fp+0], fp+7, m[fp-7]
deref m[fp], -5, 7
deref m[fp-1], 2130706432, fp
_x9: jump 1, start, fp+0
jump m[fp], m[fp+1], m[fp+2]
poseidon8 0, fp, half
poseidon16 0, 8, m[fp]
poseidon24 0, 8, 16, 24, permute
poseidon16_halves 0, fp+4, m[fp], -4
poseidon16_halves 0, fp+4, m[fp], -4, -8
poseidon16_halves 0, m[fp], 8, fp, 0
dot_ee 0, 0, 0, 1
dot_be 0, 0, 0, 65536
eq_ee fp, fp, fp, 2
chain 0, m[fp+1], 256, fp-1, 65536
chain fp, fp+8, 1, m[fp], 1
path m[fp], 0, fp+4, -4, 32
sponge 0, fp, -4, m[fp], 2
here: hint alloc m[fp], 9
hint alloc8 m[fp+1], m[fp]
hint witness \"abc_1\", fp
hint bits m[fp], 3, 31
hint inverse m[fp], 4
hint print here
hint equal m[fp+2], end, -1
eq_be _x9, end, here, 3
end: halt
";

/// Texts that are refused, with the rejection.
const REFUSED: [(&str, Name); 54] = [
    ("", "program-empty"),
    ("add 1, 2, 3", "halt-missing"),
    ("halt\nhalt", "halt-missing"),
    ("jump 1, 5, fp\nhalt", "jump-outside"),
    ("jump 1, nowhere, fp\nhalt", "assembly-syntax"),
    ("dot_ee 0, 0, 0, 0\nhalt", "length-zero"),
    ("dot_ee 0, 0, 0, 65537\nhalt", "length-zero"),
    ("chain 0, 0, 4, 0, 0\nhalt", "length-zero"),
    ("chain 0, 0, 4, 0, 65537\nhalt", "length-zero"),
    ("chain 0, 0, 0, 0, 1\nhalt", "length-zero"),
    ("chain 0, 0, 257, 0, 1\nhalt", "length-zero"),
    ("chain 0, 0, m[fp], 0, 1\nhalt", "operand-mode"),
    ("chain 0, 0, fp+4, 0, 1\nhalt", "operand-mode"),
    ("path 0, 0, 0, 0, 0\nhalt", "length-zero"),
    ("sponge 0, 0, 0, 0, 65537\nhalt", "length-zero"),
    ("chain 0, 0, 4, 0\nhalt", "assembly-syntax"),
    ("chain 0, 0, 4, 0, -1\nhalt", "assembly-syntax"),
    ("path 0, 0, 0, 0, 1, half\nhalt", "assembly-syntax"),
    ("sponge 0, 0, 0, 1\nhalt", "assembly-syntax"),
    ("deref 4, 0, 0\nhalt", "operand-mode"),
    ("hint alloc 4, 1\nadd 0, 0, 0\nhalt", "hint-malformed"),
    ("hint bits 0, 0, 32\nadd 0, 0, 0\nhalt", "hint-malformed"),
    ("hint witness \"\", 0\nadd 0, 0, 0\nhalt", "hint-malformed"),
    ("add 1, 2\nhalt", "assembly-syntax"),
    ("add 1, 2, 3, 4\nhalt", "assembly-syntax"),
    ("add 1 2 3\nhalt", "assembly-syntax"),
    ("add 1,, 2, 3\nhalt", "assembly-syntax"),
    ("ADD 1, 2, 3\nhalt", "assembly-syntax"),
    ("frobnicate\nhalt", "assembly-syntax"),
    ("add 2130706433, 0, 0\nhalt", "assembly-syntax"),
    ("add -0, 0, 0\nhalt", "assembly-syntax"),
    ("add -2130706433, 0, 0\nhalt", "assembly-syntax"),
    ("add 0x1, 0, 0\nhalt", "assembly-syntax"),
    ("add m[4], 0, 0\nhalt", "assembly-syntax"),
    ("add m[fp+], 0, 0\nhalt", "assembly-syntax"),
    ("add fp+-1, 0, 0\nhalt", "assembly-syntax"),
    (".frame 1\n.frame 1\nhalt", "assembly-syntax"),
    (".frame\nhalt", "assembly-syntax"),
    (".frame -1\nhalt", "assembly-syntax"),
    ("fp: halt", "assembly-syntax"),
    ("m: halt", "assembly-syntax"),
    ("9a: halt", "assembly-syntax"),
    ("a: halt\na:", "assembly-syntax"),
    ("poseidon8 0, 8 half\nhalt", "assembly-syntax"),
    ("poseidon16_halves 0, 0, 0\nhalt", "assembly-syntax"),
    (
        "poseidon16_halves 0, 0, 0, 0, half\nhalt",
        "assembly-syntax",
    ),
    (
        "poseidon16_halves 0, 0, 0, 0, m[fp]\nhalt",
        "assembly-syntax",
    ),
    (
        "poseidon16_halves 0, 0, 0, 0, 0, 0\nhalt",
        "assembly-syntax",
    ),
    ("hint equal m[fp], 1\nhalt", "assembly-syntax"),
    ("poseidon8 0, 8, whole\nhalt", "assembly-syntax"),
    ("hint witness abc, 0\nadd 0, 0, 0\nhalt", "assembly-syntax"),
    ("hint nothing 0\nadd 0, 0, 0\nhalt", "assembly-syntax"),
    ("deref m[fp], fp, 0\nhalt", "assembly-syntax"),
    (".frame 4194305\nhalt", "program-too-long"),
];

mod differential {
    use super::*;

    #[test]
    fn every_form_assembles() {
        let program = assemble(EVERY_FORM).expect("the text is right");
        let text = decode(&program).expect("an assembled program decodes").text;
        insta::assert_snapshot!("disassembly_of_every_form", text);
    }

    #[test]
    fn refused_texts() {
        for (text, name) in REFUSED {
            assert_eq!(assemble(text), Err(name), "{text:?}");
        }
    }

    #[test]
    fn mutated_texts_assemble_alike() {
        let accepted = std::cell::Cell::new(0);
        let mut bases: Vec<&str> = tiny::ALL.iter().map(|tiny| tiny.text).collect();
        bases.push(EVERY_FORM);
        let alphabet = b"0123456789abfphm[]+-,:; \t\n\"._xX/%\r\0~";
        crate::common::for_each(1500, 12, |bytes| {
            let [which, changes @ ..] = bytes else { return };
            let mut text = bases[*which as usize % bases.len()].as_bytes().to_vec();
            for change in changes.chunks_exact(3) {
                let place = (usize::from(change[0]) * 256 + usize::from(change[1])) % text.len();
                let letter = alphabet[usize::from(change[2]) % alphabet.len()];
                match change[2] % 3 {
                    0 => text[place] = letter,
                    1 => text.insert(place, letter),
                    _ => drop(text.remove(place)),
                }
            }
            let text = String::from_utf8(text).expect("the alphabet is ASCII");
            accepted.set(accepted.get() + u32::from(assemble(&text).is_ok()));
        });
        let accepted = accepted.get();
        println!("mutated texts that assemble: {accepted} of 1500");
        assert!(accepted >= 150, "only {accepted} mutated texts assemble");
    }
}
