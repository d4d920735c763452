//! SPEC §25 recursion.
//!
//! What a guest that verifies a proof leaves open: a claim on the program, which may be one of
//! several.

use crate::field::{Ext, Felt};
use crate::isa::Program;
use crate::multilinear::{eq, evaluate, log2_ceil};
use crate::permutation::{Digest, hash_pair};
use crate::sumcheck::{complete_plain, evaluate_polynomial};
use crate::transcript::{Sponge, flatten};

/// Slots of the program function.
const SLOTS: usize = 8;
/// The slot of the first field of an instruction.
const FIRST_SLOT: usize = 2;

/// A claim on one or two programs: the value of the extension of their program function at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramClaim {
    /// b + 3 + h coordinates: of the number of a program, of the slot, of the pc.
    pub point: Vec<Ext>,
    /// The value.
    pub value: Ext,
}

/// h: the greatest h_0 of the programs.
fn greatest_height(programs: &[&Program]) -> u32 {
    let mut greatest = 0;
    for program in programs {
        greatest = greatest.max(log2_ceil(program.instructions().len()).max(3));
    }
    greatest
}

/// The program function: at index (j·8 + slot)·2^h + pc a field of instruction pc of program j.
fn program_function(programs: &[&Program]) -> Vec<Ext> {
    let rows = 1 << greatest_height(programs);
    let mut values = vec![Ext::ZERO; (1 << log2_ceil(programs.len())) * SLOTS * rows];
    for (j, program) in programs.iter().enumerate() {
        for (pc, instruction) in program.instructions().iter().enumerate() {
            for (field, value) in instruction.fields().into_iter().enumerate() {
                values[(j * SLOTS + FIRST_SLOT + field) * rows + pc] = Ext::from(value);
            }
        }
    }
    values
}

impl ProgramClaim {
    /// §25.2: whether the claim holds for these programs.
    #[must_use]
    pub fn holds(&self, programs: &[&Program]) -> bool {
        let values = program_function(programs);
        self.point.len() == log2_ceil(values.len()) as usize
            && evaluate(&values, &self.point) == self.value
    }

    /// This claim, which is on one program alone, as one on these programs, of which that is the
    /// one of this number.
    #[must_use]
    pub fn of_program(&self, number: usize, programs: &[&Program]) -> Self {
        let mut point = Vec::new();
        for i in (0..log2_ceil(programs.len())).rev() {
            let bit = (number >> i) as u64 & 1;
            point.push(Ext::from(Felt::new(bit)));
        }
        let (slot, pc) = self.point.split_at(3);
        point.extend(slot);
        for _ in pc.len()..greatest_height(programs) as usize {
            point.push(Ext::ZERO);
        }
        point.extend(pc);
        let value = self.value;
        Self { point, value }
    }

    /// The digest of the claim, of section 26.
    #[must_use]
    pub fn digest(&self) -> Digest {
        hash_chunks(Digest::default(), &elements(self))
    }
}

/// The coordinates of point and value of a claim.
fn elements(claim: &ProgramClaim) -> Vec<Felt> {
    let all = claim.point.iter().chain([&claim.value]);
    all.flat_map(|element| element.coordinates()).collect()
}

/// §25.3 to §25.6: the claim that claims have become by these rounds, if this is its value.
#[must_use]
pub fn combine(claims: &[ProgramClaim], rounds: &[[Ext; 2]], value: Ext) -> Option<ProgramClaim> {
    // §25.3, §25.4.
    let mut sponge = Sponge::new();
    for claim in claims {
        sponge.absorb(&elements(claim));
    }
    let zeta = sponge.sample();
    // §25.5.
    let mut claim = Ext::ZERO;
    for (i, summand) in claims.iter().enumerate() {
        claim += zeta.pow(i as u64) * summand.value;
    }
    let mut point = Vec::new();
    for round in rounds {
        sponge.absorb(&flatten(round));
        let challenge = sponge.sample();
        claim = evaluate_polynomial(&complete_plain(claim, round), challenge);
        point.push(challenge);
    }
    // §25.6.
    let mut weight = Ext::ZERO;
    for (i, summand) in claims.iter().enumerate() {
        weight += zeta.pow(i as u64) * eq(&summand.point, &point);
    }
    (weight * value == claim).then_some(ProgramClaim { point, value })
}

/// The public input of the guest for a proof of a program with these 32 public cells, which leaves
/// this claim.
#[must_use]
pub fn public_input(program: &Program, public_cells: &[Felt], claim: &ProgramClaim) -> Vec<Felt> {
    let mut instructions = [Felt::ZERO; 8];
    instructions[0] = Felt::new(program.instructions().len() as u64);
    let statement = statement_digest(public_cells, claim);
    [program.digest(), instructions, statement].concat()
}

/// §25.1: the digest of a statement, which is 32 public cells and a claim.
#[must_use]
pub fn statement_digest(public_cells: &[Felt], claim: &ProgramClaim) -> Digest {
    let list = [public_cells, &elements(claim)].concat();
    hash_chunks(Digest::default(), &list)
}

/// digest ← hash_pair(digest, chunk) for each chunk of a list, the last padded by zeros.
pub(crate) fn hash_chunks(start: Digest, list: &[Felt]) -> Digest {
    let mut digest = start;
    for chunk in list.chunks(8) {
        let mut padded = Digest::default();
        padded[..chunk.len()].copy_from_slice(chunk);
        digest = hash_pair(&digest, &padded);
    }
    digest
}
