//! Claims of SPEC §26 as both twins verify them, merges that `fast` makes, and the guest compiled
//! from a text.

use std::sync::Arc;

use leanvm_compiler::ast::ConstantValue;
use leanvm_compiler::check::{FileLoader, LoadedText, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use leanvm_fast::aggregation::{AggregateError, Options};
use leanvm_fast::isa::Program;
use leanvm_fast::merging as fast;
use leanvm_fast::xmss as fast_xmss;
use leanvm_programs::artefacts::{LEANXMSS42, MERGE};
use leanvm_spec::aggregation::AggregateError as SpecError;
use leanvm_spec::isa::Program as SpecProgram;
use leanvm_spec::merging as spec;
use leanvm_spec::xmss as spec_xmss;

use crate::aggregation::{Question as One, Refusal, Verdict, refusal_of_fast, refusal_of_spec};
use crate::recursion::path;

/// A claim, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The slot.
    pub slot: u32,
    /// The encoded message.
    pub message: Vec<u8>,
    /// The encoded public keys.
    pub keys: Vec<Vec<u8>>,
}

/// What a verifier is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The claims.
    pub claims: Vec<Claim>,
    /// The bytes of an aggregate or a merge.
    pub bytes: Vec<u8>,
}

impl From<One> for Question {
    fn from(one: One) -> Self {
        let One {
            message,
            slot,
            keys,
            aggregate: bytes,
        } = one;
        let claims = vec![Claim {
            slot,
            message,
            keys,
        }];
        Self { claims, bytes }
    }
}

impl Claim {
    /// As `spec` has it.
    ///
    /// # Panics
    /// If the message or a key is not an encoding.
    #[must_use]
    pub fn of_spec(&self) -> spec::Claim {
        let key = |key: &Vec<u8>| spec_xmss::PublicKey::decode(key).expect("a key");
        spec::Claim {
            slot: self.slot,
            message: spec_xmss::decode_message(&self.message).expect("a message"),
            keys: self.keys.iter().map(key).collect(),
        }
    }

    /// As `fast` has it.
    ///
    /// # Panics
    /// If the message or a key is not an encoding.
    #[must_use]
    pub fn of_fast(&self) -> fast::Claim {
        let key = |key: &Vec<u8>| fast_xmss::PublicKey::from_bytes(key).expect("a key");
        fast::Claim {
            slot: self.slot,
            message: fast_xmss::Message::from_canonical_bytes(&self.message).expect("a message"),
            keys: self.keys.iter().map(key).collect(),
        }
    }
}

impl From<&spec::Claim> for Claim {
    fn from(claim: &spec::Claim) -> Self {
        Self {
            slot: claim.slot,
            message: spec_xmss::encode_message(&claim.message),
            keys: claim.keys.iter().map(|key| key.encode()).collect(),
        }
    }
}

impl From<&fast::Claim> for Claim {
    fn from(claim: &fast::Claim) -> Self {
        Self {
            slot: claim.slot,
            message: claim.message.to_canonical_bytes().to_vec(),
            keys: claim
                .keys
                .iter()
                .map(|key| key.to_bytes().to_vec())
                .collect(),
        }
    }
}

/// P_0 and P_1 as both twins have them.
pub struct Programs {
    /// As `fast` has them.
    pub fast: [Program; 2],
    /// As `spec` has them.
    pub spec: [SpecProgram; 2],
}

impl Programs {
    /// The programs of these bytes.
    ///
    /// # Panics
    /// If they are none.
    #[must_use]
    pub fn decode(bytes: [&[u8]; 2]) -> Self {
        Self {
            fast: bytes.map(|bytes| Program::decode(bytes).expect("a program")),
            spec: bytes.map(|bytes| SpecProgram::decode(bytes).expect("a program")),
        }
    }

    /// The true ones.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn artefacts() -> Self {
        Self::decode([LEANXMSS42.program, MERGE.program])
    }

    /// The verdict of `spec`.
    ///
    /// # Errors
    /// The refusal.
    pub fn spec_verdict(&self, question: &Question) -> Verdict {
        let claims: Vec<_> = question.claims.iter().map(Claim::of_spec).collect();
        spec::verify_claims(self.spec.each_ref(), &claims, &question.bytes)
            .map_err(|error| refusal_of_spec(&error))
    }

    /// The verdict of `fast`.
    ///
    /// # Errors
    /// The refusal.
    pub fn fast_verdict(&self, question: &Question) -> Verdict {
        let claims: Vec<_> = question.claims.iter().map(Claim::of_fast).collect();
        fast::AnyAggregate::from_bytes(&question.bytes)
            .map_err(AggregateError::from)
            .and_then(|any| fast::verify_claims_of(self.fast.each_ref(), &claims, &any))
            .map(drop)
            .map_err(|error| refusal_of_fast(&error))
    }

    /// The verdict of both.
    ///
    /// # Errors
    /// Their refusal.
    ///
    /// # Panics
    /// If they differ.
    pub fn verdict(&self, question: &Question) -> Verdict {
        let fast = self.fast_verdict(question);
        assert_eq!(self.spec_verdict(question), fast, "the twins differ");
        fast
    }
}

/// The merge of aggregates and merges, of all their claims or of those to keep, at a rate of
/// 2^−`log_inv_rate`; its claims are in canonical order.
///
/// # Panics
/// If `fast` makes none.
#[must_use]
pub fn merged(children: &[&Question], keep: Option<&[Claim]>, log_inv_rate: u32) -> Question {
    let children: Vec<(fast::AnyAggregate, Vec<fast::Claim>)> = children
        .iter()
        .map(|child| {
            let aggregate = fast::AnyAggregate::from_bytes(&child.bytes).expect("its form");
            (aggregate, child.claims.iter().map(Claim::of_fast).collect())
        })
        .collect();
    let children: Vec<fast::Child<'_>> = children
        .iter()
        .map(|(aggregate, claims)| fast::Child { aggregate, claims })
        .collect();
    let keep: Option<Vec<fast::Claim>> =
        keep.map(|claims| claims.iter().map(Claim::of_fast).collect());
    let options = Options::default().log_inv_rate(log_inv_rate);
    let merged = fast::merge(&children, keep.as_deref(), &options).expect("accepted children");
    Question {
        claims: merged.claims.iter().map(Claim::from).collect(),
        bytes: merged.merge.to_bytes(),
    }
}

/// The numbers that the text of the guest `merge` leaves open: it takes itself to have as many
/// instructions as the true one, whatever number it has.
///
/// # Panics
/// Never: the artefacts are programs.
#[must_use]
pub fn placeholders() -> Placeholders {
    let size =
        |program: &[u8]| Program::decode(program).map(|program| program.instructions().len());
    let size = |program| {
        let size = size(program).expect("an artefact is a program");
        ConstantValue::Integer(u32::try_from(size).expect("at most 2^20"))
    };
    let digest: Vec<ConstantValue> = LEANXMSS42.digest.map(ConstantValue::Integer).to_vec();
    let placeholders = [
        ("SET_PLACEHOLDER", ConstantValue::Integer(3)),
        ("NUM_PUBLIC_PLACEHOLDER", ConstantValue::Integer(24)),
        (
            "LEANXMSS42_INSTRUCTIONS_PLACEHOLDER",
            size(LEANXMSS42.program),
        ),
        (
            "LEANXMSS42_DIGEST_PLACEHOLDER",
            ConstantValue::List(Arc::from(digest)),
        ),
        ("MERGE_INSTRUCTIONS_PLACEHOLDER", size(MERGE.program)),
    ];
    let placeholders = placeholders.map(|(name, value)| (name.to_owned(), value));
    placeholders.into_iter().collect()
}

/// The guest `merge` with this text.
///
/// # Panics
/// If it does not compile.
#[must_use]
pub fn guest(text: &str) -> Program {
    let path = path("merge");
    let entry = LoadedText {
        name: path.display().to_string(),
        text: text.to_owned(),
    };
    let mut sources = SourceMap::default();
    let compiled = compile(
        entry,
        &mut FileLoader::of(&path),
        &placeholders(),
        &mut sources,
    )
    .unwrap_or_else(|errors| panic!("{}", render_all(&errors, &sources)));
    Program::decode(&compiled.program).expect("the compiler gives a program")
}

/// The claims of a file, with the bytes of their messages, and what is behind them.
pub type Contents = (Vec<(Vec<u8>, Claim)>, Vec<u8>);

/// The file of an aggregate of the message of these bytes.
///
/// # Panics
/// If the message is too long.
#[must_use]
pub fn file_of(message: &[u8], one: One) -> Vec<u8> {
    let Question { claims, bytes } = Question::from(one);
    let aggregate = fast::AnyAggregate::from_bytes(&bytes).expect("its form");
    let claims = claims.iter().map(Claim::of_fast).map(|claim| {
        fast::FileClaim::new(claim.slot, message.to_vec(), claim.keys).expect("a short message")
    });
    let file = fast::AggregateFile::new(claims.collect(), aggregate);
    file.expect("no key twice").to_bytes()
}

/// What `spec` reads of a file. Whether the rest is an aggregate or a merge is seen before any
/// claim is looked at.
pub(crate) fn read_of_spec(programs: &Programs, bytes: &[u8]) -> Result<Contents, Refusal> {
    let read = |bytes| {
        let file = spec::AggregateFile::from_bytes(bytes)?;
        match spec::verify_claims(programs.spec.each_ref(), &[], &file.rest) {
            Err(SpecError::NoClaims) => Ok(file),
            Err(error) => Err(error),
            Ok(()) => panic!("no claims are verified"),
        }
    };
    let file = read(bytes).map_err(|error| refusal_of_spec(&error))?;
    let claims = file.claims.iter();
    let claims = claims.map(|one| (one.message_bytes.clone(), Claim::from(&one.claim)));
    Ok((claims.collect(), file.rest))
}

/// What both twins read of a file.
///
/// # Errors
/// Their refusal.
///
/// # Panics
/// If they differ, or if `fast` would write other bytes.
pub fn read_file(programs: &Programs, bytes: &[u8]) -> Result<Contents, Refusal> {
    let file = fast::AggregateFile::from_bytes(bytes);
    if let Ok(file) = &file {
        assert_eq!(file.to_bytes(), bytes, "there is another encoding");
    }
    let of_fast = file
        .map(|file| {
            let claims = file.claims().iter();
            let claims = claims.map(|one| (one.message_bytes().to_vec(), one.claim().into()));
            (claims.collect(), file.aggregate().to_bytes())
        })
        .map_err(|error| refusal_of_fast(&error.into()));
    assert_eq!(read_of_spec(programs, bytes), of_fast, "the twins differ");
    of_fast
}
