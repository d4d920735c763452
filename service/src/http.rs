//! What the service answers.

mod aggregates;
mod body;
mod failure;
mod signatures;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use crate::http::failure::Failure;
use crate::shared::Shared;

/// The answers to all requests.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let routes = Router::new()
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/v1/signatures", post(signatures::submit))
        .route("/v1/aggregates", post(aggregates::ask))
        .route(
            "/v1/aggregates/{id}",
            get(aggregates::show).delete(aggregates::cancel),
        )
        .route("/v1/aggregates/{id}/file", get(aggregates::file))
        .fallback(async || Failure::new(404, "not-found", "there is nothing at this path"))
        .method_not_allowed_fallback(async || {
            Failure::new(405, "method", "this path has other methods")
        });
    let count = Arc::clone(shared);
    let counted = move |response: Response| {
        if let Some(code) = response.extensions().get::<failure::Code>() {
            count.metrics.refused(code.0);
        }
        async { response }
    };
    routes
        .layer(axum::middleware::map_response(counted))
        .with_state(Arc::clone(shared))
}

/// An object as an answer.
fn object(status: u16, value: &serde_json::Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let head = [(header::CONTENT_TYPE, "application/json")];
    (status, head, format!("{value}\n")).into_response()
}

/// The process answers.
async fn health() -> Response {
    object(200, &json!({ "status": "ok" }))
}

/// It takes work.
async fn ready(State(shared): State<Arc<Shared>>) -> Result<Response, Failure> {
    if shared.is_stopping() {
        return Err(Failure::stopping());
    }
    if shared.is_failing() {
        let text = "the journal cannot be written";
        return Err(Failure::new(503, "journal", text).retry_after(10));
    }
    let number = shared.state().jobs.active().count();
    if number >= shared.settings.queue {
        return Err(Failure::queue_full());
    }
    Ok(object(200, &json!({ "status": "ready", "queue": number })))
}

/// The numbers for Prometheus.
async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], shared.metrics.text()).into_response()
}
