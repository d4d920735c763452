//! The opening of a dishonest prover, SPEC §17. W is a vector, made from its definition.

use leanvm_spec::commitment::code::encode_extension;
use leanvm_spec::commitment::functional::Functional;
use leanvm_spec::commitment::stacking::{Stacking, log_height};
use leanvm_spec::field::{Ext, Felt, root_of_unity};
use leanvm_spec::merkle::Tree;
use leanvm_spec::multilinear::{bind, eq_index, eq_table, evaluate, inner_product, lift};
use leanvm_spec::parameters::Round;
use leanvm_spec::sumcheck::interpolate;
use leanvm_spec::tables::TableId;
use leanvm_spec::transcript::ProverTranscript;

use super::{Deceit, Oracle};

/// f_t and W as vectors, and the tree of oracle t.
pub(super) struct Opening<'a> {
    deceit: Deceit,
    values: Vec<Ext>,
    weights: Vec<Ext>,
    tree: Tree,
    transcript: &'a mut ProverTranscript,
}

impl<'a> Opening<'a> {
    pub(super) fn new(
        deceit: Deceit,
        stack: Vec<Felt>,
        tree: Tree,
        transcript: &'a mut ProverTranscript,
    ) -> Self {
        Self {
            deceit,
            values: lift(&stack),
            weights: vec![Ext::ZERO; stack.len()],
            tree,
            transcript,
        }
    }

    /// The claims and all rounds; `rho` is ρ, `sample` the out-of-domain point of oracle 0.
    pub(super) fn prove(
        mut self,
        stacking: &Stacking,
        rho: &[Ext],
        public_cells: usize,
        sample: &[Ext],
        rounds: &[Round],
    ) {
        let variables = (public_cells / 8).ilog2() as usize;
        let public = self
            .transcript
            .sample_point("opening.public_point", variables);
        let beta = self.transcript.sample_point("opening.columns", 13);
        let combine = self.transcript.sample("opening.combine");
        self.add_columns(stacking, rho, &public, &beta, combine);
        self.add(&Functional::Equality(sample.to_vec()), combine * combine);
        for (t, round) in rounds.iter().enumerate() {
            for _ in 0..round.fold {
                self.fold(round.fold_pow);
            }
            if let Some(next) = rounds.get(t + 1) {
                self.next_oracle(|oracle| oracle.is(t + 1, rounds.len()), round, next);
            } else {
                self.final_polynomial(round);
            }
        }
        while self.values.len() > 1 {
            self.fold(0);
        }
    }

    /// W ← W + W_0 + ζ·W_1.
    fn add_columns(
        &mut self,
        stacking: &Stacking,
        rho: &[Ext],
        public: &[Ext],
        beta: &[Ext],
        combine: Ext,
    ) {
        for rectangle in &stacking.rectangles {
            let height = log_height(stacking.rows_of(rectangle.table)) as usize;
            let rows = eq_table(&rho[rho.len() - height..]);
            let is_memory = rectangle.table == TableId::Memory;
            let public_rows = if is_memory {
                let zeros = vec![Ext::ZERO; height - public.len()];
                eq_table(&[&zeros, public].concat())
            } else {
                Vec::new()
            };
            for column in 0..1 << rectangle.log_columns {
                let absolute = rectangle.first_column + column;
                let weight = eq_index(beta, 256 * rectangle.table.index() + absolute);
                for row in 0..1 << rectangle.log_rows {
                    let mut sum = rows[rectangle.first_row + row];
                    if is_memory && absolute < 8 {
                        sum += combine * public_rows[rectangle.first_row + row];
                    }
                    let cell = rectangle.offset + (column << rectangle.log_rows) + row;
                    self.weights[cell] += weight * sum;
                }
            }
        }
    }

    /// W ← W + factor·W_c.
    fn add(&mut self, functional: &Functional, factor: Ext) {
        let table = functional.table(self.values.len().ilog2());
        for (weight, entry) in self.weights.iter_mut().zip(table) {
            *weight += factor * entry;
        }
    }

    /// Another polynomial than the fold, with the same inner product with W if that is asked for.
    fn falsify(&mut self, same_product: bool) {
        if same_product {
            let (first, second) = (self.weights[0], self.weights[1]);
            self.values[0] += second;
            self.values[1] += -first;
        } else {
            self.values[0] += Ext::ONE;
        }
    }

    /// One round of plain sumcheck.
    fn fold(&mut self, fold_pow: u32) {
        let at = |x: u64| {
            let x = Ext::from(Felt::new(x));
            inner_product(&bind(&self.values, x), &bind(&self.weights, x))
        };
        let coefficients = interpolate(&[at(0), at(1), at(2)]);
        self.transcript
            .send_extension("opening.round", &coefficients[1..]);
        self.grind("opening.fold_nonce", fold_pow);
        let challenge = self.transcript.sample("opening.fold");
        self.values = bind(&self.values, challenge);
        self.weights = bind(&self.weights, challenge);
    }

    /// Steps 17.10 and 17.14 to 17.18 of the last round.
    fn final_polynomial(&mut self, round: &Round) {
        match self.deceit {
            Deceit::Final => self.falsify(false),
            Deceit::FinalSameProduct => self.falsify(true),
            _ => {}
        }
        self.transcript
            .send_extension("opening.final", &self.values);
        self.new_claims(Vec::new(), round);
    }

    /// Steps 17.11 to 17.18 of a round that is not the last, which makes the oracle of which
    /// `is_this` is true.
    fn next_oracle(&mut self, is_this: impl Fn(Oracle) -> bool, round: &Round, next: &Round) {
        match self.deceit {
            Deceit::Polynomial(oracle) if is_this(oracle) => self.falsify(false),
            Deceit::SameProduct(oracle) if is_this(oracle) => self.falsify(true),
            _ => {}
        }
        let mut committed = self.values.clone();
        if matches!(self.deceit, Deceit::Oracle(oracle) if is_this(oracle)) {
            committed[0] += Ext::ONE;
        }
        let polynomials: Vec<Vec<Ext>> = committed
            .chunks(1 << (next.variables - next.fold))
            .map(<[Ext]>::to_vec)
            .collect();
        let tree = Tree::new(encode_extension(&polynomials, next.log_rows));
        self.transcript.send("opening.root", &tree.root());
        let point = self
            .transcript
            .sample_point("opening.ood_point", next.variables as usize);
        let mut answer = evaluate(&self.values, &point);
        if matches!(self.deceit, Deceit::Answer(oracle) if is_this(oracle)) {
            answer += Ext::ONE;
        }
        self.transcript
            .send_extension("opening.ood_answer", &[answer]);
        self.new_claims(vec![Functional::Equality(point)], round);
        self.tree = tree;
    }

    /// Steps 17.14 to 17.18: the answers of queries of the present oracle are claims behind these.
    fn new_claims(&mut self, mut claims: Vec<Functional>, round: &Round) {
        let root = root_of_unity(round.log_rows).expect("the caps bound the rows");
        for index in self.query(round) {
            claims.push(Functional::Powers(root.pow(index as u64)));
        }
        let combine = self.transcript.sample("opening.combine");
        let mut power = combine;
        for claim in &claims {
            self.add(claim, power);
            power *= combine;
        }
    }

    /// Steps 17.14 to 17.16: the queried rows of the present oracle; the indices as sampled.
    fn query(&mut self, round: &Round) -> Vec<usize> {
        self.grind("opening.query_nonce", round.query_pow);
        let sampled = self
            .transcript
            .indices("opening.queries", round.queries, round.log_rows);
        let mut indices = sampled.clone();
        indices.sort_unstable();
        indices.dedup();
        let rows = self.tree.rows(&indices).concat();
        let siblings = self.tree.siblings(&indices).concat();
        self.transcript.opening("opening.rows", &rows);
        self.transcript.opening("opening.siblings", &siblings);
        sampled
    }

    /// The smallest nonce that fits, or the second smallest.
    fn grind(&mut self, label: &'static str, bits: u32) {
        if self.deceit != Deceit::Nonces || bits == 0 {
            self.transcript.grind(label, bits);
            return;
        }
        let mut found = (0..).filter_map(|nonce| {
            let mut tried = self.transcript.clone();
            tried.send(label, &[Felt::new(nonce)]);
            let first = tried.sample(label).coordinates()[0];
            (first.value().trailing_zeros() >= bits).then_some(tried)
        });
        *self.transcript = found.nth(1).expect("every second nonce in 2^bits fits");
    }
}
