//! The lists of `programs/recursion/{stacking,merkle,opening}.py`.
//!
//! Openings are expanded: a proof has distinct rows and shared siblings, the guest takes for each
//! query its row and its path.

use std::collections::{BTreeMap, BTreeSet};

use p3_field::{Field, PrimeCharacteristicRing};

use super::witness::{Events, Lists, elements, number};
use crate::commitment::{Stacking, stacking::Rectangle};
use crate::field::{DIMENSION, EF, F, coordinates, to_canonical};
use crate::parameters::{ParameterSet, Parameters, Round};
use crate::permutation::{DIGEST, Digest, hash, hash_pair};
use crate::tables::TableId;
use crate::transcript::{EventKind, RATE, Sponge, low_bits};

/// Greatest number of bits of a digit of an index below the top of a tree.
const GROUP: usize = 4;
/// Greatest number of bits that an index leaves of 24 bits and that are not hinted.
const JOINED: usize = 9;
/// Greatest number of bits of a part of what an index leaves of 24 bits.
const PART: usize = 12;
/// log2 of the number of bits that an element has for an index.
const ELEMENT_BITS: usize = 24;
/// The key behind those of all rectangles.
const LAST_KEY: u32 = 1 << 15;

/// Levels of a tree that are hashed once for all queries.
pub(super) const fn top_levels(set: ParameterSet) -> usize {
    match set {
        ParameterSet::Tiny => 3,
        ParameterSet::Small => 4,
        ParameterSet::Production => 6,
    }
}

/// All nodes that an opening leads to, by level from the leaves up and by index.
struct Nodes(Vec<BTreeMap<usize, Digest>>);

impl Nodes {
    /// From the distinct ascending rows of an opening and its siblings.
    fn new(log_rows: usize, rows: &BTreeMap<usize, &[F]>, siblings: &[F]) -> Self {
        let (digests, _) = siblings.as_chunks::<DIGEST>();
        let mut digests = digests.iter();
        let leaves = rows.iter().map(|(index, row)| (*index, hash(row)));
        let mut levels = vec![leaves.collect::<BTreeMap<usize, Digest>>()];
        for level in 0..log_rows {
            let mut nodes = levels[level].clone();
            for index in levels[level].keys() {
                nodes
                    .entry(index ^ 1)
                    .or_insert_with(|| *digests.next().expect("a sibling"));
            }
            let above = nodes
                .iter()
                .filter(|(index, _)| *index % 2 == 0)
                .map(|(index, left)| (index / 2, hash_pair(left, &nodes[&(index + 1)])));
            levels.push(above.collect());
            levels[level] = nodes;
        }
        assert!(digests.next().is_none(), "siblings are left");
        Self(levels)
    }

    /// The siblings of a leaf, `count` levels up.
    fn path(&self, index: usize, count: usize) -> Vec<F> {
        (0..count)
            .flat_map(|level| self.0[level][&((index >> level) ^ 1)])
            .collect()
    }

    /// What the guest asks for below a node, whose children are `levels` levels above those of the
    /// table of places.
    fn top(&self, level: usize, index: usize, levels: usize, lists: &mut Lists) {
        if levels == 0 {
            return;
        }
        let children = self.0[level - 1].get(&(2 * index));
        lists.push("split", vec![F::from_bool(children.is_some())]);
        if let Some(left) = children {
            let right = self.0[level - 1][&(2 * index + 1)];
            lists.push("pair", [*left, right].concat());
            self.top(level - 1, 2 * index, levels - 1, lists);
            self.top(level - 1, 2 * index + 1, levels - 1, lists);
        }
    }
}

/// The digits of an index and what is left of the 24 low bits of its element.
pub(super) fn digits(element: u32, log_rows: usize, top: usize) -> Vec<F> {
    let low = element as usize % (1 << ELEMENT_BITS);
    let take = |first: usize, bits: usize| number((low >> first) % (1 << bits));
    let levels = log_rows - top;
    let groups = levels.div_ceil(GROUP);
    let bound = |group: usize| levels * group / groups;
    let group = |j: usize| take(bound(j), bound(j + 1) - bound(j));
    let parts = (log_rows..ELEMENT_BITS)
        .step_by(PART)
        .filter(|_| ELEMENT_BITS - log_rows > JOINED)
        .map(|first| take(first, PART.min(ELEMENT_BITS - first)));
    (0..groups)
        .map(group)
        .chain([take(levels, top)])
        .chain(parts)
        .collect()
}

/// The openings of one round.
fn queries(
    set: ParameterSet,
    round: &Round,
    width: usize,
    elements_of_queries: &[u32],
    opened: (&[u32], &[u32]),
    lists: &mut Lists,
) {
    let index = |element: &u32| *element as usize % (1 << round.log_rows);
    let distinct: BTreeSet<usize> = elements_of_queries.iter().map(index).collect();
    let flat = elements(opened.0);
    let rows: BTreeMap<usize, &[F]> = distinct.into_iter().zip(flat.chunks(width)).collect();
    let nodes = Nodes::new(round.log_rows, &rows, &elements(opened.1));
    let top = top_levels(set);
    nodes.top(round.log_rows, 0, top, lists);
    for element in elements_of_queries {
        let index = index(element);
        lists.push("row", rows[&index].to_vec());
        lists.push("path", nodes.path(index, round.log_rows - top));
        lists.push("index", digits(*element, round.log_rows, top));
    }
}

/// The place of a rectangle among those of its table: number of its piece and of its group.
const fn place(rectangle: &Rectangle) -> (u32, u32) {
    (
        rectangle.first_row.count_ones(),
        rectangle.first_column.count_ones(),
    )
}

fn key(rectangle: &Rectangle) -> u32 {
    let size = u32::try_from(rectangle.log_size()).expect("at most 28");
    let table = u32::try_from(rectangle.table.index()).expect("a table");
    let (piece, group) = place(rectangle);
    1024 * (28 - size) + 40 * table + 8 * piece + group
}

/// The order of the rectangles.
fn order(stacking: &Stacking, lists: &mut Lists) {
    let rectangles = stacking.rectangles();
    lists.push("stack", vec![number(stacking.log_cells())]);
    lists.push("rectangles", vec![number(rectangles.len())]);
    let mut ranks: BTreeMap<(TableId, u32), Vec<(u32, F)>> = BTreeMap::new();
    for (rank, rectangle) in rectangles.iter().enumerate() {
        let (piece, group) = place(rectangle);
        lists.push(
            "order",
            vec![F::from_u32(key(rectangle)), number(rectangle.log_size())],
        );
        ranks
            .entry((rectangle.table, piece))
            .or_default()
            .push((group, number(rank)));
    }
    lists.push("order", vec![F::from_u32(LAST_KEY), F::ZERO]);
    for mut groups in ranks.into_values() {
        groups.sort_unstable_by_key(|(group, _)| *group);
        let ranks = groups.into_iter().map(|(_, rank)| rank);
        lists.push("rank", ranks);
    }
}

/// The squeezed elements of each event of indices, in canonical form. The lists of grinding.
fn sampled(events: &Events, lists: &mut Lists) -> Vec<Vec<u32>> {
    let mut sponge = Sponge::new();
    let mut sampled = Vec::new();
    for event in events.all() {
        match event.kind {
            EventKind::Send | EventKind::Absorb => sponge.absorb(&elements(&event.values)),
            EventKind::Opening => {}
            EventKind::Sample => {
                let _ = sponge.sample();
            }
            EventKind::Indices => {
                let count = event.values.len();
                let squeezes = (0..count.div_ceil(RATE)).flat_map(|_| sponge.squeeze());
                sampled.push(squeezes.take(count).map(to_canonical).collect());
            }
            EventKind::Grind => {
                let [bits, nonce] = [event.values[0], event.values[1]];
                sponge.fits(F::from_u32(nonce), 0);
                let rest = low_bits(sponge.state()[0], ELEMENT_BITS) >> bits;
                let parts = [rest % (1 << PART), rest >> PART];
                lists.push("grind", parts.map(F::from_u32));
            }
        }
    }
    sampled
}

/// All lists of the opening but what is sent.
pub(super) fn openings(
    parameters: &Parameters,
    stacking: &Stacking,
    events: &Events,
    lists: &mut Lists,
) {
    let opened = events.of("opening.rows").zip(events.of("opening.siblings"));
    let schedule = parameters.schedule(stacking.log_cells());
    let sampled = sampled(events, lists);
    for (i, ((round, sampled), opened)) in schedule.iter().zip(&sampled).zip(opened).enumerate() {
        let width = if i == 0 {
            stacking.width()
        } else {
            DIMENSION << round.fold
        };
        queries(parameters.set(), round, width, sampled, opened, lists);
    }
    order(stacking, lists);
    let challenges = events.extension("opening.fold");
    let inverses = challenges[stacking.fold()..]
        .iter()
        .flat_map(|x| coordinates((EF::TWO - *x).inverse()));
    lists.push("inverse", inverses);
}
