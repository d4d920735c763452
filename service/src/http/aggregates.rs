//! Aggregates that are asked for.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::change::{Change, Ended, Ending, Request, now};
use crate::hex;
use crate::http::failure::Failure;
use crate::http::{body, object};
use crate::jobs::{Job, PHASES, Stage};
use crate::journal::result_path;
use crate::shared::Shared;
use crate::state::{Outcome, name};

/// The longest time until a deadline.
const MAX_DEADLINE: Duration = Duration::from_secs(24 * 3600);
/// Bytes of the name of a request.
const ID_BYTES: usize = 16;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    slot: u32,
    message: String,
    deadline_ms: u64,
    #[serde(default = "fastest")]
    log_inv_rate: u32,
}

const fn fastest() -> u32 {
    1
}

/// A new name, which cannot be guessed.
fn new_id() -> Result<String, Failure> {
    let mut bytes = [0; ID_BYTES];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| Failure::new(503, "random", error.to_string()))?;
    Ok(hex::encode(&bytes))
}

/// `POST /v1/aggregates`
pub(crate) async fn ask(
    State(shared): State<Arc<Shared>>,
    body: Body,
) -> Result<Response, Failure> {
    let bytes = body::read(body, &shared.settings).await?;
    if shared.is_stopping() {
        return Err(Failure::stopping());
    }
    let wanted: Wanted = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::new(400, "json", error.to_string()))?;
    let request = request(&wanted)?;
    let id = request.id.clone();
    if signatures(&shared, &request) == 0 {
        let text = "there is no signature of this message for this slot";
        return Err(Failure::new(409, "no-signatures", text));
    }
    let outcomes = shared
        .record(vec![Change::Requested(request).into()])
        .await?;
    if outcomes != [Outcome::Recorded] {
        return Err(Failure::queue_full());
    }
    let mut response = object(202, &shown(&shared, &id)?);
    if let Ok(place) = format!("/v1/aggregates/{id}").try_into() {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// What is asked for, if it can be.
fn request(wanted: &Wanted) -> Result<Request, Failure> {
    let Some(message) = hex::decode(&wanted.message) else {
        let text = "message: not an even number of hexadecimal digits";
        return Err(Failure::new(422, "digits", text));
    };
    if !(1..=4).contains(&wanted.log_inv_rate) {
        let text = "log_inv_rate is 1, 2, 3 or 4";
        return Err(Failure::new(422, "log-inv-rate", text));
    }
    let at = now();
    let longest = u64::try_from(MAX_DEADLINE.as_millis()).unwrap_or(u64::MAX);
    if !(1..=longest).contains(&wanted.deadline_ms) {
        let text = format!("deadline_ms is 1 to {longest}");
        return Err(Failure::new(422, "deadline", text));
    }
    Ok(Request {
        at,
        id: new_id()?,
        slot: wanted.slot,
        message: hex::encode(&message),
        deadline: at + wanted.deadline_ms,
        log_inv_rate: wanted.log_inv_rate,
    })
}

/// The number of signatures that there are for a request.
fn signatures(shared: &Shared, request: &Request) -> usize {
    let message = hex::decode(&request.message).unwrap_or_default();
    shared.state().pool.count((request.slot, &message))
}

fn not_found() -> Failure {
    let text = "there is no such aggregate, or not any more";
    Failure::new(404, "not-found", text)
}

/// What is known of a request.
fn shown(shared: &Shared, id: &str) -> Result<Value, Failure> {
    let state = shared.state();
    let job = state.jobs.get(id).ok_or_else(not_found)?;
    Ok(of_job(job, state.pool.count(job.claim())))
}

fn of_job(job: &Job, signatures: usize) -> Value {
    let request = &job.request;
    let mut value = json!({
        "id": request.id,
        "slot": request.slot,
        "message": request.message,
        "log_inv_rate": request.log_inv_rate,
        "requested_at_ms": request.at,
        "deadline_at_ms": request.deadline,
    });
    match &job.stage {
        Stage::Queued => {
            value["state"] = "queued".into();
            value["signatures"] = signatures.into();
        }
        Stage::Running(work) => {
            let done = work.phases.load(Ordering::Relaxed);
            value["state"] = "running".into();
            value["progress"] = json!({
                "phase": PHASES.get(done), "done": done, "of": PHASES.len(),
            });
        }
        Stage::Ended(Ended { at, ending, .. }) => {
            value["state"] = name(ending).into();
            value["ended_at_ms"] = (*at).into();
            add_ending(&mut value, request, ending);
        }
    }
    value
}

fn add_ending(value: &mut Value, request: &Request, ending: &Ending) {
    match ending {
        Ending::Done {
            signers,
            bytes,
            proving_ms,
        } => {
            value["result"] = json!({
                "signers": signers,
                "bytes": bytes,
                "proving_ms": proving_ms,
                "file": format!("/v1/aggregates/{}/file", request.id),
            });
        }
        Ending::Failed { code, message } => {
            value["error"] = json!({ "code": code, "message": message });
        }
        Ending::Cancelled => {}
        Ending::Late => {
            let message = "the deadline passed before the aggregate was made";
            value["error"] = json!({ "code": "deadline", "message": message });
        }
    }
}

/// `GET /v1/aggregates/{id}`
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    Ok(object(200, &shown(&shared, &id)?))
}

/// `DELETE /v1/aggregates/{id}`
pub(crate) async fn cancel(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let is_ended = match shared.state().jobs.get(&id).map(|job| job.stage.clone()) {
        None => return Err(not_found()),
        Some(Stage::Ended(ended)) => Some(ended.ending),
        Some(_) => None,
    };
    if is_ended.is_none() {
        let ended = Ended {
            at: now(),
            id: id.clone(),
            ending: Ending::Cancelled,
        };
        shared.record(vec![Change::Ended(ended).into()]).await?;
    }
    let value = shown(&shared, &id)?;
    if value["state"] == "cancelled" {
        return Ok(object(200, &value));
    }
    let text = "the aggregate is made, or there will be none";
    Err(Failure::new(409, "ended", text).beside(value))
}

/// `GET /v1/aggregates/{id}/file`
pub(crate) async fn file(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    {
        let state = shared.state();
        let job = state.jobs.get(&id).ok_or_else(not_found)?;
        if !state.jobs.has_file(&id) {
            let value = of_job(job, state.pool.count(job.claim()));
            let text = "there is no file: look at the state";
            return Err(Failure::new(409, "no-file", text).beside(value));
        }
    }
    let path = result_path(&shared.settings.journal, &id);
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let bytes = read
        .map_err(|error| Failure::new(500, "internal", error.to_string()))?
        .map_err(|error| Failure::new(500, "file", format!("the file cannot be read: {error}")))?;
    let name = format!("attachment; filename=\"{id}.agg\"");
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, bytes).into_response())
}
