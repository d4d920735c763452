//! SPEC §22 xmss: the bytes of a key file.

use zeroize::Zeroizing;

use super::error::{KeyFileError, KeyFileFault};
use crate::xmss::keys::{
    DecodedSecretKey, MAX_ACTIVE_SLOTS, SECRET_KEY_BYTES, SecretKey, decode_secret_key,
};
use crate::xmss::uses::Uses;
use crate::xmss::{
    MAX_BYTES_OF_MESSAGE, MESSAGE_BYTES, Message, PUBLIC_KEY_BYTES, PublicKey, SCHEME_ID, Seed,
    SlotSet, hash_of_bytes,
};

/// "LXK1".
pub(super) const MAGIC: u32 = 0x314b_584c;
/// Version of key files, of their records and caches.
pub(super) const VERSION: u32 = 2;
/// Magic, version, scheme, public key, secret key, generation, number of ranges, number of
/// messages.
pub(super) const HEADER_BYTES: usize = 12 + PUBLIC_KEY_BYTES + SECRET_KEY_BYTES + 8 + 4 + 4;
/// First and last slot.
const RANGE_BYTES: usize = 8;
/// Slot and message.
pub(super) const REMEMBERED_BYTES: usize = 4 + MESSAGE_BYTES;
/// Bytes of a checksum.
pub(super) const CHECKSUM_BYTES: usize = 32;
/// Longest key file: its checksum is the hash of fewer than 2^25 bytes.
pub(super) const MAX_FILE_BYTES: usize = MAX_BYTES_OF_MESSAGE - 1 + CHECKSUM_BYTES;

/// What a key file holds.
pub(super) struct Content {
    pub(super) public_key: PublicKey,
    pub(super) seed: Seed,
    pub(super) first: u32,
    pub(super) last: u32,
    /// How often the file was written.
    pub(super) generation: u64,
    pub(super) uses: Uses,
}

/// The bytes of a key file.
pub(super) fn encode(key: &SecretKey, generation: u64) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let (ranges, latest) = (key.uses.slots().ranges(), key.uses.latest());
    // Of its final size from the start: a vector that grows leaves copies behind.
    let size = HEADER_BYTES
        + RANGE_BYTES * ranges.len()
        + REMEMBERED_BYTES * latest.len()
        + CHECKSUM_BYTES;
    if size > MAX_FILE_BYTES {
        return Err(KeyFileError::TooManyRanges);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(size));
    for word in [MAGIC, VERSION, SCHEME_ID] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(&key.public_key().to_bytes());
    bytes.extend_from_slice(&key.to_bytes()[..]);
    bytes.extend_from_slice(&generation.to_le_bytes());
    bytes.extend_from_slice(&(ranges.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&(latest.len() as u32).to_le_bytes());
    for (first, last) in ranges {
        bytes.extend_from_slice(&first.to_le_bytes());
        bytes.extend_from_slice(&last.to_le_bytes());
    }
    for (slot, message) in latest {
        bytes.extend_from_slice(&slot.to_le_bytes());
        bytes.extend_from_slice(&message.to_canonical_bytes());
    }
    let checksum = checksum(&bytes).ok_or(KeyFileError::TooManyRanges)?;
    bytes.extend_from_slice(&checksum);
    Ok(bytes)
}

/// The hash of the bytes before a checksum; `None` if they are too many.
pub(super) fn checksum(bytes: &[u8]) -> Option<[u8; CHECKSUM_BYTES]> {
    let hash = hash_of_bytes(bytes).ok()?;
    Some(Message(hash).to_canonical_bytes())
}

/// Takes values from the front of bytes that are long enough, as their length was checked.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn word(&mut self) -> Option<u32> {
        let bytes = self.bytes(4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    fn long(&mut self) -> Option<u64> {
        let bytes = self.bytes(8)?.try_into().ok()?;
        Some(u64::from_le_bytes(bytes))
    }
}

/// Reads and checks the bytes of a key file.
pub(super) fn decode(bytes: &[u8]) -> Result<Content, KeyFileFault> {
    let mut reader = Reader(bytes);
    let mut expect = |expected, fault: fn(u32) -> KeyFileFault| match reader.word() {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(fault(found)),
        None => Err(KeyFileFault::Length),
    };
    expect(MAGIC, |_| KeyFileFault::Magic)?;
    expect(VERSION, KeyFileFault::Version)?;
    expect(SCHEME_ID, KeyFileFault::Scheme)?;
    check_length_and_sum(bytes)?;
    content(reader).ok_or(KeyFileFault::Content)
}

/// The length is as the header says, and the checksum fits.
fn check_length_and_sum(bytes: &[u8]) -> Result<(), KeyFileFault> {
    let counts = bytes
        .get(HEADER_BYTES - 8..HEADER_BYTES)
        .ok_or(KeyFileFault::Length)?;
    let mut counts = Reader(counts);
    let mut count = || counts.word().map_or(u64::MAX, u64::from);
    let (ranges, latest) = (count(), count());
    let fixed = (HEADER_BYTES + CHECKSUM_BYTES) as u64;
    let expected = fixed + RANGE_BYTES as u64 * ranges + REMEMBERED_BYTES as u64 * latest;
    if expected != bytes.len() as u64 || bytes.len() > MAX_FILE_BYTES {
        return Err(KeyFileFault::Length);
    }
    let (before, sum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
    if checksum(before).is_none_or(|expected| expected != sum) {
        return Err(KeyFileFault::Checksum);
    }
    Ok(())
}

/// What follows the scheme, if it is a key.
fn content(mut reader: Reader<'_>) -> Option<Content> {
    let public_key = PublicKey::from_bytes(reader.bytes(PUBLIC_KEY_BYTES)?).ok()?;
    let DecodedSecretKey { seed, first, last } =
        decode_secret_key(reader.bytes(SECRET_KEY_BYTES)?).ok()?;
    if u64::from(last - first) >= MAX_ACTIVE_SLOTS {
        return None;
    }
    let generation = reader.long()?;
    let (ranges, latest) = (reader.word()?, reader.word()?);
    let ranges = (0..ranges)
        .map(|_| Some((reader.word()?, reader.word()?)))
        .collect::<Option<Vec<_>>>()?;
    let active = |(begin, end): &(u32, u32)| first <= *begin && *end <= last;
    let used = SlotSet::from_ranges(ranges).filter(|set| set.ranges().iter().all(active))?;
    let latest = (0..latest)
        .map(|_| {
            let slot = reader.word()?;
            let message = Message::from_canonical_bytes(reader.bytes(MESSAGE_BYTES)?).ok()?;
            Some((slot, message))
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Content {
        public_key,
        seed,
        first,
        last,
        generation,
        uses: Uses::new(used, latest)?,
    })
}
