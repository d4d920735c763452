//! SPEC Appendix B: the bound of each step of the protocol, for display and for the tests of the
//! integer tables of section 18.
//!
//! Nothing that proves or verifies depends on this module: it uses floating point.

use crate::parameters::{Parameters, Round};
use crate::poseidon::{DEGREE, LOG_BLOCK, NUM_LAYERS, SKIP_DEGREE};
use crate::zerocheck;

/// log2 of the order of the extension field, rounded down.
pub const LOG_EXTENSION: f64 = 154.94;
/// Bits that each step of the production set has at least.
pub const TARGET_BITS: f64 = 124.0;
/// log2 of the work to find a collision of a digest of eight elements.
pub const HASH_COLLISION_BITS: f64 = 123.9;

/// Johnson parameter J by R (SPEC §18); index 0 is unused.
const JOHNSON: [f64; 13] = [
    0.0, 30.0, 19.0, 15.0, 12.0, 13.0, 14.0, 11.0, 8.0, 6.0, 6.0, 4.0, 4.0,
];

/// The sizes of a proof on which its security depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// μ: log2 of the number of cells of the stack.
    pub log_stack: usize,
    /// κ: log2 of the number of leaves of the lookup argument.
    pub log_leaves: usize,
    /// H: greatest log2 of a virtual height.
    pub log_height: usize,
    /// Number of constraints of all tables.
    pub constraints: usize,
    /// log2 of the number of public chunks.
    pub log_public_chunks: usize,
}

impl Shape {
    /// The greatest sizes within the caps that have a given μ: the figures that hold for every
    /// proof of that stack.
    #[must_use]
    pub const fn worst(log_stack: usize) -> Self {
        Self {
            log_stack,
            log_leaves: 28,
            log_height: 26,
            constraints: 512,
            log_public_chunks: 17,
        }
    }
}

/// What a bound rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A polynomial that is not zero has few roots.
    Identity,
    /// Few codewords are within the Johnson bound of a word.
    ListDecoding,
    /// Where a combination of words is near the code, the words are, on the same rows.
    CorrelatedAgreement,
    /// Rows that are drawn at random miss those where a word differs from the code.
    Sampling,
}

impl Basis {
    /// The name, for display.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::ListDecoding => "list decoding",
            Self::CorrelatedAgreement => "correlated agreement",
            Self::Sampling => "sampling",
        }
    }
}

/// The bound of one kind of step.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The challenge or samples, as SPEC labels them, with the round where there are several.
    pub step: String,
    /// What the bound rests on.
    pub basis: Basis,
    /// How many steps of this kind a proof has.
    pub count: usize,
    /// −log2 of the probability that one such step fails, grinding included.
    pub bits: f64,
}

/// η, the distance of the proximity parameter from the Johnson bound, of an oracle of rate 2^−R.
fn eta(log_inv_rate: usize) -> f64 {
    root_rate(log_inv_rate) / johnson(log_inv_rate)
}

fn johnson(log_inv_rate: usize) -> f64 {
    JOHNSON.get(log_inv_rate).copied().unwrap_or(4.0)
}

fn float(value: usize) -> f64 {
    u32::try_from(value).map_or(f64::from(u32::MAX), f64::from)
}

fn root_rate(log_inv_rate: usize) -> f64 {
    (-float(log_inv_rate) / 2.0).exp2()
}

/// L, the list size of an oracle.
fn list_size(log_inv_rate: usize) -> f64 {
    johnson(log_inv_rate) / 2.0 * float(log_inv_rate).exp2()
}

/// −log2(error / |E|).
fn over_extension(error: f64) -> f64 {
    LOG_EXTENSION - error.log2()
}

/// Numerator of the bound of one folding challenge.
fn fold_error(round: &Round) -> f64 {
    let (j, rate) = (
        johnson(round.log_inv_rate),
        (-float(round.log_inv_rate)).exp2(),
    );
    let radius = 1.0 - root_rate(round.log_inv_rate) - eta(round.log_inv_rate);
    let agreement = 2.0 * (j + 0.5).powi(5) + 3.0 * (j + 0.5) * radius * rate;
    3.0 * list_size(round.log_inv_rate)
        + float(round.log_rows).exp2() * agreement / (3.0 * rate.powf(1.5))
        + (j + 0.5) / rate.sqrt()
}

/// The bound of every step of a proof, in the order of the protocol.
#[must_use]
pub fn bounds(parameters: &Parameters, shape: &Shape) -> Vec<Bound> {
    let mut list = Vec::new();
    use Basis::{CorrelatedAgreement, Identity, ListDecoding, Sampling};
    let mut push = |step: String, basis: Basis, count: usize, bits: f64| {
        list.push(Bound {
            step,
            basis,
            count,
            bits,
        });
    };
    let out_of_domain = |log_inv_rate: usize, variables: usize| {
        over_extension(list_size(log_inv_rate).powi(2) / 2.0 * float(variables))
    };
    let samples = parameters.out_of_domain_samples();
    let (m, height) = (shape.log_leaves, shape.log_height);
    push(
        "commitment.ood_point".into(),
        ListDecoding,
        samples,
        out_of_domain(parameters.log_inv_rate(), shape.log_stack),
    );
    push(
        "lookup.alpha, lookup.theta".into(),
        Identity,
        1,
        over_extension(5.0 * float(m).exp2()),
    );
    push(
        "lookup.lambda, lookup.point".into(),
        Identity,
        2 * m,
        over_extension(1.0),
    );
    push(
        "lookup.challenge".into(),
        Identity,
        m * (m + 1) / 2,
        over_extension(3.0),
    );
    push(
        "lookup.point as point of rows".into(),
        Identity,
        1,
        over_extension(float(height)),
    );
    push(
        "poseidon.delta".into(),
        Identity,
        NUM_LAYERS,
        over_extension(511.0),
    );
    push(
        "poseidon.skip_challenge".into(),
        Identity,
        NUM_LAYERS,
        over_extension(float(SKIP_DEGREE)),
    );
    push(
        "poseidon.challenge".into(),
        Identity,
        NUM_LAYERS * height.saturating_sub(LOG_BLOCK),
        over_extension(1.0 + float(DEGREE)),
    );
    push(
        "poseidon.skip_challenge as point of rows".into(),
        Identity,
        1,
        over_extension(4.0 + float(height)),
    );
    push(
        "zerocheck.lambda, zerocheck.gamma".into(),
        Identity,
        1,
        over_extension(1536.0 + float(shape.constraints)),
    );
    push(
        "zerocheck.challenge".into(),
        Identity,
        height,
        over_extension(float(zerocheck::DEGREE)),
    );
    push(
        "opening.public_point".into(),
        Identity,
        1,
        over_extension(float(shape.log_public_chunks).max(1.0)),
    );
    push("opening.columns".into(), Identity, 1, over_extension(13.0));
    push(
        "opening.combine".into(),
        ListDecoding,
        1,
        over_extension(3.0 * list_size(parameters.log_inv_rate())),
    );
    let rounds = parameters.schedule(shape.log_stack);
    for (index, round) in rounds.iter().enumerate() {
        push(
            format!("opening.fold, round {index}"),
            CorrelatedAgreement,
            round.fold,
            over_extension(fold_error(round)) + float(round.fold_pow),
        );
        let next = rounds.get(index + 1);
        if let Some(next) = next {
            push(
                format!("opening.ood_point, round {index}"),
                ListDecoding,
                samples,
                out_of_domain(next.log_inv_rate, next.variables),
            );
        }
        let miss = root_rate(round.log_inv_rate) + eta(round.log_inv_rate);
        push(
            format!("opening.queries, round {index}"),
            Sampling,
            1,
            -float(round.queries) * miss.log2() + float(round.query_pow),
        );
        // The last function is sent: no list, and no sample.
        let (basis, error) = next.map_or((Identity, float(round.queries)), |next| {
            let claims = float(round.queries + samples);
            (ListDecoding, claims * list_size(next.log_inv_rate))
        });
        push(
            format!("opening.combine, round {index}"),
            basis,
            1,
            over_extension(error),
        );
        if next.is_none() {
            let rest = round.variables.saturating_sub(round.fold);
            push(
                "opening.fold, final".into(),
                Identity,
                rest.max(1),
                over_extension(2.0),
            );
        }
    }
    list
}

/// The least bits of a step.
#[must_use]
pub fn weakest(bounds: &[Bound]) -> f64 {
    bounds
        .iter()
        .map(|bound| bound.bits)
        .fold(f64::INFINITY, f64::min)
}

/// −log2 of the sum of the bounds of all steps.
#[must_use]
pub fn union(bounds: &[Bound]) -> f64 {
    -bounds
        .iter()
        .map(|bound| float(bound.count) * (-bound.bits).exp2())
        .sum::<f64>()
        .log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::{MAX_LOG_DOMAIN, ParameterSet};
    use crate::tables::TableId;

    #[test]
    fn production_has_the_target_bits_in_every_step_at_every_size() {
        let mut checked = 0;
        for rate in 1..=4 {
            let parameters = Parameters::new(ParameterSet::Production, rate).unwrap();
            for log_stack in parameters.min_stack()..=parameters.max_stack() {
                if parameters.schedule(log_stack)[0].log_rows > MAX_LOG_DOMAIN {
                    continue;
                }
                for bound in bounds(&parameters, &Shape::worst(log_stack)) {
                    assert!(
                        bound.bits >= TARGET_BITS,
                        "rate {rate}, stack {log_stack}: {bound:?}"
                    );
                    checked += 1;
                }
            }
        }
        assert!(checked > 500);
    }

    #[test]
    fn queries_and_grinding_are_the_least_that_reach_the_target() {
        for rate in 1..=4 {
            let parameters = Parameters::new(ParameterSet::Production, rate).unwrap();
            for log_stack in parameters.min_stack()..=parameters.max_stack() {
                for round in parameters.schedule(log_stack) {
                    let miss = -(root_rate(round.log_inv_rate) + eta(round.log_inv_rate)).log2();
                    let fewer = float(round.queries - 1) * miss + float(round.query_pow);
                    assert!(fewer < TARGET_BITS, "one query less suffices: {round:?}");
                    let easier = float(round.queries) * miss + float(round.query_pow - 1);
                    assert!(easier < TARGET_BITS, "one bit less suffices: {round:?}");
                    if round.fold_pow > 0 {
                        let easier = over_extension(fold_error(&round)) + float(round.fold_pow - 1);
                        assert!(easier < TARGET_BITS, "one bit less suffices: {round:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_worst_shape_covers_all_tables() {
        let worst = Shape::worst(28);
        let constraints: usize = TableId::ALL.into_iter().map(TableId::num_constraints).sum();
        assert!(constraints <= worst.constraints, "{constraints}");
    }

    #[test]
    fn the_johnson_parameters_are_those_of_section_17() {
        let text = include_str!("../../../SPEC.md");
        let row = text.lines().find_map(|line| line.strip_prefix("| J | "));
        let cells = row
            .expect("the row of J")
            .trim_end_matches(" |")
            .split(" | ");
        let numbers: Vec<f64> = cells.map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers, JOHNSON[1..]);
        // What theorem 4.6 asks for.
        assert!(numbers.iter().all(|j| *j >= 3.0));
    }

    #[test]
    fn test_sets_make_no_claim() {
        for set in [ParameterSet::Tiny, ParameterSet::Small] {
            let parameters = Parameters::new(set, 1).unwrap();
            let list = bounds(&parameters, &Shape::worst(parameters.min_stack()));
            assert!(weakest(&list) < 20.0);
            assert!(union(&list) <= weakest(&list));
        }
    }
}
