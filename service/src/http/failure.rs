//! Errors as answers.

use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::object;
use crate::journal::WriteError;
use crate::shared::RecordError;

/// Most characters of a message.
const SHOWN: usize = 300;

/// The code of an error, beside its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code(pub(crate) &'static str);

/// An error.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    status: u16,
    code: &'static str,
    message: String,
    /// Seconds.
    retry_after: Option<u32>,
    /// What is answered beside the error.
    beside: Value,
}

impl Failure {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self {
            status,
            code,
            message: message.chars().take(SHOWN).collect(),
            retry_after: None,
            beside: json!({}),
        }
    }

    /// That says when to try again.
    pub(crate) const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// With fields beside the error.
    pub(crate) fn beside(mut self, fields: Value) -> Self {
        self.beside = fields;
        self
    }

    pub(crate) fn busy() -> Self {
        Self::new(429, "busy", "too many requests are at work").retry_after(1)
    }

    pub(crate) fn queue_full() -> Self {
        Self::new(429, "queue-full", "too many aggregates wait").retry_after(5)
    }

    pub(crate) fn stopping() -> Self {
        Self::new(503, "stopping", "the service stops").retry_after(5)
    }

    /// Code and message.
    pub(crate) fn error(&self) -> Value {
        json!({ "code": self.code, "message": self.message })
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Busy => Self::busy(),
            RecordError::Write(WriteError::Full) => {
                Self::new(507, "journal-full", "no space is left for the journal").retry_after(60)
            }
            RecordError::Write(WriteError::Refused | WriteError::Broken) => {
                Self::new(503, "journal", "the journal cannot be written").retry_after(60)
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut value = self.beside.clone();
        value["error"] = self.error();
        let mut response = object(self.status, &value);
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Code(self.code));
        response
    }
}
