//! SPEC §13 lookup, the prover's half: the fractional sum.
//!
//! Layer k is 2^(k−1) quads, the four values that the sumcheck from layer k − 1 reads at one x, in
//! vectors of lanes until only lanes are left. Three identities save products, each the same
//! function:
//! - p_1 is replaced by p_1 + λ·q_1 once, so the summand is p_0·q_1 + q_0·p_1; binding is linear,
//!   so it commutes with the replacement;
//! - s(1) follows from the claim, so a round evaluates s(0) and the leading coefficient only;
//! - binding a variable and summing the next round is one pass, in place.

use p3_field::{Field, PrimeCharacteristicRing};
use rayon::prelude::*;

use super::LeafClaim;
use crate::allocator::collect;
use crate::field::{EF, PackedEF, PackedF};
use crate::sumcheck;
use crate::sumcheck::weights::{Lanes, Weights};
use crate::transcript::ProverTranscript;
use crate::tuning::{LOG_LANES, Tuning};

/// The leaves: 2^`log_leaves` fractions, the last of which, where the lists end, are 0/1.
#[derive(Clone, Debug)]
pub struct Leaves {
    /// κ.
    pub log_leaves: usize,
    /// The numerators.
    pub numerators: Vec<PackedF>,
    /// The denominators, as many.
    pub denominators: Vec<PackedEF>,
}

/// p(0,x), p(1,x), q(0,x), q(1,x) of one layer.
#[derive(Clone, Copy)]
struct Quad<A> {
    p_low: A,
    p_high: A,
    q_low: A,
    q_high: A,
}

// Inlined always: a quad of AVX-512 vectors has 1280 bytes, which a call or a move copies.
impl<A: Lanes> Quad<A> {
    /// The fraction of the layer below.
    #[inline(always)]
    fn reduce(&self) -> (A, A) {
        (self.term(), self.q_low * self.q_high)
    }

    /// The quad of two fractions.
    #[inline(always)]
    fn of(low: (A, A), high: (A, A)) -> Self {
        Self {
            p_low: low.0,
            p_high: high.0,
            q_low: low.1,
            q_high: high.1,
        }
    }

    /// The summand of a merged quad.
    #[inline(always)]
    fn term(&self) -> A {
        self.p_low * self.q_high + self.q_low * self.p_high
    }

    /// Binds the variable of the line to `upper`.
    #[inline(always)]
    fn bind(&mut self, upper: &Self, challenge: EF) {
        self.p_low += (upper.p_low - self.p_low) * challenge;
        self.p_high += (upper.p_high - self.p_high) * challenge;
        self.q_low += (upper.q_low - self.q_low) * challenge;
        self.q_high += (upper.q_high - self.q_high) * challenge;
    }

    /// The summand at 0 and the leading coefficient of the summand on the line from `self` to
    /// `upper`.
    #[inline(always)]
    fn line(&self, upper: &Self) -> [A; 2] {
        let leading = (upper.p_low - self.p_low) * (upper.q_high - self.q_high)
            + (upper.q_low - self.q_low) * (upper.p_high - self.p_high);
        [self.term(), leading]
    }

    #[inline(always)]
    fn lane(&self, i: usize) -> Quad<EF> {
        Quad {
            p_low: self.p_low.lane(i),
            p_high: self.p_high.lane(i),
            q_low: self.q_low.lane(i),
            q_high: self.q_high.lane(i),
        }
    }
}

/// The root and the layers from it up, of scalar quads and then of packed ones. The layer below the
/// leaves is not there: it is as large as all others, and made again when its turn comes.
struct Layers {
    root: Quad<EF>,
    scalar: Vec<Vec<Quad<EF>>>,
    packed: Vec<Vec<Quad<PackedEF>>>,
}

/// Proves the fractional sum.
///
/// # Panics
/// If there are not 2^κ/2 < leaves ≤ 2^κ, with 2^κ at least four vectors of lanes.
pub fn prove(leaves: &Leaves, tuning: &Tuning, transcript: &mut ProverTranscript) -> LeafClaim {
    let half = 1usize << leaves.log_leaves.saturating_sub(LOG_LANES + 1);
    assert!(leaves.log_leaves >= LOG_LANES + 2);
    assert!((half..=2 * half).contains(&leaves.denominators.len()));
    assert_eq!(leaves.numerators.len(), leaves.denominators.len());
    let Layers {
        root,
        scalar,
        packed,
    } = build(leaves, half);
    transcript.send_extension(
        "lookup.root",
        &[root.p_low, root.p_high, root.q_low, root.q_high],
    );
    let tau = transcript.sample("lookup.point");
    let mut claim = LeafClaim {
        point: vec![tau],
        numerator: root.p_low + tau * (root.p_high - root.p_low),
        denominator: root.q_low + tau * (root.q_high - root.q_low),
    };
    // The first layer is the root.
    let mut is_root = true;
    for mut quads in scalar {
        if !std::mem::take(&mut is_root) {
            let mut rounds = Rounds::new(&claim, tuning, transcript);
            let last = rounds.run_layer(&mut quads);
            claim = rounds.finish(last);
        }
    }
    let mut run_packed = |quads: &mut [Quad<PackedEF>]| {
        if !std::mem::take(&mut is_root) {
            let mut rounds = Rounds::new(&claim, tuning, transcript);
            let last = rounds.run_layer(quads);
            let last = rounds.run_lanes(last);
            claim = rounds.finish(last);
        }
    };
    for mut quads in packed {
        run_packed(&mut quads);
    }
    let below = (0..half / 2).into_par_iter();
    let mut quads = collect(below.map(|i| below_leaves(leaves, half, i)));
    run_packed(&mut quads);
    // After one round as many quads are left of the leaves.
    let mut rounds = Rounds::new(&claim, tuning, transcript);
    let last = rounds.run_leaves(leaves, half, &mut quads);
    let last = rounds.run_lanes(last);
    rounds.finish(last)
}

/// The leaf fractions `i` and `i + half` added.
fn add_leaves(leaves: &Leaves, half: usize, i: usize) -> (PackedEF, PackedEF) {
    let (p_low, q_low) = (leaves.numerators[i], leaves.denominators[i]);
    match (
        leaves.numerators.get(i + half),
        leaves.denominators.get(i + half),
    ) {
        (Some(p_high), Some(q_high)) => (*q_high * p_low + q_low * *p_high, q_low * *q_high),
        _ => (PackedEF::from(p_low), q_low),
    }
}

/// Quad i of the layer below the leaves.
fn below_leaves(leaves: &Leaves, half: usize, i: usize) -> Quad<PackedEF> {
    Quad::of(
        add_leaves(leaves, half, i),
        add_leaves(leaves, half, i + half / 2),
    )
}

/// The layers below the leaves.
fn build(leaves: &Leaves, half: usize) -> Layers {
    let quad = |i: usize| below_leaves(leaves, half, i);
    let quarter = half / 2;
    let mut packed = Vec::new();
    let single = if quarter == 1 {
        quad(0)
    } else {
        let below = |i: usize| Quad::of(quad(i).reduce(), quad(i + quarter / 2).reduce());
        let mut top = collect((0..quarter / 2).into_par_iter().map(below));
        while top.len() > 1 {
            let next = halve(&top);
            packed.push(std::mem::replace(&mut top, next));
        }
        let single = top[0];
        packed.push(top);
        packed.reverse();
        single
    };
    let mut lanes: Vec<Quad<EF>> = (0..1 << LOG_LANES).map(|i| single.lane(i)).collect();
    let mut scalar = Vec::new();
    while lanes.len() > 1 {
        lanes = halve(&lanes);
        scalar.push(lanes.clone());
    }
    scalar.reverse();
    Layers {
        root: lanes[0],
        scalar,
        packed,
    }
}

/// The quads of the layer below.
fn halve<A: Lanes>(quads: &[Quad<A>]) -> Vec<Quad<A>> {
    let (low, high) = quads.split_at(quads.len() / 2);
    collect(
        low.par_iter()
            .zip(high)
            .with_min_len(64)
            .map(|(low, high)| Quad::of(low.reduce(), high.reduce())),
    )
}

fn add<const N: usize>(left: [EF; N], right: [EF; N]) -> [EF; N] {
    std::array::from_fn(|i| left[i] + right[i])
}

/// The sum over a block of weights times lines, times the block's weight.
fn block_sum<A: Lanes>(inner: &[A], outer: EF, mut line: impl FnMut(usize) -> [A; 2]) -> [EF; 2] {
    let mut sums = [A::ZERO; 2];
    for (i, weight) in inner.iter().enumerate() {
        let [constant, leading] = line(i);
        sums[0] += *weight * constant;
        sums[1] += *weight * leading;
    }
    sums.map(|sum| sum.sum_lanes() * outer)
}

/// s(0) and the leading coefficient of the round that binds the first variable of `quads`.
fn evaluate<A: Lanes>(quads: &[Quad<A>], weights: &Weights<A>) -> [EF; 2] {
    let (low, high) = quads.split_at(quads.len() / 2);
    let block = weights.inner.len();
    (
        low.par_chunks(block),
        high.par_chunks(block),
        &weights.outer,
    )
        .into_par_iter()
        .map(|(low, high, outer)| block_sum(&weights.inner, *outer, |i| low[i].line(&high[i])))
        .reduce(|| [EF::ZERO; 2], add)
}

/// Binds the first variable in place, then as [`evaluate`] on the lower half, which is the bound
/// list.
fn bind_and_evaluate<A: Lanes>(
    quads: &mut [Quad<A>],
    challenge: EF,
    weights: &Weights<A>,
) -> [EF; 2] {
    let quarter = quads.len() / 4;
    let (low, high) = quads.split_at_mut(2 * quarter);
    let (low_low, low_high) = low.split_at_mut(quarter);
    let (high_low, high_high) = high.split_at(quarter);
    let block = weights.inner.len();
    (
        low_low.par_chunks_mut(block),
        low_high.par_chunks_mut(block),
        high_low.par_chunks(block),
        high_high.par_chunks(block),
        &weights.outer,
    )
        .into_par_iter()
        .map(|(low_low, low_high, high_low, high_high, outer)| {
            block_sum(&weights.inner, *outer, |i| {
                low_low[i].bind(&high_low[i], challenge);
                low_high[i].bind(&high_high[i], challenge);
                low_low[i].line(&low_high[i])
            })
        })
        .reduce(|| [EF::ZERO; 2], add)
}

/// s(1), for the point with a zero coordinate, where the claim does not give it.
fn evaluate_at_one<A: Lanes>(quads: &[Quad<A>], weights: &Weights<A>) -> EF {
    let upper = &quads[quads.len() / 2..];
    let block = weights.inner.len();
    let mut sum = EF::ZERO;
    for (quads, outer) in upper.chunks(block).zip(&weights.outer) {
        let inner: A = weights
            .inner
            .iter()
            .zip(quads)
            .map(|(weight, quad)| *weight * quad.term())
            .sum();
        sum += inner.sum_lanes() * *outer;
    }
    sum
}

/// The sumcheck from one layer to the next.
struct Rounds<'a> {
    transcript: &'a mut ProverTranscript,
    tuning: Tuning,
    point: Vec<EF>,
    lambda: EF,
    claim: EF,
    challenges: Vec<EF>,
}

impl<'a> Rounds<'a> {
    fn new(claim: &LeafClaim, tuning: &Tuning, transcript: &'a mut ProverTranscript) -> Self {
        let lambda = transcript.sample("lookup.lambda");
        Self {
            transcript,
            tuning: *tuning,
            point: claim.point.clone(),
            lambda,
            claim: claim.numerator + lambda * claim.denominator,
            challenges: Vec::with_capacity(claim.point.len() + 1),
        }
    }

    /// The weights of the variables behind that of the current round.
    fn weights<A: Lanes>(&self) -> Weights<A> {
        Weights::new(&self.point[self.challenges.len() + 1..], &self.tuning)
    }

    /// Sends the round polynomial of s(0) and the leading coefficient.
    fn send(&mut self, [constant, leading]: [EF; 2], at_one: impl FnOnce() -> EF) -> EF {
        let weight = self.point[self.challenges.len()];
        let one = weight.try_inverse().map_or_else(at_one, |inverse| {
            (self.claim - (EF::ONE - weight) * constant) * inverse
        });
        let coefficients = [one - constant - leading, leading];
        self.transcript
            .send_extension("lookup.round", &coefficients);
        let challenge = self.transcript.sample("lookup.challenge");
        self.claim = sumcheck::weighted_next(self.claim, weight, &coefficients, challenge);
        self.challenges.push(challenge);
        challenge
    }

    /// Binds all variables of `quads`, which are not merged; the result is.
    fn run_layer<A: Lanes>(&mut self, quads: &mut [Quad<A>]) -> Quad<A> {
        let lambda = self.lambda;
        let merge = |quad: &mut Quad<A>| quad.p_high += quad.q_high * lambda;
        quads.par_iter_mut().with_min_len(64).for_each(merge);
        if quads.len() == 1 {
            return quads[0];
        }
        let weights = self.weights();
        let sums = evaluate(quads, &weights);
        self.run(quads, weights, sums)
    }

    /// Binds all variables of merged quads, of whose first round the sums are known.
    fn run<A: Lanes>(
        &mut self,
        quads: &mut [Quad<A>],
        mut weights: Weights<A>,
        mut sums: [EF; 2],
    ) -> Quad<A> {
        let mut length = quads.len();
        loop {
            let challenge = self.send(sums, || evaluate_at_one(&quads[..length], &weights));
            if length == 2 {
                let mut last = quads[0];
                last.bind(&quads[1], challenge);
                return last;
            }
            weights = self.weights();
            sums = bind_and_evaluate(&mut quads[..length], challenge, &weights);
            length /= 2;
        }
    }

    /// Binds the variables within the lanes of a merged quad.
    fn run_lanes(&mut self, last: Quad<PackedEF>) -> Quad<EF> {
        let mut lanes: Vec<_> = (0..1 << LOG_LANES).map(|i| last.lane(i)).collect();
        if lanes.len() == 1 {
            return lanes[0];
        }
        let weights = self.weights();
        let sums = evaluate(&lanes, &weights);
        self.run(&mut lanes, weights, sums)
    }

    /// Binds all variables of the leaves, whose numerators are in F. What is left after the first
    /// round takes the place of the quads of `bound`, which are as many.
    fn run_leaves(
        &mut self,
        leaves: &Leaves,
        half: usize,
        bound: &mut [Quad<PackedEF>],
    ) -> Quad<PackedEF> {
        let quarter = half / 2;
        let lambda = PackedEF::from(self.lambda);
        let quad = |i: usize| LeafQuad {
            p_low: leaves.numerators[i],
            q_low: leaves.denominators[i],
            high: leaves
                .numerators
                .get(i + half)
                .copied()
                .zip(leaves.denominators.get(i + half).copied()),
        };
        let weights = self.weights();
        let block = weights.inner.len();
        let sums = weights
            .outer
            .par_iter()
            .enumerate()
            .map(|(index, outer)| {
                block_sum(&weights.inner, *outer, |i| {
                    let i = index * block + i;
                    LeafQuad::line(&quad(i), &quad(i + quarter), lambda)
                })
            })
            .reduce(|| [EF::ZERO; 2], add);
        let challenge = self.send(sums, || {
            let all: Vec<_> = (0..half).map(|i| quad(i).merged(lambda)).collect();
            evaluate_at_one(&all, &weights)
        });
        let challenge = PackedEF::from(challenge);
        let bind = |i: usize| quad(i).bind(&quad(i + quarter), lambda, challenge);
        if quarter == 1 {
            return bind(0);
        }
        let weights = self.weights();
        let block = weights.inner.len();
        let (low, high) = bound.split_at_mut(quarter / 2);
        let sums = (
            low.par_chunks_mut(block),
            high.par_chunks_mut(block),
            &weights.outer,
        )
            .into_par_iter()
            .enumerate()
            .map(|(index, (low, high, outer))| {
                block_sum(&weights.inner, *outer, |i| {
                    let x = index * block + i;
                    low[i] = bind(x);
                    high[i] = bind(x + quarter / 2);
                    low[i].line(&high[i])
                })
            })
            .reduce(|| [EF::ZERO; 2], add);
        self.run(bound, weights, sums)
    }

    /// Sends the values at the last point.
    fn finish(self, last: Quad<EF>) -> LeafClaim {
        let Quad {
            p_low,
            q_low,
            q_high,
            ..
        } = last;
        let p_high = last.p_high - self.lambda * q_high;
        self.transcript
            .send_extension("lookup.layer", &[p_low, p_high, q_low, q_high]);
        let tau = self.transcript.sample("lookup.point");
        let mut point = self.challenges;
        point.insert(0, tau);
        LeafClaim {
            point,
            numerator: p_low + tau * (p_high - p_low),
            denominator: q_low + tau * (q_high - q_low),
        }
    }
}

/// A quad of leaves: the numerators are in F, the upper fraction may be 0/1.
struct LeafQuad {
    p_low: PackedF,
    q_low: PackedEF,
    high: Option<(PackedF, PackedEF)>,
}

impl LeafQuad {
    fn upper(&self) -> (PackedF, PackedEF) {
        self.high.unwrap_or((PackedF::ZERO, PackedEF::ONE))
    }

    /// In E, with p_high + λ·q_high.
    fn merged(&self, lambda: PackedEF) -> Quad<PackedEF> {
        let (p_high, q_high) = self.upper();
        Quad {
            p_low: self.p_low.into(),
            p_high: lambda * q_high + p_high,
            q_low: self.q_low,
            q_high,
        }
    }

    /// The summand at 0 and its leading coefficient on the line to `upper`.
    fn line(&self, upper: &Self, lambda: PackedEF) -> [PackedEF; 2] {
        let Some((p_high, q_high)) = self.high else {
            // 0/1 on the whole line, as the leaves end below it: p_0 + λ·q_0, of degree 1
            return [self.q_low * lambda + self.p_low, PackedEF::ZERO];
        };
        let (p_upper, q_upper) = upper.upper();
        let q_step = q_upper - q_high;
        let constant = q_high * self.p_low + self.q_low * (lambda * q_high + p_high);
        let leading = q_step * (upper.p_low - self.p_low)
            + (upper.q_low - self.q_low) * (lambda * q_step + (p_upper - p_high));
        [constant, leading]
    }

    fn bind(&self, upper: &Self, lambda: PackedEF, challenge: PackedEF) -> Quad<PackedEF> {
        let (p_high, q_high) = self.upper();
        let (p_upper, q_upper) = upper.upper();
        let base = |low: PackedF, high: PackedF| challenge * (high - low) + low;
        let q_bound = match self.high {
            None => q_high,
            Some(_) => q_high + (q_upper - q_high) * challenge,
        };
        Quad {
            p_low: base(self.p_low, upper.p_low),
            p_high: base(p_high, p_upper) + lambda * q_bound,
            q_low: self.q_low + (upper.q_low - self.q_low) * challenge,
            q_high: q_bound,
        }
    }
}
