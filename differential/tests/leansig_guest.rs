//! The guest `leansig_dim64` accepts the claims that have signatures, and no witness makes it
//! accept others. SPEC §23 leansig.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use leanvm_compiler::check::{LoadedText, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::source::SourceMap;
use leanvm_differential::canonical::{Case, Name, Outcome, Private};
use leanvm_differential::leansig::{Signed, real_signatures, sign, sign_in_full};
use leanvm_differential::twins::{FAST, Options, SPEC};
use leanvm_fast::execution::{Execution, Input, Limits, execute};
use leanvm_fast::field::{F, to_canonical};
use leanvm_fast::isa::Program;
use leanvm_fast::leansig::{self, Claim, PrivateInput, Signature};
use leanvm_spec::leansig as spec;
use p3_field::{Field, PrimeCharacteristicRing};

const TEXT: &str = include_str!("../../programs/leansig_dim64.py");

static BINARY: LazyLock<Vec<u8>> = LazyLock::new(|| binary(TEXT));

static PROGRAM: LazyLock<Program> = LazyLock::new(|| Program::decode(&BINARY).expect("decodes"));

fn binary(text: &str) -> Vec<u8> {
    let entry = LoadedText {
        name: "leansig_dim64.py".to_owned(),
        text: text.to_owned(),
    };
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    let compiled = compile(
        entry,
        &mut modules,
        &Placeholders::default(),
        &mut SourceMap::new(),
    );
    compiled.expect("the guest compiles").program
}

fn claims(signed: &[Signed]) -> Vec<(Claim, Signature)> {
    let claim = |signed: &Signed| {
        let (key, signature) =
            leansig::decode(&signed.public_key, &signed.signature).expect("decodes");
        let claim = Claim {
            key,
            slot: signed.slot,
            message: signed.message,
        };
        (claim, signature)
    };
    signed.iter().map(claim).collect()
}

/// The honest input for a list of signatures.
fn input(signed: &[Signed]) -> Input {
    let list = claims(signed);
    let claims: Vec<Claim> = list.iter().map(|(claim, _)| claim.clone()).collect();
    Input {
        public: leansig::public_input(&claims),
        private: leansig::private_input(&list).expect("the signatures verify"),
    }
}

/// The execution, or the rejection.
fn run(input: &Input) -> Outcome<Execution> {
    execute(&PROGRAM, input, &Limits::default()).map_err(|stopped| stopped.error.rejection.name())
}

/// The input is refused by a range of this text; a guest without that line goes on to another
/// relation, or accepts.
fn refused_by(line: &str, input: &Input) {
    assert_eq!(run(input).err(), Some("address-out-of-range"), "{line}");
    let line = format!("assert {line}\n");
    assert!(TEXT.contains(&line), "{line}");
    let program = Program::decode(&binary(&TEXT.replace(&line, "\n"))).expect("decodes");
    let rejection = execute(&program, input, &Limits::default())
        .err()
        .map(|stopped| stopped.error.rejection.name());
    assert_ne!(
        rejection,
        Some("address-out-of-range"),
        "{line} is not what refuses"
    );
}

/// A slot with a small position, the greatest, and such that the digits of the tweaks carry in one
/// way or another.
const SLOTS: [u32; 12] = [
    0,
    1,
    126,
    127,
    0x7f00,
    0x7f_0000,
    127 << 17,
    (127 << 17) - 1,
    127 << 22,
    (127 << 22) + 1,
    0x7fff_ffff,
    u32::MAX,
];

/// The carries of a witness of one signature by division in the field: every relation of the carry
/// chain but the last then holds, and only the ranges of the carries and the last relation can
/// refuse it. Words that the guest cannot take are given modulo 2^16.
fn divide_carries(public: &[F], private: &mut PrivateInput) {
    let pieces: Vec<F> = private["pieces"][0]
        .iter()
        .copied()
        .chain([F::ONE])
        .collect();
    let digits = &private["digits"][0];
    let mut limbs = [F::ZERO; 10];
    for (i, piece) in pieces.iter().enumerate() {
        for j in 0..5 {
            limbs[j] += *piece * public[96 + 5 * i + j];
            limbs[5 + j] += *piece * public[336 + 5 * i + j];
        }
    }
    let mut distance = 73;
    for i in 2..=64 {
        distance -= 7 - to_canonical(digits[i - 2]) as usize;
        for (l, limb) in limbs.iter_mut().enumerate() {
            *limb += public[576 + 740 * (i - 2) + 10 * distance + l];
        }
    }
    let mut carry = F::ZERO;
    let mut list = Vec::new();
    for limb in &limbs[..9] {
        carry = (carry + *limb) * F::from_u32(1 << 14).inverse();
        // carry = u + 2^16·v − 2^16 with v = 1: u is small only for an honest carry that is not
        // negative.
        let shifted = to_canonical(carry + F::from_u32(1 << 16));
        if shifted < 1 << 17 {
            list.extend([shifted & 0xffff, shifted >> 16].map(F::from_u32));
        } else {
            list.extend([carry, F::ONE]);
        }
    }
    private.insert("carries".to_owned(), vec![list]);
}

mod differential {
    use super::*;

    #[test]
    fn twins_write_the_same_public_input() {
        let signed: Vec<Signed> = [(1, 0), (2, u32::MAX), (3, 77)]
            .map(|(seed, slot)| sign(seed, slot, &[seed as u8; 32]))
            .to_vec();
        for count in [0, 1, 3] {
            let of_fast: Vec<Claim> = claims(&signed[..count])
                .into_iter()
                .map(|(claim, _)| claim)
                .collect();
            let of_spec: Vec<spec::Claim> = signed[..count]
                .iter()
                .map(|signed| spec::Claim {
                    key: spec::decode(&signed.public_key, &signed.signature)
                        .expect("decodes")
                        .0,
                    slot: signed.slot,
                    message: signed.message,
                })
                .collect();
            let fast: Vec<u32> = leansig::public_input(&of_fast)
                .into_iter()
                .map(to_canonical)
                .collect();
            let spec: Vec<u32> = spec::public_input(&of_spec)
                .into_iter()
                .map(|element| element.value())
                .collect();
            assert_eq!(fast, spec, "{count} claims");
            assert_eq!(fast[0], count as u32);
        }
    }

    #[test]
    fn signatures_of_all_kinds_of_slots_are_accepted() {
        let signed: Vec<Signed> = SLOTS
            .iter()
            .zip(0..)
            .map(|(slot, seed)| sign(100 + seed, *slot, &[seed as u8; 32]))
            .collect();
        let mut carrying = 0;
        for one in &signed {
            let input = input(std::slice::from_ref(one));
            carrying += usize::from(input.private.contains_key("step_carry"));
            let execution = run(&input).unwrap_or_else(|name| panic!("slot {}: {name}", one.slot));
            assert!(execution.cycles().len() > 3000);
        }
        assert!(carrying >= 3, "{carrying} slots whose steps may carry");
        run(&input(&signed)).expect("all of them");
        run(&input(&signed[..0])).expect("none of them");
        // The same signature twice is two claims.
        run(&input(&[signed[0].clone(), signed[0].clone()])).expect("twice");
    }

    #[test]
    fn real_signatures_are_accepted_together() {
        let Some(signatures) = real_signatures() else {
            return;
        };
        let execution = run(&input(&signatures)).expect("the real signatures");
        println!(
            "{} cycles and {} cells for {} signatures",
            execution.cycles().len(),
            execution.memory().len(),
            signatures.len()
        );
    }

    #[test]
    fn another_statement_is_refused() {
        let signed = [sign(1, 5, &[1; 32]), sign(2, 6, &[2; 32])];
        let honest = input(&signed);
        assert!(run(&honest).is_ok());
        // Head and hash of the list, and the gaps of the table.
        for place in (0..16).chain(89..96).chain(331..336).chain(571..576) {
            let mut other = honest.clone();
            other.public[place] += F::ONE;
            // More signatures than there are: the next list is missing.
            let expected = if place == 0 {
                "witness-missing"
            } else {
                "relation-violated"
            };
            assert_eq!(run(&other).err(), Some(expected), "place {place}");
        }
        let mut fewer = honest.clone();
        fewer.public[0] = F::ONE;
        assert_eq!(run(&fewer).err(), Some("relation-violated"));
        // The claims in another order, another key, slot or message: each with the honest witness.
        let list = claims(&signed);
        let mut variants = vec![vec![list[1].0.clone(), list[0].0.clone()]];
        for change in [
            |claim: &mut Claim| claim.key.root[7] += F::ONE,
            |claim: &mut Claim| claim.key.parameter[0] += F::ONE,
            |claim: &mut Claim| claim.slot ^= 1 << 31,
            |claim: &mut Claim| claim.message[31] ^= 0x80,
        ] {
            let mut variant = vec![list[0].0.clone(), list[1].0.clone()];
            change(&mut variant[1]);
            variants.push(variant);
        }
        for variant in variants {
            let mut other = honest.clone();
            other.public = leansig::public_input(&variant);
            assert_eq!(run(&other).err(), Some("relation-violated"));
        }
        // A signature for another claim is refused before anything runs, by its index.
        let mut mixed = list.clone();
        mixed[1].1 = list[0].1.clone();
        let refused = leansig::private_input(&mixed).expect_err("another's signature");
        assert_eq!(refused.index, 1);
        let mut mixed = list;
        mixed[0].1.path[31][0] += F::ONE;
        assert_eq!(
            leansig::private_input(&mixed)
                .map_err(|refused| (refused.index, refused.reason.name())),
            Err((0, "root-mismatch"))
        );
    }

    #[test]
    fn every_element_of_the_witness_matters() {
        // A slot whose steps carry, so that all hints are met.
        let honest = input(&[sign(5, 127 * 77, &[5; 32])]);
        assert!(run(&honest).is_ok());
        let mut rejections = BTreeMap::<String, BTreeSet<Name>>::new();
        for (name, lists) in &honest.private {
            // Long lists and lists that are alike are sampled.
            let count = lists.len();
            for list in (0..count).step_by(count.div_ceil(9)) {
                let length = lists[list].len();
                for place in (0..length).step_by(length.div_ceil(50)) {
                    for change in [F::ONE, F::NEG_ONE, F::from_u32(1 << 16)] {
                        let mut other = honest.clone();
                        other.private.get_mut(name).expect("a name")[list][place] += change;
                        let rejection = run(&other).err();
                        let rejection =
                            rejection.unwrap_or_else(|| panic!("{name} {list} {place} {change}"));
                        rejections
                            .entry(name.clone())
                            .or_default()
                            .insert(rejection);
                    }
                }
            }
        }
        println!("{rejections:?}");
        assert_eq!(rejections.len(), 12, "{:?}", rejections.keys());
        // A relation fails, or a range: an address that does not exist, or the bits that lead to
        // the case of a digit.
        for (name, rejections) in &rejections {
            let other = if name == "digits" {
                "hint-failed"
            } else {
                "address-out-of-range"
            };
            let allowed = ["relation-violated", other];
            assert!(
                rejections.is_subset(&BTreeSet::from(allowed)),
                "{name}: {rejections:?}"
            );
        }
    }

    #[test]
    fn other_digits_are_refused_even_if_all_chains_are_known() {
        let (signed, starts) = sign_in_full(9, 1000, &[9; 32]);
        let honest = input(std::slice::from_ref(&signed));
        let (key, _) = spec::decode(&signed.public_key, &signed.signature).expect("decodes");
        let digits: Vec<usize> = honest.private["digits"][0]
            .iter()
            .map(|digit| to_canonical(*digit) as usize)
            .collect();
        // The honest witness with recomputed carries is accepted, so the recomputation is right.
        let mut same = honest.clone();
        divide_carries(&same.public, &mut same.private);
        assert_eq!(same.private["carries"], honest.private["carries"]);
        assert!(run(&same).is_ok());

        let with_digits = |digits: &[usize]| {
            let mut other = honest.clone();
            let list = digits.iter().map(|digit| F::from_usize(*digit)).collect();
            other.private.insert("digits".to_owned(), vec![list]);
            let chains = starts
                .iter()
                .zip(digits)
                .enumerate()
                .map(|(i, (start, digit))| {
                    let value = spec::chain(&key.parameter, signed.slot, i, start, 0, *digit);
                    value.map(|element| F::from_u32(element.value())).to_vec()
                });
            other.private.insert("chain".to_owned(), chains.collect());
            divide_carries(&other.public, &mut other.private);
            run(&other).err()
        };
        assert_eq!(with_digits(&digits), None);
        for (i, j) in [(0, 1), (0, 63), (31, 32), (62, 63), (5, 40)] {
            for (raised, lowered) in [(i, j), (j, i)] {
                let mut other = digits.clone();
                if other[raised] == 7 || other[lowered] == 0 {
                    continue;
                }
                other[raised] += 1;
                other[lowered] -= 1;
                // The sum is right, every chain and every relation of the carries too, but a carry
                // is out of its range.
                assert_eq!(
                    with_digits(&other),
                    Some("address-out-of-range"),
                    "{raised} {lowered}"
                );
            }
        }
        let mut other = digits;
        let place = other.iter().position(|digit| *digit > 0).expect("a digit");
        other[place] -= 1;
        assert_eq!(
            with_digits(&other),
            Some("relation-violated"),
            "the target sum"
        );
    }

    #[test]
    fn other_quotients_and_pieces_are_refused() {
        let honest = input(&[sign(10, 1000, &[10; 32])]);
        for change in [F::ONE, F::NEG_ONE, F::from_u32(61_172)] {
            let mut other = honest.clone();
            other.private.get_mut("pieces").expect("a name")[0][45] += change;
            divide_carries(&other.public, &mut other.private);
            assert_eq!(run(&other).err(), Some("address-out-of-range"), "{change}");
        }
        // An element of h below 2^24 − 1 plus p, in pieces that are below 2^10, 2^10 and 2^11; and
        // in the other pieces of the same integer.
        let mut found = 0;
        for seed in 20.. {
            let honest = input(&[sign(seed, 3, &[0; 32])]);
            let pieces = &honest.private["pieces"][0];
            let Some(k) = (0..15).find(|k| to_canonical(pieces[3 * k + 2]) < 15) else {
                continue;
            };
            let mut other = honest.clone();
            let list = &mut other.private.get_mut("pieces").expect("a name")[0];
            list[3 * k] += F::ONE;
            list[3 * k + 2] += F::from_u32(2032);
            divide_carries(&other.public, &mut other.private);
            assert_eq!(
                run(&other).err(),
                Some("address-out-of-range"),
                "not canonical"
            );
            found += 1;
            if found == 3 {
                break;
            }
        }
    }

    #[test]
    fn other_digits_of_a_tweak_are_refused() {
        // slot·2^8 + 2 = p + 257: the digits are 257 and 1, and the first plus p would leave 0 for
        // the second.
        let slot = (127 << 16) + 1;
        let honest = input(&[sign(30, slot, &[0; 32])]);
        let list = honest.private["tweak"][0].clone();
        assert_eq!(list, [257, 0, 0, 0, 1].map(F::from_u32));
        let mut other = honest.clone();
        other.private.get_mut("tweak").expect("a name")[0] =
            [258, 0, 127, 0, 0].map(F::from_u32).to_vec();
        refused_by("t[2] < 127", &other);
        // 2^24 more for the second digit, and a carry more: 127·2^24 + 1 is p, so both relations
        // hold.
        let list = honest.private["tweak"].iter();
        let place = list
            .clone()
            .position(|list| list[3] == F::ZERO)
            .expect("a tweak without carry");
        let mut other = honest.clone();
        let list = &mut other.private.get_mut("tweak").expect("a name")[place];
        list[3] += F::ONE;
        list[4] += F::from_u32(1 << 24);
        refused_by("second < 8192", &other);
        // The same two for the tweak of the chains, a slot of which leaves room for the first.
        let honest = input(&[sign(32, 1000, &[0; 32])]);
        for (line, change) in [
            ("t[2] < 127", [1, 0, 127, 0, -1, 0, 0]),
            ("t[6] < 256", [0, 0, 0, 1, 0, 256, -32512]),
        ] {
            let mut other = honest.clone();
            let list = &mut other.private.get_mut("chain_tweak").expect("a name")[0];
            for (x, change) in list.iter_mut().zip(change) {
                *x += F::from_i32(change);
            }
            refused_by(line, &other);
        }
        // A carry that a step does not have, and one that it has, each with the room that the
        // relation asks for.
        let honest = input(&[sign(31, 127 << 10, &[0; 32])]);
        for list in [0, 1, 30, 440] {
            let mut other = honest.clone();
            let place = &mut other.private.get_mut("step_carry").expect("a name")[list];
            let (carry, low, high) = (place[0], place[1], place[2]);
            // d = room − carry·(2·room + 1), and room is d or −d − 1.
            let room = (low + high * F::from_u32(4096)) * (F::ONE - carry.double()) - carry;
            let flipped = F::ONE - carry;
            *place = vec![flipped, room - flipped * (room.double() + F::ONE), F::ZERO];
            refused_by("t[1] <= 4096", &other);
        }
    }

    #[test]
    fn slots_that_are_equal_modulo_p_are_not_confused() {
        let slot = 12_345;
        let alias = slot + 2_130_706_433;
        let (one, other) = (sign(50, slot, &[1; 32]), sign(50, alias, &[1; 32]));
        let honest = input(std::slice::from_ref(&other));
        assert!(run(&honest).is_ok());
        // The signature for the one slot under the claim for the other, with the entry of the claim
        // and either tweak.
        let claimed = input(std::slice::from_ref(&one));
        let mut mixed = honest.clone();
        mixed.public = leansig::public_input(&[Claim {
            slot,
            ..claims(std::slice::from_ref(&other))[0].0.clone()
        }]);
        let mut entry = honest.private["entry"][0].clone();
        entry[5..7].copy_from_slice(&claimed.private["entry"][0][5..7]);
        mixed.private.insert("entry".to_owned(), vec![entry]);
        assert_eq!(run(&mixed).err(), Some("relation-violated"));
        let tweak = claimed.private["tweak"][0].clone();
        mixed.private.get_mut("tweak").expect("a name")[0] = tweak;
        assert_eq!(run(&mixed).err(), Some("relation-violated"));
    }

    #[test]
    fn proofs_of_the_guest_are_accepted_by_both_twins() {
        let signed = [sign(40, 9, &[40; 32]), sign(41, u32::MAX, &[41; 32])];
        let options = Options {
            set: 3,
            threads: 2,
            ..Options::TINY
        };
        for count in [1, 2] {
            let input = input(&signed[..count]);
            let public: Vec<u32> = input.public.iter().map(|x| to_canonical(*x)).collect();
            let private: Private = input
                .private
                .iter()
                .map(|(name, lists)| {
                    let lists = lists
                        .iter()
                        .map(|list| list.iter().map(|x| to_canonical(*x)).collect());
                    (name.clone(), lists.collect())
                })
                .collect();
            let case = Case {
                cycles: 1 << 24,
                cells: 1 << 26,
                ..Case::new(BINARY.clone(), public.clone(), private)
            };
            let proof = FAST.prove(&case, &options).expect("proves").proof;
            assert!(proof.len() < 512 << 10, "{} bytes", proof.len());
            FAST.verify(&BINARY, &public, &proof, 3).expect("accepted");
            SPEC.verify(&BINARY, &public, &proof, 3).expect("accepted");
            for place in [0, 8, 15, 20, 80, 100, 340, 600, 47_000] {
                let mut other = public.clone();
                other[place] += 1;
                assert!(
                    FAST.verify(&BINARY, &other, &proof, 3).is_err(),
                    "place {place}"
                );
            }
        }
    }
}
