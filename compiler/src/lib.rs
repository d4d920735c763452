//! The compiler of the guest language: source text in, a program of the machine (SPEC §4) out.
//!
//! The passes, each with its own types: [`source`] and [`diagnostics`], `lexer`, `parser` (to [`ast`]), [`check`], then the
//! reference interpreter, or elaboration and code generation.

pub mod ast;
pub mod check;
mod codegen;
pub mod compile;
pub mod diagnostics;
mod frames;
pub mod header;
pub mod interpreter;
mod ir;
pub mod lexer;
pub mod parser;
pub mod prints;
pub mod source;
