//! SPEC §19 proof.
//!
//! The header of a proof file, and what a transcript absorbs first.

use crate::commitment::stacking::{self, Stacking, TableShape};
use crate::field::Felt;
use crate::isa::Program;
use crate::lookup::{self, LeafLayout};
use crate::parameters::{AnnouncedSizes, ParameterSet, Parameters};
use crate::rejection::{Error, Rejection};
use crate::tables::{NUM_TABLES, TableId};

/// The first word of a proof, "LMP1".
pub const MAGIC: u32 = 0x3150_4d4c;

/// The version of the format and of the statement.
pub const VERSION: u32 = 1;

/// The number of announced tables, MEMORY to EQ_TERM.
pub const NUM_ANNOUNCED: usize = NUM_TABLES - 1;

/// The header of a proof.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Parameter set and rate.
    pub parameters: Parameters,
    /// n_1, …, n_21.
    pub rows: [u32; NUM_ANNOUNCED],
}

/// Takes the next word of a header (§19.2).
fn next_word(words: &mut &[u32], name: &str) -> Result<u32, Error> {
    let Some((&word, rest)) = words.split_first() else {
        return Err(Error::new(Rejection::ProofTruncated, name));
    };
    *words = rest;
    Ok(word)
}

impl Header {
    /// The words of the header.
    pub fn encode(&self) -> Vec<u32> {
        let parameters = &self.parameters;
        let mut words = vec![MAGIC, VERSION, parameters.set.id(), parameters.log_inv_rate];
        words.extend(self.rows);
        words
    }

    /// The header at the front of the words of a proof, and the words after it.
    ///
    /// # Errors
    /// `proof-truncated`, `proof-magic`, `parameters`.
    pub fn decode(words: &[u32], required: ParameterSet) -> Result<(Self, &[u32]), Error> {
        let mut rest = words;
        // §19.3.
        let magic = next_word(&mut rest, "magic")?;
        if magic != MAGIC {
            let detail = format!("magic {magic:#010x}");
            return Err(Error::new(Rejection::ProofMagic, detail));
        }
        // §19.4.
        let version = next_word(&mut rest, "version")?;
        if version != VERSION {
            let detail = format!("version {version}");
            return Err(Error::new(Rejection::ProofMagic, detail));
        }
        // §19.5.
        let id = next_word(&mut rest, "parameter set")?;
        if ParameterSet::from_id(id) != Some(required) {
            let detail = format!("set {id}, required: {}", required.name());
            return Err(Error::new(Rejection::Parameters, detail));
        }
        // §19.6.
        let parameters = Parameters::new(required, next_word(&mut rest, "log_inv_rate")?)?;
        let mut rows = [0; NUM_ANNOUNCED];
        for number in &mut rows {
            *number = next_word(&mut rest, "rows")?;
        }
        Ok((Self { parameters, rows }, rest))
    }

    /// The present tables by rising T.
    pub fn tables(&self, num_instructions: usize) -> Vec<TableShape> {
        let mut tables = Vec::new();
        for table in TableId::ALL {
            let rows = match table.index().checked_sub(1) {
                None => num_instructions,
                Some(announced) => self.rows[announced] as usize,
            };
            if rows > 0 {
                tables.push(TableShape::new(table, rows));
            }
        }
        tables
    }
}

/// The sizes that the header decides, and where they place leaves and cells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// The present tables by rising T.
    pub tables: Vec<TableShape>,
    /// Where the leaves of the lookup are.
    pub leaves: LeafLayout,
    /// Where the cells of the stack are.
    pub stacking: Stacking,
}

impl Sizes {
    /// The sizes of a proof, which are within the caps.
    ///
    /// # Errors
    /// `size-cap`.
    pub fn new(
        header: &Header,
        num_instructions: usize,
        public_cells: usize,
    ) -> Result<Self, Error> {
        let tables = header.tables(num_instructions);
        let min_stack = header.parameters.set.min_stack();
        let rows_of = |table| {
            let shape = tables.iter().find(|shape| shape.table == table);
            shape.map_or(0, |shape| shape.rows)
        };
        header.parameters.check_caps(&AnnouncedSizes {
            instructions: num_instructions,
            cells: 8 * rows_of(TableId::Memory),
            public_cells,
            rows: tables.iter().map(|shape| shape.rows).max().unwrap_or(0),
            log_leaves: lookup::log_leaves(&tables),
            log_stack: stacking::log_cells(&tables, min_stack),
        })?;
        // Only sizes within the caps have layouts.
        let leaves = LeafLayout::new(&tables);
        let stacking = Stacking::new(&tables, min_stack);
        Ok(Self {
            tables,
            leaves,
            stacking,
        })
    }
}

/// What a proof states: the program, and its public input.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The program.
    pub program: &'a Program,
    /// The public input.
    pub public: &'a [Felt],
}

impl Statement<'_> {
    /// The 8K public cells: the public input, padded by zeros.
    pub fn public_cells(&self) -> Vec<Felt> {
        let mut cells = self.public.to_vec();
        cells.resize(crate::execution::num_public_cells(cells.len()), Felt::ZERO);
        cells
    }

    /// §19.7, §19.8: what is absorbed first, each list with its label.
    pub fn absorbed(&self, header: &Header) -> [(&'static str, Vec<Felt>); 3] {
        let mut words = vec![
            VERSION,
            header.parameters.set.id(),
            header.parameters.log_inv_rate,
            self.program.instructions().len() as u32,
            self.public.len() as u32,
        ];
        words.extend(header.rows);
        let statement = words
            .iter()
            .map(|&word| Felt::new(u64::from(word)))
            .collect();
        [
            ("statement", statement),
            ("program", self.program.digest().to_vec()),
            ("public", self.public_cells()),
        ]
    }
}

/// What was proved, in numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// n_T for all tables in the order T.
    pub rows: Vec<usize>,
    /// M.
    pub memory_cells: usize,
    /// κ.
    pub log_leaves: u32,
    /// The number of cells of the stack.
    pub cells: usize,
    /// μ.
    pub log_stack: u32,
    /// The number of rounds of the opening.
    pub rounds: usize,
}

impl Summary {
    /// The numbers of these sizes.
    pub fn new(parameters: &Parameters, sizes: &Sizes) -> Self {
        let rows_of = |table| sizes.stacking.rows_of(table);
        Self {
            rows: TableId::ALL.into_iter().map(rows_of).collect(),
            memory_cells: 8 * rows_of(TableId::Memory),
            log_leaves: sizes.leaves.log_leaves,
            cells: sizes.stacking.cells,
            log_stack: sizes.stacking.log_cells,
            rounds: parameters.schedule(sizes.stacking.log_cells).len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            parameters: Parameters::new(ParameterSet::Tiny, 2).unwrap(),
            rows: core::array::from_fn(|i| if i == 0 { 32 } else { i as u32 % 3 }),
        }
    }

    #[test]
    fn a_header_is_decoded_as_it_was_encoded() {
        let mut words = header().encode();
        assert_eq!(words[..4], [0x3150_4d4c, 1, 1, 2]);
        words.extend([7, 8]);
        let (decoded, rest) = Header::decode(&words, ParameterSet::Tiny).unwrap();
        assert_eq!((decoded, rest), (header(), &[7, 8][..]));
    }

    #[test]
    fn each_wrong_header_word_has_its_code() {
        let words = header().encode();
        let decode = |words: &[u32]| {
            let error = Header::decode(words, ParameterSet::Tiny).unwrap_err();
            error.rejection
        };
        for length in 0..words.len() {
            assert_eq!(decode(&words[..length]), Rejection::ProofTruncated);
        }
        for (position, wrong, rejection) in [
            (0, 0x314d_564c, Rejection::ProofMagic),
            (1, 2, Rejection::ProofMagic),
            (2, 0, Rejection::Parameters),
            (2, 2, Rejection::Parameters),
            (3, 0, Rejection::Parameters),
            (3, 5, Rejection::Parameters),
        ] {
            let mut changed = words.clone();
            changed[position] = wrong;
            assert_eq!(decode(&changed), rejection);
            // Also if the proof ends there.
            assert_eq!(decode(&changed[..=position]), rejection);
        }
    }

    #[test]
    fn shapes_beyond_the_caps_are_refused() {
        let sizes = Sizes::new(&header(), 5, 8).unwrap();
        assert_eq!(sizes.tables[0], TableShape::new(TableId::Bytecode, 5));
        assert_eq!(sizes.tables[2], TableShape::new(TableId::Add, 1));
        assert!(sizes.tables.iter().all(|s| s.table != TableId::Deref));
        for (table, rows) in [(0, 0), (0, 31), (0, 513), (0, u32::MAX), (8, u32::MAX)] {
            let mut header = header();
            header.rows[table] = rows;
            let error = Sizes::new(&header, 5, 8).unwrap_err();
            assert_eq!(error.rejection, Rejection::SizeCap);
        }
        let error = Sizes::new(&header(), 1025, 8).unwrap_err();
        assert_eq!(error.rejection, Rejection::SizeCap);
        let error = Sizes::new(&header(), 5, 512).unwrap_err();
        assert_eq!(error.rejection, Rejection::SizeCap);
    }

    #[test]
    fn caps_are_checked_before_layouts_are_computed() {
        for table in 0..NUM_ANNOUNCED {
            let mut header = header();
            header.rows[table] = u32::MAX;
            let tables = header.tables(5);
            // A layout of such rows is not computed, so a check that came after it would not be
            // reached.
            assert!(std::panic::catch_unwind(|| LeafLayout::new(&tables)).is_err());
            assert!(std::panic::catch_unwind(|| Stacking::new(&tables, 10)).is_err());
            let error = Sizes::new(&header, 5, 8).unwrap_err();
            assert_eq!(error.rejection, Rejection::SizeCap);
        }
    }
}
