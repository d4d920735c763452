//! Signatures that are submitted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use leanvm_fast::merging::MAX_MESSAGE_BYTES;
use leanvm_fast::xmss::{Message, verify_all};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::change::{Accepted, Change, now};
use crate::hex;
use crate::http::failure::Failure;
use crate::http::{body, object};
use crate::record::{SCHEME, SignatureRecord, Signed};
use crate::shared::Shared;
use crate::state::Outcome;
use crate::writer::Item;

/// Most signatures of a submission.
const MAX_SIGNATURES: usize = 1 << 10;

/// What is said of a signature whose bytes are the body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Of {
    public_key: Option<String>,
    slot: Option<u32>,
    message: Option<String>,
}

/// A signature to record, or why it is refused.
type Checked = Result<Item, Failure>;

/// `POST /v1/signatures`
pub(crate) async fn submit(
    State(shared): State<Arc<Shared>>,
    of: Result<Query<Of>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let begun = Instant::now();
    let is_raw = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == b"application/octet-stream");
    let Query(of) = of.map_err(|error| Failure::new(400, "query", error.body_text()))?;
    let bytes = body::read(body, &shared.settings).await?;
    if shared.is_stopping() {
        return Err(Failure::stopping());
    }
    let permit = shared.submissions.try_acquire();
    let _permit = permit.map_err(|_| Failure::busy())?;
    let checking = tokio::task::spawn_blocking(move || {
        let records = if is_raw {
            vec![Ok(raw(of, &bytes)?)]
        } else {
            parse(&bytes)?
        };
        Ok::<_, Failure>(check(records))
    });
    let checked = checking.await;
    let checked = checked.map_err(|error| Failure::new(500, "internal", error.to_string()))??;
    let results = record(&shared, checked).await?;
    shared.metrics.submitted(begun.elapsed());
    answer(&shared, &results)
}

/// The record of a signature whose bytes are the body.
fn raw(of: Of, bytes: &Bytes) -> Result<SignatureRecord, Failure> {
    let (Some(public_key), Some(slot), Some(message)) = (of.public_key, of.slot, of.message) else {
        let text = "the bytes of a signature need ?public_key=HEX&slot=N&message=HEX";
        return Err(Failure::new(400, "query", text));
    };
    Ok(SignatureRecord {
        scheme: SCHEME.to_owned(),
        public_key,
        slot,
        message,
        signature: hex::encode(bytes),
    })
}

/// The records of a body: one, or a list.
fn parse(bytes: &[u8]) -> Result<Vec<Result<SignatureRecord, Failure>>, Failure> {
    let bad = |error: serde_json::Error| Failure::new(400, "json", error.to_string());
    let one = |text: &str| {
        let parsed = serde_json::from_str(text);
        parsed.map_err(|error| Failure::new(422, "record", error.to_string()))
    };
    if bytes.trim_ascii_start().first() != Some(&b'[') {
        let text: &RawValue = serde_json::from_slice(bytes).map_err(bad)?;
        return Ok(vec![one(text.get())]);
    }
    let list: Vec<&RawValue> = serde_json::from_slice(bytes).map_err(bad)?;
    if list.len() > MAX_SIGNATURES {
        let text = format!("{} signatures, at most {MAX_SIGNATURES}", list.len());
        return Err(Failure::new(413, "too-many-signatures", text));
    }
    Ok(list.into_iter().map(|text| one(text.get())).collect())
}

/// Decodes and verifies signatures, those of a slot and message together.
fn check(records: Vec<Result<SignatureRecord, Failure>>) -> Vec<Checked> {
    let mut checked = Vec::with_capacity(records.len());
    let mut claims = BTreeMap::<_, Vec<(usize, Signed)>>::new();
    for (index, record) in records.into_iter().enumerate() {
        match record.and_then(|record| decode(&record)) {
            Ok(signed) => {
                let claim = (signed.slot, signed.message.clone());
                claims.entry(claim).or_default().push((index, signed));
                // Until it is verified.
                checked.push(Err(Failure::new(500, "internal", "it is not verified")));
            }
            Err(failure) => checked.push(Err(failure)),
        }
    }
    let at = now();
    for ((slot, message), list) in claims {
        let message = Message::from_bytes(&message);
        let pairs: Vec<_> = list
            .iter()
            .map(|(_, signed)| (signed.key, signed.signature.clone()))
            .collect();
        let results = message.map(|message| verify_all(slot, &message, &pairs));
        let results = results.unwrap_or_default();
        for ((index, signed), result) in list.into_iter().zip(results) {
            checked[index] = match result {
                Ok(()) => {
                    let signed = Box::new(signed);
                    Ok(Change::Accepted(Accepted { at, signed }).into())
                }
                Err(reason) => Err(Failure::new(422, reason.name(), reason.to_string())),
            };
        }
    }
    checked
}

fn decode(record: &SignatureRecord) -> Result<Signed, Failure> {
    let decoded = record.decode();
    let signed = decoded.map_err(|error| Failure::new(422, error.name(), error.to_string()))?;
    let length = signed.message.len();
    if length > MAX_MESSAGE_BYTES {
        let text = format!("message: {length} bytes, at most {MAX_MESSAGE_BYTES}");
        return Err(Failure::new(422, "message-too-long", text));
    }
    Ok(signed)
}

/// Records what is valid; what became of each signature.
async fn record(
    shared: &Shared,
    checked: Vec<Checked>,
) -> Result<Vec<Result<Outcome, Failure>>, Failure> {
    let mut results = Vec::with_capacity(checked.len());
    let (mut items, mut places) = (Vec::new(), Vec::new());
    for one in checked {
        results.push(match one {
            Ok(item) => {
                items.push(item);
                places.push(results.len());
                Ok(Outcome::Known)
            }
            Err(failure) => Err(failure),
        });
    }
    if !items.is_empty() {
        let outcomes = shared.record(items).await?;
        for (place, outcome) in places.into_iter().zip(outcomes) {
            results[place] = match outcome {
                Outcome::NoRoom => {
                    let text = "too many signatures are held";
                    Err(Failure::new(429, "pool-full", text).retry_after(60))
                }
                outcome => Ok(outcome),
            };
        }
    }
    Ok(results)
}

/// What became of each signature; an error if one was refused.
fn answer(shared: &Shared, results: &[Result<Outcome, Failure>]) -> Result<Response, Failure> {
    let (mut accepted, mut duplicate, mut refused) = (0, 0, 0);
    let mut list: Vec<Value> = Vec::with_capacity(results.len());
    for (index, result) in results.iter().enumerate() {
        list.push(match result {
            Ok(Outcome::Recorded) => {
                accepted += 1;
                json!({ "index": index, "status": "accepted" })
            }
            Ok(_) => {
                duplicate += 1;
                json!({ "index": index, "status": "duplicate" })
            }
            Err(failure) => {
                refused += 1;
                json!({ "index": index, "status": "refused", "error": failure.error() })
            }
        });
    }
    for (name, number) in [
        ("accepted", accepted),
        ("duplicate", duplicate),
        ("refused", refused),
    ] {
        shared.metrics.signature(name, number);
    }
    let value = json!({
        "accepted": accepted, "duplicate": duplicate, "refused": refused, "results": list,
    });
    match results.iter().find_map(|result| result.as_ref().err()) {
        None => Ok(object(200, &value)),
        Some(failure) => Err(failure.clone().beside(value)),
    }
}
