//! SPEC §19 proof: the header of a proof file, the sizes that it announces, and the absorbed
//! statement.
//!
//! Both sides derive every size from [`Header`] by [`Sizes::new`], which checks the caps of SPEC
//! §18 before anything is allocated.

use std::ops::RangeInclusive;
use std::time::Duration;

use p3_field::PrimeCharacteristicRing;

use crate::commitment::{Stacking, TableShape};
use crate::field::{F, from_canonical};
use crate::isa::Program;
use crate::lookup::LeafLayout;
use crate::memory::{CHUNK_CELLS, MAX_PUBLIC_INPUT};
use crate::multilinear::log2_ceil;
use crate::parameters::{MAX_LOG_ROWS, ParameterSet, Parameters};
use crate::rejection::{Error, Rejection};
use crate::tables::TableId;

/// First word of a proof file: "LMP1".
pub const MAGIC: u32 = 0x3150_4d4c;
/// Second word of a proof file.
pub const VERSION: u32 = 1;
/// Words of a header.
pub const HEADER_WORDS: usize = 4 + ANNOUNCED;
/// Tables whose rows are announced: all but BYTECODE.
const ANNOUNCED: usize = TableId::COUNT - 1;

/// What a proof announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The parameter set and rate.
    pub parameters: Parameters,
    /// n_1, …, n_21.
    pub rows: [u32; ANNOUNCED],
}

/// The words of a file (§19.1).
///
/// # Errors
/// `proof-truncated` if the length is not a multiple of 4.
pub fn words(bytes: &[u8]) -> Result<Vec<u32>, Error> {
    let (chunks, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(
            Rejection::ProofTruncated.at(format!("{} bytes, not a multiple of 4", bytes.len()))
        );
    }
    Ok(chunks
        .iter()
        .map(|word| u32::from_le_bytes(*word))
        .collect())
}

/// The bytes of words.
#[must_use]
pub fn bytes(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

impl Header {
    /// The words of the header.
    pub fn encode(&self) -> impl Iterator<Item = u32> {
        let rate = u32::try_from(self.parameters.log_inv_rate()).unwrap_or(u32::MAX);
        [MAGIC, VERSION, self.parameters.set().id(), rate]
            .into_iter()
            .chain(self.rows)
    }

    /// The header of a file, and the words behind it.
    ///
    /// # Errors
    /// `proof-truncated`, `proof-magic`, `parameters`.
    pub fn decode(words: &[u32], required: ParameterSet) -> Result<(Self, &[u32]), Error> {
        let mut rest = words;
        let mut take = || {
            let (first, tail) = rest.split_first().ok_or_else(|| {
                Rejection::ProofTruncated.at(format!(
                    "{} words, the header has {HEADER_WORDS}",
                    words.len()
                ))
            })?;
            rest = tail;
            Ok::<u32, Error>(*first)
        };
        // §19.3, §19.4; a word that is not there is §19.2.
        for (name, expected) in [("magic", MAGIC), ("version", VERSION)] {
            let word = take()?;
            if word != expected {
                return Err(Rejection::ProofMagic
                    .at(format!("the {name} word is {word:#x}, not {expected:#x}")));
            }
        }
        // §19.5.
        let id = take()?;
        let set = ParameterSet::from_id(id)
            .filter(|set| *set == required)
            .ok_or_else(|| {
                Rejection::Parameters.at(format!(
                    "the set is {id}, required is {} ({})",
                    required.id(),
                    required.name()
                ))
            })?;
        // §19.6.
        let parameters = Parameters::new(set, take()?)?;
        let mut rows = [0; ANNOUNCED];
        for row in &mut rows {
            *row = take()?;
        }
        Ok((Self { parameters, rows }, rest))
    }
}

/// log2 K of a public input of so many elements (§5.4, §21.1).
///
/// # Errors
/// `public-input-too-long`.
pub fn log_public_chunks(elements: usize) -> Result<usize, Error> {
    if elements > MAX_PUBLIC_INPUT {
        return Err(Rejection::PublicInputTooLong
            .at(format!("{elements} elements, at most {MAX_PUBLIC_INPUT}")));
    }
    Ok(log2_ceil(elements.div_ceil(CHUNK_CELLS)))
}

/// The public region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCells {
    /// Number of public elements.
    pub num_elements: usize,
    /// The 8K cells.
    pub cells: Vec<F>,
    /// log2 K.
    pub log_chunks: usize,
}

impl PublicCells {
    /// The region of a public input.
    ///
    /// # Errors
    /// `public-input-too-long`.
    pub fn new(public: &[F]) -> Result<Self, Error> {
        let log_chunks = log_public_chunks(public.len())?;
        let mut cells = public.to_vec();
        cells.resize(CHUNK_CELLS << log_chunks, F::ZERO);
        Ok(Self {
            num_elements: public.len(),
            cells,
            log_chunks,
        })
    }

    /// fp_0 = 8K.
    pub fn fp_0(&self) -> F {
        F::from_usize(self.cells.len())
    }
}

/// The canonical words of a public input as elements (§21.4).
///
/// # Errors
/// `element-not-canonical`.
pub fn public_elements(words: &[u32]) -> Result<Vec<F>, Error> {
    words
        .iter()
        .enumerate()
        .map(|(i, word)| {
            from_canonical(*word).ok_or_else(|| {
                Rejection::ElementNotCanonical
                    .at(format!("public element {i} is {word}, not below p"))
            })
        })
        .collect()
}

/// The sizes that the header decides, and where they place leaves and cells.
#[derive(Clone, Debug)]
pub struct Sizes {
    /// n_0, …, n_21.
    pub rows: [usize; TableId::COUNT],
    /// The leaves of the lookup.
    pub leaves: LeafLayout,
    /// The stack.
    pub stacking: Stacking,
}

impl Sizes {
    /// The sizes of a proof for a public region of so many cells, after the caps of SPEC §18.
    ///
    /// # Errors
    /// `size-cap`.
    pub fn new(header: &Header, program: &Program, public_cells: usize) -> Result<Self, Error> {
        let parameters = &header.parameters;
        let cap = |what: &str, value: usize, range: RangeInclusive<usize>| {
            if range.contains(&value) {
                Ok(())
            } else {
                let (least, most) = range.into_inner();
                Err(Rejection::SizeCap.at(format!(
                    "{value} {what}, at least {least} and at most {most}"
                )))
            }
        };
        let instructions = program.instructions().len();
        let mut rows = [instructions; TableId::COUNT];
        for (to, from) in rows.iter_mut().skip(1).zip(header.rows) {
            *to = usize::try_from(from).unwrap_or(usize::MAX);
        }
        let most = 1 << MAX_LOG_ROWS;
        let [_, chunks, ..] = rows;
        // §18.3.
        for (id, n) in TableId::ALL.into_iter().zip(rows) {
            cap(&format!("rows of {}", id.name()), n, 0..=most)?;
        }
        // §18.2.
        let cells = chunks.saturating_mul(CHUNK_CELLS);
        let needed = parameters.min_cells().max(public_cells);
        cap("memory cells", cells, needed..=parameters.max_cells())?;
        // §18.1.
        let most = parameters.max_instructions();
        cap("instructions", instructions, 1..=most)?;
        let present = || TableId::ALL.into_iter().zip(rows).filter(|(_, n)| *n > 0);
        let tables: Vec<_> = present()
            .map(|(id, n)| TableShape {
                table: id,
                rows: n,
                columns: id.num_columns(),
            })
            .collect();
        let leaves = LeafLayout::new(&tables)
            .ok_or_else(|| Rejection::SizeCap.at(format!("rows of {rows:?}: too many leaves")))?;
        // §18.4.
        let most = parameters.max_log_leaves();
        cap("as log2 of the leaves", leaves.log_leaves, 0..=most)?;
        Ok(Self {
            rows,
            leaves,
            stacking: Stacking::new(parameters, &tables)?,
        })
    }

    /// What people may want to know of these sizes.
    #[must_use]
    pub fn summary(&self, parameters: &Parameters) -> Summary {
        let [_, chunks, ..] = self.rows;
        Summary {
            rows: self.rows,
            memory_cells: chunks.saturating_mul(CHUNK_CELLS),
            log_leaves: self.leaves.log_leaves,
            stack_cells: self.stacking.cells(),
            log_stack: self.stacking.log_cells(),
            rounds: parameters.schedule(self.stacking.log_cells()).len(),
            phases: Vec::new(),
        }
    }
}

/// Sizes and times of a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// n_T.
    pub rows: [usize; TableId::COUNT],
    /// M.
    pub memory_cells: usize,
    /// κ.
    pub log_leaves: usize,
    /// Committed cells.
    pub stack_cells: usize,
    /// μ.
    pub log_stack: usize,
    /// Rounds of the opening.
    pub rounds: usize,
    /// The time of each phase.
    pub phases: Vec<(&'static str, Duration)>,
}

/// What a proof states: the program, and its public input.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The program.
    pub program: &'a Program,
    /// The public region.
    pub public: &'a PublicCells,
}

impl Statement<'_> {
    /// §19.7, §19.8: what is absorbed first, each list with its label.
    #[must_use]
    pub fn absorbed(&self, header: &Header) -> [(&'static str, Vec<F>); 3] {
        let head = [
            F::from_u32(VERSION),
            F::from_u32(header.parameters.set().id()),
            F::from_usize(header.parameters.log_inv_rate()),
            F::from_usize(self.program.instructions().len()),
            F::from_usize(self.public.num_elements),
        ];
        let statement = head
            .into_iter()
            .chain(header.rows.map(F::from_u32))
            .collect();
        [
            ("statement", statement),
            ("program", self.program.digest().to_vec()),
            ("public", self.public.cells.clone()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            parameters: Parameters::new(ParameterSet::Small, 2).unwrap(),
            rows: std::array::from_fn(|i| i as u32),
        }
    }

    #[test]
    fn header_round_trip() {
        let encoded: Vec<u32> = header().encode().chain([7, 8]).collect();
        assert_eq!(encoded.len(), HEADER_WORDS + 2);
        let decoded = Header::decode(&encoded, ParameterSet::Small);
        assert_eq!(decoded, Ok((header(), &[7, 8][..])));
        assert_eq!(words(&bytes(encoded.clone())), Ok(encoded));
    }

    #[test]
    fn header_rejections() {
        let encoded: Vec<u32> = header().encode().collect();
        let code = |words: &[u32], set| Header::decode(words, set).unwrap_err().rejection;
        for length in 0..HEADER_WORDS {
            assert_eq!(
                code(&encoded[..length], ParameterSet::Small),
                Rejection::ProofTruncated
            );
        }
        assert_eq!(code(&encoded, ParameterSet::Tiny), Rejection::Parameters);
        for (word, value, expected) in [
            (0, 0, Rejection::ProofMagic),
            (1, 2, Rejection::ProofMagic),
            (2, 9, Rejection::Parameters),
            (3, 0, Rejection::Parameters),
            (3, 5, Rejection::Parameters),
        ] {
            let mut changed = encoded.clone();
            changed[word] = value;
            assert_eq!(code(&changed, ParameterSet::Small), expected);
        }
        assert_eq!(
            words(&[0; 5]).unwrap_err().rejection,
            Rejection::ProofTruncated
        );
    }

    #[test]
    fn public_region() {
        for (elements, cells) in [(0, 8), (1, 8), (8, 8), (9, 16), (17, 32), (33, 64)] {
            let public = PublicCells::new(&vec![F::ONE; elements]).unwrap();
            assert_eq!(public.cells.len(), cells);
            assert_eq!(8 << public.log_chunks, cells);
            assert_eq!(
                public.cells.iter().filter(|x| **x == F::ONE).count(),
                elements
            );
        }
        let long = PublicCells::new(&vec![F::ONE; MAX_PUBLIC_INPUT + 1]);
        assert_eq!(long.unwrap_err().rejection, Rejection::PublicInputTooLong);
    }
}
