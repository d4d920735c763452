use super::*;

/// halt, with what `edit` does to its words.
fn rejection_of(words: &[u32]) -> Option<Rejection> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    Program::decode(&bytes).err().map(|error| error.rejection)
}

const HALT_WORDS: [u32; 6] = [1, 0, 0, 0, 0, 0];

fn program(instructions: &[[u32; 6]], hints: &[&[u32]]) -> Vec<u32> {
    let mut words = vec![
        MAGIC,
        VERSION,
        7,
        instructions.len() as u32,
        hints.len() as u32,
    ];
    words.extend(instructions.iter().flatten());
    words.extend(hints.iter().copied().flatten());
    words
}

fn instruction_rejection(instruction: [u32; 6]) -> Option<Rejection> {
    rejection_of(&program(&[instruction, HALT_WORDS], &[]))
}

fn hint_rejection(hint: &[u32]) -> Option<Rejection> {
    rejection_of(&program(&[HALT_WORDS], &[hint]))
}

#[test]
fn headers() {
    let words = program(&[HALT_WORDS], &[]);
    assert_eq!(rejection_of(&words), None);
    for length in 0..words.len() {
        assert_eq!(
            rejection_of(&words[..length]),
            Some(Rejection::ProgramTruncated)
        );
    }
    let mut longer = words.clone();
    longer.push(0);
    assert_eq!(rejection_of(&longer), Some(Rejection::ProgramTruncated));
    for (index, value, expected) in [
        (0, MAGIC + 1, Rejection::ProgramMagic),
        (1, 2, Rejection::ProgramMagic),
        (2, MAX_FRAME_SIZE + 1, Rejection::ProgramTooLong),
        (3, MAX_INSTRUCTIONS + 1, Rejection::ProgramTooLong),
        (4, MAX_INSTRUCTIONS + 1, Rejection::ProgramTooLong),
        (3, 0, Rejection::ProgramEmpty),
        (3, MAX_INSTRUCTIONS, Rejection::ProgramTruncated),
        (4, MAX_INSTRUCTIONS, Rejection::ProgramTruncated),
    ] {
        let mut words = words.clone();
        words[index] = value;
        assert_eq!(
            rejection_of(&words),
            Some(expected),
            "word {index} = {value}"
        );
    }
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.push(0);
    assert_eq!(
        Program::decode(&bytes).unwrap_err().rejection,
        Rejection::ProgramTruncated
    );
}

#[test]
fn instructions() {
    let mode = Some(Rejection::OperandMode);
    for (instruction, expected) in [
        ([2, 1, 2, 3, 0, 0], None),
        (
            [2, MODULUS, 2, 3, 0, 0],
            Some(Rejection::ElementNotCanonical),
        ),
        ([0, 0, 0, 0, 0, 0], Some(Rejection::OpcodeUnknown)),
        ([16, 0, 0, 0, 0, 0], Some(Rejection::OpcodeUnknown)),
        ([15 + (0x55 << 5), 1, 2, 3, 4, 0], None),
        ([15 + (3 << 11), 0, 0, 0, 0, 0], mode),
        ([15, 0, 0, 0, 0, 1], None),
        ([7, 0, 0, 0, 0, 1], mode),
        ([15 + HALF, 0, 0, 0, 0, 0], mode),
        ([15 + PERMUTE, 0, 0, 0, 0, 0], mode),
        ([15 + BASE, 0, 0, 0, 0, 0], mode),
        ([31, 0, 0, 0, 0, 0], Some(Rejection::OpcodeUnknown)),
        ([11, 0, 0, 0, 0, 0], Some(Rejection::OpcodeReserved)),
        ([12, 0, 0, 0, 0, 0], Some(Rejection::LengthZero)),
        ([12, 0, 0, 0, 0, 1], Some(Rejection::LengthZero)),
        ([12, 0, 0, 256, 0, 1 << 16], None),
        ([12, 0, 0, 257, 0, 1], Some(Rejection::LengthZero)),
        ([12 + (1 << 9), 0, 0, 8, 0, 1], Some(Rejection::OperandMode)),
        (
            [12 + (1 << 10), 0, 0, 8, 0, 1],
            Some(Rejection::OperandMode),
        ),
        ([13, 0, 0, 0, 0, 0], Some(Rejection::LengthZero)),
        ([14, 0, 0, 0, 0, 1], None),
        ([14, 0, 0, 0, 0, (1 << 16) + 1], Some(Rejection::LengthZero)),
        ([2 + 3 * 32, 0, 0, 0, 0, 0], mode),
        ([2 + (1 << 11), 0, 0, 0, 0, 0], mode),
        ([2, 0, 0, 0, 1, 0], mode),
        ([2, 0, 0, 0, 0, 1], mode),
        ([2 + HALF, 0, 0, 0, 0, 0], mode),
        ([2 + (1 << 16), 0, 0, 0, 0, 0], mode),
        ([4, 0, 0, 0, 0, 0], mode),
        ([4 + 64, 0, 0, 0, 0, 0], mode),
        ([4 + 32, 0, 0, 0, 0, 9], None),
        ([6 + HALF, 0, 0, 0, 0, 0], None),
        ([7 + PERMUTE, 0, 0, 0, 0, 0], None),
        ([8 + PERMUTE + HALF, 0, 0, 0, 0, 0], mode),
        ([8 + BASE, 0, 0, 0, 0, 0], mode),
        ([9 + HALF, 0, 0, 0, 0, 1], mode),
        ([9 + BASE, 0, 0, 0, 0, MAX_LENGTH], None),
        ([9, 0, 0, 0, 0, 0], Some(Rejection::LengthZero)),
        (
            [10, 0, 0, 0, 0, MAX_LENGTH + 1],
            Some(Rejection::LengthZero),
        ),
        (HALT_WORDS, Some(Rejection::HaltMissing)),
        ([5, 0, 1, 0, 0, 0], None),
        ([5, 0, 2, 0, 0, 0], Some(Rejection::JumpOutside)),
        ([5 + (2 << 7), 0, 2, 0, 0, 0], None),
    ] {
        assert_eq!(
            instruction_rejection(instruction),
            expected,
            "{instruction:?}"
        );
    }
    assert_eq!(
        rejection_of(&program(&[[2, 0, 0, 0, 0, 0]], &[])),
        Some(Rejection::HaltMissing)
    );
}

#[test]
fn hints() {
    let name = u32::from_le_bytes(*b"a_Z\0");
    let malformed = Some(Rejection::HintMalformed);
    for (hint, expected) in [
        (&[0, 0, 1, 3, 4, 0, 8, 0][..], None),
        (&[0, 0, 0, 3, 4, 0, 8, 0], malformed),
        (&[0, 0, 1, 3, 4, 0, 2, 0], malformed),
        (&[0, 0, 1, 3, 4, 1, 1, 0], malformed),
        (&[0, 0, 1 + 16, 3, 4, 0, 1, 0], malformed),
        (&[0, 0, 1 + 12, 3, 4, 0, 1, 0], malformed),
        (&[0, 0, 1 + 64, 3, 4, 0, 1, 0], malformed),
        (&[1, 0, 1, 3, 4, 0, 1, 0], malformed),
        (&[0, 6, 1, 0, 0, 0, 0, 0], malformed),
        (&[0, 5, 1 + 8 + 16, 7, 3, 4, 0, 0], None),
        (&[0, 5, 8 + 16, 7, 3, 4, 0, 0], malformed),
        (&[0, 5, 2 + 8 + 16, 7, 3, 4, 0, 0], malformed),
        (&[0, 5, 1 + 48, 7, 3, 4, 0, 0], malformed),
        (&[0, 5, 1, 7, 3, 4, 1, 0], malformed),
        (&[0, 5, 1, 7, 3, 4, 0, 3, name], malformed),
        (&[0, 4, 0, 0, 0, 0, 1, 0], malformed),
        (
            &[0, 4, 0, MODULUS, 0, 0, 0, 0],
            Some(Rejection::ElementNotCanonical),
        ),
        (&[0, 4, 0, 0, 0, 0, 0, 3, name], malformed),
        (&[0, 2, 0, 0, 0, 0, 31, 0], None),
        (&[0, 2, 0, 0, 0, 0, 32, 0], malformed),
        (&[0, 3, 1, 0, 0, 0, 0, 0], None),
        (&[0, 3, 2, 0, 0, 0, 0, 0], malformed),
        (&[0, 1, 0, 0, 0, 0, 0, 3, name], None),
        (&[0, 1, 0, 0, 0, 0, 0, 3], Some(Rejection::ProgramTruncated)),
        (
            &[0, 1, 0, 0, 0, 0, 0, u32::MAX, name],
            Some(Rejection::ProgramTruncated),
        ),
        (&[0, 1, 0, 0, 0, 0, 0, 2, name], malformed),
        (&[0, 1, 0, 0, 0, 0, 0, 4, name], malformed),
        (&[0, 1, 0, 0, 0, 0, 0, 0], malformed),
        (&[0, 1, 0, 0, 0, 0, 0], Some(Rejection::ProgramTruncated)),
    ] {
        assert_eq!(hint_rejection(hint), expected, "{hint:?}");
    }
    let print = |pc| [pc, 4, 0, 0, 0, 0, 0, 0];
    let two = |first, second| {
        rejection_of(&program(
            &[[2, 0, 0, 0, 0, 0], HALT_WORDS],
            &[&print(first), &print(second)],
        ))
    };
    assert_eq!((two(0, 1), two(1, 1), two(1, 0)), (None, None, malformed));
    let long = |length: u32| {
        let mut hint = vec![0, 1, 0, 0, 0, 0, 0, length];
        hint.extend(std::iter::repeat_n(
            u32::from_le_bytes(*b"aaaa"),
            length as usize / 4,
        ));
        hint_rejection(&hint)
    };
    assert_eq!((long(64), long(68)), (None, malformed));
}

#[test]
fn encoding_is_the_inverse_of_decoding() {
    let words = program(
        &[
            [2 + 32 + (2 << 7), 1, 2, 3, 0, 0],
            [9 + BASE, 8, 9, 10, 0, 3],
            HALT_WORDS,
        ],
        &[
            &[0, 1, 2, 5, 0, 0, 0, 3, u32::from_le_bytes(*b"a_Z\0")],
            &[2, 4, 1, 5, 0, 0, 0, 0],
        ],
    );
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let program = Program::decode(&bytes).unwrap();
    assert_eq!(program.encode(), bytes);
    assert_eq!((program.frame_size(), program.halt_pc()), (7, 2));
    assert_eq!(program.hints()[0].name, "a_Z");
    let [first, second, third] = [0, 1, 2].map(|i| program.instructions()[0].operand(i));
    assert_eq!(
        (first, second, third),
        (
            Operand::Memory(F::ONE),
            Operand::Frame(F::TWO),
            Operand::Constant(F::new(3))
        )
    );
    let elements: Vec<F> = words[5..5 + 18].iter().map(|word| F::new(*word)).collect();
    assert_eq!(program.digest(), hash(&elements));
}
