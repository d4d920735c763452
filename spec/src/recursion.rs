//! SPEC §25 recursion.
//!
//! What a guest that verifies a proof leaves open: a claim on the program.

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

/// A claim on a program: the value of the extension of its program function at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramClaim {
    /// 3 + h_0 coordinates.
    pub point: Vec<Ext>,
    /// The value.
    pub value: Ext,
}

/// The program function: at index slot·2^h_0 + pc a field of instruction pc.
fn program_function(program: &Program) -> Vec<Ext> {
    let instructions = program.instructions();
    let rows = 1 << log2_ceil(instructions.len()).max(3);
    let mut values = vec![Ext::ZERO; SLOTS * rows];
    for (pc, instruction) in instructions.iter().enumerate() {
        for (field, value) in instruction.fields().into_iter().enumerate() {
            values[(FIRST_SLOT + field) * rows + pc] = Ext::from(value);
        }
    }
    values
}

impl ProgramClaim {
    /// §25.2: whether the claim holds for a program.
    #[must_use]
    pub fn holds(&self, program: &Program) -> bool {
        let values = program_function(program);
        values.len() == 1 << self.point.len() && evaluate(&values, &self.point) == self.value
    }
}

/// The coordinates of a claim.
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
    let mut digest = Digest::default();
    for list in [public_cells, &elements(claim)] {
        for chunk in list.chunks(digest.len()) {
            let mut padded = Digest::default();
            padded[..chunk.len()].copy_from_slice(chunk);
            digest = hash_pair(&digest, &padded);
        }
    }
    digest
}
