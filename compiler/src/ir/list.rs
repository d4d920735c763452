//! Lists that exist at compile time.
//!
//! Elements are shared, so a list may be much larger than what it takes in memory; its size and
//! depth as a tree are bounded, and so is whatever goes through all of it.

use super::elaborate::Data;

/// The elements of a list.
#[derive(Clone, Debug)]
pub(super) struct List {
    items: Vec<Data>,
    size: usize,
    depth: usize,
}

/// What a list is, is its elements: size and depth may be those that it once had.
impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl Eq for List {}

impl FromIterator<Data> for List {
    fn from_iter<T: IntoIterator<Item = Data>>(items: T) -> Self {
        let mut list = Self {
            items: Vec::new(),
            size: 1,
            depth: 1,
        };
        for item in items {
            list.push(item);
        }
        list
    }
}

/// The size and depth of a value: the number of lists and numbers in it, and of lists within each
/// other.
pub(super) fn measure(data: &Data) -> (usize, usize) {
    match data {
        Data::Scalar(_) => (1, 0),
        Data::List(list) => (list.size, list.depth),
    }
}

impl List {
    /// The elements.
    pub(super) fn items(&self) -> &[Data] {
        &self.items
    }

    /// The number of lists and numbers in it, at most.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// The number of lists within each other, at most.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// An element, to be changed.
    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut Data> {
        self.items.get_mut(at)
    }

    /// An element is added.
    pub(super) fn push(&mut self, item: Data) {
        self.grow(measure(&item), 1);
        self.items.push(item);
    }

    /// The last element is taken.
    pub(super) fn pop(&mut self) -> Option<Data> {
        self.items.pop()
    }

    /// Something of a size and depth is added so many lists below.
    pub(super) fn grow(&mut self, (size, depth): (usize, usize), below: usize) {
        self.size = self.size.saturating_add(size);
        self.depth = self.depth.max(depth + below);
    }
}
