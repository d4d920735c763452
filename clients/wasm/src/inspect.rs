//! What a file is, and what it claims. Nothing here is verified.

use leanvm_verifier::aggregation::{self, FormError, SCHEME};
use leanvm_verifier::field::to_canonical;
use leanvm_verifier::isa::Program;
use leanvm_verifier::leansig;
use leanvm_verifier::merging::{AggregateFile, AnyAggregate, FILE_KIND, KIND};
use leanvm_verifier::parameters::ParameterSet;
use leanvm_verifier::proof::Header;
use leanvm_verifier::tables::TableId;
use serde::Serialize;

use crate::failure::{Failure, Subject};
use crate::hex;
use crate::read::{self, Claims, Scheme};

/// That keys have signed a message for a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// The slot.
    pub slot: u32,
    /// The bytes of the message, in hexadecimal digits.
    pub message: String,
    /// The encodings of the keys, in hexadecimal digits.
    pub public_keys: Vec<String>,
}

/// What the header of a proof announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Announced {
    /// The name of the parameter set.
    pub parameters: &'static str,
    /// The rate is 2^−this.
    pub log_inv_rate: usize,
    /// Rows of each table that has any, but for that of the instructions of the program.
    pub rows: Vec<Rows>,
}

/// Rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// The name of the table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u32,
}

/// Where the claims of an aggregate are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// In the file, beside the aggregate.
    File,
    /// With the verifier: these are the bytes alone.
    Bytes,
}

/// An aggregate or a merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Aggregate {
    /// Whether it is a merge.
    pub merge: bool,
    /// Whether its claims are beside it.
    pub form: Form,
    /// The scheme of the signatures.
    pub scheme: Scheme,
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of the aggregate alone.
    pub aggregate_bytes: usize,
    /// What the file claims, if it has its claims beside it.
    pub claims: Option<Vec<Claim>>,
    /// Keys of all claims.
    pub keys: Option<usize>,
    /// What the proof announces, if it has a header.
    pub proof: Option<Announced>,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Inspection {
    /// An aggregate of signatures, or a merge.
    Aggregate(Aggregate),
    /// A proof that a program accepts a public input.
    Proof {
        /// Bytes of the file.
        bytes: usize,
        /// What its header announces.
        proof: Announced,
    },
    /// A signature with its key.
    Signature {
        /// Bytes of the file.
        bytes: usize,
        /// The scheme.
        scheme: Scheme,
        /// The slot.
        slot: u32,
        /// The bytes of the message, in hexadecimal digits.
        message: String,
        /// The encoding of the key, in hexadecimal digits.
        public_key: String,
        /// Bytes of the encoding of the signature.
        signature_bytes: usize,
    },
    /// A list of signers.
    Signers {
        /// Bytes of the file.
        bytes: usize,
        /// The scheme.
        scheme: Scheme,
        /// What it lists.
        claims: Vec<Claim>,
        /// Keys of all claims.
        keys: usize,
    },
    /// A program.
    Program {
        /// Bytes of the file.
        bytes: usize,
        /// Whether it is assembly text.
        assembly: bool,
        /// Number of instructions.
        instructions: usize,
        /// Number of hints, which verifiers have no use for.
        hints: usize,
        /// The digest, which is what a proof is of, in canonical words.
        digest: [u32; 8],
    },
    /// An input of a program.
    Input {
        /// Bytes of the file.
        bytes: usize,
        /// The public input.
        public: Vec<u32>,
    },
}

/// Claims for people, and the number of keys of all of them.
pub(crate) fn shown(claims: &Claims) -> (Vec<Claim>, usize) {
    let claims: Vec<Claim> = match claims {
        Claims::Leanxmss42(claims) => claims
            .iter()
            .map(|(message, claim)| Claim {
                slot: claim.slot,
                message: hex::encode(message),
                public_keys: claim
                    .keys
                    .iter()
                    .map(|key| hex::encode(&key.to_bytes()))
                    .collect(),
            })
            .collect(),
        Claims::LeansigDim64(claims) => claims
            .iter()
            .map(|claim| Claim {
                slot: claim.slot,
                message: hex::encode(&claim.message),
                public_keys: vec![hex::encode(&claim.key.to_bytes())],
            })
            .collect(),
    };
    let keys = claims.iter().map(|claim| claim.public_keys.len());
    let keys = keys.fold(0, usize::saturating_add);
    (claims, keys)
}

/// What a proof announces, whatever its parameter set.
fn announced(bytes: &[u8]) -> Result<Announced, Failure> {
    let of_proof = |error| Failure::of_program(Subject::Proof, error);
    // A proof that ends in the middle of a word has a header all the same.
    let (whole, _) = bytes.as_chunks::<4>();
    let words: Vec<u32> = whole.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let named = words.get(2).and_then(|id| ParameterSet::from_id(*id));
    let set = named.unwrap_or(ParameterSet::Production);
    let (header, _) = Header::decode(&words, set).map_err(of_proof)?;
    // The rows of BYTECODE, the first, are those of the program.
    let tables = TableId::ALL.into_iter().skip(1).zip(header.rows);
    let rows = tables.filter(|(_, rows)| *rows > 0).map(|(table, rows)| {
        let table = table.name();
        Rows { table, rows }
    });
    Ok(Announced {
        parameters: set.name(),
        log_inv_rate: header.parameters.log_inv_rate(),
        rows: rows.collect(),
    })
}

/// What a file is, and what it claims. None of it is verified.
///
/// # Errors
/// [`Failure`]: it is no file of leanVM, or one that is damaged.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, Failure> {
    match bytes {
        [b'L', b'V', b'M', b'1', ..] => program(bytes),
        [b'L', b'M', b'P', b'1', ..] => Ok(Inspection::Proof {
            bytes: bytes.len(),
            proof: announced(bytes)?,
        }),
        [aggregation::VERSION, FILE_KIND, ..] => {
            let of_form = |error| Failure::of_form(26, error);
            let file = AggregateFile::from_bytes(bytes).map_err(of_form)?;
            let claims = Claims::of_file(file.claims());
            Ok(leanxmss42(bytes.len(), file.aggregate(), Some(&claims)))
        }
        [aggregation::VERSION, kind @ (SCHEME | KIND), ..] => {
            let section = if *kind == SCHEME { 24 } else { 26 };
            let of_form = |error| Failure::of_form(section, error);
            let aggregate = AnyAggregate::from_bytes(bytes).map_err(of_form)?;
            Ok(leanxmss42(bytes.len(), &aggregate, None))
        }
        [aggregation::VERSION, leansig::SCHEME, ..] => {
            let of_form = |error: FormError| Failure::of_form(23, error);
            let aggregate = leansig::Aggregate::from_bytes(bytes).map_err(of_form)?;
            Ok(Inspection::Aggregate(Aggregate {
                merge: false,
                form: Form::Bytes,
                scheme: Scheme::LeansigDim64,
                bytes: bytes.len(),
                aggregate_bytes: bytes.len(),
                claims: None,
                keys: None,
                proof: announced(aggregate.proof()).ok(),
            }))
        }
        _ => match str::from_utf8(bytes) {
            Ok(text) if text.trim_start().starts_with('{') => object(bytes),
            Ok(text) if looks_like_assembly(text) => program(bytes),
            _ => Err(unknown()),
        },
    }
}

/// The failure of bytes that are no file of leanVM.
fn unknown() -> Failure {
    let message = "this is no file of leanVM: no aggregate, proof, program, signature or list";
    Failure::unusable(Subject::File, "kind", message)
}

/// Text of printable characters with some letter; the assembler says the rest.
fn looks_like_assembly(text: &str) -> bool {
    let is_of_text = |c: char| !c.is_control() || c.is_whitespace();
    text.chars().any(char::is_alphabetic) && text.chars().all(is_of_text)
}

fn leanxmss42(bytes: usize, aggregate: &AnyAggregate, claims: Option<&Claims>) -> Inspection {
    let (merge, proof) = match aggregate {
        AnyAggregate::Signatures(aggregate) => (false, aggregate.proof()),
        AnyAggregate::Merge(merge) => (true, merge.proof()),
    };
    let (claims, keys) = claims.map(shown).unzip();
    Inspection::Aggregate(Aggregate {
        merge,
        form: if claims.is_some() {
            Form::File
        } else {
            Form::Bytes
        },
        scheme: Scheme::Leanxmss42,
        bytes,
        aggregate_bytes: aggregate.to_bytes().len(),
        claims,
        keys,
        proof: announced(proof).ok(),
    })
}

/// What a JSON object is, by its fields.
fn object(bytes: &[u8]) -> Result<Inspection, Failure> {
    let fields = read::fields(bytes)?;
    let has = |name: &str| fields.contains_key(name);
    let length = bytes.len();
    if has("public_keys") || has("claims") {
        let list = read::signers(bytes)?;
        let (claims, keys) = shown(&list);
        Ok(Inspection::Signers {
            bytes: length,
            scheme: list.scheme(),
            claims,
            keys,
        })
    } else if has("signature") {
        let signed = read::signature(bytes)?;
        Ok(Inspection::Signature {
            bytes: length,
            scheme: signed.scheme,
            slot: signed.slot,
            message: hex::encode(&signed.message),
            public_key: hex::encode(&signed.public_key),
            signature_bytes: signed.signature.len(),
        })
    } else if has("public") || has("private") {
        let public = read::public_input(bytes)?;
        Ok(Inspection::Input {
            bytes: length,
            public,
        })
    } else {
        Err(unknown())
    }
}

/// A binary program, or assembly text.
pub(crate) fn decode_program(bytes: &[u8]) -> Result<(Program, bool), Failure> {
    let text = if bytes.starts_with(b"LVM1") {
        None
    } else {
        str::from_utf8(bytes).ok()
    };
    let program = match text {
        Some(text) => leanvm_verifier::assembly::assemble(text),
        None => Program::decode(bytes),
    };
    let program = program.map_err(|error| Failure::of_program(Subject::Program, error))?;
    Ok((program, text.is_some()))
}

fn program(bytes: &[u8]) -> Result<Inspection, Failure> {
    let (program, assembly) = decode_program(bytes)?;
    Ok(Inspection::Program {
        bytes: bytes.len(),
        assembly,
        instructions: program.instructions().len(),
        hints: program.hints().len(),
        digest: program.digest().map(to_canonical),
    })
}
