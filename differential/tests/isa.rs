//! SPEC §4 isa.

use std::collections::BTreeMap;

use leanvm_differential::canonical::{Name, bytes_of, verdict, words_of};
use leanvm_differential::encoding::{
    ADD, BASE, CHAIN, HALF, HALT, Hint, Instruction, Operand, PATH, PERMUTE, Program, SPONGE,
};
use leanvm_differential::generators::{Broken, Valid, from_bytes, tiny};
use leanvm_differential::oracles::decode::decode;

/// A program that decodes, with one hint.
fn small() -> Program {
    let zero = Operand::Constant(0);
    Program {
        frame_size: 4,
        instructions: vec![
            Instruction::new(ADD, &[zero, Operand::Memory(1), Operand::Frame(2)]),
            Instruction {
                imm: 2,
                ..Instruction::new(9, &[zero; 3])
            },
            Instruction::new(5, &[zero, zero, zero]),
            Instruction::new(HALT, &[]),
        ],
        hints: vec![Hint {
            pc: 1,
            kind: 1,
            operands: vec![zero],
            imm: 0,
            name: "abcde".to_owned(),
        }],
    }
}

mod differential {
    use super::*;

    #[test]
    fn valid_programs_decode() {
        crate::common::for_each(300, 400, |bytes| {
            let case = from_bytes::<Valid>(bytes).0;
            assert!(decode(&case.program).is_ok());
        });
        for tiny in &tiny::ALL {
            assert!(decode(&tiny.case().program).is_ok(), "{}", tiny.name);
        }
    }

    #[test]
    fn broken_programs_decode_alike() {
        let seen = std::cell::RefCell::new(BTreeMap::<Name, u32>::new());
        crate::common::for_each(1500, 400, |bytes| {
            let outcome = decode(&from_bytes::<Broken>(bytes).0.program);
            *seen.borrow_mut().entry(verdict(&outcome)).or_default() += 1;
        });
        let seen = seen.into_inner();
        println!("decoding of broken programs, cases by rejection: {seen:?}");
        assert!(seen.len() >= 9, "few outcomes are reached: {seen:?}");
    }

    #[test]
    fn every_bit_of_a_program() {
        let bytes = small().bytes();
        assert!(decode(&bytes).is_ok());
        let mut accepted = 0;
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            accepted += u32::from(decode(&flipped).is_ok());
        }
        assert!(accepted > 50, "only {accepted} flips give another program");
        for length in 0..bytes.len() {
            let outcome = decode(&bytes[..length]);
            assert!(
                outcome == Err("program-truncated"),
                "{length} bytes: {outcome:?}"
            );
        }
    }

    #[test]
    fn each_rejection_of_decoding() {
        let words = small().words();
        let with = |place: usize, word: u32| {
            let mut changed = words.clone();
            changed[place] = word;
            decode(&bytes_of(&changed)).map(|_| ())
        };
        let left_over: Vec<u32> = words.iter().copied().chain([0]).collect();
        assert_eq!(
            decode(&bytes_of(&left_over)).err(),
            Some("program-truncated")
        );
        assert_eq!(decode(&[]).err(), Some("program-truncated"));
        assert_eq!(with(0, 0), Err("program-magic"));
        assert_eq!(with(1, 2), Err("program-magic"));
        assert_eq!(with(2, (1 << 22) + 1), Err("program-too-long"));
        assert_eq!(with(2, 1 << 22), Ok(()));
        assert_eq!(with(3, (1 << 20) + 1), Err("program-too-long"));
        assert_eq!(with(4, (1 << 20) + 1), Err("program-too-long"));
        assert_eq!(with(3, 0), Err("program-empty"));
        for (opcode, name) in [
            (0, "opcode-unknown"),
            (11, "opcode-reserved"),
            // Without a length.
            (CHAIN, "length-zero"),
            (PATH, "length-zero"),
            (SPONGE, "length-zero"),
            (16, "opcode-unknown"),
            (31, "opcode-unknown"),
            // HALT has no operands.
            (HALT, "operand-mode"),
        ] {
            assert_eq!(with(5, opcode), Err(name), "opcode {opcode}");
        }
        // Both modes of operand 0; a flag; a bit above; a fourth operand; an imm.
        for change in [3 << 5, 1 << 13, 1 << 16, 1 << 11] {
            assert_eq!(
                with(5, words[5] | change),
                Err("operand-mode"),
                "word with {change:#x}"
            );
        }
        assert_eq!(with(9, 1), Err("operand-mode"));
        assert_eq!(with(10, 1), Err("operand-mode"));
        assert_eq!(with(6, 2_130_706_433), Err("element-not-canonical"));
        assert_eq!(with(5, u32::MAX), Err("element-not-canonical"));
        assert_eq!(with(16, 0), Err("length-zero"));
        assert_eq!(with(16, 1 << 16), Ok(()));
        assert_eq!(with(16, (1 << 16) + 1), Err("length-zero"));
        assert_eq!(with(19, 4), Err("jump-outside"));
        assert_eq!(with(19, 3), Ok(()));
        let hint = 5 + 6 * 4;
        assert_eq!(with(hint, 4), Err("hint-malformed"));
        assert_eq!(with(hint + 1, 6), Err("hint-malformed"));
        assert_eq!(with(hint + 2, 3), Err("hint-malformed"));
        assert_eq!(with(hint + 3, 2_130_706_433), Err("element-not-canonical"));
        assert_eq!(
            with(hint + 7, 65),
            Err("program-truncated"),
            "the words of the name are not there"
        );
        let mut long = words.clone();
        long[hint + 7] = 65;
        long.extend([0x6161_6161; 15]);
        assert_eq!(decode(&bytes_of(&long)).err(), Some("hint-malformed"));
        assert_eq!(with(hint + 8, 0x2d61_6261), Err("hint-malformed"));
        let mut missing = small();
        missing.instructions.pop();
        assert_eq!(decode(&missing.bytes()).err(), Some("halt-missing"));
        let mut inside = small();
        inside.instructions[1] = Instruction::new(HALT, &[]);
        assert_eq!(decode(&inside.bytes()).err(), Some("halt-missing"));
        let mut unsorted = small();
        unsorted.hints.push(Hint {
            pc: 0,
            ..unsorted.hints[0].clone()
        });
        assert_eq!(decode(&unsorted.bytes()).err(), Some("hint-malformed"));
    }

    #[test]
    fn rejections_of_runs() {
        let decoded = |opcode: u32, operand: Operand, imm: u32| {
            let zero = Operand::Constant(0);
            let instruction = Instruction {
                imm,
                ..Instruction::new(opcode, &[zero, zero, operand, zero])
            };
            let program = Program {
                instructions: vec![instruction, Instruction::new(HALT, &[])],
                ..Program::default()
            };
            decode(&program.bytes()).map(drop)
        };
        let four = Operand::Constant(4);
        for opcode in [CHAIN, PATH, SPONGE] {
            for (imm, expected) in [
                (0, Err("length-zero")),
                (1, Ok(())),
                (1 << 16, Ok(())),
                ((1 << 16) + 1, Err("length-zero")),
            ] {
                assert_eq!(decoded(opcode, four, imm), expected, "{opcode}, {imm}");
            }
            for flag in [HALF, PERMUTE, BASE] {
                let word = opcode + (flag << 13);
                assert_eq!(decoded(word, four, 1), Err("operand-mode"), "{word}");
            }
        }
        for (base, expected) in [
            (Operand::Constant(0), Err("length-zero")),
            (Operand::Constant(1), Ok(())),
            (Operand::Constant(256), Ok(())),
            (Operand::Constant(257), Err("length-zero")),
            (Operand::Memory(4), Err("operand-mode")),
            (Operand::Frame(4), Err("operand-mode")),
        ] {
            assert_eq!(decoded(CHAIN, base, 1), expected, "{base:?}");
            // The mode before the length.
            let mode_first = expected.err().unwrap_or("length-zero");
            assert_eq!(decoded(CHAIN, base, 0), Err(mode_first), "{base:?}");
            assert_eq!(decoded(PATH, base, 1), Ok(()), "{base:?}");
            assert_eq!(decoded(SPONGE, base, 1), Ok(()), "{base:?}");
        }
    }

    #[test]
    fn the_encoding_of_the_harness_is_that_of_the_twins() {
        crate::common::for_each(100, 300, |bytes| {
            let case = from_bytes::<Valid>(bytes).0;
            assert_eq!(bytes_of(&words_of(&case.program)), case.program);
            assert_eq!(
                decode(&case.program).map(|decoded| decoded.bytes),
                Ok(case.program)
            );
        });
    }
}
