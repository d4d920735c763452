//! The bodies of requests.

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::http::failure::Failure;
use crate::settings::Settings;

/// Reads a body that is not too long and comes in time.
pub(crate) async fn read(body: Body, settings: &Settings) -> Result<Bytes, Failure> {
    let limit = settings.body_bytes;
    let too_large = || {
        let text = format!("the body has more than {limit} bytes");
        Failure::new(413, "body-too-large", text)
    };
    // By the length that is announced, before any of it is waited for.
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    let collected = Limited::new(body, limit).collect();
    let collected = tokio::time::timeout(settings.client_time, collected).await;
    let collected = collected
        .map_err(|_| Failure::new(408, "body-timeout", "the body did not come in time"))?;
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => {
            let text = format!("the body cannot be read: {error}");
            Err(Failure::new(400, "body", text))
        }
    }
}
