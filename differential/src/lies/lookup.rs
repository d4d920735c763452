//! The fractional sum of a dishonest prover, SPEC §13: its root balances, whatever the tables say.

use leanvm_spec::field::{Ext, Felt};
use leanvm_spec::isa::Program;
use leanvm_spec::lookup::{Fingerprint, LeafClaim, LeafLayout, program_row};
use leanvm_spec::multilinear::{bind, eq_table};
use leanvm_spec::sumcheck::{complete_weighted, evaluate_polynomial, interpolate};
use leanvm_spec::tables::{Bus, SLOTS, Table, evaluate};
use leanvm_spec::transcript::ProverTranscript;

/// p and q of a layer.
type Layer = [Vec<Ext>; 2];

/// Proves the sum with a false root. If `carried`, each layer is sent such that its check holds, so
/// that only the leaves are false; otherwise the layers are true.
pub(super) fn prove(
    program: &Program,
    fp_0: Felt,
    leaves: &LeafLayout,
    trace: &[Table],
    carried: bool,
    transcript: &mut ProverTranscript,
) -> LeafClaim {
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", 4);
    let fingerprint = Fingerprint {
        alpha,
        slots: eq_table(&theta),
    };
    let mut layers = vec![leaf_layer(program, leaves, trace, &fingerprint)];
    while layers[layers.len() - 1][0].len() > 2 {
        layers.push(next_layer(&layers[layers.len() - 1]));
    }
    layers.reverse();
    let halt_pc = Felt::new(u64::from(program.halt_pc()));
    let mut root = [0, 1, 2, 3].map(|i| layers[0][i / 2][i % 2]);
    balance(&mut root, &fingerprint, [Felt::ZERO, halt_pc], fp_0);
    transcript.send_extension("lookup.root", &root);
    let mut tau = transcript.sample("lookup.point");
    let mut point = vec![tau];
    let mut claims = next_claims(root, tau);
    for layer in &layers[1..] {
        let lambda = transcript.sample("lookup.lambda");
        let claim = claims[0] + lambda * claims[1];
        let (mut values, last, challenges) = rounds(layer, &point, lambda, claim, transcript);
        if carried {
            let [_, p_1, q_0, q_1] = values;
            values[0] = (last - p_1 * q_0 - lambda * q_0 * q_1) * inverse(q_1);
        }
        transcript.send_extension("lookup.layer", &values);
        tau = transcript.sample("lookup.point");
        point = [&[tau], &challenges[..]].concat();
        claims = next_claims(values, tau);
    }
    LeafClaim {
        fingerprint,
        point,
        numerator: claims[0],
        denominator: claims[1],
    }
}

fn inverse(element: Ext) -> Ext {
    element.inverse().expect("a random element is not 0")
}

/// Changes p_1(0) such that p_0/q_0 + 1/d_s − 1/d_e = 0.
fn balance(root: &mut [Ext; 4], fingerprint: &Fingerprint, pcs: [Felt; 2], fp_0: Felt) {
    let [start, end] = pcs.map(|pc| {
        let mut tuple = [Ext::ZERO; SLOTS];
        tuple[0] = Ext::from(Felt::new(Bus::State as u64));
        tuple[1] = Ext::from(pc);
        tuple[2] = Ext::from(fp_0);
        fingerprint.denominator(&tuple)
    });
    let [_, p_1, q_0, q_1] = *root;
    let sum = q_0 * q_1 * (start - end) * inverse(start * end);
    root[0] = (sum - p_1 * q_0) * inverse(q_1);
}

/// Layer m.
fn leaf_layer(
    program: &Program,
    leaves: &LeafLayout,
    trace: &[Table],
    fingerprint: &Fingerprint,
) -> Layer {
    let size = 1 << leaves.log_leaves;
    let mut layer = [vec![Ext::ZERO; size], vec![Ext::ONE; size]];
    for block in &leaves.blocks {
        let table = &trace[block.table.index()];
        for row in 0..table.num_rows {
            let fields = program_row(program, row);
            let of_row = evaluate(block.table, &table.row(row), Felt::new(row as u64), &fields);
            for (j, interaction) in of_row.interactions.iter().enumerate() {
                let leaf = block.first + (j << block.log_height) + row;
                layer[0][leaf] = Ext::from(interaction.numerator);
                layer[1][leaf] = fingerprint.denominator(&interaction.slots.map(Ext::from));
            }
        }
    }
    layer
}

/// p(0, ·), p(1, ·), q(0, ·), q(1, ·).
fn halves([p, q]: &Layer) -> [Vec<Ext>; 4] {
    let half = p.len() / 2;
    [&p[..half], &p[half..], &q[..half], &q[half..]].map(<[Ext]>::to_vec)
}

fn add_fractions([p_0, p_1, q_0, q_1]: [Ext; 4]) -> [Ext; 2] {
    [p_0 * q_1 + p_1 * q_0, q_0 * q_1]
}

/// Layer k from layer k + 1.
fn next_layer(layer: &Layer) -> Layer {
    let halves = halves(layer);
    let sum = |x: usize| add_fractions(halves.each_ref().map(|half| half[x]));
    let sums = (0..halves[0].len()).map(sum);
    let (p, q) = sums.map(|[p, q]| (p, q)).unzip();
    [p, q]
}

/// The claims after τ.
fn next_claims([p_0, p_1, q_0, q_1]: [Ext; 4], tau: Ext) -> [Ext; 2] {
    [p_0 + tau * (p_1 - p_0), q_0 + tau * (q_1 - q_0)]
}

/// The sumcheck of a layer, honest but for its claim: the four values, the last claim, ρ.
fn rounds(
    layer: &Layer,
    point: &[Ext],
    lambda: Ext,
    mut claim: Ext,
    transcript: &mut ProverTranscript,
) -> ([Ext; 4], Ext, Vec<Ext>) {
    let mut functions = halves(layer);
    let mut challenges = Vec::new();
    for (i, coordinate) in point.iter().enumerate() {
        let weights = eq_table(&point[i + 1..]);
        let values = [0, 1, 2].map(|x| {
            let bound = functions
                .each_ref()
                .map(|f| bind(f, Ext::from(Felt::new(x))));
            let mut sum = Ext::ZERO;
            for (j, weight) in weights.iter().enumerate() {
                let [p, q] = add_fractions(bound.each_ref().map(|f| f[j]));
                sum += *weight * (p + lambda * q);
            }
            sum
        });
        let sent = &interpolate(&values)[1..];
        transcript.send_extension("lookup.round", sent);
        let challenge = transcript.sample("lookup.challenge");
        claim = evaluate_polynomial(&complete_weighted(claim, *coordinate, sent), challenge);
        functions = functions.each_ref().map(|f| bind(f, challenge));
        challenges.push(challenge);
    }
    (functions.each_ref().map(|f| f[0]), claim, challenges)
}
