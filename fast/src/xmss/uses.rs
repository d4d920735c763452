//! SPEC §22 xmss: what a signer remembers: the slots that it has signed for, and the latest
//! messages.

use super::{Message, SlotSet};

/// Number of signatures whose messages are remembered.
pub const MAX_REMEMBERED: usize = 64;

/// The slots that a key has signed for, and the messages of the latest [`MAX_REMEMBERED`] of them.
///
/// A signature is a function of key, slot and message, so that the same message may be signed for a
/// slot again: nothing new is revealed. Whoever lost a signature between its recording and its use
/// needs that, and needs it soon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    slots: SlotSet,
    /// Oldest first, each of a used slot, no slot twice.
    latest: Vec<(u32, Message)>,
}

impl Uses {
    /// These uses, or `None` unless they are as the fields say.
    pub(super) fn new(slots: SlotSet, latest: Vec<(u32, Message)>) -> Option<Self> {
        let mut of_messages = SlotSet::default();
        let consistent = latest.len() <= MAX_REMEMBERED
            && latest
                .iter()
                .all(|(slot, _)| slots.contains(*slot) && of_messages.insert(*slot));
        consistent.then_some(Self { slots, latest })
    }

    /// The used slots.
    pub(super) const fn slots(&self) -> &SlotSet {
        &self.slots
    }

    /// The latest messages with their slots, oldest first.
    pub(super) fn latest(&self) -> &[(u32, Message)] {
        &self.latest
    }

    /// Whether a message may be signed for a slot: the slot is not used, or known to be used for
    /// this very message.
    pub(super) fn permit(&self, slot: u32, message: &Message) -> bool {
        !self.slots.contains(slot) || self.latest.contains(&(slot, *message))
    }

    /// Remembers a signature.
    pub(super) fn insert(&mut self, slot: u32, message: &Message) {
        if self.slots.insert(slot) {
            if self.latest.len() == MAX_REMEMBERED {
                self.latest.remove(0);
            }
            self.latest.push((slot, *message));
        }
    }

    /// Counts the slots first..=last as used.
    pub(super) fn skip(&mut self, first: u32, last: u32) {
        self.slots.insert_range(first, last);
    }

    /// One beyond the greatest used slot; 0 if there is none.
    pub(super) fn end(&self) -> u64 {
        self.slots
            .ranges()
            .last()
            .map_or(0, |(_, last)| u64::from(*last) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(number: usize) -> Message {
        Message::from_bytes(&number.to_le_bytes()).expect("few bytes")
    }

    #[test]
    fn the_latest_messages_are_remembered_and_all_slots() {
        let mut uses = Uses::default();
        let slots = 0..MAX_REMEMBERED as u32 + 3;
        for slot in slots.clone() {
            assert!(uses.permit(slot, &message(0)));
            uses.insert(slot, &message(slot as usize));
            // Again, which changes nothing.
            uses.insert(slot, &message(slot as usize));
        }
        for slot in slots.clone() {
            assert_eq!(
                uses.permit(slot, &message(slot as usize)),
                slot >= 3,
                "slot {slot}"
            );
            assert!(!uses.permit(slot, &message(1000)), "slot {slot}");
        }
        assert_eq!(uses.latest().len(), MAX_REMEMBERED);
        assert_eq!(uses.end(), u64::from(slots.end));
        let again = Uses::new(uses.slots().clone(), uses.latest().to_vec());
        assert_eq!(again, Some(uses));
    }

    #[test]
    fn skipped_slots_have_no_message() {
        let mut uses = Uses::default();
        assert_eq!(uses.end(), 0);
        uses.insert(7, &message(7));
        uses.skip(3, 9);
        assert_eq!(uses.slots().ranges(), [(3, 9)]);
        assert!(uses.permit(7, &message(7)));
        assert!(!uses.permit(8, &message(8)));
        assert_eq!(uses.end(), 10);
    }

    #[test]
    fn inconsistent_uses_are_none() {
        let slots = SlotSet::from_ranges(vec![(3, 80)]).expect("one range");
        let many = |count| (3..3 + count).map(|slot| (slot, message(0))).collect();
        let new = |latest| Uses::new(slots.clone(), latest);
        assert!(new(many(MAX_REMEMBERED as u32)).is_some());
        assert_eq!(new(many(MAX_REMEMBERED as u32 + 1)), None);
        assert_eq!(new(vec![(2, message(0))]), None);
        assert_eq!(new(vec![(3, message(0)), (3, message(1))]), None);
    }
}
