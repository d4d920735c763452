//! What the portable `leanvm` does before it is `leanvm`: it chooses the build for the level of the
//! processor ([`level`]) and becomes that build ([`start`]). ARCHITECTURE.md says why.

pub mod level;
#[cfg(target_os = "linux")]
pub mod start;
