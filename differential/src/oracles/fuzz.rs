//! What the fuzz targets call: bytes in, a panic if the twins disagree.

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};

use super::{decode, execute, guest, prove, tamper};
use crate::aggregation::aggregate_of_message;
use crate::canonical::{Case, Proved, bytes_of, words_of};
use crate::generators::{Broken, Framed, Valid, from_bytes, tiny};
use crate::merging::{Programs, Question, file_of, read_file};
use crate::twins::{FAST, Options};

/// The bytes are a binary program.
pub fn decode_program(bytes: &[u8]) {
    let _ = decode::decode(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = decode::assemble(text);
    }
}

/// The bytes are the text of a guest program, which is parsed.
pub fn parse_guest(bytes: &[u8]) {
    let _ = guest::parse(&String::from_utf8_lossy(bytes));
}

/// The bytes are the text of a guest program, which is compiled and executed.
pub fn compile_guest(bytes: &[u8]) {
    let _ = guest::compile_and_execute(&String::from_utf8_lossy(bytes));
}

/// The first byte chooses a generator, the others drive it.
#[must_use]
pub fn case(bytes: &[u8]) -> Case {
    match bytes.split_first() {
        Some((first, rest)) if first % 2 == 1 => from_bytes::<Broken>(rest).0,
        Some((first, rest)) if first % 8 == 6 => from_bytes::<Framed>(rest).0,
        Some((_, rest)) => from_bytes::<Valid>(rest).0,
        None => from_bytes::<Valid>(bytes).0,
    }
}

/// The bytes drive a generator of valid or broken cases, which are executed.
pub fn execute(bytes: &[u8]) {
    let _ = execute::execute(&case(bytes));
}

/// The bytes drive a generator of valid or broken cases, which are proven.
pub fn prove(bytes: &[u8]) {
    let case = case(bytes);
    let _ = execute::tables(&case, &Options::TINY);
    let _ = prove::prove(
        &case,
        &Options {
            smallest_tuning: true,
            ..Options::TINY
        },
    );
}

/// An honest proof of each tiny program.
static PROOFS: LazyLock<Vec<(Case, Proved)>> = LazyLock::new(|| {
    let prove = |tiny: &tiny::Tiny| {
        let case = tiny.case();
        let proved = FAST
            .prove(&case, &Options::TINY)
            .expect("the tiny programs prove");
        (case, proved)
    };
    tiny::ALL.iter().map(prove).collect()
});

/// The bytes are a list of changes to an honest proof of a tiny program; both verifiers agree on
/// the outcome.
pub fn verify_mutated(bytes: &[u8]) {
    let _ = try_verify_mutated(&mut Unstructured::new(bytes));
}

fn try_verify_mutated(source: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let (case, proved) = source.choose(&PROOFS)?;
    let places = tamper::places(&proved.events);
    let mut words = words_of(&proved.proof);
    let mut public = case.public.clone();
    let mut tail = Vec::<u8>::new();
    while !source.is_empty() {
        match source.int_in_range(0..=7u8)? {
            0 => {
                let length = source.int_in_range(0..=words.len() as u32)?;
                words.truncate(length as usize);
            }
            1 => words.extend(<[u32; 2]>::arbitrary(source)?),
            2 => tail.push(source.arbitrary()?),
            3 => public.push(source.arbitrary()?),
            4 => {
                let place = source.int_in_range(0..=tamper::HEADER - 1)?;
                if let Some(word) = words.get_mut(place) {
                    *word = source.arbitrary::<u32>()? >> source.int_in_range(0..=31u32)?;
                }
            }
            _ => {
                let (_, range) = source.choose(&places)?;
                let place = source.int_in_range(range.start..=range.end - 1)?;
                if let Some(word) = words.get_mut(place) {
                    *word = if source.arbitrary()? {
                        word.wrapping_add(1)
                    } else {
                        source.arbitrary()?
                    };
                }
            }
        }
    }
    let mut proof = bytes_of(&words);
    proof.extend(tail);
    let honest = proof == proved.proof && public == case.public;
    let outcome = prove::verify(&case.program, &public, &proof, Options::TINY.set);
    assert_eq!(
        outcome.is_ok(),
        honest,
        "a changed proof is accepted, or an honest one is not"
    );
    Ok(())
}

/// P_0 and P_1.
static PROGRAMS: LazyLock<Programs> = LazyLock::new(Programs::artefacts);

/// The message of [`FILE`], which is that of a real aggregate.
const MESSAGE: &[u8] = b"block";
static FILE: LazyLock<Vec<u8>> =
    LazyLock::new(|| file_of(MESSAGE, aggregate_of_message(MESSAGE, &[[1], [2]], 7, 4)));

/// Behind a first byte that is even, the bytes are a file of claims and what is behind them; behind
/// an odd one, a list of changes to the file of a real aggregate. Both twins read and verify alike.
pub fn merging(bytes: &[u8]) {
    match bytes.split_first() {
        Some((first, rest)) if first % 2 == 1 => {
            let _ = try_merging(&mut Unstructured::new(rest));
        }
        Some((_, rest)) => drop(accepts(rest)),
        None => drop(accepts(bytes)),
    }
}

/// Whether both twins accept a file.
fn accepts(file: &[u8]) -> bool {
    let Ok((claims, bytes)) = read_file(&PROGRAMS, file) else {
        return false;
    };
    let claims = claims.into_iter().map(|(_, claim)| claim).collect();
    PROGRAMS.verdict(&Question { claims, bytes }).is_ok()
}

fn try_merging(source: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let mut file = FILE.clone();
    while !source.is_empty() {
        match source.int_in_range(0..=5u8)? {
            0 => file.truncate(source.int_in_range(0..=file.len())?),
            1 => file.extend(<[u8; 4]>::arbitrary(source)?),
            // Numbers, keys and the header are at the beginning.
            2 | 3 => change_byte(&mut file, 256, source)?,
            _ => change_byte(&mut file, usize::MAX, source)?,
        }
    }
    let honest = file == *FILE;
    assert_eq!(
        accepts(&file),
        honest,
        "a changed file is accepted, or an honest one is not"
    );
    Ok(())
}

/// Changes one of the first bytes.
fn change_byte(
    file: &mut [u8],
    most: usize,
    source: &mut Unstructured<'_>,
) -> arbitrary::Result<()> {
    let last = file.len().min(most).saturating_sub(1);
    let place = source.int_in_range(0..=last)?;
    if let Some(byte) = file.get_mut(place) {
        *byte ^= source.arbitrary::<u8>()?;
    }
    Ok(())
}
