//! SPEC §6 execution: what a program is run on.

use std::collections::BTreeMap;

use crate::field::{F, from_canonical};
use crate::proof::public_elements;
use crate::rejection::{Error, Rejection};

/// What a program is run on; words are canonical (§6.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// The public input.
    pub public: Vec<F>,
    /// The private input: for each name, lists in the order in which witness hints take them.
    pub private: BTreeMap<String, Vec<Vec<F>>>,
}

impl Input {
    /// The public input of canonical words, without private lists.
    ///
    /// # Errors
    /// `element-not-canonical`.
    pub fn new(public: &[u32]) -> Result<Self, Error> {
        Ok(Self {
            public: public_elements(public)?,
            private: BTreeMap::new(),
        })
    }

    /// With one more list of canonical words for the witness hints of a name.
    ///
    /// # Errors
    /// `element-not-canonical`.
    pub fn with_list(mut self, name: &str, list: &[u32]) -> Result<Self, Error> {
        let elements = |(i, word): (usize, &u32)| {
            from_canonical(*word).ok_or_else(|| {
                Rejection::ElementNotCanonical.at(format!(
                    "element {i} of a list of {name} is {word}, not below p"
                ))
            })
        };
        let list = list
            .iter()
            .enumerate()
            .map(elements)
            .collect::<Result<_, _>>()?;
        self.private.entry(name.to_owned()).or_default().push(list);
        Ok(self)
    }
}
