//! The compiler of the guest language: source text in, a program of the machine (SPEC §4) out.
//!
//! Where to begin:
//!
//! - to write guests: `LANGUAGE.md` and `TUTORIAL.md` in the folder of this crate;
//! - to compile a text: [`compile::compile`], with the example there;
//! - to read diagnostics: [`diagnostics`], whose codes are stable, and [`diagnostics::render_all`];
//! - to run a text without the machine: [`check::front_end`], then [`interpreter::interpret`];
//! - to change the compiler: the passes below, in their order, which a test holds.
//!
//! | pass | from | to |
//! | --- | --- | --- |
//! | [`lexer`] | text | tokens |
//! | [`parser`] | tokens | the syntax tree of [`ast`] |
//! | [`check`] | trees of all modules | one program whose names, arities and assignments are checked |
//! | [`interpreter`] | a checked program and an input | what it prints, and its outcome |
//! | `ir` | a checked program | functions without compile-time parameters, each value assigned once |
//! | `frames` | these functions | where each value lies, and functions changed so that few cells are unused |
//! | `codegen` | both | instructions, hints and what maps them to the text |
//!
//! [`compile`] runs them all. [`source`] has the texts and places in them, [`header`] reads what a
//! program expects.

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
