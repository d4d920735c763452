//! SPEC §13 lookup.
//!
//! The interactions of all rows balance: the sum of numerator/(α − fingerprint) over all of them,
//! with the first and the last state of the verifier, is zero. The sum is shown by a tree of
//! fractions, a sumcheck for each layer (Papini, Haböck, "Improving logarithmic derivative lookups
//! using GKR", ePrint 2023/1284).

use crate::commitment::stacking::TableShape;
use crate::field::{Ext, Felt};
use crate::isa::Program;
use crate::multilinear::{bind, eq_index, eq_table, inner_product, log2_ceil};
use crate::parameters::MAX_ROWS;
use crate::rejection::{Error, Rejection};
use crate::sumcheck::{Labels, prove_round, verify_weighted};
use crate::tables::{Bus, SLOTS, Table, TableId, evaluate};
use crate::transcript::{ProverTranscript, VerifierTranscript};

/// The labels of a layer's sumcheck.
const LABELS: Labels = Labels {
    round: "lookup.round",
    challenge: "lookup.challenge",
};

/// The number of coordinates of θ.
const SLOT_VARIABLES: usize = 4;

/// The leaves of a present table: for each of its interactions in order 2^h_T leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blocks {
    /// The table.
    pub table: TableId,
    /// h_T.
    pub log_height: u32,
    /// The first leaf, a multiple of 2^h_T.
    pub first: usize,
}

/// Where the leaves of each table are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeafLayout {
    /// The blocks in the order of their leaves.
    pub blocks: Vec<Blocks>,
    /// κ.
    pub log_leaves: u32,
}

/// κ, the number of variables of the leaves of these tables, without their layout: each n_T is
/// below 2^32, so the sum is far below 2^64.
pub fn log_leaves(tables: &[TableShape]) -> u32 {
    let leaves = |shape: &TableShape| shape.table.num_interactions() << shape.log_height();
    log2_ceil(tables.iter().map(leaves).sum())
}

impl LeafLayout {
    /// The leaves of these tables, given by rising T.
    ///
    /// # Panics
    /// If a table has more rows than the caps allow: they are checked first.
    pub fn new(tables: &[TableShape]) -> Self {
        assert!(tables.iter().all(|shape| shape.rows <= MAX_ROWS));
        let mut sorted = tables.to_vec();
        // Stable: ties stay in the order T.
        sorted.sort_by_key(|shape| u32::MAX - shape.log_height());
        let mut blocks = Vec::new();
        let mut total = 0;
        for shape in sorted {
            blocks.push(Blocks {
                table: shape.table,
                log_height: shape.log_height(),
                first: total,
            });
            total += shape.table.num_interactions() << shape.log_height();
        }
        Self {
            blocks,
            log_leaves: log_leaves(tables),
        }
    }

    /// w_{T,j} for all interactions of a present table: eq of the leading coordinates of `point`
    /// and the index of the block.
    pub fn weights(&self, table: TableId, point: &[Ext]) -> Vec<Ext> {
        let mut weights = Vec::new();
        for block in self.blocks.iter().filter(|block| block.table == table) {
            let leading = &point[..point.len() - block.log_height as usize];
            for j in 0..table.num_interactions() {
                weights.push(eq_index(leading, (block.first >> block.log_height) + j));
            }
        }
        weights
    }
}

/// The challenges that make a fraction of an interaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    /// α.
    pub alpha: Ext,
    /// eq(θ, slot) for each slot.
    pub slots: Vec<Ext>,
}

impl Fingerprint {
    fn new(alpha: Ext, theta: &[Ext]) -> Self {
        Self {
            alpha,
            slots: eq_table(theta),
        }
    }

    /// α − Σ_slot eq(θ, slot)·t_slot.
    pub fn denominator(&self, tuple: &[Ext; SLOTS]) -> Ext {
        self.alpha - inner_product(&self.slots, tuple)
    }

    /// The denominator of STATE(pc, fp).
    fn state(&self, pc: u32, fp: u32) -> Ext {
        let mut tuple = [Ext::ZERO; SLOTS];
        tuple[0] = Ext::from(Felt::new(Bus::State as u64));
        tuple[1] = Ext::from(Felt::new(u64::from(pc)));
        tuple[2] = Ext::from(Felt::new(u64::from(fp)));
        self.denominator(&tuple)
    }
}

/// What is left to show: numerators and denominators of the leaves at a point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeafClaim {
    /// The challenges of the leaves.
    pub fingerprint: Fingerprint,
    /// r, of κ coordinates.
    pub point: Vec<Ext>,
    /// P.
    pub numerator: Ext,
    /// Q.
    pub denominator: Ext,
}

/// The six fields of the instruction at a row, or zeros.
pub fn program_row(program: &Program, row: usize) -> [Felt; 6] {
    match program.instructions().get(row) {
        Some(instruction) => instruction.fields(),
        None => [Felt::ZERO; 6],
    }
}

/// A layer of fractions N_k(x)/D_k(x).
#[derive(Clone, Debug)]
struct Layer {
    numerators: Vec<Ext>,
    denominators: Vec<Ext>,
}

/// Layer κ; `trace` is all tables in the order T.
fn leaf_layer(
    program: &Program,
    leaves: &LeafLayout,
    trace: &[Table],
    fingerprint: &Fingerprint,
) -> Layer {
    let mut numerators = vec![Ext::ZERO; 1 << leaves.log_leaves];
    let mut denominators = vec![Ext::ONE; 1 << leaves.log_leaves];
    for block in &leaves.blocks {
        let table = &trace[block.table.index()];
        for row in 0..table.num_rows {
            let index = Felt::new(row as u64);
            let fields = program_row(program, row);
            let evaluation = evaluate(block.table, &table.row(row), index, &fields);
            for (j, interaction) in evaluation.interactions.iter().enumerate() {
                let leaf = block.first + (j << block.log_height) + row;
                let tuple = interaction.slots.map(Ext::from);
                numerators[leaf] = Ext::from(interaction.numerator);
                denominators[leaf] = fingerprint.denominator(&tuple);
            }
        }
    }
    Layer {
        numerators,
        denominators,
    }
}

/// Numerator and denominator of the sum of two fractions p_0/q_0 and p_1/q_1.
fn add_fractions(p_0: Ext, p_1: Ext, q_0: Ext, q_1: Ext) -> (Ext, Ext) {
    (p_0 * q_1 + p_1 * q_0, q_0 * q_1)
}

/// Layer k from layer k + 1.
fn next_layer(layer: &Layer) -> Layer {
    let half = layer.numerators.len() / 2;
    let mut numerators = Vec::new();
    let mut denominators = Vec::new();
    for x in 0..half {
        let (p, q) = add_fractions(
            layer.numerators[x],
            layer.numerators[half + x],
            layer.denominators[x],
            layer.denominators[half + x],
        );
        numerators.push(p);
        denominators.push(q);
    }
    Layer {
        numerators,
        denominators,
    }
}

/// The sumcheck of a layer: its four functions N(0, ·), N(1, ·), D(0, ·), D(1, ·), bound to ρ, and
/// ρ.
fn prove_layer(
    layer: &Layer,
    point: &[Ext],
    lambda: Ext,
    transcript: &mut ProverTranscript,
) -> ([Ext; 4], Vec<Ext>) {
    let half = layer.numerators.len() / 2;
    let mut functions = [
        layer.numerators[..half].to_vec(),
        layer.numerators[half..].to_vec(),
        layer.denominators[..half].to_vec(),
        layer.denominators[half..].to_vec(),
    ];
    let mut challenges = Vec::new();
    for i in 0..point.len() {
        let weights = eq_table(&point[i + 1..]);
        let mut values = Vec::new();
        for x in 0..3 {
            let x = Ext::from(Felt::new(x));
            let [p_0, p_1, q_0, q_1] = functions.each_ref().map(|f| bind(f, x));
            let mut sum = Ext::ZERO;
            for (j, &weight) in weights.iter().enumerate() {
                let (p, q) = add_fractions(p_0[j], p_1[j], q_0[j], q_1[j]);
                sum += weight * (p + lambda * q);
            }
            values.push(sum);
        }
        let challenge = prove_round(transcript, LABELS, &values);
        functions = functions.each_ref().map(|f| bind(f, challenge));
        challenges.push(challenge);
    }
    (functions.each_ref().map(|f| f[0]), challenges)
}

/// Proves the sum of the fractions of a trace (all tables in the order T).
pub fn prove(
    program: &Program,
    leaves: &LeafLayout,
    trace: &[Table],
    transcript: &mut ProverTranscript,
) -> LeafClaim {
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", SLOT_VARIABLES);
    let fingerprint = Fingerprint::new(alpha, &theta);
    let mut layers = vec![leaf_layer(program, leaves, trace, &fingerprint)];
    while layers[layers.len() - 1].numerators.len() > 2 {
        layers.push(next_layer(&layers[layers.len() - 1]));
    }
    // From layer 1 on.
    layers.reverse();
    let root = [
        layers[0].numerators[0],
        layers[0].numerators[1],
        layers[0].denominators[0],
        layers[0].denominators[1],
    ];
    transcript.send_extension("lookup.root", &root);
    let tau = transcript.sample("lookup.point");
    let mut point = vec![tau];
    let mut numerator = bind(&layers[0].numerators, tau)[0];
    let mut denominator = bind(&layers[0].denominators, tau)[0];
    for layer in &layers[1..] {
        let lambda = transcript.sample("lookup.lambda");
        let (values, challenges) = prove_layer(layer, &point, lambda, transcript);
        transcript.send_extension("lookup.layer", &values);
        let tau = transcript.sample("lookup.point");
        let [p_0, p_1, q_0, q_1] = values;
        point = vec![tau];
        point.extend(challenges);
        numerator = p_0 + tau * (p_1 - p_0);
        denominator = q_0 + tau * (q_1 - q_0);
    }
    LeafClaim {
        fingerprint,
        point,
        numerator,
        denominator,
    }
}

/// Receives N(0), N(1), D(0), D(1).
fn receive_four(
    transcript: &mut VerifierTranscript<'_>,
    label: &'static str,
) -> Result<[Ext; 4], Error> {
    let list = transcript.receive_extension(label, 4)?;
    Ok(core::array::from_fn(|i| list[i]))
}

/// Verifies the sum of the fractions of leaves that start at (pc 0, fp_0) and end at (halt pc,
/// fp_0). Precondition: κ ≥ 1.
///
/// # Errors
/// Those of the transcript, `lookup-root`, `lookup-layer`.
pub fn verify(
    halt_pc: u32,
    fp_0: u32,
    leaves: &LeafLayout,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<LeafClaim, Error> {
    // §13.1.
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", SLOT_VARIABLES);
    let fingerprint = Fingerprint::new(alpha, &theta);
    // §13.2.
    let [p_0, p_1, q_0, q_1] = receive_four(transcript, "lookup.root")?;
    let (p, q) = add_fractions(p_0, p_1, q_0, q_1);
    let start = fingerprint.state(0, fp_0);
    let end = fingerprint.state(halt_pc, fp_0);
    // §13.3.
    if q * start * end == Ext::ZERO {
        return Err(Error::new(Rejection::LookupRoot, "a denominator is zero"));
    }
    // §13.4.
    if p * start * end + q * (end - start) != Ext::ZERO {
        return Err(Error::new(Rejection::LookupRoot, "the sum is not zero"));
    }
    // §13.5.
    let tau = transcript.sample("lookup.point");
    let mut point = vec![tau];
    let mut numerator = p_0 + tau * (p_1 - p_0);
    let mut denominator = q_0 + tau * (q_1 - q_0);
    for k in 1..leaves.log_leaves {
        // §13.6, §13.7.
        let lambda = transcript.sample("lookup.lambda");
        let claim = numerator + lambda * denominator;
        let (last, challenges) = verify_weighted(transcript, LABELS, claim, &point, 2)?;
        // §13.8.
        let [p_0, p_1, q_0, q_1] = receive_four(transcript, "lookup.layer")?;
        let (p, q) = add_fractions(p_0, p_1, q_0, q_1);
        // §13.9.
        if p + lambda * q != last {
            return Err(Error::new(Rejection::LookupLayer, format!("layer {k}")));
        }
        // §13.10.
        let tau = transcript.sample("lookup.point");
        point = vec![tau];
        point.extend(challenges);
        numerator = p_0 + tau * (p_1 - p_0);
        denominator = q_0 + tau * (q_1 - q_0);
    }
    // §13.11.
    Ok(LeafClaim {
        fingerprint,
        point,
        numerator,
        denominator,
    })
}

#[cfg(test)]
mod tests;
