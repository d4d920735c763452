//! Bytes as hexadecimal digits.

pub(crate) use leanvm_service::hex::{decode, encode};
