//! SPEC §14 poseidon: the sum of a layer's sumcheck.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use super::{MIDDLE, NUM_LAYERS, ROUNDS_16, ROUNDS_24, Rounds};
use crate::field::EF;
use crate::tables::{HASH_POWERS, HashColumns};

/// g_T of a layer, on u_ℓ, before which come the `s_i` in the middle; and the claim that it is for
/// (§14.2).
#[derive(Clone, Debug)]
pub struct Combination {
    /// The weights of the cubes: φ_i in the middle, then ψ_j.
    pub cubes: Vec<EF>,
    /// δ'_{T,i}, of `s_i`, in the middle: subtracted.
    pub linear: Vec<EF>,
    /// δ_{T,j}, of the claims.
    pub claims: Vec<EF>,
    /// Σ_i δ'_{T,i}·rc'_i, of Î_T: subtracted from the claim.
    pub constant: EF,
}

impl Combination {
    /// That of layer ℓ of a hash table.
    #[must_use]
    pub fn new(hash: &HashColumns, layer: usize, delta: EF) -> Self {
        if hash.width == 24 {
            combine(&ROUNDS_24, hash, layer, delta)
        } else {
            combine(&ROUNDS_16, hash, layer, delta)
        }
    }

    /// g_T.
    pub fn evaluate(&self, values: &[EF]) -> EF {
        let cubes = self.cubes.iter().zip(values);
        let linear = self.linear.iter().zip(values);
        cubes
            .map(|(weight, value)| *weight * value.cube())
            .sum::<EF>()
            - linear.map(|(weight, value)| *weight * *value).sum::<EF>()
    }
}

fn combine<const W: usize>(
    rounds: &Rounds<W>,
    hash: &HashColumns,
    layer: usize,
    delta: EF,
) -> Combination
where
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let first = HASH_POWERS.saturating_mul(hash.number);
    let mut power = delta.exp_u64(u64::try_from(first).unwrap_or(u64::MAX));
    let mut next = || {
        let value = power;
        power *= delta;
        value
    };
    let mut claims = [EF::ZERO; W];
    for (j, claim) in claims.iter_mut().enumerate() {
        let weight = next();
        if layer.saturating_add(1) < NUM_LAYERS || j < hash.y {
            *claim = weight;
        }
    }
    let mut combination = Combination {
        cubes: Vec::new(),
        linear: Vec::new(),
        claims: claims.to_vec(),
        constant: EF::ZERO,
    };
    // The weights of the state: of e' first, and of e when all partial rounds are undone. The
    // matrix of the internal layer is symmetric.
    let mut state = claims;
    if layer == MIDDLE {
        combination.linear = rounds.partial.iter().map(|_| next()).collect();
        for (weight, constant) in combination.linear.iter().zip(rounds.partial).rev() {
            LinearLayers::internal_linear_layer(&mut state);
            let cube = state
                .first_mut()
                .map(|first| std::mem::replace(first, *weight));
            combination.cubes.extend(cube);
            combination.constant += *weight * *constant;
        }
        combination.cubes.reverse();
    }
    external_transposed(&mut state);
    combination.cubes.extend(state);
    combination
}

/// Multiplies by the transpose of the external layer, which is a circulant on blocks of four and
/// symmetric over the blocks: the same layer with each block reversed before and after.
fn external_transposed<const W: usize>(state: &mut [EF; W])
where
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    state.chunks_mut(4).for_each(<[EF]>::reverse);
    LinearLayers::external_linear_layer(state);
    state.chunks_mut(4).for_each(<[EF]>::reverse);
}
