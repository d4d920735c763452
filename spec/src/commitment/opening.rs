//! SPEC §17 commitment, opening.
//!
//! WHIR over interleaved codes: rounds of plain sumcheck of f·W, a new oracle for the folded f,
//! queries of the last oracle, whose answers become claims on the folded f.

use super::code::encode_extension;
use super::functional::Functional;
use crate::field::{DEGREE, Ext, Felt, root_of_unity};
use crate::merkle::{self, Tree};
use crate::multilinear::{bind, eq_table, evaluate, inner_product, lift};
use crate::parameters::{Parameters, Round};
use crate::permutation::Digest;
use crate::rejection::{Error, Rejection};
use crate::sumcheck::{complete_plain, evaluate_polynomial, interpolate};
use crate::transcript::{ProverTranscript, VerifierTranscript, unflatten};

/// The digests of a list of elements; an incomplete last digest is left out.
pub(crate) fn receive_digests(elements: Vec<Felt>) -> Vec<Digest> {
    elements
        .chunks_exact(8)
        .map(|chunk| core::array::from_fn(|i| chunk[i]))
        .collect()
}

/// The sorted distinct indices of a sample.
fn distinct(sampled: &[usize]) -> Vec<usize> {
    let mut indices = sampled.to_vec();
    indices.sort_unstable();
    indices.dedup();
    indices
}

/// The node ν = ω_t^index of a row of an oracle of 2^log_rows rows.
fn node(log_rows: u32, index: usize) -> Felt {
    root_of_unity(log_rows)
        .unwrap_or(Felt::ONE)
        .pow(index as u64)
}

/// The prover's state: f_t and W as vectors, and oracle t.
#[derive(Debug)]
pub(crate) struct Prover {
    out_of_domain_samples: usize,
    values: Vec<Ext>,
    weights: Vec<Ext>,
    tree: Tree,
}

impl Prover {
    /// The state before round 0: W = Σ_c ζ^c·W_c.
    pub(crate) fn new(
        parameters: &Parameters,
        stack: &[Felt],
        tree: Tree,
        combine: Ext,
        claims: &[(Functional, Ext)],
    ) -> Self {
        let mut prover = Self {
            out_of_domain_samples: parameters.set.out_of_domain_samples(),
            values: lift(stack),
            weights: vec![Ext::ZERO; stack.len()],
            tree,
        };
        let mut power = Ext::ONE;
        for (functional, _) in claims {
            prover.add_weight(functional, power);
            power *= combine;
        }
        prover
    }

    /// The number of variables of f_t.
    fn variables(&self) -> u32 {
        self.values.len().ilog2()
    }

    /// W ← W + factor·W_c.
    fn add_weight(&mut self, functional: &Functional, factor: Ext) {
        let table = functional.table(self.variables());
        for (weight, entry) in self.weights.iter_mut().zip(table) {
            *weight += factor * entry;
        }
    }

    /// One round of plain sumcheck of f·W.
    fn fold(&mut self, fold_pow: u32, transcript: &mut ProverTranscript) {
        let mut points = Vec::new();
        for x in 0..3 {
            let x = Ext::from(Felt::new(x));
            points.push(inner_product(
                &bind(&self.values, x),
                &bind(&self.weights, x),
            ));
        }
        transcript.send_extension("opening.round", &interpolate(&points)[1..]);
        transcript.grind("opening.fold_nonce", fold_pow);
        let challenge = transcript.sample("opening.fold");
        self.values = bind(&self.values, challenge);
        self.weights = bind(&self.weights, challenge);
    }

    /// Grinds, samples the queries of the present oracle, which it returns, and opens their rows.
    fn query(&self, round: &Round, transcript: &mut ProverTranscript) -> Vec<usize> {
        transcript.grind("opening.query_nonce", round.query_pow);
        let sampled = transcript.indices("opening.queries", round.queries, round.log_rows);
        let indices = distinct(&sampled);
        transcript.opening("opening.rows", &self.tree.rows(&indices).concat());
        transcript.opening("opening.siblings", &self.tree.siblings(&indices).concat());
        sampled
    }

    /// Commits f_{t+1} and sends the root.
    fn next_oracle(&self, next: &Round, transcript: &mut ProverTranscript) -> Tree {
        let polynomials: Vec<Vec<Ext>> = self
            .values
            .chunks(1 << (next.variables - next.fold))
            .map(<[Ext]>::to_vec)
            .collect();
        let tree = Tree::new(encode_extension(&polynomials, next.log_rows));
        transcript.send("opening.root", &tree.root());
        tree
    }

    /// All rounds.
    pub(crate) fn prove(mut self, rounds: &[Round], transcript: &mut ProverTranscript) {
        for (t, round) in rounds.iter().enumerate() {
            for _ in 0..round.fold {
                self.fold(round.fold_pow, transcript);
            }
            let mut claims = Vec::new();
            let mut next_tree = None;
            if let Some(next) = rounds.get(t + 1) {
                next_tree = Some(self.next_oracle(next, transcript));
                for _ in 0..self.out_of_domain_samples {
                    let variables = self.variables() as usize;
                    let point = transcript.sample_point("opening.ood_point", variables);
                    let answer = evaluate(&self.values, &point);
                    transcript.send_extension("opening.ood_answer", &[answer]);
                    claims.push(Functional::Equality(point));
                }
            } else {
                transcript.send_extension("opening.final", &self.values);
            }
            for index in self.query(round, transcript) {
                claims.push(Functional::Powers(node(round.log_rows, index)));
            }
            let combine = transcript.sample("opening.combine");
            let mut power = combine;
            for claim in &claims {
                self.add_weight(claim, power);
                power *= combine;
            }
            if let Some(tree) = next_tree {
                self.tree = tree;
            }
        }
        for _ in 0..self.variables() {
            self.fold(0, transcript);
        }
    }
}

/// A term of W: its factor, its functional, and the number of variables that were bound before it
/// was added.
#[derive(Debug)]
struct Term {
    factor: Ext,
    functional: Functional,
    bound: usize,
}

/// The verifier's state: σ, the terms of W, the challenges of all folds, and oracle t.
#[derive(Debug)]
pub(crate) struct Verifier {
    out_of_domain_samples: usize,
    claim: Ext,
    terms: Vec<Term>,
    challenges: Vec<Ext>,
    root: Digest,
    /// The number of base elements of a row of oracle t.
    row_length: usize,
}

impl Verifier {
    /// The state before round 0: σ = Σ_c ζ^c·claim_c, W = Σ_c ζ^c·W_c.
    pub(crate) fn new(
        parameters: &Parameters,
        root: Digest,
        width: usize,
        combine: Ext,
        claims: Vec<(Functional, Ext)>,
    ) -> Self {
        let mut verifier = Self {
            out_of_domain_samples: parameters.set.out_of_domain_samples(),
            claim: Ext::ZERO,
            terms: Vec::new(),
            challenges: Vec::new(),
            root,
            row_length: width,
        };
        verifier.add_claims(Ext::ONE, combine, claims);
        verifier
    }

    /// Adds claims with the factors first, first·combine, first·combine², ….
    fn add_claims(&mut self, first: Ext, combine: Ext, claims: Vec<(Functional, Ext)>) {
        let mut factor = first;
        for (functional, value) in claims {
            self.claim += factor * value;
            self.terms.push(Term {
                factor,
                functional,
                bound: self.challenges.len(),
            });
            factor *= combine;
        }
    }

    /// §17.7 to §17.9: one round of plain sumcheck.
    fn fold(
        &mut self,
        fold_pow: u32,
        transcript: &mut VerifierTranscript<'_>,
    ) -> Result<(), Error> {
        let sent = transcript.receive_extension("opening.round", 2)?;
        let coefficients = complete_plain(self.claim, &sent);
        transcript.grind("opening.fold_nonce", fold_pow)?;
        let challenge = transcript.sample("opening.fold");
        self.claim = evaluate_polynomial(&coefficients, challenge);
        self.challenges.push(challenge);
        Ok(())
    }

    /// Samples the queries of oracle t and checks its rows: for each index, in the order sampled,
    /// the node ν and the answer Σ_j eq(ρ, j)·row_j, ρ being the challenges of the round.
    fn query(
        &self,
        first_oracle: bool,
        round: &Round,
        transcript: &mut VerifierTranscript<'_>,
    ) -> Result<Vec<(Felt, Ext)>, Error> {
        // §17.14.
        transcript.grind("opening.query_nonce", round.query_pow)?;
        // §17.15.
        let sampled = transcript.indices("opening.queries", round.queries, round.log_rows);
        let indices = distinct(&sampled);
        // §17.16.
        let number = indices.len() * self.row_length;
        let elements = transcript.opening("opening.rows", number)?;
        let rows: Vec<Vec<Felt>> = elements
            .chunks(self.row_length)
            .map(<[Felt]>::to_vec)
            .collect();
        let number = 8 * merkle::num_siblings(round.log_rows, &indices);
        let siblings = receive_digests(transcript.opening("opening.siblings", number)?);
        merkle::verify(&self.root, round.log_rows, &indices, &rows, &siblings)?;
        // §17.17.
        let first = self.challenges.len() - round.fold as usize;
        let weights = eq_table(&self.challenges[first..]);
        let mut answers = Vec::new();
        for index in sampled {
            // Before its row are those of all smaller indices.
            let row = &rows[indices.partition_point(|&other| other < index)];
            let row = if first_oracle {
                lift(row)
            } else {
                unflatten(row)
            };
            answers.push((node(round.log_rows, index), inner_product(&weights, &row)));
        }
        Ok(answers)
    }

    /// All rounds and the last claim.
    ///
    /// # Errors
    /// Those of the transcript, `grinding`, `merkle-path`, `commitment-claim`.
    pub(crate) fn verify(
        mut self,
        rounds: &[Round],
        transcript: &mut VerifierTranscript<'_>,
    ) -> Result<(), Error> {
        let mut last_values = Vec::new();
        let mut variables = 0;
        for (t, round) in rounds.iter().enumerate() {
            for _ in 0..round.fold {
                self.fold(round.fold_pow, transcript)?;
            }
            variables = round.variables - round.fold;
            let mut claims = Vec::new();
            let mut next_oracle = None;
            if let Some(next) = rounds.get(t + 1) {
                // §17.11.
                let root = receive_digests(transcript.receive("opening.root", 8)?)[0];
                next_oracle = Some((root, DEGREE << next.fold));
                for _ in 0..self.out_of_domain_samples {
                    // §17.12, §17.13.
                    let point = transcript.sample_point("opening.ood_point", variables as usize);
                    let answer = transcript.receive_extension("opening.ood_answer", 1)?[0];
                    claims.push((Functional::Equality(point), answer));
                }
            } else {
                // §17.10.
                last_values = transcript.receive_extension("opening.final", 1 << variables)?;
            }
            for (node, answer) in self.query(t == 0, round, transcript)? {
                claims.push((Functional::Powers(node), answer));
            }
            // §17.18.
            let combine = transcript.sample("opening.combine");
            self.add_claims(combine, combine, claims);
            if let Some(oracle) = next_oracle {
                (self.root, self.row_length) = oracle;
            }
        }
        // §17.19.
        for _ in 0..variables {
            self.fold(0, transcript)?;
        }
        // §17.20.
        let mut weight = Ext::ZERO;
        for term in &self.terms {
            let point = &self.challenges[term.bound..];
            weight += term.factor * term.functional.evaluate(point);
        }
        let last_point = &self.challenges[self.challenges.len() - variables as usize..];
        let value = evaluate(&last_values, last_point) * weight;
        if self.claim != value {
            let detail = format!("the opening is {value:?}, the claim is {:?}", self.claim);
            return Err(Error::new(Rejection::CommitmentClaim, detail));
        }
        Ok(())
    }
}
