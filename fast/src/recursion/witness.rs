//! The lists of the guest but those of openings, from the events of the verifier.

use p3_field::{Field, PrimeCharacteristicRing};

use super::openings::openings;
use super::{ProgramClaim, public_input};
use crate::execution::Input;
use crate::field::{DIMENSION, EF, F, coordinates, from_canonical, from_coordinates};
use crate::isa::Program;
use crate::lookup::{Boundary, Fingerprint};
use crate::parameters::ParameterSet;
use crate::proof::{Header, PublicCells, Sizes, public_elements, words};
use crate::rejection::{Error, Rejection};
use crate::tables::{TableId, log_height};
use crate::transcript::{Event, EventKind};
use crate::verifier::{VerifyOptions, verify};

/// Public cells of the proofs that the guest takes.
const PUBLIC_CELLS: usize = 32;

/// What the guest is told of a proof, and the claim that it leaves.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The input of the guest.
    pub input: Input,
    /// The claim on the program, which holds.
    pub claim: ProgramClaim,
}

/// The input of the guest for a proof of a program's run on a public input.
///
/// # Errors
/// Those of the verifier: only an accepted proof has one. `size-cap` if the proof has not 32 public
/// cells.
pub fn witness(
    program: &Program,
    public: &[u32],
    proof: &[u8],
    set: ParameterSet,
) -> Result<Witness, Error> {
    let events = accepted(program, public, proof, set)?;
    witness_of_events(program, public, proof, set, events)
}

/// The input of the guest for a proof of which these are the events, be it accepted or not: tests
/// run the guest on what the verifier refuses. Openings have the rows and the siblings that their
/// indices ask for.
///
/// # Errors
/// Those of the header; `size-cap` if the proof has not 32 public cells.
pub fn witness_of_events(
    program: &Program,
    public: &[u32],
    proof: &[u8],
    set: ParameterSet,
    events: Vec<Event>,
) -> Result<Witness, Error> {
    let mut lists = Lists::default();
    let cells = PublicCells::new(&public_elements(public)?)?.cells;
    lists.push("public", cells.clone());
    let claim = lists.push_events(program, public, proof, set, Events(events))?;
    let mut input = lists.0;
    input.public = public_input(program, &cells, &claim);
    Ok(Witness { input, claim })
}

/// The events of an accepted proof.
fn accepted(
    program: &Program,
    public: &[u32],
    proof: &[u8],
    set: ParameterSet,
) -> Result<Vec<Event>, Error> {
    let options = VerifyOptions {
        set,
        record_events: true,
    };
    Ok(verify(program, public, proof, &options)?.events)
}

/// What the guest is told of the sizes.
fn sizes_lists(sizes: &Sizes, lists: &mut Lists) {
    let (leaves, rows) = (&sizes.leaves, &sizes.rows);
    lists.push("rows", rows.iter().skip(1).map(|n| number(*n)));
    let length = |n: usize| F::from_u32(usize::BITS - n.leading_zeros());
    let present = TableId::ALL.into_iter().zip(rows).filter(|(_, n)| **n > 0);
    for (_, rows) in present.clone() {
        lists.push("length", [length(*rows)]);
    }
    lists.push("length", [length(leaves.total >> 3)]);
    let order = leaves
        .blocks
        .iter()
        .map(|blocks| number(blocks.table.index()));
    lists.push("leaf_order", order);
    for (id, _) in present.clone() {
        let blocks = leaves.blocks.iter().find(|blocks| blocks.table == id);
        let first = blocks.map_or(0, |blocks| blocks.first);
        lists.push("place", [number(first % 16)]);
    }
    let height = |tables: &mut dyn Iterator<Item = (TableId, &usize)>| {
        tables.map(|(_, rows)| log_height(*rows)).max()
    };
    if let Some(height) = height(&mut present.clone().filter(|(id, _)| id.hash().is_some())) {
        lists.push("hash_height", [number(height)]);
    }
    if let Some(height) = height(&mut present.clone()) {
        lists.push("table_height", [number(height)]);
    }
}

/// An input in the making.
#[derive(Default)]
pub(crate) struct Lists(pub(crate) Input);

impl Lists {
    /// The next list of a name.
    pub(crate) fn push(&mut self, name: &str, list: impl IntoIterator<Item = F>) {
        let lists = self.0.private.entry(name.to_owned()).or_default();
        lists.push(list.into_iter().collect());
    }

    /// The lists that follow.
    pub(crate) fn append(&mut self, following: Self) {
        for (name, lists) in following.0.private {
            self.0.private.entry(name).or_default().extend(lists);
        }
    }

    /// The lists that the modules of `programs/recursion` ask for to verify a proof; the claim on
    /// its program alone.
    ///
    /// # Errors
    /// Those of [`witness`].
    pub(crate) fn push_proof(
        &mut self,
        program: &Program,
        public: &[u32],
        proof: &[u8],
        set: ParameterSet,
    ) -> Result<ProgramClaim, Error> {
        let events = accepted(program, public, proof, set)?;
        self.push_events(program, public, proof, set, Events(events))
    }

    /// The lists of the events of a proof.
    fn push_events(
        &mut self,
        program: &Program,
        public: &[u32],
        proof: &[u8],
        set: ParameterSet,
        events: Events,
    ) -> Result<ProgramClaim, Error> {
        let public = PublicCells::new(&public_elements(public)?)?;
        if public.cells.len() != PUBLIC_CELLS {
            return Err(Rejection::SizeCap.at(format!(
                "{} public cells, the guest takes {PUBLIC_CELLS}",
                public.cells.len()
            )));
        }
        let (header, _) = Header::decode(&words(proof)?, set)?;
        let sizes = Sizes::new(&header, program, public.cells.len())?;
        let claim = events.claim(program);

        self.push("rate", [number(header.parameters.log_inv_rate())]);
        for event in &events.0 {
            let (name, words) = match event.kind {
                EventKind::Send => ("proof", event.values.as_slice()),
                EventKind::Grind => ("nonce", event.values.get(1..).unwrap_or_default()),
                _ => continue,
            };
            self.push(name, elements(words));
        }
        sizes_lists(&sizes, self);
        let root = events.root_product() * events.ends(program, &public);
        // No inverse is that of 0, which is refused.
        let inverse = root.try_inverse().unwrap_or_default();
        self.push("inverse", coordinates(inverse));
        self.push("program_value", coordinates(claim.value));
        openings(&header.parameters, &sizes.stacking, &events, self);
        Ok(claim)
    }
}

/// A size as an element.
pub(crate) fn number(number: usize) -> F {
    F::from_usize(number)
}

/// The elements of canonical words.
pub(super) fn elements(words: &[u32]) -> Vec<F> {
    words
        .iter()
        .filter_map(|word| from_canonical(*word))
        .collect()
}

/// The events of a proof.
pub(super) struct Events(Vec<Event>);

impl Events {
    /// All of them.
    pub(super) fn all(&self) -> &[Event] {
        &self.0
    }

    /// The words of the events of a label.
    pub(super) fn of<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a [u32]> {
        let of_label = self.0.iter().filter(move |event| event.label == label);
        of_label.map(|event| event.values.as_slice())
    }

    /// The elements of E of the events of a label.
    pub(super) fn extension(&self, label: &str) -> Vec<EF> {
        let list: Vec<F> = self.of(label).flat_map(elements).collect();
        let (elements, _) = list.as_chunks::<DIMENSION>();
        elements
            .iter()
            .map(|element| from_coordinates(*element))
            .collect()
    }

    /// The claim that the zerocheck leaves.
    fn claim(&self, program: &Program) -> ProgramClaim {
        let (theta, rho) = (
            self.extension("lookup.theta"),
            self.extension("zerocheck.challenge"),
        );
        let height = log_height(program.instructions().len());
        let own = &rho[rho.len() - height..];
        ProgramClaim::at(&[program], [&theta[1..], own].concat())
    }

    /// D_0.
    fn root_product(&self) -> EF {
        let root = self.extension("lookup.root");
        root[2] * root[3]
    }

    /// start·end (§13.2).
    fn ends(&self, program: &Program, public: &PublicCells) -> EF {
        let theta = self.extension("lookup.theta");
        let alpha = self.extension("lookup.alpha")[0];
        let fingerprint = Fingerprint::new(alpha, std::array::from_fn(|i| theta[i]));
        let boundary = Boundary {
            start: fingerprint.state(F::ZERO, public.fp_0()),
            end: fingerprint.state(F::from_u32(program.halt_pc()), public.fp_0()),
        };
        boundary.start * boundary.end
    }
}
