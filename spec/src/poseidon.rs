//! SPEC §14 poseidon.
//!
//! GKR for the permutation: that the columns `s` and `y` of the hash tables are those of the
//! permutation of `in`. The layers of cubes between them are not committed. The argument goes from
//! the outputs to the inputs, a sumcheck a layer, and ends in claims on `s` and `in`.

mod skip;

pub use skip::SkipPoint;

use core::ops::Range;

use crate::commitment::stacking::TableShape;
use crate::field::{Element, Ext, Felt, root_of_unity};
use crate::instructions::poseidon::Permutation;
use crate::multilinear::{bind, eq_table, evaluate, inner_product, lift};
use crate::permutation::{
    Constants, constant, constants_16, constants_24, cube, external_layer, internal_layer, width,
};
use crate::rejection::{Error, Rejection};
use crate::sumcheck::{Labels, evaluate_polynomial, interpolate, prove_round, verify_weighted};
use crate::tables::{Table, TableId};
use crate::transcript::{ProverTranscript, VerifierTranscript};
use skip::{BLOCK, LOG_BLOCK, bind_skip, lagrange};

/// The labels of the sumchecks.
const LABELS: Labels = Labels {
    round: "poseidon.round",
    challenge: "poseidon.challenge",
};

/// The number of layers of cubes.
const NUM_LAYERS: usize = 8;
/// The layer whose cubes enter the partial rounds.
const MIDDLE: usize = 3;
/// The degree of a layer in the columns.
const DEGREE: usize = 3;
/// The degree of the polynomial of 14.3.
const SKIP_DEGREE: usize = DEGREE * (BLOCK - 1);

/// What is particular to a hash table.
#[derive(Clone, Debug)]
pub struct HashTable {
    /// hash_T.
    pub number: u64,
    constants: Constants,
    /// The columns `in`.
    pub input: Range<usize>,
    /// The columns `s`.
    pub s: Range<usize>,
    /// The columns `y`.
    pub y: Range<usize>,
}

impl HashTable {
    /// The hash table T, unless T is another table.
    pub fn of(table: TableId) -> Option<Self> {
        let (number, constants, first, num_inputs, num_outputs) = match table {
            TableId::Poseidon8 => (0, constants_16(), 12, 8, 16),
            TableId::Poseidon16 => (1, constants_16(), 16, 16, 16),
            TableId::Poseidon24 => (2, constants_24(), 20, 24, 24),
            TableId::Poseidon16Halves => (3, constants_16(), 19, 16, 4),
            TableId::ChainStep => (4, constants_16(), 1, 12, 4),
            TableId::PathStep => (5, constants_16(), 5, 16, 4),
            TableId::SpongeStep => (6, constants_16(), 4, 16, 8),
            _ => return None,
        };
        let input = first..first + num_inputs;
        let s = input.end..input.end + constants.internal.len();
        let y = s.end..s.end + num_outputs;
        Some(Self {
            number,
            constants,
            input,
            s,
            y,
        })
    }

    /// rc_ℓ.
    fn constants_of(&self, layer: usize) -> &'static [u32] {
        let constants = &self.constants;
        let [initial, last] = [constants.external_initial, constants.external_final];
        [initial, last].concat()[layer]
    }

    /// w_T.
    fn width(&self) -> usize {
        width(&self.constants)
    }

    /// The inputs of the partial S-boxes and the state e' after the partial rounds, which begin
    /// with the state e, if these are the cubes and `active` is I.
    fn partial_rounds<E: Element>(&self, e: &[E], cubes: &[E], active: E) -> (Vec<E>, Vec<E>) {
        let mut state = e.to_vec();
        let mut inputs = Vec::new();
        for (word, &cube) in self.constants.internal.iter().zip(cubes) {
            inputs.push(state[0] + constant::<E>(*word) * active);
            state[0] = cube;
            internal_layer(&mut state, self.constants.diagonal);
        }
        (inputs, state)
    }

    /// u_0 = external(`in`, then zeros) + I·rc_0.
    fn first_layer<E: Element>(&self, input: &[E], active: E) -> Vec<E> {
        let mut state = input.to_vec();
        state.resize(self.width(), constant(0));
        external_layer(&mut state);
        self.add_constants(&mut state, 0, active);
        state
    }

    /// state + I·rc_ℓ.
    fn add_constants<E: Element>(&self, state: &mut [E], layer: usize, active: E) {
        for (x, word) in state.iter_mut().zip(self.constants_of(layer)) {
            *x += constant::<E>(*word) * active;
        }
    }

    /// The columns that the sumcheck of each layer is over, in a row: u_ℓ, before which come the
    /// `s_i` in the middle.
    fn layers(&self, input: &[Felt], s: &[Felt], active: Felt) -> Vec<Vec<Felt>> {
        let mut layers = vec![self.first_layer(input, active)];
        for layer in 1..NUM_LAYERS {
            let mut state: Vec<Felt> = layers[layer - 1].iter().map(|u| cube(*u)).collect();
            external_layer(&mut state);
            if layer == MIDDLE + 1 {
                let cubes: Vec<Felt> = s.iter().map(|s| cube(*s)).collect();
                state = self.partial_rounds(&state, &cubes, active).1;
            }
            self.add_constants(&mut state, layer, active);
            layers.push(state);
        }
        layers[MIDDLE] = [s, &layers[MIDDLE]].concat();
        layers
    }

    /// The columns `y` of a row with activity and these `in` and `s`.
    pub fn outputs(&self, input: &[Felt], s: &[Felt]) -> Vec<Felt> {
        let layers = self.layers(input, s, Felt::ONE);
        let mut y: Vec<Felt> = layers[NUM_LAYERS - 1].iter().map(|u| cube(*u)).collect();
        external_layer(&mut y);
        y.truncate(self.y.len());
        y
    }

    /// The columns `s` and `y` of a row with activity and this `in`.
    pub fn permutation(&self, input: &[Felt]) -> (Vec<Felt>, Vec<Felt>) {
        let Permutation { s, mut y } = Permutation::of(input, &self.constants);
        y.truncate(self.y.len());
        (s, y)
    }

    /// Step 14.2 of a layer.
    fn combination(&self, layer: usize, delta: Ext) -> Combination {
        let start = delta.pow(64 * self.number);
        let weights: Vec<Ext> = (0..self.width() as u64)
            .map(|j| match layer {
                7 if j as usize >= self.y.len() => Ext::ZERO,
                _ => start * delta.pow(j),
            })
            .collect();
        let external = |x: &[Felt]| {
            let mut state = x.to_vec();
            external_layer(&mut state);
            state
        };
        if layer != MIDDLE {
            return Combination {
                cubes: transpose(&external, &weights, self.width()),
                linear: vec![Ext::ZERO; self.width()],
                constant: Ext::ZERO,
                weights,
            };
        }
        let num_partial = self.s.len();
        let s_weights: Vec<Ext> = (0..num_partial as u64)
            .map(|i| start * delta.pow(self.width() as u64 + i))
            .collect();
        // All that is linear in e, the cubes of s and I: the state e', then the inputs of S-boxes.
        let partial = |x: &[Felt]| {
            let (e, rest) = x.split_at(self.width());
            let (inputs, last) = self.partial_rounds(e, &rest[..num_partial], rest[num_partial]);
            [last, inputs].concat()
        };
        let inputs = self.width() + num_partial + 1;
        let combined = transpose(&partial, &[&weights[..], &s_weights].concat(), inputs);
        let (chi, rest) = combined.split_at(self.width());
        let psi = transpose(&external, chi, self.width());
        Combination {
            cubes: [&rest[..num_partial], &psi].concat(),
            linear: [s_weights, vec![Ext::ZERO; self.width()]].concat(),
            constant: rest[num_partial],
            weights,
        }
    }
}

/// The weights of x of which the sum is that of map(x) with `weights`, map being linear:
/// Σ_i weights_i·map(x)_i = Σ_j result_j·x_j.
fn transpose(map: &dyn Fn(&[Felt]) -> Vec<Felt>, weights: &[Ext], inputs: usize) -> Vec<Ext> {
    let of_unit = |j| {
        let mut unit = vec![Felt::ZERO; inputs];
        unit[j] = Felt::ONE;
        inner_product(weights, &lift(&map(&unit)))
    };
    (0..inputs).map(of_unit).collect()
}

/// The sum g_T of a layer and the claim that it is for.
#[derive(Clone, Debug)]
pub struct Combination {
    /// ψ_j, before which come the φ_i in the middle.
    pub cubes: Vec<Ext>,
    /// Zeros, before which come the δ'_{T,i} in the middle.
    linear: Vec<Ext>,
    /// Σ_i δ'_{T,i}·rc'_i in the middle.
    constant: Ext,
    /// δ_{T,j}.
    pub weights: Vec<Ext>,
}

impl Combination {
    /// g_T of the columns of the layer.
    fn evaluate(&self, values: &[Ext]) -> Ext {
        let mut sum = Ext::ZERO;
        for (i, &value) in values.iter().enumerate() {
            sum += self.cubes[i] * cube(value) - self.linear[i] * value;
        }
        sum
    }
}

/// The claims on the columns of a hash table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HashClaims {
    /// T.
    pub table: TableId,
    /// The extensions of I_T·`y_j` at r_T.
    pub y: Vec<Ext>,
    /// `s_i` at the skip point of layer 3.
    pub s: Vec<Ext>,
    /// `in_j` at the skip point of layer 0.
    pub input: Vec<Ext>,
}

/// What is left to show (§14.9).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PermutationClaims {
    /// The skip point of layer 3.
    pub s_point: SkipPoint,
    /// The skip point of layer 0.
    pub input_point: SkipPoint,
    /// For each present hash table in order.
    pub tables: Vec<HashClaims>,
}

/// Where the argument stands between two layers.
struct State {
    point: SkipPoint,
    /// weight_z.
    weights: Vec<Ext>,
    claims: PermutationClaims,
}

impl State {
    /// Before layer 7; `point` is r, `outputs` what 14.1 receives.
    fn new(hashes: &[Present], point: &[Ext], outputs: Vec<Vec<Ext>>) -> Self {
        let most = hashes.iter().map(|hash| hash.log_height).max();
        let last = &point[point.len() - most.unwrap_or(0)..];
        let (y, row) = last.split_at(last.len().saturating_sub(LOG_BLOCK));
        let none = || SkipPoint {
            y: Vec::new(),
            z: Ext::ZERO,
        };
        let tables = hashes.iter().zip(outputs).map(|(hash, y)| HashClaims {
            table: hash.table,
            y,
            s: Vec::new(),
            input: Vec::new(),
        });
        Self {
            // Z is not used before there is one.
            point: SkipPoint {
                y: y.to_vec(),
                ..none()
            },
            weights: eq_table(row),
            claims: PermutationClaims {
                s_point: none(),
                input_point: none(),
                tables: tables.collect(),
            },
        }
    }

    /// Keeps the claims on columns that a layer ends in.
    fn keep(&mut self, layer: usize, hashes: &[Present], values: &[Vec<Ext>]) {
        if layer == MIDDLE {
            self.claims.s_point = self.point.clone();
        }
        if layer == 0 {
            self.claims.input_point = self.point.clone();
        }
        for ((claims, hash), values) in self.claims.tables.iter_mut().zip(hashes).zip(values) {
            if layer == MIDDLE {
                claims.s = values[..hash.columns.s.len()].to_vec();
            }
            if layer == 0 {
                claims.input = values.clone();
            }
        }
    }
}

/// A hash table that is present.
struct Present {
    table: TableId,
    columns: HashTable,
    rows: usize,
    log_height: usize,
}

impl Present {
    fn all(tables: &[TableShape]) -> Vec<Self> {
        let mut all = Vec::new();
        for shape in tables {
            if let Some(columns) = HashTable::of(shape.table) {
                all.push(Self {
                    table: shape.table,
                    columns,
                    rows: shape.rows,
                    log_height: shape.log_height() as usize,
                });
            }
        }
        all
    }

    /// The number of values of 14.6.
    fn num_values(&self, layer: usize) -> usize {
        match layer {
            0 => self.columns.input.len(),
            MIDDLE => self.columns.s.len() + self.columns.width(),
            _ => self.columns.width(),
        }
    }
}

/// The columns of the layers of a table: by layer, column and row.
fn layer_columns(hash: &Present, table: &Table) -> Vec<Vec<Vec<Felt>>> {
    let cell = |column: usize, row: usize| {
        let cells: &Vec<Felt> = &table.columns[column];
        cells.get(row).copied().unwrap_or(Felt::ZERO)
    };
    let mut layers: Vec<Vec<Vec<Felt>>> = Vec::new();
    for row in 0..1 << hash.log_height {
        let active = Felt::new(u64::from(row < hash.rows));
        let HashTable { input, s, .. } = &hash.columns;
        let input: Vec<Felt> = input.clone().map(|column| cell(column, row)).collect();
        let s: Vec<Felt> = s.clone().map(|column| cell(column, row)).collect();
        for (layer, values) in hash.columns.layers(&input, &s, active).iter().enumerate() {
            layers.resize(NUM_LAYERS, Vec::new());
            for (j, value) in values.iter().enumerate() {
                layers[layer].resize(values.len(), Vec::new());
                layers[layer][j].push(*value);
            }
        }
    }
    layers
}

/// Proves the permutations; `trace` is all tables in the order T, `tables` the present ones,
/// `point` r.
pub fn prove(
    tables: &[TableShape],
    trace: &[Table],
    point: &[Ext],
    transcript: &mut ProverTranscript,
) -> PermutationClaims {
    prove_changed(tables, trace, point, &mut |_| {}, transcript)
}

/// What a prover is about to send in 14.1 or 14.6.
#[derive(Debug)]
pub struct Values<'a> {
    /// ℓ, or the number of layers in 14.1.
    pub layer: usize,
    /// g_T of each table, not in 14.1.
    pub combinations: &'a [Combination],
    /// What g_T is evaluated on, of each table, not in 14.1.
    pub columns: &'a [Vec<Ext>],
    /// What is sent, of each table.
    pub values: &'a mut [Vec<Ext>],
}

/// [`prove`], with values that `change` may change before they are sent: for tests that show what
/// is refused.
pub fn prove_changed(
    tables: &[TableShape],
    trace: &[Table],
    point: &[Ext],
    change: &mut dyn FnMut(Values<'_>),
    transcript: &mut ProverTranscript,
) -> PermutationClaims {
    let hashes = Present::all(tables);
    let mut outputs: Vec<Vec<Ext>> = hashes
        .iter()
        .map(|hash| {
            let own = &point[point.len() - hash.log_height..];
            let columns = &trace[hash.table.index()].columns[hash.columns.y.clone()];
            let value = |column: &Vec<Felt>| evaluate(&lift(&column[..hash.rows]), own);
            columns.iter().map(value).collect()
        })
        .collect();
    if hashes.is_empty() {
        return State::new(&hashes, point, outputs).claims;
    }
    change(Values {
        layer: NUM_LAYERS,
        combinations: &[],
        columns: &[],
        values: &mut outputs,
    });
    for list in &outputs {
        transcript.send_extension("poseidon.outputs", list);
    }
    let mut state = State::new(&hashes, point, outputs);
    let columns: Vec<Vec<Vec<Vec<Felt>>>> = hashes
        .iter()
        .map(|hash| layer_columns(hash, &trace[hash.table.index()]))
        .collect();
    for layer in (0..NUM_LAYERS).rev() {
        let delta = transcript.sample("poseidon.delta");
        let combinations: Vec<Combination> = hashes
            .iter()
            .map(|hash| hash.columns.combination(layer, delta))
            .collect();
        let columns: Vec<&Vec<Vec<Felt>>> = columns.iter().map(|layers| &layers[layer]).collect();
        let bound_at = |z: Ext| -> Vec<Vec<Vec<Ext>>> {
            let weights = lagrange(z);
            let bound = |list: &&Vec<Vec<Felt>>| -> Vec<Vec<Ext>> {
                list.iter()
                    .map(|column| bind_skip(column, &weights))
                    .collect()
            };
            columns.iter().map(bound).collect()
        };
        let values: Vec<Ext> = (0..=SKIP_DEGREE as u64)
            .map(|z| {
                let bound = bound_at(Ext::from(Felt::new(z)));
                weighted_sum(&combinations, &bound, &state.point.y)
            })
            .collect();
        transcript.send_extension("poseidon.skip", &interpolate(&values)[1..]);
        let z = transcript.sample("poseidon.skip_challenge");
        let mut bound = bound_at(z);
        let y = prove_layer(&combinations, &mut bound, &state.point.y, transcript);
        state.point = SkipPoint { y, z };
        state.weights = lagrange(z);
        let at_point: Vec<Vec<Ext>> = bound
            .iter()
            .map(|columns| columns.iter().map(|column| column[0]).collect())
            .collect();
        let mut values = at_point.clone();
        if layer == 0 {
            for (hash, values) in hashes.iter().zip(&mut values) {
                let columns = &trace[hash.table.index()].columns[hash.columns.input.clone()];
                let value = |column: &Vec<Felt>| state.point.evaluate(column, hash.log_height);
                *values = columns.iter().map(value).collect();
            }
        }
        change(Values {
            layer,
            combinations: &combinations,
            columns: &at_point,
            values: &mut values,
        });
        for list in &values {
            transcript.send_extension("poseidon.values", list);
        }
        state.keep(layer, &hashes, &values);
    }
    state.claims
}

/// Σ_b eq(y, b)·g(b) of columns as functions of the blocks b; those of a table with fewer variables
/// than y has are functions of the last ones.
fn weighted_sum(combinations: &[Combination], columns: &[Vec<Vec<Ext>>], y: &[Ext]) -> Ext {
    let mut sum = Ext::ZERO;
    for (combination, columns) in combinations.iter().zip(columns) {
        let variables = columns[0].len().ilog2() as usize;
        let weights = eq_table(&y[y.len() - variables..]);
        for (b, &weight) in weights.iter().enumerate() {
            let values: Vec<Ext> = columns.iter().map(|column| column[b]).collect();
            sum += weight * combination.evaluate(&values);
        }
    }
    sum
}

/// The sumcheck of 14.5; the columns are bound to its challenges, which it returns.
fn prove_layer(
    combinations: &[Combination],
    columns: &mut [Vec<Vec<Ext>>],
    y: &[Ext],
    transcript: &mut ProverTranscript,
) -> Vec<Ext> {
    let mut challenges = Vec::new();
    for i in 0..y.len() {
        // Tables that do not have the variable yet add a constant, which any x gives.
        let has_variable = |columns: &[Vec<Ext>]| columns[0].len() >> (y.len() - i) == 1;
        let bind_all = |columns: &[Vec<Vec<Ext>>], x: Ext| -> Vec<Vec<Vec<Ext>>> {
            let bind_table = |columns: &Vec<Vec<Ext>>| -> Vec<Vec<Ext>> {
                if has_variable(columns) {
                    columns.iter().map(|column| bind(column, x)).collect()
                } else {
                    columns.clone()
                }
            };
            columns.iter().map(bind_table).collect()
        };
        let values: Vec<Ext> = (0..=DEGREE as u64)
            .map(|x| {
                let bound = bind_all(columns, Ext::from(Felt::new(x)));
                weighted_sum(combinations, &bound, &y[i + 1..])
            })
            .collect();
        let challenge = prove_round(transcript, LABELS, &values);
        columns.clone_from_slice(&bind_all(columns, challenge));
        challenges.push(challenge);
    }
    challenges
}

/// Verifies the permutations; `point` is r.
///
/// # Errors
/// Those of the transcript, `poseidon-layer`.
pub fn verify(
    tables: &[TableShape],
    point: &[Ext],
    transcript: &mut VerifierTranscript<'_>,
) -> Result<PermutationClaims, Error> {
    verify_without(tables, point, None, transcript)
}

/// [`verify`], but for step 14.7 of a layer: for tests that show what it refuses.
///
/// # Errors
/// As for [`verify`].
pub fn verify_without(
    tables: &[TableShape],
    point: &[Ext],
    waived: Option<usize>,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<PermutationClaims, Error> {
    let hashes = Present::all(tables);
    if hashes.is_empty() {
        return Ok(State::new(&hashes, point, Vec::new()).claims);
    }
    // §14.1.
    let numbers: Vec<usize> = hashes.iter().map(|hash| hash.columns.y.len()).collect();
    let outputs = receive_lists(transcript, "poseidon.outputs", &numbers)?;
    let mut claimed = outputs.clone();
    let mut state = State::new(&hashes, point, outputs);
    for layer in (0..NUM_LAYERS).rev() {
        // §14.2.
        let delta = transcript.sample("poseidon.delta");
        let mut claim = Ext::ZERO;
        let mut combinations = Vec::new();
        for (hash, claimed) in hashes.iter().zip(&claimed) {
            let combination = hash.columns.combination(layer, delta);
            claim += inner_product(&combination.weights, claimed);
            if layer == MIDDLE {
                claim -= state.point.activity(hash.rows, hash.log_height) * combination.constant;
            }
            combinations.push(combination);
        }
        // §14.3: c_0 = claim − Σ_k c_k·Σ_z weight_z·ξ^(zk).
        let sent = transcript.receive_extension("poseidon.skip", SKIP_DEGREE)?;
        let root = root_of_unity(LOG_BLOCK as u32).unwrap_or(Felt::ONE);
        let mut first = claim;
        for (k, &coefficient) in (1..).zip(&sent) {
            for (z, &weight) in (0..).zip(&state.weights) {
                first -= coefficient * weight * Ext::from(root.pow(z * k));
            }
        }
        // §14.4.
        let z = transcript.sample("poseidon.skip_challenge");
        let claim = evaluate_polynomial(&[&[first][..], &sent].concat(), z);
        // §14.5.
        let (last, y) = verify_weighted(transcript, LABELS, claim, &state.point.y, DEGREE)?;
        state.point = SkipPoint { y, z };
        // §14.6.
        let numbers: Vec<usize> = hashes.iter().map(|hash| hash.num_values(layer)).collect();
        let values = receive_lists(transcript, "poseidon.values", &numbers)?;
        // §14.7, §14.8.
        let mut sum = Ext::ZERO;
        claimed.clear();
        for ((hash, combination), values) in hashes.iter().zip(&combinations).zip(&values) {
            let active = state.point.activity(hash.rows, hash.log_height);
            let columns = match layer {
                0 => hash.columns.first_layer(values, active),
                _ => values.clone(),
            };
            sum += combination.evaluate(&columns);
            let mut u = columns[columns.len() - hash.columns.width()..].to_vec();
            hash.columns.add_constants(&mut u, layer, -active);
            claimed.push(u);
        }
        if sum != last && waived != Some(layer) {
            let detail = format!("layer {layer}: the cubes sum to {sum:?}, the claim is {last:?}");
            return Err(Error::new(Rejection::PoseidonLayer, detail));
        }
        state.weights = lagrange(z);
        state.keep(layer, &hashes, &values);
    }
    // §14.9.
    Ok(state.claims)
}

/// Lists of elements of E of these lengths.
fn receive_lists(
    transcript: &mut VerifierTranscript<'_>,
    label: &'static str,
    numbers: &[usize],
) -> Result<Vec<Vec<Ext>>, Error> {
    let mut receive = |&number| transcript.receive_extension(label, number);
    numbers.iter().map(&mut receive).collect()
}

#[cfg(test)]
mod tests;
