//! The input of `programs/merge.py`: what it is told of claims and of children.

use std::collections::BTreeMap;
use std::iter::repeat_n;

use super::{Claim, Order, Statement, order, public_input, record};
use crate::field::{F, coordinates};
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::proof::public_elements;
use crate::recursion::{Combination, Lists, ProgramClaim, Witness, combine, number};
use crate::rejection::Error;
use crate::tuning::Tuning;
use crate::xmss::{PUBLIC_KEY_BYTES, PublicKey};

/// log2 of the most keys of a piece of a list.
const MAX_LOG_PIECE: usize = 16;
/// Keys of a piece of keys that are no run.
const SINGLE_KEYS: usize = 8;
/// Elements of a record before the hash of the list.
const BEFORE_LIST_HASH: usize = 16;

/// What the guest is told of a child, and the claims on the programs that are left of it.
pub(super) struct Told {
    lists: Lists,
    on_programs: Vec<ProgramClaim>,
}

/// What the guest is told of a child.
///
/// # Errors
/// Those of the verifier.
pub(super) fn told(programs: [&Program; 2], child: &Statement<'_>) -> Result<Told, Error> {
    let mut lists = Lists::default();
    lists.push("child", [number(child.program), number(child.claims.len())]);
    let mut on_programs = Vec::new();
    if let Some(claim) = child.program_claim {
        lists.push("program_claim", elements(claim));
        on_programs.push(claim.clone());
    }
    let (program, set) = (programs[child.program], ParameterSet::Production);
    let claim = lists.push_proof(program, &child.public, child.proof, set)?;
    on_programs.push(claim.of_program(child.program, &programs));
    Ok(Told { lists, on_programs })
}

/// The elements of a claim on programs.
fn elements(claim: &ProgramClaim) -> impl Iterator<Item = F> {
    let all = claim.point.iter().chain([&claim.value]);
    all.flat_map(|element| coordinates(*element))
}

/// The input of a merge, and the claim on the programs that it leaves. Claims are in canonical
/// order, and each of their keys is in a claim of a child.
///
/// # Errors
/// None for such claims.
pub(super) fn input(
    programs: [&Program; 2],
    children: &[Statement<'_>],
    told: Vec<Told>,
    claims: &[Claim],
) -> Result<Witness, Error> {
    let sources: Vec<&Claim> = children.iter().flat_map(|child| &child.claims).collect();
    let mut lists = Lists::default();
    let numbers = [claims.len(), sources.len(), children.len()];
    lists.push("numbers", numbers.map(number));
    let records: Vec<u32> = sources.iter().flat_map(|claim| record(claim)).collect();
    lists.push("records", public_elements(&records)?);
    let mut sources_of: BTreeMap<Order, Vec<(usize, &Claim)>> = BTreeMap::new();
    for (index, source) in sources.into_iter().enumerate() {
        sources_of
            .entry(order(source))
            .or_default()
            .push((index, source));
    }
    for claim in claims {
        let sources = sources_of.get(&order(claim)).map_or(&[][..], Vec::as_slice);
        push_claim(claim, sources, &mut lists)?;
    }
    let mut on_programs = Vec::new();
    for told in told {
        lists.append(told.lists);
        on_programs.extend(told.on_programs);
    }
    let left = push_combination(&programs, &on_programs, &mut lists);
    let mut input = lists.0;
    input.public = public_elements(&public_input(claims, &programs[1].digest(), &left))?;
    Ok(Witness { input, claim: left })
}

/// The lists of a claim: of each source that is used its keys, then which of them are chosen.
fn push_claim(claim: &Claim, sources: &[(usize, &Claim)], lists: &mut Lists) -> Result<(), Error> {
    let mut elements = public_elements(&record(claim))?;
    elements.truncate(BEFORE_LIST_HASH);
    lists.push("claim", elements);
    let (used, places) = places(&claim.keys, sources);
    let total = used.iter().map(|(_, keys)| keys.len()).sum();
    lists.push("sources", [number(used.len()), number(total)]);
    for (index, keys) in used {
        lists.push("source", [number(index)]);
        lists.push("keys", keys.iter().flat_map(PublicKey::elements));
        push_whole(keys.len(), lists);
    }
    push_choice(&places, lists);
    Ok(())
}

/// The sources that hold keys which no earlier one holds, and the place of each key among all keys
/// of these.
fn places<'a>(
    keys: &[PublicKey],
    sources: &[(usize, &'a Claim)],
) -> (Vec<(usize, &'a [PublicKey])>, Vec<usize>) {
    let bytes = keys.iter().map(PublicKey::to_bytes);
    let mut place_of: BTreeMap<[u8; PUBLIC_KEY_BYTES], Option<usize>> =
        bytes.map(|key| (key, None)).collect();
    let mut used = Vec::new();
    let mut total = 0;
    for (index, source) in sources {
        let mut found = false;
        for (place, key) in (total..).zip(&source.keys) {
            if let Some(unknown @ None) = place_of.get_mut(&key.to_bytes()) {
                *unknown = Some(place);
                found = true;
            }
        }
        if found {
            used.push((*index, source.keys.as_slice()));
            total += source.keys.len();
        }
    }
    // In the order of the keys, which is that of their bytes.
    let places = place_of.into_values().flatten().collect();
    (used, places)
}

/// log2 of the lengths of the pieces of a list, the largest first.
fn pieces(length: usize) -> impl Iterator<Item = usize> {
    let rest = (0..MAX_LOG_PIECE).rev();
    repeat_n(MAX_LOG_PIECE, length >> MAX_LOG_PIECE)
        .chain(rest.filter(move |log| (length >> log) & 1 == 1))
}

/// The lists of keys that are all hashed, in their order.
fn push_whole(length: usize, lists: &mut Lists) {
    lists.push("pieces", [number(pieces(length).count())]);
    for log in pieces(length) {
        lists.push("piece", [1 << log, log].map(number));
    }
}

/// The lists of keys at these places, in this order: runs of at least [`SINGLE_KEYS`], and of the
/// others as many single ones at a time.
fn push_choice(places: &[usize], lists: &mut Lists) {
    let mut chosen = Vec::new();
    let mut single = Vec::new();
    for run in places.chunk_by(|place, next| *next == place + 1) {
        // The keys before a run are whole groups only by chance: the run fills the last one.
        let fill = single.len().next_multiple_of(SINGLE_KEYS) - single.len();
        let (head, run) = run.split_at(fill.min(run.len()));
        single.extend_from_slice(head);
        if run.len() < SINGLE_KEYS {
            single.extend_from_slice(run);
            continue;
        }
        push_single(&mut single, &mut chosen, lists);
        push_run(run, &mut chosen);
    }
    let groups = single.len() - single.len() % SINGLE_KEYS;
    let rest = single.split_off(groups);
    push_single(&mut single, &mut chosen, lists);
    for run in rest.chunk_by(|place, next| *next == place + 1) {
        push_run(run, &mut chosen);
    }
    lists.push("pieces", [number(chosen.len())]);
    for piece in chosen {
        lists.push("piece", piece.map(number));
    }
}

/// The pieces of a run.
fn push_run(run: &[usize], chosen: &mut Vec<[usize; 3]>) {
    let mut rest = run;
    for log in pieces(run.len()) {
        let (piece, behind) = rest.split_at(1 << log);
        chosen.push([piece.len(), log, piece[0]]);
        rest = behind;
    }
}

/// The pieces of single keys, which are whole groups.
fn push_single(single: &mut Vec<usize>, chosen: &mut Vec<[usize; 3]>, lists: &mut Lists) {
    for group in single.chunks(SINGLE_KEYS) {
        chosen.push([SINGLE_KEYS, MAX_LOG_PIECE + 1, 0]);
        lists.push("single", group.iter().map(|place| number(8 * place)));
    }
    single.clear();
}

/// The lists of the sumcheck that makes one claim of these; that claim.
fn push_combination(
    programs: &[&Program],
    claims: &[ProgramClaim],
    lists: &mut Lists,
) -> ProgramClaim {
    let (rounds, value) = combine(programs, claims, &Tuning::default());
    for round in &rounds {
        lists.push("proof", round.iter().flat_map(|x| coordinates(*x)));
    }
    lists.push("program_value", coordinates(value));
    Combination::new(claims, &rounds)
        .result(claims, value)
        .expect("the rounds are of these claims")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_powers_of_two_of_a_length() {
        let logs = |length| pieces(length).collect::<Vec<_>>();
        assert_eq!(logs(0), []);
        assert_eq!(logs(1), [0]);
        assert_eq!(logs(775), [9, 8, 2, 1, 0]);
        assert_eq!(logs((1 << 17) + 1), [16, 16, 0]);
    }

    #[test]
    fn keys_are_chosen_in_runs_and_one_by_one() {
        let run = |run: std::ops::Range<usize>| run.collect::<Vec<_>>();
        let alternating = |keys: usize| (0..keys).map(|i| 2 * i).collect::<Vec<_>>();
        let group = [8, 17, 0];
        for (places, expected, groups) in [
            (vec![], vec![], 0),
            (run(3..6), vec![[2, 1, 3], [1, 0, 5]], 0),
            (
                run(0..775),
                vec![
                    [512, 9, 0],
                    [256, 8, 512],
                    [4, 2, 768],
                    [2, 1, 772],
                    [1, 0, 774],
                ],
                0,
            ),
            (alternating(8), vec![group], 1),
            (alternating(9), vec![group, [1, 0, 16]], 1),
            // Two keys, and six of the run behind them.
            (
                [vec![1, 3], run(10..27)].concat(),
                vec![group, [8, 3, 16], [2, 1, 24], [1, 0, 26]],
                1,
            ),
            (
                [alternating(5), run(20..25)].concat(),
                vec![group, [2, 1, 23]],
                1,
            ),
        ] {
            let mut lists = Lists::default();
            push_choice(&places, &mut lists);
            let of = |name| lists.0.private.get(name).cloned().unwrap_or_default();
            assert_eq!(of("pieces"), [[number(expected.len())]], "{places:?}");
            let expected: Vec<_> = expected.iter().map(|piece| piece.map(number)).collect();
            assert_eq!(of("piece"), expected, "{places:?}");
            assert_eq!(of("single").len(), groups, "{places:?}");
        }
    }
}
