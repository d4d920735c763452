//! What a verifier that checks nothing would see of a proof: all events of its transcript. So the
//! guest of SPEC §25 can be run on a proof that the verifiers refuse.
//!
//! The header is checked, since all lengths follow from it. Where the bytes end early or a word is
//! not canonical, no verifier reads on, and zeros stand in place of all that would follow.

use leanvm_fast::field::{DIMENSION, F, from_canonical};
use leanvm_fast::isa::Program;
use leanvm_fast::merkle::num_siblings;
use leanvm_fast::parameters::{ParameterSet, Parameters};
use leanvm_fast::permutation::DIGEST;
use leanvm_fast::proof::{Header, PublicCells, Sizes, Statement, public_elements, words};
use leanvm_fast::rejection::{Error, Rejection};
use leanvm_fast::tables::{HashColumns, TableId, log_height};
use leanvm_fast::transcript::{Common, Event};
use p3_field::PrimeCharacteristicRing;

/// Layers of the permutation, and the one with the partial rounds (SPEC §14).
const LAYERS: usize = 8;
const MIDDLE: usize = 3;

/// What is read of a proof.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The events.
    pub events: Vec<Event>,
    /// What a reader refuses that knows the lengths and nothing else.
    pub reading: Result<(), Error>,
}

/// Reads a proof for this statement.
///
/// # Errors
/// Those of SPEC §21, steps 21.1 to 21.4.
pub fn replay(
    program: &Program,
    public: &[u32],
    proof: &[u8],
    set: ParameterSet,
) -> Result<Replay, Error> {
    let public = PublicCells::new(&public_elements(public)?)?;
    let words = words(proof)?;
    let (header, elements) = Header::decode(&words, set)?;
    let sizes = Sizes::new(&header, program, public.cells.len())?;
    let mut reader = Reader {
        common: Common::new(true),
        left: elements,
        reading: Ok(()),
    };
    let statement = Statement {
        program,
        public: &public,
    };
    for (label, list) in statement.absorbed(&header) {
        reader.common.absorb(label, &list);
    }
    reader.commitment(&sizes);
    reader.lookup(sizes.leaves.log_leaves);
    reader.permutations(&sizes.rows);
    reader.zerocheck(&sizes.rows);
    reader.opening(&header.parameters, &sizes, public.log_chunks);
    if reader.reading.is_ok() && !reader.left.is_empty() {
        reader.reading = Err(Rejection::ProofLeftOver.at("words behind the end"));
    }
    Ok(Replay {
        events: reader.common.into_events(),
        reading: reader.reading,
    })
}

/// The present tables and their rows.
fn present(rows: &[usize; TableId::COUNT]) -> impl Iterator<Item = (TableId, usize)> {
    let all = TableId::ALL.into_iter().zip(*rows);
    all.filter(|(_, rows)| *rows > 0)
}

/// A transcript that takes all it is given.
struct Reader<'a> {
    common: Common,
    left: &'a [u32],
    reading: Result<(), Error>,
}

impl Reader<'_> {
    /// The next elements, zeros behind what is refused.
    fn take(&mut self, count: usize) -> Vec<F> {
        let Some((taken, left)) = self.left.split_at_checked(count) else {
            return self.refuse(Rejection::ProofTruncated, count);
        };
        let elements: Option<Vec<F>> = taken.iter().map(|word| from_canonical(*word)).collect();
        let Some(elements) = elements else {
            return self.refuse(Rejection::ElementNotCanonical, count);
        };
        self.left = left;
        elements
    }

    /// The reading ends here, if it has not ended before.
    fn refuse(&mut self, rejection: Rejection, count: usize) -> Vec<F> {
        if self.reading.is_ok() {
            self.reading = Err(rejection.at(format!("{count} elements")));
        }
        self.left = &[];
        F::zero_vec(count)
    }

    fn receive(&mut self, label: &'static str, count: usize) {
        let list = self.take(count);
        self.common.send(label, &list);
    }

    fn receive_extension(&mut self, label: &'static str, count: usize) {
        self.receive(label, DIMENSION * count);
    }

    fn sample(&mut self, label: &'static str) {
        self.sample_point(label, 1);
    }

    fn sample_point(&mut self, label: &'static str, count: usize) {
        let _ = self.common.sample_point(label, count);
    }

    fn grind(&mut self, label: &'static str, bits: usize) {
        if bits > 0 {
            let [nonce] = self.take(1)[..] else {
                unreachable!("one element")
            };
            let _ = self.common.fits(label, nonce, bits);
        }
    }

    /// Rounds of so many coefficients, each with its challenge.
    fn rounds(&mut self, labels: (&'static str, &'static str), count: usize, degree: usize) {
        for _ in 0..count {
            self.receive_extension(labels.0, degree);
            self.sample(labels.1);
        }
    }

    /// §17.1 to §17.3.
    fn commitment(&mut self, sizes: &Sizes) {
        self.receive("commitment.root", DIGEST);
        self.sample_point("commitment.ood_point", sizes.stacking.log_cells());
        self.receive_extension("commitment.ood_answer", 1);
    }

    /// §13.1 to §13.10.
    fn lookup(&mut self, log_leaves: usize) {
        self.sample("lookup.alpha");
        self.sample_point("lookup.theta", 4);
        self.receive_extension("lookup.root", 4);
        self.sample("lookup.point");
        for layer in 1..log_leaves {
            self.sample("lookup.lambda");
            self.rounds(("lookup.round", "lookup.challenge"), layer, 2);
            self.receive_extension("lookup.layer", 4);
            self.sample("lookup.point");
        }
    }

    /// §14.1 to §14.8.
    fn permutations(&mut self, rows: &[usize; TableId::COUNT]) {
        let hashes: Vec<(HashColumns, usize)> = present(rows)
            .filter_map(|(table, rows)| Some((table.hash()?, log_height(rows))))
            .collect();
        let Some(height) = hashes.iter().map(|(_, height)| *height).max() else {
            return;
        };
        for (hash, _) in &hashes {
            self.receive_extension("poseidon.outputs", hash.y);
        }
        for layer in (0..LAYERS).rev() {
            self.sample("poseidon.delta");
            self.receive_extension("poseidon.skip", 21);
            self.sample("poseidon.skip_challenge");
            self.rounds(("poseidon.round", "poseidon.challenge"), height - 3, 3);
            for (hash, _) in &hashes {
                let values = match layer {
                    0 => hash.inputs,
                    MIDDLE => hash.s + hash.width,
                    _ => hash.width,
                };
                self.receive_extension("poseidon.values", values);
            }
        }
    }

    /// §15.1 to §15.3.
    fn zerocheck(&mut self, rows: &[usize; TableId::COUNT]) {
        self.sample("zerocheck.lambda");
        self.sample("zerocheck.gamma");
        let height = present(rows).map(|(_, rows)| log_height(rows)).max();
        let labels = ("zerocheck.round", "zerocheck.challenge");
        self.rounds(labels, height.unwrap_or(0), 6);
        for (table, _) in present(rows) {
            self.receive_extension("zerocheck.columns", table.num_columns());
        }
    }

    /// §17.4 to §17.19.
    fn opening(&mut self, parameters: &Parameters, sizes: &Sizes, log_chunks: usize) {
        self.sample_point("opening.public_point", log_chunks);
        self.sample_point("opening.columns", 13);
        self.sample("opening.combine");
        let schedule = parameters.schedule(sizes.stacking.log_cells());
        for (number, round) in schedule.into_iter().enumerate() {
            let width = match number {
                0 => sizes.stacking.width(),
                _ => DIMENSION << round.fold,
            };
            let left = round.variables - round.fold;
            self.folds(round.fold, round.fold_pow);
            if round.last {
                self.receive_extension("opening.final", 1 << left);
            } else {
                self.receive("opening.root", DIGEST);
                self.sample_point("opening.ood_point", left);
                self.receive_extension("opening.ood_answer", 1);
            }
            self.grind("opening.query_nonce", round.query_pow);
            self.queries(round.queries, round.log_rows, width);
            self.sample("opening.combine");
            if round.last {
                self.folds(left, 0);
            }
        }
    }

    /// §17.7 to §17.9, so many times.
    fn folds(&mut self, count: usize, pow: usize) {
        for _ in 0..count {
            self.receive_extension("opening.round", 2);
            self.grind("opening.fold_nonce", pow);
            self.sample("opening.fold");
        }
    }

    /// §17.15, §17.16.
    fn queries(&mut self, count: usize, log_rows: usize, width: usize) {
        let mut indices = self.common.indices("opening.queries", count, log_rows);
        indices.sort_unstable();
        indices.dedup();
        let rows = self.take(indices.len() * width);
        self.common.opening("opening.rows", &rows);
        let siblings = self.take(DIGEST * num_siblings(log_rows, &indices));
        self.common.opening("opening.siblings", &siblings);
    }
}
