//! The JSON of the command line: lists of signers, signatures with their keys, inputs of programs.

use std::collections::BTreeMap;
use std::fmt::Display;

use leanvm_verifier::leansig;
use leanvm_verifier::merging::{Claim, FileClaim};
use leanvm_verifier::xmss::{Message, PublicKey};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Subject};
use crate::hex;

/// A signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Scheme {
    /// SPEC.md section 22.
    #[serde(rename = "leanxmss42")]
    Leanxmss42,
    /// SPEC.md section 23.
    #[serde(rename = "leansig-dim64")]
    LeansigDim64,
}

impl Scheme {
    fn of(name: &str, subject: Subject) -> Result<Self, Failure> {
        match name {
            "leanxmss42" => Ok(Self::Leanxmss42),
            "leansig-dim64" => Ok(Self::LeansigDim64),
            _ => Err(Failure::unusable(
                subject,
                "scheme",
                "the scheme is neither leanxmss42 nor leansig-dim64",
            )),
        }
    }
}

/// The claims of an aggregate.
#[derive(Clone, Debug)]
pub enum Claims {
    /// That keys have signed messages for slots, and the bytes of each message.
    Leanxmss42(Vec<(Vec<u8>, Claim)>),
    /// That keys have signed messages for slots, one by one.
    LeansigDim64(Vec<leansig::Claim>),
}

impl Claims {
    /// Those of a file.
    pub(crate) fn of_file(claims: &[FileClaim]) -> Self {
        let one = |one: &FileClaim| (one.message_bytes().to_vec(), one.claim().clone());
        Self::Leanxmss42(claims.iter().map(one).collect())
    }

    /// The scheme.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Leanxmss42(_) => Scheme::Leanxmss42,
            Self::LeansigDim64(_) => Scheme::LeansigDim64,
        }
    }
}

/// A signature with the key, slot and message that it claims.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The scheme.
    pub scheme: Scheme,
    /// The encoding of the key.
    pub public_key: Vec<u8>,
    /// The slot.
    pub slot: u32,
    /// The bytes of the message.
    pub message: Vec<u8>,
    /// The encoding of the signature.
    pub signature: Vec<u8>,
}

#[derive(Deserialize)]
struct FormOfList {
    scheme: String,
    claims: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerList {
    #[expect(dead_code, reason = "it is read before")]
    scheme: IgnoredAny,
    slot: u32,
    message: String,
    public_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List<T> {
    #[expect(dead_code, reason = "it is read before")]
    scheme: IgnoredAny,
    claims: Vec<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignersOfMessage {
    slot: u32,
    message: String,
    public_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimRecord {
    public_key: String,
    slot: u32,
    message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureRecord {
    scheme: String,
    public_key: String,
    slot: u32,
    message: String,
    signature: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputRecord {
    #[serde(default)]
    public: Vec<u64>,
    #[expect(dead_code, reason = "a verifier has no use for it")]
    #[serde(default)]
    private: IgnoredAny,
}

/// A value of JSON text.
fn of_json<T: DeserializeOwned>(subject: Subject, bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::unusable(subject, "json", error.to_string()))
}

/// The bytes of the digits of a field.
fn digits(subject: Subject, name: &str, text: &str) -> Result<Vec<u8>, Failure> {
    hex::decode(text).ok_or_else(|| {
        let message = format!("{name}: not an even number of hexadecimal digits");
        Failure::unusable(subject, "digits", message)
    })
}

/// A field of a list of signers that is no encoding of what it should be.
fn malformed(name: &str, reason: impl Display) -> Failure {
    Failure::unusable(Subject::Signers, "field", format!("{name}: {reason}"))
}

/// The fields of a JSON object, if the bytes are one.
pub(crate) fn fields(bytes: &[u8]) -> Result<BTreeMap<String, IgnoredAny>, Failure> {
    of_json(Subject::File, bytes)
}

/// A list of signers, as `leanvm aggregate --signers` and `leanvm merge --signers` write it.
///
/// # Errors
/// [`crate::Kind::Unusable`]: it is no such JSON, or a field of it no such encoding.
pub fn signers(bytes: &[u8]) -> Result<Claims, Failure> {
    let subject = Subject::Signers;
    let FormOfList { scheme, claims } = of_json(subject, bytes)?;
    match (Scheme::of(&scheme, subject)?, claims) {
        (Scheme::Leanxmss42, Some(_)) => {
            let list: List<SignersOfMessage> = of_json(subject, bytes)?;
            let claims = list.claims.into_iter().enumerate();
            let claims = claims.map(|(index, of)| of.read(&format!("claims[{index}].")));
            Ok(Claims::Leanxmss42(claims.collect::<Result<_, _>>()?))
        }
        (Scheme::Leanxmss42, None) => {
            let list: SignerList = of_json(subject, bytes)?;
            let of = SignersOfMessage {
                slot: list.slot,
                message: list.message,
                public_keys: list.public_keys,
            };
            Ok(Claims::Leanxmss42(vec![of.read("")?]))
        }
        (Scheme::LeansigDim64, _) => {
            let list: List<ClaimRecord> = of_json(subject, bytes)?;
            let claims = list.claims.iter().enumerate();
            let claims = claims.map(|(index, of)| of.read(&format!("claims[{index}].")));
            Ok(Claims::LeansigDim64(claims.collect::<Result<_, _>>()?))
        }
    }
}

impl SignersOfMessage {
    /// The claim; the names of its fields begin with `of`.
    fn read(self, of: &str) -> Result<(Vec<u8>, Claim), Failure> {
        let subject = Subject::Signers;
        let name = format!("{of}message");
        let message_bytes = digits(subject, &name, &self.message)?;
        let message = Message::from_bytes(&message_bytes).map_err(|_| too_long(subject))?;
        let keys = self.public_keys.iter().enumerate().map(|(index, text)| {
            let name = format!("{of}public_keys[{index}]");
            PublicKey::from_bytes(&digits(subject, &name, text)?)
                .map_err(|error| malformed(&name, error))
        });
        let claim = Claim {
            slot: self.slot,
            message,
            keys: keys.collect::<Result<_, _>>()?,
        };
        Ok((message_bytes, claim))
    }
}

impl ClaimRecord {
    fn read(&self, of: &str) -> Result<leansig::Claim, Failure> {
        let subject = Subject::Signers;
        let name = format!("{of}public_key");
        let key = digits(subject, &name, &self.public_key)?;
        let key = leansig::PublicKey::from_bytes(&key).map_err(|error| malformed(&name, error))?;
        let name = format!("{of}message");
        let message = digits(subject, &name, &self.message)?;
        let message = message
            .try_into()
            .map_err(|_| malformed(&name, "a message of leansig-dim64 has 32 bytes"))?;
        Ok(leansig::Claim {
            key,
            slot: self.slot,
            message,
        })
    }
}

/// The failure of a message that none of the scheme is made of.
pub(crate) fn too_long(subject: Subject) -> Failure {
    Failure::unusable(subject, "length", "the message has 2^25 bytes or more")
}

/// A signature, as `leanvm xmss sign -o NAME.json` writes it. Key and signature are not decoded.
///
/// # Errors
/// [`crate::Kind::Unusable`]: it is no such JSON.
pub fn signature(bytes: &[u8]) -> Result<Signed, Failure> {
    let subject = Subject::Signature;
    let record: SignatureRecord = of_json(subject, bytes)?;
    Ok(Signed {
        scheme: Scheme::of(&record.scheme, subject)?,
        public_key: digits(subject, "public_key", &record.public_key)?,
        slot: record.slot,
        message: digits(subject, "message", &record.message)?,
        signature: digits(subject, "signature", &record.signature)?,
    })
}

/// The public input of an input file. Words that are not below p are left to the verifier, which
/// refuses them.
///
/// # Errors
/// [`crate::Kind::Unusable`]: it is no such JSON.
pub fn public_input(bytes: &[u8]) -> Result<Vec<u32>, Failure> {
    let record: InputRecord = of_json(Subject::Input, bytes)?;
    let word = |word: u64| u32::try_from(word).unwrap_or(u32::MAX);
    Ok(record.public.into_iter().map(word).collect())
}
