//! SPEC §26 merging: claims in a file, beside what shows them.
//!
//! A file is for people and for whoever merges: it says by itself which claims its bytes show. A
//! verifier that has claims of its own verifies these.

use super::{AnyAggregate, Claim, Order, canonical_claims, check_numbers, order};
use crate::aggregation::{AggregateError, FormError, MAX_SIGNERS, VERSION};
use crate::merging::MAX_CLAIMS;
use crate::xmss::{Message, PUBLIC_KEY_BYTES, PublicKey};

/// The second byte of a file.
pub const FILE_KIND: u8 = 44;
/// Most bytes of a message of a file.
pub const MAX_MESSAGE_BYTES: usize = 1 << 16;

/// A claim, with the bytes of its message, which people can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileClaim {
    message_bytes: Vec<u8>,
    claim: Claim,
}

impl FileClaim {
    /// The claim that keys, in any order, have signed the message of these bytes.
    ///
    /// # Errors
    /// [`FormError::FileMessage`], of claim 0, if there are more than [`MAX_MESSAGE_BYTES`].
    pub fn new(slot: u32, message_bytes: Vec<u8>, keys: Vec<PublicKey>) -> Result<Self, FormError> {
        let message = message(0, &message_bytes)?;
        Ok(Self {
            message_bytes,
            claim: Claim {
                slot,
                message,
                keys,
            },
        })
    }

    /// The bytes of the message.
    #[must_use]
    pub fn message_bytes(&self) -> &[u8] {
        &self.message_bytes
    }

    /// The claim.
    #[must_use]
    pub const fn claim(&self) -> &Claim {
        &self.claim
    }
}

/// The message of the bytes of a claim.
fn message(claim: usize, bytes: &[u8]) -> Result<Message, FormError> {
    let too_long = FormError::FileMessage {
        claim,
        bytes: bytes.len(),
    };
    if bytes.len() > MAX_MESSAGE_BYTES {
        return Err(too_long);
    }
    Message::from_bytes(bytes).map_err(|_| too_long)
}

/// Claims beside an aggregate or a merge. It says nothing of whether this shows them: that is
/// [`verify_claims`](super::verify_claims).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateFile {
    claims: Vec<FileClaim>,
    aggregate: AnyAggregate,
}

impl AggregateFile {
    /// A file of claims, in any order.
    ///
    /// # Errors
    /// What is wrong with the numbers of claims and keys; a claim or a key twice.
    pub fn new(
        mut claims: Vec<FileClaim>,
        aggregate: AnyAggregate,
    ) -> Result<Self, AggregateError> {
        let given: Vec<Claim> = claims.iter().map(|one| one.claim.clone()).collect();
        check_numbers(&given)?;
        let canonical = canonical_claims(&given)?;
        claims.sort_by_key(|one| order(&one.claim));
        for (one, claim) in claims.iter_mut().zip(canonical) {
            one.claim = claim;
        }
        Ok(Self { claims, aggregate })
    }

    /// The claims, in canonical order.
    #[must_use]
    pub fn claims(&self) -> &[FileClaim] {
        &self.claims
    }

    /// What shows them, if it does.
    #[must_use]
    pub const fn aggregate(&self) -> &AnyAggregate {
        &self.aggregate
    }

    /// Version, kind, claims, the bytes of the aggregate or merge.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, FILE_KIND];
        push_number(self.claims.len(), &mut bytes);
        for FileClaim {
            message_bytes,
            claim,
        } in &self.claims
        {
            bytes.extend(claim.slot.to_le_bytes());
            push_number(message_bytes.len(), &mut bytes);
            bytes.extend(message_bytes);
            push_number(claim.keys.len(), &mut bytes);
            bytes.extend(claim.keys.iter().flat_map(PublicKey::to_bytes));
        }
        bytes.extend(self.aggregate.to_bytes());
        bytes
    }

    /// Reads the bytes of [`AggregateFile::to_bytes`], and no others.
    ///
    /// # Errors
    /// The first of [`FormError`] that applies.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormError> {
        let &[version, found, ref rest @ ..] = bytes else {
            // §26.17.
            return Err(FormError::Truncated);
        };
        if version != VERSION {
            // §26.18.
            return Err(FormError::Version(version));
        }
        if found != FILE_KIND {
            // §26.19.
            let expected = FILE_KIND;
            return Err(FormError::Scheme { found, expected });
        }
        let mut reader = Reader { rest, claim: None };
        let claims = reader.claims()?;
        let aggregate = AnyAggregate::from_bytes(reader.rest)?;
        Ok(Self { claims, aggregate })
    }
}

/// Writes a number that is below 2^32.
fn push_number(number: usize, bytes: &mut Vec<u8>) {
    bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

/// Reads one field after another.
struct Reader<'a> {
    rest: &'a [u8],
    /// The claim that is read.
    claim: Option<usize>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], FormError> {
        let Some((taken, rest)) = self.rest.split_at_checked(length) else {
            // §26.20.
            return Err(FormError::FileTruncated { claim: self.claim });
        };
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, FormError> {
        let mut bytes = [0; 4];
        for (to, from) in bytes.iter_mut().zip(self.take(4)?) {
            *to = *from;
        }
        Ok(u32::from_le_bytes(bytes))
    }

    fn length(&mut self) -> Result<usize, FormError> {
        let number = self.number()?;
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    }

    fn claims(&mut self) -> Result<Vec<FileClaim>, FormError> {
        let given = self.number()?;
        if given == 0 {
            // §26.21.
            return Err(FormError::NoClaims);
        }
        let number = usize::try_from(given).unwrap_or(usize::MAX);
        if number > MAX_CLAIMS {
            // §26.22.
            return Err(FormError::TooManyClaims { given });
        }
        let mut claims = Vec::with_capacity(number);
        let mut last = None;
        let mut keys = 0;
        for index in 0..number {
            self.claim = Some(index);
            let one = self.claim(index, last, &mut keys)?;
            last = Some(order(&one.claim));
            claims.push(one);
        }
        Ok(claims)
    }

    /// The claim of an index, behind one of the place `last` and so many keys of all before.
    fn claim(
        &mut self,
        index: usize,
        last: Option<Order>,
        keys: &mut usize,
    ) -> Result<FileClaim, FormError> {
        let slot = self.number()?;
        let bytes = self.length()?;
        if bytes > MAX_MESSAGE_BYTES {
            // §26.23.
            let claim = index;
            return Err(FormError::FileMessage { claim, bytes });
        }
        let message_bytes = self.take(bytes)?.to_vec();
        let mut claim = Claim {
            slot,
            message: message(index, &message_bytes)?,
            keys: Vec::new(),
        };
        if last.is_some_and(|last| order(&claim) <= last) {
            // §26.24.
            let (claim, key) = (index, None);
            return Err(FormError::FileOrder { claim, key });
        }
        let number = self.length()?;
        if number == 0 {
            // §26.25.
            return Err(FormError::NoSigners { claim: index });
        }
        *keys = keys.saturating_add(number);
        if *keys > MAX_SIGNERS {
            // §26.26.
            return Err(FormError::TooManySigners { given: *keys });
        }
        claim.keys = self.keys(index, number)?;
        Ok(FileClaim {
            message_bytes,
            claim,
        })
    }

    /// So many keys of a claim.
    fn keys(&mut self, claim: usize, number: usize) -> Result<Vec<PublicKey>, FormError> {
        let encodings = self.take(number.saturating_mul(PUBLIC_KEY_BYTES))?;
        let (encodings, _) = encodings.as_chunks::<PUBLIC_KEY_BYTES>();
        let mut keys = Vec::with_capacity(number);
        let mut last: Option<&[u8; PUBLIC_KEY_BYTES]> = None;
        for (key, encoding) in encodings.iter().enumerate() {
            let Ok(decoded) = PublicKey::from_bytes(encoding) else {
                // §26.27.
                return Err(FormError::FileKey { claim, key });
            };
            if last.is_some_and(|last| encoding <= last) {
                // §26.28.
                let key = Some(key);
                return Err(FormError::FileOrder { claim, key });
            }
            last = Some(encoding);
            keys.push(decoded);
        }
        Ok(keys)
    }
}
