//! SPEC §17 commitment: the opening, prover's half.

use p3_field::PrimeCharacteristicRing;
use rayon::prelude::*;

use super::commit::Committed;
use super::kernel::{Points, Terms};
use super::oracle::Oracle;
use super::stacking::COLUMN_VARIABLES;
use super::vector::{Vector, domain_points, round, round_entries};
use crate::field::{DIMENSION, EF, F, from_coordinates};
use crate::multilinear::{bind, scaled_eq_table};
use crate::parameters::Round;
use crate::transcript::ProverTranscript;
use crate::tuning::Tuning;

/// The claim of a plain sumcheck and what its rounds need.
struct Rounds<'a> {
    transcript: &'a mut ProverTranscript,
    claim: EF,
}

impl Rounds<'_> {
    /// One round: sends (c_1, c_2), grinds, samples the challenge, moves the claim.
    fn step(&mut self, start: EF, square: EF, pow: usize) -> EF {
        let linear = self.claim - start.double() - square;
        self.transcript
            .send_extension("opening.round", &[linear, square]);
        self.transcript.grind("opening.fold_nonce", pow);
        let r = self.transcript.sample("opening.fold");
        self.claim = start + r * (linear + r * square);
        r
    }
}

/// The rounds over the block variables: plain sumcheck of Σ A·V.
fn block_rounds(
    factors: &mut [(Vec<EF>, Vec<EF>)],
    count: usize,
    pow: usize,
    rounds: &mut Rounds<'_>,
    tuning: &Tuning,
) -> Vec<EF> {
    (0..count)
        .map(|_| {
            let sequential = Tuning {
                parallel: usize::MAX,
                ..*tuning
            };
            let work = |(a, v): &(Vec<EF>, Vec<EF>)| round_entries(a, v, &sequential);
            let zero = || (EF::ZERO, EF::ZERO);
            let add = |a: (EF, EF), b: (EF, EF)| (a.0 + b.0, a.1 + b.1);
            let parallel = tuning.is_parallel(factors.len() << count);
            let (start, square) = if parallel {
                factors.par_iter().map(work).reduce(zero, add)
            } else {
                factors.iter().map(work).fold(zero(), add)
            };
            let r = rounds.step(start, square, pow);
            let bind_both = |(a, v): &mut (Vec<EF>, Vec<EF>)| {
                bind(a, r, &sequential);
                bind(v, r, &sequential);
            };
            if parallel {
                factors.par_iter_mut().for_each(bind_both);
            } else {
                factors.iter_mut().for_each(bind_both);
            }
            r
        })
        .collect()
}

/// The rounds on f and w.
fn vector_rounds(
    f: &mut Vector,
    w: &mut Vector,
    count: usize,
    pow: usize,
    rounds: &mut Rounds<'_>,
    tuning: &Tuning,
) -> Vec<EF> {
    (0..count)
        .map(|_| {
            let (start, square) = round(f, w, tuning);
            let r = rounds.step(start, square, pow);
            f.fold(r, tuning);
            w.fold(r, tuning);
            r
        })
        .collect()
}

/// Queries of an oracle: the indices in the order sampled, with repeats, after their rows, each
/// once, and siblings are given.
fn query(oracle: &Oracle, parameters: &Round, transcript: &mut ProverTranscript) -> Vec<usize> {
    transcript.grind("opening.query_nonce", parameters.query_pow);
    let sampled = transcript.indices("opening.queries", parameters.queries, oracle.log_rows());
    let mut indices = sampled.clone();
    indices.sort_unstable();
    indices.dedup();
    let rows: Vec<F> = indices
        .iter()
        .flat_map(|index| oracle.row(*index))
        .copied()
        .collect();
    transcript.opening("opening.rows", &rows);
    transcript.opening("opening.siblings", &oracle.siblings(&indices));
    sampled
}

/// The out-of-domain samples of an oracle of f, and their answers, which are sent.
fn sample(
    f: &Vector,
    count: usize,
    transcript: &mut ProverTranscript,
    tuning: &Tuning,
) -> Vec<(Vec<EF>, EF)> {
    (0..count)
        .map(|_| {
            let point = transcript.sample_point("opening.ood_point", f.log_length());
            let answer = f.evaluate(&point, tuning);
            transcript.send_extension("opening.ood_answer", &[answer]);
            (point, answer)
        })
        .collect()
}

/// Σ_j eq(r, j)·row_j of a row of base elements (oracle 0) or of coordinates of elements of E.
fn bind_row(row: &[F], weights: &[EF], base: bool) -> EF {
    if base {
        row.iter().zip(weights).map(|(v, w)| *w * *v).sum()
    } else {
        let (elements, _) = row.as_chunks::<DIMENSION>();
        elements
            .iter()
            .zip(weights)
            .map(|(v, w)| *w * from_coordinates(*v))
            .sum()
    }
}

/// Proves the claims: columns at ρ (all H coordinates), the 2^log_public_chunks public chunks, the
/// out-of-domain answers.
///
/// # Panics
/// If ρ has fewer coordinates than the highest table, or MEMORY fewer chunks than the public
/// region.
pub fn open(
    committed: Committed,
    rho: &[EF],
    log_public_chunks: usize,
    transcript: &mut ProverTranscript,
    tuning: &Tuning,
) {
    let Committed {
        parameters,
        stacking,
        stack,
        oracle,
        samples,
    } = committed;
    let public = transcript.sample_point("opening.public_point", log_public_chunks);
    let beta = transcript.sample_point("opening.columns", COLUMN_VARIABLES);
    let zeta = transcript.sample("opening.combine");
    let schedule = parameters.schedule(stacking.log_cells());

    // Round 0: the block variables.
    let points = Points {
        rho,
        beta: &beta,
        public: &public,
    };
    let terms = Terms::new(&stacking, &stack, &points, zeta, tuning);
    let mut factors = terms.factors();
    let num_terms = factors.len();
    let mut scale = zeta;
    for sample in &samples {
        scale *= zeta;
        let high = &sample.point[..stacking.fold()];
        factors.push((
            scaled_eq_table(high, scale, tuning),
            sample.partials.clone(),
        ));
    }
    let claim = factors
        .iter()
        .flat_map(|(a, v)| a.iter().zip(v))
        .map(|(a, v)| *a * *v)
        .sum();
    let mut rounds = Rounds { transcript, claim };
    let first = schedule[0];
    let mut challenges = block_rounds(
        &mut factors,
        first.fold,
        first.fold_pow,
        &mut rounds,
        tuning,
    );
    let scales: Vec<EF> = factors.iter().map(|(a, _)| a[0]).collect();
    let mut w = Vector::zero(stacking.log_block(), tuning);
    terms.add_to(&mut w, &scales, tuning);
    drop(terms);
    for (sample, scale) in samples.iter().zip(&scales[num_terms..]) {
        let kernel = Vector::eq(&sample.point[stacking.fold()..], *scale, tuning);
        w.add_scaled(&kernel, 0, EF::ONE, tuning);
    }
    let mut weights = scaled_eq_table(&challenges, EF::ONE, tuning);
    let mut f = Vector::combine(&stack, stacking.log_block(), &weights, tuning);
    drop(stack);

    let mut oracle = oracle;
    for (t, parameters_of_round) in schedule.iter().enumerate() {
        if t > 0 {
            let Round { fold, fold_pow, .. } = *parameters_of_round;
            challenges = vector_rounds(&mut f, &mut w, fold, fold_pow, &mut rounds, tuning);
            weights = scaled_eq_table(&challenges, EF::ONE, tuning);
        }
        let transcript = &mut *rounds.transcript;
        let mut samples = Vec::new();
        let mut next_oracle = None;
        if let Some(next) = schedule.get(t + 1) {
            let committed = Oracle::of_extension(&f, next.fold, next.log_inv_rate, tuning);
            transcript.send("opening.root", committed.root());
            samples = sample(&f, parameters.out_of_domain_samples(), transcript, tuning);
            next_oracle = Some(committed);
        } else {
            transcript.send_extension("opening.final", &f.to_scalars());
        }
        let indices = query(&oracle, parameters_of_round, transcript);
        let zeta = transcript.sample("opening.combine");
        let mut scale = EF::ONE;
        for (point, answer) in &samples {
            scale *= zeta;
            rounds.claim += scale * *answer;
            w.add_scaled(&Vector::eq(point, scale, tuning), 0, EF::ONE, tuning);
        }
        let scales: Vec<EF> = indices
            .iter()
            .map(|index| {
                scale *= zeta;
                rounds.claim += scale * bind_row(oracle.row(*index), &weights, t == 0);
                scale
            })
            .collect();
        let alphas = domain_points(oracle.log_rows(), &indices);
        w.add_powers(&alphas, &scales, tuning);
        oracle = next_oracle.unwrap_or(oracle);
    }
    let count = f.log_length();
    vector_rounds(&mut f, &mut w, count, 0, &mut rounds, tuning);
}
