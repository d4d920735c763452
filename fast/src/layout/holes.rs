//! SPEC §7 layout: cells that are not taken.
//!
//! A bit for each cell, and over the words of 64 bits a binary tree whose nodes hold the number of
//! free cells at their start, at their end, and in their longest run. The leftmost hole of some
//! length is found by descending into a node only if it has a run that is long enough.

/// Free cells of a node of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    /// At its start.
    prefix: u32,
    /// At its end.
    suffix: u32,
    /// The longest run inside.
    longest: u32,
}

impl Node {
    /// The node of a word whose bits are the taken cells.
    fn of_word(word: u64) -> Self {
        let mut longest = 0;
        let mut runs = !word;
        while runs != 0 {
            runs &= runs << 1;
            longest += 1;
        }
        Self {
            prefix: word.trailing_zeros(),
            suffix: word.leading_zeros(),
            longest,
        }
    }

    /// The node over two nodes of `size` cells each.
    fn over(left: Self, right: Self, size: u32) -> Self {
        Self {
            prefix: if left.prefix == size {
                size + right.prefix
            } else {
                left.prefix
            },
            suffix: if right.suffix == size {
                size + left.suffix
            } else {
                right.suffix
            },
            longest: left
                .longest
                .max(right.longest)
                .max(left.suffix + right.prefix),
        }
    }
}

/// Which cells are taken.
pub(super) struct Holes {
    /// Bit i of word w is cell 64w + i.
    words: Vec<u64>,
    /// `levels[l]` has a node for each 2^l words; the last level is one node.
    levels: Vec<Vec<Node>>,
    top: u32,
}

impl Holes {
    /// No cell is taken; below `cells` they can be.
    pub(super) fn new(cells: u32) -> Self {
        let num_words = (cells as usize).div_ceil(64).next_power_of_two();
        let mut levels = Vec::new();
        let mut size = 64;
        for level in 0..=num_words.trailing_zeros() {
            let node = Node {
                prefix: size,
                suffix: size,
                longest: size,
            };
            levels.push(vec![node; num_words >> level]);
            size *= 2;
        }
        Self {
            words: vec![0; num_words],
            levels,
            top: 0,
        }
    }

    /// 1 + the greatest taken cell.
    pub(super) const fn top(&self) -> u32 {
        self.top
    }

    /// Takes `length` cells from `start` on.
    ///
    /// # Panics
    /// If they do not end below the number of cells rounded up to a power of two.
    pub(super) fn take(&mut self, start: u32, length: u32) {
        if length == 0 {
            return;
        }
        let end = start + length;
        let (mut low, mut high) = (start as usize / 64, (end as usize - 1) / 64);
        for word in low..=high {
            self.words[word] |= mask(word, start, end);
            self.levels[0][word] = Node::of_word(self.words[word]);
        }
        let mut size = 64;
        for level in 1..self.levels.len() {
            (low, high) = (low / 2, high / 2);
            for i in low..=high {
                let below = &self.levels[level - 1];
                self.levels[level][i] = Node::over(below[2 * i], below[2 * i + 1], size);
            }
            size *= 2;
        }
        self.top = self.top.max(end);
    }

    /// The first taken cell of start..end.
    pub(super) fn first_taken(&self, start: u32, end: u32) -> Option<u32> {
        let end = end.min(self.top);
        if start >= end {
            return None;
        }
        (start as usize / 64..=(end as usize - 1) / 64).find_map(|word| {
            let taken = self.words[word] & mask(word, start, end);
            (taken != 0).then(|| word as u32 * 64 + taken.trailing_zeros())
        })
    }

    /// The first cell of the leftmost hole of at least `length` ≥ 1 cells, where only cells from
    /// `from` on count. The last hole is long enough. `None` only if `from` is above top.
    pub(super) fn find(&self, from: u32, length: u32) -> Option<u32> {
        if from > self.top {
            return None;
        }
        let mut run = 0;
        let found = self.search(self.levels.len() - 1, 0, from, length, &mut run);
        // Behind top, cells are free for ever, also where the tree has ended.
        Some(found.unwrap_or(self.top))
    }

    /// `find` in a node, before which `run` cells are free.
    fn search(
        &self,
        level: usize,
        index: usize,
        from: u32,
        length: u32,
        run: &mut u32,
    ) -> Option<u32> {
        let size = 64u64 << level;
        let start = index as u64 * size;
        if start + size <= u64::from(from) {
            return None;
        }
        let (start, size) = (start as u32, size as u32);
        let node = if start >= from {
            self.levels[level][index]
        } else if level == 0 {
            Node::of_word(self.words[index] | ((1 << (from - start)) - 1))
        } else {
            // The part of the node from `from` on is searched below.
            return self
                .search(level - 1, 2 * index, from, length, run)
                .or_else(|| self.search(level - 1, 2 * index + 1, from, length, run));
        };
        if *run + node.prefix >= length {
            return Some(start - *run);
        }
        if node.longest < length {
            *run = if node.prefix == size {
                *run + size
            } else {
                node.suffix
            };
            return None;
        }
        if level == 0 {
            let word = if start >= from {
                self.words[index]
            } else {
                self.words[index] | ((1 << (from - start)) - 1)
            };
            let mut starts = !word;
            for i in 1..length {
                starts &= !word >> i;
            }
            return Some(start + starts.trailing_zeros());
        }
        self.search(level - 1, 2 * index, from, length, run)
            .or_else(|| self.search(level - 1, 2 * index + 1, from, length, run))
    }
}

/// The bits of a word that are cells of start..end.
fn mask(word: usize, start: u32, end: u32) -> u64 {
    let first = word as u64 * 64;
    let low = u64::from(start).saturating_sub(first);
    let high = (u64::from(end) - first).min(64);
    (u64::MAX << low) & (u64::MAX >> (64 - high))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bits in a plain vector, and the search by definition.
    fn plain_find(taken: &[bool], from: usize, length: usize) -> usize {
        (from..)
            .find(|at| (*at..at + length).all(|cell| !taken.get(cell).copied().unwrap_or(false)))
            .unwrap()
    }

    #[test]
    fn searches_agree_with_the_definition() {
        let mut state = 1u64;
        let mut random = move |below: u32| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % below
        };
        for cells in [1, 64, 65, 300, 1000] {
            let mut holes = Holes::new(cells);
            let mut taken = vec![false; cells as usize];
            for _ in 0..400 {
                let start = random(cells);
                let length = random((cells - start).min(20) + 1);
                if random(3) == 0 {
                    holes.take(start, length);
                    taken[start as usize..(start + length) as usize].fill(true);
                }
                let top = taken
                    .iter()
                    .rposition(|taken| *taken)
                    .map_or(0, |at| at + 1);
                assert_eq!(holes.top() as usize, top);
                let end = start + random(200);
                let expected = (start..end).find(|cell| taken.get(*cell as usize) == Some(&true));
                assert_eq!(holes.first_taken(start, end), expected);
                let from = random(top as u32 + 1);
                let length = 1 + random(90);
                assert_eq!(
                    holes.find(from, length),
                    Some(plain_find(&taken, from as usize, length as usize) as u32),
                    "{cells} cells, from {from}, {length} cells"
                );
                assert_eq!(holes.find(top as u32 + 1, length), None);
            }
        }
    }
}
