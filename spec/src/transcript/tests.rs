use super::*;

fn felts(range: core::ops::Range<u64>) -> Vec<Felt> {
    range.map(Felt::new).collect()
}

#[test]
fn the_sponge_is_the_duplex_of_the_specification() {
    let mut sponge = Sponge::new();
    sponge.absorb(&felts(1..11));
    let mut state = [Felt::ZERO; 16];
    state[..8].copy_from_slice(&felts(1..9));
    permute_16(&mut state);
    state[..8].fill(Felt::ZERO);
    state[0] = Felt::new(9);
    state[1] = Felt::new(10);
    permute_16(&mut state);
    assert_eq!(sponge.squeeze()[..], state[..8]);
    sponge.absorb(&[]);
    permute_16(&mut state);
    assert_eq!(sponge.sample().coordinates()[..], state[..5]);
    permute_16(&mut state);
    let mut expected: Vec<usize> = state[..8].iter().map(|x| x.value() as usize % 64).collect();
    permute_16(&mut state);
    expected.extend(state[..3].iter().map(|x| x.value() as usize % 64));
    assert_eq!(sponge.indices(11, 6), expected);
    assert!(Sponge::new().indices(0, 6).is_empty());
}

#[test]
fn both_sides_record_the_same_events() {
    let point = [Ext::new([1, 2, 3, 4, 5].map(Felt::new))];
    let mut prover = ProverTranscript::new(true);
    prover.absorb("a", &felts(0..3));
    prover.absorb("empty", &[]);
    prover.send("b", &felts(3..5));
    prover.send_extension("c", &point);
    let sampled = prover.sample("d");
    prover.grind("none", 0);
    prover.grind("e", 5);
    let indices = prover.indices("f", 9, 3);
    prover.opening("g", &felts(7..9));
    let last = prover.sample_point("h", 2);
    let (proof, events) = prover.finish();
    let words: Vec<u32> = proof.iter().map(|x| x.value()).collect();
    assert_eq!(words.len(), 2 + 5 + 1 + 2);
    assert_eq!(events.len(), 9);

    let mut verifier = VerifierTranscript::new(&words, true);
    verifier.absorb("a", &felts(0..3));
    assert_eq!(verifier.receive("b", 2).unwrap(), felts(3..5));
    assert_eq!(verifier.receive_extension("c", 1).unwrap(), point);
    assert_eq!(verifier.sample("d"), sampled);
    verifier.grind("none", 0).unwrap();
    verifier.grind("e", 5).unwrap();
    assert_eq!(verifier.indices("f", 9, 3), indices);
    assert_eq!(verifier.opening("g", 2).unwrap(), felts(7..9));
    assert_eq!(verifier.sample_point("h", 2), last);
    assert_eq!(verifier.finish().unwrap(), events);
}

#[test]
fn what_is_sent_is_absorbed_and_an_opening_is_not() {
    let sponge_of = |lists: &[&[Felt]]| {
        let mut sponge = Sponge::new();
        for list in lists {
            sponge.absorb(list);
        }
        sponge.sample()
    };
    let (start, list) = (felts(0..3), felts(3..5));
    let mut prover = ProverTranscript::new(false);
    prover.absorb("start", &start);
    prover.opening("opening", &list);
    assert_eq!(prover.clone().sample("a"), sponge_of(&[&start]));
    prover.send("send", &list);
    assert_eq!(prover.clone().sample("a"), sponge_of(&[&start, &list]));
    prover.grind("nonce", 4);
    let words: Vec<u32> = prover.proof.iter().map(|x| x.value()).collect();
    let nonce = [prover.proof[4]];

    let mut verifier = VerifierTranscript::new(&words, false);
    verifier.absorb("start", &start);
    verifier.opening("opening", 2).unwrap();
    assert_eq!(verifier.clone().sample("a"), sponge_of(&[&start]));
    verifier.receive("send", 2).unwrap();
    assert_eq!(verifier.clone().sample("a"), sponge_of(&[&start, &list]));
    verifier.grind("nonce", 4).unwrap();
    // The squeeze of the proof of work stays done.
    let mut sponge = Sponge::new();
    for list in [&start[..], &list, &nonce] {
        sponge.absorb(list);
    }
    sponge.squeeze();
    let expected = sponge.sample();
    assert_eq!(prover.sample("a"), expected);
    assert_eq!(verifier.sample("a"), expected);
}

#[test]
fn the_nonce_is_the_smallest() {
    let mut prover = ProverTranscript::new(false);
    prover.absorb("a", &felts(0..3));
    let start = prover.sponge.clone();
    prover.grind("nonce", 6);
    let (proof, _) = prover.finish();
    let nonce = u64::from(proof[0].value());
    assert!(nonce > 0, "the case shows nothing if the first nonce does");
    for other in 0..nonce {
        assert!(!start.clone().fits(Felt::new(other), 6));
    }
    assert!(start.clone().fits(proof[0], 6));
    let words = [proof[0].value() - 1];
    let mut verifier = VerifierTranscript::new(&words, false);
    verifier.absorb("a", &felts(0..3));
    let error = verifier.grind("nonce", 6).unwrap_err();
    assert_eq!(error.rejection, Rejection::Grinding);
}

#[test]
fn truncation_canonicity_and_left_overs_are_told_apart() {
    let words = [1, MODULUS as u32];
    let mut verifier = VerifierTranscript::new(&words, false);
    let error = verifier.receive("a", 3).unwrap_err();
    assert_eq!(error.rejection, Rejection::ProofTruncated);
    let error = verifier.receive_extension("a", usize::MAX).unwrap_err();
    assert_eq!(error.rejection, Rejection::ProofTruncated);
    let error = verifier.opening("a", 2).unwrap_err();
    assert_eq!(error.rejection, Rejection::ElementNotCanonical);
    let error = VerifierTranscript::new(&words, false).finish().unwrap_err();
    assert_eq!(error.rejection, Rejection::ProofLeftOver);
    let error = VerifierTranscript::new(&[], false).grind("n", 1);
    assert_eq!(error.unwrap_err().rejection, Rejection::ProofTruncated);
}
