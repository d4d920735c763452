//! SPEC §22 xmss: a set of slots as ranges.

/// A set of slots as disjoint ranges, ascending, with at least one slot outside between two of
/// them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotSet {
    /// The first and the last slot of each range.
    ranges: Vec<(u32, u32)>,
}

impl SlotSet {
    /// The set of these ranges, or `None` unless they are in order and apart.
    #[must_use]
    pub fn from_ranges(ranges: Vec<(u32, u32)>) -> Option<Self> {
        let ordered = ranges.iter().all(|(first, last)| first <= last);
        let apart = ranges
            .windows(2)
            .all(|pair| u64::from(pair[0].1) + 1 < u64::from(pair[1].0));
        (ordered && apart).then_some(Self { ranges })
    }

    /// The first and the last slot of each range.
    #[must_use]
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// Number of slots.
    #[must_use]
    pub fn count(&self) -> u64 {
        let size = |(first, last): &(u32, u32)| u64::from(*last) - u64::from(*first) + 1;
        self.ranges.iter().map(size).sum()
    }

    /// Whether a slot is in the set.
    #[must_use]
    pub fn contains(&self, slot: u32) -> bool {
        let after = self.ranges.partition_point(|(first, _)| *first <= slot);
        after > 0 && slot <= self.ranges[after - 1].1
    }

    /// Adds a slot; `false` if it is in the set already.
    pub fn insert(&mut self, slot: u32) -> bool {
        if self.contains(slot) {
            return false;
        }
        self.insert_range(slot, slot);
        true
    }

    /// Adds the slots first..=last.
    ///
    /// # Panics
    /// If last < first.
    pub fn insert_range(&mut self, first: u32, last: u32) {
        assert!(first <= last, "a range has at least one slot");
        // The ranges that the new one overlaps or touches become one with it.
        let begin = self
            .ranges
            .partition_point(|(_, end)| u64::from(*end) + 1 < u64::from(first));
        let end = self
            .ranges
            .partition_point(|(start, _)| u64::from(*start) <= u64::from(last) + 1);
        let joined = &self.ranges[begin..end];
        let first = joined.first().map_or(first, |range| range.0.min(first));
        let last = joined.last().map_or(last, |range| range.1.max(last));
        self.ranges.splice(begin..end, [(first, last)]);
    }

    /// The least slot of first..=last that is not in the set.
    #[must_use]
    pub fn first_outside(&self, first: u32, last: u32) -> Option<u32> {
        let mut slot = first;
        for (begin, end) in &self.ranges {
            if slot < *begin {
                break;
            }
            if slot <= *end {
                slot = end.checked_add(1)?;
            }
        }
        (slot <= last).then_some(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn agrees_with_a_plain_set() {
        let mut state = 1_u32;
        for round in 0..50 {
            let base = if round % 2 == 0 { 0 } else { u32::MAX - 20 };
            let (mut set, mut plain) = (SlotSet::default(), BTreeSet::new());
            for _ in 0..25 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let slot = base + (state >> 16) % 21;
                if state >> 30 == 0 {
                    let last = slot.saturating_add((state >> 8) % 5).min(base + 20);
                    set.insert_range(slot, last);
                    plain.extend(slot..=last);
                } else {
                    assert_eq!(set.insert(slot), plain.insert(slot));
                }
                assert_eq!(set.count(), plain.len() as u64);
                for slot in base..=base + 20 {
                    assert_eq!(set.contains(slot), plain.contains(&slot));
                    let next = (slot..=base + 20).find(|slot| !plain.contains(slot));
                    assert_eq!(set.first_outside(slot, base + 20), next);
                }
                assert_eq!(
                    SlotSet::from_ranges(set.ranges().to_vec()),
                    Some(set.clone())
                );
            }
        }
    }

    #[test]
    fn ranges_out_of_order_are_no_set() {
        for ranges in [
            vec![(2, 1)],
            vec![(1, 2), (3, 4)],
            vec![(1, 2), (2, 4)],
            vec![(5, 6), (1, 2)],
        ] {
            assert_eq!(SlotSet::from_ranges(ranges.clone()), None, "{ranges:?}");
        }
        assert!(SlotSet::from_ranges(vec![(0, 0), (2, u32::MAX)]).is_some());
    }
}
