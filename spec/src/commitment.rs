//! SPEC §17 commitment.
//!
//! All columns of all tables are stacked into one vector S of 2^μ entries ([`stacking`]), which is
//! committed by one Reed-Solomon code and one Merkle tree ([`code`]). The claims on the columns,
//! the public cells and the out-of-domain samples are linear functionals of S ([`functional`]),
//! opened together by WHIR (`opening`; Arnon, Chiesa, Fenzi, Yogev, "WHIR: Reed–Solomon Proximity
//! Testing with Super-Fast Verification").

pub mod code;
pub mod functional;
mod opening;
pub mod stacking;

use crate::field::{Ext, Felt};
use crate::merkle::Tree;
use crate::multilinear::{eq_index, evaluate, lift, log2_ceil};
use crate::parameters::Parameters;
use crate::permutation::Digest;
use crate::rejection::Error;
use crate::tables::TableId;
use crate::transcript::{ProverTranscript, VerifierTranscript};
use functional::{Functional, RectangleWeight};
use stacking::Stacking;

/// The number of coordinates of β.
const COLUMN_VARIABLES: usize = 13;

/// The number of column indices that SPEC reserves for each table.
const COLUMNS_PER_TABLE: usize = 256;

/// What the prover keeps of the commitment.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The layout of the stack.
    pub stacking: Stacking,
    /// The stack S.
    pub stack: Vec<Felt>,
    /// Oracle 0.
    pub tree: Tree,
    /// The out-of-domain points and answers.
    pub ood: Vec<(Vec<Ext>, Ext)>,
}

/// What the verifier knows of the commitment.
#[derive(Clone, Debug)]
pub struct Commitment {
    /// The layout of the stack.
    pub stacking: Stacking,
    /// The root of oracle 0.
    pub root: Digest,
    /// The out-of-domain points and answers.
    pub ood: Vec<(Vec<Ext>, Ext)>,
}

/// The claims on the columns and the public cells.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// ρ, of H coordinates.
    pub point: &'a [Ext],
    /// For each present table in order, the values at ρ_T of its columns in order.
    pub column_values: &'a [Vec<Ext>],
    /// The 8K public cells.
    pub public_cells: &'a [Felt],
}

/// The challenges of the claims.
struct Challenges {
    public_point: Vec<Ext>,
    columns: Vec<Ext>,
    combine: Ext,
}

/// Commits the columns of the present tables, `columns[i]` being those of the table
/// `stacking.tables[i]`.
pub fn commit(
    parameters: &Parameters,
    stacking: Stacking,
    columns: &[Vec<Vec<Felt>>],
    transcript: &mut ProverTranscript,
) -> Committed {
    let stack = stacking.stack(columns);
    let round = parameters.schedule(stacking.log_cells)[0];
    let width = stacking.width(round.fold);
    let polynomials: Vec<Vec<Felt>> = stack
        .chunks(1 << (stacking.log_cells - round.fold))
        .take(width)
        .map(<[Felt]>::to_vec)
        .collect();
    let tree = Tree::new(code::encode(&polynomials, round.log_rows));
    transcript.send("commitment.root", &tree.root());
    let mut ood = Vec::new();
    for _ in 0..parameters.set.out_of_domain_samples() {
        let point = transcript.sample_point("commitment.ood_point", stacking.log_cells as usize);
        let answer = evaluate(&lift(&stack), &point);
        transcript.send_extension("commitment.ood_answer", &[answer]);
        ood.push((point, answer));
    }
    Committed {
        stacking,
        stack,
        tree,
        ood,
    }
}

/// Receives the commitment of columns that are stacked in this way.
///
/// # Errors
/// Those of the transcript.
pub fn receive_commitment(
    parameters: &Parameters,
    stacking: Stacking,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<Commitment, Error> {
    // §17.1.
    let root = opening::receive_digests(transcript.receive("commitment.root", 8)?);
    let mut ood = Vec::new();
    for _ in 0..parameters.set.out_of_domain_samples() {
        // §17.2, §17.3.
        let point = transcript.sample_point("commitment.ood_point", stacking.log_cells as usize);
        let answer = transcript.receive_extension("commitment.ood_answer", 1)?;
        ood.push((point, answer[0]));
    }
    Ok(Commitment {
        stacking,
        root: root[0],
        ood,
    })
}

/// The number of coordinates of u, log2 K.
fn public_variables(claims: &Claims<'_>) -> usize {
    log2_ceil(claims.public_cells.len() / 8) as usize
}

/// β_{T,k}, the weight of column k of table T.
fn column_weight(beta: &[Ext], table: TableId, column: usize) -> Ext {
    eq_index(beta, table.index() * COLUMNS_PER_TABLE + column)
}

/// The claims in order, each a functional of S and its value.
fn functionals(
    stacking: &Stacking,
    challenges: &Challenges,
    claims: &Claims<'_>,
    ood: &[(Vec<Ext>, Ext)],
) -> Vec<(Functional, Ext)> {
    let beta = &challenges.columns;
    // Claim 0: all columns at ρ.
    let mut value = Ext::ZERO;
    for (shape, columns) in stacking.tables.iter().zip(claims.column_values) {
        for (k, &column) in columns.iter().enumerate() {
            value += column_weight(beta, shape.table, k) * column;
        }
    }
    let mut weights = Vec::new();
    for rectangle in &stacking.rectangles {
        let log_height = stacking::log_height(stacking.rows_of(rectangle.table));
        let point = &claims.point[claims.point.len() - log_height as usize..];
        let weight = |column| column_weight(beta, rectangle.table, column);
        weights.push(RectangleWeight::new(rectangle, point, &weight));
    }
    let mut list = vec![(Functional::Rectangles(weights), value)];
    // Claim 1: the public chunks at (0, …, 0, u).
    let mut value = Ext::ZERO;
    for j in 0..8 {
        let cells: Vec<Felt> = claims
            .public_cells
            .iter()
            .copied()
            .skip(j)
            .step_by(8)
            .collect();
        let at_u = evaluate(&lift(&cells), &challenges.public_point);
        value += column_weight(beta, TableId::Memory, j) * at_u;
    }
    let log_height = stacking::log_height(stacking.rows_of(TableId::Memory)) as usize;
    let mut point = vec![Ext::ZERO; log_height - challenges.public_point.len()];
    point.extend_from_slice(&challenges.public_point);
    let mut weights = Vec::new();
    for rectangle in &stacking.rectangles {
        if rectangle.table == TableId::Memory && rectangle.first_column < 8 {
            let weight = |column| {
                if column < 8 {
                    column_weight(beta, TableId::Memory, column)
                } else {
                    Ext::ZERO
                }
            };
            weights.push(RectangleWeight::new(rectangle, &point, &weight));
        }
    }
    list.push((Functional::Rectangles(weights), value));
    // Claims 2, …: the out-of-domain answers.
    for (point, answer) in ood {
        list.push((Functional::Equality(point.clone()), *answer));
    }
    list
}

/// Opens the commitment to these claims. Preconditions: MEMORY is present and has at least K rows;
/// the claims are true.
pub fn open(
    parameters: &Parameters,
    committed: Committed,
    claims: &Claims<'_>,
    transcript: &mut ProverTranscript,
) {
    let variables = public_variables(claims);
    let challenges = Challenges {
        public_point: transcript.sample_point("opening.public_point", variables),
        columns: transcript.sample_point("opening.columns", COLUMN_VARIABLES),
        combine: transcript.sample("opening.combine"),
    };
    let list = functionals(&committed.stacking, &challenges, claims, &committed.ood);
    let rounds = parameters.schedule(committed.stacking.log_cells);
    let prover = opening::Prover::new(
        parameters,
        &committed.stack,
        committed.tree,
        challenges.combine,
        &list,
    );
    prover.prove(&rounds, transcript);
}

/// Verifies the opening of the commitment to these claims. Precondition: MEMORY is present and has
/// at least K rows.
///
/// # Errors
/// Those of the transcript, `grinding`, `merkle-path`, `commitment-claim`.
pub fn verify_opening(
    parameters: &Parameters,
    commitment: &Commitment,
    claims: &Claims<'_>,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<(), Error> {
    let variables = public_variables(claims);
    // §17.4, §17.5.
    let challenges = Challenges {
        public_point: transcript.sample_point("opening.public_point", variables),
        columns: transcript.sample_point("opening.columns", COLUMN_VARIABLES),
        combine: transcript.sample("opening.combine"),
    };
    // §17.6.
    let list = functionals(&commitment.stacking, &challenges, claims, &commitment.ood);
    let rounds = parameters.schedule(commitment.stacking.log_cells);
    let width = commitment.stacking.width(rounds[0].fold);
    let verifier =
        opening::Verifier::new(parameters, commitment.root, width, challenges.combine, list);
    verifier.verify(&rounds, transcript)
}

#[cfg(test)]
mod tests;
