//! Aggregates of `leansig_dim64` signatures: both verifiers take the same ones and refuse the
//! others for the same reason. SPEC §23 leansig.

use leanvm_differential::leansig::{Signed, real_signatures, sign};
use leanvm_differential::shape::HEADER_WORDS;
use leanvm_fast::aggregation::{AggregationError, InvalidSignature, Options, Repetition};
use leanvm_fast::leansig::{self, Aggregate, Claim, Signature, VerificationError};
use leanvm_spec::isa::Program;
use leanvm_spec::leansig as spec;
use p3_field::PrimeCharacteristicRing;

fn claims(signed: &[Signed]) -> Vec<(Claim, Signature)> {
    let claim = |signed: &Signed| {
        let (key, signature) =
            leansig::decode(&signed.public_key, &signed.signature).expect("decodes");
        let (slot, message) = (signed.slot, signed.message);
        (Claim { key, slot, message }, signature)
    };
    signed.iter().map(claim).collect()
}

fn options(log_inv_rate: u32) -> Options<'static> {
    Options::default().log_inv_rate(log_inv_rate)
}

/// What both verifiers say: nothing, or the name of the refusal.
fn refusal(signed: &[Signed], bytes: &[u8]) -> Option<&'static str> {
    let of_fast: Vec<Claim> = claims(signed).into_iter().map(|(claim, _)| claim).collect();
    let of_spec: Vec<spec::Claim> = signed
        .iter()
        .map(|signed| spec::Claim {
            key: spec::decode(&signed.public_key, &signed.signature)
                .expect("decodes")
                .0,
            slot: signed.slot,
            message: signed.message,
        })
        .collect();
    let fast = Aggregate::from_bytes(bytes)
        .map_err(leansig::AggregateError::from)
        .and_then(|aggregate| leansig::verify_aggregate(&of_fast, &aggregate))
        .err();
    let program = Program::decode(leanvm_programs::artefacts::LEANSIG_DIM64.program);
    let spec = spec::verify_aggregate(&program.expect("decodes"), &of_spec, bytes).err();
    assert_eq!(
        fast.map(|error| error.name()),
        spec.as_ref().map(spec::AggregateError::name)
    );
    spec.map(|refusal| refusal.name())
}

mod differential {
    use super::*;

    #[test]
    fn aggregates_are_accepted_for_their_list_only() {
        let signed = [
            sign(70, 9, &[1; 32]),
            sign(71, 9, &[1; 32]),
            // The larger slot has the smaller message: the order is by the slot first.
            sign(72, 127 << 20, &[0; 32]),
        ];
        let aggregate =
            leansig::aggregate(&claims(&signed), &options(1)).expect("valid signatures");
        let bytes = aggregate.to_bytes();
        assert!(bytes.len() < 1 << 19, "{} bytes", bytes.len());
        assert_eq!(refusal(&signed, &bytes), None);
        assert_eq!(
            leansig::aggregate(&claims(&signed), &options(1)).map(|again| again.to_bytes()),
            Ok(bytes.clone())
        );

        assert_eq!(refusal(&signed[..2], &bytes), Some("proof"));
        assert_eq!(refusal(&[], &bytes), Some("no-claims"));
        let mut other = signed.to_vec();
        for swapped in [1, 2] {
            other.swap(0, swapped);
            assert_eq!(refusal(&other, &bytes), None);
            let again = leansig::aggregate(&claims(&other), &options(1));
            assert_eq!(again.map(|again| again.to_bytes()), Ok(bytes.clone()));
        }
        other[0] = other[1].clone();
        assert_eq!(refusal(&other, &bytes), Some("duplicate-claim"));
        // The header comes before a claim that stands there twice, all else after it.
        assert_eq!(refusal(&other, &bytes[..2]), Some("proof"));
        assert_eq!(
            refusal(&other, &bytes[..2 + 4 * HEADER_WORDS]),
            Some("duplicate-claim")
        );
        let many: Vec<Signed> = (0..257)
            .map(|slot| Signed {
                slot,
                ..signed[0].clone()
            })
            .collect();
        assert_eq!(refusal(&many, &bytes), Some("too-many-claims"));
        assert_eq!(refusal(&many[1..], &bytes), Some("proof"));
        for change in [
            |signed: &mut Signed| signed.slot ^= 1,
            |signed: &mut Signed| signed.message[0] ^= 1,
            |signed: &mut Signed| signed.public_key[0] ^= 1,
            |signed: &mut Signed| signed.public_key[51] ^= 1,
        ] {
            let mut other = signed.to_vec();
            change(&mut other[2]);
            assert_eq!(refusal(&other, &bytes), Some("proof"));
        }

        for (length, expected) in [(0, "truncated"), (1, "truncated"), (2, "proof")] {
            assert_eq!(refusal(&signed, &bytes[..length]), Some(expected));
        }
        let mut long = bytes.clone();
        long.push(0);
        assert_eq!(refusal(&signed, &long), Some("proof"));
        long.resize((1 << 19) + 1, 0);
        assert_eq!(refusal(&signed, &long), Some("too-long"));
        for (place, value, expected) in [
            (0, 0, "version"),
            (0, 255, "version"),
            (1, 42, "scheme"),
            (2, 0, "proof"),
            (1000, bytes[1000] ^ 1, "proof"),
        ] {
            let mut other = bytes.clone();
            other[place] = value;
            assert_eq!(refusal(&signed, &other), Some(expected));
        }
    }

    #[test]
    fn real_signatures_are_aggregated() {
        let Some(signed) = real_signatures() else {
            return;
        };
        let aggregate =
            leansig::aggregate(&claims(&signed), &options(2)).expect("valid signatures");
        assert_eq!(refusal(&signed, &aggregate.to_bytes()), None);
        assert_eq!(refusal(&signed[1..], &aggregate.to_bytes()), Some("proof"));
    }

    #[test]
    fn what_cannot_be_aggregated_is_refused_before_a_proof() {
        let signed = [sign(80, 1, &[1; 32]), sign(81, 2, &[2; 32])];
        let list = claims(&signed);
        let aggregate =
            |list: &[(Claim, Signature)], rate| leansig::aggregate(list, &options(rate));
        assert_eq!(aggregate(&[], 1), Err(AggregationError::NoSignatures));
        assert_eq!(aggregate(&list, 5), Err(AggregationError::LogInvRate(5)));
        assert_eq!(
            aggregate(&vec![list[0].clone(); 257], 1),
            Err(AggregationError::TooMany {
                given: 257,
                capacity: 256
            })
        );
        let twice = [list[0].clone(), list[0].clone()];
        assert_eq!(
            aggregate(&twice, 1),
            Err(AggregationError::Duplicate {
                first: 0,
                second: 1
            })
        );
        let needed = leansig::memory_needed(2, 1).expect("a rate");
        let limit = needed - 1;
        assert_eq!(
            leansig::aggregate(&list, &options(1).memory_limit(limit)),
            Err(AggregationError::Memory { needed, limit })
        );
        // All that are not valid are named.
        let mut broken = list;
        broken[0].1.path[31][0] += leanvm_fast::field::F::ONE;
        broken[1].1.hashes[63][7] += leanvm_fast::field::F::ONE;
        let invalid = |index| InvalidSignature {
            index,
            reason: VerificationError::RootMismatch,
        };
        assert_eq!(
            aggregate(&broken, 1),
            Err(AggregationError::Invalid(vec![invalid(0), invalid(1)]))
        );
    }

    /// Neither more signatures than fit, of which few are valid, nor copies stop those who skip
    /// them.
    #[test]
    fn what_is_skipped_does_not_count() {
        let list = claims(&[sign(82, 1, &[1; 32]), sign(83, 2, &[2; 32])]);
        let mut broken = list[0].clone();
        broken.1.randomness[0] += leanvm_fast::field::F::ONE;
        let mut given = vec![broken; 256];
        given.extend([&list[1], &list[0], &list[1]].map(Clone::clone));
        let (aggregate, report) =
            leansig::aggregate_with_report(&given, &options(1).skip_invalid()).expect("two claims");
        assert_eq!(leansig::aggregate(&list, &options(1)), Ok(aggregate));
        assert_eq!(report.skipped.len(), 256);
        let (first, second) = (256, 258);
        assert_eq!(report.repeated, [Repetition { first, second }]);
    }

    /// One key with two messages of one slot: two claims of one signer, which a consumer must not
    /// count as two signers.
    #[test]
    fn claims_are_not_signers() {
        let mut signed = [sign(90, 7, &[1; 32]), sign(91, 7, &[2; 32])];
        signed[1].public_key = signed[0].public_key.clone();
        let error = leansig::aggregate(&claims(&signed), &options(1)).expect_err("another's key");
        // Only the signature is missing: the list itself is one of two claims.
        assert!(matches!(error, AggregationError::Invalid(list) if list[0].index == 1));
        let without = Aggregate::from_bytes(&[1, 64]).expect("version and scheme");
        let of_both: Vec<Claim> = claims(&signed)
            .into_iter()
            .map(|(claim, _)| claim)
            .collect();
        let error = leansig::verify_aggregate(&of_both, &without).expect_err("no proof");
        assert_eq!(error.name(), "proof");
    }
}
