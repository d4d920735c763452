use super::*;
use crate::assembly::assemble;

const HALT: [u32; 6] = [1, 0, 0, 0, 0, 0];
/// A modulus as a word, which is not canonical.
const P: u32 = 2_130_706_433;

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn program(instructions: &[[u32; 6]], hints: &[Vec<u32>]) -> Vec<u32> {
    let mut words = vec![
        MAGIC,
        VERSION,
        0,
        instructions.len() as u32,
        hints.len() as u32,
    ];
    words.extend(instructions.iter().flatten());
    words.extend(hints.iter().flatten());
    words
}

fn decode(words: &[u32]) -> Result<(), Rejection> {
    Program::decode(&bytes(words))
        .map(drop)
        .map_err(|error| error.rejection)
}

fn instruction(fields: [u32; 6]) -> Result<(), Rejection> {
    decode(&program(&[fields, HALT], &[]))
}

fn hint(words: &[u32]) -> Result<(), Rejection> {
    decode(&program(&[HALT], &[words.to_vec()]))
}

#[test]
fn headers() {
    assert_eq!(decode(&program(&[HALT], &[])), Ok(()));
    assert_eq!(decode(&[]), Err(Rejection::ProgramTruncated));
    assert_eq!(decode(&[MAGIC + 1]), Err(Rejection::ProgramMagic));
    assert_eq!(decode(&[MAGIC]), Err(Rejection::ProgramTruncated));
    assert_eq!(decode(&[MAGIC, 2]), Err(Rejection::ProgramMagic));
    assert_eq!(
        decode(&[MAGIC, VERSION, u32::MAX]),
        Err(Rejection::ProgramTruncated)
    );
    assert_eq!(
        decode(&[MAGIC, VERSION, (1 << 22) + 1, 0, 0]),
        Err(Rejection::ProgramTooLong)
    );
    assert_eq!(
        decode(&[MAGIC, VERSION, 0, (1 << 20) + 1, 0]),
        Err(Rejection::ProgramTooLong)
    );
    assert_eq!(
        decode(&[MAGIC, VERSION, 0, 0, (1 << 20) + 1]),
        Err(Rejection::ProgramTooLong)
    );
    assert_eq!(
        decode(&[MAGIC, VERSION, 1 << 22, 0, 1 << 20]),
        Err(Rejection::ProgramEmpty)
    );
    assert_eq!(
        decode(&[MAGIC, VERSION, 0, 1 << 20, 0]),
        Err(Rejection::ProgramTruncated)
    );
}

#[test]
fn every_prefix_is_truncated_and_nothing_is_left_over() {
    let mut file = bytes(&program(
        &[HALT],
        &[vec![0, 1, 0, 0, 0, 0, 0, 3, 0x0041_4141]],
    ));
    assert!(Program::decode(&file).is_ok());
    for length in 0..file.len() {
        let error = Program::decode(&file[..length]).map_err(|error| error.rejection);
        assert_eq!(error, Err(Rejection::ProgramTruncated), "{length}");
    }
    file.push(0);
    let error = Program::decode(&file).map_err(|error| error.rejection);
    assert_eq!(error, Err(Rejection::ProgramTruncated));
}

#[test]
fn opcodes() {
    for opcode in 2..32 {
        let expected = match opcode {
            2 | 3 | 5..=8 | 15 => Ok(()),
            4 => Err(Rejection::OperandMode),
            9 | 10 | 12..=14 => Err(Rejection::LengthZero),
            11 => Err(Rejection::OpcodeReserved),
            _ => Err(Rejection::OpcodeUnknown),
        };
        assert_eq!(instruction([opcode, 0, 0, 0, 0, 0]), expected, "{opcode}");
    }
    assert_eq!(instruction([0; 6]), Err(Rejection::OpcodeUnknown));
}

#[test]
fn fields_are_canonical_and_the_unused_ones_zero() {
    for i in 0..6 {
        let mut fields = [2, 0, 0, 0, 0, 0];
        fields[i] = P;
        assert_eq!(instruction(fields), Err(Rejection::ElementNotCanonical));
    }
    assert_eq!(instruction([2, P - 1, P - 1, P - 1, 0, 0]), Ok(()));
    assert_eq!(instruction([2, 0, 0, 0, 1, 0]), Err(Rejection::OperandMode));
    assert_eq!(instruction([2, 0, 0, 0, 0, 1]), Err(Rejection::OperandMode));
    assert_eq!(
        instruction([2 + (3 << 5), 0, 0, 0, 0, 0]),
        Err(Rejection::OperandMode)
    );
    assert_eq!(
        instruction([2 + (1 << 11), 0, 0, 0, 0, 0]),
        Err(Rejection::OperandMode)
    );
    for bit in 13..31 {
        assert_eq!(
            instruction([2 + (1 << bit), 0, 0, 0, 0, 0]),
            Err(Rejection::OperandMode),
            "{bit}"
        );
        let poseidon = if bit <= 14 {
            Ok(())
        } else {
            Err(Rejection::OperandMode)
        };
        assert_eq!(
            instruction([8 + (1 << bit), 0, 0, 0, 0, 0]),
            poseidon,
            "{bit}"
        );
        let reduction = if bit == 15 {
            Ok(())
        } else {
            Err(Rejection::OperandMode)
        };
        assert_eq!(
            instruction([15 + (1 << bit), 0, 0, 0, 0, 0]),
            Err(Rejection::OperandMode),
            "{bit}"
        );
        assert_eq!(
            instruction([9 + (1 << bit), 0, 0, 0, 0, 1]),
            reduction,
            "{bit}"
        );
    }
    assert_eq!(
        instruction([8 + (3 << 13), 0, 0, 0, 0, 0]),
        Err(Rejection::OperandMode)
    );
    assert_eq!(instruction([15 + (0x55 << 5), 1, 2, 3, P - 1, 0]), Ok(()));
    assert_eq!(instruction([15, 0, 0, 0, 0, P - 1]), Ok(()));
    assert_eq!(instruction([7, 0, 0, 0, 0, 1]), Err(Rejection::OperandMode));
    assert_eq!(instruction([4 + (1 << 5), 0, 0, 0, 0, P - 1]), Ok(()));
    assert_eq!(
        instruction([4 + (2 << 5), 0, 0, 0, 0, 0]),
        Err(Rejection::OperandMode)
    );
}

#[test]
fn lengths() {
    for (length, expected) in [
        (0, Err(Rejection::LengthZero)),
        (1, Ok(())),
        (1 << 16, Ok(())),
        ((1 << 16) + 1, Err(Rejection::LengthZero)),
        (P - 1, Err(Rejection::LengthZero)),
    ] {
        assert_eq!(instruction([9, 0, 0, 0, 0, length]), expected);
        assert_eq!(instruction([10, 0, 0, 0, 0, length]), expected);
    }
}

#[test]
fn halt_and_jumps() {
    let add = [2, 0, 0, 0, 0, 0];
    assert_eq!(decode(&program(&[add], &[])), Err(Rejection::HaltMissing));
    assert_eq!(
        decode(&program(&[HALT, HALT], &[])),
        Err(Rejection::HaltMissing)
    );
    assert_eq!(instruction([5, 1, 1, 0, 0, 0]), Ok(()));
    assert_eq!(instruction([5, 1, 2, 0, 0, 0]), Err(Rejection::JumpOutside));
    assert_eq!(instruction([5 + (1 << 7), 1, 2, 0, 0, 0]), Ok(()));
    // HALT comes first.
    assert_eq!(
        decode(&program(&[[5, 1, 2, 0, 0, 0]], &[])),
        Err(Rejection::HaltMissing)
    );
}

#[test]
fn hints() {
    let malformed = Err(Rejection::HintMalformed);
    let a = 0x41;
    // pc, kind, flags, k_0, k_1, k_2, imm, name.
    assert_eq!(hint(&[0, 0, 1, 7, 3, 0, 1, 0]), Ok(()));
    assert_eq!(hint(&[0, 0, 1, 7, 3, 0, 8, 0]), Ok(()));
    assert_eq!(hint(&[0, 0, 1, 7, 3, 0, 2, 0]), malformed);
    assert_eq!(hint(&[0, 0, 0, 7, 3, 0, 1, 0]), malformed);
    assert_eq!(hint(&[0, 0, 1, 7, 3, 1, 1, 0]), malformed);
    assert_eq!(hint(&[0, 0, 1 + 16, 7, 3, 0, 1, 0]), malformed);
    assert_eq!(hint(&[0, 0, 3, 7, 3, 0, 1, 0]), malformed);
    assert_eq!(hint(&[0, 0, 1 + 64, 7, 3, 0, 1, 0]), malformed);
    assert_eq!(hint(&[1, 0, 1, 7, 3, 0, 1, 0]), malformed);
    assert_eq!(hint(&[0, 6, 1, 0, 0, 0, 0, 0]), malformed);
    assert_eq!(
        hint(&[0, 0, 1, P, 3, 0, 1, 0]),
        Err(Rejection::ElementNotCanonical)
    );
    assert_eq!(
        hint(&[9, 9, 1, 0, 3, P, 1, 0]),
        Err(Rejection::ElementNotCanonical)
    );
    assert_eq!(hint(&[0, 1, 0, 0, 0, 0, 0, 1, a]), Ok(()));
    assert_eq!(hint(&[0, 1, 0, 0, 0, 0, 0, 0]), malformed);
    assert_eq!(hint(&[0, 1, 0, 0, 0, 0, 1, 1, a]), malformed);
    assert_eq!(hint(&[0, 1, 0, 0, 0, 0, 0, 1, 0x2d]), malformed);
    assert_eq!(hint(&[0, 1, 0, 0, 0, 0, 0, 1, a + 256]), malformed);
    assert_eq!(
        hint(&[0, 1, 0, 0, 0, 0, 0, u32::MAX]),
        Err(Rejection::ProgramTruncated)
    );
    let mut long = vec![0, 1, 0, 0, 0, 0, 0, 64];
    long.extend([0x4141_4141; 16]);
    assert_eq!(hint(&long), Ok(()));
    long[7] = 65;
    long.push(a);
    assert_eq!(hint(&long), malformed);
    assert_eq!(hint(&[0, 2, 0, 0, 0, 0, 31, 0]), Ok(()));
    assert_eq!(hint(&[0, 2, 0, 0, 0, 0, 32, 0]), malformed);
    assert_eq!(hint(&[0, 3, 1, 0, 0, 0, 0, 0]), Ok(()));
    assert_eq!(hint(&[0, 3, 2, 0, 0, 0, 0, 0]), malformed);
    assert_eq!(hint(&[0, 4, 0, 0, 0, 0, 0, 0]), Ok(()));
    assert_eq!(hint(&[0, 4, 0, 0, 0, 0, 0, 1, a]), malformed);
    assert_eq!(hint(&[0, 5, 1 + 8 + 16, 7, 3, 4, 0, 0]), Ok(()));
    assert_eq!(hint(&[0, 5, 8 + 16, 7, 3, 4, 0, 0]), malformed);
    assert_eq!(hint(&[0, 5, 2 + 8 + 16, 7, 3, 4, 0, 0]), malformed);
    assert_eq!(hint(&[0, 5, 1 + 48, 7, 3, 4, 0, 0]), malformed);
    assert_eq!(hint(&[0, 5, 1, 7, 3, 4, 1, 0]), malformed);
    assert_eq!(hint(&[0, 5, 1, 7, 3, 4, 0, 1, a]), malformed);
    let print = |pc| vec![pc, 4, 0, 0, 0, 0, 0, 0];
    let two = [[2, 0, 0, 0, 0, 0], HALT];
    assert_eq!(
        decode(&program(&two, &[print(0), print(0), print(1)])),
        Ok(())
    );
    assert_eq!(decode(&program(&two, &[print(1), print(0)])), malformed);
}

#[test]
fn encoding_is_the_inverse_of_decoding() {
    let text = ".frame 9\nhint witness \"abcde\", fp\nadd m[fp+1], 2, fp-3\neq_be m[fp], 1, 2, 3\nhint bits 5, 6, 7\nhalt";
    let program = assemble(text).expect("the text is well formed");
    assert_eq!(Program::decode(&program.encode()), Ok(program.clone()));
    assert_eq!(
        (
            program.frame_size(),
            program.halt_pc(),
            program.hints().len()
        ),
        (9, 2, 2)
    );
    let fields: Vec<Felt> = program
        .instructions()
        .iter()
        .flat_map(Instruction::fields)
        .collect();
    assert_eq!(program.digest(), hash(&fields));
    assert_eq!(fields[0], Felt::new(2 + (1 << 5) + (2 << 9)));
    assert_eq!(fields[6], Felt::new(10 + (1 << 5) + (1 << 15)));
}
