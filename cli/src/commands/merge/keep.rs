//! Which claims a merge keeps.

use std::collections::BTreeSet;
use std::path::Path;

use leanvm_fast::merging::{Claim, Order, order};
use leanvm_fast::xmss::Message;

use crate::failure::{Failure, foreign};
use crate::hex;
use crate::signature::bytes;
use crate::signature::claims::Signed;
use crate::signature::record::message_of;

/// Most claims that a failure names.
const NAMED: usize = 20;

/// A value of --keep: a slot, and the message if one is given.
#[derive(Clone, Debug)]
pub(crate) struct Keep {
    slot: u32,
    message: Option<String>,
}

/// Reads a value of --keep.
pub(crate) fn keep(text: &str) -> Result<Keep, String> {
    let (slot, message) = match text.split_once(',') {
        Some((slot, rest)) => (slot, Some(rest)),
        None => (text, None),
    };
    let slot = slot.strip_prefix("slot=").and_then(|it| it.parse().ok());
    let message = message.map(|rest| rest.strip_prefix("message="));
    match (slot, message) {
        (Some(slot), None) => Ok(Keep {
            slot,
            message: None,
        }),
        (Some(slot), Some(Some(message))) => Ok(Keep {
            slot,
            message: Some(message.to_owned()),
        }),
        _ => Err("give slot=SLOT or slot=SLOT,message=HEX".to_owned()),
    }
}

impl Keep {
    /// The file of the message.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.message.as_deref().and_then(bytes::file_of)
    }
}

/// What is asked for, with the messages that were read.
pub(crate) struct Wanted(Vec<(u32, Option<Message>)>);

impl Wanted {
    /// Reads the messages.
    pub(crate) fn read(keep: &[Keep]) -> Result<Self, Failure> {
        let wanted = keep.iter().map(|one| {
            let message = one.message.as_deref().map(|text| {
                let message = bytes::read("the message of --keep", text)?;
                message_of(&message.bytes)
            });
            Ok((one.slot, message.transpose()?))
        });
        Ok(Self(wanted.collect::<Result<_, _>>()?))
    }

    /// Whether a claim is kept: each is, where nothing is asked for.
    pub(crate) fn keeps(&self, claim: &Claim) -> bool {
        let is_it = |(slot, message): &(u32, Option<Message>)| {
            *slot == claim.slot && message.is_none_or(|message| message == claim.message)
        };
        self.0.is_empty() || self.0.iter().any(is_it)
    }

    /// Refuses what no claim fits.
    pub(crate) fn check<'a>(
        &self,
        held: impl Iterator<Item = &'a Signed> + Clone,
    ) -> Result<(), Failure> {
        for (slot, message) in &self.0 {
            let only = Self(vec![(*slot, *message)]);
            if !held.clone().any(|one| only.keeps(&one.claim)) {
                return Err(not_held(*slot, message.is_some(), held));
            }
        }
        Ok(())
    }
}

/// The failure that there is no such claim, with those that there are.
fn not_held<'a>(slot: u32, of_message: bool, held: impl Iterator<Item = &'a Signed>) -> Failure {
    let with = if of_message { " with that message" } else { "" };
    let mut seen: BTreeSet<Order> = BTreeSet::new();
    let mut lines = Vec::new();
    for one in held {
        if seen.insert(order(&one.claim)) {
            let message = foreign(&hex::encode(&one.message_bytes));
            lines.push((
                one.claim.slot,
                format!("    slot={},message={message}\n", one.claim.slot),
            ));
        }
    }
    lines.sort();
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    let mut listing: String = lines.into_iter().map(|(_, line)| line).collect();
    if more > 0 {
        listing.push_str(&format!("    and {more} more\n"));
    }
    Failure::usage(
        format!("nothing that is merged has a claim for slot {slot}{with}, which --keep asks for"),
        "ask for one of the claims below",
    )
    .with_listing(listing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_a_slot_and_perhaps_a_message() {
        let of = |text: &str| {
            let keep = keep(text).ok()?;
            Some((keep.slot, keep.message.clone()))
        };
        assert_eq!(of("slot=7"), Some((7, None)));
        for message in ["", "c0ffee", "@a,b=c", "hex@a"] {
            let text = format!("slot=4294967295,message={message}");
            assert_eq!(of(&text), Some((u32::MAX, Some(message.to_owned()))));
        }
        for text in [
            "",
            "7",
            "slot",
            "slot=",
            "slot=-1",
            "slot=4294967296",
            "slot=7,",
            "slot=7,c0ffee",
            "message=00",
            "message=00,slot=7",
            "Slot=7",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
