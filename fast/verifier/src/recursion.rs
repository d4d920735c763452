//! SPEC §25 recursion.
//!
//! What a guest that verifies a proof leaves open: a claim on the program.

use p3_field::PrimeCharacteristicRing;

use crate::field::{EF, F, coordinates};
use crate::isa::Program;
use crate::multilinear::{eq, eq_table};
use crate::permutation::{DIGEST, Digest, hash_pair};
use crate::sumcheck::plain_next;
use crate::tables::log_height;
use crate::transcript::Sponge;
use crate::zerocheck::program_values;

/// Variables of a slot of the program function.
pub const LOG_SLOTS: usize = 3;
/// The slot of the first field of an instruction.
pub const FIRST_SLOT: usize = 2;

/// A claim on a program: the value of the extension of its program function at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramClaim {
    /// 3 + h_0 coordinates.
    pub point: Vec<EF>,
    /// The value.
    pub value: EF,
}

/// The number of variables of the program function of so many instructions.
fn variables(instructions: usize) -> usize {
    LOG_SLOTS.saturating_add(log_height(instructions))
}

impl ProgramClaim {
    /// The claim at a point that holds.
    #[must_use]
    pub fn at(program: &Program, point: Vec<EF>) -> Self {
        let (slot, pc) = point.split_at_checked(LOG_SLOTS).unwrap_or((&[], &point));
        let weights = eq_table(slot);
        let fields = program_values(program, pc);
        let terms = weights.iter().skip(FIRST_SLOT).zip(fields);
        let value = terms.map(|(weight, field)| *weight * field).sum();
        Self { point, value }
    }

    /// §25.2: whether the claim holds for a program.
    #[must_use]
    pub fn holds(&self, program: &Program) -> bool {
        self.point.len() == variables(program.instructions().len())
            && *self == Self::at(program, self.point.clone())
    }

    /// The coordinates of point and value.
    fn elements(&self) -> impl Iterator<Item = F> {
        let all = self.point.iter().chain([&self.value]);
        all.flat_map(|element| coordinates(*element))
    }
}

/// What the rounds of a combination leave.
#[derive(Clone, Debug)]
pub struct Combination {
    /// ζ.
    zeta: EF,
    /// ρ.
    point: Vec<EF>,
    /// What value·Σ_i ζ^i·eq(point_i, ρ) must be.
    claim: EF,
}

impl Combination {
    /// §25.3 to §25.5.
    #[must_use]
    pub fn new(claims: &[ProgramClaim], rounds: &[[EF; 2]]) -> Self {
        let mut sponge = Sponge::new();
        let zeta = Self::challenge(claims, &mut sponge);
        let terms = claims.iter().zip(zeta.powers());
        let mut claim = terms.map(|(claim, power)| claim.value * power).sum();
        let mut point = Vec::with_capacity(rounds.len());
        for round in rounds {
            let challenge = Self::round(round, &mut sponge);
            claim = plain_next(claim, round, challenge);
            point.push(challenge);
        }
        Self { zeta, point, claim }
    }

    /// §25.3, §25.4: ζ.
    pub fn challenge(claims: &[ProgramClaim], sponge: &mut Sponge) -> EF {
        for claim in claims {
            let list: Vec<F> = claim.elements().collect();
            sponge.absorb(&list);
        }
        sponge.sample()
    }

    /// §25.5: the challenge of a round of the coefficients c_1 and c_2.
    pub fn round(round: &[EF; 2], sponge: &mut Sponge) -> EF {
        let list: Vec<F> = round.iter().flat_map(|x| coordinates(*x)).collect();
        sponge.absorb(&list);
        sponge.sample()
    }

    /// §25.6: the claim that the claims have become, if this is its value.
    #[must_use]
    pub fn result(self, claims: &[ProgramClaim], value: EF) -> Option<ProgramClaim> {
        let terms = claims.iter().zip(self.zeta.powers());
        let weight: EF = terms
            .map(|(claim, power)| eq(&claim.point, &self.point) * power)
            .sum();
        (weight * value == self.claim).then_some(ProgramClaim {
            point: self.point,
            value,
        })
    }
}

/// The public input of the guest for a proof of `program` with these 32 public cells, which leaves
/// this claim.
///
/// # Soundness
/// Whoever relies on a proof of the guest makes its public input by this function, from the program
/// itself, and checks that the claim holds for it.
#[must_use]
pub fn public_input(program: &Program, public_cells: &[F], claim: &ProgramClaim) -> Vec<F> {
    let mut instructions = Digest::default();
    if let Some(first) = instructions.first_mut() {
        *first = F::from_usize(program.instructions().len());
    }
    let statement = statement_digest(public_cells, claim);
    [program.digest(), instructions, statement].concat()
}

/// §25.1: the digest of a statement, which is 32 public cells and a claim.
pub fn statement_digest(public_cells: &[F], claim: &ProgramClaim) -> Digest {
    let list: Vec<F> = public_cells
        .iter()
        .copied()
        .chain(claim.elements())
        .collect();
    list.chunks(DIGEST)
        .fold(Digest::default(), |digest, chunk| {
            let mut padded = Digest::default();
            for (to, from) in padded.iter_mut().zip(chunk) {
                *to = *from;
            }
            hash_pair(&digest, &padded)
        })
}
