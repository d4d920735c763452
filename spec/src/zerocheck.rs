//! SPEC §15 zerocheck.
//!
//! One sumcheck shows that all constraints vanish on all rows, that the leaves of the lookup are
//! those of the tables, and the claims of the permutations. It ends in one value of each column of
//! each present table.

use crate::commitment::stacking::TableShape;
use crate::field::{Ext, Felt};
use crate::isa::Program;
use crate::lookup::{Fingerprint, LeafClaim, LeafLayout, program_row};
use crate::multilinear::{activity, bind, eq, eq_table, inner_product, lift, row};
use crate::poseidon::{HashTable, PermutationClaims};
use crate::rejection::{Error, Rejection};
use crate::sumcheck::{Labels, prove_round, verify_plain};
use crate::tables::{Table, TableId, evaluate};
use crate::transcript::{ProverTranscript, VerifierTranscript};

/// The labels of the sumcheck.
const LABELS: Labels = Labels {
    round: "zerocheck.round",
    challenge: "zerocheck.challenge",
};

/// d = 2 + the greatest degree of a table.
const ROUND_DEGREE: usize = 6;

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

/// The coefficients of F_T.
#[derive(Clone, Debug)]
struct Batch<'a> {
    fingerprint: &'a Fingerprint,
    lambda: Ext,
    /// For each table w_{T,j}.
    interaction_weights: Vec<Vec<Ext>>,
    /// For each table γ^(1 + o_T + k).
    constraint_weights: Vec<Vec<Ext>>,
    /// For each table, if it is a hash table, the weights of its columns of section 14.
    hash_weights: Vec<Option<HashWeights>>,
}

/// The weights of the columns of a hash table.
#[derive(Clone, Debug)]
struct HashWeights {
    columns: HashTable,
    /// γ^(first_T + j).
    y: Vec<Ext>,
    /// γ^(first_T + 512 + i).
    s: Vec<Ext>,
    /// γ^(first_T + 1024 + j).
    input: Vec<Ext>,
}

impl HashWeights {
    /// Those with the power γ^(1 + the number of all constraints).
    fn new(columns: HashTable, gamma: Ext, power: Ext) -> Self {
        let weights = |number: usize, first: u64| -> Vec<Ext> {
            let start = power * gamma.pow(64 * columns.number + first);
            (0..number as u64).map(|j| start * gamma.pow(j)).collect()
        };
        Self {
            y: weights(columns.y.len(), 0),
            s: weights(columns.s.len(), 512),
            input: weights(columns.input.len(), 1024),
            columns,
        }
    }
}

/// What F_T needs of a row: the values of eq(r_T, ·), kernel_3 and kernel_0; then activity, the
/// virtual column `row`, the program columns, the columns.
const KERNELS: usize = 3;

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
        let hash_weights = |table| Some(HashWeights::new(HashTable::of(table)?, gamma, power));
        Self {
            fingerprint: &leaf_claim.fingerprint,
            lambda,
            interaction_weights,
            constraint_weights,
            hash_weights: TableId::ALL.into_iter().map(hash_weights).collect(),
        }
    }

    /// The claim of 15.2.
    fn claim(&self, leaf_claim: &LeafClaim, permutations: &PermutationClaims) -> Ext {
        let mut claim = leaf_claim.numerator + self.lambda * (leaf_claim.denominator - Ext::ONE);
        for claims in &permutations.tables {
            if let Some(weights) = &self.hash_weights[claims.table.index()] {
                claim += inner_product(&weights.y, &claims.y)
                    + inner_product(&weights.s, &claims.s)
                    + inner_product(&weights.input, &claims.input);
            }
        }
        claim
    }

    /// F_T of the values of [`KERNELS`] kernels, activity, `row`, the program columns and the
    /// columns.
    fn combine(&self, table: TableId, values: &[Ext]) -> Ext {
        let (kernels, rest) = values.split_at(KERNELS);
        let (active, row) = (rest[0], rest[1]);
        let fields = core::array::from_fn(|i| rest[2 + i]);
        let columns = &rest[2 + FIELDS..];
        let mut sum = Ext::ZERO;
        if active != Ext::ZERO {
            sum += kernels[0] * active * self.row_sum(table, columns, row, &fields);
        }
        if let Some(weights) = &self.hash_weights[table.index()] {
            let HashTable { s, input, .. } = &weights.columns;
            sum += kernels[1] * inner_product(&weights.s, &columns[s.clone()])
                + kernels[2] * inner_product(&weights.input, &columns[input.clone()]);
        }
        sum
    }

    /// G_T = Σ_j w_{T,j}·(num_j + λ·(α − 1 − fingerprint_j)) + Σ_k γ^(1 + o_T + k)·C_{T,k} +
    /// Σ_j γ^(first_T + j)·y_j of these values of the columns, the virtual column `row` and the
    /// program columns.
    fn row_sum(&self, table: TableId, columns: &[Ext], row: Ext, fields: &[Ext; FIELDS]) -> Ext {
        let evaluation = evaluate(table, columns, row, fields);
        let weights = &self.constraint_weights[table.index()];
        let mut sum = inner_product(weights, &evaluation.constraints);
        let weights = &self.interaction_weights[table.index()];
        for (&weight, interaction) in weights.iter().zip(&evaluation.interactions) {
            let denominator = self.fingerprint.denominator(&interaction.slots);
            sum += weight * (interaction.numerator + self.lambda * (denominator - Ext::ONE));
        }
        if let Some(weights) = &self.hash_weights[table.index()] {
            sum += inner_product(&weights.y, &columns[weights.columns.y.clone()]);
        }
        sum
    }
}

/// H, the greatest h_T.
fn max_log_height(tables: &[TableShape]) -> usize {
    let heights = tables.iter().map(|shape| shape.log_height() as usize);
    heights.max().unwrap_or(0)
}

/// 2^−exponent.
fn scale(exponent: usize) -> Felt {
    let half = Felt::new(2).inverse().unwrap_or(Felt::ZERO);
    half.pow(exponent as u64)
}

/// The prover's functions of the last h_T variables, for a table: the kernels, activity, row, the
/// six fields of the program (zero for all tables but BYTECODE), then the columns.
#[derive(Clone, Debug)]
struct Functions {
    table: TableId,
    list: Vec<Vec<Ext>>,
}

impl Functions {
    fn new(
        program: &Program,
        shape: &TableShape,
        table: &Table,
        point: &[Ext],
        permutations: &PermutationClaims,
    ) -> Self {
        let log_height = shape.log_height() as usize;
        let height = 1_usize << log_height;
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
        let mut list = vec![eq_table(&point[point.len() - log_height..])];
        for point in [&permutations.s_point, &permutations.input_point] {
            list.push(match HashTable::of(shape.table) {
                Some(_) => point.kernel(log_height),
                None => vec![Ext::ZERO; height],
            });
        }
        list.extend(base.iter().map(|column| lift(column)));
        Self {
            table: shape.table,
            list,
        }
    }

    /// The number of variables that are not bound.
    fn num_variables(&self) -> usize {
        self.list[0].len().ilog2() as usize
    }

    /// Σ_x F_T(x).
    fn sum(&self, batch: &Batch<'_>) -> Ext {
        let mut sum = Ext::ZERO;
        for x in 0..self.list[0].len() {
            let values: Vec<Ext> = self.list.iter().map(|f| f[x]).collect();
            sum += batch.combine(self.table, &values);
        }
        sum
    }

    /// The functions with their first variable bound.
    fn bind(&self, challenge: Ext) -> Self {
        Self {
            table: self.table,
            list: self.list.iter().map(|f| bind(f, challenge)).collect(),
        }
    }
}

/// Proves the constraints, the leaves and the claims of the permutations; `trace` is all tables in
/// the order T, `tables` the present ones.
pub fn prove(
    program: &Program,
    tables: &[TableShape],
    leaves: &LeafLayout,
    trace: &[Table],
    leaf_claim: &LeafClaim,
    permutations: &PermutationClaims,
    transcript: &mut ProverTranscript,
) -> ColumnClaims {
    let waived = &[];
    prove_without(
        program,
        tables,
        leaves,
        trace,
        leaf_claim,
        permutations,
        waived,
        transcript,
    )
}

/// [`prove`], but for these constraints.
#[expect(clippy::too_many_arguments, reason = "those of `prove` and one more")]
pub fn prove_without(
    program: &Program,
    tables: &[TableShape],
    leaves: &LeafLayout,
    trace: &[Table],
    leaf_claim: &LeafClaim,
    permutations: &PermutationClaims,
    waived: Waived<'_>,
    transcript: &mut ProverTranscript,
) -> ColumnClaims {
    let num_variables = max_log_height(tables);
    let lambda = transcript.sample("zerocheck.lambda");
    let gamma = transcript.sample("zerocheck.gamma");
    let batch = Batch::new(leaves, leaf_claim, lambda, gamma, waived);
    let point = &leaf_claim.point;
    let mut functions: Vec<Functions> = tables
        .iter()
        .map(|shape| {
            let table = &trace[shape.table.index()];
            Functions::new(program, shape, table, point, permutations)
        })
        .collect();
    let scales: Vec<Felt> = tables
        .iter()
        .map(|shape| scale(num_variables - shape.log_height() as usize))
        .collect();
    let mut challenges = Vec::new();
    for i in 0..num_variables {
        // A table that does not have the variable adds a constant, which is not sent.
        let has_variable = |f: &Functions| f.num_variables() == num_variables - i;
        let mut values = vec![Ext::ZERO; ROUND_DEGREE + 1];
        for (f, &scale) in functions
            .iter()
            .zip(&scales)
            .filter(|(f, _)| has_variable(f))
        {
            for (x, value) in values.iter_mut().enumerate() {
                *value += f.bind(Ext::from(Felt::new(x as u64))).sum(&batch) * scale;
            }
        }
        let challenge = prove_round(transcript, LABELS, &values);
        challenges.push(challenge);
        for f in &mut functions {
            if has_variable(f) {
                *f = f.bind(challenge);
            }
        }
    }
    let values: Vec<Vec<Ext>> = functions
        .iter()
        .map(|f| {
            f.list[KERNELS + 2 + FIELDS..]
                .iter()
                .map(|f| f[0])
                .collect()
        })
        .collect();
    for list in &values {
        transcript.send_extension("zerocheck.columns", list);
    }
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

/// Verifies the constraints, the leaves and the claims of the permutations. Precondition: the point
/// of the claim on the leaves has at least H coordinates.
///
/// # Errors
/// Those of the transcript, `constraint`.
pub fn verify(
    program: &Program,
    tables: &[TableShape],
    leaves: &LeafLayout,
    leaf_claim: &LeafClaim,
    permutations: &PermutationClaims,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<ColumnClaims, Error> {
    let waived = &[];
    verify_without(
        program,
        tables,
        leaves,
        leaf_claim,
        permutations,
        waived,
        transcript,
    )
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
    permutations: &PermutationClaims,
    waived: Waived<'_>,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<ColumnClaims, Error> {
    let num_variables = max_log_height(tables);
    // §15.1.
    let lambda = transcript.sample("zerocheck.lambda");
    let gamma = transcript.sample("zerocheck.gamma");
    let batch = Batch::new(leaves, leaf_claim, lambda, gamma, waived);
    // §15.2.
    let claim = batch.claim(leaf_claim, permutations);
    let (last, challenges) = verify_plain(transcript, LABELS, claim, num_variables, ROUND_DEGREE)?;
    // §15.3, §15.4.
    let mut values = Vec::new();
    let mut sum = Ext::ZERO;
    for shape in tables {
        let columns = transcript.receive_extension("zerocheck.columns", shape.columns)?;
        let log_height = shape.log_height() as usize;
        let point = &challenges[num_variables - log_height..];
        let r_own = &leaf_claim.point[leaf_claim.point.len() - log_height..];
        let mut all = vec![
            eq(r_own, point),
            Ext::ZERO,
            Ext::ZERO,
            activity(shape.rows, point),
            row(point),
        ];
        if HashTable::of(shape.table).is_some() {
            all[1] = permutations.s_point.kernel_at(point);
            all[2] = permutations.input_point.kernel_at(point);
        }
        all.extend(match shape.table {
            TableId::Bytecode => program_at(program, point),
            _ => [Ext::ZERO; FIELDS],
        });
        all.extend(&columns);
        sum += batch.combine(shape.table, &all) * scale(num_variables - log_height);
        values.push(columns);
    }
    // §15.5.
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
