//! SPEC §17 commitment: the verifier's half.
//!
//! Scalar. Sizes come from the stacking and the parameters, which have passed their caps; all else
//! that a proof holds is untrusted.

use p3_field::PrimeCharacteristicRing;

use super::stacking::{COLUMN_VARIABLES, LOG_COLUMNS, Rectangle, Stacking};
use crate::field::{DIMENSION, EF, F, from_coordinates, root_of_unity};
use crate::memory::{CHUNK_CELLS, LOG_CHUNK};
use crate::merkle;
use crate::multilinear::{eq, eq_index, eq_table, evaluate_vector, powers};
use crate::parameters::{Parameters, Round};
use crate::permutation::{DIGEST, Digest};
use crate::rejection::{Error, Rejection};
use crate::tables::TableId;
use crate::transcript::VerifierTranscript;

/// What the verifier keeps of a commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    root: Digest,
    samples: Vec<(Vec<EF>, EF)>,
}

/// The claims on the columns and the public cells.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// ρ, of H coordinates.
    pub point: &'a [EF],
    /// For each present table in order, the values at ρ_T of its columns in order.
    pub column_values: &'a [Vec<EF>],
    /// The 8K public cells.
    pub public_cells: &'a [F],
}

fn receive_root(
    transcript: &mut VerifierTranscript<'_>,
    label: &'static str,
) -> Result<Digest, Error> {
    let root = transcript.receive(label, DIGEST)?;
    Digest::try_from(root)
        .map_err(|_| Rejection::ProofTruncated.at(format!("{label}: a root has {DIGEST} elements")))
}

fn receive_samples(
    transcript: &mut VerifierTranscript<'_>,
    labels: (&'static str, &'static str),
    count: usize,
    variables: usize,
) -> Result<Vec<(Vec<EF>, EF)>, Error> {
    (0..count)
        .map(|_| {
            let point = transcript.sample_point(labels.0, variables);
            let answer = transcript.receive_extension(labels.1, 1)?;
            Ok((point, answer.into_iter().sum()))
        })
        .collect()
}

/// §17.1 to §17.3: receives the root of oracle 0 and its out-of-domain answers.
///
/// # Errors
/// Those of the transcript.
pub fn receive_commitment(
    parameters: &Parameters,
    stacking: &Stacking,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<Commitment, Error> {
    Ok(Commitment {
        root: receive_root(transcript, "commitment.root")?,
        samples: receive_samples(
            transcript,
            ("commitment.ood_point", "commitment.ood_answer"),
            parameters.out_of_domain_samples(),
            stacking.log_cells(),
        )?,
    })
}

/// Claims on f_t after round 0: at the round with `variables` left, eq weights and power weights
/// with their scales.
struct Weights {
    variables: usize,
    points: Vec<(EF, Vec<EF>)>,
    powers: Vec<(EF, F)>,
}

impl Weights {
    /// Their sum at the challenges of the variables left.
    fn evaluate(&self, challenges: &[EF]) -> EF {
        let x = suffix(challenges, self.variables);
        let points: EF = self.points.iter().map(|(s, z)| *s * eq(z, x)).sum();
        let powers: EF = self.powers.iter().map(|(s, a)| *s * powers(*a, x)).sum();
        points + powers
    }
}

/// The last `count` coordinates of a point; all if it has fewer.
fn suffix(point: &[EF], count: usize) -> &[EF] {
    point
        .get(point.len().saturating_sub(count)..)
        .unwrap_or(point)
}

/// The first coordinates of a point, all but the last `count`.
fn prefix(point: &[EF], count: usize) -> &[EF] {
    point
        .get(..point.len().saturating_sub(count))
        .unwrap_or(&[])
}

/// The extension of eq(address of the rectangle) on the variables before its own, and the point on
/// its columns and on its rows.
fn split_point<'a>(rectangle: &Rectangle, x: &'a [EF]) -> (EF, &'a [EF], &'a [EF]) {
    let address = eq_index(
        prefix(x, rectangle.log_size()),
        rectangle.offset >> rectangle.log_size(),
    );
    let inside = suffix(x, rectangle.log_size());
    let columns = prefix(inside, rectangle.log_rows);
    (address, columns, suffix(inside, rectangle.log_rows))
}

/// W̃_0(x): one product a rectangle.
fn column_weight(stacking: &Stacking, rho: &[EF], beta: &[EF], x: &[EF]) -> EF {
    stacking
        .rectangles()
        .iter()
        .map(|rectangle| {
            let (address, columns, rows) = split_point(rectangle, x);
            let point = suffix(rho, rectangle.log_height);
            let (a, c) = (rectangle.log_rows, rectangle.log_columns);
            address
                * eq_index(prefix(beta, c), rectangle.column_prefix())
                * eq(suffix(beta, c), columns)
                * eq_index(prefix(point, a), rectangle.first_row >> a)
                * eq(suffix(point, a), rows)
        })
        .sum()
}

/// W̃_1(x): the first eight columns of a rectangle of MEMORY, the first rows.
fn public_weight(rectangle: &Rectangle, public: &[EF], beta: &[EF], x: &[EF]) -> EF {
    let (address, columns, rows) = split_point(rectangle, x);
    address
        * eq_index(
            prefix(beta, LOG_CHUNK),
            (TableId::Memory.index() << LOG_COLUMNS) >> LOG_CHUNK,
        )
        * eq_index(prefix(columns, LOG_CHUNK), 0)
        * eq(suffix(beta, LOG_CHUNK), suffix(columns, LOG_CHUNK))
        * eq_index(prefix(rows, public.len()), 0)
        * eq(public, suffix(rows, public.len()))
}

/// §17.7 to §17.9: one or more rounds of the plain sumcheck.
fn sumcheck(
    transcript: &mut VerifierTranscript<'_>,
    claim: &mut EF,
    challenges: &mut Vec<EF>,
    count: usize,
    pow: usize,
) -> Result<(), Error> {
    for _ in 0..count {
        let polynomial = transcript.receive_extension("opening.round", 2)?;
        let &[linear, square] = polynomial.as_slice() else {
            return Err(Rejection::ProofTruncated.at("opening.round: a round has 2 coefficients"));
        };
        transcript.grind("opening.fold_nonce", pow)?;
        let r = transcript.sample("opening.fold");
        let start = (*claim - linear - square).halve();
        *claim = start + r * (linear + r * square);
        challenges.push(r);
    }
    Ok(())
}

/// An oracle of which the verifier has the root.
struct Oracle {
    root: Digest,
    /// Elements of F of a row.
    width: usize,
    /// Whether a row is of elements of F, not of coordinates of elements of E.
    base: bool,
}

impl Oracle {
    /// Σ_j weights_j·row_j.
    fn combine(&self, row: &[F], weights: &[EF]) -> EF {
        if self.base {
            return row.iter().zip(weights).map(|(v, w)| *w * *v).sum();
        }
        let (elements, _) = row.as_chunks::<DIMENSION>();
        let terms = elements.iter().zip(weights);
        terms.map(|(v, w)| *w * from_coordinates(*v)).sum()
    }
}

/// Queries an oracle: the node ν and the answer Σ_j eq(ρ, j)·row_j of each query in the order
/// sampled, with repeats.
fn query(
    oracle: &Oracle,
    round: &Round,
    challenges: &[EF],
    transcript: &mut VerifierTranscript<'_>,
) -> Result<Vec<(F, EF)>, Error> {
    // §17.14.
    transcript.grind("opening.query_nonce", round.query_pow)?;
    // §17.15.
    let sampled = transcript.indices("opening.queries", round.queries, round.log_rows);
    let mut indices = sampled.clone();
    indices.sort_unstable();
    indices.dedup();
    // §17.16.
    let flat = transcript.opening("opening.rows", indices.len().saturating_mul(oracle.width))?;
    let rows: Vec<&[F]> = flat.chunks(oracle.width.max(1)).collect();
    let siblings = merkle::num_siblings(round.log_rows, &indices).saturating_mul(DIGEST);
    let siblings = transcript.opening("opening.siblings", siblings)?;
    let hashed = merkle::verify(&oracle.root, round.log_rows, &indices, &rows, &siblings)?;
    transcript.count_trees(hashed);
    // §17.17.
    let weights = eq_table(challenges);
    let root = root_of_unity(round.log_rows);
    sampled
        .iter()
        .map(|index| {
            let row = indices
                .binary_search(index)
                .ok()
                .and_then(|position| rows.get(position))
                .ok_or_else(|| Rejection::MerklePath.at(format!("row {index} is not opened")))?;
            let node = root.exp_u64(u64::try_from(*index).unwrap_or(0));
            Ok((node, oracle.combine(row, &weights)))
        })
        .collect()
}

/// The new claims of a round, at the powers of ζ_t from the first on, and the sum of their values.
fn new_claims(
    variables: usize,
    zeta: EF,
    samples: Vec<(Vec<EF>, EF)>,
    answers: Vec<(F, EF)>,
) -> (Weights, EF) {
    let mut weights = Weights {
        variables,
        points: Vec::new(),
        powers: Vec::new(),
    };
    let mut scale = EF::ONE;
    let mut sum = EF::ZERO;
    for (point, answer) in samples {
        scale *= zeta;
        sum += scale * answer;
        weights.points.push((scale, point));
    }
    for (node, answer) in answers {
        scale *= zeta;
        sum += scale * answer;
        weights.powers.push((scale, node));
    }
    (weights, sum)
}

/// Claims 0 and 1.
fn first_claims(stacking: &Stacking, claims: &Claims<'_>, public: &[EF], beta: &[EF]) -> (EF, EF) {
    let columns = stacking.tables().iter().flat_map(|shape| {
        let first = shape.table.index() << LOG_COLUMNS;
        (0..shape.columns).map(move |k| first.saturating_add(k))
    });
    let column_claim = columns
        .zip(claims.column_values.iter().flatten())
        .map(|(index, value)| eq_index(beta, index) * *value)
        .sum();
    let (chunks, _) = claims.public_cells.as_chunks::<CHUNK_CELLS>();
    let cell_weights: Vec<EF> = (0..CHUNK_CELLS)
        .map(|j| {
            eq_index(
                beta,
                (TableId::Memory.index() << LOG_COLUMNS).saturating_add(j),
            )
        })
        .collect();
    let public_claim = eq_table(public)
        .iter()
        .zip(chunks)
        .map(|(weight, chunk)| {
            let cells = chunk.iter().zip(&cell_weights);
            *weight * cells.map(|(cell, w)| *w * *cell).sum::<EF>()
        })
        .sum();
    (column_claim, public_claim)
}

/// Verifies the opening of a commitment.
///
/// # Errors
/// `size-cap` if the sizes do not fit each other; `grinding`, `merkle-path`, `commitment-claim`;
/// those of the transcript.
///
/// # Soundness
/// The caller has absorbed the statement and derived ρ after the commitment.
pub fn verify_opening(
    parameters: &Parameters,
    stacking: &Stacking,
    commitment: &Commitment,
    claims: &Claims<'_>,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<(), Error> {
    let chunks = claims.public_cells.len() / CHUNK_CELLS;
    let log_chunks = usize::try_from(chunks.max(1).ilog2()).unwrap_or(usize::MAX);
    let public_rectangle = stacking
        .public_rectangle()
        .filter(|rectangle| log_chunks <= rectangle.log_rows && rectangle.log_columns >= LOG_CHUNK)
        .ok_or_else(|| {
            Rejection::SizeCap.at(format!("2^{log_chunks} public chunks are not in the stack"))
        })?;
    // §17.4, §17.5.
    let public = transcript.sample_point("opening.public_point", log_chunks);
    let beta = transcript.sample_point("opening.columns", COLUMN_VARIABLES);
    let zeta = transcript.sample("opening.combine");

    // §17.6.
    let (column_claim, public_claim) = first_claims(stacking, claims, &public, &beta);
    let mut claim = column_claim + zeta * public_claim;
    let mut scale = zeta;
    let mut initial = Weights {
        variables: stacking.log_cells(),
        points: Vec::new(),
        powers: Vec::new(),
    };
    for (point, answer) in &commitment.samples {
        scale *= zeta;
        claim += scale * *answer;
        initial.points.push((scale, point.clone()));
    }
    let mut weights = vec![initial];
    let mut challenges = Vec::new();
    let mut oracle = Oracle {
        root: commitment.root,
        width: stacking.width(),
        base: true,
    };
    let mut last = Vec::new();
    let schedule = parameters.schedule(stacking.log_cells());
    let next_rounds = schedule.iter().skip(1).map(Some).chain([None]);
    for (round, next) in schedule.iter().zip(next_rounds) {
        let (fold, pow) = (round.fold, round.fold_pow);
        sumcheck(transcript, &mut claim, &mut challenges, fold, pow)?;
        let variables = round.variables.saturating_sub(fold);
        let mut samples = Vec::new();
        let mut next_oracle = None;
        if let Some(next) = next {
            // §17.11.
            next_oracle = Some(Oracle {
                root: receive_root(transcript, "opening.root")?,
                width: DIMENSION << next.fold,
                base: false,
            });
            // §17.12, §17.13.
            samples = receive_samples(
                transcript,
                ("opening.ood_point", "opening.ood_answer"),
                parameters.out_of_domain_samples(),
                variables,
            )?;
        } else {
            // §17.10.
            last = transcript.receive_extension("opening.final", 1 << variables)?;
        }
        let answers = query(&oracle, round, suffix(&challenges, fold), transcript)?;
        // §17.18.
        let zeta = transcript.sample("opening.combine");
        let (new, sum) = new_claims(variables, zeta, samples, answers);
        claim += sum;
        weights.push(new);
        oracle = next_oracle.unwrap_or(oracle);
    }
    // §17.19.
    let log_last = usize::try_from(last.len().max(1).ilog2()).unwrap_or(usize::MAX);
    sumcheck(transcript, &mut claim, &mut challenges, log_last, 0)?;
    // §17.20.
    let value = evaluate_vector(&last, suffix(&challenges, log_last));
    let weight = column_weight(stacking, claims.point, &beta, &challenges)
        + zeta * public_weight(public_rectangle, &public, &beta, &challenges)
        + weights
            .iter()
            .map(|weights| weights.evaluate(&challenges))
            .sum::<EF>();
    if claim == value * weight {
        Ok(())
    } else {
        Err(Rejection::CommitmentClaim.at(format!(
            "opening.final: the opening is {} at the last point, the claim is {claim}",
            value * weight
        )))
    }
}
