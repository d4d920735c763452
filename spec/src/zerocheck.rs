//! SPEC §14 zerocheck.
//!
//! One sumcheck, weighted by eq(r_row, ·), shows that all constraints vanish on all rows and that
//! the leaves of the lookup are those of the tables. It ends in one value of each column of each
//! present table.

use crate::commitment::stacking::TableShape;
use crate::field::{Ext, Felt};
use crate::isa::Program;
use crate::lookup::{Fingerprint, LeafClaim, LeafLayout, program_row};
use crate::multilinear::{activity, bind, eq_table, inner_product, lift, row};
use crate::rejection::{Error, Rejection};
use crate::sumcheck::{Labels, prove_round, verify_weighted};
use crate::tables::{Table, TableId, evaluate};
use crate::transcript::{ProverTranscript, VerifierTranscript};

/// The labels of the sumcheck.
const LABELS: Labels = Labels {
    round: "zerocheck.round",
    challenge: "zerocheck.challenge",
};

/// The number of fields of an instruction.
const FIELDS: usize = 6;

/// What is left to show: the values of the columns of the present tables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnClaims {
    /// ρ, of H coordinates.
    pub point: Vec<Ext>,
    /// For each present table in order, c̃(ρ_T) of its columns in order.
    pub values: Vec<Vec<Ext>>,
}

/// The coefficients of G_T.
#[derive(Clone, Debug)]
struct Batch<'a> {
    fingerprint: &'a Fingerprint,
    lambda: Ext,
    /// For each table w_{T,j}.
    interaction_weights: Vec<Vec<Ext>>,
    /// For each table γ^(1 + o_T + k).
    constraint_weights: Vec<Vec<Ext>>,
}

/// Constraints that a zerocheck leaves out, each by its table and its number there: none, but for
/// tests that show what a table would accept without one.
pub type Waived<'a> = &'a [(TableId, usize)];

impl<'a> Batch<'a> {
    fn new(
        leaves: &LeafLayout,
        leaf_claim: &'a LeafClaim,
        lambda: Ext,
        gamma: Ext,
        waived: Waived<'_>,
    ) -> Self {
        let mut interaction_weights = Vec::new();
        let mut constraint_weights = Vec::new();
        // Not from 1 on: the claims P and Q have the weights 1 and λ, and each constraint needs one
        // of its own.
        let mut power = gamma;
        for table in TableId::ALL {
            interaction_weights.push(leaves.weights(table, &leaf_claim.point));
            let mut weights = Vec::new();
            for constraint in 0..table.num_constraints() {
                let stands = !waived.contains(&(table, constraint));
                weights.push(if stands { power } else { Ext::ZERO });
                power *= gamma;
            }
            constraint_weights.push(weights);
        }
        Self {
            fingerprint: &leaf_claim.fingerprint,
            lambda,
            interaction_weights,
            constraint_weights,
        }
    }

    /// G_T = Σ_j w_{T,j}·(num_j + λ·(α − 1 − fingerprint_j)) + Σ_k γ^(1 + o_T + k)·C_{T,k} of these
    /// values of the columns, the virtual column `row` and the program columns.
    fn combine(&self, table: TableId, columns: &[Ext], row: Ext, fields: &[Ext; FIELDS]) -> Ext {
        let evaluation = evaluate(table, columns, row, fields);
        let weights = &self.constraint_weights[table.index()];
        let mut sum = inner_product(weights, &evaluation.constraints);
        let weights = &self.interaction_weights[table.index()];
        for (&weight, interaction) in weights.iter().zip(&evaluation.interactions) {
            let denominator = self.fingerprint.denominator(&interaction.slots);
            sum += weight * (interaction.numerator + self.lambda * (denominator - Ext::ONE));
        }
        sum
    }
}

/// H, the greatest h_T.
fn max_log_height(tables: &[TableShape]) -> usize {
    let heights = tables.iter().map(|shape| shape.log_height() as usize);
    heights.max().unwrap_or(0)
}

/// d = 1 + the greatest degree of a present table.
fn degree(tables: &[TableShape]) -> usize {
    let degrees = tables.iter().map(|shape| shape.table.degree());
    1 + degrees.max().unwrap_or(0)
}

/// The prover's functions of the last h_T variables, for a table: activity, row, the six fields of
/// the program (zero for all tables but BYTECODE), then the columns.
#[derive(Clone, Debug)]
struct Functions {
    table: TableId,
    log_height: usize,
    list: Vec<Vec<Ext>>,
}

impl Functions {
    fn new(program: &Program, shape: &TableShape, table: &Table) -> Self {
        let height = 1_usize << shape.log_height();
        let active = |row| if row < shape.rows { 1 } else { 0 };
        let mut base: Vec<Vec<Felt>> = vec![
            (0..height).map(|row| Felt::new(active(row))).collect(),
            (0..height).map(|row| Felt::new(row as u64)).collect(),
        ];
        for field in 0..FIELDS {
            let value = |row| match shape.table {
                TableId::Bytecode => program_row(program, row)[field],
                _ => Felt::ZERO,
            };
            base.push((0..height).map(value).collect());
        }
        for column in &table.columns {
            let mut column = column.clone();
            column.resize(height, Felt::ZERO);
            base.push(column);
        }
        Self {
            table: shape.table,
            log_height: shape.log_height() as usize,
            list: base.iter().map(|column| lift(column)).collect(),
        }
    }

    /// I_T·G_T of these values of the functions.
    fn combine(&self, batch: &Batch<'_>, values: &[Ext]) -> Ext {
        let active = values[0];
        if active == Ext::ZERO {
            return Ext::ZERO;
        }
        let fields = core::array::from_fn(|i| values[2 + i]);
        active * batch.combine(self.table, &values[2 + FIELDS..], values[1], &fields)
    }

    /// Σ_x eq(point, x)·I_T(x)·G_T(x).
    fn sum(&self, batch: &Batch<'_>, point: &[Ext]) -> Ext {
        let mut sum = Ext::ZERO;
        for (x, &weight) in eq_table(point).iter().enumerate() {
            let values: Vec<Ext> = self.list.iter().map(|f| f[x]).collect();
            sum += weight * self.combine(batch, &values);
        }
        sum
    }

    /// The functions with their first variable bound.
    fn bind(&self, challenge: Ext) -> Self {
        Self {
            table: self.table,
            log_height: self.log_height,
            list: self.list.iter().map(|f| bind(f, challenge)).collect(),
        }
    }
}

/// Proves the constraints and the leaves; `trace` is all tables in the order T, `tables` the
/// present ones.
pub fn prove(
    program: &Program,
    tables: &[TableShape],
    leaves: &LeafLayout,
    trace: &[Table],
    leaf_claim: &LeafClaim,
    transcript: &mut ProverTranscript,
) -> ColumnClaims {
    prove_without(program, tables, leaves, trace, leaf_claim, &[], transcript)
}

/// [`prove`], but for these constraints.
pub fn prove_without(
    program: &Program,
    tables: &[TableShape],
    leaves: &LeafLayout,
    trace: &[Table],
    leaf_claim: &LeafClaim,
    waived: Waived<'_>,
    transcript: &mut ProverTranscript,
) -> ColumnClaims {
    let num_variables = max_log_height(tables);
    let degree = degree(tables);
    let lambda = transcript.sample("zerocheck.lambda");
    let gamma = transcript.sample("zerocheck.gamma");
    let batch = Batch::new(leaves, leaf_claim, lambda, gamma, waived);
    let point = &leaf_claim.point[leaf_claim.point.len() - num_variables..];
    let mut functions: Vec<Functions> = tables
        .iter()
        .map(|shape| Functions::new(program, shape, &trace[shape.table.index()]))
        .collect();
    // The sum over the rows of each table: its part of s(X) while X is not one of its variables.
    let sums: Vec<Ext> = functions
        .iter()
        .map(|f| f.sum(&batch, &point[num_variables - f.log_height..]))
        .collect();
    let mut challenges = Vec::new();
    for i in 0..num_variables {
        let mut values = vec![Ext::ZERO; degree + 1];
        for (f, &sum) in functions.iter().zip(&sums) {
            for (x, value) in values.iter_mut().enumerate() {
                if i < num_variables - f.log_height {
                    *value += sum;
                } else {
                    let bound = f.bind(Ext::from(Felt::new(x as u64)));
                    *value += bound.sum(&batch, &point[i + 1..]);
                }
            }
        }
        let challenge = prove_round(transcript, LABELS, &values);
        challenges.push(challenge);
        for f in &mut functions {
            if i >= num_variables - f.log_height {
                *f = f.bind(challenge);
            }
        }
    }
    let values: Vec<Vec<Ext>> = functions
        .iter()
        .map(|f| f.list[2 + FIELDS..].iter().map(|f| f[0]).collect())
        .collect();
    transcript.send_extension("zerocheck.columns", &values.concat());
    ColumnClaims {
        point: challenges,
        values,
    }
}

/// The six program columns, extended by zero rows, at a point.
fn program_at(program: &Program, point: &[Ext]) -> [Ext; FIELDS] {
    let weights = eq_table(point);
    let mut fields = [Ext::ZERO; FIELDS];
    for (&weight, instruction) in weights.iter().zip(program.instructions()) {
        for (sum, field) in fields.iter_mut().zip(instruction.fields()) {
            *sum += weight * field;
        }
    }
    fields
}

/// Verifies the constraints and the leaves. Precondition: the point of the claim on the leaves has
/// at least H coordinates.
///
/// # Errors
/// Those of the transcript, `constraint`.
pub fn verify(
    program: &Program,
    tables: &[TableShape],
    leaves: &LeafLayout,
    leaf_claim: &LeafClaim,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<ColumnClaims, Error> {
    verify_without(program, tables, leaves, leaf_claim, &[], transcript)
}

/// [`verify`], but for these constraints.
///
/// # Errors
/// As for [`verify`].
pub fn verify_without(
    program: &Program,
    tables: &[TableShape],
    leaves: &LeafLayout,
    leaf_claim: &LeafClaim,
    waived: Waived<'_>,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<ColumnClaims, Error> {
    let num_variables = max_log_height(tables);
    // §14.1.
    let lambda = transcript.sample("zerocheck.lambda");
    let gamma = transcript.sample("zerocheck.gamma");
    let batch = Batch::new(leaves, leaf_claim, lambda, gamma, waived);
    let point = &leaf_claim.point[leaf_claim.point.len() - num_variables..];
    // §14.2.
    let claim = leaf_claim.numerator + lambda * (leaf_claim.denominator - Ext::ONE);
    let (last, challenges) = verify_weighted(transcript, LABELS, claim, point, degree(tables))?;
    // §14.3: one list, not one for each table.
    let number = tables.iter().map(|shape| shape.columns).sum();
    let mut received = transcript
        .receive_extension("zerocheck.columns", number)?
        .into_iter();
    // §14.4.
    let mut values = Vec::new();
    let mut sum = Ext::ZERO;
    for shape in tables {
        let columns: Vec<Ext> = received.by_ref().take(shape.columns).collect();
        let point = &challenges[num_variables - shape.log_height() as usize..];
        let fields = match shape.table {
            TableId::Bytecode => program_at(program, point),
            _ => [Ext::ZERO; FIELDS],
        };
        let combined = batch.combine(shape.table, &columns, row(point), &fields);
        sum += activity(shape.rows, point) * combined;
        values.push(columns);
    }
    // §14.5.
    if sum != last {
        let detail = format!("the rows sum to {sum:?}, the claim is {last:?}");
        return Err(Error::new(Rejection::Constraint, detail));
    }
    Ok(ColumnClaims {
        point: challenges,
        values,
    })
}

#[cfg(test)]
mod tests;
