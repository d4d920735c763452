//! The signatures that are held, by slot and message.

use std::collections::BTreeMap;

use leanvm_fast::xmss::{PUBLIC_KEY_BYTES, PublicKey, Signature};

use crate::change::{Accepted, Change, Time};
use crate::record::Signed;

/// About what a signature takes in memory.
const BYTES: usize = 1536;

/// Slot and bytes of the message of a claim.
pub(crate) type Claim<'a> = (u32, &'a [u8]);

/// A signature of a claim.
struct Held {
    at: Time,
    key: PublicKey,
    signature: Signature,
}

type Group = BTreeMap<[u8; PUBLIC_KEY_BYTES], Box<Held>>;

/// The signatures, of which there is one for each claim and key.
#[derive(Default)]
pub(crate) struct Pool {
    slots: BTreeMap<u32, BTreeMap<Vec<u8>, Group>>,
    signatures: usize,
    bytes: usize,
}

impl Pool {
    /// About how many bytes a signature would take.
    pub(crate) fn bytes_of(signed: &Signed) -> usize {
        BYTES + signed.message.len()
    }

    /// About how many bytes are taken.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The number of signatures.
    pub(crate) const fn len(&self) -> usize {
        self.signatures
    }

    fn group(&self, (slot, message): Claim<'_>) -> Option<&Group> {
        self.slots.get(&slot)?.get(message)
    }

    /// Whether there is a signature of this key, slot and message.
    pub(crate) fn holds(&self, signed: &Signed) -> bool {
        self.group((signed.slot, &signed.message))
            .is_some_and(|group| group.contains_key(&signed.key.to_bytes()))
    }

    /// Takes a signature, unless there is one of this key, slot and message.
    pub(crate) fn insert(&mut self, Accepted { at, signed }: Accepted) -> bool {
        if self.holds(&signed) {
            return false;
        }
        self.signatures += 1;
        self.bytes += Self::bytes_of(&signed);
        let Signed {
            key,
            slot,
            message,
            signature,
        } = *signed;
        let group = self.slots.entry(slot).or_default().entry(message);
        let held = Held { at, key, signature };
        group.or_default().insert(key.to_bytes(), Box::new(held));
        true
    }

    /// The number of signatures of a claim.
    pub(crate) fn count(&self, claim: Claim<'_>) -> usize {
        self.group(claim).map_or(0, BTreeMap::len)
    }

    /// The signatures of a claim.
    pub(crate) fn signatures(&self, claim: Claim<'_>) -> Vec<(PublicKey, Signature)> {
        let held = self.group(claim).into_iter().flat_map(BTreeMap::values);
        held.map(|held| (held.key, held.signature.clone()))
            .collect()
    }

    /// Drops what came before a time, but for claims that are needed.
    pub(crate) fn drop_before(&mut self, time: Time, needed: impl Fn(Claim<'_>) -> bool) {
        let (mut signatures, mut bytes) = (0, 0);
        self.slots.retain(|slot, groups| {
            groups.retain(|message, group| {
                if !needed((*slot, message)) {
                    group.retain(|_, held| held.at >= time);
                }
                signatures += group.len();
                bytes += group.len() * (BYTES + message.len());
                !group.is_empty()
            });
            !groups.is_empty()
        });
        (self.signatures, self.bytes) = (signatures, bytes);
    }

    /// The claims of which there are signatures.
    pub(crate) fn claims(&self) -> Vec<(u32, Vec<u8>)> {
        let messages = self.slots.iter().flat_map(|(slot, groups)| {
            let messages = groups.keys().cloned();
            messages.map(|message| (*slot, message))
        });
        messages.collect()
    }

    /// What the journal must have for the signatures of a claim.
    pub(crate) fn changes(&self, claim: Claim<'_>) -> Vec<Change> {
        let (slot, message) = claim;
        let held = self.group(claim).into_iter().flat_map(BTreeMap::values);
        let change = |held: &Held| {
            let signed = Signed {
                key: held.key,
                slot,
                message: message.to_owned(),
                signature: held.signature.clone(),
            };
            Change::Accepted(Accepted {
                at: held.at,
                signed: Box::new(signed),
            })
        };
        held.map(|held| change(held)).collect()
    }
}
