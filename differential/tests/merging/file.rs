//! SPEC §26 merging: files of claims.

use leanvm_differential::aggregation::Refusal;
use leanvm_differential::canonical::MODULUS;
use leanvm_differential::merging::read_file;
use leanvm_differential::oracles::fuzz::merging;
use leanvm_fast::aggregation::Aggregate;
use leanvm_fast::merging::{AggregateFile, AnyAggregate, FileClaim, MAX_MESSAGE_BYTES};
use leanvm_fast::xmss::PublicKey;

use super::{PROGRAMS, SLOTS, some_words};
use crate::recursion::Random;

/// What is behind the claims: it need not verify.
const REST: [u8; 6] = [1, 42, 9, 9, 9, 9];
/// Bytes before the first claim.
const HEAD: usize = 6;

fn rest() -> AnyAggregate {
    AnyAggregate::from(Aggregate::of_proof(REST[2..].to_vec()))
}

fn keys(random: &mut Random, number: usize) -> Vec<PublicKey> {
    let bytes = |words: [u32; 8]| words.map(u32::to_le_bytes).concat();
    let mut key = || PublicKey::from_bytes(&bytes(some_words(random, MODULUS))).expect("canonical");
    (0..number).map(|_| key()).collect()
}

/// Claims without order: slots whose order by bytes is another one, messages of one slot.
fn claims() -> Vec<FileClaim> {
    let mut random = Random(21);
    let lengths = [3, 0, 4, 100].into_iter().cycle();
    let of = SLOTS.into_iter().rev().chain([7, 7]).zip(lengths);
    let claims = of.enumerate().map(|(index, (slot, length))| {
        let message = vec![index as u8; length];
        FileClaim::new(slot, message, keys(&mut random, 1 + index % 3)).expect("a short message")
    });
    claims.collect()
}

fn file(claims: Vec<FileClaim>) -> Vec<u8> {
    let file = AggregateFile::new(claims, rest()).expect("no claim and no key twice");
    file.to_bytes()
}

/// The refusal of both twins.
#[track_caller]
fn refusal(bytes: &[u8]) -> Refusal {
    read_file(&PROGRAMS, bytes).expect_err("refused")
}

/// The refusal: its name and code, the claim and the key.
type Named = (&'static str, u32, Option<usize>, Option<usize>);

#[track_caller]
fn named(bytes: &[u8]) -> Named {
    let error = refusal(bytes);
    (error.name, error.code, error.claim, error.key)
}

/// A claim as it stands in a file.
fn part(slot: u32, message: &[u8], keys: &[PublicKey]) -> Vec<u8> {
    let number = |number: usize| (number as u32).to_le_bytes();
    let mut bytes = slot.to_le_bytes().to_vec();
    bytes.extend(number(message.len()));
    bytes.extend(message);
    bytes.extend(number(keys.len()));
    bytes.extend(keys.iter().flat_map(PublicKey::to_bytes));
    bytes
}

/// The file of these claims, as they stand in it.
fn of_parts(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![1, 44];
    bytes.extend((parts.len() as u32).to_le_bytes());
    bytes.extend(parts.concat());
    bytes.extend(REST);
    bytes
}

/// Keys in canonical order.
fn sorted(mut keys: Vec<PublicKey>) -> Vec<PublicKey> {
    keys.sort_by_key(PublicKey::to_bytes);
    keys
}

mod differential {
    use super::*;

    #[test]
    fn seeds_and_some_changes_of_a_real_file_are_read_and_verified_alike() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/seeds/merging");
        let seeds = std::fs::read_dir(folder).expect("the seeds");
        let mut read = 0;
        for seed in seeds {
            let bytes = std::fs::read(seed.expect("a seed").path()).expect("bytes");
            merging(&bytes);
            read += usize::from(bytes[0] == 0 && read_file(&PROGRAMS, &bytes[1..]).is_ok());
        }
        assert_eq!(read, 2);
        // No change at all.
        merging(&[1]);
        crate::common::for_each(30, 40, |bytes| merging(&[&[1], bytes].concat()));
    }

    #[test]
    fn a_file_has_one_encoding_whatever_the_order() {
        let mut given = claims();
        let bytes = file(given.clone());
        let (read, behind) = read_file(&PROGRAMS, &bytes).expect("a file");
        assert_eq!((read.len(), behind), (given.len(), REST.to_vec()));
        let slots: Vec<u32> = read.iter().map(|(_, claim)| claim.slot).collect();
        assert_eq!(slots, [0, 7, 7, 7, 0x0001_0000, u32::MAX]);
        for _ in 0..given.len() {
            given.rotate_left(1);
            let one = &given[0];
            let mut keys = one.claim().keys.clone();
            keys.reverse();
            let slot = one.claim().slot;
            given[0] = FileClaim::new(slot, one.message_bytes().to_vec(), keys).expect("short");
            assert_eq!(file(given.clone()), bytes);
        }
        let parts: Vec<Vec<u8>> = read
            .iter()
            .map(|(message, claim)| {
                let keys = claim.keys.iter();
                let keys = keys.map(|key| PublicKey::from_bytes(key).expect("a key"));
                part(claim.slot, message, &keys.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(of_parts(&parts), bytes);
    }

    #[test]
    fn cut_files_are_refused_at_each_length() {
        let bytes = file(claims());
        for length in 0..bytes.len() - 4 {
            let expected = match length {
                0..2 => "truncated",
                _ if length < bytes.len() - REST.len() => "file-truncated",
                _ if length < bytes.len() - 4 => "truncated",
                _ => unreachable!("the rest has two bytes"),
            };
            assert_eq!(refusal(&bytes[..length]).name, expected, "{length}");
        }
    }

    /// Whatever is read is what would be written.
    #[test]
    fn changed_bytes_are_read_alike() {
        let bytes = file(claims());
        let mut read = 0;
        let mut refused = std::collections::BTreeSet::new();
        for place in 0..bytes.len() {
            for change in [1, 2, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[place] ^= change;
                match read_file(&PROGRAMS, &bytes) {
                    Ok(_) => read += 1,
                    Err(error) => drop(refused.insert(error.name)),
                }
            }
        }
        assert!(read > 100, "{read}");
        let expected = [
            "file-key",
            "file-message",
            "file-order",
            "file-truncated",
            "no-signers",
            "scheme",
            "too-many-claims",
            "too-many-signers",
            "version",
        ];
        for name in expected {
            assert!(refused.contains(name), "{name} in {refused:?}");
        }
    }

    #[test]
    fn heads_and_rests_are_refused() {
        let bytes = file(claims());
        let with = |place: usize, value: u8| {
            let mut bytes = bytes.clone();
            bytes[place] = value;
            bytes
        };
        assert_eq!(named(&with(0, 0)), ("version", 3, None, None));
        for kind in [0, 42, 43, 45, 64] {
            assert_eq!(named(&with(1, kind)), ("scheme", 4, None, None), "{kind}");
        }
        assert_eq!(named(&of_parts(&[])), ("no-claims", 9, None, None));
        let rest = bytes.len() - REST.len();
        assert_eq!(named(&with(rest, 2)), ("version", 3, None, None));
        // No file is in a file.
        assert_eq!(named(&with(rest + 1, 44)), ("scheme", 4, None, None));
        let name = named(&with(rest + 1, 43)).0;
        assert_eq!(name, "truncated");
        let mut long = bytes.clone();
        long.resize(rest + (1 << 19), 0);
        assert!(read_file(&PROGRAMS, &long).is_ok());
        long.push(0);
        assert_eq!(named(&long), ("too-long", 2, None, None));
    }

    #[test]
    fn lists_out_of_order_are_refused() {
        let keys = sorted(keys(&mut Random(22), 3));
        let one = |slot| part(slot, b"a", &keys);
        let order = ("file-order", 17);
        for slots in [[1, 1], [2, 1], [0x0001_0000, 0x100]] {
            let bytes = of_parts(&[one(0), one(slots[0]), one(slots[1])]);
            assert_eq!(named(&bytes), (order.0, order.1, Some(2), None));
        }
        assert!(read_file(&PROGRAMS, &of_parts(&[one(0x100), one(0x0001_0000)])).is_ok());
        // Of two messages one comes first, by its elements.
        let two = [part(7, b"a", &keys), part(7, b"b", &keys)];
        let [first, second] = &two;
        let there = read_file(&PROGRAMS, &of_parts(&two)).is_ok();
        let back = read_file(&PROGRAMS, &of_parts(&[second.clone(), first.clone()])).is_ok();
        assert_ne!(there, back);
        for wrong in [[0, 2, 1], [0, 0, 1], [1, 0, 2]] {
            let keys = wrong.map(|index| keys[index]);
            let bytes = of_parts(&[part(0, b"", &keys[..1]), part(1, b"", &keys)]);
            let key = 1 + keys
                .windows(2)
                .take_while(|pair| pair[0].to_bytes() < pair[1].to_bytes())
                .count();
            assert_eq!(named(&bytes), (order.0, order.1, Some(1), Some(key)));
        }
    }

    #[test]
    fn numbers_are_refused_before_what_they_announce() {
        let keys = sorted(keys(&mut Random(23), 1 << 8));
        let head = |number: u32| [&[1, 44][..], &number.to_le_bytes()].concat();
        assert_eq!(named(&head(257)), ("too-many-claims", 10, None, None));
        assert_eq!(named(&head(u32::MAX)), ("too-many-claims", 10, None, None));
        assert_eq!(named(&head(256)), ("file-truncated", 14, None, None));
        let many: Vec<Vec<u8>> = (0..256).map(|slot| part(slot, b"", &keys)).collect();
        assert!(read_file(&PROGRAMS, &of_parts(&many)).is_ok());
        let number = |bytes: &mut [u8], place: usize, number: u32| {
            bytes[place..place + 4].copy_from_slice(&number.to_le_bytes());
        };
        // One key more than there may be, of which none is there.
        let mut bytes = of_parts(&many);
        let last = bytes.len() - REST.len() - 32 * 256 - 4;
        number(&mut bytes, last, 257);
        bytes.truncate(last + 4);
        assert_eq!(named(&bytes), ("too-many-signers", 6, None, None));
        number(&mut bytes, last, u32::MAX);
        assert_eq!(named(&bytes), ("too-many-signers", 6, None, None));
        number(&mut bytes, last, 0);
        assert_eq!(named(&bytes), ("no-signers", 5, Some(255), None));
        number(&mut bytes, last, 256);
        assert_eq!(named(&bytes), ("file-truncated", 14, None, None));

        let message = vec![3; MAX_MESSAGE_BYTES];
        assert!(read_file(&PROGRAMS, &of_parts(&[part(0, &message, &keys)])).is_ok());
        let mut bytes = of_parts(&[part(0, b"", &keys)]);
        for more in [1 + (1 << 16), u32::MAX] {
            number(&mut bytes, HEAD + 4, more);
            assert_eq!(named(&bytes), ("file-message", 15, Some(0), None));
        }
        number(&mut bytes, HEAD + 4, 1 << 16);
        assert_eq!(named(&bytes), ("file-truncated", 14, None, None));
        assert!(FileClaim::new(0, vec![0; MAX_MESSAGE_BYTES + 1], keys.clone()).is_err());
        // A word of a key that is p.
        let mut bytes = of_parts(&[part(0, b"", &keys[..1]), part(1, b"", &keys[..2])]);
        let place = bytes.len() - REST.len() - 4;
        number(&mut bytes, place, MODULUS);
        assert_eq!(named(&bytes), ("file-key", 16, Some(1), Some(1)));
    }

    #[test]
    fn lists_that_no_file_holds_are_not_written() {
        let refused = |claims: Vec<FileClaim>| {
            AggregateFile::new(claims, rest())
                .expect_err("refused")
                .name()
        };
        assert_eq!(refused(Vec::new()), "no-claims");
        let keys = keys(&mut Random(24), 2);
        let claim = |slot, keys: &[PublicKey]| {
            FileClaim::new(slot, b"a".to_vec(), keys.to_vec()).expect("short")
        };
        assert_eq!(refused(vec![claim(0, &[])]), "no-signers");
        let twice = [keys[0], keys[1], keys[0]];
        assert_eq!(refused(vec![claim(0, &twice)]), "duplicate-key");
        let two = vec![claim(3, &keys), claim(3, &keys[..1])];
        assert_eq!(refused(two), "duplicate-claim");
        let many = (0..257).map(|slot| claim(slot, &keys)).collect();
        assert_eq!(refused(many), "too-many-claims");
    }
}
