//! What children state together, and what may be kept of it.

use std::collections::{BTreeMap, BTreeSet};

use super::prover::MergeError;
use super::{Claim, Order, order};
use crate::xmss::{Message, PUBLIC_KEY_BYTES, PublicKey};

type KeyBytes = [u8; PUBLIC_KEY_BYTES];

/// All claims of these lists, those of one slot and message united, in canonical order.
#[must_use]
pub fn union<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<Claim> {
    let mut united: BTreeMap<Order, (Message, BTreeMap<KeyBytes, PublicKey>)> = BTreeMap::new();
    for claim in claims {
        let (_, keys) = united
            .entry(order(claim))
            .or_insert_with(|| (claim.message, BTreeMap::new()));
        keys.extend(claim.keys.iter().map(|key| (key.to_bytes(), *key)));
    }
    let claim = |((slot, _), (message, keys)): (Order, (Message, BTreeMap<_, _>))| Claim {
        slot,
        message,
        keys: keys.into_values().collect(),
    };
    united.into_iter().map(claim).collect()
}

/// A key that has signed several messages for one slot, which an honest signer never does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivocation {
    /// The key.
    pub key: PublicKey,
    /// The slot.
    pub slot: u32,
    /// The messages, in canonical order.
    pub messages: Vec<Message>,
}

/// The keys that stand in claims of one slot and several messages.
#[must_use]
pub fn equivocations(claims: &[Claim]) -> Vec<Equivocation> {
    let mut signed: BTreeMap<(u32, KeyBytes), Equivocation> = BTreeMap::new();
    for Claim {
        slot,
        message,
        keys,
    } in union(claims)
    {
        for key in keys {
            let one = signed.entry((slot, key.to_bytes()));
            let one = one.or_insert_with(|| Equivocation {
                key,
                slot,
                messages: Vec::new(),
            });
            one.messages.push(message);
        }
    }
    let several = signed.into_values().filter(|one| one.messages.len() > 1);
    several.collect()
}

/// Checks that each key of claims to keep is in a claim of `held`, which are united.
pub(super) fn check_held(kept: &[Claim], held: &[Claim]) -> Result<(), MergeError> {
    let held: BTreeMap<Order, BTreeSet<KeyBytes>> = held
        .iter()
        .map(|claim| {
            (
                order(claim),
                claim.keys.iter().map(PublicKey::to_bytes).collect(),
            )
        })
        .collect();
    for (claim, kept) in kept.iter().enumerate() {
        let Some(keys) = held.get(&order(kept)) else {
            return Err(MergeError::ClaimNotHeld { claim });
        };
        if let Some(key) = kept
            .keys
            .iter()
            .position(|key| !keys.contains(&key.to_bytes()))
        {
            return Err(MergeError::KeyNotHeld { claim, key });
        }
    }
    Ok(())
}
