//! Aggregates of `leansig_dim64` signatures: both verifiers take the same ones and refuse the others for the same reason. SPEC §22 leansig.

use leanvm_differential::leansig::{Signed, real_signatures, sign};
use leanvm_fast::leansig::{self, Aggregate, AggregationError, Claim, Signature};
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
        .and_then(|aggregate| leansig::verify_aggregate(&of_fast, &aggregate))
        .err();
    let program = Program::decode(leanvm_programs::artefacts::LEANSIG_DIM64.program);
    let spec = spec::verify_aggregate(&program.expect("decodes"), &of_spec, bytes).err();
    assert_eq!(
        fast.map(|error| error.name()),
        spec.as_ref().map(spec::AggregateRefusal::name)
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
            sign(72, 127 << 20, &[2; 32]),
        ];
        let aggregate = leansig::aggregate(&claims(&signed), 1).expect("valid signatures");
        let bytes = aggregate.to_bytes();
        assert!(bytes.len() < 1 << 19, "{} bytes", bytes.len());
        assert_eq!(refusal(&signed, &bytes), None);
        assert_eq!(
            leansig::aggregate(&claims(&signed), 1).map(|again| again.to_bytes()),
            Ok(bytes.clone())
        );

        assert_eq!(refusal(&signed[..2], &bytes), Some("proof"));
        assert_eq!(refusal(&[], &bytes), Some("no-claims"));
        let mut other = signed.to_vec();
        other.swap(0, 1);
        assert_eq!(refusal(&other, &bytes), Some("proof"));
        other[0] = other[1].clone();
        assert_eq!(refusal(&other, &bytes), Some("duplicate-claim"));
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
        let aggregate = leansig::aggregate(&claims(&signed), 2).expect("valid signatures");
        assert_eq!(refusal(&signed, &aggregate.to_bytes()), None);
        assert_eq!(refusal(&signed[1..], &aggregate.to_bytes()), Some("proof"));
    }

    #[test]
    fn what_cannot_be_aggregated_is_refused_before_a_proof() {
        let signed = [sign(80, 1, &[1; 32]), sign(81, 2, &[2; 32])];
        let list = claims(&signed);
        let error = |list: &[(Claim, Signature)], rate| {
            leansig::aggregate(list, rate)
                .err()
                .map(|error| match error {
                    AggregationError::List(error) => (error.name(), 0),
                    AggregationError::Signature(refused) => (refused.reason.name(), refused.index),
                    AggregationError::Machine(error) => (error.rejection.name(), 0),
                    _ => ("", 0),
                })
        };
        assert_eq!(error(&[], 1), Some(("no-claims", 0)));
        assert_eq!(error(&list, 5), Some(("parameters", 0)));
        let twice = [list[0].clone(), list[0].clone()];
        assert_eq!(error(&twice, 1), Some(("duplicate-claim", 0)));
        let mut broken = list.clone();
        broken[1].1.hashes[63][7] += leanvm_fast::field::F::ONE;
        assert_eq!(error(&broken, 1), Some(("root-mismatch", 1)));
        let mut broken = list;
        broken[0].0.message[0] ^= 1;
        assert!(matches!(
            error(&broken, 1),
            Some(("target-sum" | "root-mismatch", 0))
        ));
    }
}
