//! SPEC §25 recursion.
//!
//! What a guest that verifies a proof leaves open: a claim on the program, which may be one of
//! several.

use std::iter::repeat_n;

use p3_field::PrimeCharacteristicRing;

use crate::field::{EF, F, coordinates};
use crate::isa::Program;
use crate::multilinear::{eq, eq_index, eq_table, log2_ceil};
use crate::permutation::{DIGEST, Digest, hash_pair};
use crate::sumcheck::plain_next;
use crate::tables::log_height;
use crate::transcript::Sponge;
use crate::zerocheck::program_values;

/// Variables of a slot of the program function.
pub const LOG_SLOTS: usize = 3;
/// The slot of the first field of an instruction.
pub const FIRST_SLOT: usize = 2;

/// A claim on one or two programs: the value of the extension of their program function at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramClaim {
    /// b + 3 + h coordinates: of the number of a program, of the slot, of the pc.
    pub point: Vec<EF>,
    /// The value.
    pub value: EF,
}

/// h: the greatest h_0 of the programs.
#[must_use]
pub fn greatest_height(programs: &[&Program]) -> usize {
    let heights = programs
        .iter()
        .map(|program| log_height(program.instructions().len()));
    heights.max().unwrap_or(0)
}

/// b + 3 + h: the number of variables of the program function.
#[must_use]
pub fn variables(programs: &[&Program]) -> usize {
    log2_ceil(programs.len())
        .saturating_add(LOG_SLOTS)
        .saturating_add(greatest_height(programs))
}

/// The function of one program at (slot, pc), of as many coordinates of pc as there are.
fn value_at(program: &Program, point: &[EF]) -> EF {
    let (slot, pc) = point.split_at_checked(LOG_SLOTS).unwrap_or((&[], point));
    // Where a bit of pc above its own is 1, the program has no instruction.
    let above = pc
        .len()
        .saturating_sub(log_height(program.instructions().len()));
    let (above, own) = pc.split_at_checked(above).unwrap_or((&[], pc));
    let weights = eq_table(slot);
    let fields = program_values(program, own);
    let terms = weights.iter().skip(FIRST_SLOT).zip(fields);
    let value: EF = terms.map(|(weight, field)| *weight * field).sum();
    eq_index(above, 0) * value
}

impl ProgramClaim {
    /// The claim on these programs at a point that holds.
    #[must_use]
    pub fn at(programs: &[&Program], point: Vec<EF>) -> Self {
        let (number, rest) = point
            .split_at_checked(log2_ceil(programs.len()))
            .unwrap_or((&[], &point));
        let terms = programs.iter().zip(eq_table(number));
        let value = terms
            .map(|(program, weight)| weight * value_at(program, rest))
            .sum();
        Self { point, value }
    }

    /// §25.2: whether the claim holds for these programs.
    #[must_use]
    pub fn holds(&self, programs: &[&Program]) -> bool {
        self.point.len() == variables(programs) && *self == Self::at(programs, self.point.clone())
    }

    /// This claim, which is on one program alone, as one on these programs, of which that is the
    /// one of this number: it holds for them if and only if it holds for that one.
    #[must_use]
    pub fn of_program(&self, number: usize, programs: &[&Program]) -> Self {
        let bits = (0..log2_ceil(programs.len())).rev();
        let bits = bits.map(|i| EF::from_bool((number >> i) & 1 == 1));
        let (slot, pc) = self
            .point
            .split_at_checked(LOG_SLOTS)
            .unwrap_or((&[], &self.point));
        let above = greatest_height(programs).saturating_sub(pc.len());
        let point = bits
            .chain(slot.iter().copied())
            .chain(repeat_n(EF::ZERO, above))
            .chain(pc.iter().copied())
            .collect();
        let value = self.value;
        Self { point, value }
    }

    /// The digest of the claim, of section 26: of the coordinates of point and value.
    pub fn digest(&self) -> Digest {
        let list: Vec<F> = self.elements().collect();
        hash_chunks(Digest::default(), &list)
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
    let cells = public_cells.iter().copied();
    let list: Vec<F> = cells.chain(claim.elements()).collect();
    hash_chunks(Digest::default(), &list)
}

/// digest ← hash_pair(digest, chunk) for each chunk of a list, the last padded by zeros.
pub(crate) fn hash_chunks(digest: Digest, list: &[F]) -> Digest {
    list.chunks(DIGEST).fold(digest, |digest, chunk| {
        let mut padded = Digest::default();
        for (to, from) in padded.iter_mut().zip(chunk) {
            *to = *from;
        }
        hash_pair(&digest, &padded)
    })
}
