//! Real aggregates and merges, which several tests share, and what the guest is told of them.

use std::sync::LazyLock;

use leanvm_differential::aggregation::aggregate_of_message;
use leanvm_differential::merging::{Claim as InBytes, Programs, Question, merged};
use leanvm_fast::execution::Input;
use leanvm_fast::field::{EF, F, coordinates};
use leanvm_fast::isa::Program;
use leanvm_fast::merging::{
    AnyAggregate, Claim, Statement, canonical_claims, public_input, record, statement,
};
use leanvm_fast::multilinear::eq;
use leanvm_fast::parameters::ParameterSet;
use leanvm_fast::recursion::{Combination, ProgramClaim, Witness, combine, witness};
use leanvm_fast::sumcheck::plain_next;
use leanvm_fast::transcript::Sponge;
use leanvm_fast::tuning::Tuning;
use leanvm_fast::xmss::PublicKey;
use p3_field::{Field, PrimeCharacteristicRing};

/// The slot of all parts, of which both halves are the same.
pub(super) const SLOT: u32 = 0x0007_0007;

/// P_0 and P_1.
pub(super) static ARTEFACTS: LazyLock<Programs> = LazyLock::new(Programs::artefacts);

/// The signers 0 to 2 of `block`, 3 and 4 of `other`, 2 to 5 of `block`.
pub(super) static LEAVES: LazyLock<[Question; 3]> = LazyLock::new(|| {
    let leaf = |message: &[u8], signers: std::ops::Range<u8>| {
        let seeds: Vec<[u8; 1]> = signers.map(|signer| [signer]).collect();
        Question::from(aggregate_of_message(message, &seeds, SLOT, 2))
    };
    [
        leaf(b"block", 0..3),
        leaf(b"other", 3..5),
        leaf(b"block", 2..6),
    ]
});

/// The merge of the first two leaves.
pub(super) static NODE: LazyLock<Question> =
    LazyLock::new(|| merged(&[&LEAVES[0], &LEAVES[1]], None, 2));

/// The merge of that merge and the third leaf.
pub(super) static ROOT: LazyLock<Question> =
    LazyLock::new(|| merged(&[&NODE, &LEAVES[2]], None, 2));

/// Claims as `fast` has them, in canonical order.
pub(super) fn claims_of(claims: &[InBytes]) -> Vec<Claim> {
    let claims: Vec<Claim> = claims.iter().map(InBytes::of_fast).collect();
    canonical_claims(&claims).expect("no claim and no key twice")
}

/// What the guest is told of a child.
#[derive(Clone)]
pub(super) struct Child {
    /// Its kind and its number of claims.
    pub(super) kind: [usize; 2],
    /// Its claims.
    pub(super) claims: Vec<Claim>,
    /// The lists for the verification of its proof.
    pub(super) verification: Input,
    /// Its program claim, if it has one, and that which its proof leaves.
    pub(super) on_programs: Vec<ProgramClaim>,
}

impl Child {
    /// The truth.
    pub(super) fn of(programs: [&Program; 2], question: &Question) -> Self {
        let aggregate = AnyAggregate::from_bytes(&question.bytes).expect("its form");
        let claims = claims_of(&question.claims);
        let stated = statement(programs, &claims, &aggregate).expect("a list of claims");
        Self::stated(programs, &stated)
    }

    /// The truth of a statement, which need not be that of a verifier.
    pub(super) fn stated(programs: [&Program; 2], stated: &Statement<'_>) -> Self {
        let program = programs[stated.program];
        let set = ParameterSet::Production;
        let witness = witness(program, &stated.public, stated.proof, set);
        Self::told(programs, stated, witness.expect("an accepted proof"))
    }

    /// What is told of the proof of a statement.
    pub(super) fn told(programs: [&Program; 2], stated: &Statement<'_>, witness: Witness) -> Self {
        let number = stated.program;
        let mut verification = witness.input;
        verification.private.remove("public");
        let own = witness.claim.of_program(number, &programs);
        let program_claim = stated.program_claim.cloned();
        Self {
            kind: [number, stated.claims.len()],
            on_programs: program_claim.into_iter().chain([own]).collect(),
            claims: stated.claims.clone(),
            verification,
        }
    }
}

/// A claim that is shown by the keys of one source, all of them in their order.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) claim: Claim,
    pub(super) source: usize,
}

/// The pieces of a list from its beginning: place, number and its log2.
fn pieces(length: usize) -> Vec<[usize; 3]> {
    let mut place = 0;
    let logs = (0..=16).rev().filter(|log| (length >> log) & 1 == 1);
    logs.map(|log| {
        place += 1 << log;
        [place - (1 << log), 1 << log, log]
    })
    .collect()
}

/// Adds a list.
pub(super) fn push(input: &mut Input, name: &str, list: impl IntoIterator<Item = F>) {
    let lists = input.private.entry(name.to_owned()).or_default();
    lists.push(list.into_iter().collect());
}

fn numbers(list: impl IntoIterator<Item = usize>) -> Vec<F> {
    list.into_iter().map(F::from_usize).collect()
}

fn elements(list: &[u32]) -> Vec<F> {
    list.iter().copied().map(F::new).collect()
}

fn words(claim: &ProgramClaim) -> impl Iterator<Item = F> {
    let all = claim.point.iter().chain([&claim.value]);
    all.flat_map(|element| coordinates(*element))
}

fn push_shown(input: &mut Input, shown: &Shown) {
    let keys = &shown.claim.keys;
    push(input, "claim", elements(&record(&shown.claim)[..16]));
    push(input, "sources", numbers([1, keys.len()]));
    push(input, "source", numbers([shown.source]));
    push(input, "keys", keys.iter().flat_map(PublicKey::elements));
    let pieces = pieces(keys.len());
    push(input, "pieces", numbers([pieces.len()]));
    for [_, number, log] in &pieces {
        push(input, "piece", numbers([*number, *log]));
    }
    push(input, "pieces", numbers([pieces.len()]));
    for [place, number, log] in &pieces {
        push(input, "piece", numbers([*number, *log, *place]));
    }
}

/// The combination of these claims on the programs, which need not hold, by these rounds: the value
/// that is left is the one with which they are accepted.
fn push_combination(
    claims: &[ProgramClaim],
    rounds: &[[EF; 2]],
    input: &mut Input,
) -> ProgramClaim {
    let mut sponge = Sponge::new();
    let zeta = Combination::challenge(claims, &mut sponge);
    let powers: Vec<EF> = zeta.powers().take(claims.len()).collect();
    let terms = claims.iter().zip(&powers);
    let mut left: EF = terms
        .clone()
        .map(|(claim, power)| claim.value * *power)
        .sum();
    let mut point = Vec::new();
    for round in rounds {
        let challenge = Combination::round(round, &mut sponge);
        left = plain_next(left, round, challenge);
        point.push(challenge);
        push(input, "proof", round.iter().flat_map(|x| coordinates(*x)));
    }
    let weight: EF = terms
        .map(|(claim, power)| eq(&claim.point, &point) * *power)
        .sum();
    let value = left * weight.try_inverse().unwrap_or(EF::ONE);
    push(input, "program_value", coordinates(value));
    let combination = Combination::new(claims, rounds);
    combination
        .result(claims, value)
        .expect("the value that fits")
}

/// The input of the guest for these programs, and the program claim that it leaves.
pub(super) fn input(
    programs: [&Program; 2],
    children: &[Child],
    shown: &[Shown],
) -> (Input, ProgramClaim) {
    input_of_rounds(programs, children, shown, |_| {})
}

/// The same with other rounds of the combination.
pub(super) fn input_of_rounds(
    programs: [&Program; 2],
    children: &[Child],
    shown: &[Shown],
    change: impl FnOnce(&mut [[EF; 2]]),
) -> (Input, ProgramClaim) {
    let mut input = Input::default();
    let records: Vec<&Claim> = children.iter().flat_map(|child| &child.claims).collect();
    push(
        &mut input,
        "numbers",
        numbers([shown.len(), records.len(), children.len()]),
    );
    let all = records.iter().flat_map(|claim| elements(&record(claim)));
    push(&mut input, "records", all);
    for shown in shown {
        push_shown(&mut input, shown);
    }
    let mut on_programs = Vec::new();
    for child in children {
        push(&mut input, "child", numbers(child.kind));
        if let [program_claim, _] = &child.on_programs[..] {
            push(&mut input, "program_claim", words(program_claim));
        }
        for (name, lists) in &child.verification.private {
            for list in lists {
                push(&mut input, name, list.iter().copied());
            }
        }
        on_programs.extend(child.on_programs.iter().cloned());
    }
    let (mut rounds, _) = combine(&programs, &on_programs, &Tuning::default());
    change(&mut rounds);
    let left = push_combination(&on_programs, &rounds, &mut input);
    let claims: Vec<Claim> = shown.iter().map(|shown| shown.claim.clone()).collect();
    input.public = elements(&public_input(&claims, &programs[1].digest(), &left));
    (input, left)
}
