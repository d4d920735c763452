//! Signatures that are merged with aggregates: those of each slot and message become an aggregate
//! first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use leanvm_fast::aggregation::{AggregationError, Options};
use leanvm_fast::merging::{AnyAggregate, Claim, Order, order};
use leanvm_fast::xmss::{PUBLIC_KEY_BYTES, PublicKey};

use crate::aggregating::batch::{Any, Batch, Origin, Skipped};
use crate::aggregating::refused::{own_defect, refused};
use crate::aggregating::schemes::{Leanxmss42, Signatures};
use crate::commands::merge::children::Part;
use crate::commands::merge::keep::Wanted;
use crate::failure::Failure;
use crate::signature::claims::{Claims, Refused, Signed};
use crate::signature::record::message_of;

/// The signatures of one slot and message.
pub(crate) struct Group {
    pub(crate) batch: Batch<Leanxmss42>,
    /// What they claim before any is verified.
    pub(crate) signed: Signed,
}

/// Signatures to merge, by slot and message.
pub(crate) struct Late {
    pub(crate) groups: Vec<Group>,
    pub(crate) origin: Origin,
    /// How many there were to begin with.
    pub(crate) given: usize,
    /// How many were left out because an aggregate has them.
    pub(crate) held: usize,
    /// How many were left out because their claim is not kept.
    pub(crate) not_kept: usize,
    /// Those that could not be used, or are not valid.
    pub(crate) skipped: Vec<Skipped>,
}

/// A key that has signed the message of a claim for its slot.
type Known = (Order, [u8; PUBLIC_KEY_BYTES]);

fn known(claim: &Claim, key: &PublicKey) -> Known {
    (order(claim), key.to_bytes())
}

impl Late {
    /// Reads signatures, without those that a part has.
    pub(crate) fn read(path: &Path, skip_invalid: bool, parts: &[Part]) -> Result<Self, Failure> {
        let Batch {
            signatures,
            indices,
            skipped,
            origin,
        } = Batch::<Vec<Any>>::read(path, skip_invalid)?;
        let claims = parts.iter().flat_map(|part| &part.claims);
        let of_parts: BTreeSet<Known> = claims
            .flat_map(|claim| claim.keys.iter().map(|key| known(claim, key)))
            .collect();
        let mut late = Self {
            groups: Vec::new(),
            origin,
            given: signatures.len() + skipped.len(),
            held: 0,
            not_kept: 0,
            skipped,
        };
        let mut groups: BTreeMap<(u32, Vec<u8>), Group> = BTreeMap::new();
        for (index, one) in indices.into_iter().zip(signatures) {
            let group = match groups.entry((one.slot, one.message.clone())) {
                std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
                std::collections::btree_map::Entry::Vacant(free) => {
                    free.insert(Group::new(one.slot, one.message, &late.origin)?)
                }
            };
            if of_parts.contains(&known(&group.signed.claim, &one.key)) {
                late.held += 1;
                continue;
            }
            group.signed.claim.keys.push(one.key);
            group.batch.indices.push(index);
            group
                .batch
                .signatures
                .signatures
                .push((one.key, one.signature));
        }
        let groups = groups.into_values();
        late.groups = groups.filter(|group| group.len() > 0).collect();
        Ok(late)
    }

    /// Leaves out the groups that are not kept.
    pub(crate) fn keep(&mut self, wanted: &Wanted) {
        let is_kept = |group: &Group| wanted.keeps(&group.signed.claim);
        let not_kept = self.groups.iter().filter(|group| !is_kept(group));
        self.not_kept = not_kept.map(Group::len).sum();
        self.groups.retain(is_kept);
    }

    /// Makes an aggregate of a group; none if no signature is valid and such are skipped.
    pub(crate) fn aggregate(
        &mut self,
        group: &Group,
        options: &Options<'_>,
    ) -> Result<Option<Part>, Failure> {
        let batch = &group.batch;
        let mut skip = |index: usize, reason: String| {
            self.skipped.push(Skipped {
                index: batch.indices[index],
                reason,
            });
        };
        let (bytes, report) = match batch.signatures.aggregate(options) {
            Ok(made) => made,
            Err(AggregationError::Invalid(invalid)) if options.skip_invalid => {
                for one in invalid {
                    skip(one.index, one.reason.to_string());
                }
                return Ok(None);
            }
            Err(error) => return Err(refused::<Leanxmss42>(&error, batch)),
        };
        let mut without = Vec::new();
        for one in &report.skipped {
            skip(one.index, one.reason.to_string());
            without.push(one.index);
        }
        for one in &report.repeated {
            let first = self.origin.name(batch.indices[one.first]);
            let reason =
                format!("of one public key, slot and message with {first}, which is taken");
            skip(one.second, reason);
            without.push(one.second);
        }
        without.sort_unstable();
        let Claims::Leanxmss42(signed) = batch.signatures.claims(&without) else {
            return Ok(None);
        };
        let aggregate =
            AnyAggregate::from_bytes(&bytes).map_err(|error| own_defect(Refused::from(error)))?;
        Ok(Some(Part::new(None, aggregate, signed)))
    }
}

impl Group {
    /// No signatures yet.
    fn new(slot: u32, message_bytes: Vec<u8>, origin: &Origin) -> Result<Self, Failure> {
        let message = message_of(&message_bytes)?;
        let signatures = Leanxmss42 {
            message,
            message_bytes: message_bytes.clone(),
            slot,
            signatures: Vec::new(),
        };
        Ok(Self {
            batch: Batch {
                signatures,
                indices: Vec::new(),
                skipped: Vec::new(),
                origin: origin.clone(),
            },
            signed: Signed {
                message_bytes,
                claim: Claim {
                    slot,
                    message,
                    keys: Vec::new(),
                },
            },
        })
    }

    /// The number of signatures.
    pub(crate) const fn len(&self) -> usize {
        self.batch.indices.len()
    }
}
