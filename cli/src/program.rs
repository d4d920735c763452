//! What the commands on programs share, from reading a program to the result of its execution.

pub(crate) mod blame;
pub(crate) mod cells;
pub(crate) mod engine;
pub(crate) mod explain;
pub(crate) mod file;
pub(crate) mod guest;
pub(crate) mod input;
pub(crate) mod interpret;
pub(crate) mod outcome;
pub(crate) mod places;
pub(crate) mod printed;
pub(crate) mod recorded;
pub(crate) mod security;
pub(crate) mod stack;
pub(crate) mod warnings;
