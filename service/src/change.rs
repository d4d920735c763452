//! What the journal records: all that changes what the service holds.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::record::{RecordError, SignatureRecord, Signed};

/// Milliseconds since the beginning of 1970.
pub(crate) type Time = u64;

/// Now.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(Time::MAX)
    })
}

/// A request for an aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) at: Time,
    pub(crate) id: String,
    pub(crate) slot: u32,
    /// In hexadecimal digits.
    pub(crate) message: String,
    pub(crate) deadline: Time,
    pub(crate) log_inv_rate: u32,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Ending {
    /// The aggregate is in its file.
    Done {
        signers: usize,
        bytes: usize,
        proving_ms: u64,
    },
    /// There is no aggregate.
    Failed { code: String, message: String },
    /// A client did not want it any more.
    Cancelled,
    /// The deadline passed.
    Late,
}

/// The end of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ended {
    pub(crate) at: Time,
    pub(crate) id: String,
    pub(crate) ending: Ending,
}

/// A valid signature.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    pub(crate) at: Time,
    pub(crate) signed: Box<Signed>,
}

/// A change.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Accepted(Accepted),
    Requested(Request),
    Ended(Ended),
}

/// A change as the journal has it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Entry {
    Signature { at: Time, record: SignatureRecord },
    Request(Request),
    End(Ended),
}

impl Change {
    /// The entry of the journal.
    pub(crate) fn to_json(&self) -> String {
        let entry = match self {
            Self::Accepted(Accepted { at, signed }) => Entry::Signature {
                at: *at,
                record: (&**signed).into(),
            },
            Self::Requested(request) => Entry::Request(request.clone()),
            Self::Ended(ended) => Entry::End(ended.clone()),
        };
        // There is nothing in it that JSON does not have.
        serde_json::to_string(&entry).unwrap_or_default()
    }

    /// The changes of a line of entries.
    pub(crate) fn all_of_json(json: &[u8]) -> Result<Vec<Self>, String> {
        let entries: Vec<Entry> =
            serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let changes = entries.into_iter().map(|entry| {
            Ok(match entry {
                Entry::Signature { at, record } => Self::Accepted(Accepted {
                    at,
                    signed: Box::new(record.decode()?),
                }),
                Entry::Request(request) => Self::Requested(request),
                Entry::End(ended) => Self::Ended(ended),
            })
        });
        changes
            .collect::<Result<_, RecordError>>()
            .map_err(|error| error.to_string())
    }
}
